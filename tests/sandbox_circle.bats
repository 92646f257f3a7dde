#!/usr/bin/env bats
# The circle half of payrun-sandbox from outside.

load helpers/sandbox
load helpers/circle

setup() {
	SANDBOX_PROVIDER=circle
	start_sandbox --settle-after 60000
}

teardown() {
	stop_sandbox
}

@test "ping is open, the rest needs the key, and every answer has a request id" {
	local id=4b0c2a5e-6d1f-4e3a-9b7c-0d1e2f3a4b5c
	[ "$(curl -sS "$SANDBOX_URL/circle/ping")" = '{"message":"pong"}' ]
	run curl -sS -i "$SANDBOX_URL/circle/v1/configuration"
	[[ $output == "HTTP/1.1 401"*"X-Request-Id: "*'{"code":401,"message":"Malformed authorization. Are the credentials properly encoded?"}' ]]
	run circle_get /v1/configuration -i -H "X-Request-Id: $id"
	[[ $output == "HTTP/1.1 200"*"X-Request-Id: $id"*'{"data":{"payments":{"masterWalletId":"1000000001"}}}' ]]
	run circle_get /v1/configuration -i -H 'X-Request-Id: row-1'
	[[ $output != *row-1* ]]
	[[ $output =~ X-Request-Id:\ [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12} ]]
}

@test "an account is linked, paid, settles, and stands in the ledger" {
	local wire id
	wire=$(circle_wire)
	[ "$(circle_get "/v1/businessAccount/banks/wires/$wire" | jq -r .data.status)" = pending ]
	run circle_pay "$wire" 75 "$(circle_key 1)" -w '\n%{http_code}'
	[ "${lines[1]}" = 201 ]
	id=$(jq -r .data.id <<<"${lines[0]}")
	[ "$(jq -r '.data | keys | sort | join(" ")' <<<"${lines[0]}")" = \
		"adjustments amount createDate destination errorCode fees id return riskEvaluation sourceWalletId status toAmount trackingRef updateDate" ]
	[ "$(circle_get "/v1/businessAccount/balances" | jq -r '.data.available[0].amount')" = 999999925.00 ]
	sandbox_advance 60000
	run circle_get "/v1/businessAccount/payouts/$id"
	[ "$(jq -r '.data | [.status, .amount.amount, .destination.name] | join("/")' <<<"$output")" = \
		"complete/75.00/SANDBOX BANK ****0010" ]
	[[ $(jq -r .data.trackingRef <<<"$output") =~ ^CIR-[A-Z2-7]{13}$ ]]
	[[ $(jq -r .data.createDate <<<"$output") =~ ^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-9:]{8}\.[0-9]{3}Z$ ]]
	[ "$(circle_get "/v1/businessAccount/banks/wires/$wire" | jq -r .data.status)" = complete ]
	[ "$(circle_get "/v1/businessAccount/banks/wires/$wire/instructions?currency=EUR" | jq -r .data.beneficiaryBank.currency)" = EUR ]
	[ "$(sandbox_ledger '.[0] | [.provider, .id, .key, .reference, .amount, .currency, .destination, .state] | join(" ")')" = \
		"circle $id $(circle_key 1)  75 USD $wire complete" ]
}

@test "the same request again is the same payout, another one under its key a conflict" {
	local first
	first=$(circle_book 5 "$(circle_key 1)" -w '%{http_code}')
	sandbox_advance 60000
	[ "$(circle_book 5 "$(circle_key 1)" -w '%{http_code}')" = "$first" ]
	run circle_book 6 "$(circle_key 1)" -w '\n%{http_code}'
	[ "${lines[1]}" = 409 ]
	[ "$(jq -r .code <<<"${lines[0]}")" = 1083 ]
	[ "$(sandbox_ledger length)" -eq 1 ]
}

@test "a return comes after complete, and the money with it" {
	local id
	id=$(circle_pay "$(circle_wire)" 6.21 "$(circle_key 1)" | jq -r .data.id)
	look() {
		circle_get "/v1/businessAccount/payouts/$id" | jq -r '.data | [.status, .return.status // "none"] | join(" ")'
	}
	[ "$(look)" = "pending none" ]
	sandbox_advance 60000
	[ "$(look)" = "complete none" ]
	sandbox_advance 30000
	[ "$(look)" = "complete pending" ]
	[ "$(circle_get "/v1/businessAccount/balances" | jq -r '.data.available[0].amount')" = 999999993.79 ]
	sandbox_advance 30000
	[ "$(look)" = "complete complete" ]
	[ "$(circle_get "/v1/businessAccount/balances" | jq -r '.data.available[0].amount')" = 1000000000.00 ]
}

@test "a list is walked to its end by its Link header, and no payout is missed" {
	local i url amounts=
	for i in 1 2 3 4 5; do circle_book "$i" "$(circle_key "$i")" >/dev/null; done
	url="$SANDBOX_URL/circle/v1/payouts?pageSize=2&status=pending&status=failed"
	while [ -n "$url" ]; do
		amounts+=$(curl -sS -D "$BATS_TEST_TMPDIR/head" -H 'Authorization: Bearer SANDBOX_CIRCLE_KEY' "$url" |
			jq -r '.data | map(.amount.amount) | join(" ")')/
		url=$(sed -nE 's/^Link: .*<([^>]*)>; rel="next".*/\1/p' "$BATS_TEST_TMPDIR/head")
	done
	[ "$amounts" = "5.00 4.00/3.00 2.00/1.00/" ]
}

@test "a balance that is given can run out" {
	stop_sandbox
	start_sandbox --balance circle:USD=10 --balance circle:212000/EUR=0.5 --settle-after 60000
	[ "$(circle_book 10.01 "$(circle_key 1)" | jq -r .code)" = 5006 ]
	[ "$(circle_book 10 "$(circle_key 1)" | jq -r .data.status)" = pending ]
	[ "$(circle_get '/v1/businessAccount/balances?walletId=212000' | jq -r '.data.available[1].amount')" = 0.50 ]
	sandbox_post /_/reset
	[ "$(circle_get /v1/balances | jq -r '.data.available[0].amount')" = 10.00 ]
	run "$(sandbox_program)" --balance circle:GBP=1
	[ "$status" -eq 2 ]
}

@test "faults strike before and after the payout exists" {
	sandbox_fault reset
	run circle_book 5 "$(circle_key 1)"
	[ "$status" -eq 56 ] # reset by peer
	sandbox_fault close ',"nth":1,"after_commit":true'
	run circle_book 6 "$(circle_key 2)"
	[ "$status" -eq 52 ] # empty reply
	[ "$(sandbox_ledger 'map(.amount) | join(" ")')" = 6 ]
	sandbox_fault 401
	run circle_book 5 "$(circle_key 1)" -i
	[[ $output == "HTTP/1.1 401"*'{"code":401,'* ]]
	sandbox_fault 429 ',"nth":1,"retry_after":7'
	run circle_book 5 "$(circle_key 1)" -i
	[[ $output == "HTTP/1.1 429"*"Retry-After: 7"*'{"code":429,"message":"Too many requests."}' ]]
	sandbox_fault wrong ',"nth":1,"after_commit":true,"field":"amount"'
	[ "$(circle_book 5 "$(circle_key 1)" | jq -r .data.amount.amount)" != 5.00 ]
	[ "$(circle_book 5 "$(circle_key 1)" | jq -r .data.amount.amount)" = 5.00 ]
	[ "$(sandbox_ledger length)" -eq 2 ]
}

@test "reset forgets accounts, payouts and keys" {
	local wire
	wire=$(circle_wire)
	circle_pay "$wire" 5 "$(circle_key 1)" >/dev/null
	sandbox_post /_/reset
	[ "$(circle_get /v1/businessAccount/payouts)" = '{"data":[]}' ]
	[ "$(circle_pay "$wire" 5 "$(circle_key 1)" | jq -r .code)" = 5004 ]
	[ "$(circle_pay "$(circle_wire)" 6 "$(circle_key 1)" | jq -r .data.amount.amount)" = 6.00 ]
}
