/* SPDX-License-Identifier: MIT */
#include "text/alt.h"

#include "text/reader.h"

/* Further ones stay in their posts. */
#define MOST_ALTS   100 /* of one post, and of the images of front matter */
#define MOST_IN_ALL 10000

typedef struct Line {
    Span whole; /* with its end */
    Span alt;   /* the description, or empty */
} Line;

typedef VEC(Line) Lines;

/* The Welsh one is what templates for Welsh accounts have. */
static const char *const openings[] = {
    "alt:", "alt text:", "alt-text:", "image alt text:", "image description:", "testun amgen:",
};

static bool starts_nocase(Str s, Str prefix)
{
    return sml_str_eq_nocase(sml_str_slice(s, 0, prefix.len), prefix);
}

/* "ALT: A bridge", "[Image description: A bridge]": where in `text` the description stands. */
static Span find_alt(Str text, Span line)
{
    Str s = sml_str_trim(sml_str_slice(text, line.start, line.end));
    bool bracket = sml_str_starts(s, STR("["));
    if (bracket && !sml_str_ends(s, STR("]")))
        return (Span){0, 0};
    s = sml_str_slice(s, bracket, s.len - bracket);
    for (size_t i = 0; i < sizeof openings / sizeof openings[0]; i++) {
        Str opening = sml_str_from(openings[i]);
        Str alt = sml_str_trim(sml_str_slice(s, opening.len, s.len));
        if (starts_nocase(s, opening) && alt.len) {
            uint32_t start = (uint32_t)(alt.p - text.p);
            return (Span){start, start + (uint32_t)alt.len};
        }
    }
    return (Span){0, 0};
}

static bool ends_line(char c)
{
    return c == '\n' || c == '\r';
}

static Line next_line(Str text, uint32_t at)
{
    uint32_t end = at;
    while (end < text.len && !ends_line(text.p[end]))
        end++;
    uint32_t next = end + (end < text.len);
    next += next < text.len && text.p[end] == '\r' && text.p[next] == '\n';
    return (Line){{at, next}, find_alt(text, (Span){at, end})};
}

static Lines find_lines(Str text, Arena *a)
{
    Lines found = {0};
    for (uint32_t at = 0; at < text.len && found.n < MOST_ALTS;) {
        Line line = next_line(text, at);
        if (line.alt.end > line.alt.start)
            VEC_PUSH(&found, a) = line;
        at = line.whole.end;
    }
    return found;
}

/* Is there nothing else in it? Then it is about no picture of this draft. */
static bool is_all(Str text, const Lines *lines)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i <= lines->n; i++) {
        uint32_t end = i < lines->n ? lines->v[i].whole.start : (uint32_t)text.len;
        if (sml_str_trim(sml_str_slice(text, at, end)).len)
            return false;
        at = i < lines->n ? lines->v[i].whole.end : end;
    }
    return true;
}

static void keep(Words *w, Document *d, const Norm *words, uint32_t start, uint32_t end)
{
    if (start == end)
        return;
    Span in = sml_norm_span(words, start, end);
    sml_reader_keep_good(w, d, in.start, in.end);
}

static Norm without(Document *d, const Norm *words, const Lines *lines)
{
    Words w;
    Span all = sml_norm_span(words, 0, (uint32_t)words->text.len);
    uint32_t at = 0;
    sml_reader_begin(&w, sml_str_slice(d->bytes, all.start, all.end), d->arena);
    for (uint32_t i = 0; i < lines->n; i++) {
        keep(&w, d, words, at, lines->v[i].whole.start);
        at = lines->v[i].whole.end;
    }
    keep(&w, d, words, at, (uint32_t)words->text.len);
    return sml_reader_end(&w, all.end);
}

/* ---- what is said of images ------------------------------------------------------------------ */

typedef VEC(Post) Posts;

/* What is known of some images, and the first that may lack a description. */
typedef struct Images {
    VEC(sml_pair) pairs;
    uint32_t next;
} Images;

/* Describes the first image that nothing describes yet. */
static void describe(Images *images, Str alt, Arena *a)
{
    while (images->next < MOST_ALTS) {
        Str key = sml_arena_printf(a, "images[%u].alt", images->next++);
        uint32_t i = 0;
        while (i < images->pairs.n && !sml_str_eq(images->pairs.v[i].key, key))
            i++;
        if (i < images->pairs.n && images->pairs.v[i].value.len)
            continue;
        if (i == images->pairs.n)
            VEC_PUSH(&images->pairs, a).key = key;
        images->pairs.v[i].value = alt;
        return;
    }
}

static void take(Document *d, Post *post, const Lines *lines, Posts *alts, Images *images)
{
    Arena *a = d->arena;
    const char *comma = post->label.len ? ", " : "";
    for (uint32_t i = 0; i < lines->n; i++) {
        Post *alt = &VEC_PUSH(alts, a);
        *alt = (Post){.words = sml_reader_slice(&post->words, lines->v[i].alt, a),
                      .context = {.kind = STR("alt")}};
        alt->label = sml_arena_printf(a, "%.*s%salt text %u", STR_ARG(post->label), comma, i + 1);
        describe(images, alt->words.text, a);
    }
    post->words = without(d, &post->words, lines);
}

static void give(Post *post, const Images *images)
{
    post->context.meta = images->pairs.v;
    post->context.n_meta = images->pairs.n;
}

/* What front matter says of images is of the draft as a whole, and stands with its first post. */
void sml_alt_take(Document *d)
{
    Posts alts = {0};
    Images listed = {0};
    for (uint32_t i = 0; i < d->self.context.n_meta; i++)
        if (sml_str_starts(d->self.context.meta[i].key, STR("images[")))
            VEC_PUSH(&listed.pairs, d->arena) = d->self.context.meta[i];
    bool of_draft = listed.pairs.n > 0;
    for (uint32_t i = 0; i < d->posts.n && alts.n < MOST_IN_ALL; i++) {
        Images own = {0};
        Post *post = &d->posts.v[i];
        Lines lines = find_lines(post->words.text, d->arena);
        if (lines.n == 0 || is_all(post->words.text, &lines))
            continue;
        take(d, post, &lines, &alts, of_draft ? &listed : &own);
        give(of_draft ? &d->posts.v[0] : post, of_draft ? &listed : &own);
    }
    for (uint32_t i = 0; i < alts.n; i++)
        VEC_PUSH(&d->posts, d->arena) = alts.v[i];
}
