#!/usr/bin/env bats
# payrun-sandbox from outside: its command line, its sockets, its staged faults.

load helpers/sandbox

setup() {
	start_sandbox --settle-after 60000
}

teardown() {
	stop_sandbox
}

@test "the first line names the address, and SIGTERM and SIGINT end it with 0" {
	[[ $SANDBOX_URL =~ ^http://127\.0\.0\.1:[0-9]+$ ]]
	stop_sandbox
	start_sandbox
	kill -INT "$SANDBOX_PID"
	wait "$SANDBOX_PID"
	SANDBOX_PID=
}

@test "usage errors exit 2 and say what and the cure" {
	run "$(sandbox_program)" --port x
	[ "$status" -eq 2 ]
	[[ $output == *"--port is 'x'"*"0 to 65535"* ]]
	run "$(sandbox_program)" --prot 1
	[ "$status" -eq 2 ]
	[[ $output == *"--prot is not known"*"--help"* ]]
	run "$(sandbox_program)" --port
	[ "$status" -eq 2 ]
	[[ $output == *"--port needs a value"* ]]
	run "$(sandbox_program)" --balance calypso:USDT_TRX
	[ "$status" -eq 2 ]
	[[ $output == *"PROVIDER:CURRENCY=AMOUNT"* ]]
	run "$(sandbox_program)" --balance nobody:USDT_TRX=1
	[ "$status" -eq 2 ]
	[[ $output == *"known: circle"* ]]
	run "$(sandbox_program)" --balance calypso:EUR=1
	[ "$status" -eq 2 ]
	run "$(sandbox_program)" --settle-after -1
	[ "$status" -eq 2 ]
	run "$(sandbox_program)" extra
	[ "$status" -eq 2 ]
	[[ $output == *"'extra' is not an option"* ]]
}

@test "help and version go to standard output" {
	run "$(sandbox_program)" --help
	[ "$status" -eq 0 ]
	[[ $output == usage:*after_commit* ]]
	run "$(sandbox_program)" --version
	[ "$status" -eq 0 ]
	[[ $output == payrun-sandbox\ [0-9]* ]]
}

@test "a port that is taken exits 2 with the cure" {
	run "$(sandbox_program)" --port "${SANDBOX_URL##*:}"
	[ "$status" -eq 2 ]
	[[ $output == *"${SANDBOX_URL##*:}"*"--port 0"* ]]
}

@test "only loopback is served" {
	local port=${SANDBOX_URL##*:}
	local hex
	hex=$(printf '%04X' "$port")
	grep -q " 0100007F:$hex 00000000:0000 0A" /proc/net/tcp
	! grep -q " 00000000:$hex 00000000:0000 0A" /proc/net/tcp
}

@test "the signatures of the documentation's examples" {
	[ "$(calypso_sign '{"timestamp":1}' b823a6b9ea72408583cef9ec8d67fa52)" = b16e9d45f49f2069becbc4f108b237bee588cfc353fe9501df103e692acbc68d482a10d34c12bea22fedde7e28e1b8e57a6a0a373b0e9a27c5257bd8b36e13b9 ]
}

@test "a payout is created once, found, and stands in the ledger with exact digits" {
	run calypso_create 12.50 "$(calypso_key 1)" -w '\n%{http_code}'
	[ "${lines[1]}" = 200 ]
	jq -e '.state == "CREATED" and .externalId == "ref-'"$(calypso_key 1)"'" and (.id | type) == "string"' <<<"${lines[0]}"
	[[ ${lines[0]} == *'"amount":12.5,'* ]]
	[ "$(jq -r 'keys | sort | join(" ")' <<<"${lines[0]}")" = "account amount belongingType cancellation comment createdDate currency depositAddress errors executionDate externalId fee feePercentage id idempotencyKey state transactionHash" ]
	run calypso_create 12.50 "$(calypso_key 1)" -w '\n%{http_code}'
	[ "${lines[1]}" = 400 ]
	[ "$(jq -r .errorCode <<<"${lines[0]}")" = 016 ]
	run calypso_create 0.123456 "$(calypso_key 2)"
	[ "$(sandbox_ledger 'map(.amount) | join(" ")')" = "12.5 0.123456" ]
	[ "$(sandbox_ledger '.[0] | keys | sort | join(" ")')" = "amount created_at currency destination id key provider reference state" ]
	[ "$(sandbox_ledger '.[0] | [.provider, .key, .reference, .currency, .destination, .state] | join(" ")')" = \
		"calypso $(calypso_key 1) ref-$(calypso_key 1) USDT_TRX $SANDBOX_TRON CREATED" ]
	[ "$(calypso_find "$(calypso_key 1)" | jq -r .id)" = "$(sandbox_ledger '.[0].id')" ]
	[ "$(calypso_call payout "{\"id\":\"$(sandbox_ledger '.[0].id')\"}" | jq -r .idempotencyKey)" = "$(calypso_key 1)" ]
	[ "$(calypso_find "$(calypso_key 3)" | jq -r .errorCode)" = 004 ]
}

@test "the clock moves settling and nothing else" {
	calypso_create 1 "$(calypso_key 1)"
	calypso_create 1.91 "$(calypso_key 2)"
	calypso_create 1.92 "$(calypso_key 3)"
	sandbox_advance 30000
	[ "$(sandbox_ledger 'map(.state) | join(" ")')" = "IN_PROGRESS IN_PROGRESS PENDING_CONFIRMATION" ]
	sandbox_advance 30000
	[ "$(sandbox_ledger 'map(.state) | join(" ")')" = "COMPLETED FAILED CANCELED" ]
	# Signed with real time, and the Date header is real: both would be off by a minute.
	sandbox_advance 86400000
	run calypso_create 1 "$(calypso_key 4)" -D "$BATS_TEST_TMPDIR/head"
	[ "$(jq -r .state <<<"$output")" = CREATED ]
	local date_s
	date_s=$(date -d "$(sed -n 's/^Date: //p' "$BATS_TEST_TMPDIR/head")" +%s)
	[ $((date_s - $(date +%s))) -le 2 ]
	[ $(($(date +%s) - date_s)) -le 2 ]
}

@test "credentials: key, then sign over the exact bytes, then the time" {
	local body
	body="{\"account\":\"$SANDBOX_ACCOUNT\",\"timestamp\":$(calypso_now_ms)}"
	ask() {
		curl -sS -H "Content-Type: application/json" "$@" --data-binary "$body" "$SANDBOX_URL/calypso/api/v1/account" | jq -r .errorCode
	}
	[ "$(ask)" = 002 ]
	[ "$(ask -H "Key: wrong" -H "Sign: $(calypso_sign "$body")")" = 002 ]
	[ "$(ask -H "Key: $SANDBOX_KEY")" = 003 ]
	[ "$(ask -H "Key: $SANDBOX_KEY" -H "Sign: $(calypso_sign "$body ")")" = 003 ]
	[ "$(ask -H "Key: $SANDBOX_KEY" -H "Sign: $(calypso_sign "$body" other)")" = 003 ]
	[ "$(ask -H "Key: $SANDBOX_KEY" -H "Sign: $(calypso_sign "$body")")" = null ]
	body="{\"account\":\"$SANDBOX_ACCOUNT\",\"timestamp\":$(($(calypso_now_ms) - 190000))}"
	[ "$(ask -H "Key: $SANDBOX_KEY" -H "Sign: $(calypso_sign "$body")")" = 011 ]
	body="{\"account\":\"$SANDBOX_ACCOUNT\",\"timestamp\":$(date +%s)}"
	[ "$(ask -H "Key: $SANDBOX_KEY" -H "Sign: $(calypso_sign "$body")")" = 011 ]
}

@test "a balance that is given can run out" {
	stop_sandbox
	start_sandbox --balance calypso:USDT_TRX=100 --balance calypso:BTC=0.5 --settle-after 60000
	[ "$(calypso_create 99.5 "$(calypso_key 1)" | jq -r .errors)" = null ]
	[ "$(calypso_create 0.6 "$(calypso_key 2)" | jq -r '.errors.withdrawalErrors[0].errors[0].status')" = NOT_ENOUGH_FUNDS ]
	run calypso_call account '{}'
	[[ $output == *'{"currency":"USDT_TRX","amount":0.5,'* ]]
	[[ $output == *'{"currency":"BTC","amount":0.5,'* ]]
	[[ $output == *'{"currency":"ETH","amount":1000000000,'* ]]
	sandbox_post /_/reset
	run calypso_call account '{}'
	[[ $output == *'{"currency":"USDT_TRX","amount":100,'* ]]
}

@test "reset, close, timeout and truncate end the connection each in its way" {
	sandbox_fault reset
	run calypso_create 5 "$(calypso_key 1)"
	[ "$status" -eq 56 ] # reset by peer
	sandbox_fault close
	run calypso_create 5 "$(calypso_key 1)"
	[ "$status" -eq 52 ] # empty reply
	sandbox_fault timeout
	run calypso_create 5 "$(calypso_key 1)" --max-time 1
	[ "$status" -eq 28 ] # timed out
	sandbox_fault truncate
	run calypso_create 5 "$(calypso_key 1)"
	[ "$status" -eq 18 ] # partial body
	[ "$(sandbox_ledger length)" -eq 0 ]
	local kind n=0
	for kind in reset close truncate; do
		sandbox_fault "$kind" ',"nth":1,"after_commit":true'
		n=$((n + 1))
		calypso_create 5 "$(calypso_key $n)" || true
	done
	[ "$(sandbox_ledger length)" -eq 3 ]
	local path=/calypso/api/v1/payout/create
	[ "$(sandbox_count $path reset)" -eq 2 ]
	[ "$(sandbox_count $path close)" -eq 2 ]
	[ "$(sandbox_count $path timeout)" -eq 1 ]
	[ "$(sandbox_count $path 200)" -eq 2 ]
}

@test "a request that is held up holds up no other, and lets go when its client leaves" {
	local i files pids=()
	files=$(ls "/proc/$SANDBOX_PID/fd" | wc -l)
	sandbox_fault timeout ',"rate":1,"path":"/payout/create"'
	for i in 1 2 3 4 5 6 7 8; do
		calypso_create 5 "$(calypso_key "$i")" --max-time 2 3>&- & pids+=($!)
	done
	for i in 1 2 3; do
		[ "$(calypso_find "$(calypso_key 1)" | jq -r .errorCode)" = 004 ]
	done
	for i in "${pids[@]}"; do
		wait "$i" || [ $? -eq 28 ]
	done
	for ((i = 0; i < 100; i++)); do
		[ "$(ls "/proc/$SANDBOX_PID/fd" | wc -l)" -le "$files" ] && break
		sleep 0.05
	done
	[ "$i" -lt 100 ]
	sandbox_fault none ''
	[ "$(calypso_create 5 "$(calypso_key 9)" | jq -r .state)" = CREATED ]
	sandbox_fault timeout
	calypso_create 5 "$(calypso_key 10)" --max-time 15 3>&- &
	i=$!
	while [ "$(sandbox_count /calypso/api/v1/payout/create timeout)" -lt 9 ]; do sleep 0.05; done
	# It ends cleanly while a request is held.
	stop_sandbox
	wait $i || [ $? -eq 52 ]
}

@test "a slow provider executes what it has read even when the client has left" {
	sandbox_fault slow ',"nth":1,"delay_ms":1500'
	run calypso_create 5 "$(calypso_key 1)" --max-time 0.5
	[ "$status" -eq 28 ]
	[ "$(calypso_find "$(calypso_key 1)" | jq -r .errorCode)" = 004 ]
	sleep 2
	[ "$(calypso_find "$(calypso_key 1)" | jq -r .state)" = CREATED ]
	sandbox_fault slow ',"nth":1,"delay_ms":300,"after_commit":true'
	[ "$(calypso_create 6 "$(calypso_key 2)" | jq -r .amount)" = 6 ]
	[ "$(sandbox_ledger length)" -eq 2 ]
}

@test "answers of a proxy, a limiter and a redirect" {
	local code
	for code in 500 502 503; do
		sandbox_fault $code
		run calypso_create 5 "$(calypso_key 1)" -w '\n%{http_code} %{content_type}'
		[[ $output == *"<html>"*"$code text/html" ]]
	done
	sandbox_fault 429 ',"nth":1,"retry_after":7'
	run calypso_create 5 "$(calypso_key 1)" -i
	[[ $output == "HTTP/1.1 429"*"Retry-After: 7"* ]]
	sandbox_fault 429
	run calypso_create 5 "$(calypso_key 1)" -i
	[[ $output == *"Retry-After: 1"* ]]
	sandbox_fault redirect
	run calypso_create 5 "$(calypso_key 1)" -i
	[[ $output == "HTTP/1.1 307"*"Location: /calypso/api/v1/payout/create"* ]]
	sandbox_fault 401
	run calypso_create 5 "$(calypso_key 1)" -w '\n%{http_code}'
	[ "${lines[1]}" = 401 ]
	[ "$(jq -r .errorCode <<<"${lines[0]}")" = 002 ]
	sandbox_fault garbage
	calypso_create 5 "$(calypso_key 1)" >"$BATS_TEST_TMPDIR/garbage"
	[ -s "$BATS_TEST_TMPDIR/garbage" ]
	run jq . "$BATS_TEST_TMPDIR/garbage"
	[ "$status" -ne 0 ]
	[ "$(sandbox_ledger length)" -eq 0 ]
}

@test "a connection dies under its next request, which is executed once" {
	local line len=0 body
	sandbox_fault close_after
	# A bare socket: curl would send again by itself.
	exec 9<>"/dev/tcp/127.0.0.1/${SANDBOX_URL##*:}"
	calypso_raw account '{}' >&9
	read -r line <&9
	[[ $line == "HTTP/1.1 200"* ]]
	while read -r line <&9 && [ "$line" != $'\r' ]; do
		[[ $line == Content-Length:* ]] && len=${line//[^0-9]/}
	done
	read -r -N "$len" body <&9
	jq -e .balances <<<"$body"
	calypso_raw payout/create "{\"depositAddress\":\"$SANDBOX_EVM\",\"amount\":1.5,\"currency\":\"ETH\",\"idempotencyKey\":\"$(calypso_key 1)\"}" >&9
	[ -z "$(cat <&9)" ]
	exec 9>&-
	[ "$(sandbox_ledger length)" -eq 1 ]
	[ "$(sandbox_count /calypso/api/v1/payout/create close)" -eq 1 ]
	[ "$(calypso_find "$(calypso_key 1)" | jq -r .amount)" = 1.5 ]
}

@test "a wrong answer, and a Date that is off" {
	sandbox_fault wrong ',"nth":1,"after_commit":true'
	run calypso_create 5 "$(calypso_key 1)"
	[ "$(jq -r .state <<<"$output")" = CREATED ]
	[ "$(jq -r .idempotencyKey <<<"$output")" != "$(calypso_key 1)" ]
	[ "$(jq -r .amount <<<"$output")" != 5 ]
	[ "$(jq -r .id <<<"$output")" != "$(sandbox_ledger '.[0].id')" ]
	sandbox_fault date ',"skew_ms":-3600000'
	calypso_create 5 "$(calypso_key 2)" -D "$BATS_TEST_TMPDIR/head"
	[ "$(grep -c '^Date: ' "$BATS_TEST_TMPDIR/head")" -eq 1 ]
	local off=$(($(date +%s) - $(date -d "$(sed -n 's/^Date: //p' "$BATS_TEST_TMPDIR/head")" +%s)))
	[ $off -ge 3600 ]
	[ $off -le 3605 ]
	sandbox_fault none ''
	calypso_create 5 "$(calypso_key 3)" -D "$BATS_TEST_TMPDIR/head"
	[ $(($(date +%s) - $(date -d "$(sed -n 's/^Date: //p' "$BATS_TEST_TMPDIR/head")" +%s))) -le 5 ]
}

@test "the control paths refuse what they do not know and say what they do" {
	run sandbox_get /_/nothing
	[ "$status" -eq 22 ]
	[[ $output == *'"error"'*/_/ledger* ]]
	run sandbox_get /_/reset
	[[ $output == *"takes POST"* ]]
	run sandbox_post /_/clock '{"advance_ms":-1}'
	[ "$status" -eq 22 ]
	[[ $output == *'advance_ms'* ]]
	run sandbox_post /_/clock '{"advance":1}'
	[ "$status" -eq 22 ]
	run sandbox_post /_/faults 'nonsense'
	[[ $output == *'"error"'*JSON* ]]
	run sandbox_post /_/faults '{"provider":"pontis","kind":"duplicate_webhook","nth":1}'
	[[ $output == *"pontis sends no webhooks here"* ]]
	run sandbox_get /nobody/v1/payouts
	[[ $output == *'"error"'*circle*calypso* ]]
	run curl -sS -w '\n%{http_code}' "$SANDBOX_URL/calypso/api/v1/payout/create"
	[ "${lines[1]}" = 405 ]
	run calypso_call payout/nothing '{}' -w '\n%{http_code}'
	[ "${lines[1]}" = 404 ]
	[ "$(sandbox_get /_/faults | jq -c .faults)" = '[]' ]
}

@test "a body beyond the bound is 413 and forgotten" {
	head -c 2000000 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/big"
	run curl -sS -o /dev/null -w '%{http_code}' --data-binary "@$BATS_TEST_TMPDIR/big" "$SANDBOX_URL/calypso/api/v1/account"
	[ "$output" = 413 ]
	[ "$(calypso_create 5 "$(calypso_key 1)" | jq -r .state)" = CREATED ]
}

@test "reset forgets payouts, counts, faults and the clock's advance" {
	calypso_create 5 "$(calypso_key 1)"
	sandbox_fault close ',"rate":1'
	sandbox_advance 1000
	sandbox_post /_/reset
	[ "$(sandbox_ledger length)" -eq 0 ]
	[ "$(sandbox_get /_/requests | jq .total)" -eq 0 ]
	[ "$(sandbox_get /_/faults | jq '.faults | length')" -eq 0 ]
	[ "$(sandbox_get /_/clock | jq .advanced_ms)" -eq 0 ]
	[ "$(calypso_create 5 "$(calypso_key 1)" | jq -r .state)" = CREATED ]
}
