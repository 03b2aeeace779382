/* SPDX-License-Identifier: MIT */
/*
 * A walk over the text in steps, each with a cost. A unit is a function that says where the step at `at` ends and what it
 * costs; links and mentions, where a unit prices them, are found beforehand and are one step each.
 */
#include "text/length.h"

#include "base/unicode.h"
#include "base/utf8.h"
#include "text/entity.h"
#include "text/norm.h"

typedef struct Walk {
    Str text;
    Entities links, mentions;
    uint32_t next_link, next_mention;
    uint32_t link; /* what one costs */
    bool refused;  /* the last step met a character that the network takes nowhere */
} Walk;

typedef uint32_t StepFn(Walk *w, size_t at, size_t *end);

/* ---- steps ---- */

/* The entity that begins at `at`, or NULL; `*next` moves on. */
static const Entity *entity_at(const Entities *all, uint32_t *next, size_t at)
{
    while (*next < all->n && all->v[*next].start < at)
        ++*next;
    return *next < all->n && all->v[*next].start == at ? &all->v[*next] : NULL;
}

static bool is_crlf(Str text, size_t at)
{
    return text.p[at] == '\r' && at + 1 < text.len && text.p[at + 1] == '\n';
}

static uint32_t step_weighted(Walk *w, size_t at, size_t *end)
{
    const Entity *link = entity_at(&w->links, &w->next_link, at);
    if (link) {
        *end = link->end;
        return w->link;
    }
    *end = sml_entity_emoji(w->text, at);
    if (*end > at)
        return 2;
    *end = at;
    uint32_t c = sml_utf8_next(w->text, end);
    w->refused |= c == 0xFEFF || c == 0xFFFE || c == 0xFFFF;
    return c <= 0x10FF || (c >= 0x2000 && c <= 0x200D) || (c >= 0x2010 && c <= 0x201F) ||
                   (c >= 0x2032 && c <= 0x2037)
               ? 1
               : 2;
}

/* Six scripts of India write consonants joined by a virama as one; Unicode counts them so from 15.1 on (rule GB9c), as the
 * networks do, but Debian's data do not yet. Blocks of 0x80 with the same plan: consonants 15 to 39 and a few, nukta 3C,
 * virama 4D. */
static bool is_indic(uint32_t c)
{
    uint32_t block = c & ~UINT32_C(0x7F);
    return block == 0x900 || block == 0x980 || block == 0xA80 || block == 0xB00 || block == 0xC00 ||
           block == 0xD00;
}

static bool is_consonant(uint32_t c)
{
    uint32_t in = c & 0x7F;
    return is_indic(c) && sml_unicode_record(c)->flags & UNICODE_LETTER &&
           ((in >= 0x15 && in <= 0x39) || (in >= 0x58 && in <= 0x5F) || in >= 0x70);
}

/* Does [at, end) end in a consonant with a virama, and a consonant follow? */
static bool joins_next(Str text, size_t at, size_t end)
{
    bool virama = false;
    if (end >= text.len || (unsigned char)text.p[end] != 0xE0)
        return false;
    size_t next = end;
    if (!is_consonant(sml_utf8_next(text, &next)))
        return false;
    while (end > at) {
        size_t i = end = sml_utf8_floor(text, end - 1);
        uint32_t c = sml_utf8_next(text, &i);
        if (is_consonant(c))
            return virama;
        virama |= is_indic(c) && (c & 0x7F) == 0x4D;
        if (c != 0x200D && !(is_indic(c) && ((c & 0x7F) == 0x4D || (c & 0x7F) == 0x3C)))
            return false;
    }
    return false;
}

static uint32_t step_graphemes(Walk *w, size_t at, size_t *end)
{
    *end = sml_unicode_cluster(w->text, at);
    for (size_t from = at; joins_next(w->text, from, *end);) {
        from = *end;
        *end = sml_unicode_cluster(w->text, from);
    }
    return 1;
}

static uint32_t step_mastodon(Walk *w, size_t at, size_t *end)
{
    const Entity *link = entity_at(&w->links, &w->next_link, at);
    const Entity *mention = entity_at(&w->mentions, &w->next_mention, at);
    if (link) {
        *end = link->end;
        return w->link;
    }
    if (!mention)
        return step_graphemes(w, at, end);
    *end = mention->end;
    return mention->name_end - mention->start;
}

static uint32_t step_threads(Walk *w, size_t at, size_t *end)
{
    *end = sml_entity_emoji(w->text, at);
    if (*end > at)
        return (uint32_t)(*end - at);
    *end = at;
    sml_utf8_next(w->text, end);
    return 1;
}

static uint32_t step_utf16(Walk *w, size_t at, size_t *end)
{
    *end = at;
    return sml_utf8_next(w->text, end) > 0xFFFF ? 2 : 1;
}

static uint32_t step_bytes(Walk *w, size_t at, size_t *end)
{
    *end = at;
    sml_utf8_next(w->text, end);
    return (uint32_t)(*end - at);
}

static StepFn *const steps[LENGTH_UNITS] = {
    [LENGTH_WEIGHTED] = step_weighted, [LENGTH_GRAPHEMES] = step_graphemes,
    [LENGTH_MASTODON] = step_mastodon, [LENGTH_THREADS] = step_threads,
    [LENGTH_UTF16] = step_utf16,       [LENGTH_BYTES] = step_bytes,
};

/* ---- the walk ---- */

/* Where the first of them begins that does not begin before `at`; `else_at` if there is none. */
static size_t next_start(const Entities *all, uint32_t next, size_t at, size_t else_at)
{
    while (next < all->n && all->v[next].start < at)
        next++;
    return next < all->n && all->v[next].start < else_at ? all->v[next].start : else_at;
}

/* The end of the characters from `at` on that count as one each in every unit: visible ASCII with more ASCII behind, and no link
 * or mention. */
static size_t plain_end(const Walk *w, size_t at)
{
    const char *p = w->text.p;
    size_t stop = next_start(&w->mentions, w->next_mention, at,
                             next_start(&w->links, w->next_link, at, w->text.len));
    while (at < stop && p[at] >= ' ' && p[at] < 0x7F &&
           (at + 1 == w->text.len || (unsigned char)p[at + 1] < 0x80))
        at++;
    return at;
}

/* `n` steps of cost 1 up to `end`. */
static void count_plain(Length *out, const Walk *w, uint32_t n, size_t end, uint32_t limit)
{
    uint32_t left = limit > out->used ? (uint32_t)(limit - out->used) : 0;
    if (left && !w->refused)
        out->fits = (uint32_t)end - (n > left ? n - left : 0);
    out->used += n;
}

static Length walk(Walk *w, StepFn *step, uint32_t limit)
{
    Length out = {0, 0};
    for (size_t at = 0, end; at < w->text.len; at = end) {
        uint32_t cost = 1;
        end = plain_end(w, at);
        if (end > at) {
            count_plain(&out, w, (uint32_t)(end - at), end, limit);
            continue;
        }
        if (is_crlf(w->text, at))
            end = at + 2;
        else
            cost = step(w, at, &end);
        out.used += cost;
        if (out.used <= limit && !w->refused)
            out.fits = (uint32_t)end;
    }
    return out;
}

/* X composes before it counts. */
static Length measure_weighted(Walk *w, uint32_t limit, Arena *a)
{
    Norm composed;
    sml_norm_apply(&composed, w->text, FOLD_COMPOSE, a);
    w->text = composed.text;
    sml_entity_x_urls(&w->links, w->text, true, a);
    Length out = walk(w, step_weighted, limit);
    out.fits = out.fits ? sml_norm_span(&composed, 0, out.fits).end : 0;
    return out;
}

Length sml_length_measure(LengthUnit unit, Str text, uint32_t limit, uint32_t link, Arena *a)
{
    Walk w = {.text = text, .link = link};
    if (unit == LENGTH_WEIGHTED)
        return measure_weighted(&w, limit, a);
    if (unit == LENGTH_MASTODON) {
        sml_entity_x_urls(&w.links, text, false, a);
        sml_entity_mastodon_mentions(&w.mentions, text, a);
    }
    return walk(&w, steps[unit], limit);
}

Span sml_length_posted(Str text)
{
    size_t start = 0, end = text.len;
    for (size_t i = 0; i < text.len; start = i) {
        uint32_t c = sml_utf8_next(text, &i);
        if (!(sml_unicode_record(c)->flags & UNICODE_SPACE))
            break;
    }
    while (end > start) {
        size_t last = sml_utf8_floor(text, end - 1), i = last;
        if (!(sml_unicode_record(sml_utf8_next(text, &i))->flags & UNICODE_SPACE))
            break;
        end = last;
    }
    return (Span){(uint32_t)start, (uint32_t)end};
}
