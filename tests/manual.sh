#!/bin/sh
# The manual pages: well formed, complete (manlist.sh), and with examples that run (manrun.sh).
cd "$(dirname "$0")/.." || exit 2
good=0 bad=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

if command -v mandoc >/dev/null; then
    for page in man/*.[1-8]; do
        if mandoc -T lint -W warning "$page"; then good=$((good + 1)); else bad=$((bad + 1)); fi
    done
else
    echo "manual: mandoc is not installed, so pages were not linted: skipped"
fi
for part in manlist manrules manrun; do
    "tests/$part.sh" >"$log"
    cat "$log"
    good=$((good + $(sed -n "s/^$part: \([0-9]*\) passed.*/\1/p" "$log")))
    bad=$((bad + $(sed -n "s/^$part: .* \([0-9]*\) failed/\1/p" "$log")))
done
echo "manual: $good passed, $bad failed"
[ "$bad" = 0 ]
