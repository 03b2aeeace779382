/* SPDX-License-Identifier: MIT */
/*
 * One walk over the folded bytes; a table says for each byte which step to take, a step takes one
 * token or one mark.
 *
 * Words and links. A word is scanned first; only if the byte behind it could carry on a link ("gov"
 * and then ".uk", "https" and then "://", "press" and then "@") is a link tried from where the word
 * began. What such a look ahead has ruled out is remembered, so however many dots a text has, each
 * of its bytes is looked at a fixed number of times.
 *
 * Sentences. Stops with white space behind them end one, unless the stop belongs to an abbreviation
 * or an initial; so do two line breaks, and one line break before a list's next item or an emoji
 * that leads a line. A sentence begins with its first token, so trailing emoji and tags on a new
 * line are a sentence of their own only if one of these stood before them.
 *
 * Quotations. Folding made ' and " of all their kinds, so the original is asked: “ and ‘ can only
 * open, ” can only close, ’ never opens. Straight marks go by their neighbours: one that opens has
 * no word before it, one that closes has no word behind it. Single and double quotations are
 * followed side by side, and the outer one of two wins:
 *
 *     She said "vote 'early' and don't wait" (it's the workers' choice)
 *               ^--------------------------^
 * is one quotation; 'early' lies in it, the other marks are apostrophes.
 */
#include "text/token.h"

#include "base/unicode.h"
#include "base/utf8.h"
#include "base/vec.h"

#include <string.h>

#define QUOTATION_MAX 1000 /* bytes */
#define HOST_MAX      253
#define MAILBOX_MAX   64
#define NONE          UINT32_MAX

typedef struct OpenQuote {
    uint32_t start; /* of the quoted words; NONE: nothing is open */
} OpenQuote;

typedef struct Scan {
    Str s, original;
    const Norm *norm;
    VEC(Token) tokens;
    VEC(Tag) tags;
    VEC(uint32_t) splits; /* of all tags */
    VEC(Span) quotes;
    uint32_t count[TOKEN_KINDS];
    VEC(uint32_t) sentences;
    bool ended; /* the next token begins a new sentence */
    size_t ended_at;
    OpenQuote single, twofold;
    uint32_t repost;
    size_t no_host, no_mail; /* no host name, no mail box begins before these */
    uint32_t piece;          /* where in the map written() looked last */
    Arena *a;
} Scan;

/* ---- bytes ---- */

typedef enum Step {
    STEP_SKIP,
    STEP_WORD, /* ASCII letters */
    STEP_DIGIT,
    STEP_BREAK,
    STEP_STOP,
    STEP_MENTION,
    STEP_HASH,
    STEP_STAR,
    STEP_SINGLE,
    STEP_DOUBLE,
    STEP_WIDE,
    STEP_COUNT
} Step;

#define ROW8(x) x, x, x, x, x, x, x, x
#define W       STEP_WORD
#define D       STEP_DIGIT
/* clang-format off */
static const uint8_t step_of[256] = {
    ROW8(0), 0, 0, STEP_BREAK, 0, 0, 0, 0, 0, ROW8(0), ROW8(0),
    0, STEP_STOP, STEP_DOUBLE, STEP_HASH, 0, 0, 0, STEP_SINGLE, /*   ! " # $ % & ' */
    0, 0, STEP_STAR, 0, 0, 0, STEP_STOP, 0,                     /* ( ) * + , - . / */
    D, D, D, D, D, D, D, D, D, D, 0, 0, 0, 0, 0, STEP_STOP,
    STEP_MENTION, W, W, W, W, W, W, W, ROW8(W), ROW8(W), W, W, W, 0, 0, 0, 0, 0,
    0, W, W, W, W, W, W, W, ROW8(W), ROW8(W), W, W, W, 0, 0, 0, 0, 0,
    ROW8(STEP_WIDE), ROW8(STEP_WIDE), ROW8(STEP_WIDE), ROW8(STEP_WIDE),
    ROW8(STEP_WIDE), ROW8(STEP_WIDE), ROW8(STEP_WIDE), ROW8(STEP_WIDE),
    ROW8(STEP_WIDE), ROW8(STEP_WIDE), ROW8(STEP_WIDE), ROW8(STEP_WIDE),
    ROW8(STEP_WIDE), ROW8(STEP_WIDE), ROW8(STEP_WIDE), ROW8(STEP_WIDE),
};
/* clang-format on */
#undef W
#undef D

static bool is_alnum(unsigned char c)
{
    return step_of[c] == STEP_WORD || step_of[c] == STEP_DIGIT;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static bool is_white(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The byte at `at`, 0 at the end. */
static char byte_at(const Scan *x, size_t at)
{
    return at < x->s.len ? x->s.p[at] : '\0';
}

/* End of the letter, mark or digit at `at`; `at` itself where there is none. */
static size_t word_char(Str s, size_t at)
{
    if (at >= s.len)
        return at;
    unsigned char c = (unsigned char)s.p[at];
    if (c < 0x80)
        return is_alnum(c) ? at + 1 : at;
    size_t end = at;
    return sml_unicode_is_word(sml_utf8_next(s, &end)) ? end : at;
}

static bool is_word_at(Str s, size_t at)
{
    return word_char(s, at) > at;
}

/* Is the character that ends at `at` a letter, mark or digit? */
static bool is_word_before(Str s, size_t at)
{
    return at > 0 && is_word_at(s, sml_utf8_floor(s, at - 1));
}

static bool is_white_before(Str s, size_t at)
{
    return at == 0 || is_white(s.p[at - 1]);
}

/* Where the folded character at `at` stands in the original. One asks for places near each other,
 * so the piece of the last answer is where to begin. */
static size_t place(Scan *x, size_t at)
{
    const NormPiece *pieces = x->norm->pieces;
    if (x->norm->n_pieces == 0)
        return at;
    while (x->piece > 0 && pieces[x->piece].out > at)
        x->piece--;
    while (x->piece + 1 < x->norm->n_pieces && pieces[x->piece + 1].out <= at)
        x->piece++;
    const NormPiece *p = &pieces[x->piece];
    return p->len ? p->in : p->in + (at - p->out);
}

/* What was written where the folded character at `at` stands. */
static uint32_t written(Scan *x, size_t at)
{
    size_t in = place(x, at);
    return in < x->original.len ? sml_utf8_next(x->original, &in) : UTF8_BAD;
}

/* ---- tokens ---- */

static void end_sentence(Scan *x, size_t at)
{
    if (!x->ended)
        x->ended_at = at;
    x->ended = true;
}

static inline size_t push(Scan *x, TokenKind kind, size_t start, size_t end)
{
    size_t len = end - start < TOKEN_LEN_MAX ? end - start : TOKEN_LEN_MAX;
    if (x->ended)
        VEC_PUSH(&x->sentences, x->a) = x->tokens.n;
    x->count[kind]++;
    VEC_PUSH(&x->tokens, x->a) = (Token){.start = (uint32_t)start,
                                         .len = (uint32_t)len & TOKEN_LEN_MAX,
                                         .kind = kind & 7u,
                                         .leads = x->ended};
    x->ended = false;
    return end;
}

static Str token_text(const Scan *x, const Token *t)
{
    return (Str){x->s.p + t->start, t->len};
}

static bool is_one_of(Str word, const Str *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (words[i].len == word.len && sml_str_eq_nocase(word, words[i]))
            return true;
    return false;
}

/* A list of words in lower case. */
#define WORD(lit)                                                                                  \
    {                                                                                              \
        "" lit, sizeof(lit) - 1                                                                    \
    }
#define ONE_OF(word, list) is_one_of(word, list, sizeof(list) / sizeof *(list))

/* ---- links ---- */

/* Endings of host names that stand in drafts without "https://". Those of the second row are words,
 * too, and want a path behind them. */
static const Str endings[] = {
    WORD("uk"),     WORD("com"),  WORD("org"),     WORD("net"),    WORD("gov"),   WORD("edu"),
    WORD("int"),    WORD("eu"),   WORD("ie"),      WORD("scot"),   WORD("wales"), WORD("cymru"),
    WORD("london"), WORD("info"), WORD("io"),      WORD("tv"),     WORD("biz"),   WORD("app"),
    WORD("dev"),    WORD("test"), WORD("example"), WORD("social"), WORD("nhs"),   WORD("police"),
    WORD("ac"),     WORD("fr"),   WORD("de"),      WORD("nl"),     WORD("ai")};
static const Str wordy_endings[] = {
    WORD("ly"), WORD("me"), WORD("be"),   WORD("co"),   WORD("gle"),  WORD("gd"),   WORD("us"),
    WORD("to"), WORD("it"), WORD("news"), WORD("page"), WORD("link"), WORD("site"), WORD("online")};

/* Bytes of a host name's labels, and the letters of other alphabets. */
static bool is_label_byte(char c)
{
    return is_alnum((unsigned char)c) || c == '-' || (unsigned char)c >= 0x80;
}

typedef struct Host {
    size_t end;    /* behind the last ending that is known; 0: none */
    bool certain;  /* it needs no path to be a link */
    size_t labels; /* up to `end` */
} Host;

static bool ends_host(const Scan *x, size_t at)
{
    char c = byte_at(x, at);
    return !is_word_at(x->s, at) && c != '-' && c != '_' && c != '@';
}

/* The labels from `at` on. */
static Host scan_host(Scan *x, size_t start)
{
    Host host = {0, false, 0};
    size_t at = start < x->no_host ? x->s.len : start;
    for (size_t labels = 1; at < x->s.len; labels++) {
        size_t label = at;
        while (at < x->s.len && is_label_byte(x->s.p[at]))
            at++;
        if (at == label)
            break;
        Str text = {x->s.p + label, at - label};
        bool known = ONE_OF(text, endings);
        if (labels > 1 && (known || ONE_OF(text, wordy_endings)) && ends_host(x, at))
            host = (Host){at, known, labels};
        if (byte_at(x, at) != '.')
            break;
        at++;
    }
    if (host.end && host.end - start <= HOST_MAX)
        return host;
    if (start >= x->no_host)
        x->no_host = at;
    return (Host){0, false, 0};
}

static bool ends_link(Scan *x, size_t at)
{
    char c = x->s.p[at];
    if ((unsigned char)c < 0x80)
        return is_white(c) || c == '<' || c == '>' || c == '"' || c == '`' ||
               (unsigned char)c < 0x20;
    return sml_unicode_record(written(x, at))->flags & (UNICODE_SPACE | UNICODE_EMOJI);
}

/* Punctuation that is no part of a link it stands at the end of. */
static bool closes_link(char c)
{
    return c == '.' || c == ',' || c == ';' || c == ':' || c == '!' || c == '?' || c == '\'' ||
           c == '*' || c == '(' || c == ']' || c == '}';
}

/* The path, query and fragment from `at` on. What closes a sentence or a bracket of its own is left
 * out. */
static size_t scan_path(Scan *x, size_t start, size_t at)
{
    int32_t open = 0;
    size_t end = at;
    while (at < x->s.len && !ends_link(x, at)) {
        char c = x->s.p[at];
        size_t next = at;
        sml_utf8_next(x->s, &next);
        open += (c == '(') - (c == ')');
        if (c == ')' && open < 0)
            break;
        if (!closes_link(c))
            end = next;
        at = next;
    }
    return end > start ? end : start;
}

static size_t scan_rest(Scan *x, size_t host_end)
{
    size_t at = host_end;
    if (byte_at(x, at) == ':' && is_digit(byte_at(x, at + 1)))
        for (at++; is_digit(byte_at(x, at)); at++)
            ;
    char c = byte_at(x, at);
    return c == '/' || c == '?' || c == '#' ? scan_path(x, at, at) : at;
}

static bool has_scheme(Scan *x, size_t start, size_t *at)
{
    Str rest = {x->s.p + start, x->s.len - start};
    static const char *const schemes[] = {"https://", "http://"};
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(schemes[i]);
        if (rest.len > n && sml_str_eq_nocase(sml_str_slice(rest, 0, n), (Str){schemes[i], n}) &&
            !ends_link(x, start + n)) {
            *at = start + n;
            return true;
        }
    }
    return false;
}

static size_t find_url(Scan *x, size_t start)
{
    size_t at;
    if (has_scheme(x, start, &at)) {
        size_t end = scan_path(x, at, at);
        return end > at ? end : start;
    }
    if (start > 0 && x->s.p[start - 1] == '@')
        return start;
    Host host = scan_host(x, start);
    bool www = x->s.len - start > 4 &&
               sml_str_eq_nocase(sml_str_slice(x->s, start, start + 4), STR("www."));
    if (host.end == 0)
        return start;
    char next = byte_at(x, host.end);
    return host.certain || www || host.labels > 2 || next == '/' ? scan_rest(x, host.end) : start;
}

static bool is_mailbox_byte(char c)
{
    return is_alnum((unsigned char)c) || (c && strchr("._%+-'", c)) || (unsigned char)c >= 0x80;
}

static size_t find_email(Scan *x, size_t start)
{
    size_t at = start;
    if (start < x->no_mail)
        return start;
    while (at < x->s.len && is_mailbox_byte(x->s.p[at]))
        at++;
    if (byte_at(x, at) != '@' || at - start > MAILBOX_MAX ||
        !is_alnum((unsigned char)byte_at(x, at + 1))) {
        x->no_mail = at;
        return start;
    }
    size_t end = start, stop = at + 1 + HOST_MAX;
    bool dotted = false;
    for (at++; at < x->s.len && at < stop; at++) {
        char c = x->s.p[at];
        if (is_alnum((unsigned char)c))
            end = dotted ? at + 1 : start;
        else if (c == '.' && is_alnum((unsigned char)byte_at(x, at + 1)))
            dotted = true;
        else if (c != '-')
            break;
    }
    return end;
}

/* A link that begins with the word at `start`, whose end is `end`; the end of that word if there is
 * none. */
static size_t find_link(Scan *x, size_t start, size_t end, TokenKind *kind)
{
    char next = byte_at(x, end);
    if (next != '.' && next != ':' && next != '@' && next != '_' && next != '+')
        return end;
    if (next == '.' && !is_word_at(x->s, end + 1))
        return end;
    size_t to = next == ':' ? start : find_email(x, start);
    if (to > start) {
        *kind = TOKEN_EMAIL;
        return to;
    }
    to = next == '.' || next == ':' ? find_url(x, start) : start;
    if (to > start)
        *kind = TOKEN_URL;
    return to > start ? to : end;
}

/* ---- words and numbers ---- */

/* A dash between words is no hyphen, though folding makes them one. */
static bool is_hyphen(Scan *x, size_t at)
{
    if (x->norm->n_pieces == 0)
        return true;
    uint32_t c = written(x, at);
    return c == '-' || c == 0x2010 || c == 0x2011 || c == 0xFE63 || c == 0xFF0D;
}

/* The inner mark at `at`: where it ends, or `at` if the word does not go on behind it. */
static size_t inner_mark(Scan *x, size_t at, bool number)
{
    char c = byte_at(x, at);
    bool inner = c == '\'' || (c == '-' && is_word_at(x->s, at + 1) && is_hyphen(x, at)) ||
                 (number && (c == '.' || c == ',') && is_digit(byte_at(x, at + 1)));
    if (inner)
        return is_word_at(x->s, at + 1) ? at + 1 : at;
    if ((unsigned char)c < 0x80)
        return at;
    /* Only in text folded without "quotes". */
    size_t end = at;
    uint32_t wide = sml_utf8_next(x->s, &end);
    bool quote = sml_unicode_record(wide)->fold == UNICODE_QUOTE || wide == 0x2010;
    return quote && is_word_at(x->s, end) ? end : at;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The high bit of each byte that is an ASCII letter or digit. */
static uint64_t alnum_bytes(uint64_t word)
{
    uint64_t low = word & EACH(0x7F), small = low | EACH(0x20);
    uint64_t letter = (small + EACH(0x80 - 'a')) & ~(small + EACH(0x7F - 'z'));
    uint64_t digit = (low + EACH(0x80 - '0')) & ~(low + EACH(0x7F - '9'));
    return (letter | digit) & ~word & EACH(0x80);
}

/* End of the run of ASCII letters and digits from `at` on. Words are short and of all lengths, so a
 * loop over bytes would guess its end wrong nearly every time; eight at once is three times as
 * fast. */
static size_t alnum_run(const Scan *x, size_t at)
{
    const char *p = x->s.p;
    while (at + 8 <= x->s.len) {
        uint64_t word;
        memcpy(&word, p + at, 8);
        uint64_t other = ~alnum_bytes(word) & EACH(0x80);
        if (!other) {
            at += 8;
            continue;
        }
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        return at + (size_t)__builtin_clzll(other) / 8;
#else
        return at + (size_t)__builtin_ctzll(other) / 8;
#endif
    }
    while (at < x->s.len && is_alnum((unsigned char)p[at]))
        at++;
    return at;
}

static size_t word_run(const Scan *x, size_t at)
{
    for (;;) {
        at = alnum_run(x, at);
        if (at == x->s.len || (unsigned char)x->s.p[at] < 0x80)
            return at;
        size_t end = word_char(x->s, at);
        if (end == at)
            return at;
        at = end;
    }
}

static size_t step_word(Scan *x, size_t start)
{
    size_t at = word_run(x, start), next;
    TokenKind kind = TOKEN_WORD;
    if (at < x->s.len && x->s.p[at] == ' ')
        return push(x, kind, start, at) + 1;
    while (at < x->s.len && (next = inner_mark(x, at, false)) > at)
        at = word_run(x, next);
    at = find_link(x, start, at, &kind);
    return push(x, kind, start, at);
}

static size_t digit_run(const Scan *x, size_t at)
{
    while (is_digit(byte_at(x, at)))
        at++;
    return at;
}

static size_t keycap_end(const Scan *x, size_t start)
{
    if ((unsigned char)byte_at(x, start + 1) < 0x80)
        return start;
    Str rest = sml_str_slice(x->s, start + 1, x->s.len);
    bool keycap = sml_str_starts(rest, STR("\xE2\x83\xA3")) ||
                  sml_str_starts(rest, STR("\xEF\xB8\x8F\xE2\x83\xA3"));
    return keycap ? sml_unicode_cluster(x->s, start) : start;
}

static size_t step_digit(Scan *x, size_t start)
{
    size_t keycap = keycap_end(x, start);
    if (keycap > start)
        return push(x, TOKEN_EMOJI, start, keycap);
    size_t at = digit_run(x, start), next;
    TokenKind kind = TOKEN_NUMBER;
    while (at < x->s.len) {
        if (is_word_at(x->s, at)) {
            kind = TOKEN_WORD; /* "10am", "2nd" */
            at = word_run(x, at);
        }
        next = inner_mark(x, at, kind == TOKEN_NUMBER);
        if (next == at)
            break;
        at = digit_run(x, next);
    }
    at = find_link(x, start, at, &kind);
    return push(x, kind, start, at);
}

/* ---- emoji and other wide characters ---- */

static bool is_emoji(const Scan *x, unsigned flags, size_t end)
{
    Str behind = sml_str_slice(x->s, end, x->s.len);
    if (flags & UNICODE_EMOJI)
        return !sml_str_starts(behind, STR("\xEF\xB8\x8E"));
    return (flags & UNICODE_EMOJI_TEXT) && sml_str_starts(behind, STR("\xEF\xB8\x8F"));
}

static size_t step_stop(Scan *x, size_t at);
static size_t step_single(Scan *x, size_t at);
static size_t step_double(Scan *x, size_t at);

static size_t step_wide(Scan *x, size_t at)
{
    size_t end = at;
    uint32_t c = sml_utf8_next(x->s, &end);
    const UnicodeRecord *record = sml_unicode_record(c);
    if (record->flags & UNICODE_WORD)
        return step_word(x, at);
    if (is_emoji(x, record->flags, end))
        return push(x, TOKEN_EMOJI, at, sml_unicode_cluster(x->s, at));
    if (record->fold == UNICODE_QUOTE)
        return step_single(x, at);
    if (record->fold == UNICODE_QUOTES)
        return step_double(x, at);
    return c == 0x2026 ? step_stop(x, at) : end;
}

/* ---- mentions ---- */

static size_t handle_run(const Scan *x, size_t at)
{
    while (is_alnum((unsigned char)byte_at(x, at)) || byte_at(x, at) == '_')
        at++;
    return at;
}

/* "@name@host", "@name.bsky.social": the end of the host, or `at` without one. */
static size_t handle_host(Scan *x, size_t start, size_t at)
{
    char c = byte_at(x, at);
    bool named = c == '@' && is_alnum((unsigned char)byte_at(x, at + 1));
    bool dotted = (c == '.' || c == '-') && is_alnum((unsigned char)byte_at(x, at + 1));
    if (!named && !dotted)
        return at;
    Host host = scan_host(x, named ? at + 1 : start);
    return host.end > at && (named || host.certain) ? host.end : at;
}

/* Somebody else's words begin behind "RT @name:". */
static void note_repost(Scan *x, size_t start, size_t end)
{
    static const Str marks[] = {WORD("rt"), WORD("mt"),  WORD("mrt"),
                                WORD("qt"), WORD("qrt"), WORD("qp")};
    if (x->repost != NONE || x->tokens.n == 0)
        return;
    const Token *before = &VEC_LAST(&x->tokens);
    if (before->kind != TOKEN_WORD || !ONE_OF(token_text(x, before), marks))
        return;
    size_t at = sml_token_end(before);
    at += byte_at(x, at) == ':';
    while (at < start && is_white(x->s.p[at]))
        at++;
    char left = before->start ? x->s.p[before->start - 1] : ' ';
    if (at != start || !(is_white(left) || strchr("(\"'.|", left)))
        return;
    end += byte_at(x, end) == ':';
    while (end < x->s.len && is_white(x->s.p[end]))
        end++;
    x->repost = (uint32_t)end;
}

static size_t step_mention(Scan *x, size_t at)
{
    char left = at ? x->s.p[at - 1] : ' ';
    bool glued = is_word_before(x->s, at) || left == '_' || left == '/';
    /* "RT@name" is how some write it. */
    bool repost = x->tokens.n && sml_token_end(&VEC_LAST(&x->tokens)) == at && at >= 2 &&
                  sml_str_eq_nocase(token_text(x, &VEC_LAST(&x->tokens)), STR("rt"));
    size_t end = handle_run(x, at + 1);
    if ((glued && !repost) || end == at + 1)
        return at + 1;
    end = handle_host(x, at + 1, end);
    note_repost(x, at, end);
    return push(x, TOKEN_MENTION, at, end);
}

/* ---- hashtags ---- */

typedef enum Shape {
    SHAPE_OTHER,
    SHAPE_SMALL,
    SHAPE_CAPITAL,
    SHAPE_DIGIT,
    SHAPE_LINE,
    SHAPE_MARK
} Shape;

/* The character at folded `at` as it was written. */
static Shape shape_at(Scan *x, size_t at)
{
    size_t in = place(x, at);
    char c = in < x->original.len ? x->original.p[in] : '\0';
    if ((unsigned char)c < 0x80)
        return c >= 'a' && c <= 'z'   ? SHAPE_SMALL
               : c >= 'A' && c <= 'Z' ? SHAPE_CAPITAL
               : is_digit(c)          ? SHAPE_DIGIT
                                      : SHAPE_LINE;
    unsigned flags = sml_unicode_record(sml_utf8_next(x->original, &in))->flags;
    return flags & UNICODE_UPPER   ? SHAPE_CAPITAL
           : flags & UNICODE_LOWER ? SHAPE_SMALL
           : flags & UNICODE_DIGIT ? SHAPE_DIGIT
           : flags & UNICODE_MARK  ? SHAPE_MARK
                                   : SHAPE_OTHER;
}

typedef struct TagWalk {
    uint32_t first;    /* of its splits */
    bool by_case;      /* a capital or a line parts words */
    uint32_t by_digit; /* how often digits do */
} TagWalk;

static void split(Scan *x, size_t at)
{
    if (VEC_LAST(&x->splits) != at)
        VEC_PUSH(&x->splits, x->a) = (uint32_t)at;
}

/* Between a character of shape `left` that began at `left_at` and one of shape `right` at `at`:
 * does a word begin? `before` is the shape of what stood before `left`. */
static void split_between(Scan *x, TagWalk *w, Shape before, Shape left, size_t left_at,
                          Shape right, size_t at)
{
    if (left == SHAPE_LINE || right == SHAPE_LINE) {
        split(x, at);
        w->by_case = true;
    } else if ((left == SHAPE_DIGIT) != (right == SHAPE_DIGIT)) {
        split(x, at);
        w->by_digit++;
    } else if (left == SHAPE_SMALL && right == SHAPE_CAPITAL) {
        split(x, at);
        w->by_case = true;
    } else if (before == SHAPE_CAPITAL && left == SHAPE_CAPITAL && right == SHAPE_SMALL) {
        split(x, left_at);
        w->by_case = true;
    }
}

static void add_tag(Scan *x, size_t start, size_t end)
{
    TagWalk w = {.first = x->splits.n};
    VEC_PUSH(&x->splits, x->a) = (uint32_t)start;
    Shape before = SHAPE_OTHER, left = SHAPE_OTHER;
    size_t left_at = start;
    for (size_t at = start; at < end;) {
        Shape shape = shape_at(x, at);
        if (at > start && shape != SHAPE_MARK)
            split_between(x, &w, before, left, left_at, shape, at);
        if (shape != SHAPE_MARK) {
            before = left;
            left = shape;
            left_at = at;
        }
        at = (unsigned char)x->s.p[at] < 0x80 ? at + 1 : word_char(x->s, at);
    }
    VEC_PUSH(&x->splits, x->a) = (uint32_t)end;
    VEC_PUSH(&x->tags, x->a) = (Tag){.token = x->tokens.n - 1,
                                     .n_splits = x->splits.n - w.first,
                                     .one_case = !w.by_case && w.by_digit < 2};
}

static size_t step_hash(Scan *x, size_t start)
{
    size_t keycap = keycap_end(x, start);
    if (keycap > start)
        return push(x, TOKEN_EMOJI, start, keycap);
    bool behind_tag = x->tokens.n && VEC_LAST(&x->tokens).kind == TOKEN_HASHTAG &&
                      sml_token_end(&VEC_LAST(&x->tokens)) == start;
    char left = start ? x->s.p[start - 1] : ' ';
    if (!behind_tag && (is_word_before(x->s, start) || left == '&' || left == '/'))
        return start + 1;
    size_t at = start + 1;
    while (is_digit(byte_at(x, at)) || byte_at(x, at) == '_')
        at++;
    if (!is_word_at(x->s, at))
        return start + 1; /* "#1" is no tag */
    while (byte_at(x, at) == '_' || is_word_at(x->s, at))
        at = x->s.p[at] == '_' ? at + 1 : word_run(x, at);
    push(x, TOKEN_HASHTAG, start, at);
    add_tag(x, start + 1, at);
    return at;
}

static size_t step_star(Scan *x, size_t start)
{
    size_t keycap = keycap_end(x, start);
    return keycap > start ? push(x, TOKEN_EMOJI, start, keycap) : start + 1;
}

/* ---- quotations ---- */

/* One quotation is [open, at). What lies in it and was found before is part of it. */
static void close_quote(Scan *x, OpenQuote *open, size_t at)
{
    Span span = {open->start, (uint32_t)at};
    OpenQuote *other = open == &x->single ? &x->twofold : &x->single;
    open->start = NONE;
    if (span.end - span.start > QUOTATION_MAX)
        return;
    while (x->quotes.n && VEC_LAST(&x->quotes).start >= span.start)
        x->quotes.n--;
    if (other->start != NONE && other->start >= span.start)
        other->start = NONE;
    VEC_PUSH(&x->quotes, x->a) = span;
}

/* The marks' sides: may they open, may they close, whatever else is open? */
typedef struct Sides {
    bool opens, closes;
} Sides;

static size_t quote(Scan *x, OpenQuote *open, size_t at, size_t end, Sides may)
{
    bool filled = open->start != NONE && open->start < at;
    if (filled && may.closes)
        close_quote(x, open, at);
    else if (may.opens)
        open->start = (uint32_t)end;
    return end;
}

static size_t step_double(Scan *x, size_t at)
{
    size_t end = at;
    sml_utf8_next(x->s, &end);
    uint32_t c = written(x, at);
    bool left = c == 0x201C || c == 0x201E || c == 0xAB;
    bool right = c == 0x201D || c == 0xBB;
    bool room_behind = end == x->s.len || is_white(x->s.p[end]);
    Sides may = {.opens = left || (!right && !room_behind && !is_word_before(x->s, at)),
                 .closes = right || (!left && !is_white_before(x->s, at))};
    return quote(x, &x->twofold, at, end, may);
}

/* "'tis", "rock 'n' roll", "the '90s": letters left out, nothing quoted. */
static bool is_elision(const Scan *x, size_t at)
{
    static const Str words[] = {WORD("tis"),   WORD("twas"), WORD("em"),   WORD("til"),
                                WORD("cause"), WORD("n"),    WORD("bout"), WORD("cos")};
    size_t end = word_run(x, at);
    return is_digit(byte_at(x, at)) || ONE_OF(sml_str_slice(x->s, at, end), words);
}

static size_t step_single(Scan *x, size_t at)
{
    size_t end = at;
    sml_utf8_next(x->s, &end);
    uint32_t c = written(x, at);
    bool left = c == 0x2018 || c == 0x201A || c == 0x2039;
    bool word_before = is_word_before(x->s, at), word_behind = is_word_at(x->s, end);
    char behind = byte_at(x, end);
    bool begins = word_behind || behind == '#' || behind == '@' || behind == '"' ||
                  (unsigned char)behind >= 0x80;
    Sides may = {.opens = c != 0x2019 && !word_before && begins && !is_elision(x, end),
                 .closes = !left && !word_behind && !is_white_before(x->s, at)};
    return quote(x, &x->single, at, end, may);
}

/* ---- sentences ---- */

/* Does a stop behind this word leave the sentence open? */
static bool is_abbreviation(const Scan *x, const Token *word, size_t behind)
{
    static const Str always[] = {
        WORD("mr"),   WORD("mrs"),  WORD("ms"),     WORD("mx"),  WORD("dr"),   WORD("prof"),
        WORD("rev"),  WORD("st"),   WORD("rt"),     WORD("hon"), WORD("cllr"), WORD("sgt"),
        WORD("gen"),  WORD("col"),  WORD("vs"),     WORD("eg"),  WORD("ie"),   WORD("cf"),
        WORD("dept"), WORD("govt"), WORD("approx"), WORD("jan"), WORD("feb"),  WORD("apr"),
        WORD("jun"),  WORD("jul"),  WORD("aug"),    WORD("sep"), WORD("sept"), WORD("oct"),
        WORD("nov"),  WORD("dec")};
    static const Str before_number[] = {WORD("no"),  WORD("nos"), WORD("fig"), WORD("vol"),
                                        WORD("pp"),  WORD("tel"), WORD("ext"), WORD("est"),
                                        WORD("art"), WORD("sec")};
    Str text = token_text(x, word);
    if (word->kind != TOKEN_WORD)
        return false;
    if (text.len == 1)
        return true; /* an initial, and the halves of "p.m." and "e.g." */
    return ONE_OF(text, always) || (is_digit(byte_at(x, behind)) && ONE_OF(text, before_number));
}

static size_t skip_white(const Scan *x, size_t at)
{
    while (at < x->s.len && is_white(x->s.p[at]))
        at++;
    return at;
}

static bool closes_bracket(char c)
{
    return c == '"' || c == '\'' || c == ')' || c == ']';
}

/* A run of stops, with what closes quotations and brackets behind it; the marks are left for their
 * own step. */
static size_t step_stop(Scan *x, size_t start)
{
    size_t at = start;
    sml_utf8_next(x->s, &at);
    while (at < x->s.len && step_of[(unsigned char)x->s.p[at]] == STEP_STOP)
        at++;
    size_t behind = at;
    while (closes_bracket(byte_at(x, behind)))
        behind++;
    if (behind < x->s.len && !is_white(x->s.p[behind]))
        return at;
    bool dot = at == start + 1 && x->s.p[start] == '.';
    const Token *before = x->tokens.n ? &VEC_LAST(&x->tokens) : NULL;
    if (!(dot && before && sml_token_end(before) == start &&
          is_abbreviation(x, before, skip_white(x, behind))))
        end_sentence(x, start);
    return at;
}

/* "£", "€" and their like stand before an amount, as "$" does: a line may be broken there. */
static bool is_money(uint32_t c)
{
    return (c >= 0xA2 && c <= 0xA5) || (c >= 0x20A0 && c <= 0x20CF);
}

/* "- item", "* item", "2. item", "a bullet", an emoji: what stands at `at`, at the start of a line,
 * begins something new. */
static bool begins_item(const Scan *x, size_t at)
{
    char c = byte_at(x, at);
    size_t end = at;
    if ((unsigned char)c >= 0x80) {
        uint32_t wide = sml_utf8_next(x->s, &end);
        unsigned flags = sml_unicode_record(wide)->flags;
        return is_emoji(x, flags, end) || !((flags & UNICODE_WORD) || is_money(wide));
    }
    if (c == '-' || c == '*')
        return is_white(byte_at(x, at + 1)) || keycap_end(x, at) > at;
    end = digit_run(x, at);
    if (end == at)
        return false;
    return ((byte_at(x, end) == '.' || byte_at(x, end) == ')') && is_white(byte_at(x, end + 1))) ||
           keycap_end(x, at) > at;
}

/* A run of white space that begins with a line break. */
static size_t step_break(Scan *x, size_t start)
{
    size_t at = start;
    uint32_t breaks = 0;
    for (; at < x->s.len && is_white(x->s.p[at]); at++)
        breaks += x->s.p[at] == '\n';
    if (breaks > 1)
        x->single.start = x->twofold.start = NONE;
    if (breaks > 1 || begins_item(x, at))
        end_sentence(x, start);
    return at;
}

/* ---- the whole ---- */

typedef size_t (*StepFn)(Scan *x, size_t at);

static const StepFn steps[STEP_COUNT] = {
    [STEP_WORD] = step_word, [STEP_DIGIT] = step_digit,     [STEP_BREAK] = step_break,
    [STEP_STOP] = step_stop, [STEP_MENTION] = step_mention, [STEP_HASH] = step_hash,
    [STEP_STAR] = step_star, [STEP_SINGLE] = step_single,   [STEP_DOUBLE] = step_double,
    [STEP_WIDE] = step_wide,
};

/* Halving a list of millions is a dozen places far apart; between two rungs all is close together. */
#define RUNG       256
#define RUNGS_FROM 4096 /* tokens */

static void add_rungs(Tokens *t, size_t len, Arena *a)
{
    uint32_t n = (uint32_t)(len / RUNG) + 2, *rungs = ARENA_ARRAY(a, uint32_t, n);
    for (uint32_t i = 0, token = 0; i < n; i++) {
        while (token < t->n && sml_token_end(&t->v[token]) <= i * RUNG)
            token++;
        rungs[i] = token;
    }
    t->rungs = rungs;
    t->n_rungs = n;
}

void sml_token_scan(Tokens *out, const Norm *norm, Str original, Arena *a)
{
    Scan x = {.s = norm->text,
              .original = original,
              .norm = norm,
              .single = {NONE},
              .twofold = {NONE},
              .repost = NONE,
              .ended = true,
              .a = a};
    /* English has a word for every six bytes or so; a longer list grows. */
    x.tokens.cap = (uint32_t)(x.s.len / 6) + 8;
    x.tokens.v = ARENA_ARRAY(a, Token, x.tokens.cap);
    for (size_t at = 0; at < x.s.len;) {
        Step step = step_of[(unsigned char)x.s.p[at]];
        if (step == STEP_WORD)
            at = step_word(&x, at);
        else
            at = step == STEP_SKIP ? at + 1 : steps[step](&x, at);
    }
    for (uint32_t i = 0, first = 0; i < x.tags.n; first += x.tags.v[i++].n_splits)
        x.tags.v[i].splits = x.splits.v + first;
    *out = (Tokens){.v = x.tokens.v,
                    .n = x.tokens.n,
                    .sentences = x.sentences.v,
                    .n_sentences = x.sentences.n,
                    .ended = (uint32_t)(x.ended ? x.ended_at : x.s.len),
                    .tags = x.tags.v,
                    .n_tags = x.tags.n,
                    .quotes = x.quotes.v,
                    .n_quotes = x.quotes.n,
                    .repost = x.repost};
    memcpy(out->count, x.count, sizeof x.count);
    if (out->n >= RUNGS_FROM)
        add_rungs(out, x.s.len, a);
}

/* ---- questions ---- */

uint32_t sml_token_at(const Tokens *t, uint32_t at)
{
    /* Halved without branches: which half it is nobody can guess. */
    uint32_t first = 0, n = t->n, rung = at / RUNG;
    if (t->rungs) {
        first = t->rungs[rung < t->n_rungs ? rung : t->n_rungs - 1];
        n = (rung + 1 < t->n_rungs ? t->rungs[rung + 1] : n) - first;
    }
    while (n > 1) {
        uint32_t half = n / 2;
        first += sml_token_end(&t->v[first + half - 1]) <= at ? half : 0;
        n -= half;
    }
    return first + (n == 1 && sml_token_end(&t->v[first]) <= at);
}

uint32_t sml_token_sentence(const Tokens *t, uint32_t token)
{
    uint32_t low = 0, high = t->n_sentences; /* low: how many begin at or before it */
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (t->sentences[mid] <= token)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? low - 1 : 0;
}

const Token *sml_token_holding(const Tokens *t, uint32_t at)
{
    uint32_t i = sml_token_at(t, at);
    return i < t->n && t->v[i].start <= at ? &t->v[i] : NULL;
}

const Tag *sml_token_tag(const Tokens *t, uint32_t token)
{
    uint32_t low = 0, high = t->n_tags;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (t->tags[mid].token < token)
            low = mid + 1;
        else
            high = mid;
    }
    return low < t->n_tags && t->tags[low].token == token ? &t->tags[low] : NULL;
}

bool sml_token_edge(Str text, uint32_t at)
{
    return at == 0 || at >= text.len || !is_word_at(text, at) || !is_word_before(text, at);
}
