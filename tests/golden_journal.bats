#!/usr/bin/env bats
# Every folder of tests/golden/journal: what submit --dry-run says of a file, beside what the journal knows.

bats_require_minimum_version 1.5.0

setup() {
	source=${PAYRUN_SOURCE:-$BATS_TEST_DIRNAME/..}
	payrun=${PAYRUN:-$BATS_TEST_DIRNAME/../build/payrun}
	unset PAYRUN_CONF
}

# The configuration of a case: settings go into their sections, in the place of those that are there. Nobody listens.
configure() {
	(umask 077 && : >payrun.conf)
	sed 's#^base_url = http://127.0.0.1:8400#base_url = http://127.0.0.1:1#' "$source/samples/payrun.conf" |
		awk -v settings="$([ ! -e "$1/settings" ] || echo "$1/settings")" '
		BEGIN {
			section = "[payrun]"
			while (settings != "" && (getline line <settings) > 0)
				if (line ~ /^\[/) section = line
				else {
					more[section] = more[section] line "\n"
					split(line, words, " ")
					given[section, words[1]] = 1
				}
		}
		/^\[/ { section = $0 }
		!((section, $1) in given) { print }
		/^\[/ && $0 in more { printf "%s", more[$0] }' >payrun.conf
}

# Makes the case in a folder of the test's own: found.
check_case() {
	local folder=$1 options="" status=0 line
	mkdir "$BATS_TEST_TMPDIR/$2" && cd "$BATS_TEST_TMPDIR/$2" || return 1
	export XDG_STATE_HOME=$PWD/state
	cp "$folder"/*.csv "$folder"/*.json . 2>/dev/null || true
	configure "$folder" && "$payrun" -q init 2>/dev/null >&2 3>&- || return 1
	if ls before.* >/dev/null 2>&1; then
		"$payrun" -q submit --hold --yes before.* >before.log 2>&1 </dev/null 3>&- || cat before.log >&2
	fi
	[ ! -e "$folder/options" ] || options=$(cat "$folder/options")
	[ ! -e "$folder/after" ] || while read -r line; do
		# shellcheck disable=SC2086 # words of a command
		"$payrun" -q $line >after.log 2>&1 </dev/null 3>&- || true
	done <"$folder/after"
	# shellcheck disable=SC2086 # options are words
	"$payrun" --json submit --dry-run --yes $options input.* >document 2>log </dev/null 3>&- || status=$?
	{
		if [ "$status" -eq 3 ]; then echo refused; else echo received; fi
		jq -r '.findings[] | [.row, .line, .field, .code, .severity] | @tsv' document
	} >found
}

@test "files have the findings of the golden folder beside what the journal knows" {
	local folder name failed=0 cases=0
	for folder in "$source"/tests/golden/journal/*/; do
		name=$(basename "$folder")
		folder=$(cd "$folder" && pwd)
		cases=$((cases + 1))
		check_case "$folder" "$name" && diff -u "$folder/expected" found || {
			echo "case $name" >&2
			head -n 5 log before.log after.log >&2 2>/dev/null || true
			failed=$((failed + 1))
		}
	done
	[ "$cases" -ge 15 ]
	[ "$failed" -eq 0 ]
}
