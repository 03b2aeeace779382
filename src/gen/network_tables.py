#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes src/text/network_tables.inc: what the networks' own rules need beyond Unicode's properties.

    python3 src/gen/network_tables.py emoji-test.txt > src/text/network_tables.inc

Run by hand; the output is committed, and equal input gives equal bytes. Read are

    emoji-test.txt                        of Unicode's newest emoji, for X counts every emoji as two characters;
                                          17.0 for the committed table (https://unicode.org/Public/17.0.0/emoji/)
    /usr/share/publicsuffix/public_suffix_list.dat    Debian's publicsuffix: its ICANN part holds every top-level domain
    /usr/share/unicode                                Debian's unicode-data: which characters are punctuation

emoji-test.txt: Copyright (c) 2025 Unicode, Inc. All rights reserved. Distributed under the Terms of Use in
https://www.unicode.org/copyright.html; SPDX-License-Identifier: Unicode-3.0. The public suffix list is MPL-2.0; names of
top-level domains are facts.
"""

import sys

SUFFIXES = '/usr/share/publicsuffix/public_suffix_list.dat'
CATEGORIES = '/usr/share/unicode/extracted/DerivedGeneralCategory.txt'
# X leaves these two alone unless U+FE0F follows.
PLAIN = {(0xA9,), (0xAE,)}


def rows(path):
    with open(path, encoding='utf-8') as f:
        for line in f:
            line = line.split('#')[0].strip()
            if line:
                yield [field.strip() for field in line.split(';')]


def sequences(path):
    """Every row, those without U+FE0F too; but not skin tones and hair alone, which are no emoji to write."""
    found = {tuple(int(cp, 16) for cp in fields[0].split()) for fields in rows(path)}
    return sorted(found - PLAIN)


class Node:
    def __init__(self):
        self.next, self.end = {}, False


def trie(all_sequences):
    root = Node()
    for sequence in all_sequences:
        node = root
        for cp in sequence:
            node = node.next.setdefault(cp, Node())
        node.end = True
    return root


def share(root):
    """Nodes that go on alike become one, numbered from the leaves; returns [(end, ((cp, number), ...))]."""
    numbers, states = {}, []

    def visit(node):
        key = (node.end, tuple((cp, visit(child)) for cp, child in sorted(node.next.items())))
        if key not in numbers:
            numbers[key] = len(states)
            states.append(key)
        return numbers[key]

    visit(root)
    return states


def top_level_domains():
    found = set()
    with open(SUFFIXES, encoding='utf-8') as f:
        for line in f:
            if 'END ICANN DOMAINS' in line:
                break
            line = line.strip()
            if not line or line.startswith('//'):
                continue
            found.add(line.rsplit('.', 1)[-1])
    found -= {'*'}
    return sorted(found, key=lambda s: s.encode())


def punctuation():
    ranges = []
    for first, _, last in sorted((lambda p: (int(p[0], 16), p[1], int(p[2] or p[0], 16)))(fields[0].partition('..'))
                                 for fields in rows(CATEGORIES) if fields[1].startswith('P')):
        if ranges and first == ranges[-1][1] + 1:
            ranges[-1][1] = last
        else:
            ranges.append([first, last])
    return ranges


def array(c_type, name, items, per_line):
    print(f'static const {c_type} {name}[] = {{')
    for i in range(0, len(items), per_line):
        print('    ' + ', '.join(items[i:i + per_line]) + ',')
    print('};')


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print('/* SPDX-License-Identifier: MIT AND Unicode-3.0 */')
    print('/* Written by src/gen/network_tables.py; do not edit. */')

    states = share(trie(sequences(sys.argv[1])))
    print('\n/* Emoji sequences as an automaton. State s has the edges [emoji_first[s] >> 1, emoji_first[s + 1] >> 1), by')
    print(' * code point; bit 0 says that a sequence may end there. An edge is code point << 11 | state. */')
    first, edges = [], []
    for end, out in states:
        first.append(len(edges) << 1 | end)
        edges += [f'0x{cp << 11 | number:08X}' for cp, number in out]
    first.append(len(edges) << 1)
    assert len(states) < 1 << 11
    print(f'enum {{ EMOJI_START = {len(states) - 1} }};')
    array('uint16_t', 'emoji_first', [str(n) for n in first], 20)
    array('uint32_t', 'emoji_edges', edges, 10)

    names = top_level_domains()
    print('\n/* Top-level domains, by bytes: name i is tld_names[tld_at[i], tld_at[i + 1]). */')
    at = [0]
    for name in names:
        at.append(at[-1] + len(name.encode()))
    print(f'enum {{ TLD_COUNT = {len(names)}, TLD_LONGEST = {max(len(n.encode()) for n in names)} }};')
    # Not a string: compilers need not take one this long.
    array('unsigned char', 'tld_names', [str(b) for b in ''.join(names).encode()], 32)
    array('uint16_t', 'tld_at', [str(n) for n in at], 20)

    print('\n/* Punctuation (categories P*), each range\'s first and last code point. */')
    array('uint32_t', 'punctuation', [f'0x{a:04X}, 0x{b:04X}' for a, b in punctuation()], 6)


main()
