#!/bin/sh
# Builds each fuzzer with libFuzzer and runs it for FUZZ_SECONDS on its corpus; finds stay in build/fuzz.
cd "$(dirname "$0")/../.." || exit 2
mkdir -p build/fuzz
status=0
for f in tests/fuzz/fuzz_*.c; do
    name=$(basename "$f" .c)
    echo "== $name"
    clang -std=c11 -D_POSIX_C_SOURCE=200809L -g -O1 -Iinclude -Isrc -fsanitize=fuzzer,address,undefined \
        "$f" "$B/libsmlint.a" $LIBS -o "build/fuzz/$name" || exit 1
    mkdir -p "build/fuzz/corpus-$name"
    build/fuzz/"$name" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 -rss_limit_mb=2048 -dict=tests/fuzz/sm-lint.dict \
        -artifact_prefix=build/fuzz/ "build/fuzz/corpus-$name" "tests/fuzz/corpus/${name#fuzz_}" 2>&1 | tail -n 4 || status=1
done
exit $status
