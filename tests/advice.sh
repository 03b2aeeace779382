#!/bin/sh
# What rules offer to write instead, in quotation marks, is written as a post on an official and on a personal account: no rule
# may hold it, least of all the one that offered it. Last line "advice: N passed, N failed".
cd "$(dirname "$0")/.." || exit 2
B=${B:-build/release}
posts=$(mktemp)
trap 'rm -f "$posts"' EXIT
# A dot of three stands for a link where it ends a passage, and for some words where it does not.
awk '
    /^- id: / { rule = $3 }
    /^  instead: / {
        gsub(/\047\047/, "\047")
        while (match($0, /"[^"]*"/)) {
            text = substr($0, RSTART + 1, RLENGTH - 2)
            $0 = substr($0, RSTART + RLENGTH)
            gsub(/\\/, "", text)
            gsub(/…\)/, "https://www.gov.uk/page)", text)
            sub(/…[".]*$/, "https://www.gov.uk/page", text)
            gsub(/…/, "the page", text)
            for (i = split("official personal", account, " "); i; i--)
                printf "{\"id\":\"%s\",\"account\":\"%s\",\"text\":\"%s\"}\n", rule, account[i], text
        }
    }' rules/*.yaml >"$posts"
"$B"/sm-lint check --no-config --date 2026-11-20 --input jsonl -f jsonl --fail-on never "$posts" | awk '
    /"grade":"(clean|notice)"/ { good++; next }
    { bad++; print }
    END { printf "advice: %d passed, %d failed\n", good, bad; exit bad > 0 || good < 100 }'
