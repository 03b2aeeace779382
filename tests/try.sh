#!/bin/sh
# What sm-lint says of the sample drafts.
cd "$(dirname "$0")/.." || exit 2
for draft in tests/drafts/*.txt; do
    case $draft in *personal-* | *grumble-*) account=personal ;; *) account=official ;; esac
    printf '$ sm-lint --account %s %s\n' "$account" "$draft"
    ./sm-lint --account "$account" "$draft"
    echo
done
cat <<'END'
That was sm-lint on the drafts in tests/drafts/. Now try it on one of yours:

    ./sm-lint --account official my-draft.txt

`./sm-lint explain RULE` tells more of a rule, `./sm-lint rules` lists them, `man ./man/sm-lint.1` is the manual.
END
