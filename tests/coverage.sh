#!/bin/sh
# What people are asked to keep (rules/obligations.yaml) against the rules: coverage.md is what the program makes of them now, and
# every obligation has a rule, or a line in rules/README.md that says why it has none. Last line "coverage: N passed, N failed".
cd "$(dirname "$0")/.." || exit 2
B=${B:-build/release}
good=0 bad=0
verdict() {
    if [ "$1" = 0 ]; then good=$((good + 1)); else
        bad=$((bad + 1))
        echo "$2"
    fi
}

made=$(mktemp)
trap 'rm -f "$made"' EXIT
"$B"/sm-lint rules --format coverage >"$made" || exit 2
cmp -s "$made" rules/coverage.md
verdict $? "rules/coverage.md: stale; make coverage writes it anew"

# Lines of README.md that explain an obligation: its name, and the section it stands in.
explained=$(awk '
    /^## / { section = tolower(substr($0, 4)); gsub(/[^a-z ]/, "", section); gsub(/ /, "-", section) }
    /^\| `[a-z0-9-]*` \|/ { gsub(/`/, "", $2); print $2, section }' rules/README.md)

# obligation, its rules (or none), README section (or -)
rows=$(sed -n 's/^| `\([^`]*\)` | .* | \(.*\) | .* | [0-9]* | [0-9]* |$/\1 \2/p' "$made" | awk '{
    section = "-"
    if (match($0, /README.md#[a-z-]*/))
        section = substr($0, RSTART + 10, RLENGTH - 10)
    print $1, ($2 ~ /^`/ ? "rules" : "none"), section }')

while read -r name rules section; do
    case "$rules $section" in
    "none -")
        verdict 1 "$name: has neither a rule nor a line in rules/README.md" ;;
    *" -")
        verdict 0 ;;
    *)
        printf '%s\n' "$explained" | grep -q -x -F "$name $section"
        verdict $? "$name: rules/README.md has no line on it under $section"
        [ "$rules $section" != "rules what-no-rule-looks-for-yet" ]
        verdict $? "$name: has a rule now; take \"see\" and its line in rules/README.md out" ;;
    esac
done <<END
$rows
END

while read -r name section; do
    printf '%s\n' "$rows" | grep -q -e "^$name [a-z]* $section\$"
    verdict $? "$name: rules/README.md explains it under $section, and rules/obligations.yaml does not say so"
done <<END
$explained
END
echo "coverage: $good passed, $bad failed"
[ "$bad" = 0 ]
