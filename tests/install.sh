#!/bin/sh
# Installs into a scratch folder, compiles the example against what is there through pkg-config, and uninstalls again.
cd "$(dirname "$0")/.." || exit 2
B=${B:-build/release}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
good=0 bad=0
tally() { if [ "$1" = 0 ]; then good=$((good + 1)); else bad=$((bad + 1)); echo "$2"; fi; }
case $B in *san-*) echo "install: skipped under sanitizers"; echo "install: 0 passed, 0 failed"; exit 0 ;; esac

set -- ${DEV:+DEV=1} ${CC:+CC="$CC"}
make --no-print-directory "$@" install DESTDIR="$scratch" PREFIX=/usr >"$scratch/log" 2>&1
tally $? "make install failed: $(tail -n 3 "$scratch/log")"
[ -x "$scratch/usr/bin/sm-lint" ] && [ -e "$scratch/usr/lib/pkgconfig/smlint.pc" ] && [ -e "$scratch/usr/share/man/man1/sm-lint.1" ]
tally $? "files are missing after make install"
grep -q "$scratch" "$scratch/usr/lib/pkgconfig/smlint.pc"
[ $? != 0 ]
tally $? "DESTDIR leaked into smlint.pc"
flags=$(PKG_CONFIG_PATH="$scratch/usr/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$scratch" pkg-config --cflags --libs smlint 2>/dev/null)
${CC:-cc} -std=c11 -I"$scratch/usr/include" tests/example/lint_one.c -L"$scratch/usr/lib" $flags -o "$scratch/lint_one" 2>"$scratch/log"
tally $? "the example does not compile against the installed library: $(head -n 3 "$scratch/log")"
LD_LIBRARY_PATH="$scratch/usr/lib" "$scratch/lint_one" tests/drafts/personal-boosts-party.txt 2>&1 | grep -q impartiality/
tally $? "the example does not run with the shared library"
make --no-print-directory "$@" uninstall DESTDIR="$scratch" PREFIX=/usr >"$scratch/log" 2>&1
left=$(find "$scratch/usr" -type f -o -type l | grep -v -e lint_one)
[ -z "$left" ]
tally $? "make uninstall leaves $left"
echo "install: $good passed, $bad failed"
[ "$bad" = 0 ]
