/* SPDX-License-Identifier: MIT */
/*
 * Bluesky's facets, as its client's rich text detection makes them (atproto, packages/api, MIT or Apache-2.0; its test cases
 * pass): a character that may precede, then a run, then what is cut off the run's end.
 */
#include "text/entity.h"

#include "base/unicode.h"
#include "base/utf8.h"

#include <string.h>

#define TAG_MAX     64 /* grapheme clusters */
#define CASHTAG_MAX 5

static char byte_at(Str s, size_t at)
{
    return at < s.len ? s.p[at] : '\0';
}
static bool is_letter(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26;
}
static bool is_alnum(char c)
{
    return is_letter(c) || (unsigned char)(c - '0') < 10;
}

static bool is_space(uint32_t c)
{
    return (c >= 0x09 && c <= 0x0D) || c == ' ' || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

/* Hidden characters that end a tag. */
static bool is_hidden(uint32_t c)
{
    return c == 0xAD || c == 0x2060 || (c >= 0x200A && c <= 0x200D) || c == 0x20E2;
}

/* Start, white space, or where `bracket` says so a '(' before `at`. */
static bool may_begin(Str text, size_t at, bool bracket)
{
    if (at == 0 || (bracket && text.p[at - 1] == '('))
        return true;
    size_t i = sml_utf8_floor(text, at - 1);
    return is_space(sml_utf8_next(text, &i));
}

/* Does a known top-level domain end it, behind a dot? */
static bool is_domain(Str s)
{
    size_t dot = s.len;
    while (dot > 0 && s.p[dot - 1] != '.')
        dot--;
    return dot > 0 && sml_entity_is_tld(sml_str_slice(s, dot, s.len));
}

static void add(Entities *out, EntityKind kind, size_t start, size_t end, bool protocol, Arena *a)
{
    VEC_PUSH(out, a) = (Entity){kind, (uint32_t)start, (uint32_t)end, (uint32_t)end, protocol};
}

/* ---- mentions ---- */

static bool in_handle(char c)
{
    return is_alnum(c) || c == '.' || c == '-';
}

static bool word_edge(Str text, size_t at)
{
    bool left = is_alnum(text.p[at - 1]) || text.p[at - 1] == '_';
    bool right = is_alnum(byte_at(text, at)) || byte_at(text, at) == '_';
    return left != right;
}

static void find_mentions(Entities *out, Str text, Arena *a)
{
    for (size_t at = 0; (at = sml_str_find(text, STR("@"), at)) != SIZE_MAX;) {
        size_t start = at++;
        while (in_handle(byte_at(text, at)))
            at++;
        size_t end = at;
        while (end > start + 1 && !word_edge(text, end))
            end--;
        Str handle = sml_str_slice(text, start + 1, end);
        if (may_begin(text, start, true) &&
            (is_domain(handle) || sml_str_ends(handle, STR(".test"))))
            add(out, ENTITY_MENTION, start, end, false, a);
    }
}

/* ---- links ---- */

static size_t run_end(Str text, size_t at)
{
    for (size_t i = at; i < text.len && !is_space(sml_utf8_next(text, &i));)
        at = i;
    return at;
}

/* Behind "example.co.uk" at `at`, or `at`: no hyphens, a letter first. */
static size_t bare_domain_end(Str text, size_t at)
{
    size_t i = at, end = at;
    if (!is_letter(byte_at(text, at)))
        return at;
    for (;;) {
        size_t label = i;
        while (is_alnum(byte_at(text, i)))
            i++;
        if (i == label)
            return end;
        if (label > at)
            end = i;
        if (byte_at(text, i) != '.')
            return end;
        i++;
    }
}

/* With something behind it. */
static bool has_protocol(Str text, size_t at)
{
    Str s = sml_str_slice(text, at, at + 8);
    size_t n = sml_str_eq_nocase(s, STR("https://"))                       ? 8
               : sml_str_eq_nocase(sml_str_slice(s, 0, 7), STR("http://")) ? 7
                                                                           : 0;
    size_t next = at + n;
    return n && next < text.len && !is_space(sml_utf8_next(text, &next));
}

static size_t trim_link(Str text, size_t start, size_t end)
{
    if (end > start && strchr(".,;:!?", text.p[end - 1]))
        end--;
    if (end > start && text.p[end - 1] == ')' &&
        sml_str_find(sml_str_slice(text, start, end), STR("("), 0) == SIZE_MAX)
        end--;
    return end;
}

static void find_links(Entities *out, Str text, Arena *a)
{
    for (size_t at = 0; at < text.len;) {
        size_t start = at, domain = at;
        bool protocol = has_protocol(text, at);
        if (!protocol)
            domain = bare_domain_end(text, at);
        if (may_begin(text, start, true) && (protocol || domain > at)) {
            at = run_end(text, start);
            if (protocol || is_domain(sml_str_slice(text, start, domain)))
                add(out, ENTITY_URL, start, trim_link(text, start, at), protocol, a);
            continue;
        }
        /* Nothing begins before the next space or bracket. */
        while (at < text.len && text.p[at] != '(' && (unsigned char)text.p[at] > ' ' &&
               (unsigned char)text.p[at] < 0x80)
            at++;
        if (at < text.len)
            sml_utf8_next(text, &at);
    }
}

/* ---- tags ---- */

static bool makes_tag(uint32_t c)
{
    return !(sml_unicode_record(c)->flags & UNICODE_DIGIT && c < 0x80) &&
           !sml_entity_is_punctuation(c);
}

/* Behind the tag's characters at `at`, or `at` if none of them makes a tag. */
static size_t tag_end(Str text, size_t at)
{
    size_t end = at;
    bool made = false;
    for (size_t i = at; i < text.len; end = i) {
        uint32_t c = sml_utf8_next(text, &i);
        if (is_space(c) || is_hidden(c))
            break;
        made |= makes_tag(c);
    }
    return made ? end : at;
}

static size_t trim_tag(Str text, size_t start, size_t end)
{
    while (end > start) {
        size_t last = sml_utf8_floor(text, end - 1), i = last;
        if (!sml_entity_is_punctuation(sml_utf8_next(text, &i)))
            break;
        end = last;
    }
    return end;
}

static bool tag_fits(Str tag)
{
    uint32_t n = 0;
    for (size_t at = 0; at < tag.len && n <= TAG_MAX; n++)
        at = sml_unicode_cluster(tag, at);
    return n > 0 && n <= TAG_MAX;
}

static void find_tags(Entities *out, Str text, Arena *a)
{
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint32_t c = sml_utf8_next(text, &at);
        if ((c != '#' && c != 0xFF03) || !may_begin(text, start, false))
            continue;
        if (sml_str_starts(sml_str_slice(text, at, text.len), STR("\uFE0F")))
            continue;
        size_t run = tag_end(text, at), end = trim_tag(text, at, run);
        if (tag_fits(sml_str_slice(text, at, end)))
            add(out, ENTITY_HASHTAG, start, end, false, a);
        at = run;
    }
}

/* ---- cashtags ---- */

static bool ends_cashtag(Str text, size_t at)
{
    if (at >= text.len || strchr(".,;:!?)\"'", text.p[at]))
        return true;
    uint32_t c = sml_utf8_next(text, &at);
    return is_space(c) || c == 0x2019;
}

static void find_cashtags(Entities *out, Str text, Arena *a)
{
    for (size_t at = 0; (at = sml_str_find(text, STR("$"), at)) != SIZE_MAX;) {
        size_t start = at++, end = at;
        while (end < at + CASHTAG_MAX && is_alnum(byte_at(text, end)))
            end++;
        if (is_letter(byte_at(text, at)) && may_begin(text, start, true) && ends_cashtag(text, end))
            add(out, ENTITY_CASHTAG, start, end, false, a);
        at = end;
    }
}

void sml_entity_bluesky(Entities *out, Str text, Arena *a)
{
    find_mentions(out, text, a);
    find_links(out, text, a);
    find_tags(out, text, a);
    find_cashtags(out, text, a);
}
