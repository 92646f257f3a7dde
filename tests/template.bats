# payrun template: what it prints is refused as it is, and good once its examples are replaced.
load helpers/sandbox
load helpers/payrun

setup() {
	new_home
	payrun -q init --sandbox >/dev/null
	cat >>payrun.conf <<-CONF

	[channel circle-legacy]
	provider = circle
	mode = legacy
	base_url = http://127.0.0.1:8400/circle
	api_key = SANDBOX_CIRCLE_KEY

	[channel circle-sg]
	provider = circle
	mode = address_book
	entity = sg
	originator_type = business
	originator_name = Acme
	originator_line1 = 1 Main St
	originator_city = Singapore
	originator_postal_code = 018956
	originator_country = SG
	base_url = http://127.0.0.1:8400/circle
	api_key = SANDBOX_CIRCLE_KEY
	CONF
}

channels() {
	payrun -q --json channels | jq -r '.channels[].name'
}

# References and destinations of one's own instead of the examples', as a person would write them.
own() {
	sed -e 's/EXAMPLE-\([0-9]\)\b/INV-\1/g; s/00000000-0000-4000-8000-000000000000/4b8a1b64-2f7c-4d4b-9c1e-0123456789ab/' \
		-e 's/DE36000000000000000000/DE89370400440532013000/; s/EXAMPLE-0000/123400104/; s/bal_EXAMPLE/bal_one/' \
		-e 's/0x0000000000000000000000000000000000000000/0x52908400098527886E0F7030069857D2E4169EE7/' \
		-e 's/1111111111111111111114oLvT2/38RVQ6skGpiAUSUrkcPBWgMmsAd8PFengv/' \
		-e 's/T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb/TWkKZkmuB8DpVeiMoHiKf99ZoFHzk73CqR/' \
		-e 's/D596YFweJQuHY1BbjazZYmAbt8jJPbKehC/D8fjsBa6bPiDaFwEuThBTxrFHrCejkvZ2P/' "$1"
}

@test "a template of every channel is refused as it is, and checks once its examples are replaced" {
	for channel in $(channels); do
		payrun -q template --channel "$channel" >"$channel.csv"
		rows=$(($(wc -l <"$channel.csv") - 1))
		[ "$rows" -ge 1 ]
		payrun -q template --channel "$channel" --format json >"$channel.json"
		payrun -q template --channel "$channel" --format xlsx >"$channel.xlsx"
		for format in csv json xlsx; do
			try 3 --json check "$channel.$format"
			json ".findings | length == $rows and all(.[]; .code == \"EXAMPLE_ROW\" and (.cure | length > 0))"
			[ "$format" != xlsx ] || continue # tests/xlsx_errors.bats goes on with one
			own "$channel.$format" >"$channel-own.$format"
			try 0 --json check "$channel-own.$format"
			json ".findings == [] and .batches[0].rows == $rows"
		done
	done
}

@test "with the destination of an example left in, a row is refused under any reference" {
	payrun -q template --channel calypso | sed 's/EXAMPLE-/INV-/' >p.csv
	try 3 --json check p.csv
	json '.findings | all(.[]; .code == "EXAMPLE_ROW" and .field == "wallet_address")'
}

@test "json is an array of objects with the same columns" {
	for channel in $(channels); do
		payrun -q template --channel "$channel" --format json >"$channel.json"
		payrun -q template --channel "$channel" --format csv >"$channel.csv"
		[ "$(jq -r '.[0] | [keys_unsorted[] | select(. != "recipient")] + [(.recipient // {}) | keys_unsorted[] | "recipient." + .] | join(",")' \
			"$channel.json")" = "$(head -n 1 "$channel.csv" | tr -d '\r')" ]
		[ "$(jq length "$channel.json")" -eq $(($(wc -l <"$channel.csv") - 1)) ]
	done
}

@test "--json tells which columns are required, and has the file" {
	try 0 --json template --channel calypso
	json '.channel == "calypso" and .format == "csv"'
	json '[.columns[] | select(.required) | .name] == ["reference", "channel", "amount", "currency", "wallet_address"]'
	json '.template | startswith("reference,channel,amount,currency,wallet_address,")'
}

@test "what can't be is exit 2" {
	try 2 template
	complains "--channel"
	try 2 template --channel nobody
	complains "calypso"
	try 2 --json template --channel calypso --format xlsx
	complains "-o FILE.xlsx"
	try 9 template --channel calypso -o no/such/folder/t.xlsx
	try 2 template --channel calypso --format xml
	try 2 template calypso
}

@test "the code of an example is in the help of findings" {
	try 0 help findings
	has EXAMPLE_ROW
}

# part FILE NAME: a part of a workbook on standard output.
part() {
	python3 -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))' "$1" "$2"
}

@test "-o writes the file, by its ending where no format is given, for its owner alone" {
	for format in csv json xlsx; do
		try 0 template --channel mollie -o "t.$format"
		[ "$output" = "wrote t.$format" ]
		payrun -q template --channel mollie --format "$format" | cmp - "t.$format"
		[ "$(stat -c %a "t.$format")" = 600 ]
	done
	try 0 --json template --channel mollie -o again.xlsx
	json '.path == "again.xlsx" and .format == "xlsx" and has("template") == false'
	cmp t.xlsx again.xlsx
	[ -z "$(ls -A | grep -v -e '^t\.' -e '^again\.xlsx$' -e '^payrun' -e '^state$')" ]
}

@test "a workbook of every channel is a whole archive of well-formed parts without a formula" {
	command -v python3 >/dev/null || skip "SKIPPED: no python3 here"
	for channel in $(channels); do
		payrun -q template --channel "$channel" -o "$channel.xlsx"
		python3 - "$channel.xlsx" <<-'PYTHON'
			import sys, xml.dom.minidom, zipfile
			book = zipfile.ZipFile(sys.argv[1])
			assert book.testzip() is None
			for name in book.namelist():
			    parsed = xml.dom.minidom.parseString(book.read(name))
			    assert not parsed.getElementsByTagName("f"), name
		PYTHON
		part "$channel.xlsx" xl/worksheets/sheet1.xml | grep -q EXAMPLE-1
		part "$channel.xlsx" xl/worksheets/sheet2.xml | grep -q "also accepted as"
	done
}

@test "a workbook is not written to a terminal" {
	command -v script >/dev/null || skip "no script(1) here"
	script -qefc true /dev/null </dev/null >/dev/null 2>&1 || skip "no pseudo-terminal can be opened here"
	script -qec "'$PAYRUN' -q template --channel mollie --format xlsx" /dev/null </dev/null >out.txt && return 1
	grep -q "nothing for a terminal; -o FILE.xlsx" out.txt
}
