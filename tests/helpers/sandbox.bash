# The sandbox for bats files: load helpers/sandbox
# start_sandbox [OPTION]... starts one on a free port and sets SANDBOX_URL and SANDBOX_PID; stop_sandbox ends it by its
# pid and fails when its exit code is not 0. Programs come from the environment of `make test`, or from ./build.

SANDBOX_KEY=sandbox-calypso
SANDBOX_SECRET=sandbox-calypso-secret
SANDBOX_ACCOUNT=0x00000000000000000000000000000000000000aa
SANDBOX_TRON=TWkKZkmuB8DpVeiMoHiKf99ZoFHzk73CqR
SANDBOX_EVM=0x52908400098527886E0F7030069857D2E4169EE7

sandbox_program() {
	printf '%s' "${PAYRUN_SANDBOX:-$BATS_TEST_DIRNAME/../build/payrun-sandbox}"
}

start_sandbox() {
	local folder i
	folder=$(mktemp -d "${BATS_TEST_TMPDIR:-${TMPDIR:-/tmp}}/sandbox.XXXXXX") || return 1
	: >"$folder/out"
	# bats waits for whoever holds its descriptor 3.
	"$(sandbox_program)" --port 0 "$@" >"$folder/out" 2>"$folder/err" 3>&- &
	SANDBOX_PID=$!
	for ((i = 0; i < 1000; i++)); do
		SANDBOX_URL=$(sed -n '1s/^listening //p' "$folder/out")
		[ -n "$SANDBOX_URL" ] && return 0
		kill -0 "$SANDBOX_PID" 2>/dev/null || break
		sleep 0.01
	done
	echo "the sandbox does not start: $(cat "$folder/err")" >&2
	kill "$SANDBOX_PID" 2>/dev/null
	SANDBOX_PID=
	return 1
}

stop_sandbox() {
	local pid=${SANDBOX_PID:-}
	SANDBOX_PID=
	[ -n "$pid" ] || return 0
	kill -TERM "$pid" 2>/dev/null
	wait "$pid"
}

# sandbox_get PATH, sandbox_post PATH [JSON]: the control paths; fails on an HTTP error.
sandbox_get() {
	curl -sS --fail-with-body --max-time 60 "$SANDBOX_URL$1"
}

sandbox_post() {
	curl -sS --fail-with-body --max-time 60 -H 'Content-Type: application/json' --data-binary "${2-}" "$SANDBOX_URL$1"
}

# sandbox_fault KIND [MEMBERS]: stages a fault of calypso or SANDBOX_PROVIDER, for the next request unless MEMBERS say
# otherwise.
sandbox_fault() {
	sandbox_post /_/faults "{\"provider\":\"${SANDBOX_PROVIDER:-calypso}\",\"kind\":\"$1\"${2-,\"nth\":1}}" >/dev/null
}

sandbox_advance() {
	sandbox_post /_/clock "{\"advance_ms\":$1}" >/dev/null
}

# sandbox_count PATH OUTCOME: how many requests to this path had this outcome.
sandbox_count() {
	sandbox_get /_/requests | jq --arg path "$1" --arg outcome "$2" '.requests[$path][$outcome] // 0'
}

# sandbox_ledger [FILTER]: the ledger's payouts through jq.
sandbox_ledger() {
	sandbox_get /_/ledger | jq -r ".payouts | ${1:-.}"
}

calypso_now_ms() {
	date +%s%3N
}

calypso_sign() {
	printf '%s' "$1" | openssl dgst -sha512 -mac HMAC -macopt "key:${2-$SANDBOX_SECRET}" -r | cut -d' ' -f1
}

# calypso_post PATH BODY [CURL OPTION]...: signed as it is; prints the answer's body.
calypso_post() {
	local path=$1 body=$2
	shift 2
	curl -sS --max-time 20 -H "Key: $SANDBOX_KEY" -H "Sign: $(calypso_sign "$body")" \
		-H 'Content-Type: application/json' --data-binary "$body" "$@" "$SANDBOX_URL/calypso/api/v1/$path"
}

# calypso_call PATH PAYLOAD [CURL OPTION]...: in an envelope of now.
calypso_call() {
	local path=$1 payload=$2
	shift 2
	calypso_post "$path" \
		"{\"account\":\"$SANDBOX_ACCOUNT\",\"timestamp\":$(calypso_now_ms),\"payload\":$payload}" "$@"
}

# calypso_create AMOUNT KEY [CURL OPTION]...: in USDT_TRX.
calypso_create() {
	local amount=$1 key=$2
	shift 2
	calypso_call payout/create "{\"depositAddress\":\"$SANDBOX_TRON\",\"amount\":$amount,\"currency\":\"USDT_TRX\",\"idempotencyKey\":\"$key\",\"externalId\":\"ref-$key\"}" "$@"
}

calypso_find() {
	calypso_call payout "{\"idempotencyKey\":\"$1\"}"
}

# calypso_key N: the Nth of some keys.
calypso_key() {
	printf '123e4567-e89b-42d3-a456-%012d' "$1"
}

# calypso_raw PATH PAYLOAD: the bytes of a whole request on a connection that stays open.
calypso_raw() {
	local LC_ALL=C
	local body
	body="{\"account\":\"$SANDBOX_ACCOUNT\",\"timestamp\":$(calypso_now_ms),\"payload\":$2}"
	printf 'POST /calypso/api/v1/%s HTTP/1.1\r\nHost: 127.0.0.1\r\nKey: %s\r\nSign: %s\r\n' \
		"$1" "$SANDBOX_KEY" "$(calypso_sign "$body")"
	printf 'Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' "${#body}" "$body"
}
