#!/usr/bin/awk -f
# A rulebook of `n` made-up rules beside those of rulebook.yaml: pronounceable words, two to four phrases a rule, as real
# rules have. The same every time.
function syllable() { return substr("bcdfghklmnprstvw", int(r() * 16) + 1, 1) substr("aeiou", int(r() * 5) + 1, 1) substr("lmnrst", int(r() * 6) + 1, 1) }
function r() { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648 }
function word(  w, k, i) { k = 1 + int(r() * 3); w = ""; for (i = 0; i < k; i++) w = w syllable(); return w }
BEGIN {
    seed = 7
    print "smlint: 1\npack: {id: bench, title: Bench, version: 1.0.0, language: en-GB}"
    print "include: [rulebook.yaml]\nsources:\n  bench: {title: None, year: 2026, url: 'https://example.invalid/', read: '2026-11-20', verified: false}\nrules:"
    for (i = 0; i < n; i++) {
        first = word() " " word()
        print "- id: bench/rule-" i "\n  title: Rule " i "\n  grade: notice\n  message: {en: 'Made up.'}\n  cite: [{source: bench, at: nowhere}]"
        printf "  phrases: ['%s'", first
        for (k = 1 + int(r() * 3); k > 0; k--) printf ", '%s {%s|%s} %s'", word(), word(), word(), word()
        print "]\n  examples: {hits: ['[[" first "]]'], clean: ['nothing']}"
    }
    exit
}
