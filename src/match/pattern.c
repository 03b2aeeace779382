/* SPDX-License-Identifier: MIT */
/*
 * How a regex is kept from taking for ever, and from answering differently with and without JIT.
 *
 * PCRE2 counts its steps afresh at each position where a match may start, does not count at all how far
 * it looks ahead (`a++b` on 16 MB of a's is 10^14 bytes), and counts differently in the JIT. So none of its
 * limits bounds the time of a call, and none may decide an answer. The answer is decided thus.
 *
 * FAST. Up to STARTS starting positions at once, by JIT code where there is some, else by the
 * interpreter. PCRE2 is shown the text up to AHEAD bytes behind the last start and told (by
 * PCRE2_PARTIAL_HARD) to say so if it wanted to look further; what stands before is always there, so word
 * edges and lookbehind are right, and so is the end if it is in sight. Few steps are allowed. Most often
 * this simply answers: a post is hardly ever longer, and then it is one call with the whole text.
 *
 * CAREFUL. If a limit was met or the text shown was too short, there are fewer starts in the next
 * attempt, and at the end of that the starts are tried one by one, in the interpreter and nowhere else, first with
 * FREE_STEPS and FREE_WINDOW bytes, then with more of what was short, up to HARD_STEPS and the whole
 * text. All beyond the first attempt is paid for from the pattern's budget for this post: an attempt's price is
 * the worst it could have cost, steps times bytes. The first is free because a start that FAST can answer
 * must cost nothing here either. Whatever is not answered within HARD_STEPS or the budget is FOUND_LIMIT, and then
 * for the rest of the post.
 *
 * Why JIT makes no difference. An answer given within its limits is right, whoever gives it. Limits are
 * judged by the interpreter alone, as long as FAST never answers where CAREFUL would have had to pay.
 * For the interpreter that is plain: same engine, same FREE_STEPS, a window at least as long. The JIT counts less: a
 * pass through a repeat, but no alternative of a group that is not repeated, and where a repeat is
 * followed by a letter it hops from one such letter to the next. So it gets only JIT_STEPS, divided by how
 * many paths through alternatives may lie between two of its counts (jit_steps reads that off the source). A pattern with many, (?:a|a) forty
 * times over, is never given to the JIT, whose limit would not stop it before the sun burns out.
 *
 * An example: (a+)+b on 16 MB of a's. FAST shows 1,536 bytes; a+ runs to their end and wants more. With 128 starts, and
 * with 16, it is the same, and so it is for CAREFUL with 2 KB, 16 KB … 8 MB for the first start alone, each for a few
 * thousand units, until the whole text is shown; there the steps run out, and FOUND_LIMIT is the answer, 30 ms after the
 * question.
 * Ordinary text spends nothing: it needs a line of over 2,048 bytes that a pattern reads to its end, or thousands of steps
 * at one start.
 *
 * What remains free is linear: at most FREE_STEPS a start.
 *
 * An answer is right, that is, unless PCRE2 is wrong: some of its optimisations lose matches, and not the same ones with JIT.
 * The table of doubts switches them off where they are known to.
 */
#include "match/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <string.h>

enum {
    STARTS = 1024,
    FEW_STARTS = 16, /* so few are tried one by one when they are in trouble */
    AHEAD = 512,
    FREE_WINDOW = 2048, /* at least STARTS + AHEAD */
    FREE_STEPS = 4096,
    FIRST_STEPS = 64, /* of each longer window */
    HARD_STEPS = 100000,
    GROWTH = 8,
    JIT_STEPS = 64,
    HEAP_KIB = 1024,
    NEST_MAX = 100,
    GROUPS_MAX = 200 /* capturing ones: they make the interpreter's frames large */
};

/* Bytes times steps of one attempt, and the budget: for 16 MB of text it lasts about a second. */
#define PRODUCT_MAX     (UINT64_C(1) << 31)
#define BUDGET_BASE     (UINT64_C(4) << 20)
#define BUDGET_PER_BYTE 1

#define JIT_BYTES_MAX (4u << 20)
#define JIT_STACK_MIN (32u << 10)
#define JIT_STACK_MAX (256u << 10)
/* Measured on 35 rules: to compile takes 12 us, for the JIT 100 us; ten starts take 200 ns, with JIT 110 ns; 240 starts 3.6 us
 * and 1.1 us. So JIT code has paid for itself after about 1,000 calls, or 9 KB of starts. */
enum { EARNED = 1000, EARNED_PER_BYTES = 9 };

struct Engine {
    pcre2_general_context *general; /* NULL, as all below, until there is a pattern */
    pcre2_compile_context *compile;
    pcre2_match_context *match;
    pcre2_match_data *data;
    pcre2_jit_stack *stack;
    size_t jit_bytes;
    uint64_t post;
    bool jit;
};

struct Pattern {
    Buf source;
    bool caseless;
    pcre2_code *code;   /* for the interpreter */
    pcre2_code *jit;    /* for the JIT; NULL until it is wanted */
    bool jit_wanted;    /* it may have the JIT once it earns it */
    uint32_t jit_steps; /* 0: not known yet, or never for the JIT */
    uint32_t jit_modes; /* PCRE2_JIT_* that it is compiled for */
    uint32_t earned[2]; /* by mode: whole text in sight, or not */
    size_t jit_bytes;
    uint64_t post, budget; /* the budget is that of `post` */
};

/* One attempt: match starts in [from, last], text up to `end`. */
typedef struct Attempt {
    Str subject;
    uint32_t from, last, end;
    uint32_t steps;
    bool jit;
} Attempt;

static void *take(size_t size, void *unused)
{
    (void)unused;
    return sml_mem_resize(NULL, size ? size : 1);
}

static void give(void *p, void *unused)
{
    (void)unused;
    sml_mem_free(p);
}

Engine *sml_pattern_engine(bool jit)
{
    Engine *e = sml_mem_resize(NULL, sizeof *e);
    *e = (Engine){.jit = jit};
    return e;
}

/* Most drafts need no regex, and half a dozen pages of PCRE2 then stay untouched. It fails in these only for want of memory,
 * and take() does not come back then. */
static void start(Engine *e)
{
    uint32_t have = 0;
    pcre2_config(PCRE2_CONFIG_JIT, &have);
    e->jit = e->jit && have;
    e->general = pcre2_general_context_create(take, give, NULL);
    e->compile = pcre2_compile_context_create(e->general);
    pcre2_set_newline(e->compile, PCRE2_NEWLINE_LF);
    pcre2_set_bsr(e->compile, PCRE2_BSR_UNICODE);
    pcre2_set_parens_nest_limit(e->compile, NEST_MAX);
    e->match = pcre2_match_context_create(e->general);
    pcre2_set_heap_limit(e->match, HEAP_KIB);
    pcre2_set_depth_limit(e->match, HARD_STEPS);
    e->data = pcre2_match_data_create(PATTERN_GROUPS, e->general);
}

void sml_pattern_engine_free(Engine *e)
{
    if (e && e->general) {
        pcre2_jit_stack_free(e->stack);
        pcre2_match_data_free(e->data);
        pcre2_match_context_free(e->match);
        pcre2_compile_context_free(e->compile);
        pcre2_general_context_free(e->general);
    }
    sml_mem_free(e);
}

/* ---- how many paths the JIT may walk without counting ----------------------------------------- */

/* What an alternative begins with, as far as it is plain ASCII letters and signs: up to 8 bytes, lower case. */
typedef struct Start {
    char bytes[8];
    uint8_t n;
    bool closed; /* something else came */
} Start;

enum { LEVELS = 16, STARTS_KNOWN = 64, PATHS_MAX = 8 };

/* One open group. Two of its alternatives can both match in one place only if one's start begins the other's. */
typedef struct Level {
    uint32_t paths, most; /* through the alternative at hand; through any before */
    uint32_t n, more;     /* alternatives in `starts`, and those for which there was no room */
    Start starts[STARTS_KNOWN];
    Start start; /* of the alternative at hand */
} Level;

typedef struct Levels {
    Level v[LEVELS];
    size_t n;
    uint32_t alternatives; /* in all groups */
} Levels;

static uint32_t product(uint32_t a, uint32_t b)
{
    return a > PATHS_MAX || b > PATHS_MAX ? PATHS_MAX + 1 : a * b;
}

static bool open_level(Levels *l)
{
    if (l->n == LEVELS)
        return false;
    Level *top = &l->v[l->n++];
    top->paths = top->most = 1;
    top->n = top->more = 0;
    top->start = (Start){.n = 0};
    return true;
}

/* `optional`: the character may be missing; `repeated`: what follows it is not known. */
static void begin_with(Start *s, char c, bool optional, bool repeated)
{
    bool plain = (unsigned char)c < 0x80 && !strchr(".^$", c);
    if (!s->closed && s->n < sizeof s->bytes && plain && !optional)
        s->bytes[s->n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    s->closed |= !plain || optional || repeated;
}

static void end_alternative(Levels *l)
{
    Level *top = &l->v[l->n - 1];
    l->alternatives++;
    if (top->n < STARTS_KNOWN)
        top->starts[top->n++] = top->start;
    else
        top->more++;
    if (top->paths > top->most)
        top->most = top->paths;
    top->paths = 1;
    top->start = (Start){.n = 0};
}

static uint32_t close_level(Levels *l)
{
    end_alternative(l);
    const Level *top = &l->v[--l->n];
    uint32_t together = 0;
    for (uint32_t i = 0; i < top->n; i++) {
        uint32_t with = 0;
        for (uint32_t k = 0; k < top->n; k++)
            with += top->starts[k].n <= top->starts[i].n &&
                    memcmp(top->starts[k].bytes, top->starts[i].bytes, top->starts[k].n) == 0;
        together = with > together ? with : together;
    }
    return product(top->most, together + top->more);
}

/* Behind the class that opens at `at`. */
static size_t skip_class(Str s, size_t at)
{
    at++;
    if (at < s.len && s.p[at] == '^')
        at++;
    if (at < s.len && s.p[at] == ']')
        at++;
    while (at < s.len && s.p[at] != ']') {
        if (s.p[at] == '[' && at + 1 < s.len && s.p[at + 1] == ':') {
            size_t close = sml_str_find(s, STR(":]"), at + 2);
            at = close == SIZE_MAX ? at + 1 : close + 2;
        } else {
            at += s.p[at] == '\\' ? 2 : 1;
        }
    }
    return at + 1;
}

/* Behind "(?:", "(?<name>", "(?i:" and their like; SIZE_MAX for what changes how the rest is to be read, or
 * calls a group. "(?i)" leaves `at` at its ")": an empty group does no harm. */
static size_t skip_opening(Str s, size_t at)
{
    at++;
    if (at >= s.len || s.p[at] == '*')
        return SIZE_MAX;
    if (s.p[at] != '?')
        return at;
    at++;
    if (at < s.len && (s.p[at] == 'P' || s.p[at] == '<' || s.p[at] == '\'')) {
        at += s.p[at] == 'P' ? 1 : 0;
        if (at >= s.len || (s.p[at] != '<' && s.p[at] != '\''))
            return SIZE_MAX;
        at++;
        if (at < s.len && (s.p[at] == '=' || s.p[at] == '!'))
            return at + 1;
        while (at < s.len && s.p[at] != '>' && s.p[at] != '\'')
            at++;
        return at + 1;
    }
    while (at < s.len && strchr("imsn-", s.p[at]) && s.p[at])
        at++;
    if (at < s.len && s.p[at] == ')')
        return at;
    return at < s.len && s.p[at] && strchr(":>=!", s.p[at]) ? at + 1 : SIZE_MAX;
}

/* How many copies {n}, {n,} or {n,m} at `at` makes that stand one behind the other uncounted; at least 1. */
static uint32_t copies(Str s, size_t at)
{
    if (at >= s.len || s.p[at] != '{')
        return 1;
    uint32_t n = 0;
    for (at++; at < s.len && s.p[at] >= '0' && s.p[at] <= '9'; at++)
        n = n > PATHS_MAX ? n : n * 10 + (uint32_t)(s.p[at] - '0');
    return n ? n : 1;
}

static bool optional_at(Str s, size_t at)
{
    return at < s.len && (s.p[at] == '?' || s.p[at] == '*' || s.p[at] == '{');
}

static void close_group(Levels *l, uint32_t times)
{
    uint32_t paths = close_level(l);
    Level *outer = &l->v[l->n - 1];
    for (uint32_t i = 0; i < times && outer->paths <= PATHS_MAX && paths > 1; i++)
        outer->paths = product(outer->paths, paths);
}

/* Walks over the source, less wisely than PCRE2 does; false at what it cannot read. */
static bool walk(Levels *l, Str s)
{
    for (size_t at = 0; at < s.len;) {
        Start *start = &l->v[l->n - 1].start;
        char c = s.p[at];
        if (c == '(') {
            start->closed = true;
            at = skip_opening(s, at);
            if (at == SIZE_MAX || !open_level(l))
                return false;
        } else if (c == ')') {
            if (l->n == 1)
                return false;
            at++;
            close_group(l, copies(s, at));
        } else if (c == '|') {
            end_alternative(l);
            at++;
        } else if (c == '[') {
            start->closed = true;
            at = skip_class(s, at);
        } else if (c == '\\') {
            char escaped = at + 1 < s.len ? s.p[at + 1] : 'Q';
            if (escaped == 'Q' || escaped == 'g')
                return false;
            start->closed |= escaped != 'b'; /* an edge is no character */
            at += 2;
        } else {
            at++;
            begin_with(start, c, optional_at(s, at), at < s.len && s.p[at] == '+');
        }
    }
    return l->n == 1;
}

/* The steps that the JIT may take at one start; 0 if it had better not have the pattern at all. */
static uint32_t jit_steps(Str source)
{
    Levels l;
    l.n = 0;
    l.alternatives = 0;
    open_level(&l);
    if (!walk(&l, source))
        return 0;
    uint32_t paths = close_level(&l);
    if (paths > PATHS_MAX)
        return 0;
    /* The interpreter counts each alternative that it tries. */
    uint32_t least = FREE_STEPS / (l.alternatives * paths);
    return least < JIT_STEPS / paths ? least : JIT_STEPS / paths;
}

/* ---- patterns --------------------------------------------------------------------------------- */

static void compile_failed(sml_error *err, int code, size_t at)
{
    PCRE2_UCHAR message[256];
    pcre2_get_error_message(code, message, sizeof message);
    sml_error_set(err, "%s", (const char *)message);
    if (err)
        err->col = (uint32_t)at;
}

/* Optimisations that PCRE2 10.42 takes too far, each seen to lose a match: what must not stand in a source that is to have
 * them. Those of the JIT are its own. */
static const struct {
    const char *what;
    uint32_t off, jit_off;
} doubts[] = {
    {"(?=", PCRE2_NO_START_OPTIMIZE, PCRE2_NO_START_OPTIMIZE}, /* (?=b)b*b and "b" */
    {")++", PCRE2_NO_DOTSTAR_ANCHOR, PCRE2_NO_DOTSTAR_ANCHOR}, /* ((.*?)+)++x and "ax" */
    {")*+", PCRE2_NO_DOTSTAR_ANCHOR, PCRE2_NO_DOTSTAR_ANCHOR},
    {")?+", PCRE2_NO_DOTSTAR_ANCHOR, PCRE2_NO_DOTSTAR_ANCHOR},
    {"}+", PCRE2_NO_DOTSTAR_ANCHOR, PCRE2_NO_DOTSTAR_ANCHOR},
    {"(?>", PCRE2_NO_DOTSTAR_ANCHOR, PCRE2_NO_DOTSTAR_ANCHOR},
    {"*", 0, PCRE2_NO_START_OPTIMIZE}, /* (?:abab|a).*b and "abab " */
    {"+", 0, PCRE2_NO_START_OPTIMIZE},
    {",}", 0, PCRE2_NO_START_OPTIMIZE},
};

static uint32_t options_for(Str source, bool caseless, bool jit)
{
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C |
                       PCRE2_USE_OFFSET_LIMIT | (caseless ? PCRE2_CASELESS : 0);
    for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++)
        if (sml_str_find(source, sml_str_from(doubts[i].what), 0) != SIZE_MAX)
            options |= jit ? doubts[i].jit_off : doubts[i].off;
    return options;
}

static pcre2_code *compile(const Engine *e, Str source, uint32_t options, int *code, size_t *at)
{
    return pcre2_compile((PCRE2_SPTR)(source.len ? source.p : ""), source.len, options, code, at,
                         e->compile);
}

Pattern *sml_pattern_new(Engine *e, Str source, bool caseless, sml_error *err)
{
    int code;
    size_t at;
    if (!e->general)
        start(e);
    pcre2_code *compiled = compile(e, source, options_for(source, caseless, false), &code, &at);
    if (!compiled) {
        compile_failed(err, code, at);
        return NULL;
    }
    uint32_t groups = 0;
    pcre2_pattern_info(compiled, PCRE2_INFO_CAPTURECOUNT, &groups);

    Pattern *p = sml_mem_resize(NULL, sizeof *p);
    *p = (Pattern){.caseless = caseless, .code = compiled};
    sml_buf_add(&p->source, source);
    p->jit_wanted = e->jit && groups <= GROUPS_MAX;
    return p;
}

void sml_pattern_free(Engine *e, Pattern *p)
{
    if (!p)
        return;
    e->jit_bytes -= p->jit_bytes;
    pcre2_code_free(p->jit);
    pcre2_code_free(p->code);
    sml_buf_free(&p->source);
    sml_mem_free(p);
}

uint32_t sml_pattern_group(const Pattern *p, Str name)
{
    char z[64];
    if (name.len == 0 || name.len >= sizeof z)
        return 0;
    memcpy(z, name.p, name.len);
    z[name.len] = 0;
    int number = pcre2_substring_number_from_name(p->code, (PCRE2_SPTR)z);
    return number > 0 ? (uint32_t)number : 0;
}

const char *sml_pattern_version(void)
{
#define QUOTED(x) #x
#define TEXT(x)   QUOTED(x)
    return TEXT(PCRE2_MAJOR) "." TEXT(PCRE2_MINOR) " " TEXT(PCRE2_DATE);
#undef TEXT
#undef QUOTED
}

void sml_pattern_begin(Engine *e)
{
    e->post++;
}

/* ---- JIT code --------------------------------------------------------------------------------- */

static void jit_drop(Engine *e, Pattern *p)
{
    pcre2_code_free(p->jit);
    p->jit = NULL;
    e->jit_bytes -= p->jit_bytes;
    p->jit_bytes = 0;
    p->jit_modes = 0;
    p->jit_wanted = false;
}

static void jit_compile(Engine *e, Pattern *p, uint32_t mode)
{
    int code;
    size_t at;
    if (!e->stack) {
        e->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, e->general);
        pcre2_jit_stack_assign(e->match, NULL, e->stack);
    }
    Str source = sml_buf_str(&p->source);
    if (!p->jit)
        p->jit = compile(e, source, options_for(source, p->caseless, true), &code, &at);
    if (!e->stack || !p->jit || pcre2_jit_compile(p->jit, mode) != 0) {
        jit_drop(e, p);
        return;
    }
    size_t size = 0;
    pcre2_pattern_info(p->jit, PCRE2_INFO_JITSIZE, &size);
    e->jit_bytes += size - p->jit_bytes;
    p->jit_bytes = size;
    p->jit_modes |= mode;
    if (e->jit_bytes > JIT_BYTES_MAX)
        jit_drop(e, p);
}

/* May this attempt use JIT code? Makes it once the pattern has earned it. */
static bool jit_ready(Engine *e, Pattern *p, const Attempt *t)
{
    if (!p->jit_wanted)
        return false;
    bool whole = t->end == t->subject.len;
    uint32_t mode = whole ? PCRE2_JIT_COMPLETE : PCRE2_JIT_PARTIAL_HARD;
    if (p->jit_modes & mode)
        return true;
    p->earned[whole] += 1 + (t->last - t->from) / EARNED_PER_BYTES;
    if (p->earned[whole] < EARNED || e->jit_bytes >= JIT_BYTES_MAX)
        return false;
    p->jit_steps = jit_steps(sml_buf_str(&p->source));
    if (!p->jit_steps) {
        p->jit_wanted = false;
        return false;
    }
    jit_compile(e, p, mode);
    return p->jit_modes & mode;
}

/* ---- finding ---------------------------------------------------------------------------------- */

static uint32_t char_floor(Str s, uint32_t at)
{
    while (at > 0 && at < s.len && ((unsigned char)s.p[at] & 0xC0) == 0x80)
        at--;
    return at;
}

static uint32_t char_ceiling(Str s, uint32_t at)
{
    while (at < s.len && ((unsigned char)s.p[at] & 0xC0) == 0x80)
        at++;
    return at;
}

static uint32_t reach(Str s, uint32_t at, uint64_t more)
{
    return more >= s.len - at ? (uint32_t)s.len : char_floor(s, (uint32_t)(at + more));
}

/* PCRE2's own return value. */
static int attempt(Engine *e, const Pattern *p, const Attempt *t)
{
    uint32_t options = PCRE2_NO_UTF_CHECK | (t->jit ? 0u : PCRE2_NO_JIT) |
                       (t->end < t->subject.len ? PCRE2_PARTIAL_HARD : 0);
    pcre2_set_match_limit(e->match, t->steps);
    pcre2_set_offset_limit(e->match, t->last);
    return pcre2_match(t->jit ? p->jit : p->code, (PCRE2_SPTR)t->subject.p, t->end, t->from,
                       options, e->data, e->match);
}

/* By JIT code if there is some. PCRE2 10.42's hops to what a match can begin with, and may take a start behind the last one:
 * then the interpreter is asked. */
static int attempt_fast(Engine *e, Pattern *p, Attempt *t)
{
    t->jit = jit_ready(e, p, t);
    t->steps = t->jit ? p->jit_steps : FREE_STEPS;
    int rc = attempt(e, p, t);
    if (!t->jit || rc < 0 || pcre2_get_ovector_pointer(e->data)[0] <= t->last)
        return rc;
    t->jit = false;
    t->steps = FREE_STEPS;
    return attempt(e, p, t);
}

static uint32_t offset(PCRE2_SIZE at)
{
    return at == PCRE2_UNSET ? UINT32_MAX : (uint32_t)at;
}

/* An image may hold a pattern that no compiler of ours let pass, with \K and a match that ends before it
 * begins, or begins out of bounds: such a match is none of ours. */
static Found take_groups(const Engine *e, int n, const Attempt *t, Span groups[PATTERN_GROUPS])
{
    const PCRE2_SIZE *v = pcre2_get_ovector_pointer(e->data);
    if (v[0] < t->from || v[0] > t->last || v[1] < v[0])
        return FOUND_LIMIT;
    int known = n == 0 ? PATTERN_GROUPS : n;
    for (int i = 0; i < PATTERN_GROUPS; i++)
        groups[i] = i < known ? (Span){offset(v[2 * i]), offset(v[2 * i + 1])}
                              : (Span){UINT32_MAX, UINT32_MAX};
    return FOUND;
}

static bool pay(Pattern *p, uint64_t price)
{
    if (p->budget < price)
        return false;
    p->budget -= price;
    return true;
}

/* One start, in the interpreter, with as much as it takes and the budget gives. */
static Found find_carefully(Engine *e, Pattern *p, Str subject, uint32_t start,
                            Span groups[PATTERN_GROUPS])
{
    uint64_t window = FREE_WINDOW, steps = FREE_STEPS;
    for (;;) {
        Attempt t = {subject, start, start, reach(subject, start, window), (uint32_t)steps, false};
        int rc = attempt(e, p, &t);
        if (rc >= 0)
            return take_groups(e, rc, &t, groups);
        if (rc == PCRE2_ERROR_NOMATCH)
            return FOUND_NOTHING;

        uint64_t most = PRODUCT_MAX / window < HARD_STEPS ? PRODUCT_MAX / window : HARD_STEPS;
        if (rc == PCRE2_ERROR_PARTIAL) {
            window *= GROWTH;
            steps = FIRST_STEPS;
        } else if (rc == PCRE2_ERROR_MATCHLIMIT && steps < most) {
            steps = steps * GROWTH < most ? steps * GROWTH : most;
        } else {
            return FOUND_LIMIT;
        }
        uint64_t seen = window < subject.len - start ? window : subject.len - start;
        if (!pay(p, steps * seen / FREE_WINDOW + seen / FIRST_STEPS))
            return FOUND_LIMIT;
    }
}

static Found find_one_by_one(Engine *e, Pattern *p, const Attempt *t, Span groups[PATTERN_GROUPS])
{
    Found found = FOUND_NOTHING;
    for (uint32_t at = t->from; at <= t->last && found == FOUND_NOTHING;
         at = char_ceiling(t->subject, at + 1))
        found = find_carefully(e, p, t->subject, at, groups);
    return found;
}

/* Starts [from, last] in strides, shorter ones where there is trouble. */
static Found find_in_strides(Engine *e, Pattern *p, Str subject, uint32_t from, uint32_t last,
                             Span groups[PATTERN_GROUPS])
{
    uint32_t stride = STARTS;
    for (uint32_t at = from; at <= last;) {
        uint32_t stop = last - at < stride ? last : char_floor(subject, at + stride - 1);
        Attempt t = {subject, at, stop, reach(subject, stop, AHEAD), 0, false};
        int rc = attempt_fast(e, p, &t);
        if (rc >= 0)
            return take_groups(e, rc, &t, groups);
        if (rc != PCRE2_ERROR_NOMATCH) {
            if (stop - at >= FEW_STARTS) {
                stride = (stop - at + 1) / GROWTH;
                continue;
            }
            Found found = find_one_by_one(e, p, &t, groups);
            if (found != FOUND_NOTHING)
                return found;
        }
        at = char_ceiling(subject, stop + 1);
        stride = stride * GROWTH < STARTS ? stride * GROWTH : STARTS;
    }
    return FOUND_NOTHING;
}

Found sml_pattern_find(Engine *e, Pattern *p, Str subject, uint32_t from, uint32_t last_start,
                       Span groups[PATTERN_GROUPS])
{
    if (subject.len == 0)
        subject.p = "";
    if (last_start > subject.len)
        last_start = (uint32_t)subject.len;
    /* Asked for starts up to the middle of a character, the JIT tries the character behind it as well. */
    last_start = char_floor(subject, last_start);
    from = char_ceiling(subject, from);
    if (from > last_start)
        return FOUND_NOTHING;
    if (p->post != e->post) {
        p->post = e->post;
        p->budget = BUDGET_BASE + BUDGET_PER_BYTE * (uint64_t)subject.len;
    }
    if (p->budget == 0)
        return FOUND_LIMIT;
    Found found = find_in_strides(e, p, subject, from, last_start, groups);
    if (found == FOUND_LIMIT)
        p->budget = 0;
    return found;
}
