#!/bin/sh
# Golden cases: folders below tests/golden and tests/regress that hold a file `cmd`. Each is copied to a scratch folder
# (with tests/golden/rules.yaml where it has no rules.yaml) and run there with the built sm-lint first in PATH; no configuration file
# of the machine counts; standard output, standard error and exit status must be those of the
# files stdout, stderr and exit (missing: empty, empty, 0). Usage: golden.sh [--bless] [PART OF A NAME]
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.." || exit 2
B=$(cd "${B:-build/release}" && pwd)
bless=
[ "${1:-}" = --bless ] && { bless=1; shift; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
good=0 bad=0
for cmd in $(find tests/golden tests/regress -name cmd 2>/dev/null | grep -F "${1:-}" | sort); do
    case=$(dirname "$cmd")
    rm -rf "$scratch/case" && mkdir -p "$scratch/case" "$scratch/.git" && cp -R "$case/." "$scratch/case"
    [ -e "$scratch/case/rules.yaml" ] || cp tests/golden/rules.yaml "$scratch/case"
    rm -f "$scratch/case/stdout" "$scratch/case/stderr" "$scratch/case/exit"
    (cd "$scratch/case" && env -u NO_COLOR -u CLICOLOR_FORCE -u COLUMNS -u SOURCE_DATE_EPOCH XDG_CONFIG_HOME="$scratch" XDG_CONFIG_DIRS="$scratch" PATH="$B:$PATH" LC_ALL=C.UTF-8 TERM=dumb \
        sh ./cmd </dev/null >"$scratch/stdout" 2>"$scratch/stderr")
    echo $? >"$scratch/exit"
    if [ -n "$bless" ]; then
        for f in stdout stderr exit; do
            if [ "$f" = exit ] && [ "$(cat "$scratch/exit")" = 0 ]; then rm -f "$case/exit"
            elif [ -s "$scratch/$f" ]; then cp "$scratch/$f" "$case/$f"
            else rm -f "$case/$f"; fi
        done
        continue
    fi
    ok=1
    for f in stdout stderr exit; do
        want="$case/$f"
        if [ ! -e "$want" ]; then
            want="$scratch/want"
            if [ "$f" = exit ]; then echo 0 >"$want"; else : >"$want"; fi
        fi
        if ! cmp -s "$want" "$scratch/$f"; then
            echo "$case: $f differs"
            diff "$want" "$scratch/$f" | head -n 10
            ok=
        fi
    done
    if [ -n "$ok" ]; then good=$((good + 1)); else bad=$((bad + 1)); fi
done
[ -n "$bless" ] && exit 0
echo "golden: $good passed, $bad failed"
[ "$bad" = 0 ]
