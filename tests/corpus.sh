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
        <"$scratch/$part.in" >"$scratch/$part.out" || echo "corpus: sm-lint ended with $? on $part"
done

cat >"$scratch/judge.awk" <<'END'
function value(key) {
    if (!match($0, "\"" key "\": *\"[^\"]*\""))
        return ""
    s = substr($0, RSTART, RLENGTH - 1)
    sub(/.*"/, "", s)
    return s
}
function fail(text) {
    print text
    bad++
}
# Puts into `seen` every family that found something, and into `heldby` those that hold.
function findings(rest,    pair) {
    split("", seen)
    split("", heldby)
    while (match(rest, /"rule":"[^"]*","grade":"[a-z]*"/)) {
        split(substr(rest, RSTART, RLENGTH), pair, "\"")
        rest = substr(rest, RSTART + RLENGTH)
        rule = pair[4]
        sub(/\/.*/, "", pair[4])
        seen[pair[4]] = rule
        if (pair[8] != "notice")
            heldby[pair[4]] = rule
    }
}
# What is wrong with this report on the draft `id`, or nothing.
function complaint(id, grade,    f, n, family, others) {
    findings($0)
    if (part[id] == "held") {
        if (grade != "warning" && grade != "error")
            return "must be held as " families[id] ", is " grade
        held++
        heldin[first[id]]++
        n = split(families[id], family, " ")
        for (f = 1; f <= n; f++)
            if (family[f] in heldby) {
                right++
                rightin[first[id]]++
                return ""
            }
        for (f in heldby)
            others = others " " heldby[f]
        return "must be held as " families[id] ", is held by" others
    }
    if (grade == "warning" || grade == "error")
        for (f in heldby)
            return "must not be held, is by " heldby[f]
    if (part[id] == "lookalikes")
        for (f in seen)
            if (index(id, f "-") == 1)
                return "must leave " f " silent, draws " seen[f]
    return ""
}
FILENAME == known {
    line++
    if ($0 == "" || /^#/)
        next
    if (NF < 2)
        fail(place ":" line ": \"" $1 "\" has no reason")
    if ($1 in excused)
        fail(place ":" line ": \"" $1 "\" is there twice")
    excused[$1] = line
    next
}
FILENAME ~ /\.in$/ {
    id = value("id")
    if (id == "" || id in part)
        fail("a draft has no id, or that of another: " substr($0, 1, 60))
    part[id] = FILENAME
    gsub(/.*\/|\.in$/, "", part[id])
    total[part[id]]++
    if (part[id] == "held" && match($0, /"families": *\[[^]]*\]/)) {
        families[id] = substr($0, RSTART, RLENGTH)
        gsub(/.*\[|[]",]/, "", families[id])
        first[id] = families[id]
        sub(/ .*/, "", first[id])
        of[first[id]]++
    }
    next
}
{
    id = value("id")
    answered[id] = 1
    why = complaint(id, value("grade"))
    if (why == "") {
        good++
        ok[part[id]]++
        if (id in excused) {
            passes[id] = 1
            if (!mend)
                fail(place ":" excused[id] ": \"" id "\" passes now; take it out")
        }
    } else if (id in excused)
        waived++
    else
        fail(id ": " why)
}
END {
    if (!total["clean"] || !total["held"])
        fail(place ": there are no drafts beside it")
    for (id in part)
        if (!(id in answered))
            fail(id ": sm-lint gave no answer")
    for (id in excused)
        if (!(id in part))
            fail(place ":" excused[id] ": there is no draft \"" id "\"")
    for (id in passes)
        print id >mended
    if (table) {
        printf "%-14s %5s %5s %5s\n", "family", "of", "held", "right"
        for (f in of)
            printf "%-14s %5d %5d %5d\n", f, of[f], heldin[f], rightin[f] | "sort"
        close("sort")
    }
    printf "clean %d/%d, held %d/%d, right family %d/%d, look-alikes %d/%d\n", ok["clean"], total["clean"],
        held, total["held"], right, total["held"], ok["lookalikes"], total["lookalikes"]
    printf "corpus: %d passed, %d failed", good, bad
    if (waived)
        printf ", %d known", waived
    print ""
    exit bad > 0
}
END

awk -v known="$scratch/known" -v place="$C/known.txt" -v mended="$scratch/mended" -v table="$table" -v mend="$mend" \
    -f "$scratch/judge.awk" "$scratch/known" "$scratch"/clean.in "$scratch"/held.in "$scratch"/lookalikes.in \
    "$scratch"/clean.out "$scratch"/held.out "$scratch"/lookalikes.out
status=$?
if [ -n "$mend" ] && [ -e "$scratch/mended" ]; then
    awk 'NR == FNR { gone[$1] = 1; next } !($1 in gone)' "$scratch/mended" "$scratch/known" >"$C/known.txt"
fi
exit "$status"
