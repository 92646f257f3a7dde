# The error file of a workbook: the same workbook, marked; corrected and submitted, only what was wrong is new.
load helpers/sandbox
load helpers/payrun

setup() {
	command -v python3 >/dev/null || skip "SKIPPED: no python3 here"
	new_sandbox_home
}

teardown() {
	stop_sandbox || true
}

# edit FROM TO OLD NEW...: the workbook with words of its first sheet changed, as a person would.
edit() {
	python3 - "$@" <<-'PYTHON'
		import sys, zipfile
		source, target, words = sys.argv[1], sys.argv[2], sys.argv[3:]
		book = zipfile.ZipFile(source)
		with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
		    for name in book.namelist():
		        part = book.read(name)
		        if name == "xl/worksheets/sheet1.xml":
		            for old, new in zip(words[::2], words[1::2]):
		                assert old.encode() in part, old
		                part = part.replace(old.encode(), new.encode())
		        out.writestr(name, part)
	PYTHON
}

# Four payouts of one's own in the place of the examples; the third has no amount that can be read.
payouts_book() {
	payrun -q template --channel calypso -o template.xlsx >/dev/null
	edit template.xlsx "$1" EXAMPLE- INV- \
		0x0000000000000000000000000000000000000000 0x52908400098527886E0F7030069857D2E4169EE7 \
		1111111111111111111114oLvT2 38RVQ6skGpiAUSUrkcPBWgMmsAd8PFengv \
		T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb TWkKZkmuB8DpVeiMoHiKf99ZoFHzk73CqR \
		D596YFweJQuHY1BbjazZYmAbt8jJPbKehC D8fjsBa6bPiDaFwEuThBTxrFHrCejkvZ2P \
		'>300<' '>three hundred<' '>100<' '>1<' '>200<' '>2<' '>400<' '>4<'
}

@test "the error file stands beside the workbook, and says the same when it is checked" {
	payouts_book p.xlsx
	try 3 --json check p.xlsx
	json '.batches[0].error_file == "p.errors.xlsx"'
	json '.findings | length == 1 and .[0].row == 4 and .[0].field == "amount"'
	[ "$(stat -c %a p.errors.xlsx)" = 600 ]
	first=$(jq -c .findings <<<"$output")
	try 3 --json check p.errors.xlsx
	[ "$(jq -c .findings <<<"$output")" = "$first" ]
	try 3 check --errors elsewhere.xlsx p.xlsx
	has "error file elsewhere.xlsx"
	cmp p.errors.xlsx elsewhere.xlsx
}

@test "no error file where no row is wrong" {
	payouts_book p.xlsx
	edit p.xlsx good.xlsx 'three hundred' 3
	try 0 check good.xlsx
	[ ! -e good.errors.xlsx ]
}

@test "corrected and submitted, only what was wrong is new" {
	payouts_book p.xlsx
	try 1 --json submit -y --on-error skip p.xlsx
	json '.batches[0].by_state | .accepted + (.paid // 0) == 3'
	edit p.errors.xlsx corrected.xlsx 'three hundred' 3
	try 0 --json submit -y corrected.xlsx
	json '.batches[0].by_state.duplicate == 3'
	json '.batches[0].new == true and .batches[0].rows == 4'
	[ "$(curl -s "${SANDBOX_URL%/calypso}/_/ledger" | jq '.payouts | length')" -eq 4 ]
}

@test "a folder that can't be written to is told, and leaves nothing" {
	payouts_book p.xlsx
	try 9 check --errors no/such/folder/e.xlsx p.xlsx
	[ -z "$(find . -name '.payrun-*' -o -name '*.errors.*')" ]
}
