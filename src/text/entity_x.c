/* SPDX-License-Identifier: MIT */
/*
 * X's links, mentions and tags, to the letter of its published library twitter-text (3.1, Apache-2.0; its conformance data
 * pass). The library is one of regular expressions; here each is the loop that it stands for. Where it backtracks, we go
 * on as far as may be and remember the last place where an end was good:
 *
 *     Look at (www.example.com/a_(b)).   path characters and balanced brackets reach to the last ')', but the last place
 *                                        that may end a path is behind "(b)": the link is www.example.com/a_(b)
 *
 * A domain is hard only because letters of all scripts may stand in it, and in Chinese no space stands before a link. The
 * library looks for one behind every such letter, in time that grows with the square of the text. But labels are parted by
 * dots, so all starts within one label share what comes behind it: what failed once is not walked again (`Failed`).
 */
#include "text/entity.h"

#include "base/unicode.h"
#include "base/utf8.h"

#include <string.h>

#define NAME_CHARS 20
#define LIST_MAX   25
#define SLUG_MAX   40 /* of t.co */
#define LABEL_MAX  63
#define URL_MAX    4096
#define TLD_PREFIX 40 /* bytes of the longest name that is not ASCII, and some */

/* ---- characters ------------------------------------------------------------------------------ */

static char byte_at(Str s, size_t at)
{
    return at < s.len ? s.p[at] : '\0';
}
static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}
static bool is_letter(uint32_t c)
{
    return c < 0x80 && (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
static bool is_alnum(uint32_t c)
{
    return is_letter(c) || is_digit(c);
}
static bool is_name(uint32_t c)
{
    return is_alnum(c) || c == '_';
}
static bool is_at(uint32_t c)
{
    return c == '@' || c == 0xFF20;
}
static bool is_hash(uint32_t c)
{
    return c == '#' || c == 0xFF03;
}
static bool among(uint32_t c, const char *set)
{
    return c && c < 0x80 && strchr(set, (int)c);
}

static bool is_space(uint32_t c)
{
    return (c >= 0x09 && c <= 0x0D) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           c == 0x180E || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}
static bool is_directional(uint32_t c)
{
    return (c >= 0x202A && c <= 0x202E) || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x2066 && c <= 0x2069);
}
static bool is_invalid(uint32_t c)
{
    return c == 0xFFFE || c == 0xFEFF || c == 0xFFFF;
}
static bool is_punctuation(uint32_t c)
{
    return among(c, "!'#%&()*+,\\-./:;<=>?@[]^_{|}~$");
}

static bool is_accented(uint32_t c)
{
    static const uint16_t single[] = {0x253, 0x254, 0x256, 0x257, 0x259, 0x25B, 0x263,
                                      0x268, 0x26F, 0x272, 0x289, 0x28B, 0x2BB};
    if ((c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) || (c >= 0x300 && c <= 0x36F) ||
        (c >= 0x1E00 && c <= 0x1EFF))
        return true;
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        if (single[i] == c)
            return true;
    return false;
}

/* The character that ends at `at`, which moves before it. */
static uint32_t before(Str text, size_t *at)
{
    *at = sml_utf8_floor(text, *at - 1);
    size_t i = *at;
    return sml_utf8_next(text, &i);
}

static uint32_t char_at(Str text, size_t at)
{
    return at < text.len ? sml_utf8_next(text, &at) : 0;
}

/* ---- domains --------------------------------------------------------------------------------- */

static bool in_domain(uint32_t c)
{
    return is_alnum(c) ||
           (!is_punctuation(c) && !is_space(c) && !is_invalid(c) && !is_directional(c));
}

/* Behind the top-level domain at `at`, or 0. */
static size_t tld_end(Str text, size_t at)
{
    size_t end = at;
    while (end - at <= LABEL_MAX && is_letter((unsigned char)byte_at(text, end)))
        end++;
    if (end > at) {
        bool whole = !is_digit((unsigned char)byte_at(text, end)) &&
                     !among((unsigned char)byte_at(text, end), "@+-");
        if (whole && sml_entity_is_tld(sml_str_slice(text, at, end)))
            return end;
    }
    if (sml_str_eq_nocase(sml_str_slice(text, at, at + 4), STR("xn--"))) {
        for (end = at + 4;
             is_alnum((unsigned char)byte_at(text, end)) || byte_at(text, end) == '-';)
            end++;
        return end > at + 4 ? end : 0;
    }
    size_t best = 0;
    for (end = at; end < text.len && end < at + TLD_PREFIX;) {
        uint32_t c = sml_utf8_next(text, &end);
        if (!in_domain(c))
            break;
        uint32_t next = char_at(text, end);
        if (!is_alnum(next) && !among(next, "@+-") && c >= 0x80 &&
            sml_entity_is_tld(sml_str_slice(text, at, end)))
            best = end;
    }
    return best;
}

typedef struct Label {
    size_t start, end;
    size_t underscore; /* behind the last one; 0: none */
    bool good;         /* begins and ends as it may, and a dot follows */
    bool starts_well;
} Label;

static Label label_at(Str text, size_t at)
{
    Label l = {.start = at, .end = at};
    bool ends_well = false;
    for (size_t i = at; i < text.len; l.end = i) {
        uint32_t c = sml_utf8_next(text, &i);
        bool inner = c == '-' || c == '_';
        if (!inner && !in_domain(c))
            break;
        if (l.end == at)
            l.starts_well = !inner;
        ends_well = !inner;
        if (c == '_')
            l.underscore = i;
    }
    l.good = l.end > at && l.starts_well && ends_well && byte_at(text, l.end) == '.';
    return l;
}

/* No domain begins in [.., until), but perhaps where a label is cut short behind its last '_'. */
typedef struct Failed {
    size_t until;
    Label label; /* that the last start lay in */
} Failed;

/* Behind the domain at `at`, or 0. Labels before the last dot may hold '_', but for the last one. */
static size_t walk_domain(Str text, size_t at, Failed *failed)
{
    size_t best = 0;
    failed->until = at;
    if (among(char_at(text, at), "-_"))
        return 0; /* of many such, each is a start, and a label goes on to the last */
    for (;;) {
        Label l = label_at(text, at);
        if (!l.good) {
            failed->until = l.starts_well ? l.end : at;
            return best;
        }
        size_t end = l.underscore ? 0 : tld_end(text, l.end + 1);
        best = end ? end : best;
        at = l.end + 1;
    }
}

static size_t domain_at(Str text, size_t at, Failed *failed)
{
    if (at >= failed->until)
        return walk_domain(text, at, failed);
    if (at >= failed->label.end)
        failed->label = label_at(text, at);
    const Label *l = &failed->label;
    uint32_t first = char_at(text, at);
    bool cut_short = l->good && l->underscore > l->start && at >= l->underscore;
    return cut_short && first != '-' && first != '_' ? tld_end(text, l->end + 1) : 0;
}

/* Length of a label in the ASCII form that DNS has (RFC 3492), "xn--" included; over LABEL_MAX: too long, or in ASCII form
 * already though it holds other letters. */
static uint32_t dns_length(Str label)
{
    uint32_t cps[LABEL_MAX], n = 0, basic = 0;
    for (size_t i = 0; i < label.len; n++) {
        if (n == LABEL_MAX)
            return LABEL_MAX + 1;
        cps[n] = sml_utf8_next(label, &i);
        basic += cps[n] < 0x80;
    }
    if (basic == n)
        return n;
    if (sml_str_eq_nocase(sml_str_slice(label, 0, 4), STR("xn--")))
        return LABEL_MAX + 1;
    uint32_t length = 4 + basic + (basic > 0), delta = 0, bias = 72, code = 0x80;
    for (uint32_t done = basic; done < n; code++) {
        uint32_t next = UINT32_MAX;
        for (uint32_t i = 0; i < n; i++)
            if (cps[i] >= code && cps[i] < next)
                next = cps[i];
        delta += (next - code) * (done + 1);
        code = next;
        for (uint32_t i = 0; i < n; i++) {
            delta += cps[i] < code;
            if (cps[i] != code)
                continue;
            uint32_t q = delta;
            for (uint32_t k = 36;; k += 36) {
                uint32_t t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
                length++;
                if (q < t)
                    break;
                q = (q - t) / (36 - t);
            }
            uint32_t step = done == basic ? delta / 700 : delta / 2;
            step += step / (done + 1);
            for (bias = 0; step > 455; bias += 36)
                step /= 35;
            bias += 36 * step / (step + 38);
            delta = 0;
            done++;
        }
        delta++;
    }
    return length;
}

static bool labels_fit(Str domain)
{
    Str label;
    while (sml_str_cut(&label, &domain, '.'))
        if (dns_length(label) > LABEL_MAX)
            return false;
    return true;
}

/* ---- what follows a domain ------------------------------------------------------------------- */

static bool in_path(uint32_t c)
{
    return is_alnum(c) || among(c, "!*';:=+,.$/%#[]-_~@|&") || c == 0x2013 ||
           (c >= 0x400 && c <= 0x4FF) || is_accented(c);
}
static bool ends_path(uint32_t c)
{
    return is_alnum(c) || among(c, "+-=_#/") || (c >= 0x400 && c <= 0x4FF) || is_accented(c);
}
static bool in_query(uint32_t c)
{
    return is_alnum(c) || among(c, "!?*'@();:&=+$/%#[]-_.,~|");
}
static bool ends_query(uint32_t c)
{
    return is_alnum(c) || among(c, "-_&=#/");
}

static size_t path_run(Str text, size_t at)
{
    for (size_t i = at; i < text.len && in_path(sml_utf8_next(text, &i));)
        at = i;
    return at;
}

/* Behind "(...)" or "(..(...)..)" at `at`, or 0. */
static size_t brackets_end(Str text, size_t at)
{
    size_t inner = path_run(text, at + 1);
    if (byte_at(text, inner) == ')')
        return inner > at + 1 ? inner + 1 : 0;
    if (byte_at(text, inner) != '(')
        return 0;
    size_t deep = path_run(text, inner + 1);
    if (deep == inner + 1 || byte_at(text, deep) != ')')
        return 0;
    deep = path_run(text, deep + 1);
    return byte_at(text, deep) == ')' ? deep + 1 : 0;
}

/* Behind the path whose '/' is at `at`. */
static size_t path_end(Str text, size_t at)
{
    size_t end = at + 1;
    for (size_t i = end; i < text.len;) {
        if (text.p[i] == '(') {
            i = brackets_end(text, i);
            if (!i)
                break;
            end = i;
            continue;
        }
        uint32_t c = sml_utf8_next(text, &i);
        if (!in_path(c))
            break;
        if (ends_path(c))
            end = i;
    }
    return end;
}

/* Behind the query whose '?' is at `at`; `at` if it has nothing to end on. */
static size_t query_end(Str text, size_t at)
{
    size_t end = at;
    for (size_t i = at + 1; i < text.len && in_query((unsigned char)text.p[i]); i++)
        if (ends_query((unsigned char)text.p[i]))
            end = i + 1;
    return end;
}

/* ---- URLs ------------------------------------------------------------------------------------ */

typedef struct Url {
    size_t start, domain, domain_end, end;
    bool has_path;
} Url;

static size_t protocol_end(Str text, size_t at)
{
    if (sml_str_eq_nocase(sml_str_slice(text, at, at + 7), STR("http://")))
        return at + 7;
    if (sml_str_eq_nocase(sml_str_slice(text, at, at + 8), STR("https://")))
        return at + 8;
    return at;
}

static bool url_at(Url *out, Str text, size_t at, Failed *failed)
{
    size_t domain = protocol_end(text, at), end = domain_at(text, domain, failed);
    if (!end)
        return false;
    *out = (Url){.start = at, .domain = domain, .domain_end = end};
    if (byte_at(text, end) == ':' && is_digit((unsigned char)byte_at(text, end + 1)))
        for (end++; is_digit((unsigned char)byte_at(text, end));)
            end++;
    if (byte_at(text, end) == '/') {
        out->has_path = true;
        end = path_end(text, end);
    }
    if (byte_at(text, end) == '?')
        end = query_end(text, end);
    out->end = end;
    return true;
}

/* X's own short links have letters and digits behind the slash, and nothing further but a query. */
static bool cut_short_link(Url *u, Str text)
{
    Str host = sml_str_slice(text, u->domain, u->domain_end);
    size_t slug = u->domain_end + 1, end = slug;
    if (!sml_str_eq_nocase(host, STR("t.co")) || byte_at(text, u->domain_end) != '/')
        return true;
    while (is_alnum((unsigned char)byte_at(text, end)))
        end++;
    if (end == slug)
        return true;
    u->end = byte_at(text, end) == '?' ? query_end(text, end) : end;
    return end - slug <= SLUG_MAX;
}

static bool in_ascii_domain(uint32_t c)
{
    return c == '-' || is_alnum(c) || is_accented(c);
}

/* Behind the domain of Latin letters that begins at `at`, or 0; `*scanned` is where its labels end. */
static size_t ascii_domain_end(Str text, size_t at, size_t *scanned)
{
    size_t best = 0;
    for (size_t i = at;;) {
        size_t label = i;
        for (size_t k = i; k < text.len && in_ascii_domain(sml_utf8_next(text, &k));)
            i = k;
        *scanned = i;
        if (i == label || byte_at(text, i) != '.')
            return best;
        i++;
        size_t end = tld_end(text, i);
        best = end ? end : best;
    }
}

/* Without a protocol only Latin domains count, each for itself; what follows belongs to the last. */
static void add_bare(Entities *out, Str text, const Url *u, Arena *a)
{
    Str whole = sml_str_slice(text, 0, u->domain_end);
    bool found = false;
    for (size_t at = u->domain; at < u->domain_end;) {
        size_t scanned, end = ascii_domain_end(whole, at, &scanned);
        if (end) {
            VEC_PUSH(out, a) =
                (Entity){ENTITY_URL, (uint32_t)at, (uint32_t)end, (uint32_t)end, false};
            found = true;
            at = end;
        } else if (scanned > at) {
            at = scanned;
        } else {
            sml_utf8_next(text, &at);
        }
    }
    if (found && u->has_path)
        VEC_LAST(out).end = VEC_LAST(out).name_end = (uint32_t)u->end;
}

static void add_url(Entities *out, Str text, Url *u, uint32_t before_it, bool bare, Arena *a)
{
    bool has_protocol = u->domain > u->start;
    if (!labels_fit(sml_str_slice(text, u->domain, u->domain_end)) || u->end - u->start > URL_MAX)
        return;
    if (has_protocol) {
        if (cut_short_link(u, text))
            VEC_PUSH(out, a) =
                (Entity){ENTITY_URL, (uint32_t)u->start, (uint32_t)u->end, (uint32_t)u->end, true};
    } else if (bare && !among(before_it, "-_./")) {
        add_bare(out, text, u, a);
    }
}

static bool may_precede_url(uint32_t c)
{
    return !is_alnum(c) && !is_at(c) && !is_hash(c) && c != '$' && !is_invalid(c);
}

/* Most words have no dot and are not worth trying as a domain. Where to look on from `at`: at the space in front of the next
 * dot, which goes to `*dot`; at the end where there is none. */
static size_t skip_plain(Str text, size_t at, size_t *dot)
{
    const char *next = memchr(text.p + at, '.', text.len - at);
    *dot = next ? (size_t)(next - text.p) : text.len;
    size_t start = *dot;
    while (start > at && text.p[start - 1] != ' ')
        start--;
    return !next ? text.len : start > at ? start - 1 : at;
}

void sml_entity_x_urls(Entities *out, Str text, bool bare, Arena *a)
{
    Failed failed = {0};
    Url u;
    for (size_t at = 0, dot = 0; at < text.len;) {
        if (at >= dot)
            at = skip_plain(text, at, &dot);
        if (at == text.len)
            break;
        size_t start = at;
        uint32_t c = sml_utf8_next(text, &at);
        if (may_precede_url(c) && at < text.len && url_at(&u, text, at, &failed)) {
            size_t end = u.end;
            add_url(out, text, &u, c, bare, a);
            at = end;
        } else if (start == 0 && url_at(&u, text, 0, &failed)) {
            size_t end = u.end;
            add_url(out, text, &u, 0, bare, a);
            at = end;
        }
    }
}

/* ---- mentions -------------------------------------------------------------------------------- */

static size_t name_run(Str text, size_t at, size_t most)
{
    size_t end = at;
    while (end - at < most && is_name((unsigned char)byte_at(text, end)))
        end++;
    return end;
}

/* What would make of "@name" part of something else. */
static bool spoils_mention(Str text, size_t at)
{
    uint32_t c = char_at(text, at);
    return is_at(c) || is_accented(c) ||
           sml_str_starts(sml_str_slice(text, at, at + 3), STR("://"));
}

/* "RT@name" and "rt:@name"; the text before `from` is used up. */
static bool retweet_before(Str text, size_t at, size_t from)
{
    if (at > from && text.p[at - 1] == ':')
        at--;
    if (at < from + 2 || !sml_str_eq_nocase(sml_str_slice(text, at - 2, at), STR("rt")))
        return false;
    at -= 2;
    if (at == 0)
        return true;
    if (at <= from)
        return false;
    uint32_t c = before(text, &at);
    return !is_name(c) && !among(c, "+~.-");
}

static bool mention_may_begin(Str text, size_t at, size_t from)
{
    if (at == 0)
        return true;
    if (at <= from)
        return false;
    size_t i = at;
    uint32_t c = before(text, &i);
    bool free = !is_name(c) && !is_at(c) && !among(c, "!#$%&*");
    return free || retweet_before(text, at, from);
}

static size_t list_end(Str text, size_t at)
{
    if (byte_at(text, at) != '/' || !is_letter((unsigned char)byte_at(text, at + 1)))
        return at;
    size_t end = at + 2;
    while (end - at - 1 < LIST_MAX &&
           (is_name((unsigned char)byte_at(text, end)) || byte_at(text, end) == '-'))
        end++;
    return end;
}

void sml_entity_x_mentions(Entities *out, Str text, Arena *a)
{
    size_t used = 0;
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint32_t c = sml_utf8_next(text, &at);
        if (!is_at(c) || !is_name((unsigned char)byte_at(text, at)) ||
            !mention_may_begin(text, start, used))
            continue;
        size_t name = name_run(text, at, NAME_CHARS), end = list_end(text, name);
        if (!spoils_mention(text, end))
            VEC_PUSH(out, a) =
                (Entity){ENTITY_MENTION, (uint32_t)start, (uint32_t)end, (uint32_t)name, false};
        at = used = end;
    }
}

bool sml_entity_x_reply(Entity *out, Str text)
{
    size_t at = 0, start = 0;
    uint32_t c = 0;
    while (at < text.len) {
        start = at;
        c = sml_utf8_next(text, &at);
        if (!is_space(c) && !is_directional(c))
            break;
    }
    size_t end = name_run(text, at, NAME_CHARS);
    if (!is_at(c) || end == at || spoils_mention(text, end))
        return false;
    *out = (Entity){ENTITY_MENTION, (uint32_t)start, (uint32_t)end, (uint32_t)end, false};
    return true;
}

/* ---- hashtags -------------------------------------------------------------------------------- */

/* Roman numerals and the like: letters to our tables, not to X. */
static bool is_number_letter(uint32_t c)
{
    return (c >= 0x2160 && c <= 0x2188) || (c >= 0x16EE && c <= 0x16F0) || c == 0x3007 ||
           (c >= 0x3021 && c <= 0x3029) || (c >= 0x3038 && c <= 0x303A) ||
           (c >= 0xA6E6 && c <= 0xA6EF) || (c >= 0x10140 && c <= 0x10174) || c == 0x10341 ||
           c == 0x1034A || (c >= 0x103D1 && c <= 0x103D5) || (c >= 0x12400 && c <= 0x1246E);
}

static bool tag_letter(uint32_t c)
{
    return (sml_unicode_record(c)->flags & (UNICODE_LETTER | UNICODE_MARK)) && !is_number_letter(c);
}

static bool in_tag(uint32_t c)
{
    static const uint16_t special[] = {0x200C, 0x200D, 0xA67E, 0x05BE, 0x05F3, 0x05F4,
                                       0xFF5E, 0x301C, 0x309B, 0x309C, 0x30A0, 0x30FB,
                                       0x3003, 0x0F0B, 0x0F0C, 0x00B7};
    if (c == '_' || tag_letter(c) || (sml_unicode_record(c)->flags & UNICODE_DIGIT))
        return true;
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if (special[i] == c)
            return true;
    return false;
}

static bool hashtag_may_begin(Str text, size_t at, size_t used)
{
    if (at == 0)
        return true;
    if (at <= used)
        return false;
    uint32_t c = before(text, &at);
    return c == 0xFE0E || c == 0xFE0F || (!in_tag(c) && c != '&');
}

/* Behind the tag's characters, one a letter at least; 0 if there are none such. */
static size_t tag_end(Str text, size_t at)
{
    size_t end = at;
    bool letter = false;
    uint32_t first = char_at(text, at);
    if (first == 0xFE0F || first == 0x20E3)
        return 0;
    for (size_t i = at; i < text.len; end = i) {
        uint32_t c = sml_utf8_next(text, &i);
        if (!in_tag(c))
            break;
        letter |= tag_letter(c);
    }
    return letter ? end : 0;
}

static bool spoils_hashtag(Str text, size_t at)
{
    return is_hash(char_at(text, at)) ||
           sml_str_starts(sml_str_slice(text, at, at + 3), STR("://"));
}

void sml_entity_x_hashtags(Entities *out, Str text, Arena *a)
{
    Entities urls = {0};
    sml_entity_x_urls(&urls, text, true, a);
    size_t used = 0;
    uint32_t next_url = 0;
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint32_t c = sml_utf8_next(text, &at);
        size_t end = is_hash(c) && hashtag_may_begin(text, start, used) ? tag_end(text, at) : 0;
        if (!end)
            continue;
        while (next_url < urls.n && urls.v[next_url].end <= start)
            next_url++;
        bool in_url = next_url < urls.n && urls.v[next_url].start <= start;
        if (!in_url && !spoils_hashtag(text, end))
            VEC_PUSH(out, a) =
                (Entity){ENTITY_HASHTAG, (uint32_t)start, (uint32_t)end, (uint32_t)end, false};
        at = used = end;
    }
}

/* ---- cashtags -------------------------------------------------------------------------------- */

static bool ends_cashtag(Str text, size_t at)
{
    uint32_t c = char_at(text, at);
    return at >= text.len || is_space(c) || is_punctuation(c);
}

/* 1 to 6 letters, then perhaps a class of shares: ".A". */
static size_t cashtag_end(Str text, size_t at)
{
    size_t end = at, tail;
    while (end - at < 6 && is_letter((unsigned char)byte_at(text, end)))
        end++;
    if (end == at)
        return 0;
    for (tail = end + 1; tail < end + 3 && is_letter((unsigned char)byte_at(text, tail));)
        tail++;
    if (among((unsigned char)byte_at(text, end), "._") && tail > end + 1 &&
        ends_cashtag(text, tail))
        return tail;
    return ends_cashtag(text, end) ? end : 0;
}

void sml_entity_x_cashtags(Entities *out, Str text, Arena *a)
{
    for (size_t at = 0; (at = sml_str_find(text, STR("$"), at)) != SIZE_MAX;) {
        size_t i = at, end = cashtag_end(text, at + 1);
        uint32_t c = at ? before(text, &i) : ' ';
        if (end && (is_space(c) || is_directional(c)))
            VEC_PUSH(out, a) =
                (Entity){ENTITY_CASHTAG, (uint32_t)at, (uint32_t)end, (uint32_t)end, false};
        at = end ? end : at + 1;
    }
}
