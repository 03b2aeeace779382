#!/bin/sh
# sm-lint-rules(5) against the program: its tables of keys and detectors say what the schema says, and the rulebooks it shows pass
# their own tests. Prints each difference and a last line "manrules: N passed, N failed".
cd "$(dirname "$0")/.." || exit 2
B=$(cd "${B:-build/release}" && pwd) || exit 2
page=man/sm-lint-rules.5
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
good=0 bad=0

# compare WHAT: the lines of two lists, from the schema and from the page.
compare() {
    sort -u "$scratch/schema" >"$scratch/l"
    sort -u "$scratch/page" >"$scratch/r"
    good=$((good + $(comm -12 "$scratch/l" "$scratch/r" | wc -l)))
    bad=$((bad + $(comm -3 "$scratch/l" "$scratch/r" | wc -l)))
    comm -23 "$scratch/l" "$scratch/r" | sed "s|^|$1: in the schema, not in $page: |"
    comm -13 "$scratch/l" "$scratch/r" | sed "s|^|$1: in $page, not in the schema: |"
}

"$B"/sm-lint rules --schema >"$scratch/all" || exit 2
sed -n 's/^    "\([^"]*\)":{"description":"\(.*\)","allOf":.*/\1: \2/p' "$scratch/all" |
    sed 's/\\"/"/g; s/\\\\/\\/g' >"$scratch/schema"
awk '
    /^\.Sh/ { keys = $2 == "KEYS" }
    /^\.(It|El|Ss|Sh)/ { if (row) print row; row = "" }
    keys && /^\.It Cm/ { row = $3 ":"; next }
    row && !/^\./ { gsub(/\\e/, "\\"); row = row " " $0 }' "$page" >"$scratch/page"
compare key

sed -n 's/.*"detect":{"description":[^[]*"allOf":\[{"enum":\[\([^]]*\)\].*/\1/p' "$scratch/all" |
    tr -d '"' | tr , '\n' >"$scratch/schema"
sed -n 's/^\.It Cm \([a-z-]*\) Ta .*/\1/p' "$page" >"$scratch/page"
compare detector

awk -v to="$scratch" '
    /^\.Bd -literal/ { at = NR + 1; next }
    /^\.Ed/ { file = ""; next }
    NR == at && /^smlint: 1$/ { file = sprintf("%s/%02d.yaml", to, ++n) }
    file { gsub(/\\&/, ""); gsub(/\\e/, "\\"); print > file }' "$page"
for rulebook in "$scratch"/*.yaml; do
    if "$B"/sm-lint test "$rulebook" >"$scratch/says" 2>&1 && ! grep -q warning: "$scratch/says"; then
        good=$((good + 1))
    else
        bad=$((bad + 1))
        sed "s|^$scratch/|$page: rulebook |" "$scratch/says"
    fi
done
echo "manrules: $good passed, $bad failed"
[ "$bad" = 0 ]
