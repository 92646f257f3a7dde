# Bad input and faults: one clear message, the documented exit code, nothing lost.
load helpers/sandbox
load helpers/payrun

setup() {
	new_sandbox_home
}

teardown() {
	stop_sandbox || true
	[ -z "${MOUNTED:-}" ] || umount "$MOUNTED"
	[ -z "${TLS_PID:-}" ] || kill "$TLS_PID"
	[ ! -d frozen ] || chmod 700 frozen
}

nothing_received() {
	[ "$(payrun -q --json status | jq '.batches | length')" -eq 0 ] && [ "$(sandbox_ledger length)" -eq 0 ]
}

# refused CODE FILE: check and submit refuse the file with this finding.
refused() {
	try 3 check "$2"
	has "$1"
	try 3 submit "$2"
	has "$1"
	nothing_received
}

# --- files -----------------------------------------------------------------------------------------------------------

@test "a missing file and a directory are exit 2" {
	for command in check submit; do
		try 2 $command nowhere.csv
		complains nowhere.csv
		complains "No such file"
		try 2 $command .
		complains directory
	done
	nothing_received
}

@test "a file that may not be read is exit 2" {
	[ "$(id -u)" -ne 0 ] || skip "root may read everything"
	payouts p.csv 1 1
	chmod 000 p.csv
	try 2 check p.csv
}

@test "an empty file, and one with a header alone" {
	: >empty.csv
	refused FILE_EMPTY empty.csv
	echo reference,channel,amount,currency,wallet_address >header.csv
	refused FILE_EMPTY header.csv
}

@test "binary files are called what they are" {
	printf 'PK\003\004some workbook' >book.csv
	try 3 check book.csv
	has XLSX_SYNTAX
	head -c 4096 /dev/urandom >random.csv
	try 3 check random.csv
}

@test "bytes that are no UTF-8" {
	printf 'reference,channel,amount,currency,wallet_address,description\nX,calypso,1.00,USDT_TRX,%s,M\xfcller\n' \
		"$SANDBOX_TRON" >latin.csv
	refused FILE_ENCODING latin.csv
}

@test "NUL bytes" {
	printf 'reference,channel,amount,currency,wallet_address\nX\0Y,calypso,1.00,USDT_TRX,%s\n' "$SANDBOX_TRON" >nul.csv
	try 3 submit nul.csv
	nothing_received
}

@test "a line of one gigabyte" {
	{
		echo reference,channel,amount,currency,wallet_address
		head -c 1073741824 /dev/zero | tr '\0' a
	} >long.csv
	try 3 check long.csv
	has FIELD_TOO_LONG
	rm long.csv
}

@test "a file that grows while it is read" {
	payouts big.csv 1 2
	for ((i = 0; i < 14; i++)); do
		cat big.csv big.csv >more.csv
		mv more.csv big.csv
	done
	(while [ -e growing ]; do echo X >>big.csv; done) &
	grower=$!
	: >growing
	(while [ -e growing ]; do echo X >>big.csv; done) &
	second=$!
	run --separate-stderr payrun submit big.csv
	rm -f growing
	wait "$grower" "$second"
	[ "$status" -eq 3 ]
	has FILE_CHANGED
	nothing_received
}

@test "headers: duplicate, misspelt, of several meanings, missing" {
	row="X,calypso,1.00,USDT_TRX,$SANDBOX_TRON"
	printf 'reference,channel,amount,currency,wallet_address,ref_code\n%s,Y\n' "$row" >duplicate.csv
	refused HEADER_DUPLICATE duplicate.csv
	printf 'referense,channel,amount,currency,wallet_address\n%s\n' "$row" >misspelt.csv
	refused HEADER_UNKNOWN misspelt.csv
	has "did you mean"
	printf 'reference,channel,amount,currency,wallet_address,amount_cents\n%s,100\n' "$row" >meaning.csv
	refused HEADER_MEANING meaning.csv
	printf 'reference,channel,currency,wallet_address\nX,calypso,USDT_TRX,%s\n' "$SANDBOX_TRON" >missing.csv
	refused HEADER_MISSING missing.csv
}

@test "an unknown column is kept and named in a warning" {
	printf 'reference,channel,amount,currency,wallet_address,costcentre\nX,calypso,1.00,USDT_TRX,%s,9\n' \
		"$SANDBOX_TRON" >p.csv
	try 0 check p.csv
	has "warning HEADER_UNKNOWN"
}

@test "an unterminated quote refuses the file" {
	payouts p.csv 1 3
	echo "Q-1,calypso,1.00,USDT_TRX,$SANDBOX_TRON,\"never ended" >>p.csv
	payouts q.csv 11 12
	tail -2 q.csv >>p.csv
	refused CSV_SYNTAX p.csv
}

@test "an unknown channel" {
	payouts p.csv 1 2
	sed -i 's/,calypso,/,kalypso,/' p.csv
	refused CHANNEL_UNKNOWN p.csv
	payouts q.csv 1 2
	try 2 submit --channel kalypso q.csv
	nothing_received
}

@test "a half-written amount, an exponent, a comma, a negative" {
	for amount in '' 1e3 '"1,000"' -1 0 1.2345678 99999999999999999999; do
		payouts p.csv 1 1 "$amount"
		try 3 submit p.csv
	done
	nothing_received
}

# --- configuration ---------------------------------------------------------------------------------------------------

@test "a configuration that others can read or write, or that is missing" {
	chmod 644 payrun.conf
	try 2 status
	complains payrun.conf
	chmod 622 payrun.conf
	try 2 status
	chmod 600 payrun.conf
	try 0 status
	try 2 status -c nowhere.conf
	complains nowhere.conf
}

@test "each trap of the configuration names file and line" {
	trap_of() { # LINE, in the section payrun
		sed "/^namespace/a\\$1" payrun.conf >trap.conf
		chmod 600 trap.conf
		try 2 status -c trap.conf
		complains "trap.conf:6"
	}
	trap_of 'nonsense = 1'
	trap_of 'namespace = another'
	trap_of 'timezone ='
	trap_of 'timezone = Europe/Berln'
	trap_of ' timezone = UTC'
	trap_of 'approve = sometimes'
	trap_of 'journal_key = file:x'
	trap_of 'duplicate_days = many'
	trap_of "timezone = $(head -c 5000 /dev/zero | tr '\0' x)"
}

@test "settings that are not enforced yet are refused, never ignored" {
	line() { # LINE, in the channel
		sed "/^provider = calypso/a\\$1" payrun.conf >trap.conf
		chmod 600 trap.conf
		try 2 status -c trap.conf
	}
	line 'limit_per_day = 100'
	line 'unknown_key = 1'
	sed 's#^namespace = .*#&\njournal_key = file:/etc/payrun/journal.key#' payrun.conf >trap.conf
	chmod 600 trap.conf
	try 2 status -c trap.conf
	sed 's#^base_url = .*#base_url = http://example.com/calypso#' payrun.conf >trap.conf
	chmod 600 trap.conf
	try 2 status -c trap.conf
}

@test "a secret in a file that others can read" {
	echo sandbox-calypso-secret >secret
	chmod 644 secret
	sed -i 's/^secret = .*/secret = file:secret/' payrun.conf
	try 2 status
	complains secret
	chmod 600 secret
	try 0 channels --ping
}

# --- the journal -----------------------------------------------------------------------------------------------------

@test "a missing journal is not created by the way" {
	rm payrun.db*
	payouts p.csv 1 1
	try 2 submit p.csv
	complains "payrun init"
	[ ! -e payrun.db ]
	try 2 status --journal sqlite:elsewhere.db
	[ ! -e elsewhere.db ]
}

@test "a journal of a newer version" {
	sqlite3 payrun.db 'PRAGMA user_version = 9999'
	try 2 status --json
	json '.errors[0].code == "JOURNAL_VERSION"'
}

@test "a journal of another namespace" {
	sed -i 's/^namespace = [^ ]*/namespace = other/' payrun.conf
	try 2 status
	complains namespace
}

@test "a file that is no journal, and one that is damaged" {
	echo "not a database, just some text that goes on for a while" >payrun.db
	try 9 status --json
	json '.errors[0].code == "JOURNAL_CORRUPT"'
	try 6 verify
}

@test "a journal that can't be written" {
	payouts p.csv 1 2
	payrun -q submit p.csv >/dev/null
	mkdir frozen
	cp payrun.conf payrun.db frozen
	if [ "$(id -u)" -eq 0 ]; then
		mount --bind frozen frozen 2>/dev/null || skip "no mount here"
		MOUNTED=$PWD/frozen
		mount -o remount,bind,ro frozen || skip "no read-only mount here"
	else
		chmod 500 frozen
		chmod 400 frozen/payrun.db
	fi
	payouts q.csv 11 12
	try 2 submit -c frozen/payrun.conf q.csv
	[ "$(sandbox_ledger length)" -eq 2 ]
}

@test "a full disk: nothing of the file is left, or nothing of it is sent twice" {
	[ "$(id -u)" -eq 0 ] || skip "only root can mount a small disk"
	mkdir small
	mount -t tmpfs -o size=700k tmpfs small 2>/dev/null || skip "no mount here"
	MOUNTED=$PWD/small
	cp payrun.conf small
	payrun -q init -c small/payrun.conf >/dev/null
	payouts p.csv 1 5000
	try 9 submit --json -c small/payrun.conf p.csv
	json '.errors[] | select(.code == "DISK_FULL")'
	try 0 status -c small/payrun.conf
	sent=$(sandbox_ledger length)
	[ "$(sandbox_ledger '[.[].key] | unique | length')" -eq "$sent" ]
}

@test "a journal that may not grow any more: exit 9, and nothing is paid twice" {
	payouts p.csv 1 5000
	run --separate-stderr bash -c 'ulimit -f 300; exec "$PAYRUN" submit p.csv >out 3>&-'
	[ "$status" -eq 9 ]
	try 0 submit p.csv
	[ "$(sandbox_ledger length)" -eq 5000 ]
	[ "$(sandbox_ledger '[.[].key] | unique | length')" -eq 5000 ]
	try 0 verify
}

@test "an error file that can't be written" {
	payouts p.csv 1 2
	sed -i 's/2\.25/abc/' p.csv
	try 9 submit --on-error skip --errors /nowhere/errors.csv p.csv
	nothing_received
}

# --- the network -----------------------------------------------------------------------------------------------------

code_of_run() { # CODE OF CONTRACT, after try
	json ".errors[] | select(.code == \"$1\")" >/dev/null
}

@test "a host without an address" {
	sed -i 's#^base_url = .*#base_url = https://no-such-host.invalid/calypso#' payrun.conf
	payouts p.csv 1 2
	try 4 submit --json --wait-limit 1s p.csv
	code_of_run NETWORK_RESOLVE
	json '.batches[0].by_state.ready == 2'
}

@test "a connection that is refused" {
	stop_sandbox
	payouts p.csv 1 2
	try 4 submit --json --wait-limit 1s p.csv
	code_of_run NETWORK_CONNECT
	json '.batches[0].by_state.ready == 2'
}

@test "a certificate that nobody vouches for stops the channel" {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout tls.key -out tls.crt -days 2 -subj /CN=127.0.0.1 2>/dev/null
	openssl s_server -accept 127.0.0.1:0 -cert tls.crt -key tls.key -www >tls.out 2>&1 3>&- &
	TLS_PID=$!
	wait_until grep -q '^ACCEPT' tls.out
	sed -i "s#^base_url = .*#base_url = https://$(sed -n 's/^ACCEPT //p' tls.out | head -1)/calypso#" payrun.conf
	payouts p.csv 1 2
	try 8 submit --json --wait-limit 2s p.csv
	code_of_run NETWORK_TLS
	json '.batches[0].by_state.ready == 2'
}

@test "wrong credentials, wrong secret" {
	payouts p.csv 1 2
	sed -i 's/^key = .*/key = wrong/' payrun.conf
	try 8 submit --json p.csv
	code_of_run CHANNEL_AUTH
	sed -i 's/^key = .*/key = sandbox-calypso/; s/^secret = .*/secret = wrong/' payrun.conf
	try 8 resume --json
	code_of_run CHANNEL_SIGNATURE
	[ "$(sandbox_ledger length)" -eq 0 ]
}

@test "an answer for another payout: unknown, the channel stops, a person must act" {
	payouts p.csv 1 3
	sandbox_fault wrong ',"nth":1,"path":"payout/create"'
	try 8 submit --json --workers 1 p.csv
	code_of_run ANSWER_MISMATCH
	json '.batches[0].by_state.unknown == 1'
	try 0 resume
	[ "$(sandbox_ledger length)" -eq 3 ]
	try 0 verify
}

@test "a connection that closes after the commit, on a reused connection: one request each" {
	payouts p.csv 1 4
	sandbox_fault close ',"nth":3,"after_commit":true,"path":"payout/create"'
	try 0 submit --workers 1 p.csv
	[ "$(sandbox_ledger length)" -eq 4 ]
	[ "$(sandbox_get /_/requests | jq '[.requests["/calypso/api/v1/payout/create"][]] | add')" -eq 4 ]
}

@test "answers that are lost, torn, garbage or late: every payout once" {
	for kind in reset close truncate garbage 500 502 503 429; do
		sandbox_fault "$kind" ',"nth":2,"path":"payout/create"'
		sandbox_fault "$kind" ',"nth":5,"path":"payout/create","after_commit":true' 2>/dev/null || true
	done
	payouts p.csv 1 40
	try 0 submit --wait-limit 30s p.csv
	[ "$(sandbox_ledger length)" -eq 40 ]
	[ "$(sandbox_ledger '[.[].reference] | unique | length')" -eq 40 ]
	try 0 verify
}
