# The mollie half of the sandbox for bats files: load helpers/sandbox, then helpers/mollie

# mollie_get PATH [CURL OPTION]...: with MOLLIE_KEY, or the test API key; PATH is below /v2, or a whole address.
mollie_get() {
	local url=$1
	shift
	[[ $url == http* ]] || url=$SANDBOX_URL/mollie/v2$url
	curl -sS --max-time 20 -H "Authorization: Bearer ${MOLLIE_KEY:-test_sandbox_mollie}" "$@" "$url"
}

# mollie_key N: the Nth of some keys.
mollie_key() {
	printf '9b32e3b9-f9b6-4229-97a3-%012d' "$1"
}

# mollie_pay BALANCE AMOUNT KEY [DESCRIPTION [CURL OPTION]...]: in EUR.
mollie_pay() {
	local balance=$1 amount=$2 key=$3 description=${4-Rent}
	shift 3
	[ $# -eq 0 ] || shift
	mollie_get /payouts -H "Idempotency-Key: $key" -H 'Content-Type: application/json' --data-binary \
		"{\"balanceId\":\"$balance\",\"amount\":{\"currency\":\"EUR\",\"value\":\"$amount\"},\"description\":\"$description\"}" "$@"
}
