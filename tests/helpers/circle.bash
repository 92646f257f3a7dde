# The circle half of the sandbox for bats files: load helpers/sandbox, then helpers/circle

CIRCLE_RECIPIENT=9c4f1d3e-0a51-4c70-8f6b-51a2a7f00001
CIRCLE_BILLING='"billingDetails":{"name":"Satoshi Nakamoto","city":"Boston","country":"US","line1":"100 Money Street","district":"MA","postalCode":"01234"}'

# circle_get PATH [CURL OPTION]...
circle_get() {
	local path=$1
	shift
	curl -sS --max-time 20 -H 'Authorization: Bearer SANDBOX_CIRCLE_KEY' "$@" "$SANDBOX_URL/circle$path"
}

# circle_post PATH BODY [CURL OPTION]...
circle_post() {
	local path=$1 body=$2
	shift 2
	circle_get "$path" -H 'Content-Type: application/json' --data-binary "$body" "$@"
}

# circle_key N: the Nth of some keys.
circle_key() {
	printf '6ae62bf2-bd71-49ce-a599-%012d' "$1"
}

# circle_wire [N]: links an American account under the Nth key; prints its id.
circle_wire() {
	circle_post /v1/businessAccount/banks/wires "{\"idempotencyKey\":\"$(circle_key "${1:-900}")\",\"accountNumber\":\"12340010\",\"routingNumber\":\"121000248\",$CIRCLE_BILLING,\"bankAddress\":{\"country\":\"US\"}}" |
		jq -r .data.id
}

# circle_pay WIRE AMOUNT KEY [CURL OPTION]...: in USD.
circle_pay() {
	local wire=$1 amount=$2 key=$3
	shift 3
	circle_post /v1/businessAccount/payouts "{\"idempotencyKey\":\"$key\",\"destination\":{\"type\":\"wire\",\"id\":\"$wire\"},\"amount\":{\"amount\":\"$amount\",\"currency\":\"USD\"}}" "$@"
}

# circle_book AMOUNT KEY [CURL OPTION]...: to a recipient of the address book, in USD.
circle_book() {
	local amount=$1 key=$2
	shift 2
	circle_post /v1/payouts "{\"idempotencyKey\":\"$key\",\"destination\":{\"type\":\"address_book\",\"id\":\"$CIRCLE_RECIPIENT\"},\"amount\":{\"amount\":\"$amount\",\"currency\":\"USD\"}}" "$@"
}
