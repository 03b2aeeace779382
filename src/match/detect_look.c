/* SPDX-License-Identifier: MIT */
/*
 * How a post looks and sounds: hashtags whose words run together, emoji in crowds and in place of bullets or words, rows of
 * signs; and what a network makes of words that nobody meant it to.
 *
 * A hashtag in one case is taken apart by a list of common words, the fewest that cover it: "climateactionnow" is
 * "climate", "action", "now". No list is ever whole, so what cannot be taken apart is left alone, and so is a word that is
 * on the list itself.
 */
#include "match/detect_find.h"

#include "base/unicode.h"
#include "base/utf8.h"
#include "match/words.inc"
#include "text/entity.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* ---- hashtags ---- */

#define TAG_LEAST 8
#define TAG_MOST  40
#define WORD_MOST 16

static int compare_word(const void *key, const void *row)
{
    Str word = *(const Str *)key;
    const char *listed = *(const char *const *)row;
    return word.p[0] != listed[0] ? word.p[0] - listed[0] : sml_str_cmp(word, sml_str_from(listed));
}

#define LISTED(word, table)                                                                        \
    (bsearch(&(word), table, COUNT(table), sizeof *(table), compare_word) != NULL)

/* Ends of the fewest common words that cover `tag`, in ends[0..n); 0 where none do. */
static size_t split_tag(Str tag, size_t *ends)
{
    size_t fewest[TAG_MOST + 1], from[TAG_MOST + 1];
    fewest[0] = 0;
    for (size_t end = 1; end <= tag.len; end++) {
        fewest[end] = SIZE_MAX;
        for (size_t start = end > WORD_MOST ? end - WORD_MOST : 0; start + 1 < end; start++) {
            Str word = sml_str_slice(tag, start, end);
            if (fewest[start] == SIZE_MAX || fewest[start] + 1 >= fewest[end] ||
                !LISTED(word, common_words))
                continue;
            fewest[end] = fewest[start] + 1;
            from[end] = start;
        }
    }
    if (fewest[tag.len] == SIZE_MAX)
        return 0;
    size_t n = fewest[tag.len];
    for (size_t end = tag.len, i = n; i-- > 0; end = from[end])
        ends[i] = end;
    return n;
}

/* Fills `small` with the tag's letters; false if they are not all small ones, or all capitals. */
static bool in_one_case(char *small, Str tag)
{
    char first = tag.p[0] <= 'Z' ? 'A' : 'a';
    for (size_t i = 0; i < tag.len; i++) {
        if (tag.p[i] < first || tag.p[i] > first + 25)
            return false;
        small[i] = (char)(tag.p[i] - first + 'a');
    }
    return true;
}

size_t sml_detect_tag_words(Str tag, size_t ends[TAG_WORDS])
{
    size_t all[TAG_MOST + 1], longer = 0, start = 0;
    char letters[TAG_MOST];
    Str small = {letters, tag.len};
    if (tag.len < TAG_LEAST || tag.len > TAG_MOST || !in_one_case(letters, tag) ||
        LISTED(small, compounds))
        return 0;
    size_t n = split_tag(small, all);
    if (n > TAG_WORDS)
        return 0;
    for (size_t i = 0; i < n; i++) {
        longer += all[i] - start >= 3;
        start = ends[i] = all[i];
    }
    return longer >= 2 ? n : 0;
}

/* The original of folded [start, end). */
static Str written(const Find *f, size_t start, size_t end)
{
    Span s = sml_norm_span(f->d->norm, (uint32_t)start, (uint32_t)end);
    return sml_str_slice(f->d->original, s.start, s.end);
}

void sml_detect_camel_case(Find *f)
{
    const Tokens *t = f->d->tokens;
    size_t ends[TAG_WORDS];
    for (uint32_t i = 0; i < t->n; i++)
        if (t->v[i].kind == TOKEN_HASHTAG &&
            sml_detect_tag_words(written(f, t->v[i].start + (size_t)1, sml_token_end(&t->v[i])),
                                 ends))
            sml_detect_add(f, t->v[i].start, sml_token_end(&t->v[i]));
}

/* ---- emoji ---- */

#define RUN_LEAST 3

static Str token_text(const Find *f, const Token *t)
{
    return sml_str_slice(f->text, t->start, sml_token_end(t));
}

static bool only_spaces(Str text, size_t from, size_t to)
{
    for (; from < to; from++)
        if (text.p[from] != ' ')
            return false;
    return true;
}

/* Three of them, or one twice. */
static bool is_row(const Find *f, uint32_t first, uint32_t end)
{
    const Token *v = f->d->tokens->v;
    return end - first >= RUN_LEAST ||
           (end - first == 2 && sml_str_eq(token_text(f, &v[first]), token_text(f, &v[first + 1])));
}

void sml_detect_emoji_run(Find *f)
{
    const Tokens *t = f->d->tokens;
    for (uint32_t i = 0, end; i < t->n; i = end) {
        for (end = i;
             end < t->n && t->v[end].kind == TOKEN_EMOJI &&
             (end == i || only_spaces(f->text, sml_token_end(&t->v[end - 1]), t->v[end].start));)
            end++;
        if (is_row(f, i, end))
            sml_detect_add(f, t->v[i].start, sml_token_end(&t->v[end - 1]));
        end += end == i;
    }
}

static bool begins_line(Str text, size_t at)
{
    while (at > 0 && text.p[at - 1] == ' ')
        at--;
    return at == 0 || text.p[at - 1] == '\n';
}

/* Words follow on the line. */
static bool leads_words(const Find *f, uint32_t i)
{
    const Tokens *t = f->d->tokens;
    return i + 1 < t->n && t->v[i + 1].kind != TOKEN_EMOJI &&
           sml_str_find(sml_str_slice(f->text, sml_token_end(&t->v[i]), t->v[i + 1].start),
                        STR("\n"), 0) == SIZE_MAX;
}

/* One such line is a picture at its head; with a second it is a list. */
void sml_detect_emoji_bullets(Find *f)
{
    const Tokens *t = f->d->tokens;
    uint32_t first = UINT32_MAX;
    for (uint32_t i = 0; i < t->n; i++) {
        if (t->v[i].kind != TOKEN_EMOJI || !begins_line(f->text, t->v[i].start) ||
            !leads_words(f, i))
            continue;
        if (first == UINT32_MAX) {
            first = i;
            continue;
        }
        sml_detect_add(f, t->v[first].start, sml_token_end(&t->v[first]));
        sml_detect_add(f, t->v[i].start, sml_token_end(&t->v[i]));
        first = i;
    }
}

/* ---- among words ---- */

/* Is there nothing but spaces between tokens i and i + 1 of one sentence? */
static bool leads_on(const Find *f, uint32_t i)
{
    const Tokens *t = f->d->tokens;
    return i + 1 < t->n && !t->v[i + 1].leads &&
           only_spaces(f->text, sml_token_end(&t->v[i]), t->v[i + 1].start);
}

static bool is_word(const Token *t)
{
    return t->kind == TOKEN_WORD || t->kind == TOKEN_NUMBER;
}

/* Does token `i`, a word, go on with a sentence? A capital may begin another, or be a name's. */
static bool goes_on(const Find *f, uint32_t i)
{
    const Token *t = &f->d->tokens->v[i];
    Str as_written = written(f, t->start, sml_token_end(t));
    return is_word(t) && as_written.len && !(as_written.p[0] >= 'A' && as_written.p[0] <= 'Z');
}

/* "Catch the [bus] at nine", "We [heart] libraries": the words before want one behind. */
static bool replaces_word(const Find *f, uint32_t i)
{
    static const char *const wanting[] = {"the", "a",     "an",  "our",   "your",
                                          "my",  "their", "its", "every", NULL};
    static const char *const loving[] = {"i", "we", NULL};
    const Tokens *t = f->d->tokens;
    if (i == 0 || !leads_on(f, i - 1))
        return false;
    Str before = token_text(f, &t->v[i - 1]);
    return sml_detect_listed(before, wanting) ||
           (sml_detect_listed(before, loving) && leads_on(f, i) && is_word(&t->v[i + 1]));
}

/* "We [clap] need [clap] you": the same one on both sides of a word. */
static bool claps(const Find *f, uint32_t i)
{
    const Tokens *t = f->d->tokens;
    return i > 0 && i + 2 < t->n && is_word(&t->v[i - 1]) && is_word(&t->v[i + 1]) &&
           t->v[i + 2].kind == TOKEN_EMOJI && leads_on(f, i - 1) && leads_on(f, i) &&
           leads_on(f, i + 1) && sml_str_eq(token_text(f, &t->v[i]), token_text(f, &t->v[i + 2]));
}

static bool is_inside(const Find *f, uint32_t i)
{
    return i > 0 && is_word(&f->d->tokens->v[i - 1]) && leads_on(f, i - 1) && leads_on(f, i) &&
           goes_on(f, i + 1);
}

/* One emoji inside a sentence is a slip, a second one a habit. */
#define INSIDE_LEAST 2

void sml_detect_emoji_words(Find *f)
{
    const Tokens *t = f->d->tokens;
    uint32_t inside = 0, clapped = UINT32_MAX;
    for (uint32_t i = 0; i < t->n; i++)
        inside += t->v[i].kind == TOKEN_EMOJI && is_inside(f, i);
    for (uint32_t i = 0; i < t->n; i++) {
        if (t->v[i].kind != TOKEN_EMOJI)
            continue;
        bool clap = claps(f, i);
        if (clap || clapped == i || replaces_word(f, i) ||
            (inside >= INSIDE_LEAST && is_inside(f, i)))
            sml_detect_add(f, t->v[i].start, sml_token_end(&t->v[i]));
        clapped = clap ? i + 2 : clapped;
    }
}

#define TAGS_LEAST 3

/* Of tags in a row, the next after token `from`, those that end in mid sentence; false behind the last. */
static bool next_tags_inside(Span *out, const Find *f, uint32_t from)
{
    const Tokens *t = f->d->tokens;
    for (uint32_t i = from, end; i < t->n; i = end) {
        for (end = i;
             end < t->n && t->v[end].kind == TOKEN_HASHTAG && (end == i || leads_on(f, end - 1));)
            end++;
        *out = (Span){i, end};
        if (end > i && leads_on(f, end - 1) && goes_on(f, end))
            return true;
        end += end == i;
    }
    return false;
}

void sml_detect_hashtags_inside(Find *f)
{
    const Token *v = f->d->tokens->v;
    uint32_t inside = 0;
    Span row = {0, 0};
    while (next_tags_inside(&row, f, row.end))
        inside += row.end - row.start;
    row.end = 0;
    while (inside >= TAGS_LEAST && next_tags_inside(&row, f, row.end))
        for (uint32_t i = row.start; i < row.end; i++)
            sml_detect_add(f, v[i].start, sml_token_end(&v[i]));
}

/* ---- rows of signs ---- */

#define SIGNS_LEAST 5

/* What ends and parts sentences stands in rows of its own accord: "(really?!)...". */
static bool is_sign(uint32_t c)
{
    unsigned flags = sml_unicode_record(c)->flags;
    if (c < 0x80)
        return c > ' ' && c < 0x7F && !is_alnum((char)c) && !strchr(".,:;!?()[]'\"", (int)c);
    return c != 0x2026 && !(flags & (UNICODE_WORD | UNICODE_SPACE | UNICODE_INVISIBLE |
                                     UNICODE_EMOJI | UNICODE_EMOJI_TEXT | UNICODE_PICTOGRAPHIC));
}

/* A line of art, or one drawn between paragraphs; a link is none. */
void sml_detect_symbol_run(Find *f)
{
    for (size_t at = 0; at < f->text.len;) {
        size_t start = at, end = at;
        unsigned n = 0;
        while (at < f->text.len && is_sign(sml_utf8_next(f->text, &at))) {
            end = at;
            n++;
        }
        if (n >= SIGNS_LEAST && !sml_detect_in_link(f, start))
            sml_detect_add(f, start, end);
    }
}

/* ---- what networks make of it ---- */

/* "This is it.Now go": a space is missing, and the network makes a link to it.now. What follows the stop begins with a capital
 * and is a word as well as a top-level domain. */
static bool looks_like_sentences(Str s)
{
    char lower[WORD_MOST];
    size_t dot = sml_str_find(s, STR("."), 0);
    if (dot == SIZE_MAX || dot == 0 || s.p[dot - 1] < 'a' || s.p[dot - 1] > 'z')
        return false;
    Str tail = sml_str_slice(s, dot + 1, s.len);
    if (tail.len < 2 || tail.len > sizeof lower || tail.p[0] < 'A' || tail.p[0] > 'Z')
        return false;
    lower[0] = (char)(tail.p[0] | 0x20);
    memcpy(lower + 1, tail.p + 1, tail.len - 1);
    Str word = {lower, tail.len};
    return LISTED(word, common_words);
}

void sml_detect_accidental_link(Find *f)
{
    Str text = f->d->original;
    Entities found = {0};
    sml_entity_x_urls(&found, text, true, f->a);
    for (uint32_t i = 0; i < found.n; i++) {
        const Entity *e = &found.v[i];
        if (!e->has_protocol && looks_like_sentences(sml_str_slice(text, e->start, e->end)))
            sml_detect_add_original(f, e->start, e->end);
    }
}

/* What stands glued to a tag's end: letters behind a sign. A possessive is no loss. */
static size_t cut_off_end(Str text, size_t at)
{
    static const char *const possessives[] = {"'s", "'S", "’s", "’S"};
    static const char *const signs[] = {"-", "&", "'", "’", ".", "/"};
    size_t sign = 0, end;
    for (size_t i = 0; i < COUNT(signs); i++)
        if (sml_str_starts(sml_str_slice(text, at, text.len), sml_str_from(signs[i])))
            sign = strlen(signs[i]);
    end = at + sign;
    while (sign && is_alnum(byte_at(text, end)))
        end++;
    for (size_t i = 0; i < COUNT(possessives); i++)
        if (sml_str_eq(sml_str_slice(text, at, end), sml_str_from(possessives[i])))
            return at;
    return end > at + sign ? end : at;
}

/* Only where a sign and a letter stand somewhere behind a '#' before the next space can a tag be cut: few texts are looked
 * at as X does. */
static bool may_be_cut(Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] != '#' && (unsigned char)text.p[i] != 0xEF)
            continue;
        for (; i < text.len && (unsigned char)text.p[i] > ' '; i++) {
            unsigned char c = (unsigned char)text.p[i];
            bool sign = !is_alnum((char)c) && strchr("-&'./", c);
            if (c == 0xE2 || (sign && is_alnum(byte_at(text, i + 1))))
                return true;
        }
    }
    return false;
}

void sml_detect_cut_hashtag(Find *f)
{
    Str text = f->d->original;
    if (!may_be_cut(text))
        return;
    Entities found = {0};
    sml_entity_x_hashtags(&found, text, f->a);
    for (uint32_t i = 0; i < found.n; i++) {
        const Entity *e = &found.v[i];
        size_t end = cut_off_end(text, e->end);
        if (end > e->end)
            sml_detect_add_original(f, e->start, end);
    }
}

/* Bluesky's client links a bare domain only if it has no hyphen. */
void sml_detect_unlinked_domain(Find *f)
{
    Str text = f->d->original;
    Entities found = {0};
    Entities linked = {0};
    sml_entity_x_urls(&found, text, true, f->a);
    sml_entity_bluesky(&linked, text, f->a);
    uint32_t k = 0;
    for (uint32_t i = 0; i < found.n; i++) {
        const Entity *e = &found.v[i];
        while (k < linked.n && (linked.v[k].kind != ENTITY_URL || linked.v[k].end <= e->start))
            k++;
        bool has = e->has_protocol || (k < linked.n && linked.v[k].start <= e->start);
        if (!has && sml_str_find(sml_str_slice(text, e->start, e->end), STR("-"), 0) != SIZE_MAX)
            sml_detect_add_original(f, e->start, e->end);
    }
}

/* ---- tracking ---- */

/* What networks and mailing tools add when a link is passed on. Not utm_...: those are put in on purpose, to count. */
static const char *const trackers[] = {
    "fbclid", "gclid",  "dclid",  "gclsrc", "msclkid", "igshid", "igsh",      "mc_cid",
    "mc_eid", "twclid", "ttclid", "yclid",  "wbraid",  "gbraid", "li_fat_id", NULL};

/* Parameters [at, end) with the sign that need not stay: "?a=1" when they are all, "a=1&" when they come first, else "&a=1". */
static void add_trackers(Find *f, size_t at, size_t end)
{
    bool first = f->text.p[at - 1] == '?', more = byte_at(f->text, end) == '&';
    sml_detect_add(f, at - !(first && more), end + (first && more));
}

static bool is_tracker(Str parameter)
{
    size_t equals = sml_str_find(parameter, STR("="), 0);
    return equals != SIZE_MAX && sml_detect_listed(sml_str_slice(parameter, 0, equals), trackers);
}

static void find_trackers(Find *f, size_t from, size_t to)
{
    size_t at = sml_str_find(sml_str_slice(f->text, 0, to), STR("?"), from), run = 0, end = 0;
    while (at < to && f->text.p[at] != '#') {
        size_t start = ++at;
        while (at < to && f->text.p[at] != '&' && f->text.p[at] != '#')
            at++;
        bool tracker = is_tracker(sml_str_slice(f->text, start, at));
        if (tracker && !run)
            run = start;
        if (tracker)
            end = at;
        if (run && !tracker) {
            add_trackers(f, run, end);
            run = 0;
        }
    }
    if (run)
        add_trackers(f, run, end);
}

void sml_detect_tracking(Find *f)
{
    const Tokens *t = f->d->tokens;
    for (uint32_t i = 0; i < t->n; i++)
        if (t->v[i].kind == TOKEN_URL)
            find_trackers(f, t->v[i].start, sml_token_end(&t->v[i]));
}
