#!/usr/bin/env bats
# The mollie half of payrun-sandbox from outside.

load helpers/sandbox
load helpers/mollie

setup() {
	SANDBOX_PROVIDER=mollie
	start_sandbox --settle-after 60000
}

teardown() {
	stop_sandbox
}

@test "a payout is created, settles, and stands in the ledger" {
	local id
	run mollie_pay bal_x 10.50 "$(mollie_key 1)" 'Räntä [0123456789ab]' -w '\n%{http_code} %{content_type}'
	[ "${lines[1]}" = "201 application/hal+json" ]
	id=$(jq -r .id <<<"${lines[0]}")
	[[ $id =~ ^payout_[0-9A-Za-z]{21}$ ]]
	[ "$(jq -r '[.resource, .mode, .balanceId, .amount.value, .amount.currency, .description, .status, .statusReason.code] | join("/")' <<<"${lines[0]}")" = \
		"payout/test/bal_x/10.50/EUR/Räntä [0123456789ab]/requested/requested" ]
	[[ $(jq -r .createdAt <<<"${lines[0]}") =~ ^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-9:]{8}\+00:00$ ]]
	[ "$(jq -r ._links.self.href <<<"${lines[0]}")" = "$SANDBOX_URL/mollie/v2/payouts/$id" ]
	[ "$(mollie_get "$(jq -r ._links.self.href <<<"${lines[0]}")" | jq -r .status)" = requested ]
	sandbox_advance 30000
	[ "$(mollie_get "/payouts/$id" | jq -r .status)" = initiated ]
	sandbox_advance 15000
	[ "$(mollie_get "/payouts/$id" | jq -r '.status + " " + .statusReason.code')" = "processing-at-bank processing_at_bank" ]
	sandbox_advance 15000
	[ "$(mollie_get "/payouts/$id" | jq -r '.status, (.completedAt | length)' | xargs)" = "completed 25" ]
	[ "$(sandbox_ledger 'map([.provider, .id, .key, .reference, .amount, .currency, .destination, .state] | join(" ")) | join(",")')" = \
		"mollie $id $(mollie_key 1) Räntä [0123456789ab] 10.5 EUR bal_x completed" ]
}

@test "13.00 fails, 14.00 is completed and then returned" {
	mollie_pay bal_a 13.00 "$(mollie_key 1)" >/dev/null
	mollie_pay bal_b 14.00 "$(mollie_key 2)" >/dev/null
	sandbox_advance 60000
	[ "$(sandbox_ledger 'map(.state) | join(" ")')" = "failed completed" ]
	sandbox_advance 60000
	[ "$(sandbox_ledger 'map(.state) | join(" ")')" = "failed failed" ]
	[ "$(mollie_get /payouts | jq -r '._embedded.payouts | map(.statusReason.code) | join(" ")')" = "returned bank_processing_failed" ]
}

@test "a key is replayed for an hour of the sandbox's clock and then pays again" {
	local first
	first=$(mollie_pay bal_x 10.00 "$(mollie_key 1)")
	run mollie_pay bal_x 10.00 "$(mollie_key 1)" Rent -i
	[[ $output == "HTTP/1.1 201"*"Idempotent-Replayed: true"*"$first" ]]
	run mollie_pay bal_x 11.00 "$(mollie_key 1)" Rent -w '\n%{http_code}'
	[ "${lines[1]}" = 400 ]
	[ "$(sandbox_ledger length)" -eq 1 ]
	sandbox_advance 3600000
	run mollie_pay bal_x 10.00 "$(mollie_key 1)" Rent -i
	[[ $output == "HTTP/1.1 201"* ]]
	[[ $output != *Idempotent-Replayed* ]]
	[ "$(sandbox_ledger 'map(.key) | unique | length')" -eq 1 ]
	[ "$(sandbox_ledger length)" -eq 2 ]
}

@test "a key whose request still runs is a conflict" {
	local i pid
	sandbox_fault slow ',"nth":1,"delay_ms":600000'
	mollie_pay bal_x 10.00 "$(mollie_key 1)" Rent >/dev/null 3>&- &
	pid=$!
	for ((i = 0; i < 1000; i++)); do
		[ "$(sandbox_get /_/faults | jq '.faults | length')" -eq 1 ] || break
		sleep 0.01
	done
	run mollie_pay bal_x 10.00 "$(mollie_key 1)" Rent -w '\n%{http_code}'
	[ "${lines[1]}" = 409 ]
	[ "$(jq -r .title <<<"${lines[0]}")" = Conflict ]
	kill $pid
	wait $pid || true
}

@test "a balance has one payout waiting at a time; a canceled one makes room" {
	local id
	id=$(mollie_pay bal_x 10.00 "$(mollie_key 1)" | jq -r .id)
	[ "$(mollie_pay bal_x 11.00 "$(mollie_key 2)" | jq -r '"\(.status) \(.field)"')" = "422 balanceId" ]
	[ "$(mollie_get "/payouts/$id" -X DELETE | jq -r .status)" = canceled ]
	[ "$(mollie_get "/payouts/$id" -X DELETE | jq -r '"\(.status) \(.title)"')" = "409 Conflict" ]
	[ "$(mollie_pay bal_x 11.00 "$(mollie_key 3)" | jq -r .status)" = requested ]
	sandbox_advance 30000
	[ "$(mollie_pay bal_x 12.00 "$(mollie_key 4)" | jq -r .status)" = requested ]
}

@test "errors are HAL with the field at fault" {
	run mollie_pay bal_missing 10.00 "$(mollie_key 1)" Rent -w '\n%{http_code} %{content_type}'
	[ "${lines[1]}" = "422 application/hal+json" ]
	jq -e '.status == 422 and .title == "Unprocessable Entity" and .field == "balanceId" and (.detail | length) > 0 and
		._links.documentation.type == "text/html"' <<<"${lines[0]}"
	[ "$(mollie_pay bal_x 10.0 "$(mollie_key 2)" | jq -r .field)" = amount.value ]
	[ "$(mollie_pay bal_usd_x 10.00 "$(mollie_key 3)" | jq -r .field)" = amount.currency ]
	[ "$(MOLLIE_KEY=wrong mollie_pay bal_x 10.00 "$(mollie_key 4)" | jq -r '"\(.status) \(.title)"')" = "401 Unauthorized Request" ]
	run mollie_get /payouts -i -X PUT
	[[ $output == "HTTP/1.1 405"*"Allow: POST, GET"* ]]
	[ "$(mollie_pay bal_x 10.00 "$(mollie_key 5)" 'sandbox 422-account [x]' | jq -r .field)" = balanceId ]
	[ "$(sandbox_ledger length)" -eq 0 ]
}

@test "a list is read page by page along its links" {
	local i url seen=
	for ((i = 0; i < 13; i++)); do
		mollie_pay "bal_$i" "1.0$((i % 10))" "$(mollie_key "$i")" "row $i" >/dev/null
	done
	url="/payouts?limit=5&sort=asc"
	while [ "$url" != null ]; do
		run mollie_get "$url"
		seen+=$(jq -r '._embedded.payouts | map(.description[4:]) | join(" ")' <<<"$output")/
		url=$(jq -r '._links.next.href // "null"' <<<"$output")
	done
	[ "$seen" = "0 1 2 3 4/5 6 7 8 9/10 11 12/" ]
	[ "$(mollie_get "$(jq -r ._links.previous.href <<<"$output")" | jq -r '._embedded.payouts[0].description')" = "row 5" ]
	[ "$(mollie_get '/payouts?balanceId=bal_7' | jq -r '.count')" -eq 1 ]
}

@test "balances can be read with an access token" {
	stop_sandbox
	start_sandbox --balance mollie:EUR=250.5 --balance mollie:bal_x/GBP=8 --settle-after 60000
	[ "$(mollie_get /balances -w '%{http_code}' -o /dev/null)" = 403 ]
	MOLLIE_KEY=access_sandbox_mollie
	[ "$(mollie_get '/balances/primary?testmode=true' | jq -r '.mode + " " + .availableAmount.value')" = "test 250.50" ]
	[ "$(mollie_get '/balances?currency=GBP' | jq -r '._embedded.balances | map(.id + " " + .mode + " " + .availableAmount.value) | join(",")')" = "bal_x live 8.00" ]
	MOLLIE_KEY=
	[ "$(mollie_pay bal_y 250.51 "$(mollie_key 1)" | jq -r .field)" = amount ]
	[ "$(mollie_pay bal_y 250.50 "$(mollie_key 2)" | jq -r .status)" = requested ]
}

@test "staged faults strike it as they strike the others" {
	local kind path=/mollie/v2/payouts
	sandbox_fault 401
	[ "$(mollie_pay bal_x 1.00 "$(mollie_key 1)" | jq -r .title)" = "Unauthorized Request" ]
	sandbox_fault 429 ',"nth":1,"retry_after":7'
	run mollie_pay bal_x 1.00 "$(mollie_key 1)" Rent -i
	[[ $output == "HTTP/1.1 429"*"Retry-After: 7"*"Too Many Requests"* ]]
	sandbox_fault redirect
	[ "$(mollie_pay bal_x 1.00 "$(mollie_key 1)" Rent -w '%{http_code}' -o /dev/null)" = 307 ]
	for kind in reset close truncate garbage 500 502 503 wrong; do
		sandbox_fault $kind
		mollie_pay bal_x 1.00 "$(mollie_key 1)" || true
	done
	[ "$(sandbox_ledger length)" -eq 0 ]
	sandbox_fault reset ',"nth":1,"after_commit":true'
	run mollie_pay bal_x 1.00 "$(mollie_key 1)"
	[ "$status" -eq 56 ]
	run mollie_pay bal_x 1.00 "$(mollie_key 1)" Rent -i
	[[ $output == *"Idempotent-Replayed: true"* ]]
	[ "$(sandbox_ledger length)" -eq 1 ]
	sandbox_fault wrong ',"nth":1,"field":"destination","after_commit":true'
	[ "$(mollie_pay bal_x 1.00 "$(mollie_key 1)" | jq -r .balanceId)" = bal_1 ]
	[ "$(sandbox_count $path 401)" -eq 1 ]
	[ "$(sandbox_count $path 503)" -eq 1 ]
	run sandbox_post /_/faults '{"provider":"mollie","kind":"expire_session","nth":1}'
	[[ $output == *"mollie has no sessions"* ]]
}

# hooks_come N: until the sandbox has had N webhooks from itself.
hooks_come() {
	local i
	for ((i = 0; i < 1000; i++)); do
		[ "$(sandbox_count /calypso/hook 404)" -lt "$1" ] || break
		sleep 0.01
	done
	[ "$(sandbox_count /calypso/hook 404)" -eq "$1" ]
}

# The receiver is the sandbox itself, which counts what comes and does not know the path: so it is tried again.
@test "webhooks are delivered, doubled when asked, and tried again" {
	local id
	MOLLIE_KEY=access_sandbox_mollie
	run mollie_get /webhooks -H 'Content-Type: application/json' --data-binary \
		"{\"name\":\"n\",\"url\":\"$SANDBOX_URL/calypso/hook\",\"eventTypes\":[\"payout.completed\"],\"testmode\":true}"
	id=$(jq -r .id <<<"$output")
	[[ $id == hook_* ]]
	[[ $(jq -r .webhookSecret <<<"$output") == whsec_* ]]
	[ "$(mollie_get "/webhooks/$id/ping" -H 'Content-Type: application/json' -d '{"testmode":true}' -w '%{http_code}')" = 202 ]
	hooks_come 1
	MOLLIE_KEY='' mollie_pay bal_x 10.00 "$(mollie_key 1)" >/dev/null
	sandbox_fault duplicate_webhook ',"nth":1,"path":"payout.completed"'
	sandbox_advance 30000
	hooks_come 1
	sandbox_advance 30000
	hooks_come 4
	sandbox_advance 60000
	hooks_come 6
	[ "$(mollie_get "/webhooks/$id?testmode=true" -X DELETE -w '%{http_code}')" = 204 ]
}

@test "a reset forgets payouts, keys and balances" {
	local id
	id=$(mollie_pay bal_x 10.00 "$(mollie_key 1)" | jq -r .id)
	sandbox_post /_/reset >/dev/null
	[ "$(mollie_get "/payouts/$id" -w '%{http_code}' -o /dev/null)" = 404 ]
	run mollie_pay bal_x 11.00 "$(mollie_key 1)" Rent -w '\n%{http_code}'
	[ "${lines[1]}" = 201 ]
	[ "$(jq -r .id <<<"${lines[0]}")" != "$id" ]
}
