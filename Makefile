# payrun: make, make test, make check, make bench, make demo, make install
# The user's CFLAGS, CPPFLAGS, LDFLAGS and LDLIBS stay the user's; ours stand apart.
BUILD ?= build
FLAVOUR ?= release
O := $(BUILD)/$(FLAVOUR)

STD := -std=c17 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 \
	-Wswitch-enum -Wvla -Wundef -Wcast-qual -Wwrite-strings
HARDEN := -fstack-protector-strong -fPIE -D_FORTIFY_SOURCE=2
OWN_CPPFLAGS := -Ilib -I. -I$(O)/generated
OWN_CFLAGS := $(STD) $(WARN) $(HARDEN) -O2 -g -pthread
OWN_LDFLAGS := -pie -Wl,-z,relro,-z,now -pthread
OWN_LDLIBS := -lcsv -lcurl -ljansson -lsqlite3 -lcrypto -linih -lutf8proc
OWN_CPPFLAGS += -include lib/base/banned.h

LIB_SRC := $(sort $(wildcard lib/*/*.c formats/*.c))
CMD_SRC := $(sort $(wildcard cmd/payrun/*.c))
SANDBOX_SRC := $(sort $(wildcard cmd/sandbox/*.c) $(wildcard lib/base/*.c))

.DELETE_ON_ERROR:
.PHONY: all
all: $(BUILD)/payrun $(BUILD)/payrun-sandbox

.PHONY: lib-only
lib-only: $(O)/libpayrun.a

$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(OWN_CPPFLAGS) $(CPPFLAGS) $(OWN_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(O)/libpayrun.a: $(LIB_SRC:%.c=$(O)/%.o)
	$(AR) rcs $@ $^

$(BUILD)/payrun: $(CMD_SRC:%.c=$(O)/%.o) $(O)/libpayrun.a
	$(CC) $(OWN_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(OWN_LDLIBS)

$(BUILD)/payrun-sandbox: $(SANDBOX_SRC:%.c=$(O)/%.o)
	$(CC) $(OWN_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lmicrohttpd -ljansson -lcrypto -lutf8proc

-include $(shell find $(O) -name '*.d' 2>/dev/null)
