#!/usr/bin/env bats
# Messages of ISO 20022 and the status reports that answer them: pain.001 in, pain.002 out, as report and as error file.
load helpers/sandbox
load helpers/payrun

setup() {
	source=${PAYRUN_SOURCE:-$BATS_TEST_DIRNAME/..}
	payrun=${PAYRUN:-$BATS_TEST_DIRNAME/../build/payrun}
	new_home
	install -m 600 "$source/samples/payrun.conf" payrun.conf
	start_sandbox
	sed -i "s#http://127.0.0.1:8400#$SANDBOX_URL#" payrun.conf
	"$payrun" -q init >/dev/null 3>&-
	part=$source/tests/golden/files/pain001-part/input.xml
}

teardown() {
	stop_sandbox || true
}

# texts FILE NAME: of the elements of that name, one a line.
texts() {
	xmllint --xpath "//*[local-name()='$2']/text()" "$1"
}

# is FILE NAME TEXT...: these are the texts of its elements.
is() {
	local file=$1 name=$2
	shift 2
	diff -u <(printf '%s\n' "$@") <(texts "$file" "$name")
}

count() {
	xmllint --xpath "count(//*[local-name()='$2'])" "$1"
}

# of FILE END-TO-END-ID NAME: the first element of that name in the transaction.
of() {
	xmllint --xpath "string(//*[local-name()='TxInfAndSts'][*[local-name()='OrgnlEndToEndId']='$2']//*[local-name()='$3'])" "$1"
}

@test "a message that was paid is answered payment by payment, in the version it calls for" {
	local sample=$source/samples/circle-wire.xml
	try 0 submit --channel circle-wire --wait final "$sample"
	try 0 report last --format pain.002 -o status.xml
	grep -q 'urn:iso:std:iso:20022:tech:xsd:pain.002.001.10' status.xml
	is status.xml OrgnlMsgId WIRES-2026-10
	is status.xml OrgnlMsgNmId pain.001.001.09
	# Counts and sums of the message and of each payment, and the payments' names.
	for name in NbOfTxs CtrlSum PmtInfId; do
		[ "$(texts status.xml "Orgnl$name")" = "$(texts "$sample" "$name")" ]
	done
	is status.xml GrpSts ACSC
	[ "$(count status.xml TxInfAndSts)" -eq "$(count "$sample" CdtTrfTxInf)" ]
	[ "$(texts status.xml TxSts | sort -u)" = ACSC ]
	[ "$(of status.xml ISO-2026-10-001 InstdAmt)" = "$(texts "$sample" InstdAmt | head -1)" ]
	# Circle's ids have a character more than AcctSvcrRef: they stand in words.
	[[ $(of status.xml ISO-2026-10-001 AddtlInf) == "AcctSvcrRef "* ]]
	try 0 report last --format pain.002.001.03
	has 'urn:iso:std:iso:20022:tech:xsd:pain.002.001.03'
}

@test "of a message taken in part the error file lists all, and the report knows what became of each" {
	cp "$part" part.xml
	try 1 submit --channel circle-wire --on-error skip --wait final part.xml
	[ "$(stat -c %a part.errors.xml)" = 600 ]
	is part.errors.xml GrpSts PART
	is part.errors.xml TxSts ACTC RJCT RJCT ACTC
	try 0 report last --format pain.002 -o status.xml
	is status.xml GrpSts PART
	is status.xml TxSts ACSC RJCT RJCT ACSC
	is status.xml OrgnlPmtInfId PAY-1 PAY-2
	is status.xml OrgnlUETR b4c1a2f0-52ad-4d4c-8c0d-1f8a0a5f8a11
	is status.xml OrgnlInstrId I-1 I-2
	[ "$(of status.xml GP-2 Cd)" = CH20 ]
	[ "$(of status.xml GP-3 Cd)" = AC03 ]
	[ "$(texts status.xml MsgId)" != "$(texts part.errors.xml MsgId)" ]
}

@test "a message refused as a whole is answered with what is wrong, and nothing is received" {
	cp "$part" part.xml
	try 3 submit --channel circle-wire part.xml
	is part.errors.xml GrpSts RJCT
	is part.errors.xml PmtInfSts RJCT RJCT
	is part.errors.xml OrgnlEndToEndId GP-2 GP-3
	is part.errors.xml TxSts RJCT RJCT
	try 0 --json status
	json '.batches == []'
}

@test "a message sent again with its corrections says which transactions are live already" {
	cp "$part" part.xml
	try 1 submit --channel circle-wire --on-error skip --wait final part.xml
	sed -e 's/MSG-PART/MSG-AGAIN/' -e 's/12\.501/12.50/; s/115\.501/115.50/' part.xml >again.xml
	try 1 submit --channel circle-wire --on-error skip --wait final again.xml
	is again.errors.xml GrpSts PART
	is again.errors.xml TxSts ACTC ACTC RJCT ACTC
	[[ $(of again.errors.xml GP-1 AddtlInf) == *MSG-PART* ]]
	try 0 report last --format pain.002 -o status.xml
	is status.xml TxSts ACSC ACSC RJCT ACSC
	[[ $(of status.xml GP-4 AddtlInf) == "the same payout as row 4 of batch MSG-PART" ]]
	sandbox_get /_/ledger | jq -e '.payouts | length == 3'
}
