#!/bin/sh
# Installs what the build and the tests (or with the word "build" the build alone) need and this machine lacks; says the one line to run where it may not.
set -u

missing=
wanted='libpcre2-8:pcre2 yaml-0.1:yaml libutf8proc:utf8proc md4c:md4c'
[ "${1:-}" = build ] || wanted="$wanted cmocka:cmocka"
for library in $wanted; do
    pkg-config --exists "${library%%:*}" 2>/dev/null || missing="$missing ${library##*:}"
done
command -v pkg-config >/dev/null 2>&1 || missing="$missing pkg-config"
[ "${1:-}" = build ] || command -v mandoc >/dev/null 2>&1 || missing="$missing mandoc"
[ -z "$missing" ] && exit 0

names() {
    for m in $missing; do
        case "$1:$m" in
        apt:pcre2) echo libpcre2-dev ;;      dnf:pcre2) echo pcre2-devel ;;
        apt:yaml) echo libyaml-dev ;;        dnf:yaml) echo libyaml-devel ;;
        apt:utf8proc) echo libutf8proc-dev ;; dnf:utf8proc) echo utf8proc-devel ;;
        apt:md4c) echo libmd4c-dev ;;        dnf:md4c) echo md4c-devel ;;
        apt:cmocka) echo libcmocka-dev ;;    dnf:cmocka) echo libcmocka-devel ;;
        brew:yaml) echo libyaml ;;           dnf:pkg-config) echo pkgconf-pkg-config ;;
        *) echo "$m" ;;
        esac
    done | tr '\n' ' '
}

as_root=
if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root=sudo; else as_root=no; fi
fi

if command -v apt-get >/dev/null 2>&1; then
    line="apt-get install -y $(names apt)"
    prepare="apt-get update -q"
elif command -v dnf >/dev/null 2>&1; then
    line="dnf install -y $(names dnf)"
    prepare=true
elif command -v brew >/dev/null 2>&1; then
    line="brew install $(names brew)"
    prepare=true
    as_root=
else
    echo "missing:$missing; install them with your package manager, development files included" >&2
    exit 1
fi

if [ "$as_root" = no ]; then
    echo "missing:$missing; run: sudo $line" >&2
    exit 1
fi
echo "installing:$missing"
log=$(mktemp)
if ! { $as_root $prepare && DEBIAN_FRONTEND=noninteractive $as_root $line; } >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    echo "could not install:$missing; run: $line" >&2
    exit 1
fi
rm -f "$log"
