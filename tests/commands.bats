# The command line: help, options, where the configuration is found, and the commands that only show.
load helpers/sandbox
load helpers/payrun

setup() {
	new_home
}

teardown() {
	stop_sandbox || true
}

configured() {
	payrun -q init --sandbox >/dev/null
}

with_batch() {
	new_sandbox_home
	payouts p.csv 1 3
	payrun -q submit p.csv >/dev/null
}

@test "help shows the six daily commands first" {
	try 0 help
	[ "$(grep -oE '^  payrun [a-z]+' <<<"$output" | head -6 | awk '{print $2}' | tr '\n' ' ')" = \
		"check submit status resume poll report " ]
	try 0 --help
	try 0 -h
}

@test "help of a command names its options, help topics their codes" {
	try 0 help submit
	has --on-error
	has "--lock-wait"
	try 0 submit --help
	has --on-error
	try 0 help findings
	has AMOUNT_DECIMALS
	has JOURNAL_BEHIND
	has "    routing-checksum: routing_number; error; US (ABA routing numbers)"
	has "    balance-emptied: balance_id; error; mollie (payrun: files in)"
	payrun --json help findings | jq -e '(.codes | length) > 90 and (.rules | length) > 100 and
		(.rules[] | select(.id == "amount-decimals") | .code == "AMOUNT_DECIMALS" and .fields == "amount" and
			.severity == "error" and .provider == "" and .countries == "" and .source == "ISO 4217" and .scope == "row") and
		([.rules[].code] - [.codes[].code] == [])'
	try 0 help columns
	has wallet_address
	has "also"
	try 0 help exit
	has "7  another run holds the journal"
	try 2 help nonsense
}

@test "every command has help" {
	for command in $(payrun help | sed -nE 's/^  payrun ([a-z]+).*/\1/p'); do
		try 0 help "$command"
		has "usage: payrun $command"
	done
}

@test "nothing asked for is a usage error that shows the help" {
	try 2
	has "payrun submit"
}

@test "--version says the version" {
	try 0 --version
	[[ $output =~ ^payrun\ [0-9]+\.[0-9]+$ ]]
}

@test "an unknown command or option is exit 2 with what may be meant" {
	try 2 sumbit x
	complains "did you mean submit?"
	try 2 xyzzy
	complains "no such command"
	try 2 submit --hodl x
	complains "did you mean --hold?"
	try 2 submit --xyzzy x
	complains "no such option"
	try 2 submit -Z x
	try 2 status --hold
}

@test "values of options are checked before anything is opened" {
	for bad in "--wait-limit soon" "--rate fast" "--rate 0/s" "--limit 0" "--limit -1" "--workers 0" "--workers 1000" \
		"--wait never" "--delimiter colon" "--on-error max:101" "--on-error some" "--expect-count x" \
		"--expect-total 12" "--decimal dot" "--until 25:00" "--lock-wait x" "--batch-id="; do
		# shellcheck disable=SC2086
		try 2 submit $bad p.csv
	done
	try 2 submit --until "18:30 Europe/Berln" p.csv
	complains "zone"
	try 2 submit --hold=yes p.csv
	complains "takes no value"
	try 2 submit p.csv --channel
	complains "wants a value"
	try 2 submit --channel a --channel b p.csv
	complains twice
}

@test "what the contract has and this version has not is said, not ignored" {
	for words in "reconcile x" \
		"resolve R --as failed --statement x"; do
		# shellcheck disable=SC2086
		try 2 $words
		complains "not in this version"
	done
	configured
	try 2 report --format html
	try 2 report -o x.html
}

@test "options stand before or behind the command, as --x=y, --x y, -xy and -x y" {
	configured
	try 0 --config payrun.conf status
	try 0 status --config=payrun.conf
	try 0 -cpayrun.conf status
	try 0 status -c payrun.conf -q -v
	try 0 status -qv
	try 2 status -- --config
	complains "batch --config"
}

@test "too many and too few words are usage errors" {
	configured
	try 2 check
	try 2 status a b
	try 2 show
	try 2 init x
	try 2 approve
	try 2 reject B
	complains --why
}

@test "the configuration is searched in the documented order" {
	mkdir -p xdg/payrun named env
	for place in named/a.conf env/b.conf xdg/payrun/payrun.conf payrun.conf; do
		payrun -q init --sandbox -c "$place" >/dev/null
		sed -i "s/^namespace = [^ ]*/namespace = from-$(tr / - <<<"${place%.conf}")/" "$place"
	done
	export XDG_CONFIG_HOME=$PWD/xdg
	used() { payrun -q --json "$@" key --channel circle --reference R | jq -r '.derivation[1].value'; }
	[ "$(PAYRUN_CONF=env/b.conf used -c named/a.conf)" = from-named-a ]
	[ "$(PAYRUN_CONF=env/b.conf used)" = from-env-b ]
	[ "$(used)" = from-payrun ]
	rm payrun.conf
	[ "$(used)" = from-xdg-payrun-payrun ]
	rm xdg/payrun/payrun.conf
	[ -e /etc/payrun/payrun.conf ] && skip "this machine has a configuration"
	try 2 status
	complains "payrun init"
}

@test "key gives the keys of the contract" {
	configured
	vector() { # NAMESPACE PROVIDER REFERENCE ATTEMPT KEY
		sed -i "s/^namespace = [^ ]*/namespace = $1/" payrun.conf
		try 0 -q key --channel "$2" --reference "$3" --attempt "$4"
		[ "${lines[0]}" = "$5" ]
	}
	vector acme circle INV-2026-0001 1 79a296b3-9bb7-49b8-8ad1-618161d6f7b1
	vector acme circle INV-2026-0001 2 2c225986-9b4b-4252-82ac-89b2f75dce82
	vector acme mollie INV-2026-0001 1 9b32e3b9-f9b6-4229-97a3-9df930b0cfe3
	vector acme pontis Überweisung-7 1 77c9a9e9-ab18-402e-a000-d62976bc31fa
	vector a circle b 1 c541bb31-8e6b-4bd2-b72f-a2943f83f0a7
	vector ab circle "" 1 9b9c8199-8297-471a-a31b-515dc0ec61c0
}

@test "key takes a configured channel too and shows how the key is made" {
	configured
	sed -i 's/^namespace = [^ ]*/namespace = acme/' payrun.conf
	try 0 -q key --channel calypso --reference X
	first=${lines[0]}
	has "attempt"
	has "4 bytes  acme"
	# The same by hand: each field with its length in four bytes before it.
	field() { printf "\\x00\\x00\\x00\\x$(printf %02x "${#1}")%s" "$1"; }
	hash=$({ field payrun-key-1; field acme; field calypso; field X; field 1; } | sha256sum)
	[ "${first:0:8}" = "${hash:0:8}" ]
	try 2 key --channel nonsense --reference X
	complains "neither a configured channel"
	try 2 key --reference X
}

@test "channels shows what is configured, --ping tries it" {
	new_sandbox_home
	try 0 channels
	has SANDBOX
	has calypso
	try 0 channels --ping
	has "answers"
	has USDT_TRX
	sed -i 's/^key = .*/key = wrong/' payrun.conf
	try 8 channels --ping
	complains CHANNEL_AUTH || complains "key"
	stop_sandbox
	try 4 channels --ping
}

@test "status has a line a batch, and the sums of one" {
	with_batch
	try 0 status
	[ "${#lines[@]}" -eq 2 ]
	has "3 accepted"
	has "p.csv"
	try 0 status last
	has "the sums agree"
	has "7.25" || has "6.75"
	has "head "
}

@test "a batch is named by its id, a unique beginning, or last" {
	with_batch
	payouts q.csv 10 11
	payrun -q submit --batch-id other-1 q.csv >/dev/null
	payouts r.csv 20 21
	payrun -q submit --batch-id other-2 r.csv >/dev/null
	try 0 status other-1
	has "2 rows"
	try 0 status last
	has other-2
	try 0 status "$(date -u +%Y)"
	try 2 status other
	complains "several"
	try 2 status nothing
	complains "there is none"
}

@test "status --final is 4 while anything is open" {
	with_batch
	try 4 status --final
	sleep 0.4
	try 0 poll
	try 0 status --final
	try 0 status last --final
}

@test "show finds a payout by reference, key and provider id" {
	with_batch
	try 0 show P-2
	has "P-2"
	has "2.25"
	hasnt "$SANDBOX_TRON"
	key=$(key_of P-2)
	try 0 show "$key"
	has P-2
	id=$(payrun -q --json show P-2 | jq -r .payout.attempts[0].provider_id)
	try 0 show "$id"
	has P-2
	try 0 show P-2 --unmask
	has "$SANDBOX_TRON"
	try 2 show P-99
}

@test "show has every field of the row, and every event" {
	with_batch
	printf 'reference,channel,amount,currency,wallet_address,description\nX-1,calypso,4.5,USDT_TRX,%s,Rent of May\n' \
		"$SANDBOX_TRON" >x.csv
	try 0 submit x.csv
	try 0 -q show X-1
	has "description      Rent of May"
	has "move ready -> sending  by "
	has "move sending -> accepted  by "
	hasnt "$SANDBOX_TRON"
	payrun -q --json show X-1 >x.json
	jq -e --arg to "$SANDBOX_TRON" '.payout.content == {"description": "Rent of May", "wallet_address": ("****" + $to[-4:])}' x.json
	jq -e '[.payout.events[].line | split("\t")[2]] | index("receive") != null and index("move") != null' x.json
	[ "$(jq -j '.payout.events[-1].line' x.json | sha256sum | cut -d' ' -f1)" = "$(jq -r '.payout.events[-1].hash' x.json)" ]
	jq -e --arg to "$SANDBOX_TRON" '.payout.content.wallet_address == $to' <(payrun -q --json show X-1 --unmask)
}

@test "show --events prints lines whose hashes can be checked with sha256sum" {
	with_batch
	try 0 -q show P-1 --events
	checked=0
	while read -r word seq hash; do
		[ "$word" = event ] || continue
		IFS= read -r line
		[ "$(printf %s "$line" | sha256sum | cut -d' ' -f1)" = "$hash" ]
		checked=$((checked + 1))
	done <<<"$output"
	[ "$checked" -ge 2 ]
}

@test "report writes csv, json and text, to standard output or to a file" {
	with_batch
	try 0 report last --format csv
	[ "${#lines[@]}" -eq 4 ]
	[[ ${lines[0]} == batch_id,row,reference,channel,* ]]
	try 0 report last --format json
	json '.payouts | length == 3'
	try 0 report last
	has P-3
	try 0 report last -o out.csv
	[ "$(stat -c %a out.csv)" = 600 ]
	[ "$(wc -l <out.csv)" -eq 4 ]
	try 0 report -o all.json
	jq -e . all.json >/dev/null
	try 0 report last --format csv --state failed
	[ "${#lines[@]}" -eq 1 ]
	try 2 report --state nonsense
	try 2 report --from 2026-02-31
	try 0 report --format csv --from "$(date -u +%F)" --to "$(date -u +%F)"
	[ "${#lines[@]}" -eq 4 ]
	try 0 report --format csv --to 2020-01-01
	[ "${#lines[@]}" -eq 1 ]
}

@test "report writes a pain.002 about one batch" {
	with_batch
	for format in pain.002 pain.002.001.03 pain.002.001.10; do
		try 0 report last --format "$format"
		has "<OrgnlEndToEndId>P-3</OrgnlEndToEndId>"
		xmllint --noout - <<<"$output"
	done
	try 0 report last -o status.xml
	[ "$(stat -c %a status.xml)" = 600 ]
	[ "$(xmllint --xpath 'count(//*[local-name()="TxInfAndSts"])' status.xml)" -eq 3 ]
	[ "$(xmllint --xpath 'string(//*[local-name()="OrgnlMsgNmId"])' status.xml)" = csv ]
	try 0 report last --format pain.002 --state failed
	hasnt TxInfAndSts
	try 2 report --format pain.002
	complains "is about one batch"
	complains "payrun report last --format pain.002"
	try 2 report last --format pain.002 --from 2026-01-01
	complains "Leave them out"
	try 2 report last --format pain.001
	try 2 verify --report status.xml
	complains "it is XML"
}

@test "a command that only shows works beside a run and on a journal it may not write" {
	with_batch
	exec 8<>payrun.db.lock
	try 0 status
	try 0 report last
	exec 8>&-
}

@test "every option that help shows stands in the manual" {
	local page="$BATS_TEST_DIRNAME/../cmd/payrun/payrun.1" options=0
	for command in check submit status resume poll report approve reject retry cancel resolve show verify init template channels \
		funds key recover; do
		grep -q "\.It Cm $command\b" "$page"
		try 0 help "$command"
		# Those that are not in this version are not in the manual either.
		for option in $(grep -v 'not in this version' <<<"$output" | sed -n 's/^  \(-[a-z], \)\?--\([a-z-]*\).*/\2/p'); do
			grep -qE -- "(Fl -|, -)$option\b" "$page" || { echo "--$option of $command"; false; }
			options=$((options + 1))
		done
	done
	[ "$options" -gt 200 ]
}

@test "a report can be a workbook, by its name or the ending of the file, for its owner alone" {
	configured
	try 0 report --format xlsx -o a.xlsx
	try 0 report -o b.XLSX
	cmp a.xlsx b.XLSX
	[ "$(stat -c %a a.xlsx)" = 600 ]
	payrun -q report --format xlsx | cmp - a.xlsx
	try 2 --json report --format xlsx
	json '.errors[0].message | contains("-o FILE")'
	try 9 report -o no/such/a.xlsx
}
