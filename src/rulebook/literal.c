/* SPDX-License-Identifier: MIT */
/*
 * Which literals must appear for a regex to match, and how far behind the start of the match they can begin.
 *
 * The regex is read once, by recursive descent over a whitelist of syntax, and each piece is summed up in a Piece:
 * the few texts it can match, if they are few ("exact"); else the best set of literals that any match of it must
 * hold; its shortest and longest length, and single characters that it cannot do without. A sequence multiplies exact
 * pieces together as long as that stays small, and keeps the sets it met on the way, the best apart; an alternation needs
 * one set from every branch.
 *
 *     (?:cost|price)s? of \w+ing     exact: cost, costs, price, prices, each + " of "
 *                                    set: "cost o" "costs " "price " "prices", lead 0
 *                                    the set "ing" is as good as lost: 8 and more bytes behind, and shorter
 *
 * The best set finds where to look. The others are not lost: a text that lacks all of one cannot match, and to see that is
 * far cheaper than to have PCRE2 compile the regex. There the texts are whole, "costs of", not cut to what the automaton
 * takes.
 */
#include "rulebook/literal.h"

#include "base/utf8.h"
#include "base/vec.h"
#include "image/sieve.h"
#include "rulebook/rarity.h"
#include "text/norm.h"

#include <stdlib.h>
#include <string.h>

#define EXACT_MAX 64
#define TEXT_MAX  16
/* A regex of which so many sets are known is a list of thousands: not every spelling of the rest is worth its time. */
#define MET_MANY  32
#define CLASS_MAX 12
#define DEPTH_MAX 32
#define UNBOUNDED UINT32_MAX

typedef VEC(Str) Texts;

/* Literals of which every match holds one; n == 0: none known. */
typedef struct Set {
    Texts texts; /* as the automaton takes them */
    Texts whole; /* the same, not cut */
    uint32_t lead;
    int quality;
} Set;

typedef VEC(Set) Sets;

typedef struct Piece {
    bool exact;
    Texts texts; /* if exact; may hold the empty text */
    Set best;
    Sets met;          /* of each of which any match holds one, the best among them */
    uint32_t min, max; /* bytes */
    uint64_t must;     /* characters in every match */
} Piece;

typedef struct Parse {
    Str regex;
    size_t at;
    unsigned depth;
    bool caseless;
    Arena *a;
    sml_error *err;
} Parse;

static bool parse_alternation(Parse *p, Piece *out);

static bool wrong(const Parse *p, size_t at, const char *what)
{
    return sml_error_at(p->err, (Str){0}, 0, (uint32_t)at, "%s", what);
}

static char peek(const Parse *p)
{
    return p->at < p->regex.len ? p->regex.p[p->at] : '\0';
}
static bool more(const Parse *p)
{
    return p->at < p->regex.len;
}

static bool take(Parse *p, const char *text)
{
    Str t = sml_str_from(text);
    if (!sml_str_starts(sml_str_slice(p->regex, p->at, p->regex.len), t))
        return false;
    p->at += t.len;
    return true;
}

/* ---- sums of lengths, sets and their worth ---- */

static uint32_t plus(uint32_t a, uint32_t b)
{
    return a > UNBOUNDED - b ? UNBOUNDED : a + b;
}

static uint32_t times(uint32_t a, uint32_t b)
{
    return a && b > UNBOUNDED / a ? UNBOUNDED : a * b;
}

/* The part of a text to look for: its beginning, or its end where that is rarer. */
static Str window(Str s)
{
    Str first = s.len <= LITERAL_MAX ? s : sml_str_slice(s, 0, sml_utf8_floor(s, LITERAL_MAX));
    if (s.len <= LITERAL_MAX || sml_rarity(first, false) >= 8)
        return first;
    size_t from = s.len - LITERAL_MAX;
    while (from < s.len && ((unsigned char)s.p[from] & 0xC0) == 0x80)
        from++;
    return sml_str_slice(s, from, s.len);
}

/* A text as it looks in folded text wherever it stands: in a rule that folds less, white space at its ends may have had more
 * beside it, and white space inside may have been more. */
static Str tidy(Parse *p, Str text)
{
    Norm n;
    sml_norm_apply(&n, sml_str_trim(text), FOLD_SPACES, p->a);
    return n.text;
}

static Set set_of(Parse *p, const Texts *texts, uint32_t lead)
{
    Set s = {0};
    uint64_t sum = 0;
    uint32_t furthest = 0;
    for (uint32_t i = 0; i < texts->n; i++) {
        Str t = tidy(p, texts->v[i]), w = window(t);
        if (t.len == 0)
            return (Set){0};
        /* What tidying took from behind the text moves nothing. */
        Str trimmed = sml_str_trim(texts->v[i]);
        size_t taken = (size_t)(trimmed.p - texts->v[i].p) + trimmed.len - t.len;
        uint32_t at = (uint32_t)((size_t)(w.p - t.p) + taken);
        furthest = at > furthest ? at : furthest;
        sum = sml_rarity_add(sum, sml_rarity(w, false));
        VEC_PUSH(&s.texts, p->a) = w;
        VEC_PUSH(&s.whole, p->a) = t;
    }
    s.lead = plus(lead, furthest);
    s.quality = sml_rarity_of_sum(sum);
    return s;
}

/* A literal far behind the start makes the engine try many starts; without a bound, all of the post's. */
static int worth(const Set *s)
{
    int far = s->lead == UNBOUNDED ? 3 : s->lead > 40 ? 2 : s->lead > 8 ? 1 : 0;
    return s->quality - far;
}

static bool better(const Set *a, const Set *b)
{
    if (a->texts.n == 0 || b->texts.n == 0)
        return a->texts.n > b->texts.n;
    return worth(a) > worth(b);
}

static Piece nothing(Parse *p)
{
    Piece x = {.exact = true};
    VEC_PUSH(&x.texts, p->a) = STR("");
    return x;
}

static Piece opaque(uint32_t min, uint32_t max)
{
    return (Piece){.min = min, .max = max};
}

/* Those of ASCII alone: of others it is not known how a digit is written. */
static uint64_t chars_of(Str text)
{
    uint64_t set = 0;
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.p[i] < 0x80)
            set |= sml_sieve_chars(sml_str_slice(text, i, i + 1));
    return set;
}

static Piece one_text(Parse *p, Str text)
{
    Piece x = {.exact = true,
               .min = (uint32_t)text.len,
               .max = (uint32_t)text.len,
               .must = chars_of(text)};
    VEC_PUSH(&x.texts, p->a) = text;
    return x;
}

/* A character as the full fold writes it. */
static Piece one_char(Parse *p, uint32_t c)
{
    char bytes[4];
    if (c < 0x80) {
        bytes[0] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c == '\t' ? ' ' : c);
        return one_text(p, sml_arena_copy(p->a, (Str){bytes, 1}));
    }
    Norm n;
    sml_norm_apply(&n, sml_arena_copy(p->a, (Str){bytes, sml_utf8_put(bytes, c)}), FOLD_ALL, p->a);
    Piece x = n.text.len ? one_text(p, n.text) : opaque(0, 4);
    /* What a pattern spells in another way than folded text does can still match in a rule that folds less. */
    x.max = x.max < 4 ? 4 : x.max;
    return x;
}

/* ---- sequences ---- */

typedef struct Sequence {
    Texts run;         /* exact texts since `run_lead` */
    uint32_t run_lead; /* longest length before them */
    Set best;
    Sets met;
    uint32_t min, max;
    uint64_t must;
    bool exact;
} Sequence;

static Str join(Parse *p, Str a, Str b)
{
    char *both = ARENA_ARRAY(p->a, char, a.len + b.len);
    memcpy(both, a.p, a.len);
    memcpy(both + a.len, b.p, b.len);
    return (Str){both, a.len + b.len};
}

static bool multiply(Parse *p, Texts *run, const Texts *by, uint32_t most)
{
    if ((uint64_t)run->n * by->n > most)
        return false;
    Texts product = {0};
    for (uint32_t i = 0; i < run->n; i++)
        for (uint32_t k = 0; k < by->n; k++) {
            if (run->v[i].len + by->v[k].len > TEXT_MAX)
                return false;
            VEC_PUSH(&product, p->a) = join(p, run->v[i], by->v[k]);
        }
    *run = product;
    return true;
}

static void offer(Parse *p, Sequence *s, Set candidate)
{
    if (candidate.texts.n)
        VEC_PUSH(&s->met, p->a) = candidate;
    if (better(&candidate, &s->best))
        s->best = candidate;
}

static Sets sets_of(Parse *p, const Piece *x)
{
    if (!x->exact)
        return x->met;
    Sets one = {0};
    VEC_PUSH(&one, p->a) = set_of(p, &x->texts, 0);
    return one;
}

static void append(Parse *p, Sequence *s, const Piece *x)
{
    Texts before = s->run;
    uint32_t most = s->met.n < MET_MANY ? EXACT_MAX : EXACT_MAX / 8;
    if (!x->exact || !multiply(p, &s->run, &x->texts, most)) {
        offer(p, s, set_of(p, &before, s->run_lead));
        Sets own = sets_of(p, x);
        for (uint32_t i = 0; i < own.n; i++) {
            Set set = own.v[i];
            set.lead = plus(set.lead, s->max);
            offer(p, s, set);
        }
        s->exact = false;
        s->run = (Texts){0};
        s->run_lead = x->exact ? s->max : plus(s->max, x->max);
        if (x->exact)
            s->run = x->texts;
        else
            VEC_PUSH(&s->run, p->a) = STR("");
    }
    s->min = plus(s->min, x->min);
    s->max = plus(s->max, x->max);
    s->must |= x->must;
}

static Piece finish(Parse *p, Sequence *s)
{
    Piece x = {.exact = s->exact, .min = s->min, .max = s->max, .must = s->must};
    offer(p, s, set_of(p, &s->run, s->run_lead));
    x.best = s->best;
    x.met = s->met;
    if (s->exact)
        x.texts = s->run;
    return x;
}

/* ---- classes ---- */

#define NO_CAPITALS                                                                                \
    "the text is folded to small letters, so capitals cannot be told; use fold without case"

static bool parse_posix(Parse *p)
{
    size_t close = sml_str_find(p->regex, STR(":]"), p->at);
    if (close == SIZE_MAX)
        return wrong(p, p->at, "\"[:\" never closes");
    Str name = sml_str_slice(p->regex, p->at + 2, close);
    if (sml_str_starts(name, STR("^")))
        name = sml_str_slice(name, 1, name.len);
    if (p->caseless && (sml_str_eq(name, STR("upper")) || sml_str_eq(name, STR("lower"))))
        return wrong(p, p->at, NO_CAPITALS);
    p->at = close + 2;
    return true;
}

/* \p{Lu}, \p{ ^lu } and their like: PCRE2 looks past case, spaces, hyphens and underscores. */
static bool names_case(Str name)
{
    char plain[3];
    size_t n = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (strchr(" -_^", name.p[i]))
            continue;
        if (n == sizeof plain)
            return false;
        plain[n++] = (char)(name.p[i] | 32);
    }
    return n == 2 && plain[0] == 'l' && strchr("ult", plain[1]);
}

static bool parse_property(Parse *p, size_t start)
{
    Str name;
    if (take(p, "{")) {
        size_t close = sml_str_find(p->regex, STR("}"), p->at);
        if (close == SIZE_MAX)
            return wrong(p, start, "\"\\p{\" never closes");
        name = sml_str_slice(p->regex, p->at, close);
        p->at = close + 1;
    } else {
        name = sml_str_slice(p->regex, p->at, p->at + 1);
        p->at++;
    }
    return p->caseless && names_case(name) ? wrong(p, start, NO_CAPITALS) : true;
}

static bool parse_hex(Parse *p, uint32_t *c)
{
    bool braces = take(p, "{");
    uint32_t n = 0;
    unsigned digits = 0;
    for (; more(p) && digits < (braces ? 8 : 2); p->at++, digits++) {
        char d = peek(p);
        unsigned v = d >= '0' && d <= '9'                 ? (unsigned)(d - '0')
                     : (d | 32) >= 'a' && (d | 32) <= 'f' ? (unsigned)((d | 32) - 'a' + 10)
                                                          : 16;
        if (v == 16)
            break;
        n = n * 16 + v;
    }
    if (digits == 0 || (braces && !take(p, "}")) || n > 0x10FFFF)
        return wrong(p, p->at, "this is no character; write \\x41 or \\x{20AC}");
    return *c = n, true;
}

typedef enum Escape {
    ESCAPE_CHAR,
    ESCAPE_CLASS,
    ESCAPE_EMPTY,
    ESCAPE_REFERENCE,
    ESCAPE_LONG
} Escape;

static bool parse_reference(Parse *p)
{
    static const struct {
        char open, close;
    } pairs[] = {{'{', '}'}, {'<', '>'}, {'\'', '\''}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (peek(p) == pairs[i].open) {
            char close[2] = {pairs[i].close, '\0'};
            size_t end = sml_str_find(p->regex, sml_str_from(close), p->at + 1);
            if (end == SIZE_MAX)
                return wrong(p, p->at, "this reference never closes");
            p->at = end + 1;
            return true;
        }
    while (more(p) && (peek(p) == '-' || (peek(p) >= '0' && peek(p) <= '9')))
        p->at++;
    return true;
}

/* Behind the backslash. */
static bool parse_escape(Parse *p, bool in_class, Escape *kind, uint32_t *c)
{
    size_t start = p->at - 1;
    char e = peek(p);
    if (!more(p))
        return wrong(p, start, "a backslash at the end; write \\\\ for itself");
    p->at++;
    *kind = ESCAPE_CHAR;
    switch (e) {
    case 'n':
        *c = '\n';
        return true;
    case 't':
        *c = '\t';
        return true;
    case 'r':
        *c = '\r';
        return true;
    case 'f':
        *c = '\f';
        return true;
    case 'e':
        *c = 27;
        return true;
    case 'x':
        return parse_hex(p, c);
    case 'd':
    case 'D':
    case 'w':
    case 'W':
    case 's':
    case 'S':
    case 'h':
    case 'H':
    case 'v':
    case 'V':
        *kind = ESCAPE_CLASS;
        return true;
    case 'N':
        *kind = ESCAPE_CLASS;
        return peek(p) == '{' ? wrong(p, start, "\\N{…} is not allowed; write \\x{20AC}") : true;
    case 'p':
    case 'P':
        *kind = ESCAPE_CLASS;
        return parse_property(p, start);
    case 'b':
        *c = '\b';
        *kind = in_class ? ESCAPE_CHAR : ESCAPE_EMPTY;
        return true;
    case 'B':
    case 'A':
    case 'z':
    case 'Z':
        *kind = ESCAPE_EMPTY;
        return in_class ? wrong(p, start, "this escape has no place in a class") : true;
    case 'R':
    case 'X':
        *kind = ESCAPE_LONG;
        return true;
    case 'k':
    case 'g':
        *kind = ESCAPE_REFERENCE;
        if (e == 'g' && peek(p) != '{' && peek(p) != '-' && !(peek(p) >= '0' && peek(p) <= '9'))
            return wrong(p, start, "recursion is not allowed; write the pattern out");
        return parse_reference(p);
    case 'K':
        return wrong(p, start, "\\K is not allowed: it would move the start of what is found");
    case 'G':
        return wrong(p, start, "\\G is not allowed; use \\A or ^");
    case 'C':
        return wrong(p, start, "\\C is not allowed: it can split a character");
    default:
        break;
    }
    if (!in_class && e >= '1' && e <= '9') {
        *kind = ESCAPE_REFERENCE;
        while (peek(p) >= '0' && peek(p) <= '9')
            p->at++;
        return true;
    }
    if (e == '0' || (in_class && e >= '1' && e <= '9'))
        return wrong(p, start, "octal numbers are not allowed; write \\x41 or \\x{20AC}");
    if ((e | 32) >= 'a' && (e | 32) <= 'z')
        return wrong(p, start, "unknown escape; write punctuation alone behind a backslash");
    p->at--;
    *c = sml_utf8_next(p->regex, &p->at);
    return true;
}

/* A character of a class, or an escape. */
static bool parse_member(Parse *p, Escape *kind, uint32_t *c)
{
    *kind = ESCAPE_CHAR;
    if (take(p, "\\"))
        return parse_escape(p, true, kind, c);
    *c = sml_utf8_next(p->regex, &p->at);
    return true;
}

/* Adds the texts of the characters [low, high]; false where they are too many, or one has none of its own. */
static bool add_range(Parse *p, Texts *texts, uint32_t low, uint32_t high)
{
    for (uint32_t c = low; c <= high && c <= 0x10FFFF; c++) {
        Piece one = one_char(p, c);
        if (texts->n >= CLASS_MAX || !one.exact)
            return false;
        VEC_PUSH(texts, p->a) = one.texts.v[0];
    }
    return true;
}

/* What stands between two hyphens of a class, or "a-z"; `*few`: all it means is in `texts`. */
static bool parse_range(Parse *p, Texts *texts, bool *few)
{
    uint32_t low = 0, high;
    Escape kind;
    if (peek(p) == '[' && p->at + 1 < p->regex.len && p->regex.p[p->at + 1] == ':')
        return *few = false, parse_posix(p);
    if (!parse_member(p, &kind, &low))
        return false;
    high = low;
    if (kind == ESCAPE_CHAR && peek(p) == '-' && p->at + 1 < p->regex.len &&
        p->regex.p[p->at + 1] != ']') {
        p->at++;
        if (!parse_member(p, &kind, &high))
            return false;
    }
    *few = *few && kind == ESCAPE_CHAR && add_range(p, texts, low, high);
    return true;
}

/* Any one of `texts`. */
static Piece one_of(const Texts *texts)
{
    Piece piece = {.exact = true, .texts = *texts, .min = 1, .max = 1, .must = ~UINT64_C(0)};
    for (uint32_t i = 0; i < texts->n; i++) {
        piece.max = texts->v[i].len == 1 ? piece.max : 4;
        piece.must &= chars_of(texts->v[i]);
    }
    return piece;
}

/* The characters of a class as one piece: each of them if they are few. */
static bool parse_class(Parse *p, Piece *out)
{
    size_t start = p->at++;
    bool few = !take(p, "^");
    Texts texts = {0};
    for (bool first = true; first || peek(p) != ']'; first = false) {
        if (!more(p))
            return wrong(p, start, "\"[\" never closes; add ], or write \\[");
        if (!parse_range(p, &texts, &few))
            return false;
    }
    p->at++;
    *out = few && texts.n ? one_of(&texts) : opaque(1, 4);
    return true;
}

/* ---- groups ---- */

static bool skip_comment(Parse *p, size_t start)
{
    size_t close = sml_str_find(p->regex, STR(")"), p->at);
    if (close == SIZE_MAX)
        return wrong(p, start, "\"(\" never closes; add ), or write \\(");
    p->at = close + 1;
    return true;
}

static bool skip_name(Parse *p, char close)
{
    while (more(p) && peek(p) != close)
        p->at++;
    return more(p) ? (p->at++, true) : wrong(p, p->at, "this name never ends");
}

/* What follows "(?"; `*look` for groups that take no text. */
static bool parse_group_head(Parse *p, size_t start, bool *look, bool *flags_only)
{
    *look = *flags_only = false;
    if (take(p, ":") || take(p, ">"))
        return true;
    if (take(p, "=") || take(p, "!") || take(p, "<=") || take(p, "<!"))
        return *look = true;
    if (take(p, "P<") || take(p, "<"))
        return skip_name(p, '>');
    if (take(p, "'"))
        return skip_name(p, '\'');
    size_t flags = p->at;
    while (more(p) && strchr("imsn-^", peek(p)) && peek(p) != '\0')
        p->at++;
    if (p->at > flags && take(p, ":"))
        return true;
    if (p->at > flags && take(p, ")"))
        return *flags_only = true;
    return wrong(p, start,
                 "this kind of group is not allowed; use (?:…), (…), (?<name>…), (?=…), (?!…), "
                 "(?<=…) or (?<!…)");
}

static bool parse_group(Parse *p, Piece *out)
{
    size_t start = p->at++;
    bool look = false, flags_only = false;
    if (peek(p) == '*')
        return wrong(p, start, "verbs like (*…) are not allowed");
    if (take(p, "?") && !parse_group_head(p, start, &look, &flags_only))
        return false;
    if (flags_only) {
        *out = nothing(p);
        return true;
    }
    if (++p->depth > DEPTH_MAX)
        return wrong(p, start, "groups are nested too deeply; 32 levels are the most");
    if (!parse_alternation(p, out))
        return false;
    p->depth--;
    if (!take(p, ")"))
        return wrong(p, start, "\"(\" never closes; add ), or write \\(");
    if (look)
        *out = nothing(p);
    return true;
}

/* ---- atoms and quantifiers ---- */

/* Is this "{" with nothing but digits, commas and spaces up to its "}"? It repeats something, or would in a newer PCRE2. */
static bool counts(const Parse *p)
{
    size_t at = p->at + 1;
    bool digits = false;
    for (; at < p->regex.len && strchr("0123456789, ", p->regex.p[at]) && p->regex.p[at]; at++)
        digits |= p->regex.p[at] >= '0';
    return digits && at < p->regex.len && p->regex.p[at] == '}';
}

/* Behind the backslash. */
static bool parse_escaped(Parse *p, Piece *out)
{
    uint32_t point;
    Escape kind;
    bool digit = peek(p) == 'd';
    if (!parse_escape(p, false, &kind, &point))
        return false;
    switch (kind) {
    case ESCAPE_CHAR:
        *out = one_char(p, point);
        break;
    case ESCAPE_CLASS:
        *out = opaque(1, 4);
        out->must = digit ? SIEVE_ANY_DIGIT : 0;
        break;
    case ESCAPE_EMPTY:
        *out = nothing(p);
        break;
    case ESCAPE_REFERENCE:
        *out = opaque(0, UNBOUNDED);
        break;
    case ESCAPE_LONG:
        *out = opaque(1, UNBOUNDED);
        break;
    }
    return true;
}

static bool parse_atom(Parse *p, Piece *out)
{
    size_t start = p->at;
    char c = peek(p);
    if (c == '(')
        return parse_group(p, out);
    if (c == '[')
        return parse_class(p, out);
    if (c == '*' || c == '+' || c == '?')
        return wrong(p, start,
                     "there is nothing here to repeat; write \\*, \\+ or \\? for the sign itself");
    if (c == '{' && counts(p))
        return wrong(p, start, "this repeats nothing; write {0,3} behind what to repeat, or \\{");
    if (c == '^' || c == '$') {
        p->at++;
        *out = nothing(p);
        return true;
    }
    if (c == '.') {
        p->at++;
        *out = opaque(1, 4);
        return true;
    }
    if (take(p, "\\"))
        return parse_escaped(p, out);
    *out = one_char(p, sml_utf8_next(p->regex, &p->at));
    return true;
}

/* {2}, {2,} or {2,3}; anything else in braces is text. */
static bool parse_braces(Parse *p, uint32_t *least, uint32_t *most)
{
    size_t close = sml_str_find(p->regex, STR("}"), p->at);
    uint64_t low, high;
    if (close == SIZE_MAX)
        return false;
    Str inner = sml_str_slice(p->regex, p->at + 1, close), from, rest = inner;
    sml_str_cut(&from, &rest, ',');
    if (!sml_str_uint(&low, from, 65535))
        return false;
    high = rest.p ? UNBOUNDED : low;
    if (rest.p && rest.len && !sml_str_uint(&high, rest, 65535))
        return false;
    p->at = close + 1;
    *least = (uint32_t)low;
    *most = (uint32_t)high;
    return true;
}

static bool parse_quantifier(Parse *p, uint32_t *least, uint32_t *most)
{
    if (take(p, "*"))
        *least = 0, *most = UNBOUNDED;
    else if (take(p, "+"))
        *least = 1, *most = UNBOUNDED;
    else if (take(p, "?"))
        *least = 0, *most = 1;
    else if (peek(p) != '{' || !parse_braces(p, least, most))
        return false;
    if (!take(p, "?"))
        take(p, "+");
    return true;
}

static Piece repeated(Parse *p, const Piece *x, uint32_t least, uint32_t most)
{
    if (least == 1 && most == 1)
        return *x;
    Piece out = {.min = times(x->min, least),
                 .max = x->max == 0         ? 0
                        : most == UNBOUNDED ? UNBOUNDED
                                            : times(x->max, most)};
    if (most == 0)
        return nothing(p);
    if (least == 0 && most == 1 && x->exact && x->texts.n < EXACT_MAX) {
        out.exact = true;
        for (uint32_t i = 0; i < x->texts.n; i++)
            VEC_PUSH(&out.texts, p->a) = x->texts.v[i];
        VEC_PUSH(&out.texts, p->a) = STR("");
        return out;
    }
    if (least) {
        out.best = x->exact ? set_of(p, &x->texts, 0) : x->best;
        out.must = x->must;
        out.met = sets_of(p, x);
    }
    return out;
}

/* Between \Q and \E; the last character is left to the caller, for what follows \E repeats that alone. False if there is none. */
static bool parse_quoted(Parse *p, Sequence *s, Piece *last)
{
    bool some = false;
    for (; more(p) && !take(p, "\\E"); some = true) {
        if (some)
            append(p, s, last);
        *last = one_char(p, sml_utf8_next(p->regex, &p->at));
    }
    return some;
}

static bool parse_sequence(Parse *p, Piece *out)
{
    Sequence s = {.exact = true};
    VEC_PUSH(&s.run, p->a) = STR("");
    while (more(p) && peek(p) != '|' && peek(p) != ')') {
        Piece x;
        uint32_t least, most;
        if (take(p, "(?#")) {
            if (!skip_comment(p, p->at - 3))
                return false;
            continue;
        }
        if (take(p, "\\Q")) {
            if (!parse_quoted(p, &s, &x))
                continue;
        } else if (!parse_atom(p, &x)) {
            return false;
        }
        while (parse_quantifier(p, &least, &most))
            x = repeated(p, &x, least, most);
        append(p, &s, &x);
    }
    *out = finish(p, &s);
    return true;
}

/* ---- alternation ---- */

static void unite(Parse *p, Texts *all, const Texts *with)
{
    for (uint32_t i = 0; i < with->n; i++)
        VEC_PUSH(all, p->a) = with->v[i];
}

/* One set for all branches so far and another; none, if either has none. */
static void add_branch(Parse *p, Set *all, const Set *branch)
{
    if (all->texts.n == 0 || branch->texts.n == 0) {
        *all = (Set){0};
        return;
    }
    unite(p, &all->texts, &branch->texts);
    unite(p, &all->whole, &branch->whole);
    all->lead = all->lead > branch->lead ? all->lead : branch->lead;
    all->quality =
        sml_rarity_of_sum(sml_rarity_add(sml_rarity_add(0, all->quality), branch->quality));
}

/* The same with texts of its own, so that more can be added. */
static Set own_copy(Parse *p, const Set *set)
{
    Set s = *set;
    s.texts = s.whole = (Texts){0};
    unite(p, &s.texts, &set->texts);
    unite(p, &s.whole, &set->whole);
    return s;
}

static bool parse_alternation(Parse *p, Piece *out)
{
    if (!parse_sequence(p, out))
        return false;
    if (peek(p) != '|')
        return true;
    out->best = own_copy(p, &out->best);
    while (take(p, "|")) {
        Piece x;
        if (!parse_sequence(p, &x))
            return false;
        add_branch(p, &out->best, &x.best);
        out->exact = out->exact && x.exact && out->texts.n + x.texts.n <= EXACT_MAX;
        if (out->exact)
            unite(p, &out->texts, &x.texts);
        out->must &= x.must;
        out->min = x.min < out->min ? x.min : out->min;
        out->max = x.max > out->max ? x.max : out->max;
    }
    out->met = (Sets){0};
    if (out->best.texts.n)
        VEC_PUSH(&out->met, p->a) = out->best;
    return true;
}

/* ---- the answer ---- */

static Str cut(Str s)
{
    return s.len <= LITERAL_MAX ? s : sml_str_slice(s, 0, sml_utf8_floor(s, LITERAL_MAX));
}

static void insert(Texts *sorted, Str s, Arena *a)
{
    uint32_t at = 0;
    while (at < sorted->n && sml_str_cmp(sorted->v[at], s) < 0)
        at++;
    /* A longer literal adds nothing to a prefix of its own. */
    if ((at && sml_str_starts(s, sorted->v[at - 1])) ||
        (at < sorted->n && sml_str_eq(sorted->v[at], s)))
        return;
    uint32_t end = at;
    while (end < sorted->n && sml_str_starts(sorted->v[end], s))
        end++;
    if (end > at) {
        sorted->v[at] = s;
        memmove(sorted->v + at + 1, sorted->v + end, (sorted->n - end) * sizeof *sorted->v);
        sorted->n -= end - at - 1;
        return;
    }
    VEC_PUSH(sorted, a) = s;
    memmove(sorted->v + at + 1, sorted->v + at, (sorted->n - 1 - at) * sizeof *sorted->v);
    sorted->v[at] = s;
}

/* Rarest first: there most texts fail. qsort keeps no order, so equal ones go by their first text. */
static int compare_sets(const void *a, const void *b)
{
    const Set *x = a, *y = b;
    if (x->quality != y->quality)
        return x->quality > y->quality ? -1 : 1;
    return sml_str_cmp(x->whole.v[0], y->whole.v[0]);
}

/* Does a hit of the automaton say as much? */
static bool is_cut(const Set *set)
{
    for (uint32_t i = 0; i < set->whole.n; i++)
        if (set->whole.v[i].len > set->texts.v[i].len)
            return true;
    return false;
}

static void fill_musts(LiteralSet *out, const Piece *whole, Arena *a)
{
    Sets sets = {0};
    for (uint32_t i = 0; i < whole->met.n; i++) {
        const Set *set = &whole->met.v[i];
        bool found_by = set->texts.v == whole->best.texts.v;
        bool char_only = set->whole.n == 1 && set->whole.v[0].len == 1;
        if (set->whole.n <= SET_MOST && !char_only && (!found_by || is_cut(set)))
            VEC_PUSH(&sets, a) = *set;
    }
    if (sets.n)
        qsort(sets.v, sets.n, sizeof *sets.v, compare_sets);
    for (; out->n_musts < sets.n && out->n_musts < SETS_MOST; out->n_musts++) {
        const Texts *texts = &sets.v[out->n_musts].whole;
        out->musts[out->n_musts] = (LiteralMust){texts->v, texts->n};
    }
}

bool sml_literal_derive(LiteralSet *out, Str regex, bool caseless, Arena *a, sml_error *err)
{
    Parse p = {.regex = regex, .caseless = caseless, .a = a, .err = err};
    Piece whole;
    *out = (LiteralSet){.lead = UNBOUNDED};
    if (!parse_alternation(&p, &whole))
        return false;
    if (more(&p))
        return wrong(&p, p.at, "this \")\" closes nothing; write \\)");
    Texts sorted = {0};
    for (uint32_t i = 0; i < whole.best.texts.n; i++)
        insert(&sorted, cut(whole.best.texts.v[i]), a);
    out->v = sorted.v;
    out->n = sorted.n;
    out->lead = whole.best.texts.n ? whole.best.lead : UNBOUNDED;
    out->must = whole.must;
    fill_musts(out, &whole, a);
    return true;
}
