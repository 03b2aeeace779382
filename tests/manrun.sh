#!/bin/sh
# Runs the examples of the manual pages: every line that begins with "$ " in a literal display, in one scratch folder a page.
# Output shown below a command must be what it prints; "..." stands for anything. No command may end with a status
# above 1. Prints "manrun: N passed, N failed" last.
cd "$(dirname "$0")/.." || exit 2
B=$(cd "${B:-build/release}" && pwd) || exit 2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
good=0 bad=0

# One file a command: its first line is the command, the rest what it should print.
extract() {
    awk -v to="$scratch/commands" '
    /^\.Bd -literal/ { inside = 1; next }
    /^\.Ed/ { inside = file = 0; next }
    !inside { next }
    { gsub(/\\&/, ""); gsub(/\\e/, "\\"); gsub(/\\-/, "-") }
    /^\$ / { file = sprintf("%s/%03d", to, ++n); print substr($0, 3) > file; next }
    file { print > file }' "$1"
}

run() {
    sed 1d "$1" >"$scratch/want"
    (cd "$scratch/work" && env -u SOURCE_DATE_EPOCH XDG_CONFIG_HOME="$scratch" XDG_CONFIG_DIRS="$scratch" PATH="$B:$PATH" LC_ALL=C.UTF-8 TERM=dumb \
        sh -c "$(sed 1q "$1")" </dev/null >"$scratch/got" 2>"$scratch/err")
    status=$?
    if [ "$status" -gt 1 ]; then
        echo "exit status $status"
        cat "$scratch/err"
        return 1
    fi
    [ ! -s "$scratch/want" ] || [ "$(cat "$scratch/want")" = ... ] || diff "$scratch/want" "$scratch/got"
}

for page in man/*.[1-8]; do
    rm -rf "$scratch/work" "$scratch/commands"
    mkdir "$scratch/work" "$scratch/commands"
    extract "$page"
    for command in "$scratch"/commands/*; do
        [ -e "$command" ] || continue
        if run "$command" >"$scratch/says"; then
            good=$((good + 1))
        else
            bad=$((bad + 1))
            echo "$page: $(sed 1q "$command")"
            cat "$scratch/says"
        fi
    done
done
echo "manrun: $good passed, $bad failed"
[ "$bad" = 0 ]
