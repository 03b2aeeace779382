#!/bin/sh
# Measures sm-lint against its targets. Every figure is a ratio within one run; machines are noisy, so nothing here passes
# or fails. SML_DATA may name a folder with posts/*.jsonl of real posts; without it the sample drafts stand in.
cd "$(dirname "$0")/../.." || exit 2
B=$(cd "${B:-build/release}" && pwd)
CC=${CC:-cc}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
compare="$B/tests/bench/compare"
lint="$B/sm-lint"

real=$(ls "${SML_DATA:-/nonexistent}"/posts/*.jsonl 2>/dev/null)
if [ -n "$real" ]; then
    cat $real >"$scratch/seed"
    echo "corpus: real posts from SML_DATA"
else
    cat tests/drafts/archive.jsonl >"$scratch/seed"
    echo "corpus: the sample drafts (set SML_DATA for real posts)"
fi
size=$(wc -c <"$scratch/seed")
copies=$((64 * 1024 * 1024 / size + 1))
i=0
while [ $i -lt $copies ]; do cat "$scratch/seed"; i=$((i + 1)); done >"$scratch/archive.jsonl"
mb=$(($(wc -c <"$scratch/archive.jsonl") / 1000000))

echo 'int main(void) { return 0; }' >"$scratch/empty.c"
$CC -O2 "$scratch/empty.c" -o "$scratch/empty"

echo; echo "== cold start, one short draft (target: x 1.5)"
"$compare" 300 "empty C program" "$scratch/empty" -- \
    "sm-lint, clean draft" "$lint" --no-config --account official tests/drafts/clean-official.txt -- \
    "sm-lint, draft with findings" "$lint" --no-config --account personal tests/drafts/personal-boosts-party.txt

echo; echo "== cold start with a configuration of 200 lines (target: x 2), and where none is found (target: as without)"
mkdir -p "$scratch/team/.git" "$scratch/alone/.git" "$scratch/team/drafts"
cp tests/drafts/clean-official.txt "$scratch/team/drafts/a.txt"
cp tests/drafts/clean-official.txt "$scratch/alone/a.txt"
tests/bench/config.awk -v year=$(($(date +%Y) + 1)) </dev/null >"$scratch/team/.sm-lint.yaml"
"$compare" 300 "empty C program" "$scratch/empty" -- \
    "--no-config" "$lint" --no-config "$scratch/alone/a.txt" -- \
    "none found" "$lint" "$scratch/alone/a.txt" -- \
    "$(wc -l <"$scratch/team/.sm-lint.yaml") lines" "$lint" "$scratch/team/drafts/a.txt"

filter="--no-config --input jsonl --format jsonl --fail-on never"
echo; echo "== archive filter, $mb MB of JSONL (target: 60 MB/s; --jobs 2 at most x 0.56)"
"$compare" 5 "one thread" "$lint" $filter --jobs 1 "$scratch/archive.jsonl" -- \
    "two threads" "$lint" $filter --jobs 2 "$scratch/archive.jsonl" | tee "$scratch/times"
awk -v mb="$mb" '{ for (i = 1; i <= NF; i++) if ($i == "ms") printf "%s %s: %.1f MB/s\n", $1, $2, mb * 1000 / $(i - 1) }' "$scratch/times"
"$lint" $filter --jobs 1 "$scratch/archive.jsonl" | cksum >"$scratch/one"
"$lint" $filter --jobs 2 "$scratch/archive.jsonl" | cksum >"$scratch/two"
cmp -s "$scratch/one" "$scratch/two" && echo "one thread and two: the same bytes" || echo "one thread and two: DIFFERENT BYTES"

echo; echo "== ten times the rules (target: x 1.5)"
rules=$("$lint" rules --format names | wc -l)
tests/bench/rules.awk -v n=$((rules * 9)) -v top="$(pwd)/rules/rulebook.yaml" </dev/null >"$scratch/more.yaml"
mkdir "$scratch/book" && cp -R rules/. "$scratch/book/" && cp "$scratch/more.yaml" "$scratch/book/more.yaml"
"$lint" compile "$scratch/book/more.yaml" -o "$scratch/more.smi" || echo "the generated rulebook does not compile"
"$lint" compile rules/rulebook.yaml -o "$scratch/plain.smi"
"$compare" 5 "$rules rules" "$lint" $filter --jobs 1 --no-builtin --rulebook "$scratch/plain.smi" "$scratch/archive.jsonl" -- \
    "$((rules * 10)) rules" "$lint" $filter --jobs 1 --no-builtin --rulebook "$scratch/more.smi" "$scratch/archive.jsonl"

echo; echo "== one post of 16 MB against sixteen of 1 MB (target: x 1)"
sed -n 's/.*"text": *"\(\([^"\\]\|\\.\)*\)".*/\1/p' "$scratch/seed" | sed 's/\\[nrt]/ /g; s/\\u....//g; s/\\//g' >"$scratch/words"
while [ "$(wc -c <"$scratch/words")" -lt 16777216 ]; do cat "$scratch/words" "$scratch/words" >"$scratch/w2"; mv "$scratch/w2" "$scratch/words"; done
head -c 16000000 "$scratch/words" | iconv -c -f utf-8 -t utf-8 >"$scratch/big.txt"
i=0; files=
while [ $i -lt 16 ]; do
    tail -c +$((i * 1000000 + 1)) "$scratch/big.txt" | head -c 1000000 | iconv -c -f utf-8 -t utf-8 >"$scratch/part$i.txt"
    files="$files $scratch/part$i.txt"
    i=$((i + 1))
done
"$compare" 5 "sixteen of 1 MB" "$lint" --no-config --fail-on never --format jsonl $files -- \
    "one of 16 MB" "$lint" --no-config --fail-on never --format jsonl "$scratch/big.txt"

echo; echo "== a calendar of 100,000 rows against an archive of its posts (target: x 1.3), memory flat"
awk -v csv="$scratch/calendar.csv" -v jsonl="$scratch/calendar.jsonl" '
BEGIN { print "Date,Platform,Post copy,Owner" >csv }
{ gsub(/["\\\\]/, " ") } length > 20 && length < 400 && n < 100000 {
    n++
    print "23/11/2026,X,\"" $0 "\",Sam" >csv
    print "{\"date\": \"2026-11-23\", \"channel\": \"x\", \"text\": \"" $0 "\"}" >jsonl
}' "$scratch/words"
"$compare" 5 "JSONL" "$lint" --no-config --format jsonl --fail-on never "$scratch/calendar.jsonl" -- \
    "CSV" "$lint" --no-config --format jsonl --fail-on never "$scratch/calendar.csv"

echo; echo "== the same archive by others"
"$lint" rules --format names >"$scratch/names"
sed -n "s/^ *- '\{0,1\}\([a-z][a-z ]\{5,\}\)'\{0,1\}$/\1/p" rules/*.yaml rules/lists/*.yaml | sort -u >"$scratch/strings"
head -c 4000000 "$scratch/archive.jsonl" | sed '$d' >"$scratch/small.jsonl"
"$compare" 5 "sm-lint, 4 MB" "$lint" $filter --jobs 1 "$scratch/small.jsonl" -- \
    "grep -F -i -f, $(wc -l <"$scratch/strings") strings" grep -c -F -i -f "$scratch/strings" "$scratch/small.jsonl"
"$B"/tests/bench/brute "$scratch/small.jsonl"
for other in proselint write-good alex; do
    command -v $other >/dev/null 2>&1 || continue
    "$compare" 3 "sm-lint, one draft" "$lint" --no-config tests/drafts/clean-official.txt -- \
        "$other, one draft" $other tests/drafts/clean-official.txt
done
