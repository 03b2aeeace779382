#!/bin/sh
# The manual pages name what there is, and nothing else: verbs and options are compared with --help of every verb, functions
# with smlint.h, keys of the configuration with its schema. Prints each difference and a last line "manlist: N passed, N failed", one test a name.
cd "$(dirname "$0")/.." || exit 2
B=${B:-build/release}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
good=0 bad=0

# compare WHAT LEFT RIGHT: two lists of names, where each came from said as "in LEFT".
compare() {
    sort -u "$scratch/left" >"$scratch/l"
    sort -u "$scratch/right" >"$scratch/r"
    good=$((good + $(comm -12 "$scratch/l" "$scratch/r" | wc -l)))
    bad=$((bad + $(comm -3 "$scratch/l" "$scratch/r" | wc -l)))
    comm -23 "$scratch/l" "$scratch/r" | sed "s|^|$1: in $2, not in $3: |"
    comm -13 "$scratch/l" "$scratch/r" | sed "s|^|$1: in $3, not in $2: |"
}

"$B"/sm-lint --help | sed -n '/^Verbs/,/^$/s/^  \([a-z]*\)  .*/\1/p' >"$scratch/left"
verbs=$(cat "$scratch/left")
sed -n 's/^\.It Cm \([a-z]*\)$/\1/p' man/sm-lint.1 >"$scratch/right"
compare verb --help man/sm-lint.1

for verb in $verbs; do
    "$B"/sm-lint "$verb" --help
done | sed -n 's/^ *\(-., \)\{0,1\}--\([a-z-]*\).*/\1--\2/p' | tr -d ' ' | tr , '\n' >"$scratch/left"
# ".It Fl f Ar name , Fl -format Ns = Ns Ar name" has -f and --format.
grep '^\.It Fl' man/sm-lint.1 | grep -o 'Fl -\{0,1\}[a-zA-Z0-9-]*' | sed 's/^Fl /-/' >"$scratch/right"
compare option --help man/sm-lint.1

sed -n 's/^SML_API .*[ *]\(sml_[a-z_0-9]*\)(.*/\1/p' include/smlint.h >"$scratch/left"
sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/s/^\.Fn \([a-z_0-9]*\) .*/\1/p' man/smlint.3 >"$scratch/right"
compare function include/smlint.h man/smlint.3

# Keys of the configuration, with what they mean.
"$B"/sm-lint config --schema | sed -n 's/^"\([^"]*\)":{"description":"\(.*\)","allOf":.*/\1: \2/p' |
    sed 's/\\"/"/g' >"$scratch/left"
awk '
    /^\.Sh/ { keys = $2 == "KEYS" }
    /^\.(It|El|Ss|Sh)/ { if (row) print row; row = "" }
    keys && /^\.It Cm/ { row = $3 ":"; next }
    row && !/^\./ { row = row " " $0 }' man/sm-lint-config.5 >"$scratch/right"
compare key "config --schema" man/sm-lint-config.5

echo "manlist: $good passed, $bad failed"
[ "$bad" = 0 ]
