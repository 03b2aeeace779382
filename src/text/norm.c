/* SPDX-License-Identifier: MIT */
/*
 * Folding runs once from left to right and writes folded bytes and pieces as it goes. Three ways
 * lead through it:
 *
 * 1. ASCII, eight bytes at a time: capitals become small, and only a byte that needs more (two
 *    white bytes in a row, a control, a backtick) leaves that loop. Most of a post never does more,
 *    and needs no piece.
 * 2. One character: its record (base/unicode.h) says what it becomes: itself, a quote, a dash,
 *    nothing, …
 * 3. A segment: a character and the marks that stand behind it, hidden characters between them left
 *    out. Only here is utf8proc asked, with a handful of code points. Composition cannot reach
 *    across segments, so each is one piece.
 *
 * Disguised letters in words of two scripts need the whole word, so they come last, in a walk of
 * their own over the folded text, and only if the first walk met a letter that could be one.
 *
 * Example: "A\u00a0 \u200bW\u0302\u2019s" (W with a combining circumflex) becomes "a ŵ's", with
 * these pieces:
 *
 *     out 0  in 0         "a"    as written, but for case
 *     out 1  in 1 len 2   " "    the no-break space; what is hidden behind it is in no piece
 *     out 2  in 7 len 3   "ŵ"    two code points became one
 *     out 4  in 10 len 3  "'"
 *     out 5  in 13        "s"    as written
 *
 * Folding a folded text changes nothing, with two exceptions: a letter with more than SEGMENT_MAX -
 * 1 marks, which is cut there (sorting marks takes quadratic time), and joiners between marks of
 * different scripts on one letter.
 */
#include "text/norm.h"

#include "base/unicode.h"
#include "base/utf8.h"
#include "base/vec.h"

#include <assert.h>
#include <string.h>
#include <utf8proc.h>

const char *const sml_norm_names[8] = {"quotes",  "dashes", "spaces", "zero-width",
                                       "compose", "width",  "case",   "confusables"};

#define SEGMENT_MAX 32
#define GROWTH_MAX  18 /* code points that one decomposes to, at most (U+FDFA) */
#define ROOM        (SEGMENT_MAX * GROWTH_MAX)
#define FOLD_MARKS                                                                                 \
    ((unsigned)FOLD_COMPOSE | FOLD_WIDTH | FOLD_CASE) /* the steps that segments are for */

typedef struct Fold {
    Str in;
    unsigned folds, tricks;
    char *out;
    size_t n, cap;
    VEC(NormPiece) pieces;
    bool suspect; /* a letter was met that a mixed word would change */
    Arena *a;
} Fold;

/* ---- writing, and the map ---- */

/* Room for `more` bytes and for the rest of the input behind them, so that plain copying need not
 * ask. */
static void reserve(Fold *f, size_t more, size_t at)
{
    size_t need = f->n + more + (f->in.len - at) + 8;
    if (need <= f->cap)
        return;
    if (need > UINT32_MAX)
        sml_mem_times(SIZE_MAX, 2); /* more than offsets can name counts as out of memory */
    size_t cap = f->cap ? need + need / 2 : need;
    f->out = sml_arena_grow(f->a, f->out, f->cap, cap, 1);
    f->cap = cap;
}

static void begin_piece(Fold *f, size_t in, size_t len)
{
    NormPiece piece = {(uint32_t)f->n, (uint32_t)in, (uint32_t)len};
    if (f->pieces.n && VEC_LAST(&f->pieces).out == f->n) {
        VEC_LAST(&f->pieces) = piece;
        return;
    }
    if (!f->pieces.n && f->n)
        VEC_PUSH(&f->pieces, f->a) = (NormPiece){0, 0, 0};
    VEC_PUSH(&f->pieces, f->a) = piece;
}

/* From here on, output is byte for byte the input from `in` on. */
static void align(Fold *f, size_t in)
{
    const NormPiece *last = f->pieces.n ? &VEC_LAST(&f->pieces) : NULL;
    bool aligned = last ? last->len == 0 && last->in + (f->n - last->out) == in : f->n == in;
    if (!aligned)
        begin_piece(f, in, 0);
}

static void copy(Fold *f, size_t at, size_t end)
{
    align(f, at);
    memcpy(f->out + f->n, f->in.p + at, end - at);
    f->n += end - at;
}

/* `text` stands for input [at, end). */
static void replace(Fold *f, size_t at, size_t end, Str text, unsigned trick)
{
    reserve(f, text.len, end);
    begin_piece(f, at, end - at);
    memcpy(f->out + f->n, text.p, text.len);
    f->n += text.len;
    f->tricks |= trick;
}

/* The folded character before this place, UTF8_BAD at the start. */
static uint32_t char_before(const Fold *f)
{
    if (f->n == 0)
        return UTF8_BAD;
    Str done = {f->out, f->n};
    size_t at = sml_utf8_floor(done, f->n - 1);
    return sml_utf8_next(done, &at);
}

/* The character at `at` of the input, UTF8_BAD at its end. */
static uint32_t char_at(const Fold *f, size_t at)
{
    return at < f->in.len ? sml_utf8_next(f->in, &at) : UTF8_BAD;
}

/* ---- white space ---- */

/* Does `record` go wherever nothing nearby needs it? */
static bool is_hidden(const Fold *f, const UnicodeRecord *record)
{
    return (f->folds & FOLD_ZERO_WIDTH) &&
           (record->fold == UNICODE_IGNORE || record->fold == UNICODE_JOINER ||
            record->fold == UNICODE_VARIATION);
}

typedef enum White { WHITE_NONE, WHITE_HIDDEN, WHITE_SPACE, WHITE_BREAK } White;

/* What white space begins at `*at`, which moves behind it. CRLF is one break. */
static White next_white(const Fold *f, size_t *at)
{
    char c = f->in.p[*at];
    if (c == ' ' || c == '\t' || c == '\v' || c == '\f') {
        *at += 1;
        return WHITE_SPACE;
    }
    if (c == '\r' || c == '\n') {
        bool pair = c == '\r' && *at + 1 < f->in.len && f->in.p[*at + 1] == '\n';
        *at += pair ? 2 : 1;
        return WHITE_BREAK;
    }
    size_t end = *at;
    const UnicodeRecord *record = sml_unicode_record(sml_utf8_next(f->in, &end));
    White white = record->fold == UNICODE_BREAK   ? WHITE_BREAK
                  : record->fold == UNICODE_BLANK ? WHITE_SPACE
                  : is_hidden(f, record)          ? WHITE_HIDDEN
                                                  : WHITE_NONE;
    if (white)
        *at = end;
    return white;
}

static void put_white(Fold *f, size_t at, size_t end, char c)
{
    bool wide = (unsigned char)f->in.p[at] >= 0x80;
    if (!wide && end == at + 1 && f->in.p[at] == c)
        copy(f, at, end);
    else
        replace(f, at, end, (Str){&c, 1}, wide ? FOLD_SPACES : 0);
}

/* A whole run of white space, hidden characters inside it left out: its line breaks, or else one
 * space. */
static size_t fold_white(Fold *f, size_t at)
{
    size_t first = at, first_end = 0, end = at;
    bool broken = false;
    while (end < f->in.len) {
        size_t start = end;
        White white = next_white(f, &end);
        if (white == WHITE_NONE)
            break;
        if (white == WHITE_HIDDEN)
            f->tricks |= FOLD_ZERO_WIDTH;
        if (white == WHITE_BREAK) {
            put_white(f, start, end, '\n');
            broken = true;
        }
        if (!first_end)
            first_end = end;
    }
    if (!broken)
        put_white(f, first, first_end, ' ');
    return end;
}

static bool take_back(Fold *f, size_t *at);
static size_t fold_marks(Fold *f, size_t at);

/* ---- ASCII ---- */

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))
#define HIGH       EACH(0x80)

/* In all of these the high bit of a byte answers for that byte; the bytes themselves are below
 * 0x80. */
static uint64_t at_least(uint64_t word, unsigned least)
{
    return word + EACH(0x80 - least);
}
static uint64_t equal(uint64_t word, unsigned byte)
{
    return ~((word ^ EACH(byte)) + EACH(0x7F));
}

static uint64_t lower(uint64_t word)
{
    uint64_t capital = at_least(word, 'A') & ~at_least(word, 'Z' + 1) & HIGH;
    return word | capital >> 2;
}

/* Can these eight bytes be copied but for their case? Not if one is a control or a backtick, or if
 * two white bytes are neighbours. A caller that drops no white space may be refused for nothing:
 * the slow way does the same. */
static bool is_plain(uint64_t word)
{
    uint64_t white = (equal(word, ' ') | equal(word, '\n')) & HIGH;
    uint64_t other = ~at_least(word, ' ') & ~equal(word, '\n');
    uint64_t odd = (other | equal(word, '`') | equal(word, 0x7F)) & HIGH;
    return !(odd | (white & white >> 8));
}

static bool is_control(unsigned char c)
{
    return c < ' ' || c == 0x7F;
}
static bool is_white(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* One ASCII byte that may need anything. */
static size_t fold_byte(Fold *f, size_t at)
{
    unsigned char c = (unsigned char)f->in.p[at];
    if (is_white(c) && (f->folds & FOLD_SPACES))
        return fold_white(f, at);
    if (is_control(c) && !is_white(c) && (f->folds & FOLD_ZERO_WIDTH)) {
        if (take_back(f, &at))
            return fold_marks(f, at);
        f->tricks |= FOLD_ZERO_WIDTH;
    } else if (c == '`' && (f->folds & FOLD_QUOTES)) {
        replace(f, at, at + 1, STR("'"), FOLD_QUOTES);
    } else {
        align(f, at);
        f->out[f->n++] = (char)(c >= 'A' && c <= 'Z' && (f->folds & FOLD_CASE) ? c + 32 : c);
    }
    return at + 1;
}

/* Is the byte at `at` one that only its case can change? White space is, between two bytes that are
 * not white. */
static inline bool is_easy(const Fold *f, size_t at)
{
    unsigned char c = (unsigned char)f->in.p[at];
    if (c == ' ' || c == '\n') {
        unsigned char next = at + 1 < f->in.len ? (unsigned char)f->in.p[at + 1] : 'a';
        return next < 0x80 && !is_white(next) && !is_control(next);
    }
    return c < 0x80 && c != '`' && !is_control(c);
}

static size_t fold_easy(Fold *f, size_t at)
{
    const char *in = f->in.p;
    char *out = f->out + f->n;
    size_t start = at;
    bool small = f->folds & FOLD_CASE;
    while (at + 8 <= f->in.len) {
        uint64_t word;
        memcpy(&word, in + at, 8);
        if ((word & HIGH) || !is_plain(word))
            break;
        word = small ? lower(word) : word;
        memcpy(out + (at - start), &word, 8);
        /* White space at the end has a neighbour that was not looked at yet. */
        at += is_white((unsigned char)in[at + 7]) ? 7 : 8;
    }
    for (; at < f->in.len && is_easy(f, at); at++) {
        char c = in[at];
        out[at - start] = (char)(c >= 'A' && c <= 'Z' && small ? c + 32 : c);
    }
    f->n += at - start;
    return at;
}

static size_t fold_ascii(Fold *f, size_t at)
{
    while (at < f->in.len && (unsigned char)f->in.p[at] < 0x80) {
        if (!is_easy(f, at)) {
            at = fold_byte(f, at);
            continue;
        }
        align(f, at);
        at = fold_easy(f, at);
    }
    return at;
}

/* ---- segments ---- */

typedef struct Segment {
    int32_t v[ROOM]; /* code points */
    size_t n;
} Segment;

static void push(Segment *s, uint32_t c)
{
    if (s->n < ROOM)
        s->v[s->n++] = (int32_t)c;
}

static void copy_segment(Segment *to, const Segment *from)
{
    memcpy(to->v, from->v, from->n * sizeof *from->v);
    to->n = from->n;
}

static UnicodeFold fold_of(int32_t c)
{
    return sml_unicode_record((uint32_t)c)->fold;
}

static int combining_class(int32_t c)
{
    return utf8proc_get_property(c)->combining_class;
}

/* Canonical order: each run of marks sorted by class, equals as they stand. */
static void sort_marks(Segment *s)
{
    for (size_t i = 1; i < s->n; i++) {
        int32_t c = s->v[i];
        int class = combining_class(c);
        size_t j = i;
        for (; class != 0 && j > 0 && combining_class(s->v[j - 1]) > class; j--)
            s->v[j] = s->v[j - 1];
        s->v[j] = c;
    }
}

static void compose(Segment *s)
{
    sort_marks(s);
    utf8proc_ssize_t n =
        utf8proc_normalize_utf32(s->v, (utf8proc_ssize_t)s->n, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    assert(n >= 0);
    s->n = (size_t)n;
}

/* Each code point as utf8proc takes it apart under `options`. */
static void take_apart(Segment *s, utf8proc_option_t options)
{
    Segment from;
    copy_segment(&from, s);
    s->n = 0;
    for (size_t i = 0; i < from.n; i++) {
        int32_t parts[GROWTH_MAX];
        int boundary = 0;
        bool keep = (options & UTF8PROC_COMPAT) && fold_of(from.v[i]) == UNICODE_KEEP;
        utf8proc_ssize_t n =
            keep ? 0 : utf8proc_decompose_char(from.v[i], parts, GROWTH_MAX, options, &boundary);
        if (n <= 0 || n > GROWTH_MAX)
            push(s, (uint32_t)from.v[i]);
        else
            for (utf8proc_ssize_t k = 0; k < n; k++)
                push(s, (uint32_t)parts[k]);
    }
}

/* Latin, or taken for it: nobody strikes out a letter to spell another. */
static bool is_plain_base(uint32_t c, const UnicodeRecord *record)
{
    bool latin = record->script == UNICODE_LATIN && (record->flags & UNICODE_LETTER);
    return latin || (record->flags & UNICODE_CONFUSABLE) || (c >= '0' && c <= '9');
}

/* Letters in costume, and the strokes and frames about plain ones. */
static void undress(Segment *s)
{
    size_t n = 0;
    bool plain = false;
    for (size_t i = 0; i < s->n; i++) {
        uint32_t c = (uint32_t)s->v[i];
        const UnicodeRecord *record = sml_unicode_record(c);
        Str row = record->fold == UNICODE_FANCY ? sml_unicode_fancy(c) : (Str){NULL, 0};
        if (record->fold == UNICODE_OVERLAY && plain)
            continue;
        if (!(record->flags & UNICODE_MARK))
            plain = row.len || is_plain_base(c, record);
        s->v[n++] = row.len ? row.p[0] : (int32_t)c;
    }
    s->n = n;
}

/* Compatibility and case can bring quotes and dashes about: "ŉ", "﹘". */
static void tidy(Segment *s, unsigned folds)
{
    for (size_t i = 0; i < s->n; i++) {
        UnicodeFold fold = fold_of(s->v[i]);
        if ((fold == UNICODE_QUOTE || s->v[i] == '`') && (folds & FOLD_QUOTES))
            s->v[i] = '\'';
        else if (fold == UNICODE_QUOTES && (folds & FOLD_QUOTES))
            s->v[i] = '"';
        else if (fold == UNICODE_DASH && (folds & FOLD_DASHES))
            s->v[i] = '-';
    }
}

static bool same_segment(const Segment *a, const Segment *b)
{
    return a->n == b->n && memcmp(a->v, b->v, a->n * sizeof *a->v) == 0;
}

static void step_compose(Segment *s)
{
    take_apart(s, UTF8PROC_DECOMPOSE | UTF8PROC_STABLE);
    compose(s);
}

static void step_width(Segment *s)
{
    undress(s);
    take_apart(s, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE);
    compose(s);
}

static void step_case(Segment *s)
{
    take_apart(s, UTF8PROC_CASEFOLD | UTF8PROC_STABLE);
}

/* The steps in the order of norm.h, until nothing moves: case folding can leave what composes anew.
 */
static unsigned fold_segment(Segment *s, unsigned folds)
{
    static const struct {
        unsigned fold;
        void (*run)(Segment *);
    } steps[] = {{FOLD_COMPOSE, step_compose}, {FOLD_WIDTH, step_width}, {FOLD_CASE, step_case}};

    unsigned tricks = 0;
    bool moved = true;
    for (int round = 0; moved && round < 4; round++) {
        moved = false;
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
            if (!(folds & steps[i].fold))
                continue;
            Segment before;
            copy_segment(&before, s);
            steps[i].run(s);
            if (same_segment(&before, s))
                continue;
            moved = true;
            if (round == 0)
                tricks |= steps[i].fold;
        }
    }
    tidy(s, folds);
    return tricks;
}

static void put_segment(Fold *f, size_t at, size_t end, const Segment *s, unsigned tricks)
{
    char bytes[ROOM * 4];
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        n += sml_utf8_put(bytes + n, (uint32_t)s->v[i]);
        f->suspect |= (sml_unicode_record((uint32_t)s->v[i])->flags & UNICODE_CONFUSABLE) != 0;
    }
    if (n == end - at && memcmp(bytes, f->in.p + at, n) == 0) {
        copy(f, at, end);
        return;
    }
    /* The case of an ASCII letter below marks is no trick. */
    if ((unsigned char)f->in.p[at] < 0x80)
        tricks &= ~(unsigned)FOLD_CASE;
    replace(f, at, end, (Str){bytes, n}, tricks);
}

#define ANY_EMOJI (UNICODE_EMOJI | UNICODE_EMOJI_TEXT)

/* May `hidden` mean something behind a character with these flags? Then it parts that from a mark.
 */
static bool is_wanted(unsigned flags, const UnicodeRecord *hidden)
{
    return (hidden->fold == UNICODE_JOINER && (flags & UNICODE_JOINING)) ||
           (hidden->fold == UNICODE_VARIATION && (flags & ANY_EMOJI));
}

static bool is_visible_ascii(char c)
{
    return c >= ' ' && c < 0x7F;
}

/* Does a mark stand at `at`, be it behind hidden characters? `*at` then moves to it. `flags`: of
 * the character before. */
static bool find_mark(const Fold *f, size_t *at, unsigned flags)
{
    if (!(f->folds & FOLD_MARKS))
        return false;
    for (size_t end = *at; end < f->in.len && !is_visible_ascii(f->in.p[end]);) {
        size_t start = end;
        const UnicodeRecord *record = sml_unicode_record(sml_utf8_next(f->in, &end));
        if (record->fold == UNICODE_JOINS || record->fold == UNICODE_OVERLAY) {
            *at = start;
            return true;
        }
        if (!is_hidden(f, record) || is_wanted(flags, record))
            return false;
    }
    return false;
}

/* The segment that begins at `at`. */
static size_t fold_marks(Fold *f, size_t at)
{
    Segment s;
    s.n = 0;
    size_t end = at;
    uint32_t c = sml_utf8_next(f->in, &end);
    unsigned tricks = 0;
    push(&s, c);
    for (size_t mark = end; s.n < SEGMENT_MAX; mark = end) {
        const UnicodeRecord *record = sml_unicode_record(c);
        if (!find_mark(f, &mark, record->fold == UNICODE_FANCY ? UNICODE_LETTER : record->flags))
            break;
        if (mark > end)
            tricks |= FOLD_ZERO_WIDTH;
        end = mark;
        c = sml_utf8_next(f->in, &end);
        push(&s, c);
    }
    tricks |= fold_segment(&s, f->folds);
    put_segment(f, at, end, &s, tricks);
    return end;
}

/* ---- emoji ---- */

/* England, Scotland, Wales: the black flag's tag characters. */
static size_t flag_length(Str rest)
{
#define TAG(low) "\xF3\xA0\x81" low
#define GB       "\xF0\x9F\x8F\xB4" TAG("\xA7") TAG("\xA2")
#define END      "\xF3\xA0\x81\xBF"
    static const Str flags[] = {
        {GB TAG("\xA5") TAG("\xAE") TAG("\xA7") END, 28},
        {GB TAG("\xB3") TAG("\xA3") TAG("\xB4") END, 28},
        {GB TAG("\xB7") TAG("\xAC") TAG("\xB3") END, 28},
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (sml_str_starts(rest, flags[i]))
            return flags[i].len;
    return 0;
#undef TAG
#undef GB
#undef END
}

static bool is_key(uint32_t c)
{
    return (c >= '0' && c <= '9') || c == '#' || c == '*';
}

/* Is the hidden character before `end` needed where it stands? */
static bool is_needed(const Fold *f, uint32_t c, UnicodeFold fold, size_t end)
{
    uint32_t before = char_before(f);
    if (before == UTF8_BAD || fold == UNICODE_IGNORE)
        return false;
    unsigned flags = sml_unicode_record(before)->flags;
    uint32_t next = char_at(f, end);
    if (fold == UNICODE_VARIATION) {
        return (flags & ANY_EMOJI) || (next == 0x20E3 && is_key(before));
    }
    if (flags & UNICODE_JOINING)
        return true;
    bool picture = (flags & (UNICODE_PICTOGRAPHIC | ANY_EMOJI)) || before == 0xFE0F;
    return c == 0x200D && picture && next != UTF8_BAD &&
           (sml_unicode_record(next)->flags & UNICODE_PICTOGRAPHIC);
}

/* Is the nearest character left of `at`, or at or right of it, that is not hidden a fancy letter?
 */
static bool is_fancy_beside(const Fold *f, size_t at, bool left)
{
    while (left ? at > 0 : at < f->in.len) {
        if (left)
            at = sml_utf8_floor(f->in, at - 1);
        size_t end = at;
        const UnicodeRecord *record = sml_unicode_record(sml_utf8_next(f->in, &end));
        if (!is_hidden(f, record))
            return record->fold == UNICODE_FANCY;
        at = left ? at : end;
    }
    return false;
}

/* Four of the fancy squares double as emoji (blood groups, parking): among other fancy letters they
 * are letters. */
static bool is_fancy_here(const Fold *f, size_t at, size_t end)
{
    uint32_t c = char_at(f, at);
    if (!(sml_unicode_record(c)->flags & ANY_EMOJI))
        return true;
    return is_fancy_beside(f, at, true) || is_fancy_beside(f, end, false);
}

/* ---- one character ---- */

/* The step that each UnicodeFold belongs to, and the text where that is fixed. */
static const struct {
    unsigned fold;
    Str text;
} change_of[] = {
    [UNICODE_SAME] = {0, {NULL, 0}},
    [UNICODE_QUOTE] = {FOLD_QUOTES, {"'", 1}},
    [UNICODE_QUOTES] = {FOLD_QUOTES, {"\"", 1}},
    [UNICODE_DASH] = {FOLD_DASHES, {"-", 1}},
    [UNICODE_BLANK] = {FOLD_SPACES, {NULL, 0}},
    [UNICODE_BREAK] = {FOLD_SPACES, {NULL, 0}},
    [UNICODE_IGNORE] = {FOLD_ZERO_WIDTH, {NULL, 0}},
    [UNICODE_JOINER] = {FOLD_ZERO_WIDTH, {NULL, 0}},
    [UNICODE_VARIATION] = {FOLD_ZERO_WIDTH, {NULL, 0}},
    [UNICODE_LOWERCASE] = {FOLD_CASE, {NULL, 0}},
    [UNICODE_FANCY] = {FOLD_WIDTH, {NULL, 0}},
    [UNICODE_CHANGES] = {FOLD_MARKS, {NULL, 0}},
    [UNICODE_KEEP] = {0, {NULL, 0}},
    [UNICODE_JOINS] = {FOLD_MARKS, {NULL, 0}},
    [UNICODE_OVERLAY] = {FOLD_MARKS, {NULL, 0}},
};

static size_t fold_hidden(Fold *f, uint32_t c, UnicodeFold fold, size_t at, size_t end)
{
    if (is_needed(f, c, fold, end))
        copy(f, at, end);
    else
        f->tricks |= FOLD_ZERO_WIDTH;
    return end;
}

static size_t fold_letter(Fold *f, uint32_t c, size_t at, size_t end)
{
    char bytes[4];
    size_t n = sml_utf8_put(bytes, (uint32_t)utf8proc_tolower((int32_t)c));
    replace(f, at, end, (Str){bytes, n}, FOLD_CASE);
    return end;
}

/* One character above ASCII with nothing to be composed behind it. */
static size_t fold_alone(Fold *f, uint32_t c, UnicodeFold fold, size_t at, size_t end)
{
    bool asked = f->folds & change_of[fold].fold;
    bool drawn = char_at(f, end) == 0xFE0F && (sml_unicode_record(c)->flags & ANY_EMOJI);
    switch (asked ? fold : UNICODE_SAME) {
    case UNICODE_QUOTE:
    case UNICODE_QUOTES:
    case UNICODE_DASH:
        replace(f, at, end, change_of[fold].text, change_of[fold].fold);
        return end;
    case UNICODE_BLANK:
    case UNICODE_BREAK:
        return fold_white(f, at);
    case UNICODE_IGNORE:
    case UNICODE_JOINER:
    case UNICODE_VARIATION:
        return fold_hidden(f, c, fold, at, end);
    case UNICODE_LOWERCASE:
        return fold_letter(f, c, at, end);
    case UNICODE_CHANGES:
        if (!drawn)
            return fold_marks(f, at);
        break;
    case UNICODE_FANCY:
        if (is_fancy_here(f, at, end))
            return fold_marks(f, at);
        break;
    case UNICODE_JOINS:
    case UNICODE_OVERLAY:
        return fold_marks(f, at);
    case UNICODE_SAME:
    case UNICODE_KEEP:
        break;
    }
    copy(f, at, end);
    return end;
}

/* May a mark change this ASCII character, or be dropped from it? */
static bool takes_marks(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c >= '<' && c <= '>');
}

static bool is_keycap(const Fold *f, size_t at)
{
    Str rest = sml_str_slice(f->in, at, f->in.len);
    return sml_str_starts(rest, STR("\xE2\x83\xA3")) ||
           sml_str_starts(rest, STR("\xEF\xB8\x8F\xE2\x83\xA3"));
}

/* The ASCII way has just ended before `at`: does a mark there belong to its last character? Then
 * that one is taken back. */
static bool take_back(Fold *f, size_t *at)
{
    size_t mark = *at;
    if (*at == 0 || f->n == 0 || !takes_marks(f->in.p[*at - 1]) || !find_mark(f, &mark, 0))
        return false;
    char base = f->in.p[*at - 1];
    if (base >= '0' && base <= '9' && is_keycap(f, *at))
        return false;
    f->n--;
    *at -= 1;
    return true;
}

static size_t fold_wide(Fold *f, size_t at)
{
    if (take_back(f, &at))
        return fold_marks(f, at);
    size_t end = at;
    uint32_t c = sml_utf8_next(f->in, &end);
    const UnicodeRecord *record = sml_unicode_record(c);
    if (record->flags & UNICODE_CONFUSABLE)
        f->suspect = true;
    size_t flag = c == 0x1F3F4 ? flag_length(sml_str_slice(f->in, at, f->in.len)) : 0;
    if (flag) {
        copy(f, at, at + flag);
        return at + flag;
    }
    if (c == 0x20E3 && (char_before(f) == 0xFE0F || is_key(char_before(f)))) {
        copy(f, at, end);
        return end;
    }
    size_t mark = end;
    bool base = record->fold == UNICODE_SAME || record->fold == UNICODE_KEEP ||
                record->fold == UNICODE_LOWERCASE;
    if (base && find_mark(f, &mark, record->flags))
        return fold_marks(f, at);
    return fold_alone(f, c, record->fold, at, end);
}

/* ---- words of two scripts ---- */

static uint32_t word_start(Str s, uint32_t at, uint32_t from)
{
    while (at > from) {
        size_t before = sml_utf8_floor(s, at - 1), end = before;
        if (!sml_unicode_is_word(sml_utf8_next(s, &end)))
            break;
        at = (uint32_t)before;
    }
    return at;
}

static uint32_t word_end(Str s, uint32_t at, bool *latin)
{
    while (at < s.len) {
        size_t end = at;
        uint32_t c = sml_utf8_next(s, &end);
        if (!sml_unicode_is_word(c))
            break;
        *latin |= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        at = (uint32_t)end;
    }
    return at;
}

/* The next letter at or after `at` that could be a disguise; s.len without one. */
static uint32_t next_suspect(Str s, uint32_t at)
{
    while (at < s.len) {
        size_t end = at;
        if ((unsigned char)s.p[at] >= 0x80 &&
            (sml_unicode_record(sml_utf8_next(s, &end))->flags & UNICODE_CONFUSABLE))
            return at;
        at = end > at ? (uint32_t)end : at + 1;
    }
    return at;
}

/* Copies folded [start, end) of `from` with its pieces. */
static void copy_pieces(Fold *f, const Norm *from, uint32_t start, uint32_t end, uint32_t *piece)
{
    while (start < end) {
        while (*piece + 1 < from->n_pieces && from->pieces[*piece + 1].out <= start)
            ++*piece;
        const NormPiece whole = {0, 0, 0};
        const NormPiece *p = from->n_pieces ? &from->pieces[*piece] : &whole;
        uint32_t stop = *piece + 1 < from->n_pieces ? from->pieces[*piece + 1].out : end;
        if (stop > end)
            stop = end;
        if (p->len == 0)
            align(f, p->in + (start - p->out));
        else if (start == p->out)
            begin_piece(f, p->in, p->len);
        memcpy(f->out + f->n, from->text.p + start, stop - start);
        f->n += stop - start;
        start = stop;
    }
}

/* What the letter at folded `at` stands for. The shape is the original's: a capital eta looks like
 * H, a small one like n. */
static Str disguise(const Fold *f, const Norm *from, uint32_t at, uint32_t end)
{
    Span span = sml_norm_span(from, at, end);
    size_t in = span.start;
    bool first = at == 0 || sml_norm_span(from, at - 1, at).start < span.start;
    Str row = first ? sml_unicode_confusable(sml_utf8_next(f->in, &in)) : (Str){NULL, 0};
    if (row.len)
        return row;
    size_t folded = at;
    return sml_unicode_confusable(sml_utf8_next(from->text, &folded));
}

static bool marks_follow(Str s, size_t at)
{
    if (at >= s.len)
        return false;
    UnicodeFold fold = sml_unicode_record(sml_utf8_next(s, &at))->fold;
    return fold == UNICODE_JOINS || fold == UNICODE_OVERLAY || fold == UNICODE_JOINER;
}

static void unmask_word(Fold *f, const Norm *from, uint32_t start, uint32_t end, uint32_t *piece)
{
    while (start < end) {
        size_t next = start;
        sml_utf8_next(from->text, &next);
        /* A letter with marks of its own stays: without them it might compose with the ASCII one.
         */
        bool bare = next > start + 1 && !marks_follow(from->text, next);
        Str row = bare ? disguise(f, from, start, (uint32_t)next) : (Str){NULL, 0};
        char text[4];
        for (size_t i = 0; i < row.len; i++) {
            bool small = row.p[i] >= 'A' && row.p[i] <= 'Z' && (f->folds & FOLD_CASE);
            text[i] = (char)(small ? row.p[i] + 32 : row.p[i]);
        }
        Span span = sml_norm_span(from, start, (uint32_t)next);
        if (row.len)
            replace(f, span.start, span.end, (Str){text, row.len}, FOLD_CONFUSABLES);
        else
            copy_pieces(f, from, start, (uint32_t)next, piece);
        start = (uint32_t)next;
    }
}

static void unmask(Norm *norm, Fold *f)
{
    Norm from = *norm;
    size_t cap = f->cap;
    f->out = sml_arena_alloc(f->a, from.text.len + f->in.len + 8, 1);
    f->cap = from.text.len + f->in.len + 8;
    f->n = 0;
    f->pieces.v = NULL;
    f->pieces.n = f->pieces.cap = 0;
    uint32_t done = 0, piece = 0;
    for (uint32_t at = 0; (at = next_suspect(from.text, at)) < from.text.len;) {
        bool latin = false;
        uint32_t start = word_start(from.text, at, done);
        uint32_t end = word_end(from.text, start, &latin);
        copy_pieces(f, &from, done, start, &piece);
        if (latin)
            unmask_word(f, &from, start, end, &piece);
        else
            copy_pieces(f, &from, start, end, &piece);
        at = done = end;
    }
    copy_pieces(f, &from, done, (uint32_t)from.text.len, &piece);
    sml_arena_fit(f->a, (void *)(uintptr_t)from.text.p, cap, 0);
}

/* ---- the whole ---- */

static Norm result(const Fold *f)
{
    return (Norm){.text = {f->out, f->n},
                  .pieces = f->pieces.v,
                  .n_pieces = f->pieces.n,
                  .original_len = (uint32_t)f->in.len,
                  .tricks = f->tricks};
}

void sml_norm_apply(Norm *out, Str text, unsigned folds, Arena *a)
{
    assert(text.len < UINT32_C(1) << 31);
    Fold f = {.in = text, .folds = folds, .a = a};
    reserve(&f, 0, 0);
    for (size_t at = 0; at < text.len;) {
        at = fold_ascii(&f, at);
        if (at < text.len)
            at = fold_wide(&f, at);
    }
    *out = result(&f);
    if (f.suspect && (folds & FOLD_CONFUSABLES)) {
        unmask(out, &f);
        *out = result(&f);
    }
}

/* ---- the map ---- */

/* The last piece that begins at or before folded `at`; there are pieces. */
static const NormPiece *piece_at(const Norm *n, uint32_t at)
{
    uint32_t low = 0, high = n->n_pieces;
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (n->pieces[mid].out <= at)
            low = mid;
        else
            high = mid;
    }
    return &n->pieces[low];
}

Span sml_norm_span(const Norm *n, uint32_t start, uint32_t end)
{
    if (n->n_pieces == 0)
        return (Span){start, end};
    if (start >= end) {
        uint32_t at = start == 0 ? 0 : sml_norm_span(n, start - 1, start).end;
        at = start < n->text.len ? sml_norm_span(n, start, start + 1).start : at;
        return (Span){at, at};
    }
    const NormPiece *first = piece_at(n, start), *last = piece_at(n, end - 1);
    return (Span){first->len ? first->in : first->in + (start - first->out),
                  last->len ? last->in + last->len : last->in + (end - last->out)};
}

uint32_t sml_norm_from_original(const Norm *n, uint32_t at)
{
    uint32_t len = (uint32_t)n->text.len;
    if (n->n_pieces == 0)
        return at < len ? at : len;
    uint32_t low = 0, high = n->n_pieces; /* low: how many pieces begin before `at` */
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (n->pieces[mid].in < at)
            low = mid + 1;
        else
            high = mid;
    }
    uint32_t stop = low < n->n_pieces ? n->pieces[low].out : len;
    if (low == 0 || (low < n->n_pieces && n->pieces[low].in == at))
        return stop;
    const NormPiece *p = &n->pieces[low - 1];
    uint32_t here = p->len ? stop : p->out + (at - p->in);
    return here < stop ? here : stop;
}

const char *sml_norm_version(void)
{
    return utf8proc_version();
}
