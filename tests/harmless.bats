# Text of files that would take a terminal over, turn its text around or run in a spreadsheet: what every command shows of
# it, on screen, in logs and in every report.
load helpers/sandbox
load helpers/payrun

setup() {
	new_sandbox_home
}

teardown() {
	stop_sandbox || true
}

# harmless FILE...: no escape sequences, no control characters (C1 as UTF-8 too) but TAB and line ends, no marks that turn
# text around, and UTF-8 throughout. Line ends of a terminal have a carriage return.
harmless() {
	local file bad
	for file in "$@"; do
		iconv -f UTF-8 -t UTF-8 "$file" >/dev/null || {
			echo "$file is not UTF-8" >&2
			return 1
		}
		bad=$(LC_ALL=C grep -aonP \
			'[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]' \
			"$file" | head -5)
		if [ -n "$bad" ]; then
			printf '%s holds:\n%s\n' "$file" "$(cat -v <<<"$bad")" >&2
			LC_ALL=C grep -anP '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80|\xe2\x81' "$file" | cat -v | head -5 >&2
			return 1
		fi
	done
}

# says STATUS ARGUMENT...: the command ends so, and what it writes to both streams is harmless.
says() {
	local expected=$1 status=0
	shift
	payrun "$@" >out 2>err || status=$?
	if [ "$status" -ne "$expected" ]; then
		printf 'payrun %s: exit %s, expected %s\n' "$(printf '%q ' "$@")" "$status" "$expected" >&2
		cat -v out err >&2
		return 1
	fi
	harmless out err || {
		printf 'by payrun %s\n' "$(printf '%q ' "$@")" >&2
		return 1
	}
}

ESC=$'\x1b[2J\x1b]0;owned\x07'
CSI=$'\xc2\x9b31m'
RLO=$'\xe2\x80\xae'

# Rows that are paid: names and texts with marks and formulas; and rows that are not: escape sequences.
nasty() {
	echo reference,channel,amount,currency,wallet_address,beneficiary_name,description
	printf 'P-1,calypso,1.25,USDT_TRX,%s,"=cmd|'"' /C calc'"'!A0","ab%scd"\n' "$SANDBOX_TRON" "$RLO"
	printf '=P-2,calypso,2.25,USDT_TRX,%s,%s,+1\n' "$SANDBOX_TRON" $'\xef\xbc\x9d1+1'
	printf '@P-3,calypso,3.25,USDT_TRX,%s,Ann%sSmith,-1\n' "$SANDBOX_TRON" $'\xe2\x80\x8f'
	printf "'t P-4,calypso,4.25,USDT_TRX,%s,'t Hart,D'Arcy\n" "$SANDBOX_TRON"
	printf 'P-5%s,calypso,5.25,USDT_TRX,%s,Evil%s,x\n' "$ESC" "$SANDBOX_TRON" "$ESC"
	printf 'P-6,calypso,6.25,USDT_TRX,%s,Evil%s,%s\n' "$SANDBOX_TRON" "$CSI" "$RLO$ESC"
	printf 'P-7,%s,7.25,%s,%s,x,"\nline"\n' "$ESC" "$ESC" "$ESC"
	printf 'P-8,calypso,%s,USDT_TRX,%s,x,"	=1+1"\n' "$ESC" "$CSI"
}

@test "check, submit, status, show, reports and logs show hostile text harmlessly" {
	nasty >p.csv
	says 3 check p.csv
	says 3 --json check p.csv
	says 3 submit p.csv
	says 1 -v submit --on-error skip --allow-duplicates --why "$RLO$ESC" p.csv
	says 0 status
	says 0 status last
	says 0 --json status last
	says 0 show P-1
	says 0 --json show P-1
	payrun show --events P-1 >exact
	says 0 show '=P-2'
	says 0 show "'t P-4"
	for format in text csv json xlsx pain.002; do
		payrun report --format "$format" last -o "report.$format" 2>err
		[ "$format" != xlsx ] || {
			mkdir sheets && (cd sheets && unzip -qo ../report.xlsx)
			# Marks of direction reach no further than their cell.
			! LC_ALL=C grep -rlP '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|<f>' sheets
			continue
		}
		harmless "report.$format" err
	done
	says 0 report last
	says 0 --json report last
	says 0 report --format csv last
	says 0 verify --report report.csv
	harmless reports/*/*
}

@test "files, profiles, settings and batch ids with hostile names are named harmlessly" {
	local name="evil$ESC$CSI$RLO.csv"
	nasty >"$name"
	says 3 check "$name"
	says 3 --json check "$name"
	says 2 check "missing$ESC$RLO.csv"
	says 2 --json check "missing$ESC$RLO.csv"
	says 2 check "$name" "$name"
	says 1 submit --on-error skip "$name"
	says 0 status
	says 0 --json status
	says 0 report last
	says 0 --json report last
	says 0 report --format csv last
	says 0 show P-1
	says 1 submit --on-error skip "$name"
	says 3 check --errors "errors$ESC$RLO.csv" "$name"
	says 2 check --profile "no$ESC$RLO" "$name"
	says 2 check --channel "no$ESC$RLO" "$name"
	says 2 check --format "no$ESC$RLO" "$name"
	says 2 check --encoding "no$ESC$RLO" "$name"
	says 2 check --batch-id "no$ESC$RLO" "$name"
	says 2 check "--no$ESC$RLO" "$name"
	says 2 "com$ESC$RLO"
	says 2 help "com$ESC$RLO"
	says 2 status "no$ESC$RLO"
	says 2 show "no$ESC$RLO"
	says 2 retry last --reference "no$ESC$RLO"
	says 2 cancel last --reference "no$ESC$RLO"
	says 2 report --format "no$ESC$RLO"
	says 9 report last -o "no/such$ESC$RLO/report.csv"
	says 2 report --from "$ESC$RLO"
	says 0 report --beneficiary "$ESC$RLO"
	says 2 -c "missing$ESC$RLO.conf" status
	says 2 --journal "sqlite:missing$ESC$RLO.db" status
	says 2 verify --report "missing$ESC$RLO.csv"
	says 0 key --channel calypso --reference "R$RLO"
	says 2 resolve "no$ESC$RLO" --as paid
	says 2 template --channel "no$ESC$RLO"
}

@test "a configuration with hostile names and values is complained of harmlessly" {
	local line
	for line in "[profile ev$ESC$RLO]" "[channel ev$ESC$RLO]" "key$ESC$RLO = 1" "timezone = Eu$ESC$RLO/Berlin" \
		"approve = $ESC$RLO" "[ev$ESC$RLO]"; do
		{
			cat payrun.conf
			echo "$line"
		} >other.conf
		chmod 600 other.conf
		says 2 -c other.conf status
		says 2 --json -c other.conf status
	done
	{
		cat payrun.conf
		printf '[profile p]\ncolumn.reference = Be%sleg\ndecimal = comma\n' "$RLO"
	} >other.conf
	echo 'reference,amount' >q.csv
	echo 'P-1,1' >>q.csv
	says 3 -c other.conf check --profile p q.csv
}

@test "headers and JSON names of a file are shown harmlessly, and so is its error file's list" {
	printf 'reference,channel,amount,cur%srency,%s,wallet_address\nP-1,calypso,1,USDT_TRX,x,y\n' "$RLO" "$ESC" >h.csv
	says 3 check h.csv
	says 3 --json check h.csv
	printf '[{"reference":"P-1%s","ch\\u001b[2Jannel":"calypso\\u202e","amount":"1\\u009b"}]' "$RLO" >h.json
	says 3 check h.json
	says 3 --json check h.json
	printf '<?xml version="1.0"?><%s/>' "$ESC" >h.xml
	says 3 check h.xml
}

@test "a terminal gets no more from hostile text than a file does" {
	command -v script >/dev/null || skip "no script(1) here"
	script -qefc true /dev/null </dev/null >/dev/null 2>&1 || skip "no pseudo-terminal can be opened here"
	nasty >"evil$ESC.csv"
	printf '%q ' "$PAYRUN" submit --on-error skip --rate 5/s -y "evil$ESC.csv" >run.sh
	script -qefc "bash run.sh" screen >/dev/null 2>&1 </dev/null 3>&- || true
	grep -q 'FIELD_CHARACTERS' screen
	grep -q 'evil.x1b' screen
	# The progress line is rewritten by payrun's own sequence, and by no other.
	sed 's/\r\x1b\[K//g' screen >text
	harmless text
	for words in 'show --events P-1' 'report last' 'status last' 'report last --format csv'; do
		printf '%q %s' "$PAYRUN" "$words" >run.sh
		script -qefc "bash run.sh" text >/dev/null 2>&1 </dev/null 3>&-
		harmless text
	done
}
