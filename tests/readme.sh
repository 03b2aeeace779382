#!/bin/sh
# Runs the screens of README.md: in a ```console block each line that begins with "$ " is a command of this folder, and what
# follows is what it must print, wrapping and the day's date apart. Options named anywhere in README.md must exist. The last
# line is "readme: N passed, N failed".
cd "$(dirname "$0")/.." || exit 2
B=$(cd "${B:-build/release}" && pwd) || exit 2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
good=0 bad=0
verdict() {
    if [ "$1" = 0 ]; then good=$((good + 1)); else
        bad=$((bad + 1))
        echo "$2"
    fi
}

# Marks under a line would only be in the way: their place depends on the wrapping.
words() {
    sed -e 's/judged as of [-0-9]* ([^)]*)/judged as of DAY/' -e '/^ *^~*$/d' | tr -s ' \n' '\n\n' | sed '/^$/d'
}

awk -v to="$scratch" '
    /^```/ { inside = /^```console/; file = ""; next }
    inside && /^\$ / { file = sprintf("%s/%02d", to, ++n); print substr($0, 3) > file; next }
    file { print > file }' README.md

for command in "$scratch"/[0-9]*; do
    sed 1d "$command" | words >"$scratch/want"
    PATH="$B:$PATH" LC_ALL=C.UTF-8 TERM=dumb XDG_CONFIG_HOME=$scratch sh -c "$(sed 1q "$command")" 2>&1 </dev/null |
        words >"$scratch/got"
    cmp -s "$scratch/want" "$scratch/got"
    verdict $? "README.md: \"$(sed 1q "$command")\" prints something else: $(diff "$scratch/want" "$scratch/got" | head -n 6)"
done

for option in $(grep -o -e 'sm-lint [^`]*' README.md | grep -o -e ' --[a-z-]*' | sort -u); do
    grep -q "\"${option#--}\"" src/cli/options.def
    verdict $? "README.md: there is no option $option"
done

echo "readme: $good passed, $bad failed"
[ "$bad" = 0 ]
