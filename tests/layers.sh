#!/bin/sh
# Holds the directions of includes: who may see whom, and the one door of each foreign library.
# Prints each breach and a last line "layers: N passed, N failed", one test an including file.
cd "$(dirname "$0")/.." || exit 2
log=$(mktemp)
trap 'rm -f "$log"' EXIT

for f in $(find src -name '*.[ch]' -o -name '*.def' -o -name '*.inc' | sort); do
    awk -v file="$f" '
    BEGIN {
        may["base"] = "base"
        may["image"] = "image base"
        may["text"] = "text base"
        may["match"] = "match image text base"
        may["rulebook"] = "rulebook image base"
        may["report"] = "report base"
        may["cli"] = "cli base"
        may["gen"] = "rulebook image base"
        may["."] = "base text image match rulebook report ."
        extra["rulebook text/norm.h"] = extra["rulebook match/pattern.h"] = extra["rulebook match/detect.h"] = 1
        extra["rulebook match/detect.def"] = 1
        door["pcre2.h"] = "src/match/pattern.c"
        door["yaml.h"] = "src/base/yaml.c"
        door["utf8proc.h"] = "src/text/norm.c"
        door["md4c.h"] = "src/text/read_markdown.c"
        door["pthread.h"] = "src/smlint_rulebook.c src/cli/filter.c"
        layer = file
        sub("^src/", "", layer)
        if (layer !~ /\//) layer = "."
        sub("/.*", "", layer)
    }
    /^#[ ]*include/ {
        name = $2
        gsub(/[<>"]/, "", name)
        if ($2 ~ /^</) {
            if (name in door && index(" " door[name] " ", " " file " ") == 0) {
                print file ":" NR ": <" name "> belongs to " door[name] " alone"
                bad = 1
            }
            next
        }
        to = name
        if (to !~ /\//) to = "."
        sub("/.*", "", to)
        if (index(" " may[layer] " ", " " to " ") == 0 && !((layer " " name) in extra)) {
            print file ":" NR ": " layer " may not include \"" name "\""
            bad = 1
        }
    }
    END { exit bad }' "$f" && echo ok || echo breach
done > "$log"
grep -v -x -e ok -e breach "$log"
good=$(grep -c -x ok "$log")
bad=$(grep -c -x breach "$log")

# Headers of one folder must not include each other in a circle.
circle=$(find src -name '*.h' | while read -r h; do
    sed -n 's|^#include "\([a-z_/]*\.h\)".*|\1|p' "$h" | while read -r to; do
        [ -e "src/$to" ] && echo "src/$to $h"
    done
done | tsort 2>&1 >/dev/null | grep -v '^tsort: -: input contains a loop' | sed 's/^tsort: //')
if [ -n "$circle" ]; then
    echo "headers include each other in a circle:" $circle
    bad=$((bad + 1))
else
    good=$((good + 1))
fi
echo "layers: $good passed, $bad failed"
[ "$bad" = 0 ]
