/* SPDX-License-Identifier: MIT */
/*
 * Plain text that may be a thread. A line of only ---, === or *** parts two posts, and so does
 * numbering that counts on from 1, at the start of lines:
 *
 *     1/3 Your bin day changes.       line 1 begins post 1
 *     ---                             dropped
 *     2/3 Monday goes to Tuesday.     begins post 2
 *     3/3 That is all.                begins post 3
 *
 * A "1/2 price" is no numbering, as no 2/2 follows; so the lines are read twice, first to learn how
 * far numbers go. Where they stand at the end, "Your bin day changes. (1/3)", each ends a post, if they
 * go all the way and blank lines or separators stand between them. Two blank lines or more part posts only where the fact `thread` is `blank`:
 * ordinary drafts have them too. Text without any of these is one post, byte for byte.
 */
#include "text/alt.h"
#include "text/reader.h"

/* Beyond this the last post takes all the rest: a file of nothing but separators must not cost
 * memory for posts. */
#define MOST_POSTS 10000

typedef enum LineKind { LINE_TEXT, LINE_BLANK, LINE_SEPARATOR, LINE_NUMBER } LineKind;

typedef struct Marker {
    uint64_t n, total; /* total 0: none given */
    char style;        /* what stands before the number: ( [ t p, or 0 */
} Marker;

/* How far numbering has come. */
typedef struct Count {
    Marker last; /* n 0: not begun */
} Count;

typedef struct Split {
    Str text;
    bool blank;          /* blank lines part posts */
    uint64_t numbered;   /* how far numbers go at the start of lines; below 2 they are none */
    bool tails;          /* they stand at the end of posts */
    uint32_t start, end; /* of the post at hand; end == start: nothing but blank lines yet */
    VEC(Span) posts;
    bool cut;
    Arena *arena;
} Split;

/* ---- lines ----------------------------------------------------------------------------------- */

/* The line at `*at`, its end left out; `*at` moves behind it. */
static Str next_line(Str text, uint32_t *at)
{
    uint32_t start = *at, end = start;
    while (end < text.len && text.p[end] != '\n' && text.p[end] != '\r')
        end++;
    *at = end + (end < text.len);
    if (end + 1 < text.len && text.p[end] == '\r' && text.p[end + 1] == '\n')
        ++*at;
    return sml_str_slice(text, start, end);
}

static bool is_separator(Str line)
{
    static const char *const signs[] = {"-", "=", "*", "\xE2\x94\x80", "\xE2\x80\x94"};
    line = sml_str_trim(line);
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        Str sign = sml_str_from(signs[i]), rest = line;
        while (sml_str_starts(rest, sign))
            rest = sml_str_slice(rest, sign.len, rest.len);
        if (rest.len == 0 && line.len >= 3 * sign.len)
            return true;
    }
    return false;
}

/* ---- numbering ------------------------------------------------------------------------------- */

static bool take(Str *s, Str word)
{
    if (!sml_str_eq_nocase(sml_str_slice(*s, 0, word.len), word))
        return false;
    *s = sml_str_slice(*s, word.len, s->len);
    return true;
}

static bool take_number(Str *s, uint64_t *n)
{
    size_t digits = 0;
    while (digits < s->len && s->p[digits] >= '0' && s->p[digits] <= '9')
        digits++;
    if (!sml_str_uint(n, sml_str_slice(*s, 0, digits), 9999))
        return false;
    *s = sml_str_slice(*s, digits, s->len);
    return true;
}

static bool at_space(Str s)
{
    return s.len == 0 || s.p[0] == ' ' || s.p[0] == '\t';
}

/* "1/5", "1/", "(1/5)", "[1/5]", "Tweet 1:", "Post 2:", with a thread emoji before it or not. */
static bool read_marker(Marker *m, Str line)
{
    *m = (Marker){0};
    line = sml_str_trim(line);
    if (take(&line, STR("\xF0\x9F\xA7\xB5")))
        line = sml_str_trim(line);
    if (take(&line, STR("tweet ")) || take(&line, STR("post "))) {
        m->style = 'p';
        return take_number(&line, &m->n) && take(&line, STR(":"));
    }
    m->style = take(&line, STR("(")) ? '(' : take(&line, STR("[")) ? '[' : '\0';
    if (!take_number(&line, &m->n) || !take(&line, STR("/")))
        return false;
    take_number(&line, &m->total);
    if (m->style && !take(&line, m->style == '(' ? STR(")") : STR("]")))
        return false;
    return at_space(line);
}

/* Is it the next of the numbering? Then it is counted. */
static bool count(Count *c, const Marker *m)
{
    if (m->n != c->last.n + 1)
        return false;
    if (c->last.n && (m->total != c->last.total || m->style != c->last.style))
        return false;
    c->last = *m;
    return true;
}

static bool counts_on(Count *c, Str line)
{
    Marker m;
    return read_marker(&m, line) && count(c, &m);
}

static uint64_t count_numbers(Str text)
{
    Count c = {0};
    for (uint32_t at = 0; at < text.len;)
        counts_on(&c, next_line(text, &at));
    return c.last.n;
}

/* The last word of a line, "1/5" or in brackets. */
static bool read_tail(Marker *m, Str line)
{
    line = sml_str_trim(line);
    size_t start = line.len;
    while (start > 0 && !at_space(sml_str_slice(line, start - 1, start)))
        start--;
    return start > 0 && read_marker(m, sml_str_slice(line, start, line.len)) && m->total;
}

static bool ends_on(Count *c, Str line)
{
    Marker m;
    return read_tail(&m, line) && count(c, &m);
}

/* Does the text end where the last number stands, and does nothing follow the others on the next line? */
static bool has_tails(Str text)
{
    Count c = {0};
    bool ended = false;
    for (uint32_t at = 0; at < text.len;) {
        Str line = next_line(text, &at);
        bool gap = sml_str_trim(line).len == 0 || is_separator(line);
        if (ended && !gap)
            return false;
        if (!gap && c.last.n && c.last.n == c.last.total)
            return false;
        ended = !gap && ends_on(&c, line);
    }
    return c.last.n > 1 && c.last.n == c.last.total;
}

/* ---- cutting --------------------------------------------------------------------------------- */

static LineKind kind_of(const Split *s, Count *c, Str line)
{
    if (sml_str_trim(line).len == 0)
        return LINE_BLANK;
    if (is_separator(line))
        return LINE_SEPARATOR;
    return s->numbered > 1 && counts_on(c, line) ? LINE_NUMBER : LINE_TEXT;
}

static void end_post(Split *s)
{
    s->cut = true;
    if (s->end > s->start)
        VEC_PUSH(&s->posts, s->arena) = (Span){s->start, s->end};
    s->start = s->end;
}

static void cut_lines(Split *s)
{
    Count c = {0};
    uint32_t blanks = 0;
    for (uint32_t at = 0; at < s->text.len;) {
        uint32_t start = at;
        Str line = next_line(s->text, &at);
        LineKind kind = kind_of(s, &c, line);
        bool full = s->posts.n + 1 >= MOST_POSTS;
        bool after_gap = s->blank && blanks >= 2 && kind != LINE_BLANK;
        blanks = kind == LINE_BLANK ? blanks + 1 : 0;
        if (kind == LINE_BLANK || (kind == LINE_SEPARATOR && s->end == s->start && !full)) {
            s->cut |= kind == LINE_SEPARATOR;
            continue;
        }
        if (!full && (kind != LINE_TEXT || after_gap))
            end_post(s);
        if (kind == LINE_SEPARATOR && !full)
            continue;
        if (s->end == s->start)
            s->start = start;
        s->end = start + (uint32_t)line.len;
        if (s->tails && !full && ends_on(&c, line) && c.last.n < c.last.total)
            end_post(s);
    }
}

void sml_reader_add(Document *d, const Post *post, bool blank)
{
    Str text = post->words.text;
    Split s = {.text = text, .blank = blank, .numbered = count_numbers(text), .arena = d->arena};
    s.tails = s.numbered < 2 && has_tails(text);
    cut_lines(&s);
    bool cut = s.cut;
    end_post(&s);
    if (!cut || s.posts.n == 0) {
        VEC_PUSH(&d->posts, d->arena) = *post;
        return;
    }
    const char *comma = post->label.len ? ", " : "";
    uint32_t thread = s.posts.n > 1 ? ++d->threads : 0;
    for (uint32_t i = 0; i < s.posts.n; i++) {
        Post *part = &VEC_PUSH(&d->posts, d->arena);
        *part = *post;
        part->words = sml_reader_slice(&post->words, s.posts.v[i], d->arena);
        part->thread = thread;
        if (i > 0) { /* what is said once */
            part->code = part->n_remarks = 0;
            part->context.n_meta = 0;
        }
        if (thread)
            part->label = sml_arena_printf(d->arena, "%.*s%s%u/%u", STR_ARG(post->label), comma,
                                           i + 1, s.posts.n);
    }
}

bool sml_reader_wants_blank(const Document *d, const sml_input *in)
{
    const sml_context *const by_weight[] = {&in->context, &d->self.context};
    for (size_t k = 0; k < 2; k++)
        for (uint32_t i = 0; i < by_weight[k]->n_meta; i++)
            if (sml_str_eq(by_weight[k]->meta[i].key, STR("thread")))
                return sml_str_eq(by_weight[k]->meta[i].value, STR("blank"));
    return false;
}

bool sml_read_thread(Document *d, const sml_input *in, sml_error *err)
{
    (void)err; /* any bytes will do */
    Post post = {.words = sml_reader_words(d, d->body, (uint32_t)d->bytes.len)};
    sml_reader_add(d, &post, sml_reader_wants_blank(d, in));
    sml_alt_take(d);
    return true;
}
