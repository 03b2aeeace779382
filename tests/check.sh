#!/bin/sh
# Runs the parts of `make check` that are named (all: every one) and counts. The last line is the sum.
cd "$(dirname "$0")/.." || exit 2
B=${B:-build/release}
CC=${CC:-cc}
export B CC
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0
parts=$*
[ "$parts" = all ] && parts="unit rules corpus coverage advice golden manual readme fuzz layers upkeep symbols headers example install"

# Takes the last "N passed, N failed" of what a part printed.
count() {
    line=$(grep -o '[0-9]* passed, [0-9]* failed' "$log" | tail -n 1)
    if [ -z "$line" ]; then
        failed=$((failed + 1))
        echo "$1: ended without a count"
        return
    fi
    passed=$((passed + ${line%% *}))
    rest=${line#*, }
    failed=$((failed + ${rest%% *}))
}

run_script() {
    "$@" >"$log" 2>&1
    cat "$log"
    count "$1"
}

run_unit() {
    for t in "$B"/tests/unit/test_*; do
        case $t in *.o | *.d) continue ;; esac
        [ -x "$t" ] || continue
        timeout 300 ${VALGRIND:-} "$t" >"$log" 2>&1
        status=$?
        good=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test(s)\..*/\1/p' "$log" | awk '{ s += $1 } END { print s + 0 }')
        bad=$(sed -n 's/^\[  FAILED  \] *\([0-9]*\) test(s), listed below:.*/\1/p' "$log" | awk '{ s += $1 } END { print s + 0 }')
        [ "$status" != 0 ] && [ "$bad" = 0 ] && bad=1
        [ "$bad" = 0 ] || grep -v -e '^\[ RUN' -e '^\[       OK' "$log" | head -n 40
        grep -i -e '^skipped' -e ': skipped' -e '^suite: ' "$log"
        echo "$(basename "$t"): $good passed, $bad failed"
        passed=$((passed + good)) failed=$((failed + bad))
    done
}

run_rules() {
    "$B"/sm-lint test rules/rulebook.yaml >"$log" 2>&1
    head -n 60 "$log"
    count "sm-lint test"
}

run_fuzz() {
    good=0 bad=0
    for f in "$B"/tests/fuzz/fuzz_*; do
        case $f in *.o | *.d) continue ;; esac
        [ -x "$f" ] || continue
        name=$(basename "$f")
        if "$f" "tests/fuzz/corpus/${name#fuzz_}" >"$log" 2>&1; then good=$((good + 1)); else
            bad=$((bad + 1))
            echo "$name: failed on its corpus"
            tail -n 20 "$log"
        fi
    done
    echo "fuzz corpora: $good passed, $bad failed"
    passed=$((passed + good)) failed=$((failed + bad))
}

# Every header stands alone.
run_headers() {
    good=0 bad=0
    for h in include/smlint.h $(find src -name '*.h' | sort); do
        if $CC -std=c11 -D_XOPEN_SOURCE=700 -Wall -Wextra -Iinclude -Isrc -fsyntax-only -x c "$h" 2>"$log" && [ ! -s "$log" ]; then
            good=$((good + 1))
        else
            bad=$((bad + 1))
            head -n 5 "$log"
        fi
    done
    echo "headers: $good passed, $bad failed"
    passed=$((passed + good)) failed=$((failed + bad))
}

run_example() {
    "$B"/tests/example/lint_one tests/drafts/personal-boosts-party.txt >"$log" 2>&1
    if [ $? = 1 ] && grep -q 'election/urges-a-vote' "$log"; then
        passed=$((passed + 1))
        echo "example program: 1 passed, 0 failed"
    else
        failed=$((failed + 1))
        cat "$log"
        echo "example program: 0 passed, 1 failed"
    fi
}

for part in $parts; do
    case $part in
    unit) run_unit ;;
    rules) run_rules ;;
    corpus) run_script tests/corpus.sh ;;
    coverage) run_script tests/coverage.sh ;;
    advice) run_script tests/advice.sh ;;
    golden) run_script tests/golden.sh ;;
    manual) run_script tests/manual.sh ;;
    readme) run_script tests/readme.sh ;;
    fuzz) run_fuzz ;;
    layers) run_script tests/layers.sh ;;
    upkeep) run_script tests/upkeep.sh ;;
    symbols) run_script tests/symbols.sh ;;
    headers) run_headers ;;
    example) run_example ;;
    install) run_script tests/install.sh ;;
    *) echo "check: there is no part \"$part\"" >&2; exit 2 ;;
    esac
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
