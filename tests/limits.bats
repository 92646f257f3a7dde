# Limits of a channel: per payout, batch, day and beneficiary.
load helpers/sandbox
load helpers/payrun

setup() {
	new_sandbox_home
}

teardown() {
	stop_sandbox || true
}

# setting LINE: added to the channel.
setting() {
	sed -i "/^provider = calypso/a$1" payrun.conf
}

# wallet N: the Nth valid address.
wallet() {
	case $1 in
	1) echo "$SANDBOX_TRON" ;;
	*) echo TKHuVq1oKVruCGLvqVexFs6dawKv6fQgFs ;;
	esac
}

# pay FILE REFERENCE:AMOUNT[:WALLET]...
pay() {
	local file=$1 row reference amount to
	shift
	{
		echo reference,channel,amount,currency,wallet_address
		for row in "$@"; do
			IFS=: read -r reference amount to <<<"$row"
			echo "$reference,calypso,$amount,USDT_TRX,$(wallet "${to:-1}")"
		done
	} >"$file"
}

@test "limit_per_payout rejects the row, and skip pays the others" {
	setting 'limit_per_payout = USDT_TRX 100'
	pay p.csv A-1:100 A-2:100.01
	try 3 check p.csv
	has "row 3: error AMOUNT_LIMIT amount: 100.01 USDT_TRX is more than limit_per_payout of channel calypso, 100"
	try 1 submit --on-error skip p.csv
	has "accepted            1"
	has "rejected            1"
	[ "$(sandbox_ledger length)" -eq 1 ]
}

@test "a currency that a limit does not name is refused, unless *:none" {
	setting 'limit_per_day = USD 100'
	pay p.csv A-1:10
	try 3 check p.csv
	has "AMOUNT_LIMIT amount: limit_per_day of channel calypso allows no USDT_TRX"
	sed -i 's/^limit_per_day = .*/limit_per_day = USD 100,*:none/' payrun.conf
	try 0 submit p.csv
}

@test "limit_per_day holds across rows, files, runs and resumes: what does not fit stays ready" {
	setting 'limit_per_day = USDT_TRX 100'
	pay a.csv A-1:60 A-2:50 A-3:40
	try 4 submit a.csv
	has "accepted            2"
	has "ready               1"
	complains "limit_per_day USDT_TRX 100: 60 of it is spent today; payouts that do not fit wait, one of 50 is the first"
	complains "payrun resume"
	[ "$(sandbox_ledger 'map(.amount | tonumber) | add')" = 100 ]
	pay b.csv B-1:1
	try 4 submit b.csv
	has "ready               1"
	try 4 resume
	[ "$(sandbox_ledger length)" -eq 2 ]
	try 0 verify
	run --separate-stderr payrun --json resume
	[ "$(json '[.errors[] | select(.code == "LIMIT_PER_DAY")] | length')" -eq 1 ]
	sed -i 's/^limit_per_day = .*/limit_per_day = USDT_TRX 151/' payrun.conf
	try 0 resume
	[ "$(sandbox_ledger 'map(.amount | tonumber) | add')" = 151 ]
	try 0 verify
}

@test "a limit that is set at noon counts the morning" {
	pay a.csv A-1:60
	try 0 submit a.csv
	setting 'limit_per_day = USDT_TRX 100'
	pay b.csv B-1:50 B-2:40
	try 4 submit b.csv
	has "accepted            1"
	[ "$(sandbox_ledger 'map(.amount | tonumber) | add')" = 100 ]
}

@test "what failed gives its sum back" {
	setting 'limit_per_day = USDT_TRX 100'
	pay a.csv A-1:60.91
	try 1 submit --wait final a.csv
	has "failed              1"
	pay b.csv B-1:60 B-2:40
	try 0 submit b.csv
	try 0 verify
}

@test "limit_per_beneficiary_day counts each beneficiary for itself" {
	setting 'limit_per_beneficiary_day = USDT_TRX 100'
	pay a.csv A-1:60:1 A-2:70:2 A-3:50:1 A-4:30:2
	try 4 submit a.csv
	has "accepted            3"
	complains "limit_per_beneficiary_day USDT_TRX 100: 60 of it is spent today on one beneficiary"
	pay b.csv B-1:40:1
	try 0 submit b.csv
	try 4 resume
	[ "$(sandbox_ledger 'map(.amount | tonumber) | add')" = 200 ]
	try 0 verify
}

@test "a limit that was lowered since stops what it would refuse now, and a person must act" {
	pay a.csv A-1:60
	try 0 submit --hold a.csv
	setting 'limit_per_payout = USDT_TRX 50'
	try 8 resume last
	complains "limit_per_payout USDT_TRX: a payout of 60 is more than its 50"
	[ "$(sandbox_ledger length)" -eq 0 ]
}

@test "limit_per_batch refuses the file as a whole, and duplicates do not count against it" {
	setting 'limit_per_batch = USDT_TRX 100'
	pay a.csv A-1:60 A-2:40.01
	try 3 check a.csv
	has "error AMOUNT_LIMIT amount: the USDT_TRX of channel calypso add up to 100.01, more than its limit_per_batch of 100"
	try 3 submit --on-error skip a.csv
	[ "$(sandbox_ledger length)" -eq 0 ]
	pay b.csv B-1:60
	try 0 submit b.csv
	pay c.csv B-1:60 C-1:50
	try 0 submit c.csv
	[ "$(sandbox_ledger length)" -eq 2 ]
}

@test "a file that the day has no room for is a warning, of a day in check and of today in submit" {
	setting 'limit_per_day = USDT_TRX 100'
	pay a.csv A-1:60
	try 0 submit a.csv
	pay b.csv B-1:50 B-2:51
	try 0 check b.csv
	has "warning AMOUNT_LIMIT amount: the USDT_TRX of channel calypso add up to 101; limit_per_day leaves 100 a day"
	try 0 submit --dry-run b.csv
	has "add up to 101; limit_per_day leaves 40 of today"
	try 4 submit b.csv
	has "limit_per_day leaves 40 of today"
	has "ready               2"
}
