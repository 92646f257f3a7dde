# payrun funds, submit --dry-run and channels --ping: what is there, what is needed, and whether it suffices.
load helpers/sandbox
load helpers/payrun

teardown() {
	stop_sandbox || true
}

# line CHANNEL CURRENCY FILTER: of one line of the document.
line() {
	json ".funds.channels[] | select(.channel == \"$1\") | .balances[] | select(.currency == \"$2\") | $3"
}

@test "without a word the balances of every channel are shown" {
	new_full_home --balance calypso:USDT_TRX=12.5 --balance circle:USD=3
	try 0 funds
	has "pontis tells no balances"
	try 0 --json funds
	json '.funds.enough == true and (.funds.channels | length >= 4)'
	line calypso USDT_TRX '.available == "12.5" and .payouts == 0 and .needed == "0"'
	line circle-wire USD '.available == "3.00" and .balance == "1000000001"'
	json '.funds.channels[] | select(.channel == "pontis") | .answers == false and (.why | length > 0)'
}

@test "a file's needs are compared with what is there, to the last unit" {
	new_full_home --balance calypso:USDT_TRX=10.75
	payouts p.csv 1 4
	try 0 --json funds p.csv
	line calypso USDT_TRX '.payouts == 4 and .needed == "11" and .fees == "0" and .short_by == "0.25"'
	json '.funds.enough == false and (.funds.channels | length == 1)'
	try 0 funds p.csv
	has "short by 0.25"
	sed -i '/P-4/d' p.csv
	try 0 --json funds p.csv
	json '.funds.enough == true'
	line calypso USDT_TRX '.needed == "6.75" and has("short_by") == false'
	[ ! -e reports ]
	try 0 status
	has "no batches"
}

@test "fees that the provider tells are needed too" {
	new_full_home --balance calypso:USDT_TRX=13 --fee calypso:USDT_TRX=0.5
	payouts p.csv 1 4
	try 0 --json funds p.csv
	line calypso USDT_TRX '.needed == "11" and .fees == "2" and (.fees_at_least | not) and .available == "13"'
	json '.funds.enough == true'
	payouts p.csv 1 5
	try 0 --json funds p.csv
	line calypso USDT_TRX '.needed == "16.25" and .fees == "2.5" and .short_by == "5.75"'
}

@test "an access token reads the balances of Mollie, an API key does not" {
	new_full_home --balance mollie:bal_eur_one/EUR=10
	{
		echo reference,channel,amount,currency,balance_id
		echo M-1,mollie,10.01,EUR,bal_eur_one
		echo M-2,mollie,5,EUR,bal_eur_two
	} >p.csv
	try 0 --json funds p.csv
	json '.funds.enough == null and (.funds.channels[0].why | contains("access token"))'
	line mollie EUR '.told | not' | grep -c true | grep -qx 2
	sed -i 's/^api_key = test_sandbox_mollie/api_key = access_sandbox_mollie\ntestmode = yes/' payrun.conf
	try 0 --json funds p.csv
	json '.funds.enough == false'
	line mollie EUR 'select(.balance == "bal_eur_one") | .available == "10.00" and .short_by == "0.01"'
}

@test "channels that pay from one balance need it together" {
	new_full_home --balance circle:USD=100
	{
		echo reference,channel,amount,currency,beneficiary_id
		echo C-1,circle,60,USD,9c4f1d3e-0a51-4c70-8f6b-51a2a7f00001
		echo C-2,circle-wire,50,USD,9c4f1d3e-0a51-4c70-8f6b-51a2a7f00002
	} >p.csv
	try 0 --json funds p.csv
	line circle USD '.short_by == "10.00" and .shared'
	line circle-wire USD '.short_by == "10.00" and .shared'
}

@test "a row's own wallet is asked for" {
	new_full_home
	{
		echo reference,channel,amount,currency,beneficiary_id,source_wallet
		echo C-1,circle,60,USD,9c4f1d3e-0a51-4c70-8f6b-51a2a7f00001,1000000007
		echo C-2,circle,50,USD,9c4f1d3e-0a51-4c70-8f6b-51a2a7f00001,
	} >p.csv
	try 0 --json funds p.csv
	json '[.funds.channels[].balances[] | [.balance, .needed, .told]] | sort ==
		[["1000000001", "50.00", true], ["1000000007", "60.00", true]]'
}

@test "of a batch what is not yet sent is needed, without one of all batches" {
	new_full_home
	payouts p.csv 1 6
	payrun -q submit --limit 2 p.csv >/dev/null || true
	try 0 --json funds last
	line calypso USDT_TRX '.payouts == 4'
	payouts q.csv 11 12
	payrun -q submit --hold q.csv >/dev/null
	try 0 --json funds last
	line calypso USDT_TRX '.payouts == 2 and .needed == "23.5"'
	try 0 --json funds
	line calypso USDT_TRX '.payouts == 6'
	payrun -q resume >/dev/null || true
	payrun -q resume last >/dev/null
	try 0 funds last
	has "nothing is left to be sent"
	try 2 funds nothing
}

@test "a refused file says why and asks nobody" {
	new_full_home
	payouts p.csv 1 2
	echo P-3,calypso,abc,USDT_TRX,x,y >>p.csv
	try 3 --json funds p.csv
	json '(has("funds") | not) and (.findings | length == 2)'
	[ ! -e p.errors.csv ]
	sandbox_get /_/requests | jq -e '.requests == {}' >/dev/null
	try 2 funds ./nothing.csv
}

@test "a provider that does not answer is exit 9, and the others are told" {
	new_full_home
	payouts p.csv 1 2
	sed -i 's/^key = .*/key = wrong/' payrun.conf
	try 9 --json funds
	json '.funds.enough == true and ([.errors[].channel] == ["calypso"])'
	line circle USD '.told'
	try 9 --json funds p.csv
	json '.funds.enough == null'
	line calypso USDT_TRX '.told == false and .needed == "3.5"'
}

@test "a dry run says whether the balances suffice" {
	new_full_home --balance calypso:USDT_TRX=10
	payouts p.csv 1 3
	try 0 submit --dry-run p.csv
	has "enough"
	payouts q.csv 1 4
	try 8 --json submit --dry-run q.csv
	json '.errors[] | select(.code == "CHANNEL_BALANCE") | .cure | length > 0'
	line calypso USDT_TRX '.short_by == "1"'
	try 0 status
	has "no batches"
	# What the journal has already is not needed again.
	payrun -q submit p.csv >/dev/null
	try 0 --json submit --dry-run p.csv
	json '.funds.channels == []'
	cp q.csv r.csv
	sed -i 's/4\.25/2.25/' r.csv
	try 0 --json submit --dry-run r.csv
	line calypso USDT_TRX '.payouts == 1 and .needed == "2.25"'
}

@test "ping tries the credentials of every provider" {
	new_full_home
	try 0 --json channels --ping
	json '.channels | length >= 4 and all(.[]; .answers)'
	sed -i 's/^password = .*/password = wrong/' payrun.conf
	try 8 --json channels --ping
	json '[.channels[] | select(.answers | not) | .provider] == ["pontis"]'
	sed -i 's/^password = .*/password = sandbox/; s/^api_key = SANDBOX_CIRCLE_KEY/api_key = wrong/' payrun.conf
	try 8 --json channels --ping
	json '[.channels[] | select(.answers | not) | .provider] | unique == ["circle"]'
}

@test "a dry run of a correction needs what the new content says" {
	new_full_home
	payouts p.csv 1 2
	sed -i 's/2\.25/2.91/' p.csv
	payrun -q submit --batch-id B-1 --wait final p.csv >/dev/null || true
	payouts q.csv 1 2
	sed -i 's/2\.25/7.50/' q.csv
	try 0 --json submit --dry-run --corrects B-1 q.csv
	line calypso USDT_TRX '.payouts == 1 and .needed == "7.5"'
	try 0 --json funds
	line calypso USDT_TRX '.payouts == 0'
}
