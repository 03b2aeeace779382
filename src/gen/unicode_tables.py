#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes src/base/unicode_tables.inc from Debian's package unicode-data.

    python3 src/gen/unicode_tables.py [/usr/share/unicode] > src/base/unicode_tables.inc

Run by hand when Debian's Unicode moves; the output is committed, and equal input gives equal bytes. Files may be plain,
.gz or .bz2. The library that norm.c calls (utf8proc) should know the same Unicode version: a letter that only one of
the two knows is left as it is.

Two tables of our own stand at the end of this head: FANCY, letters in costume that compatibility normalisation leaves
alone, and CONFUSABLES. The latter derives from Unicode's confusables.txt 17.0.0 (UTS #39, not in Debian), and the files
read here are Unicode data too:

    Copyright (c) 1991-2025 Unicode, Inc. All rights reserved. Distributed under the Terms of Use in
    https://www.unicode.org/copyright.html; SPDX-License-Identifier: Unicode-3.0
"""

import bz2
import gzip
import os
import sys

# Single code points whose skeleton is ASCII letters and which NFKC does not give already. Left out: digits, symbols,
# letters of living Latin alphabets (ae ligature, thorn, dotless i, …). Changed by us: what looks like a capital I stands
# for I, not for the skeleton's l; the last row adds small letters in the shape of small capitals ("Vo\u0442e").
CONFUSABLES = """
0184=b 018D=g 0192=f 0196=l 01A6=R 01BD=s 01C0=l 0251=a 0261=g 0269=i 026F=w 037F=J 0391=A 0392=B 0395=E
0396=Z 0397=H 0399=I 039A=K 039C=M 039D=N 039F=O 03A1=P 03A4=T 03A5=Y 03A7=X 03B1=a 03B3=y 03B9=i 03BD=v
03BF=o 03C1=p 03C3=o 03C5=u 03DC=F 03ED=o 03F3=j 03F8=p 03FA=M 0405=S 0406=I 0408=J 0410=A 0412=B 0415=E
041A=K 041C=M 041D=H 041E=O 0420=P 0421=C 0422=T 0423=Y 0425=X 042B=bl 042C=b 042E=lO 0430=a 0433=r 0435=e
043E=o 0440=p 0441=c 0443=y 0445=x 0448=w 0455=s 0456=i 0458=j 0461=w 0474=V 0475=v 04AE=Y 04AF=y 04BB=h
04BD=e 04C0=I 04CF=l 04D4=AE 04D5=ae 0501=d 050C=G 051B=q 051C=W 051D=w 054D=U 054F=S 0555=O 0561=w 0563=q
0566=q 0570=h 0578=n 057C=n 057D=u 0581=g 0582=i 0584=f 0585=o 05D5=l 05D8=v 05DF=l 05E1=o 05F0=ll 0627=l
0647=o 0661=l 0665=o 0667=V 06BE=o 06C1=o 06D5=o 06F1=l 06F5=o 06F7=V 07C0=O 07CA=l 0966=o 09E6=o 0A66=o
0AE6=o 0B20=O 0B66=o 0BE6=o 0C02=o 0C66=o 0C82=o 0CE6=O 0D02=o 0D1F=s 0D20=o 0D66=o 0D82=o 0E50=o 0ED0=o
1004=c 101D=o 1040=o 105A=c 10E7=y 10FF=o 1200=U 12D0=O 13A0=D 13A1=R 13A2=T 13A5=i 13A9=Y 13AA=A 13AB=J
13AC=E 13B3=W 13B7=M 13BB=H 13BD=Y 13C0=G 13C2=h 13C3=Z 13CF=b 13D2=R 13D4=W 13D5=S 13D9=V 13DA=S 13DE=L
13DF=C 13E2=P 13E6=K 13E7=d 13F3=G 13F4=B 142F=V 144C=U 146D=P 146F=d 1472=b 148D=J 14AA=L 1541=x 157C=H
157D=x 1587=R 15AF=b 15B4=F 15C5=A 15DE=D 15EA=D 15F0=M 15F7=B 16B7=X 16C1=l 16D5=K 16D6=M 17E0=o 1D11=o
1D26=r 1D83=g 1D8C=y 1E9D=f 1EFF=y 2C82=B 2C85=r 2C8E=H 2C92=I 2C93=i 2C94=K 2C98=M 2C9A=N 2C9E=O 2C9F=o
2CA2=P 2CA3=p 2CA4=C 2CA5=c 2CA6=T 2CA8=Y 2CA9=y 2CAC=X 2CBD=w 2CCE=P 2CCF=p 2CD0=L 2D38=V 2D39=E 2D4F=l
2D54=O 2D55=Q 2D5D=X 3007=O A4D0=B A4D1=P A4D2=d A4D3=D A4D4=T A4D6=G A4D7=K A4D9=J A4DA=C A4DC=Z A4DD=F
A4DF=M A4E0=N A4E1=L A4E2=S A4E3=R A4E6=V A4E7=H A4EA=W A4EB=X A4EC=Y A4EE=A A4F0=E A4F2=I A4F3=O A4F4=U
A647=i A698=OO A699=oo A6DF=V A798=F A799=f A79F=u A7B2=J A7B3=X A7B4=B AB32=e AB35=f AB3D=o AB47=r AB48=r
AB4E=u AB52=u AB5A=y AB75=i AB81=r AB83=w AB93=z ABA9=v ABAA=s ABAF=c 10282=B 10286=E 10287=F 1028A=l 10290=X
10292=O 10295=P 10296=S 10297=T 102A0=A 102A1=B 102A2=C 102A5=F 102AB=O 102B0=M 102B1=T 102B2=Y 102B4=X
102CF=H 10301=B 10302=C 10309=l 10311=M 10315=T 10317=X 10404=O 10415=C 1041B=L 10420=S 1042C=o 1043D=c
10448=s 104B4=R 104C2=O 104CE=U 104EA=o 104F6=u 10513=N 10516=O 10518=K 1051C=C 1051D=V 10525=F 10526=L
10527=X 114D0=o 11700=rn 11706=v 1170A=w 1170E=w 1170F=w 118A0=V 118A2=F 118A3=L 118A4=Y 118A6=E 118A9=Z
118AE=E 118B2=L 118B5=O 118B8=U 118BC=T 118C0=v 118C1=s 118C2=F 118C3=i 118C4=z 118C8=o 118D7=o 118D8=u
118DC=y 118E0=O 118E3=rn 118E5=Z 118E6=W 118E9=C 16F08=V 16F0A=T 16F16=L 16F28=l 16F35=R 16F3A=S 16F40=A
16F42=U 16F43=Y
0432=b 043A=k 043C=m 043D=h 0442=t 03B7=n 03BA=k 03C4=t
"""


def span(first, letters):
    return {first + i: c for i, c in enumerate(letters)}


CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
SMALL_CAPITALS = {
    0x1D00: 'a', 0x0299: 'b', 0x1D04: 'c', 0x1D05: 'd', 0x1D07: 'e', 0xA730: 'f', 0x0262: 'g', 0x029C: 'h',
    0x026A: 'i', 0x1D0A: 'j', 0x1D0B: 'k', 0x029F: 'l', 0x1D0D: 'm', 0x0274: 'n', 0x1D0F: 'o', 0x1D18: 'p',
    0xA7AF: 'q', 0x0280: 'r', 0xA731: 's', 0x1D1B: 't', 0x1D1C: 'u', 0x1D20: 'v', 0x1D21: 'w', 0x028F: 'y',
    0x1D22: 'z',
}
FANCY = {
    **SMALL_CAPITALS,
    **span(0x249C, CAPITALS.lower()),        # in brackets: NFKC would leave the brackets between the letters
    **span(0x1F110, CAPITALS),               # the same, capitals
    **span(0x1F150, CAPITALS),               # white in a black circle
    **span(0x1F170, CAPITALS),               # white in a black square
    0x1F18A: 'P',
    **span(0x1CCD6, CAPITALS + '0123456789'),  # outlined, Unicode 16
}

# Beyond the obvious: prime and accent keys, and the typographer's marks of Windows-1252 that were decoded as
# Latin-1 (U+0091 to U+0097 are controls that nobody means).
QUOTE = '\u2018\u2019\u201a\u201b\u2032\u2035\u02b9\u02bb\u02bc\u02bd\u02c8\u00b4\u1fef\u1ffd\u2039\u203a\u275b\u275c\uff07\uff40\x91\x92'
QUOTES = '\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u275d\u275e\u301d\u301e\u301f\uff02\x93\x94'
DASH = '\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u2e3b\u02d7\u2043\u058a\ufe31\ufe32\ufe58\ufe63\uff0d\x96\x97'
# Blank on the screen though Unicode calls them letters and symbols.
BLANK = '\u2800\u3164\uffa0'
BREAK = '\x85\u2028\u2029'
# Symbols that NFKC would glue to the word before them as letters.
KEEP = '\u2122\u2120'
# Long strokes, lines and frames that turn plain letters into "struck out" ones.
OVERLAY = '\u0305\u0332\u0333\u0334\u0335\u0336\u0337\u0338\u033f\u035f\u20dd\u20de\u20df\u20e0\u20e2\u20e3\u20e4'

SCRIPTS = {
    'Common': 'COMMON', 'Inherited': 'COMMON', 'Latin': 'LATIN', 'Greek': 'GREEK', 'Cyrillic': 'CYRILLIC',
    'Armenian': 'ARMENIAN', 'Cherokee': 'CHEROKEE', 'Coptic': 'COPTIC', 'Lisu': 'LISU',
    'Canadian_Aboriginal': 'CANADIAN', 'Georgian': 'GEORGIAN', 'Hebrew': 'HEBREW', 'Arabic': 'ARABIC',
    'Han': 'HAN', 'Hiragana': 'HAN', 'Katakana': 'HAN', 'Bopomofo': 'HAN', 'Hangul': 'HAN',
}
# Joiners mean something here.
JOINING = set('''Arabic Syriac Mandaic Nko Mongolian Phags_Pa Adlam Hanifi_Rohingya Sogdian Manichaean Devanagari Bengali
Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Khmer Myanmar Tibetan Balinese Javanese Sundanese Thaana
Tai_Tham Newa Tirhuta Grantha Brahmi Kaithi Sharada Chakma Limbu Lepcha Meetei_Mayek Saurashtra'''.split())

CLUSTERS = ['Other', 'CR', 'LF', 'Control', 'Extend', 'ZWJ', 'Regional_Indicator', 'Prepend', 'SpacingMark', 'L', 'V', 'T',
            'LV', 'LVT', 'Pictographic']
N = 0x110000
BLOCK = 128


def read(folder, name):
    """Rows of a Unicode file as lists of fields, comments cut off."""
    for suffix, opener in (('', open), ('.gz', gzip.open), ('.bz2', bz2.open)):
        path = os.path.join(folder, name + suffix)
        if os.path.exists(path):
            with opener(path, 'rt', encoding='utf-8') as f:
                for line in f:
                    line = line.split('#')[0].strip()
                    if line:
                        yield [field.strip() for field in line.split(';')]
            return
    sys.exit(f'{folder}/{name}: no such file; install the package unicode-data')


def code_points(field):
    first, _, last = field.partition('..')
    return range(int(first, 16), int(last or first, 16) + 1)


def property_of(folder, name, default, wanted=None):
    """One value per code point; `wanted` picks a property of a file that holds several."""
    values = [default] * N
    for fields in read(folder, name):
        if wanted is None or fields[1] == wanted:
            for cp in code_points(fields[0]):
                values[cp] = fields[1] if len(fields) < 3 else fields[2]
    return values


def flags_of(folder, name, *wanted):
    """The code points that have any of these properties."""
    return {cp for fields in read(folder, name) if fields[1] in wanted for cp in code_points(fields[0])}


class Data:
    """All that is read, before any decision."""

    def __init__(self, folder):
        self.category = property_of(folder, 'extracted/DerivedGeneralCategory.txt', 'Cn')
        self.script = property_of(folder, 'Scripts.txt', 'Unknown')
        self.wide = property_of(folder, 'EastAsianWidth.txt', 'N')
        self.cluster = property_of(folder, 'auxiliary/GraphemeBreakProperty.txt', 'Other')
        self.emoji = flags_of(folder, 'emoji/emoji-data.txt', 'Emoji')
        self.presentation = flags_of(folder, 'emoji/emoji-data.txt', 'Emoji_Presentation')
        self.pictographic = flags_of(folder, 'emoji/emoji-data.txt', 'Extended_Pictographic')
        self.ignorable = flags_of(folder, 'DerivedCoreProperties.txt', 'Default_Ignorable_Code_Point')
        self.space = flags_of(folder, 'PropList.txt', 'White_Space')
        self.recased = flags_of(folder, 'DerivedNormalizationProps.txt', 'Changes_When_NFKC_Casefolded')
        self.folds = flags_of(folder, 'DerivedCoreProperties.txt', 'Changes_When_Casefolded')
        self.read_folding(folder)
        self.read_quick_checks(folder)
        self.read_unicode_data(folder)

    def read_folding(self, folder):
        self.fold_simple, self.fold_full = {}, {}
        for cp, status, to, *_ in read(folder, 'CaseFolding.txt'):
            target = tuple(int(c, 16) for c in to.split())
            if status == 'C':
                self.fold_simple[int(cp, 16)] = target[0]
            if status in 'CF':
                self.fold_full[int(cp, 16)] = target

    def read_quick_checks(self, folder):
        self.unstable, self.joins_back = set(), set()
        for fields in read(folder, 'DerivedNormalizationProps.txt'):
            if fields[1] in ('NFC_QC', 'NFKC_QC') and fields[2] == 'N':
                self.unstable.update(code_points(fields[0]))
            if fields[1] == 'NFC_QC' and fields[2] == 'M':
                self.joins_back.update(code_points(fields[0]))

    def read_unicode_data(self, folder):
        self.combining, self.parts, self.lower = {}, {}, {}
        for fields in read(folder, 'UnicodeData.txt'):
            cp = int(fields[0], 16)
            self.combining[cp] = int(fields[3])
            if fields[5]:
                self.parts[cp] = [int(c, 16) for c in fields[5].split() if not c.startswith('<')]
            if fields[13]:
                self.lower[cp] = int(fields[13], 16)

    def decomposed(self, cp):
        return [d for part in self.parts[cp] for d in self.decomposed(part)] if cp in self.parts else [cp]


def fold_class(data, cp):
    """The first that holds: what is listed by hand comes before what follows from properties."""
    c = chr(cp)
    for name, members in (('QUOTE', QUOTE), ('QUOTES', QUOTES), ('DASH', DASH), ('BLANK', BLANK), ('BREAK', BREAK),
                          ('KEEP', KEEP), ('OVERLAY', OVERLAY)):
        if c in members:
            return name
    if cp in FANCY:
        return 'FANCY'
    if cp in (0xFE0E, 0xFE0F):
        return 'VARIATION'
    if cp in (0x200C, 0x200D) or 0x180B <= cp <= 0x180F:
        return 'JOINER'
    if cp in data.ignorable or 0xFFF9 <= cp <= 0xFFFB or (data.category[cp] == 'Cc' and cp not in data.space):
        return 'IGNORE'
    if cp >= 0x80 and cp in data.space:
        return 'BLANK'
    return class_by_properties(data, cp)


def class_by_properties(data, cp):
    if cp < 0x80:
        return 'SAME'  # norm.c has a way of its own for ASCII
    parts = data.decomposed(cp)
    if data.combining.get(parts[0], 0) or parts[0] in data.joins_back or cp in data.joins_back:
        return 'JOINS'
    if (0x20 in parts or cp in data.presentation) and cp not in data.folds:
        return 'KEEP' if cp in data.unstable else 'SAME'
    if cp in data.unstable:
        return 'CHANGES'
    if cp in data.folds or cp in data.recased:
        simple = data.fold_simple.get(cp)
        only = data.fold_full.get(cp) == (simple,) and data.lower.get(cp) == simple and simple not in FANCY
        return 'LOWERCASE' if only else 'CHANGES'
    return 'SAME'


def is_emoji(data, cp):
    """Drawn as an emoji unasked. Networks also draw the dingbats and signs from U+2600 on so, and code points that a later
    Unicode keeps for emoji."""
    if cp in data.presentation or 0x1F1E6 <= cp <= 0x1F1FF:
        return True
    if cp in FANCY:
        return False
    if data.category[cp] == 'Cn':
        return cp in data.pictographic and cp >= 0x1F300
    return cp in data.emoji and (0x2600 <= cp <= 0x2BFF or cp >= 0x1F000)


def flags(data, cp, confusable):
    category = data.category[cp]
    ignorable = cp in data.ignorable and chr(cp) not in BLANK
    tests = (
        ('LETTER', (category[0] == 'L' or category == 'Nl') and chr(cp) not in BLANK),
        ('MARK', category[0] == 'M' and not ignorable),
        ('DIGIT', category == 'Nd'),
        ('UPPER', category in ('Lu', 'Lt')),
        ('LOWER', category == 'Ll'),
        ('SPACE', cp in data.space or chr(cp) in BLANK),
        ('INVISIBLE', ignorable or category == 'Cc' and cp not in data.space or 0xFFF9 <= cp <= 0xFFFB),
        ('EMOJI', is_emoji(data, cp)),
        ('EMOJI_TEXT', cp >= 0x80 and cp in data.emoji and not is_emoji(data, cp)),
        ('PICTOGRAPHIC', cp in data.pictographic),
        ('JOINING', data.script[cp] in JOINING),
        ('CONFUSABLE', cp in confusable),
    )
    return ' | '.join('UNICODE_' + name for name, holds in tests if holds) or '0'


def width(data, cp):
    category = data.category[cp]
    if category in ('Mn', 'Me', 'Cc', 'Cf', 'Zl', 'Zp') or cp in data.ignorable and cp != 0x3164 and cp != 0x115F:
        return 0
    if data.cluster[cp] in ('V', 'T'):
        return 0
    if data.wide[cp] in 'WF' or cp in data.presentation:
        return 2
    return 2 if category == 'Cn' and is_emoji(data, cp) else 1


def record(data, cp, confusable):
    cluster = data.cluster[cp]
    if cluster == 'Other' and cp in data.pictographic:
        cluster = 'Pictographic'
    return (flags(data, cp, confusable), CLUSTERS.index(cluster), 'UNICODE_' + SCRIPTS.get(data.script[cp], 'OTHER'),
            'UNICODE_' + fold_class(data, cp), width(data, cp))


def two_stages(values):
    """Blocks of BLOCK values, each kept once, and the number of the block for each stretch."""
    blocks, index = {}, []
    for start in range(0, N, BLOCK):
        index.append(blocks.setdefault(tuple(values[start:start + BLOCK]), len(blocks)))
    return [v for block in blocks for v in block], index


def print_array(head, items):
    print(f'static const {head} = {{')
    line = ''
    for item in items:
        if len(line) + len(item) > 94:
            print('   ' + line)
            line = ''
        line += f' {item},'
    print('   ' + line)
    print('};\n')


def print_rows(name, rows):
    print_array(f'LetterRow {name}[]', [f'{{0x{cp:04X}, {len(to)}, "{to}"}}' for cp, to in sorted(rows.items())])


def confusable_rows():
    return {int(cp, 16): to for cp, _, to in (row.partition('=') for row in CONFUSABLES.split())}


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else '/usr/share/unicode'
    data = Data(folder)
    version = open(os.path.join(folder, 'Scripts.txt'), encoding='utf-8').readline().split('-')[1].split('.txt')[0]
    rows = confusable_rows()
    confusable = set(rows) | {data.fold_simple[cp] for cp in rows if cp in data.fold_simple}
    confusable |= {cp for cp, to in data.fold_simple.items() if to in confusable}
    assert all(data.category[cp] in ('Nd', 'Nl') or data.category[cp][0] in 'LM' for cp in rows), 'a row outside words'
    records = {}
    values = [records.setdefault(record(data, cp, confusable), len(records)) for cp in range(N)]
    assert len(records) <= 256
    blocks, index = two_stages(values)
    assert max(index) <= 0xFFFF
    print('/* Generated by src/gen/unicode_tables.py; do not edit. Derived from Unicode data: see there for its licence. */')
    print('/* clang-format off */')
    print(f'#define TABLES_VERSION "{version}"')
    print(f'#define BLOCK_SIZE {BLOCK}\n')
    for i, name in enumerate(CLUSTERS):
        print(f'#define CLUSTER_{name.upper()} {i}')
    print()
    print_array('UnicodeRecord records[]', [f'{{{f}, {c}, {s}, {o}, {w}}}' for f, c, s, o, w in records])
    print_array(f'uint16_t block_of[{len(index)}]', [str(i) for i in index])
    print_array(f'uint8_t record_of[{len(blocks)}]', [str(v) for v in blocks])
    print_rows('fancy_rows', FANCY)
    print_rows('confusable_rows', rows)
    print('/* clang-format on */')


if __name__ == '__main__':
    main()
