/* SPDX-License-Identifier: MIT */
#include "match/message.h"

#include "base/utf8.h"
#include "match/limit.h"

#include <string.h>

/* The match in a message is a reminder, not a quotation: the underline shows the words. */
#define MATCH_MAX 60

typedef struct Render {
    Scan *scan;
    const Finding *f;
    const Image *image;
    const ImageRule *rule;
    Str text;
    const Spans *masks;
    const sml_context *context;
    const Facts *facts;
    Arena *a;
    Buf *out;
} Render;

/* First mask that ends behind `at`. */
static uint32_t first_mask(const Spans *masks, uint32_t at)
{
    uint32_t low = 0, high = masks->n;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (masks->v[mid].end <= at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

Str sml_message_masked(Str text, Span span, const Spans *masks, Span *inner, Arena *a)
{
    Buf out = {0};
    Span kept = inner ? *inner : span, place = {0, 0};
    bool start_set = false, end_set = false;
    uint32_t at = span.start;
    for (uint32_t i = first_mask(masks, span.start); at < span.end; i++) {
        bool more = i < masks->n && masks->v[i].start < span.end;
        uint32_t stop = more ? masks->v[i].start : span.end;
        if (stop > at) {
            if (!start_set && kept.start >= at && kept.start < stop)
                place.start = (uint32_t)out.len + kept.start - at, start_set = true;
            if (!end_set && kept.end >= at && kept.end <= stop)
                place.end = (uint32_t)out.len + kept.end - at, end_set = true;
            sml_buf_add(&out, sml_str_slice(text, at, stop));
            at = stop;
        }
        if (!more)
            break;
        uint32_t end = masks->v[i].end < span.end ? masks->v[i].end : span.end;
        if (end <= at)
            continue;
        if (!start_set && kept.start >= at && kept.start < end)
            place.start = (uint32_t)out.len, start_set = true;
        sml_buf_add(&out, STR(MASK_TEXT));
        if (!end_set && kept.end > at && kept.end <= end)
            place.end = (uint32_t)out.len, end_set = true;
        at = end;
    }
    if (!start_set)
        place.start = (uint32_t)out.len;
    if (!end_set)
        place.end = (uint32_t)out.len;
    if (inner)
        *inner = place.end < place.start ? (Span){place.start, place.start} : place;
    Str s = sml_arena_copy(a, sml_buf_str(&out));
    sml_buf_free(&out);
    return s;
}

/* ---- placeholders ---- */

/* Control characters would break lines or hide words. */
static void add_visible(Buf *out, Str s)
{
    for (size_t at = 0; at < s.len;) {
        size_t start = at;
        uint32_t c = sml_utf8_next(s, &at);
        if (c == '\n' || c == '\r' || c == '\t')
            sml_buf_addc(out, ' ');
        else if (c < 0x20 || c == 0x7F)
            sml_buf_addf(out, "\\x%02x", (unsigned)c);
        else if ((c >= 0x80 && c < 0xA0) || (c >= 0x200B && c <= 0x200F) ||
                 (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF)
            sml_buf_addf(out, "U+%04X", (unsigned)c);
        else
            sml_buf_add(out, sml_str_slice(s, start, at));
    }
}

static void add_short(Buf *out, Str s)
{
    if (s.len <= MATCH_MAX) {
        add_visible(out, s);
        return;
    }
    add_visible(out, sml_str_slice(s, 0, sml_utf8_floor(s, MATCH_MAX / 2)));
    sml_buf_add(out, STR("…"));
    add_visible(out, sml_str_slice(s, sml_utf8_floor(s, s.len - MATCH_MAX / 2), s.len));
}

static void add_span(Render *r, Span span)
{
    if (r->rule->flags & RULE_MASKED)
        sml_buf_add(r->out, STR(MASK_TEXT));
    else
        add_short(r->out, sml_message_masked(r->text, span, r->masks, NULL, r->a));
}

static void put_match(Render *r)
{
    add_span(r, r->f->span);
}
static void put_count(Render *r)
{
    sml_buf_add_uint(r->out, r->f->count);
}
static void put_limit(Render *r)
{
    sml_buf_add_uint(r->out, r->f->limit ? r->f->limit : r->rule->limit);
}
/* Of several networks those on which the rule applies. */
static void put_networks(Render *r)
{
    Facts one = *r->facts;
    Str rest = one.value[FACT_CHANNEL], name;
    size_t start = r->out->len;
    while (sml_str_cut(&name, &rest, ',')) {
        unsigned missing = 0;
        const Image *home;
        one.value[FACT_CHANNEL] = sml_str_trim(name);
        if (sml_condition_eval(r->image, r->rule->when, &one, &missing) == NO)
            continue;
        const ImageNetwork *n = sml_limit_network(&home, r->scan, one.value[FACT_CHANNEL]);
        sml_buf_add(r->out, r->out->len > start ? STR(" and ") : STR(""));
        add_short(r->out, n ? sml_image_str(home, n->title) : one.value[FACT_CHANNEL]);
    }
}

static void put_channel(Render *r)
{
    if (r->f->network.len)
        sml_buf_add(r->out, r->f->network);
    else
        put_networks(r);
}
static void put_account(Render *r)
{
    add_short(r->out, r->context->account);
}
static void put_suggest(Render *r)
{
    sml_buf_add(r->out, sml_image_str(r->image, r->rule->suggest));
}

static void put_date(Render *r)
{
    Minutes from, to;
    char day[16];
    if (!sml_date_parse(r->context->date, &from, &to))
        return;
    sml_date_format(day, from);
    sml_buf_add(r->out, sml_str_from(day));
}

static void put_window(Render *r)
{
    Period p;
    if (sml_condition_period(&p, r->image, r->facts))
        add_visible(r->out, p.name);
}

static void put_mention(Render *r)
{
    const View *v = &r->scan->view;
    const Tokens *t = sml_view_tokens(v);
    for (uint32_t i = 0; i < t->n; i++)
        if (t->v[i].kind == TOKEN_MENTION) {
            add_span(r, sml_norm_span(&v->norm, t->v[i].start, sml_token_end(&t->v[i])));
            return;
        }
}

static void put_cues(Render *r)
{
    for (uint32_t i = 0; i < r->f->n_cues; i++) {
        if (i)
            sml_buf_add(r->out, i + 1 == r->f->n_cues ? STR(" and ") : STR(", "));
        add_visible(r->out, r->f->cues[i].name);
    }
}

/* A list's item is what matched it. */
static const struct {
    const char *name;
    void (*put)(Render *);
} placeholders[] = {
    {"match", put_match},     {"item", put_match},      {"count", put_count},
    {"limit", put_limit},     {"date", put_date},       {"window", put_window},
    {"account", put_account}, {"suggest", put_suggest}, {"cues", put_cues},
    {"mention", put_mention}, {"channel", put_channel},
};

static void put_group(Render *r, Str name)
{
    Span parts[PATTERN_GROUPS];
    const Pattern *p = sml_scan_parts(r->scan, r->f->book, r->f->rule, &r->f->match, parts);
    uint64_t i = 0;
    if (!p)
        return;
    if (!sml_str_uint(&i, name, PATTERN_GROUPS - 1))
        i = sml_pattern_group(p, name);
    if (i && i < PATTERN_GROUPS && parts[i].start != UINT32_MAX)
        add_span(r, sml_norm_span(&r->scan->view.norm, parts[i].start, parts[i].end));
}

static void put_placeholder(Render *r, Str name)
{
    for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++)
        if (sml_str_eq(name, sml_str_from(placeholders[i].name))) {
            placeholders[i].put(r);
            return;
        }
    put_group(r, name);
}

static void render(Render *r, Str message)
{
    for (size_t at = 0; at < message.len;) {
        size_t brace = at;
        while (brace < message.len && message.p[brace] != '{' && message.p[brace] != '}')
            brace++;
        sml_buf_add(r->out, sml_str_slice(message, at, brace));
        if (brace == message.len)
            return;
        char c = message.p[brace];
        at = brace + 1;
        if (at < message.len && message.p[at] == c) {
            sml_buf_addc(r->out, c);
            at++;
            continue;
        }
        size_t close = sml_str_find(message, STR("}"), at);
        if (c == '}' || close == SIZE_MAX) {
            sml_buf_addc(r->out, c);
            continue;
        }
        put_placeholder(r, sml_str_slice(message, at, close));
        at = close + 1;
    }
}

Str sml_message_render(Scan *scan, const Finding *f, Str text, const Spans *masks,
                       const sml_context *context, const Facts *facts, bool welsh, Arena *a)
{
    Buf out = {0};
    const Image *im = sml_scan_image(scan, f->book);
    const ImageRule *rule = IMAGE_AT(im, RULES, f->rule);
    Render r = {.scan = scan,
                .f = f,
                .image = im,
                .rule = rule,
                .text = text,
                .masks = masks,
                .context = context,
                .facts = facts,
                .a = a,
                .out = &out};
    render(&r, sml_image_str(im, welsh && rule->message_cy.len ? rule->message_cy : rule->message));
    Str s = sml_arena_copy(a, sml_buf_str(&out));
    sml_buf_free(&out);
    return s;
}

/* ---- missing facts ---- */

/* "if this is an official or ministerial account" */
static void add_accounts(Buf *out, unsigned accounts)
{
    bool any = false;
    for (unsigned i = 0; sml_judge_accounts[i][0]; i++) {
        if (!(accounts & 1u << i))
            continue;
        const char *article = sml_judge_accounts[i][0] == 'o' ? "an" : "a";
        if (any)
            sml_buf_addf(out, " or %s", sml_judge_accounts[i]);
        else
            sml_buf_addf(out, "if this is %s %s", article, sml_judge_accounts[i]);
        any = true;
    }
    sml_buf_add(out, any ? STR(" account") : STR("depending on whose account this is (--account)"));
}

Str sml_message_missing(unsigned missing, unsigned accounts, Arena *a)
{
    static const struct {
        unsigned bit;
        const char *words;
    } facts[] = {
        {1u << FACT_HANDLE, "the account's @name (--account @name)"},
        {1u << FACT_CHANNEL, "the network (--channel)"},
        {1u << FACT_KIND, "the kind of post (--kind)"},
        {1u << FACT_NATION, "the nation (--nation)"},
        {1u << FACT_LANGUAGE, "the language"},
        {1u << FACT_PATH, "the file's path"},
        {1u << FACT_DEPARTMENT, "the department (--meta department=...)"},
        {1u << FACT_EMPLOYER, "whether staff may name it (--meta names-employer=...)"},
        {1u << FACT_DATE, "the date (--date)"},
        {MISSING_BIO, "the profile's words (bio)"},
    };
    Buf out = {0};
    if (missing & 1u << FACT_ACCOUNT)
        add_accounts(&out, accounts);
    bool first = true;
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        if (missing & facts[i].bit) {
            sml_buf_addf(&out, "%s%s%s", out.len && first ? ", " : "",
                         first ? "depending on " : " and ", facts[i].words);
            first = false;
        }
    Str s = out.len ? sml_arena_copy(a, sml_buf_str(&out)) : (Str){NULL, 0};
    sml_buf_free(&out);
    return s;
}
