#!/usr/bin/env bats
# The pontis half of payrun-sandbox from outside.

load helpers/sandbox
load helpers/pontis

setup() {
	SANDBOX_PROVIDER=pontis
	start_sandbox --settle-after 60000
	pontis_login
}

teardown() {
	stop_sandbox
}

code() {
	jq -r .error.code
}

@test "the signature of the documentation's vector" {
	[ "$(pontis_sign 1748023400 oKGio6Slpqeoqaqr:1NuY_Ph85nw1Q6rSz5-u3Q:nToIXySlcd4BEe68aSWpulKWeyCgjiBerD0eq0maQzf_QiWazg9rDT6lKa44G7HNdS4ncFe1eFw8)" = \
		7721120b0b5509ddc5e7c09552dce84fe35d58c15e4e2a78c4f3b3399e3e8357 ]
}

@test "a login gives a token for fifteen minutes, and the rest needs one" {
	run pontis_call user/login '{"email":"ops@example.com","password":"sandbox"}' -w '\n%{http_code}'
	[ "${lines[1]}" = 200 ]
	[ "$(jq -r '[.ok, .data.token_type, .data.expires_in] | join(" ")' <<<"${lines[0]}")" = "true Bearer 900" ]
	[[ $(jq -r .data.access_token <<<"${lines[0]}") =~ ^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$ ]]
	run pontis_call user/login '{"email":"ops@example.com","password":"wrong"}' -w '\n%{http_code}'
	[ "${lines[1]}" = 401 ]
	[ "$(code <<<"${lines[0]}")" = unauthorized ]
	[ "$(PONTIS_TOKEN='' pontis_create 10.00 "$(pontis_key 1)" | code)" = unauthorized ]
	[ "$(pontis_create 10.00 "$(pontis_key 1)" | code)" = null ]
	# Another sandbox does not know the token of this one.
	stop_sandbox
	start_sandbox
	[ "$(pontis_create 10.00 "$(pontis_key 1)" | code)" = unauthorized ]
}

@test "an error says its code in the provider's envelope" {
	run pontis_status row-1 -w '\n%{http_code}'
	[ "${lines[1]}" = 400 ]
	jq -e '.ok == false and .error.code == "validation_error" and (.error.message | type) == "string"' <<<"${lines[0]}"
	[[ $(jq -r .request_id <<<"${lines[0]}") =~ ^[0-9A-HJKMNP-TV-Z]{26}$ ]]
}

@test "signature, timestamp and blob are checked" {
	local blob now
	blob=$(pontis_seal '{"transaction_id":"029b2038-6166-4bea-80a9-f1a2425a85eb"}')
	now=$(date +%s)
	local path=payouts/getPayoutStatus
	[ "$(pontis_send "$now" "$blob" $path | code)" = not_found ]
	[ "$(pontis_send $((now - 310)) "$blob" $path | code)" = invalid_signature ]
	[ "$(pontis_send $((now + 310)) "$blob" $path | code)" = invalid_signature ]
	[ "$(pontis_send "$now" "${blob%?}" $path -w '%{http_code}' | tail -c 3)" = 400 ]
	[ "$(PONTIS_HMAC_SECRET=00 pontis_send "$now" "$blob" $path | code)" = invalid_signature ]
	[ "$(pontis_send "$now" "$(head -c 70000 /dev/zero | tr '\0' x)" $path -w '\n%{http_code}' | tail -n 1)" = 413 ]
	# Only the sandbox's clock moves.
	sandbox_advance 86400000
	[ "$(pontis_send "$now" "$blob" $path | code)" = not_found ]
}

@test "a payout is created once, settles, and stands in the ledger" {
	local id
	run pontis_create 125.50 "$(pontis_key 1)" 'Ñandú Ōe' -w '\n%{http_code}'
	[ "${lines[1]}" = 201 ]
	id=$(jq -r .data.transaction_id <<<"${lines[0]}")
	[[ $id =~ ^sb_[0-9a-f]{12}_50_[0-9a-z]{6}_[0-9a-f]{8}$ ]]
	[ "${lines[0]}" = "{\"ok\":true,\"data\":{\"transaction_id\":\"$id\",\"status\":\"pending\"}}" ]
	sandbox_advance 60000
	[ "$(pontis_status "$id")" = "{\"ok\":true,\"data\":{\"transaction_id\":\"$id\",\"status\":\"completed\",\"status_message\":null}}" ]
	run pontis_create 125.50 "$(pontis_key 1)" 'Ñandú Ōe' -w '\n%{http_code}'
	[ "${lines[1]}" = 200 ]
	[ "$(jq -r .data.transaction_id <<<"${lines[0]}")" = "$id" ]
	[ "$(sandbox_ledger 'map([.provider, .id, .key, .reference, .amount, .currency, .destination, .state] | join(" ")) | join(",")')" = \
		"pontis $id $(pontis_key 1)  125.5 USDT 1234567890 completed" ]
}

@test "the cents of an amount and the name of a recipient decide how a payout ends" {
	local n=0 amount name states
	for amount in 1.00 1.01 1.02 1.03 1.04; do
		n=$((n + 1))
		pontis_create $amount "$(pontis_key $n)" >/dev/null
	done
	for name in pending_approval rejected canceled reversed; do
		n=$((n + 1))
		pontis_create 1.00 "$(pontis_key $n)" "sandbox $name" >/dev/null
	done
	states='map(.state) | join(" ")'
	[[ $(sandbox_ledger "$states") == "pending pending pending pending pending pending_approval pending_approval pending pending" ]]
	sandbox_advance 30000
	[[ $(sandbox_ledger "$states") == "processing processing processing pending processing pending pending_approval pending processing" ]]
	sandbox_advance 30000
	[[ $(sandbox_ledger "$states") == "completed failed failed pending failed completed rejected canceled completed" ]]
	sandbox_advance 60000
	[[ $(sandbox_ledger "$states") == "completed failed failed pending failed completed rejected canceled reversed" ]]
	[ "$(pontis_status "$(sandbox_ledger '.[1].id')" | jq -r .data.status_message)" = "Insufficient funds" ]
}

@test "refusals by name create nothing" {
	run pontis_create 1.00 "$(pontis_key 1)" 'sandbox screening_failed' -w '\n%{http_code}'
	[ "${lines[1]}" = 422 ]
	[ "$(code <<<"${lines[0]}")" = screening_failed ]
	run pontis_create 1.00 "$(pontis_key 1)" 'sandbox account_suspended' -w '\n%{http_code}'
	[ "${lines[1]}" = 403 ]
	[ "$(pontis_create 1.00 "$(pontis_key 2)" 'sandbox rate_moved' | code)" = rate_moved ]
	[ "$(pontis_create 1.00 "$(pontis_key 2)" 'sandbox rate_moved' | jq -r .data.status)" = pending ]
	[ "$(sandbox_ledger length)" -eq 1 ]
}

@test "a wallet that is given can run out" {
	stop_sandbox
	start_sandbox --balance pontis:USDT=10 --settle-after 60000
	pontis_login
	[ "$(pontis_create 10.01 "$(pontis_key 1)" | code)" = insufficient_funds ]
	[ "$(pontis_create 10.00 "$(pontis_key 1)" | jq -r .data.status)" = pending ]
	[ "$(pontis_create 0.01 "$(pontis_key 2)" | code)" = insufficient_funds ]
}

@test "the session can be ended early" {
	sandbox_fault expire_session ',"nth":2'
	[ "$(pontis_create 1.00 "$(pontis_key 1)" | jq -r .data.status)" = pending ]
	run pontis_create 1.00 "$(pontis_key 2)" Juan -w '\n%{http_code}'
	[ "${lines[1]}" = 401 ]
	[ "$(code <<<"${lines[0]}")" = jwt_expired ]
	pontis_login
	[ "$(pontis_create 1.00 "$(pontis_key 2)" | jq -r .data.status)" = pending ]
	run sandbox_post /_/faults '{"provider":"calypso","kind":"expire_session","nth":1}'
	[[ $output == *"calypso has no sessions"* ]]
}

@test "staged faults strike it as they strike the others" {
	local kind path=/pontis/api/v1/payouts/sendPayoutRequest
	sandbox_fault 401
	[ "$(pontis_create 1.00 "$(pontis_key 1)" | code)" = unauthorized ]
	sandbox_fault 429 ',"nth":1,"retry_after":7'
	run pontis_create 1.00 "$(pontis_key 1)" Juan -i
	[[ $output == "HTTP/1.1 429"*"Retry-After: 7"*rate_limited* ]]
	for kind in reset close truncate garbage 500 502 503; do
		sandbox_fault $kind
		pontis_create 1.00 "$(pontis_key 1)" || true
	done
	[ "$(sandbox_ledger length)" -eq 0 ]
	sandbox_fault reset ',"nth":1,"after_commit":true'
	run pontis_create 1.00 "$(pontis_key 1)"
	[ "$status" -eq 56 ]
	run pontis_create 1.00 "$(pontis_key 1)" Juan -w '\n%{http_code}'
	[ "${lines[1]}" = 200 ]
	[ "$(jq -r .data.transaction_id <<<"${lines[0]}")" = "$(sandbox_ledger '.[0].id')" ]
	[ "$(sandbox_ledger length)" -eq 1 ]
	sandbox_fault wrong
	[ "$(pontis_create 1.00 "$(pontis_key 1)" | jq -r .data.transaction_id)" != "$(sandbox_ledger '.[0].id')" ]
	[ "$(sandbox_count $path 401)" -eq 1 ]
	[ "$(sandbox_count $path 503)" -eq 1 ]
}
