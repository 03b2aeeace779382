#!/usr/bin/awk -f
# A configuration of 200 lines, such as a large press office might have. -v year=: when what is lowered ends.
BEGIN {
    print "# What sm-lint is told once for this repository.\ngroup: restricted\nfail-on: warning\n\naccounts:"
    for (i = 1; i <= 24; i++) printf "  \"@team_%d\":\n    kind: official\n    channel: x\n", i
    print "\n# Who drafts what.\npaths:"
    for (i = 1; i <= 24; i++) printf "  drafts/team%d/**:\n    account: \"@team_%d\"\n", i, i
    print "\noverride:"
    print "  accessibility/fancy-letters: {grade: warning}"
    for (i = 1; i <= 1; i++) print "  engagement:\n    grade: notice\n    reason: We only broadcast.\n    by: A. Name\n    until: " year "-12-31"
    print "\nexclude:"
    for (i = 1; i <= 10; i++) printf "- paths: archive/%d/**\n  reason: Posted long ago.\n  by: A. Name\n  until: %d-12-31\n", i, year
    print "\ncalendar:"
    for (i = 1; i <= 5; i++) printf "  by-election-%d:\n    kind: local-election\n    from: 2027-01-%02d\n    to: 2027-02-%02d\n", i, i, i
}
