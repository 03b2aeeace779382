/* SPDX-License-Identifier: MIT */
#include "match/view.h"

#include "base/unicode.h"
#include "image/image.h"

#include <string.h>

static bool in_tag(unsigned char c)
{
    return c >= 0x80 || c == '_' || sml_unicode_is_word(c);
}

static void find_tags(Spans *out, Str text, Arena *a)
{
    for (size_t at = 0; at < text.len && (at = sml_str_find(text, STR("#"), at)) != SIZE_MAX;) {
        size_t start = ++at;
        while (at < text.len && at - start < TAG_MAX && in_tag((unsigned char)text.p[at]))
            at++;
        if (at > start)
            VEC_PUSH(out, a) = (Span){(uint32_t)start, (uint32_t)at};
    }
}

void sml_view_make(View *out, Str original, unsigned folds, Arena *a)
{
    *out = (View){.original = original, .folds = folds, .arena = a};
    sml_norm_apply(&out->norm, original, folds, a);
    find_tags(&out->tags, out->norm.text, a);
}

/* The tokens are a part of the view that nobody can tell from one that was always there. */
const Tokens *sml_view_tokens(const View *v)
{
    View *own = (View *)(uintptr_t)v;
    if (!v->cut) {
        sml_token_scan(&own->tokens, &v->norm, v->original, v->arena);
        own->cut = true;
    }
    return &v->tokens;
}

uint32_t sml_view_room_of_tag(const View *v, uint32_t at)
{
    uint32_t low = 0, high = v->tags.n;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (v->tags.v[mid].end < at)
            low = mid + 1;
        else
            high = mid;
    }
    bool inside = low < v->tags.n && v->tags.v[low].start <= at;
    return inside ? v->tags.v[low].end - v->tags.v[low].start : 0;
}

bool sml_view_quoted(const View *v, uint32_t at)
{
    const Tokens *t = sml_view_tokens(v);
    uint32_t low = 0, high = t->n_quotes;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (t->quotes[mid].end <= at)
            low = mid + 1;
        else
            high = mid;
    }
    return low < t->n_quotes && t->quotes[low].start <= at;
}

uint32_t sml_view_class(const View *v, uint32_t at)
{
    static const uint32_t classes[TOKEN_KINDS] = {
        [TOKEN_WORD] = IN_TEXT,       [TOKEN_NUMBER] = IN_TEXT,     [TOKEN_URL] = IN_URL,
        [TOKEN_MENTION] = IN_MENTION, [TOKEN_HASHTAG] = IN_HASHTAG, [TOKEN_EMAIL] = IN_URL,
        [TOKEN_EMOJI] = IN_TEXT,
    };
    const Tokens *all = sml_view_tokens(v);
    const Token *t = sml_token_holding(all, at);
    uint32_t class = t ? classes[t->kind] : IN_TEXT;
    return all->n_quotes && sml_view_quoted(v, at) ? class | IN_QUOTE : class;
}

static bool is_word(const Token *t)
{
    return t->kind != TOKEN_EMOJI;
}

Span sml_view_around(const View *v, Span m, uint32_t words)
{
    const Tokens *t = sml_view_tokens(v);
    uint32_t first = sml_token_at(t, m.start), last = sml_token_at(t, m.end);
    uint32_t start = m.start, end = m.end;
    for (uint32_t n = 0, i = first; i-- > 0 && n < words;) {
        start = t->v[i].start < start ? t->v[i].start : start;
        n += is_word(&t->v[i]);
    }
    if (last < t->n && t->v[last].start < m.end)
        last++;
    for (uint32_t n = 0, i = last; i < t->n && n < words; i++) {
        end = sml_token_end(&t->v[i]) > end ? sml_token_end(&t->v[i]) : end;
        n += is_word(&t->v[i]);
    }
    return (Span){start, end};
}

Span sml_view_sentence(const View *v, Span m)
{
    const Tokens *t = sml_view_tokens(v);
    uint32_t i = sml_token_at(t, m.start);
    if (i == t->n)
        return m;
    uint32_t sentence = sml_token_sentence(t, i), first = t->sentences[sentence];
    uint32_t next = sentence + 1 < t->n_sentences ? t->sentences[sentence + 1] : t->n;
    Span s = {t->v[first].start, sml_token_end(&t->v[next - 1])};
    if (m.start < s.start)
        s.start = m.start;
    if (m.end > s.end)
        s.end = m.end;
    return s;
}

uint32_t sml_view_words_between(const View *v, Span a, Span b)
{
    if (b.start < a.start) {
        Span swap = a;
        a = b, b = swap;
    }
    if (b.start <= a.end)
        return 0;
    const Tokens *t = sml_view_tokens(v);
    uint32_t i = sml_token_at(t, a.end), end = sml_token_at(t, b.start), n = 0;
    if (i < t->n && t->v[i].start < a.end)
        i++;
    /* Far apart is far apart: nobody asks for more than this many. */
    for (; i < end && n < 1000; i++)
        n += is_word(&t->v[i]);
    return n;
}
