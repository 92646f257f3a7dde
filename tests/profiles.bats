#!/usr/bin/env bats
# The ready profiles: a file of each layout is paid in the sandbox with its profile, and not without.
load helpers/sandbox
load helpers/payrun

setup() {
	samples=${PAYRUN_SOURCE:-$BATS_TEST_DIRNAME/..}/samples
	payrun=${PAYRUN:-$BATS_TEST_DIRNAME/../build/payrun}
	new_home
	install -m 600 "$samples/payrun.conf" payrun.conf
	cat "$samples"/profiles/*.conf >>payrun.conf
}

teardown() {
	stop_sandbox || true
}

# PROFILE CHANNEL SUM... of each.
ready() {
	cat <<-END
		wise pontis EUR=2425.50
		revolut-uk pontis GBP=1370.75
		revolut-world circle-wire EUR=310.20 USD=99.95
		paypal-web circle USD=125.50
		paypal-batch circle USD=101.25
	END
}

@test "every ready profile has a file of its layout, which is refused without it" {
	local profile channel sums count=0
	while read -r profile channel sums; do
		try 0 --json check --profile "$profile" --channel "$channel" --batch-id b1 "$samples/profiles/$profile.csv"
		json '([.findings[] | select(.severity == "error")] == []) and .batches[0].rows == 2' >/dev/null
		try 3 check --channel "$channel" --batch-id b1 --errors "$profile.errors" "$samples/profiles/$profile.csv"
		count=$((count + 1))
	done < <(ready)
	[ "$count" -eq "$(find "$samples/profiles" -name '*.conf' | wc -l)" ]
	[ "$count" -eq "$(find "$samples/profiles" -name '*.csv' | wc -l)" ]
}

@test "the file of every ready profile is paid, to its sums" {
	local profile channel sums sum
	start_sandbox
	sed -i "s#http://127.0.0.1:8400#$SANDBOX_URL#" payrun.conf
	"$payrun" -q init >/dev/null 3>&-
	while read -r profile channel sums; do
		try 0 --json submit --wait final --profile "$profile" --channel "$channel" --batch-id "$profile-1" \
			"$samples/profiles/$profile.csv"
		for sum in $sums; do
			json ".batches[0].totals | any(.[]; .currency == \"${sum%=*}\" and .state == \"paid\" and .amount == \"${sum#*=}\")" \
				>/dev/null
		done
	done < <(ready)
	sandbox_get /_/ledger | jq -e '.payouts | length == 10' >/dev/null
	try 0 verify
}

@test "the same bytes with a profile that was changed are refused, and go on with it as it was" {
	local send="submit --profile paypal-web --channel circle --batch-id b1"
	cp "$samples/profiles/paypal-web.csv" .
	start_sandbox
	sed -i "s#http://127.0.0.1:8400#$SANDBOX_URL#" payrun.conf
	"$payrun" -q init >/dev/null 3>&-
	try 0 $send paypal-web.csv
	cp payrun.conf kept.conf
	sed -i '/^\[profile paypal-web\]/a amounts = minor' payrun.conf
	try 3 --json $send paypal-web.csv
	json '.findings | any(.[]; .code == "BATCH_OPTIONS" and (.message | contains("has changed since")))' >/dev/null
	install -m 600 kept.conf payrun.conf
	try 0 $send paypal-web.csv
	sandbox_get /_/ledger | jq -e '.payouts | length == 2' >/dev/null
}

@test "a Wise row whose other side is fixed is not paid" {
	sed 's/INSTITUTION,source/INSTITUTION,target/' "$samples/profiles/wise.csv" >wise.csv
	try 3 --json check --profile wise --channel pontis --batch-id b1 wise.csv
	json '.findings | any(.[]; .code == "FIELD_CONFLICT" and .row == 3)' >/dev/null
}

@test "a large batch that lacks a row is refused" {
	sed '$d' "$samples/profiles/paypal-batch.csv" >cut.csv
	try 3 --json check --profile paypal-batch --channel circle --batch-id b1 cut.csv
	json '[.findings[].code] == ["CONTROL_COUNT", "CONTROL_TOTAL"]' >/dev/null
}
