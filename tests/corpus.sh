#!/bin/sh
# Holds the built-in rules to drafts that nobody wrote for them; tests/corpus/README.md says what they are. A draft of
# clean/ must not be held, one of held/ must be held under a family it names, and one of lookalikes.jsonl must neither be
# held nor draw a remark from the family whose obligation it looks like. What fails is named, unless tests/corpus/known.txt
# has it; and so is what known.txt has though it passes.
# Usage: corpus.sh [--table] [--mend]. --table adds the figures of every family; --mend takes out of known.txt what passes.
# CORPUS names another folder made like tests/corpus.
cd "$(dirname "$0")/.." || exit 2
B=${B:-build/release}
C=${CORPUS:-tests/corpus}
table='' mend=''
for option; do
    case $option in
    --table) table=1 ;;
    --mend) mend=1 ;;
    *) echo "corpus.sh: there is no option \"$option\"" >&2; exit 2 ;;
    esac
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
: >"$scratch/known"
[ -e "$C/known.txt" ] && cp "$C/known.txt" "$scratch/known"

# The day is fixed: who is a minister, and whether there is an election, must not change under the drafts.
for part in clean held lookalikes; do
    find "$C" -path "$C/$part*.jsonl" | sort | xargs cat >"$scratch/$part.in"
    timeout 120 "$B"/sm-lint --no-config --date 2026-11-20 --input jsonl --format jsonl --fail-on never - \
        <"$scratch/$part.in" >"$scratch/$part.out" || { echo "sm-lint ended with $? on the drafts of $part"; exit 1; }
done

awk -v known="$scratch/known" -v place="$C/known.txt" -v mended="$scratch/mended" -v table="$table" -v mend="$mend" \
    -f tests/corpus.awk "$scratch/known" "$scratch"/clean.in "$scratch"/held.in "$scratch"/lookalikes.in \
    "$scratch"/clean.out "$scratch"/held.out "$scratch"/lookalikes.out
status=$?
if [ -n "$mend" ] && [ -e "$scratch/mended" ]; then
    awk 'NR == FNR { gone[$1] = 1; next } !($1 in gone)' "$scratch/mended" "$scratch/known" >"$C/known.txt"
fi
exit "$status"
