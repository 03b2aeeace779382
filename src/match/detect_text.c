/* SPDX-License-Identifier: MIT */
/*
 * The look of a text: markings, capitals, disguised or hidden letters, slips of the keyboard.
 *
 * What folding undoes can only be seen in the original; such detectors walk that, a code point at a time, and what they find
 * is taken back to the fold.
 */
#include "match/detect_find.h"

#include "base/unicode.h"
#include "base/utf8.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define TEXT(s)                                                                                    \
    {                                                                                              \
        s, sizeof(s) - 1                                                                           \
    }

/* ---- government markings ---- */

typedef enum Needs {
    NEEDS_BANNER, /* alone on a line, in brackets, or said to be one ("marked SECRET") */
    NEEDS_NOTHING,
    NEEDS_TIME /* an embargo: the rest of the line belongs to it */
} Needs;

typedef struct MarkingRow {
    Str words;
    Needs needs;
} MarkingRow;

/* The longer first where one begins another. The tiers in use since 2014, those before, and the traffic lights (TLP 2.0). */
static const MarkingRow markings[] = {
    {TEXT("official-sensitive"), NEEDS_NOTHING},
    {TEXT("official - sensitive"), NEEDS_NOTHING},
    {TEXT("official sensitive"), NEEDS_NOTHING},
    {TEXT("official: sensitive"), NEEDS_BANNER},
    {TEXT("official"), NEEDS_BANNER},
    {TEXT("top secret"), NEEDS_BANNER},
    {TEXT("secret"), NEEDS_BANNER},
    {TEXT("not protectively marked"), NEEDS_BANNER},
    {TEXT("protect"), NEEDS_BANNER},
    {TEXT("restricted"), NEEDS_BANNER},
    {TEXT("confidential"), NEEDS_BANNER},
    {TEXT("unclassified"), NEEDS_BANNER},
    {TEXT("strictly embargoed until"), NEEDS_TIME},
    {TEXT("embargoed until"), NEEDS_TIME},
    {TEXT("embargo until"), NEEDS_TIME},
    {TEXT("tlp:red"), NEEDS_NOTHING},
    {TEXT("tlp:amber+strict"), NEEDS_NOTHING},
    {TEXT("tlp:amber"), NEEDS_NOTHING},
    {TEXT("tlp:green"), NEEDS_NOTHING},
};

static const Str descriptors[] = {
    TEXT("commercial"),
    TEXT("personal data"),
    TEXT("personal"),
    TEXT("locsen"),
    TEXT("marketsen"),
    TEXT("market sensitive"),
    TEXT("market-sensitive"),
    TEXT("legal professional privilege"),
    TEXT("legal privilege"),
    TEXT("lpp"),
    TEXT("embargoed"),
    TEXT("recipients only"),
    TEXT("hr"),
    TEXT("management"),
    TEXT("uk eyes only"),
    TEXT("for public release"),
    TEXT("policy"),
    TEXT("staff"),
};

static const char *const marking_verbs[] = {"says",       "said",    "marked", "stamped",
                                            "labelled",   "reads",   "headed", "graded",
                                            "classified", "marking", NULL};

static bool stands(const Find *f, size_t at, Str words)
{
    return f->text.len - at >= words.len && memcmp(f->text.p + at, words.p, words.len) == 0 &&
           sml_token_edge(f->text, (uint32_t)(at + words.len));
}

static size_t skip_spaces(Str text, size_t at)
{
    while (byte_at(text, at) == ' ')
        at++;
    return at;
}

static size_t back_over_spaces(Str text, size_t at)
{
    while (at > 0 && text.p[at - 1] == ' ')
        at--;
    return at;
}

/* "UK EYES ONLY", "HMG USE ONLY": end of the descriptor at `at`, or 0. */
static size_t descriptor_at(const Find *f, size_t at)
{
    for (size_t i = 0; i < COUNT(descriptors); i++)
        if (stands(f, at, descriptors[i]))
            return at + descriptors[i].len;
    size_t word = at;
    while (is_letter(byte_at(f->text, word)) && word - at < 12)
        word++;
    return word - at >= 2 && stands(f, word, STR(" use only")) ? word + 9 : 0;
}

#define DESCRIPTORS_MAX 6

static size_t behind_descriptors(const Find *f, size_t end)
{
    for (int n = 0; n < DESCRIPTORS_MAX; n++) {
        size_t at = skip_spaces(f->text, end);
        while (at - end < 8 && byte_at(f->text, at) && strchr("-:/,", f->text.p[at]))
            at++;
        at = skip_spaces(f->text, at);
        size_t next = at > end && at < f->text.len ? descriptor_at(f, at) : 0;
        if (!next || !sml_detect_in_capitals(f, at, next))
            break;
        end = next;
    }
    return end;
}

/* Two of a sign, as banners are drawn: --SECRET--, //SECRET//. */
static bool drawn(Str text, size_t at)
{
    char c = byte_at(text, at);
    return (c == '-' || c == '/' || c == '*' || c == '=') && byte_at(text, at + 1) == c;
}

static bool banner_opens(Str text, size_t at)
{
    at = back_over_spaces(text, at);
    return at == 0 || text.p[at - 1] == '\n' || text.p[at - 1] == '[' || text.p[at - 1] == '(' ||
           (at >= 2 && drawn(text, at - 2));
}

static bool banner_closes(Str text, size_t at)
{
    at = skip_spaces(text, at);
    return at == text.len || text.p[at] == '\n' || text.p[at] == ']' || text.p[at] == ')' ||
           drawn(text, at);
}

/* "It says TOP SECRET but": the word before tells of a marking, and what follows is no name ("marked SECRET SANTA"). */
static bool is_told(const Find *f, size_t start, size_t end)
{
    size_t to = back_over_spaces(f->text, start), from = to;
    while (from > 0 && to - from < 12 && is_letter(f->text.p[from - 1]))
        from--;
    size_t next = skip_spaces(f->text, end);
    bool named = is_letter(byte_at(f->text, next)) && sml_detect_in_capitals(f, next, next + 1);
    return to < start && !named &&
           sml_detect_listed(sml_str_slice(f->text, from, to), marking_verbs);
}

#define EMBARGO_MAX 60

/* Up to the end of the line or bracket. */
static size_t behind_time(Str text, size_t at)
{
    size_t end = at;
    while (end < text.len && end - at <= EMBARGO_MAX && !strchr("\n])", text.p[end]))
        end++;
    end = back_over_spaces(text, end);
    return end >= at + 3 && end - at <= EMBARGO_MAX ? end : 0;
}

static size_t marking_at(const Find *f, size_t start, size_t at, const MarkingRow *row)
{
    size_t end = at + row->words.len;
    if (!sml_detect_in_capitals(f, at, end))
        return 0;
    if (row->needs == NEEDS_TIME) {
        size_t time = behind_time(f->text, end);
        return time && banner_opens(f->text, start) ? time : 0;
    }
    end = behind_descriptors(f, end);
    if (row->needs == NEEDS_NOTHING ||
        (banner_opens(f->text, start) && banner_closes(f->text, end)))
        return end;
    return is_told(f, start, end) ? end : 0;
}

/* Where "UK " stands before `at` in capitals, it belongs to the marking. */
static size_t with_prefix(const Find *f, size_t at)
{
    bool uk = at >= 3 && memcmp(f->text.p + at - 3, "uk ", 3) == 0 &&
              sml_token_edge(f->text, (uint32_t)(at - 3)) && sml_detect_in_capitals(f, at - 3, at);
    return uk ? at - 3 : at;
}

void sml_detect_marking(Find *f)
{
    for (size_t at = sml_detect_word(f, 0), next; at < f->text.len; at = sml_detect_word(f, next)) {
        next = at + 1;
        for (size_t i = 0; i < COUNT(markings); i++) {
            if (f->text.p[at] != markings[i].words.p[0] || !stands(f, at, markings[i].words))
                continue;
            size_t start = with_prefix(f, at), end = marking_at(f, start, at, &markings[i]);
            if (!end)
                continue;
            sml_detect_add(f, start, end);
            next = end;
            break;
        }
    }
}

/* ---- walking the original ---- */

typedef struct Walk {
    Str s;
    size_t start, at; /* of the character now, and behind it */
    uint32_t c;
    const UnicodeRecord *r;
} Walk;

static bool walk(Walk *w)
{
    w->start = w->at;
    if (w->at >= w->s.len)
        return false;
    w->c = sml_utf8_next(w->s, &w->at);
    w->r = sml_unicode_record(w->c);
    return true;
}

/* The same, but for ASCII. */
static bool walk_wide(Walk *w)
{
    while (w->at < w->s.len && (unsigned char)w->s.p[w->at] < 0x80)
        w->at++;
    return walk(w);
}

/* Which scripts the text has beside ASCII, a bit each. */
static uint32_t scripts_of(Str s)
{
    uint32_t scripts = 0;
    for (Walk w = {.s = s}; walk_wide(&w);)
        if (w.r->flags & UNICODE_LETTER)
            scripts |= UINT32_C(1) << w.r->script;
    return scripts;
}
#define SCRIPT(name) (UINT32_C(1) << UNICODE_##name)

static bool is_space(const Walk *w)
{
    return (w->r->flags & UNICODE_SPACE) || (w->c < 0x80 && strchr(" \t\r\n", (char)w->c) && w->c);
}

/* ---- hidden characters ---- */

/* Marks of direction, which texts in Arabic or Hebrew need. */
static bool turns(uint32_t c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x2066 && c <= 0x2069);
}

/* Folding knows which hidden characters have work to do, inside emoji and some scripts: it keeps them. */
void sml_detect_hidden_characters(Find *f)
{
    bool both_ways = scripts_of(f->d->original) & (SCRIPT(ARABIC) | SCRIPT(HEBREW));
    for (Walk w = {.s = f->d->original}; walk_wide(&w);) {
        if (!(w.r->flags & UNICODE_INVISIBLE) || (both_ways && turns(w.c)) ||
            (w.start == 0 && w.c == 0xFEFF))
            continue;
        uint32_t from = sml_norm_from_original(f->d->norm, (uint32_t)w.start);
        if (from == sml_norm_from_original(f->d->norm, (uint32_t)w.at))
            sml_detect_add_original(f, w.start, w.at);
    }
}

/* ---- fancy letters ---- */

/* Letters that folding takes for plain ones; single signs like the numero or the trade mark are not here. */
static const struct {
    uint32_t low, high;
} fancy_ranges[] = {
    {0x2102, 0x2115},   {0x2119, 0x211D},   {0x2124, 0x2124},   {0x2128, 0x2128},
    {0x212C, 0x2131},   {0x2133, 0x2134},   {0x2145, 0x2149},   {0x249C, 0x24E9},
    {0xFF21, 0xFF3A},   {0xFF41, 0xFF5A},   {0x1D400, 0x1D7FF}, {0x1F110, 0x1F12B},
    {0x1F130, 0x1F149}, {0x1F150, 0x1F169}, {0x1F170, 0x1F189},
};

static bool is_fancy(const Walk *w, bool wide_is_plain)
{
    if (w->c < 0x80)
        return false;
    if (w->r->fold == UNICODE_FANCY)
        return true;
    if (wide_is_plain && w->c >= 0xFF00 && w->c <= 0xFFEF)
        return false;
    for (size_t i = 0; i < COUNT(fancy_ranges); i++)
        if (w->c >= fancy_ranges[i].low && w->c <= fancy_ranges[i].high)
            return true;
    return false;
}

typedef struct Fancy {
    size_t start, end; /* of the letters seen, words of them and what is between */
    unsigned in_word;  /* since the last space */
    bool enough;       /* some word had two */
} Fancy;

static void end_fancy(Find *f, Fancy *x)
{
    if (x->enough)
        sml_detect_add_original(f, x->start, x->end);
    *x = (Fancy){0, 0, 0, false};
}

/* Several disguised words in a row are one finding; a plain letter at a word's start ends it. */
void sml_detect_fancy_letters(Find *f)
{
    Fancy x = {0, 0, 0, false};
    bool wide_is_plain = scripts_of(f->d->original) & SCRIPT(HAN);
    for (Walk w = {.s = f->d->original}; walk(&w);) {
        if (is_fancy(&w, wide_is_plain)) {
            if (x.end == 0)
                x.start = w.start;
            x.end = w.at;
            x.enough = x.enough || x.in_word > 0;
            x.in_word++;
        } else if (is_space(&w)) {
            x.in_word = 0;
        } else if (x.in_word == 0 && x.end) {
            end_fancy(f, &x);
        }
    }
    end_fancy(f, &x);
}

/* ---- what none of these looks at ---- */

bool sml_detect_strange(Str original)
{
    for (Walk w = {.s = original}; walk_wide(&w);) {
        bool foreign = (w.r->flags & UNICODE_LETTER) && w.r->script != UNICODE_LATIN;
        if (foreign || (w.r->flags & (UNICODE_MARK | UNICODE_INVISIBLE)) || is_fancy(&w, false))
            return true;
    }
    return false;
}

/* ---- mixed scripts ---- */

#define LENDERS  (SCRIPT(CYRILLIC) | SCRIPT(GREEK) | SCRIPT(ARMENIAN) | SCRIPT(CHEROKEE))
#define UNIT_MAX 3 /* letters: "μg", "kΩm" */

typedef struct Mixture {
    size_t start, end;
    uint32_t scripts;
    unsigned letters, lent, alike;
    bool symbol_first, symbol_last;
} Mixture;

/* Greek letters that formulas and units use. Omicron, nu and rho are not among them: they are for disguise. */
static bool is_symbol(uint32_t c)
{
    static const uint16_t symbols[] = {0x394, 0x3A9, 0x3B1, 0x3B2, 0x3B3, 0x3B4, 0x3B5,
                                       0x3BA, 0x3BB, 0x3BC, 0x3C0, 0x3C3, 0x3C7, 0x3C9};
    for (size_t i = 0; i < COUNT(symbols); i++)
        if (c == symbols[i])
            return true;
    return false;
}

/* Science writes TNFα and μg. */
static bool is_science(const Mixture *m)
{
    bool greek = !(m->scripts & LENDERS & ~SCRIPT(GREEK));
    return greek && (m->symbol_first || m->symbol_last) && (m->lent == 1 || m->letters <= UNIT_MAX);
}

static void end_mixture(Find *f, Mixture *m)
{
    if ((m->scripts & SCRIPT(LATIN)) && (m->scripts & LENDERS) && m->alike && !is_science(m))
        sml_detect_add_original(f, m->start, m->end);
    memset(m, 0, sizeof *m);
}

static void mix(Mixture *m, const Walk *w)
{
    bool lent = LENDERS & (UINT32_C(1) << w->r->script);
    m->symbol_last = is_symbol(w->c);
    if (m->letters++ == 0) {
        m->start = w->start;
        m->symbol_first = m->symbol_last;
    }
    m->end = w->at;
    m->scripts |= UINT32_C(1) << w->r->script;
    m->lent += lent;
    m->alike += lent && (w->r->flags & UNICODE_CONFUSABLE);
}

void sml_detect_mixed_script(Find *f)
{
    Mixture m = {0};
    for (Walk w = {.s = f->d->original}; walk(&w);) {
        if (w.r->flags & UNICODE_LETTER)
            mix(&m, &w);
        else if (!(w.r->flags & (UNICODE_MARK | UNICODE_INVISIBLE)))
            end_mixture(f, &m);
    }
    end_mixture(f, &m);
}

/* ---- heaped marks ---- */

#define MARKS_MAX 3

void sml_detect_zalgo(Find *f)
{
    size_t base = 0;
    unsigned marks = 0;
    for (Walk w = {.s = f->d->original}; walk(&w);) {
        if (!(w.r->flags & UNICODE_MARK)) {
            base = w.start;
            marks = 0;
        } else if (!(w.r->flags & (UNICODE_INVISIBLE | UNICODE_JOINING)) && ++marks > MARKS_MAX) {
            sml_detect_add_original(f, base, w.at);
        }
    }
}

/* ---- slips and stars ---- */

/* Words that nobody doubles on purpose, as "that that", "had had" and "very very" are. */
static const char *const never_doubled[] = {
    "the",   "a",     "an",   "and",  "of",    "to",    "for",  "from", "with", "our",   "your",
    "their", "my",    "his",  "its",  "at",    "are",   "was",  "were", "be",   "been",  "if",
    "we",    "as",    "this", "by",   "these", "have",  "has",  "they", "or",   "which", "them",
    "us",    "these", "in",   "it's", "not",   "can't", "when", "into", "per",  NULL};

static Str token_text(const Find *f, const Token *t)
{
    return sml_str_slice(f->text, t->start, sml_token_end(t));
}

static bool is_gap(Str gap)
{
    return gap.len == 1 && (gap.p[0] == ' ' || gap.p[0] == '\n');
}

/* "at the The Crown", "after a A Level" are right. */
void sml_detect_doubled_word(Find *f)
{
    const Tokens *t = f->d->tokens;
    for (uint32_t i = 1; i < t->n; i++) {
        const Token *one = &t->v[i - 1], *two = &t->v[i];
        if (one->kind != TOKEN_WORD || two->kind != TOKEN_WORD)
            continue;
        Str word = token_text(f, two);
        if (!sml_str_eq(token_text(f, one), word) ||
            !is_gap(sml_str_slice(f->text, sml_token_end(one), two->start)) ||
            !sml_detect_listed(word, never_doubled))
            continue;
        bool name = sml_detect_in_capitals(f, two->start, two->start + 1) &&
                    !sml_detect_in_capitals(f, one->start, one->start + 1);
        if (!name)
            sml_detect_add(f, one->start, sml_token_end(two));
    }
}

#define MASKED_MIN    4
#define MASKED_MAX    14
#define MASKED_PREFIX 3 /* letters before the first star */
#define MASKED_GROUPS 3 /* of stars */
#define STARS_AT_END  3 /* fewer close bold type */

/* "sh*t", "f***", "b*ll*cks"; not "*bold*", "word*", "2*3". */
static bool is_masked(Str word)
{
    size_t groups = 0, prefix = 0, tail = 0;
    if (word.len < MASKED_MIN || word.len > MASKED_MAX || !is_letter(word.p[0]))
        return false;
    while (prefix < word.len && is_letter(word.p[prefix]))
        prefix++;
    while (word.p[word.len - 1 - tail] == '*')
        tail++;
    for (size_t i = 1; i < word.len; i++)
        groups += word.p[i] == '*' && word.p[i - 1] != '*';
    return prefix <= MASKED_PREFIX && groups > 0 && groups <= MASKED_GROUPS &&
           (tail == 0 || (tail >= STARS_AT_END && groups == 1));
}

static bool is_masked_byte(char c)
{
    return is_letter(c) || c == '*';
}

void sml_detect_masked_word(Find *f)
{
    for (size_t at = 0, end; at < f->text.len; at = end + 1) {
        bool star = false;
        for (end = at; end < f->text.len && is_masked_byte(f->text.p[end]); end++)
            star = star || f->text.p[end] == '*';
        if (star && is_masked(sml_str_slice(f->text, at, end)) &&
            sml_token_edge(f->text, (uint32_t)at) && sml_detect_ends(f, end) &&
            !(at && is_digit(f->text.p[at - 1])) && !sml_detect_in_link(f, at))
            sml_detect_add(f, at, end);
    }
}

/* ---- capitals ---- */

#define LOUD_WORDS   3
#define LOUD_LETTERS 15 /* bytes of them; fewer may be names, "HMRC DWP MOD" */
#define LOUD_LONGEST 4

typedef struct Loud {
    size_t start, end, letters, longest;
    unsigned words;
} Loud;

static void end_loud(Find *f, Loud *l)
{
    if (l->words >= LOUD_WORDS && l->letters >= LOUD_LETTERS && l->longest >= LOUD_LONGEST)
        sml_detect_add(f, l->start, l->end);
    memset(l, 0, sizeof *l);
}

/* Names stand in lists. */
static bool is_listing(Str gap)
{
    for (size_t i = 0; i < gap.len; i++)
        if (gap.p[i] == ',' || gap.p[i] == ';' || gap.p[i] == '/' || gap.p[i] == '|')
            return true;
    return false;
}

/* Numbers do not end a run of capitals; a word with a small letter does, and so do a comma and a sentence's end. */
void sml_detect_capitals(Find *f)
{
    const Tokens *t = f->d->tokens;
    Loud l = {0};
    for (uint32_t i = 0; i < t->n; i++) {
        const Token *w = &t->v[i];
        if (i &&
            (w->leads || is_listing(sml_str_slice(f->text, sml_token_end(&t->v[i - 1]), w->start))))
            end_loud(f, &l);
        if (w->kind != TOKEN_WORD)
            continue;
        if (!sml_detect_in_capitals(f, w->start, sml_token_end(w))) {
            end_loud(f, &l);
            continue;
        }
        size_t length = w->len;
        l.start = l.words++ ? l.start : w->start;
        l.end = sml_token_end(w);
        l.letters += length;
        l.longest = length > l.longest ? length : l.longest;
    }
    end_loud(f, &l);
}
