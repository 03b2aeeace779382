#!/bin/sh
# Holds what is kept by hand: a golden case for every complaint about a rulebook, Unicode tables as their script
# makes them, and the format of the sources. The last two only where the Unicode data and clang-format are there.
cd "$(dirname "$0")/.." || exit 2
good=0 bad=0
verdict() {
    if [ "$1" = 0 ]; then good=$((good + 1)); else
        bad=$((bad + 1))
        echo "$2"
    fi
}

# Of each row of diag.def: the name of its case, and the longest text between placeholders, which it must print.
rows=$(sed -n 's/^DIAG(\([A-Z_]*\), [A-Z]*, "\(.*\)")$/\1 \2/p' src/rulebook/diag.def | awk '{
    name = tolower($1)
    gsub(/_/, "-", name)
    sub(/^[^ ]* /, "")
    gsub(/\\"/, "\"")
    n = split($0, piece, /%(\.\*)?[a-z]/)
    longest = ""
    for (i = 1; i <= n; i++)
        if (length(piece[i]) > length(longest))
            longest = piece[i]
    print name "\t" longest
}')
tab=$(printf '\t')
while IFS=$tab read -r name text; do
    case=tests/golden/rulebook/$name
    [ -e "$case/cmd" ] && grep -q -F -e "$text" "$case/stderr"
    verdict $? "$case: does not print \"$text\" of src/rulebook/diag.def"
done <<END
$rows
END

if [ -e /usr/share/unicode/UnicodeData.txt ] && command -v python3 >/dev/null; then
    python3 src/gen/unicode_tables.py 2>&1 | cmp -s - src/base/unicode_tables.inc
    verdict $? "src/base/unicode_tables.inc: not what src/gen/unicode_tables.py makes of /usr/share/unicode"
else
    echo "skipped: no Unicode data, or no python3, to make src/base/unicode_tables.inc from"
fi

if command -v clang-format >/dev/null; then
    for f in $(find src include tests -name '*.[ch]' | sort); do
        clang-format --dry-run -Werror "$f" 2>/dev/null
        verdict $? "$f: not as clang-format leaves it; run make format"
    done
else
    echo "skipped: no clang-format to hold the sources against"
fi
echo "upkeep: $good passed, $bad failed"
[ "$bad" = 0 ]
