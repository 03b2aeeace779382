/* SPDX-License-Identifier: MIT */
/* What the networks share: emoji, top-level domains, punctuation, and Mastodon's mentions. */
#include "text/entity.h"

#include "base/unicode.h"
#include "base/utf8.h"
#include "text/network_tables.inc"

#include <string.h>

#define COUNT(v) (sizeof(v) / sizeof *(v))

/* ---- emoji ---- */

/* The state behind an edge, or UINT32_MAX. */
static uint32_t emoji_step(uint32_t state, uint32_t c)
{
    uint32_t low = emoji_first[state] >> 1, high = emoji_first[state + 1] >> 1;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (emoji_edges[mid] >> 11 == c)
            return emoji_edges[mid] & 0x7FF;
        if (emoji_edges[mid] >> 11 < c)
            low = mid + 1;
        else
            high = mid;
    }
    return UINT32_MAX;
}

size_t sml_entity_emoji(Str text, size_t at)
{
    /* ASCII begins keycaps only, whose next character is none. */
    if ((unsigned char)text.p[at] < 0x80 &&
        (at + 1 == text.len || (unsigned char)text.p[at + 1] < 0x80))
        return at;
    size_t end = at, i = at;
    for (uint32_t state = EMOJI_START; i < text.len;) {
        state = emoji_step(state, sml_utf8_next(text, &i));
        if (state == UINT32_MAX)
            break;
        if (emoji_first[state] & 1)
            end = i;
    }
    return end;
}

/* ---- top-level domains ---- */

bool sml_entity_is_tld(Str name)
{
    char lower[TLD_LONGEST];
    if (name.len == 0 || name.len > sizeof lower)
        return false;
    for (size_t i = 0; i < name.len; i++)
        lower[i] = name.p[i] >= 'A' && name.p[i] <= 'Z' ? (char)(name.p[i] | 0x20) : name.p[i];
    Str want = {lower, name.len};
    uint32_t low = 0, high = TLD_COUNT;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        Str here = {(const char *)tld_names + tld_at[mid], (size_t)(tld_at[mid + 1] - tld_at[mid])};
        int order = sml_str_cmp(here, want);
        if (order == 0)
            return true;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}

/* ---- punctuation ---- */

bool sml_entity_is_punctuation(uint32_t c)
{
    size_t low = 0, high = COUNT(punctuation) / 2;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (c > punctuation[2 * mid + 1])
            low = mid + 1;
        else if (c < punctuation[2 * mid])
            high = mid;
        else
            return true;
    }
    return false;
}

/* ---- Mastodon ---- */

#define SERVER_MAX 253 /* characters of a domain name */

static bool is_name(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* A letter, mark, digit or '_' at `at`; `*end` is behind it. */
static bool word_at(Str text, size_t at, size_t *end)
{
    if (at >= text.len)
        return false;
    *end = at;
    uint32_t c = sml_utf8_next(text, end);
    return c == '_' || sml_unicode_is_word(c);
}

static bool mention_may_begin(Str text, size_t at)
{
    if (at == 0)
        return true;
    char before = text.p[at - 1];
    size_t end;
    return before != '=' && before != '/' && !word_at(text, sml_utf8_floor(text, at - 1), &end);
}

/* Behind the run of word characters, '.' and '-' at `at`, which must begin and end with the first; `at` if there is none. */
static size_t server_end(Str text, size_t at)
{
    size_t last = at, end;
    for (size_t i = at; i < text.len;) {
        if (word_at(text, i, &end))
            i = last = end;
        else if (i > at && (text.p[i] == '.' || text.p[i] == '-'))
            i++;
        else
            break;
    }
    return last;
}

static size_t mastodon_name_end(Str text, size_t at)
{
    size_t last = at;
    for (size_t i = at; i < text.len; i++) {
        if (is_name((unsigned char)text.p[i]))
            last = i + 1;
        else if (i == at || (text.p[i] != '.' && text.p[i] != '-'))
            break;
    }
    return last;
}

void sml_entity_mastodon_mentions(Entities *out, Str text, Arena *a)
{
    for (size_t at = 0; (at = sml_str_find(text, STR("@"), at)) != SIZE_MAX;) {
        size_t name = mastodon_name_end(text, at + 1), end = name;
        if (name == at + 1 || !mention_may_begin(text, at)) {
            at++;
            continue;
        }
        if (name < text.len && text.p[name] == '@') {
            size_t server = server_end(text, name + 1);
            Str host = sml_str_slice(text, name + 1, server);
            if (host.len && sml_utf8_count(host) <= SERVER_MAX)
                end = server;
        }
        VEC_PUSH(out, a) =
            (Entity){ENTITY_MENTION, (uint32_t)at, (uint32_t)end, (uint32_t)name, false};
        at = end;
    }
}
