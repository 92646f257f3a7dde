#!/usr/bin/env bats
# What payrun writes it reads back equal: error files of many rows at random, from seeds that stay the same.

bats_require_minimum_version 1.5.0

setup() {
	source=${PAYRUN_SOURCE:-$BATS_TEST_DIRNAME/..}
	payrun=${PAYRUN:-$BATS_TEST_DIRNAME/../build/payrun}
	generate=${PAYRUN_GENERATE:-$BATS_TEST_DIRNAME/../build/generate-payouts}
	cd "$BATS_TEST_TMPDIR"
	install -m 600 "$source/samples/payrun.conf" payrun.conf
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
	unset PAYRUN_CONF
}

# The findings of a file, a line each.
findings() {
	local status=0
	"$payrun" --json check "$@" >document 2>/dev/null 3>&- || status=$?
	[ "$status" -eq 3 ] || [ "$status" -eq 0 ]
	jq -r '.findings[] | [.row, .field, .code, .severity, .message, .cure] | @tsv' document
}

@test "an error file that is checked again has the same rows, and the same is wrong with them" {
	local seed
	for seed in 1 2 3 4 5 6 7 8; do
		"$generate" --rows $((20 + seed * 7)) --seed "$seed" --bad $((seed * 5)) >file.csv
		findings file.csv >first
		[ -s first ]
		findings file.errors.csv --errors again.csv >second
		diff first second
		# the second error file is the first one again
		cmp file.errors.csv again.csv
		rm -f file.errors.csv again.csv
	done
}

@test "the rows of an error file without payrun's columns are the user's own bytes" {
	"$generate" --rows 50 --seed 9 --bad 20 >file.csv
	findings file.csv >first
	paste -d '' <(cut -c1-20 file.csv) /dev/null >begin
	cut -c1-20 file.errors.csv | diff begin -
	[ "$(wc -l <file.csv)" -eq "$(wc -l <file.errors.csv)" ]
	while IFS= read -r line <&3 && IFS= read -r row <&4; do
		[ "${row:0:${#line}}" = "$line" ]
	done 3<file.csv 4<file.errors.csv
}

@test "other line ends, delimiters and encodings of a file have the same findings, and so have their error files" {
	"$generate" --rows 40 --seed 3 --bad 20 | iconv -f utf-8 -t utf-8 >file.csv
	findings file.csv >wanted
	sed 's/$/\r/' file.csv >crlf.csv
	{ printf '\xEF\xBB\xBF' && cat file.csv; } >mark.csv
	{ printf '\xFF\xFE' && iconv -f utf-8 -t utf-16le file.csv; } >utf16.csv
	for form in crlf mark utf16; do
		findings "$form.csv" >found
		diff wanted found
		findings "$form.errors.csv" --errors again.csv >found
		diff wanted found
		cmp "$form.errors.csv" again.csv
		rm -f again.csv
	done
}
