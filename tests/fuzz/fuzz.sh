#!/bin/sh
# Builds each fuzzer (or the one named) with libFuzzer and runs it for FUZZ_SECONDS on its corpus; finds stay in build/fuzz.
cd "$(dirname "$0")/../.." || exit 2
mkdir -p build/fuzz
status=0
for f in tests/fuzz/fuzz_${1:-*}.c; do
    name=$(basename "$f" .c)
    echo "== $name"
    clang -std=c11 -D_XOPEN_SOURCE=700 -g -O1 -Iinclude -Isrc -fsanitize=fuzzer,address,undefined \
        -fno-sanitize-recover=all "$f" $(sed -n 's|^/\* Links with \(.*\) \*/$|\1|p' "$f") "$B/libsmlint.a" $LIBS -o "build/fuzz/$name" || exit 1
    mkdir -p "build/fuzz/corpus-$name"
    build/fuzz/"$name" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 -rss_limit_mb=2048 \
        -dict=tests/fuzz/sm-lint.dict -artifact_prefix="build/fuzz/$name-" \
        "build/fuzz/corpus-$name" "tests/fuzz/corpus/${name#fuzz_}" >"build/fuzz/$name.log" 2>&1 || status=1
    tail -n 4 "build/fuzz/$name.log"
done
exit $status
