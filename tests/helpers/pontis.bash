# The pontis half of the sandbox for bats files: load helpers/sandbox, then helpers/pontis
# pontis_login sets PONTIS_TOKEN; the rest sends it along.

PONTIS_HMAC_SECRET=202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f

pontis_seal() {
	printf '%s' "$1" | "${PAYRUN_BUILD:-$BATS_TEST_DIRNAME/../build/release}/tests/tools/pontis_blob"
}

# pontis_sign TIMESTAMP BLOB
pontis_sign() {
	printf '%s.%s' "$1" "$2" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$PONTIS_HMAC_SECRET" -r | cut -d' ' -f1
}

# pontis_send TIMESTAMP BLOB PATH [CURL OPTION]...: signed as it is; prints the answer's body.
pontis_send() {
	local timestamp=$1 blob=$2 path=$3
	shift 3
	curl -sS --max-time 20 -H 'Content-Type: application/json' -H 'x-api-key: sandbox-pontis' \
		-H "x-timestamp: $timestamp" -H "x-signature: $(pontis_sign "$timestamp" "$blob")" \
		-H "Authorization: Bearer ${PONTIS_TOKEN:-}" --data-binary "{\"data\":\"$blob\"}" "$@" \
		"$SANDBOX_URL/pontis/api/v1/$path"
}

# pontis_call PATH PAYLOAD [CURL OPTION]...: sealed and signed now.
pontis_call() {
	local path=$1 payload=$2
	shift 2
	pontis_send "$(date +%s)" "$(pontis_seal "$payload")" "$path" "$@"
}

pontis_login() {
	PONTIS_TOKEN=$(pontis_call user/login '{"email":"ops@example.com","password":"sandbox"}' | jq -r .data.access_token)
	[ "$PONTIS_TOKEN" != null ]
}

# pontis_key N: the Nth of some keys.
pontis_key() {
	printf '7f3c4d2a-8b1e-4f6a-9c2d-%012d' "$1"
}

# pontis_create AMOUNT KEY [NAME [CURL OPTION]...]: to an account in the Philippines.
pontis_create() {
	local amount=$1 key=$2 name=${3-Juan dela Cruz}
	shift $(($# > 2 ? 3 : 2))
	pontis_call payouts/sendPayoutRequest "{\"idempotency_key\":\"$key\",\"country_code\":\"PH\",\"currency_code\":\"PHP\",\"payment_method\":\"bank_local\",\"source_amount\":\"$amount\",\"recipient_details\":{\"name\":\"$name\",\"account_number\":\"1234567890\"}}" "$@"
}

# pontis_status ID [CURL OPTION]...
pontis_status() {
	local id=$1
	shift
	pontis_call payouts/getPayoutStatus "{\"transaction_id\":\"$id\"}" "$@"
}
