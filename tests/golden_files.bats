#!/usr/bin/env bats
# Every folder of tests/golden/files: what check says of its input, and the error file that it writes.

bats_require_minimum_version 1.5.0

setup() {
	source=${PAYRUN_SOURCE:-$BATS_TEST_DIRNAME/..}
	payrun=${PAYRUN:-$BATS_TEST_DIRNAME/../build/payrun}
	cd "$BATS_TEST_TMPDIR"
	install -m 600 "$source/samples/payrun.conf" payrun.conf
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
	unset PAYRUN_CONF
}

# Makes the case in the folder CASE of the test's own: found, and the error file.
check_case() {
	local input options="" status=0
	input=$(basename "$1"/input.*)
	mkdir "$2" && cp "$1/$input" "$2"
	[ ! -e "$1/options" ] || options=$(cat "$1/options")
	if [ -e "$1/profile" ]; then
		(umask 077 && cat payrun.conf "$1/profile" >"$2/payrun.conf")
		options="-c $2/payrun.conf $options"
	fi
	# shellcheck disable=SC2086 # options are words
	"$payrun" --json check $options "$2/$input" >"$2/document" 2>/dev/null 3>&- || status=$?
	{
		echo "exit $status"
		jq -r '.findings[] | [.row, .line, .field, .code, .severity] | @tsv' "$2/document"
	} >"$2/expected"
	# A workbook's error file is no text to be compared: checked in its turn it has the same rows with the same findings.
	if [ -e "$2/input.errors.xlsx" ]; then
		# shellcheck disable=SC2086
		"$payrun" --json check $options --errors "$2/again.xlsx" "$2/input.errors.xlsx" 2>/dev/null 3>&- |
			jq -r '.findings[] | select(.row > 0) | [.row, .line, .field, .code, .severity] | @tsv' >"$2/again"
		grep -P '^[1-9]' "$2/expected" | diff -u - "$2/again" >&2 || echo "the error file reads otherwise" >>"$2/expected"
		rm "$2/input.errors.xlsx"
	fi
}

# A status report says when it was made, and so may its words.
timeless() {
	sed -i -E 's#<(MsgId|CreDtTm)>[^<]*#<\1>...#; s#today is [0-9-]+#today is ...#' "$1"
}

@test "files have the findings and error files of the golden folder" {
	local folder name file failed=0 cases=0
	for folder in "$source"/tests/golden/files/*/; do
		name=$(basename "$folder")
		cases=$((cases + 1))
		check_case "$folder" "$name"
		file=$(cd "$name" && echo input.errors.*)
		[ "$file" = 'input.errors.*' ] || mv "$name/$file" "$name/errors.${file##*.}"
		[ ! -e "$name/errors.xml" ] || timeless "$name/errors.xml"
		for file in $(cd "$folder" && ls expected errors.* 2>/dev/null) $(cd "$name" && ls errors.* 2>/dev/null); do
			diff -u "$folder/$file" "$name/$file" || {
				echo "case $name" >&2
				failed=$((failed + 1))
			}
		done
	done
	[ "$cases" -ge 20 ]
	[ "$failed" -eq 0 ]
}
