# sm-lint: `make try` shows it at work, `make check` runs every test, `make help` lists the rest.
#
# Yours to set: CC CFLAGS CPPFLAGS LDFLAGS LDLIBS AR PKG_CONFIG PREFIX DESTDIR, DEV=1 (strict warnings are errors),
# SAN=address,undefined or SAN=thread, STATIC_LIBS=0 (link all libraries dynamically, as packagers want).

.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules
SHELL := /bin/sh

CC ?= cc
ifeq ($(origin CC),default)
CC := gcc
endif
AR ?= ar
PKG_CONFIG ?= pkg-config
INSTALL ?= install
CFLAGS ?= -O2 -g

PREFIX ?= $(or $(prefix),/usr/local)
EXEC_PREFIX ?= $(PREFIX)
BINDIR ?= $(EXEC_PREFIX)/bin
LIBDIR ?= $(EXEC_PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATAROOTDIR ?= $(PREFIX)/share
MANDIR ?= $(DATAROOTDIR)/man
BASHCOMPDIR ?= $(DATAROOTDIR)/bash-completion/completions
ZSHCOMPDIR ?= $(DATAROOTDIR)/zsh/site-functions
FISHCOMPDIR ?= $(DATAROOTDIR)/fish/vendor_completions.d

# The version stands once, in the public header.
VERSION := $(shell awk '/^\#define SML_VERSION_(MAJOR|MINOR|PATCH)/ { v = v s $$3; s = "." } END { print v }' include/smlint.h)
SOVERSION := $(firstword $(subst ., ,$(VERSION)))

comma := ,

# Flavours stand side by side, so that none needs a clean in between.
FLAVOUR := $(if $(SAN),san-$(subst $(comma),-,$(SAN)),$(if $(DEV),dev,release))$(if $(filter-out gcc cc,$(notdir $(CC))),-$(notdir $(CC)))
B := build/$(FLAVOUR)

LIBRARIES := libpcre2-8 yaml-0.1 libutf8proc md4c
STATIC_LIBS ?= 1
library_file = $(wildcard $(shell $(PKG_CONFIG) --variable=libdir $(1) 2>/dev/null)/$(2).a)
one_library = $(or $(if $(filter-out 0,$(STATIC_LIBS)),$(call library_file,$(1),$(2))),$(shell $(PKG_CONFIG) --libs $(1) 2>/dev/null))
LIBRARY_LIBS = $(call one_library,libpcre2-8,libpcre2-8) $(call one_library,yaml-0.1,libyaml) $(call one_library,libutf8proc,libutf8proc) $(call one_library,md4c,libmd4c) -lpthread
# The program itself wants nothing shared where all can be linked in: a quarter of its start-up is the dynamic linker's.
# Debian has no static md4c; then half of that is saved by leaving out what moves the program in memory.
all_static = $(and $(filter-out 0,$(STATIC_LIBS)),$(call library_file,libpcre2-8,libpcre2-8),$(call library_file,yaml-0.1,libyaml),$(call library_file,libutf8proc,libutf8proc),$(call library_file,md4c,libmd4c),$(filter /%,$(shell $(CC) -print-file-name=libc.a 2>/dev/null)))
PROGRAM_KIND := $(if $(SAN),,$(if $(all_static),-static,$(if $(filter-out 0,$(STATIC_LIBS)),-no-pie)))
LIBRARY_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(LIBRARIES) 2>/dev/null)

OUR_CPPFLAGS := -Iinclude -Isrc -D_XOPEN_SOURCE=700 $(LIBRARY_CFLAGS)
OUR_CFLAGS := -std=c11 -fPIC -fvisibility=hidden -fstack-protector-strong -ffile-prefix-map=$(CURDIR)=. -Wall -Wextra -Wdate-time
ifndef SAN
OUR_CPPFLAGS += -D_FORTIFY_SOURCE=2
endif
ifdef DEV
OUR_CFLAGS += -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla -Wimplicit-fallthrough -Werror
endif
ifdef SAN
OUR_CFLAGS += -fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all $(if $(filter gcc cc,$(notdir $(CC))),-Wno-format-truncation)
OUR_LDFLAGS := -fsanitize=$(SAN)
endif

LAYERS := base text image match rulebook report
COMMON_SRC := $(foreach d,$(LAYERS),$(sort $(wildcard src/$(d)/*.c)))
# The build's own tool needs no reports.
GEN_SRC := src/gen/compile.c $(filter-out src/report/%,$(COMMON_SRC))
LIB_SRC := $(COMMON_SRC) $(sort $(wildcard src/smlint*.c))
CLI_SRC := $(sort $(wildcard src/cli/*.c))
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
BENCH_SRC := $(sort $(wildcard tests/bench/*.c))
object = $(patsubst %.c,$(B)/%.o,$(1))

LIB_OBJ := $(call object,$(LIB_SRC)) $(B)/src/builtin.o
PROGRAM := $(B)/sm-lint
RULES := $(shell find rules -name '*.yaml' 2>/dev/null)

COMPILE = $(CC) $(OUR_CPPFLAGS) $(CPPFLAGS) $(OUR_CFLAGS) $(CFLAGS) -MMD -MP
LINK = $(CC) $(OUR_CFLAGS) $(CFLAGS) $(OUR_LDFLAGS) $(LDFLAGS)

## all: the program ./sm-lint and both libraries (default)
all: sm-lint lib

## lib: libsmlint, static and shared
lib: $(B)/libsmlint.a $(if $(SAN),,$(B)/libsmlint.so.$(SOVERSION)) $(B)/smlint.pc

# Always: the link follows the flavour asked for, however old that is.
sm-lint: $(PROGRAM)
	@ln -sf $(PROGRAM) $@

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(COMPILE) -c $< -o $@

$(B)/gen-compile: $(call object,$(GEN_SRC))
	$(LINK) $^ $(LDLIBS) $(LIBRARY_LIBS) -o $@

$(B)/rules.smi: $(B)/gen-compile $(RULES)
	$(B)/gen-compile rules/rulebook.yaml $@

$(B)/src/builtin.o: src/builtin.c $(B)/rules.smi
	@mkdir -p $(@D)
	$(COMPILE) -DSML_BUILTIN_IMAGE='"$(B)/rules.smi"' -c $< -o $@

$(B)/libsmlint.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcD $@ $^

$(B)/libsmlint.so.$(SOVERSION): $(LIB_OBJ)
	$(LINK) -shared -Wl,-soname,$(@F) $^ $(LDLIBS) $(shell $(PKG_CONFIG) --libs $(LIBRARIES) 2>/dev/null) -lpthread -o $@

$(B)/smlint.pc: src/smlint.pc.in include/smlint.h Makefile
	@mkdir -p $(@D)
	sed -e 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@INCLUDEDIR@|$(INCLUDEDIR)|; s|@VERSION@|$(VERSION)|' $< > $@

$(PROGRAM): $(call object,$(CLI_SRC)) $(B)/libsmlint.a
	$(LINK) $(PROGRAM_KIND) $^ $(LDLIBS) $(LIBRARY_LIBS) -o $@

# ---- tests ----

UNIT := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(UNIT_SRC))
FUZZ := $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz/%,$(FUZZ_SRC))
BENCH := $(patsubst tests/bench/%.c,$(B)/tests/bench/%,$(BENCH_SRC))
EXAMPLE := $(B)/tests/example/lint_one

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/libsmlint.a
	$(LINK) $^ $(LDLIBS) $(LIBRARY_LIBS) $(shell $(PKG_CONFIG) --libs cmocka) -o $@

$(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(B)/tests/fuzz/driver.o $(B)/libsmlint.a
	$(LINK) $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS) $(LIBRARY_LIBS) -o $@

# The configuration is no part of the library.
$(B)/tests/fuzz/fuzz_config: $(call object,src/cli/config.c src/cli/places.c)

$(B)/tests/bench/%: $(B)/tests/bench/%.o $(B)/libsmlint.a
	$(LINK) $^ $(LDLIBS) $(LIBRARY_LIBS) -o $@

# What an embedder has: the public header and the library, nothing else.
$(EXAMPLE): tests/example/lint_one.c $(B)/libsmlint.a
	@mkdir -p $(@D)
	$(CC) -std=c11 -Wall -Wextra -Iinclude $(CFLAGS) $(OUR_LDFLAGS) $^ $(LIBRARY_LIBS) -o $@

## check: every test, after installing what is missing (the last line counts them)
check: deps
	+@$(MAKE) --no-print-directory check-built

check-built: sm-lint lib $(UNIT) $(FUZZ) $(BENCH) $(EXAMPLE)
	@CC='$(CC)' B='$(B)' VERSION='$(VERSION)' tests/check.sh $(or $(ONLY),all)

## check-unit, check-golden, check-rules, check-corpus, check-headers: one part of it
check-unit check-golden check-rules check-corpus check-headers:
	+@$(MAKE) --no-print-directory check-built ONLY=$(@:check-%=%)

## bless: write what golden cases print now as what they should print; read the diff before you commit
bless: sm-lint
	@B='$(B)' tests/golden.sh --bless

## bench: measure against the targets, in one run, as ratios
bench: deps
	+@$(MAKE) --no-print-directory bench-built

bench-built: sm-lint lib $(BENCH)
	@CC='$(CC)' B='$(B)' tests/bench/bench.sh

## try: build, lint the sample drafts, and show what that says
try:
	@tests/deps.sh build
	+@$(MAKE) --no-print-directory sm-lint
	@tests/try.sh

deps:
	@tests/deps.sh

# ---- looking after the code ----

SOURCES := $(shell find src include tests -name '*.[ch]' 2>/dev/null)

## coverage: rules/coverage.md, which rules serve which obligation
coverage: sm-lint
	$(PROGRAM) rules --format coverage > rules/coverage.md

## format: clang-format on every source
format:
	clang-format -i $(SOURCES)

## lint: layers, symbols and manual pages
lint: lib
	tests/layers.sh
	B='$(B)' tests/symbols.sh
	mandoc -T lint -W warning man/*

## analyze: clang-tidy and cppcheck
analyze:
	clang-tidy --quiet $(LIB_SRC) $(CLI_SRC) -- $(OUR_CPPFLAGS) -std=c11
	cppcheck --quiet --error-exitcode=1 --enable=warning,portability --inline-suppr --suppressions-list=tests/cppcheck.txt -Iinclude -Isrc src

## fuzz: run each fuzzer for FUZZ_SECONDS (60) with clang's libFuzzer
FUZZ_SECONDS ?= 60
fuzz:
	+@$(MAKE) --no-print-directory CC=clang SAN=address,undefined,fuzzer-no-link lib
	@B=build/san-address-undefined-fuzzer-no-link-clang FUZZ_SECONDS=$(FUZZ_SECONDS) LIBS='$(LIBRARY_LIBS)' tests/fuzz/fuzz.sh

## valgrind: the unit tests under valgrind
valgrind: check-deps sm-lint $(UNIT)
	@B='$(B)' VALGRIND='valgrind -q --error-exitcode=99 --leak-check=full' tests/check.sh unit

check-deps: deps

## install, uninstall: into PREFIX (/usr/local), below DESTDIR
install: all
	$(INSTALL) -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR) \
	    $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(MANDIR)/man3 $(DESTDIR)$(MANDIR)/man5 \
	    $(DESTDIR)$(BASHCOMPDIR) $(DESTDIR)$(ZSHCOMPDIR) $(DESTDIR)$(FISHCOMPDIR) \
	    $(DESTDIR)$(DATAROOTDIR)/sm-lint
	$(INSTALL) -m 755 $(PROGRAM) $(DESTDIR)$(BINDIR)/sm-lint
	$(INSTALL) -m 644 include/smlint.h $(DESTDIR)$(INCLUDEDIR)
	$(INSTALL) -m 644 $(B)/libsmlint.a $(DESTDIR)$(LIBDIR)
	$(INSTALL) -m 755 $(B)/libsmlint.so.$(SOVERSION) $(DESTDIR)$(LIBDIR)/libsmlint.so.$(VERSION)
	ln -sf libsmlint.so.$(VERSION) $(DESTDIR)$(LIBDIR)/libsmlint.so.$(SOVERSION)
	ln -sf libsmlint.so.$(SOVERSION) $(DESTDIR)$(LIBDIR)/libsmlint.so
	$(INSTALL) -m 644 $(B)/smlint.pc $(DESTDIR)$(LIBDIR)/pkgconfig
	$(INSTALL) -m 644 man/*.1 $(DESTDIR)$(MANDIR)/man1
	$(INSTALL) -m 644 man/*.3 $(DESTDIR)$(MANDIR)/man3
	$(INSTALL) -m 644 man/*.5 $(DESTDIR)$(MANDIR)/man5
	$(PROGRAM) completion bash > $(DESTDIR)$(BASHCOMPDIR)/sm-lint
	$(PROGRAM) completion zsh > $(DESTDIR)$(ZSHCOMPDIR)/_sm-lint
	$(PROGRAM) completion fish > $(DESTDIR)$(FISHCOMPDIR)/sm-lint.fish
	cp -R rules $(DESTDIR)$(DATAROOTDIR)/sm-lint/

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/sm-lint $(DESTDIR)$(INCLUDEDIR)/smlint.h $(DESTDIR)$(LIBDIR)/libsmlint.a \
	    $(DESTDIR)$(LIBDIR)/libsmlint.so $(DESTDIR)$(LIBDIR)/libsmlint.so.$(SOVERSION) \
	    $(DESTDIR)$(LIBDIR)/libsmlint.so.$(VERSION) $(DESTDIR)$(LIBDIR)/pkgconfig/smlint.pc \
	    $(foreach m,$(wildcard man/*.1),$(DESTDIR)$(MANDIR)/man1/$(notdir $(m))) \
	    $(foreach m,$(wildcard man/*.3),$(DESTDIR)$(MANDIR)/man3/$(notdir $(m))) \
	    $(foreach m,$(wildcard man/*.5),$(DESTDIR)$(MANDIR)/man5/$(notdir $(m))) \
	    $(DESTDIR)$(BASHCOMPDIR)/sm-lint $(DESTDIR)$(ZSHCOMPDIR)/_sm-lint $(DESTDIR)$(FISHCOMPDIR)/sm-lint.fish
	rm -rf $(DESTDIR)$(DATAROOTDIR)/sm-lint

## dist: build/sm-lint-VERSION.tar.gz from the last commit
dist:
	@mkdir -p build
	git archive --prefix=sm-lint-$(VERSION)/ -o build/sm-lint-$(VERSION).tar.gz HEAD

## distcheck: unpack that, build, test and install from it, and compare CHANGELOG.md with the version
distcheck: dist
	@grep -q '^## $(VERSION)' CHANGELOG.md || { echo "CHANGELOG.md does not begin with $(VERSION)"; exit 1; }
	rm -rf build/distcheck && mkdir -p build/distcheck
	tar -C build/distcheck -xzf build/sm-lint-$(VERSION).tar.gz
	+$(MAKE) -C build/distcheck/sm-lint-$(VERSION) check
	+$(MAKE) -C build/distcheck/sm-lint-$(VERSION) install DESTDIR=$(CURDIR)/build/distcheck/root

## clean: all that was built
clean:
	rm -rf build sm-lint

distclean: clean

## help: this list
help:
	@sed -n 's/^## //p' Makefile

.PHONY: all sm-lint lib check check-built check-unit check-golden check-rules check-corpus check-headers check-deps bless bench bench-built try deps coverage \
    format lint analyze fuzz valgrind install uninstall dist distcheck clean distclean help
# Kept, though made on the way to a test. (An empty .SECONDARY would take a missing program for built, too.)
.PRECIOUS: $(B)/%.o

-include $(shell find $(B) -name '*.d' 2>/dev/null)
