#!/usr/bin/env bats
# The way of workbooks (.xlsx) through the commands.
load helpers/sandbox
load helpers/payrun

setup() {
	new_sandbox_home
	books=${PAYRUN_SOURCE:-$BATS_TEST_DIRNAME/..}/tests/golden/files
}

teardown() {
	stop_sandbox || true
}

@test "a workbook is a batch: received, sent, known again by its bytes" {
	cp "$books/xlsx-good/input.xlsx" pay.xlsx
	try 4 submit pay.xlsx --batch-id OCT
	jq -e '[.payouts[] | [.reference, .row, .amount, .state]] ==
		[["X-1", 2, "12.3", "held"], ["X-2", 5, "7.5", "held"]]' reports/OCT/report.json
	cp pay.xlsx other.xlsx
	try 4 submit other.xlsx
	[[ ${lines[0]} == "Already received "*" as OCT: 2 held." ]]
	try 0 verify
}

@test "a profile reads the sheet of another tool, and its payout is made once" {
	cat "$books/xlsx-second-sheet/profile" >>payrun.conf
	cp "$books/xlsx-second-sheet/input.xlsx" erp.xlsx
	try 0 submit --profile erp erp.xlsx --batch-id ERP
	jq -e '[.payouts[] | [.reference, .row, .amount]] == [["4711", 3, "12.5"]]' reports/ERP/report.json
	try 0 submit --profile erp erp.xlsx
	[[ ${lines[0]} == "Already received "*" as ERP: 1 accepted." ]]
	try 3 submit erp.xlsx --channel calypso
	[ "$(sandbox_ledger length)" -eq 1 ]
}

@test "a workbook comes on standard input, too, and by the name of its format" {
	run --separate-stderr payrun_input check - <"$books/xlsx-good/input.xlsx"
	[ "$status" -eq 0 ]
	has "2 rows, 2 good, 0 with errors"
	try 0 check --format xlsx "$books/xlsx-good/input.xlsx"
	try 3 check --format csv "$books/xlsx-good/input.xlsx"
	[[ $output$stderr == *"Leave --format out"* ]]
	try 3 check --format xlsx "$books/csv-bom/input.csv"
	[[ $output$stderr == *"this is no .xlsx workbook"* ]]
}

@test "what only a text has is refused with a workbook" {
	try 2 check --delimiter semicolon "$books/xlsx-good/input.xlsx"
	[[ $stderr == *"--delimiter: a workbook has none of its own"* ]]
	try 2 check --encoding windows-1252 "$books/xlsx-good/input.xlsx"
	[[ $stderr == *"--encoding: a workbook has none of its own"* ]]
}

@test "a workbook that is damaged, old or too large is refused and leaves nothing behind" {
	local name
	for name in cut is-xls is-ods macros doctype bomb; do
		try 3 submit "$books/xlsx-$name/input.xlsx"
		[[ $output$stderr == *"workbook"* ]]
	done
	try 0 status
	[ "$(sandbox_ledger length)" -eq 0 ]
	[ -z "$(find . -name '.payrun-*')" ]
}

@test "nothing of a workbook is printed by a library" {
	try 3 check "$books/xlsx-doctype/input.xlsx"
	[[ $output$stderr != *"parser error"* ]]
	[[ $output$stderr != *"^"* ]]
}
