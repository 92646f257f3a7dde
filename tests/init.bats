# payrun init: what it writes, and that it never writes over anything.
load helpers/sandbox
load helpers/payrun

setup() {
	new_home
}

@test "init writes a configuration and a journal that nobody else can read" {
	try 0 init --sandbox
	has payrun.conf
	has "namespace payrun-"
	[ "$(stat -c %a payrun.conf)" = 600 ]
	[ "$(stat -c %a payrun.db)" = 600 ]
	grep -q '^base_url = http://127.0.0.1:8400/calypso$' payrun.conf
	try 0 status
	has "no batches yet"
}

@test "the journal's head file is written with it, outside of its folder" {
	try 0 init --sandbox
	[ "$(find state -name '*.head' | wc -l)" -eq 1 ]
	grep -qE '^[0-9a-f]{32}	1	[0-9a-f]{64}$' state/payrun/*.head
}

@test "every init draws a namespace of its own" {
	payrun -q init -c one.conf
	mkdir two && payrun -q init -c two/payrun.conf
	[ "$(grep ^namespace one.conf)" != "$(grep ^namespace two/payrun.conf)" ]
}

@test "init overwrites neither configuration nor journal" {
	payrun -q init --sandbox
	cp payrun.conf kept.conf
	cp payrun.db kept.db
	try 2 init --sandbox
	complains payrun.db
	cmp payrun.conf kept.conf
	cmp payrun.db kept.db
}

@test "with a configuration at hand init only creates the missing journal" {
	payrun -q init --sandbox
	cp payrun.conf kept.conf
	rm payrun.db
	try 0 init
	has "configuration payrun.conf"
	has "created journal"
	cmp payrun.conf kept.conf
}

@test "init takes --config and PAYRUN_CONF" {
	mkdir a b
	try 0 init --sandbox -c a/mine.conf
	[ -e a/payrun.db ]
	PAYRUN_CONF=b/other.conf try 0 init --sandbox
	[ -e b/other.conf ] && [ -e b/payrun.db ]
}

@test "init --provider writes the channels that were asked for" {
	try 0 init --provider calypso
	grep -q calypso payrun.conf
}

@test "init --provider refuses what it does not know" {
	try 2 init --provider paypal
	complains "circle, mollie, pontis and calypso"
	[ ! -e payrun.conf ]
}

@test "only init creates a journal" {
	payrun -q init --sandbox
	rm payrun.db*
	payouts p.csv 1 1
	for command in "submit p.csv" status poll resume verify "report" "show X" recover; do
		# shellcheck disable=SC2086
		try 2 $command
		complains "payrun init"
	done
	[ ! -e payrun.db ]
}

@test "a folder that can't be written is said, and nothing is left" {
	mkdir locked
	chmod 500 locked
	[ "$(id -u)" -ne 0 ] || skip "root may write anywhere"
	try 2 init -c locked/payrun.conf
}
