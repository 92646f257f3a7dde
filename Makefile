# payrun: make, make test, make check, make bench, make demo, make install; `make help` says more.
# CFLAGS, CPPFLAGS, LDFLAGS and LDLIBS are the user's; ours stand apart, so that `make CFLAGS=-O0` loses none of them.
BUILD ?= build
FLAVOUR ?= release
PREFIX ?= /usr/local
DESTDIR ?=
WERROR ?=
HOSTCC ?= $(CC)
INSTALL ?= install

# Unit tests that take too long under valgrind and the thread sanitizer.
SLOW_TESTS ?= test_crash test_crash_mollie test_crash_providers test_receive_memory test_run_faults test_conformance

O := $(BUILD)/$(FLAVOUR)
T := $(O)/ticks
BIN := $(if $(filter release,$(FLAVOUR)),$(BUILD),$(O))

STD := -std=c17 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 \
	-Wswitch-enum -Wvla -Wundef -Wcast-qual -Wwrite-strings
HARDEN := -fstack-protector-strong -fPIE
# The C library warns of FORTIFY_SOURCE without optimisation, and who sets it himself keeps his own.
FORTIFY := $(if $(filter -O0 -Og,$(CFLAGS))$(findstring _FORTIFY_SOURCE,$(CFLAGS) $(CPPFLAGS)),,\
	-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)

FLAVOURS := release debug asan tsan cov fuzz
FLAVOUR_release := -O2 -g $(FORTIFY)
FLAVOUR_debug := -O0 -g3
FLAVOUR_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
FLAVOUR_tsan := -O1 -g -fsanitize=thread
FLAVOUR_cov := -O0 -g --coverage
# clang's own; the program's main comes with the fuzzer.
FLAVOUR_fuzz := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
FLAVOUR_LD_asan := -fsanitize=address,undefined
FLAVOUR_LD_tsan := -fsanitize=thread
FLAVOUR_LD_cov := --coverage
FLAVOUR_LD_fuzz := -fsanitize=fuzzer,address,undefined
ifeq ($(filter $(FLAVOUR),$(FLAVOURS)),)
$(error FLAVOUR is one of: $(FLAVOURS))
endif

# libxml2's headers stand in a folder of their own.
XML_INCLUDE ?= /usr/include/libxml2
ROOTS := -Ilib -I. -I$(O)/generated -isystem $(XML_INCLUDE)
BANNED := -include lib/base/banned.h
OWN_CFLAGS := $(STD) $(WARN) $(WERROR) $(HARDEN) $(FLAVOUR_$(FLAVOUR)) -pthread
OWN_LDFLAGS := -pie -Wl,-z,relro,-z,now -Wl,--as-needed -pthread $(FLAVOUR_LD_$(FLAVOUR))
OWN_LDLIBS := -lcsv -lcurl -ljansson -lsqlite3 -lcrypto -linih -lutf8proc -lxml2 -lzip -lxlsxwriter
SANDBOX_LDLIBS := -lmicrohttpd -ljansson -lcrypto -lutf8proc
TEST_LDLIBS := -lcmocka -lmicrohttpd
# Commands are shown with V=1, files without it.
Q := $(if $(V),,@)
SAY = @$(if $(V),:,echo "  $(1)")
COMPILE = $(CC) $(ROOTS) $(1) $(CPPFLAGS) $(OWN_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
LINK = $(CC) $(OWN_CFLAGS) $(CFLAGS) $(OWN_LDFLAGS) $(LDFLAGS) -o $@ $^

LIB_SRC := $(sort $(wildcard lib/*/*.c formats/*.c))
CMD_SRC := $(sort $(wildcard cmd/payrun/*.c))
SANDBOX_SRC := $(sort $(wildcard cmd/sandbox/*.c))
BASE_SRC := $(sort $(wildcard lib/base/*.c))
SANDBOX_PARTS := $(filter-out cmd/sandbox/main.c,$(SANDBOX_SRC)) $(BASE_SRC)
SUPPORT_SRC := $(sort $(wildcard tests/support/*.c))
TEST_SRC := $(sort $(wildcard tests/test_*.c))
TABLE_SRC := $(sort $(wildcard lib/values/tables/*.c))
PROGRAMS := $(if $(CMD_SRC),$(BIN)/payrun) $(if $(SANDBOX_SRC),$(BIN)/payrun-sandbox)
GENERATOR := $(BIN)/generate-payouts
# Clients of the sandbox that bats files can't be in shell.
TEST_TOOLS := $(patsubst %.c,$(O)/%,$(wildcard tests/tools/*.c))
FUZZERS := $(patsubst %.c,$(O)/%,$(wildcard tests/fuzz/fuzz_*.c))
SCENES := $(patsubst %.c,$(O)/%.o,$(filter tests/support/scene%,$(SUPPORT_SRC)))
BENCH_TOOLS := $(O)/tests/bench/measure $(O)/tests/bench/no_journal
TESTS := $(TEST_SRC:%.c=$(T)/%)
TABLES := $(if $(TABLE_SRC),$(O)/generated/values/tables.inc)

# Tests find the programs here, as bats files do.
export PAYRUN := $(abspath $(BIN)/payrun)
export PAYRUN_SANDBOX := $(abspath $(BIN)/payrun-sandbox)
export PAYRUN_GENERATE := $(abspath $(GENERATOR))
export PAYRUN_BUILD := $(abspath $(O))
export PAYRUN_SOURCE := $(CURDIR)

# As many jobs as there are processors, unless the caller said otherwise.
JOBS = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 1))
AGAIN = $(MAKE) --no-print-directory $(JOBS)

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all lib-only tables unit-tests test check fuzz run-fuzzers chaos mutate bench demo install uninstall lint clean help

all: $(PROGRAMS) $(if $(PROGRAMS),,$(O)/libpayrun.a)

lib-only: $(O)/libpayrun.a

tables: $(TABLES)

unit-tests: $(TESTS)

# --- what is built -------------------------------------------------------------------------------------------------

# Changes only when the flags do; then everything is built again.
$(O)/flags: force
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(OWN_CFLAGS) $(CPPFLAGS) $(CFLAGS))' | cmp -s - $@ || \
		printf '%s\n' '$(subst ','\'',$(OWN_CFLAGS) $(CPPFLAGS) $(CFLAGS))' > $@
.PHONY: force

$(T)/tests/%.o: tests/%.c $(O)/flags | $(TABLES)
	@mkdir -p $(@D)
	$(call SAY,cc $<)
	$(Q)$(call COMPILE,-DPAYRUN_TICKS)

$(T)/%.o: %.c $(O)/flags | $(TABLES)
	@mkdir -p $(@D)
	$(call SAY,cc $<)
	$(Q)$(call COMPILE,$(BANNED) -DPAYRUN_TICKS)

$(O)/%.o: %.c $(O)/flags | $(TABLES)
	@mkdir -p $(@D)
	$(call SAY,cc $<)
	$(Q)$(call COMPILE,$(BANNED))

$(O)/libpayrun.a: $(LIB_SRC:%.c=$(O)/%.o)
	@rm -f $@
	$(call SAY,ar $@)
	$(Q)$(AR) rcs $@ $^

$(T)/libpayrun.a: $(LIB_SRC:%.c=$(T)/%.o)
	@rm -f $@
	$(call SAY,ar $@)
	$(Q)$(AR) rcs $@ $^

$(T)/libsupport.a: $(SUPPORT_SRC:%.c=$(T)/%.o)
	@rm -f $@
	$(call SAY,ar $@)
	$(Q)$(AR) rcs $@ $^

$(BIN)/payrun: $(CMD_SRC:%.c=$(O)/%.o) $(O)/libpayrun.a
	$(call SAY,ld $@)
	$(Q)$(LINK) $(LDLIBS) $(OWN_LDLIBS)

$(BIN)/payrun-sandbox: $(SANDBOX_SRC:%.c=$(O)/%.o) $(BASE_SRC:%.c=$(O)/%.o)
	$(call SAY,ld $@)
	$(Q)$(LINK) $(LDLIBS) $(SANDBOX_LDLIBS)

# Payout files of any size, for the demo, the bench and the tests.
$(GENERATOR): $(O)/samples/generate.o $(O)/samples/mixed.o
	$(call SAY,ld $@)
	$(Q)$(LINK) $(LDLIBS) -lcrypto

$(O)/tests/tools/%: $(O)/tests/tools/%.o
	$(call SAY,ld $@)
	$(Q)$(LINK) $(LDLIBS) -lcrypto

$(O)/tests/bench/measure: $(O)/tests/bench/measure.o
	$(call SAY,ld $@)
	$(Q)$(LINK) $(LDLIBS)

$(O)/tests/bench/%: $(O)/tests/bench/%.o $(O)/libpayrun.a
	$(call SAY,ld $@)
	$(Q)$(LINK) $(LDLIBS) $(OWN_LDLIBS)

$(T)/tests/test_%: $(T)/tests/test_%.o $(if $(SUPPORT_SRC),$(T)/libsupport.a) $(T)/libpayrun.a
	$(call SAY,ld $@)
	$(Q)$(LINK) $(LDLIBS) $(TEST_LDLIBS) $(OWN_LDLIBS)

# The sandbox shares nothing with the library but lib/base, its tests neither.
$(T)/tests/test_sandbox_%: $(T)/tests/test_sandbox_%.o $(SANDBOX_PARTS:%.c=$(O)/%.o)
	$(call SAY,ld $@)
	$(Q)$(LINK) $(LDLIBS) -lcmocka $(SANDBOX_LDLIBS)

# Some begin with what tests have: recorded exchanges.
$(O)/tests/fuzz/%: $(O)/tests/fuzz/%.o $(SCENES) $(O)/libpayrun.a
	$(call SAY,ld $@)
	$(Q)$(LINK) $(LDLIBS) -lcmocka $(OWN_LDLIBS)

# Reference tables: CSV in, C out.
$(O)/generate-tables: $(TABLE_SRC)
	@mkdir -p $(@D)
	$(call SAY,cc $@)
	$(Q)$(HOSTCC) $(STD) -O1 -g -Ilib -I. -o $@ $(TABLE_SRC)

$(O)/generated/values/tables.inc: $(O)/generate-tables $(wildcard lib/values/tables/*.csv)
	@mkdir -p $(@D)
	$(Q)$(O)/generate-tables lib/values/tables $@

-include $(shell find $(O) -name '*.d' 2>/dev/null)

# --- what is run ---------------------------------------------------------------------------------------------------

test:
	@tests/packages.sh
	@+$(AGAIN) run-tests

.PHONY: run-tests run-unit-tests
run-tests: $(PROGRAMS) $(GENERATOR) $(TEST_TOOLS) $(TESTS)
	@tests/run.sh $(TESTS) $(sort $(wildcard tests/*.bats))

run-unit-tests: $(TESTS) $(PROGRAMS)
	@tests/run.sh $(filter-out $(SKIP:%=$(T)/tests/%),$(TESTS))

check: export SLOW_TESTS := $(SLOW_TESTS)
check:
	@tests/packages.sh check
	@+tests/check.sh $(AGAIN)

lint:
	@tests/lint/lint.sh

# Bytes that nobody thought of: TIME seconds for each fuzzer, FUZZ=word for some of them.
fuzz:
	@tests/packages.sh check
	@+$(AGAIN) FLAVOUR=fuzz CC=clang run-fuzzers

run-fuzzers: $(FUZZERS)
	@tests/fuzz/run.sh $(FUZZERS)

# Kills, faults, restored journals and people at random, against the sandbox: CHAOS_SECONDS, CHAOS_ROUNDS, CHAOS_SEED.
chaos:
	@tests/packages.sh chaos
	@+$(AGAIN) $(PROGRAMS)
	@tests/chaos/chaos.py

# Breaks each rule of the protocol once and shows that a test notices.
mutate:
	@tests/packages.sh
	@tests/mutations/run.sh

bench:
	@tests/packages.sh bench
	@+$(AGAIN) $(PROGRAMS) $(GENERATOR) $(BENCH_TOOLS)
	@tests/bench/bench.sh

demo:
	@tests/packages.sh
	@+$(AGAIN) $(PROGRAMS) $(GENERATOR)
	@tests/demo.sh

# --- what is installed ---------------------------------------------------------------------------------------------

BINDIR := $(DESTDIR)$(PREFIX)/bin
MANDIR := $(DESTDIR)$(PREFIX)/share/man
SAMPLEDIR := $(DESTDIR)$(PREFIX)/share/payrun/samples
MAN1 := $(wildcard cmd/*/*.1)
MAN5 := $(wildcard cmd/*/*.5)
SAMPLES := $(shell find samples -type f 2>/dev/null)

install: all
	$(INSTALL) -d $(BINDIR) $(MANDIR)/man1 $(MANDIR)/man5 $(SAMPLEDIR)
	$(if $(strip $(PROGRAMS)),$(INSTALL) -m 755 $(PROGRAMS) $(BINDIR))
	$(if $(MAN1),$(INSTALL) -m 644 $(MAN1) $(MANDIR)/man1)
	$(if $(MAN5),$(INSTALL) -m 644 $(MAN5) $(MANDIR)/man5)
	$(foreach file,$(SAMPLES),$(INSTALL) -D -m 644 $(file) $(SAMPLEDIR)/$(file:samples/%=%) &&) true

uninstall:
	rm -f $(BINDIR)/payrun $(BINDIR)/payrun-sandbox
	rm -f $(foreach page,$(MAN1),$(MANDIR)/man1/$(notdir $(page)))
	rm -f $(foreach page,$(MAN5),$(MANDIR)/man5/$(notdir $(page)))
	rm -rf $(DESTDIR)$(PREFIX)/share/payrun

clean:
	rm -rf $(BUILD)

help:
	@echo "make              build $(BUILD)/payrun and $(BUILD)/payrun-sandbox"
	@echo "make test         install missing packages (Debian, Ubuntu), build, run all tests"
	@echo "make check        lint, -Werror with gcc and clang, sanitizers, valgrind, clang-tidy, cppcheck, fuzzers"
	@echo "make lint         the rules of the house alone"
	@echo "make fuzz         fuzzers, TIME=30 seconds each; FUZZ=word for some of them"
	@echo "make chaos        random deeds, faults and kills, then the money is counted; CHAOS_SECONDS=60, CHAOS_SEED=N"
	@echo "make bench        speed, as ratios against named alternatives"
	@echo "make demo         the whole way of a file, against the sandbox"
	@echo "make install      to PREFIX ($(PREFIX)), under DESTDIR; make uninstall takes it away"
	@echo "make clean        remove $(BUILD)"
	@echo "FLAVOUR=release|debug|asan|tsan|cov|fuzz   BUILD=folder   WERROR=-Werror   V=1   CC CFLAGS CPPFLAGS LDFLAGS LDLIBS"
