/* SPDX-License-Identifier: MIT */
#include "base/show.h"

#include "base/unicode.h"
#include "base/utf8.h"

#define JOINER     0x200D
#define NON_JOINER 0x200C
#define EMOJI_FORM 0xFE0F
#define BLACK_FLAG 0x1F3F4
#define FIRST_TAG  0xE0020
#define LAST_TAG   0xE007F
#define IS_TAG(c)  ((c) >= FIRST_TAG && (c) <= LAST_TAG)
#define IS_TONE(c) ((c) >= 0x1F3FB && (c) <= 0x1F3FF)
#define LINE_BREAK 0x2028
#define PARAGRAPH  0x2029

/* The neighbourhood that decides whether something invisible is needed: "👩‍🚒" has a joiner, the
 * flag of Wales is a black flag and six tags. */
typedef struct Around {
    uint32_t before, base; /* the character before; the last one that is no tag */
} Around;

static uint32_t peek(Str s, size_t at)
{
    return at < s.len ? sml_utf8_next(s, &at) : UTF8_BAD;
}

static bool has(uint32_t c, unsigned flags)
{
    return c != UTF8_BAD && (sml_unicode_record(c)->flags & flags) != 0;
}

static bool is_emoji(uint32_t c)
{
    return has(c, UNICODE_EMOJI | UNICODE_EMOJI_TEXT | UNICODE_PICTOGRAPHIC) || IS_TONE(c);
}

static bool is_needed(uint32_t c, const Around *near, uint32_t next)
{
    uint32_t before = near->before;
    if (c == EMOJI_FORM)
        return is_emoji(before) || before == '#' || before == '*' ||
               (before >= '0' && before <= '9');
    if (IS_TAG(c))
        return near->base == BLACK_FLAG;
    if (c == JOINER && (is_emoji(before) || before == EMOJI_FORM) && is_emoji(next))
        return true;
    return (c == JOINER || c == NON_JOINER) && has(before, UNICODE_JOINING);
}

static bool is_invisible(uint32_t c)
{
    return c == LINE_BREAK || c == PARAGRAPH || has(c, UNICODE_INVISIBLE);
}

static void show_control(Buf *out, unsigned c)
{
    if (c == '\n' || c == '\r' || c == '\t')
        sml_buf_add(out, c == '\n' ? STR("\\n") : c == '\r' ? STR("\\r") : STR("\\t"));
    else
        sml_buf_addf(out, "\\x%02x", c);
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

/* Where what needs no second look ends. */
static size_t behind_plain(Str s, size_t at)
{
    while (at < s.len && s.p[at] >= ' ' && s.p[at] <= '~')
        at++;
    return at;
}

static void show(Buf *out, Str s, bool excerpt)
{
    Around near = {UTF8_BAD, UTF8_BAD};
    for (size_t at = 0; at < s.len;) {
        size_t here = at;
        at = behind_plain(s, at);
        if (at > here) {
            sml_buf_add(out, sml_str_slice(s, here, at));
            near.before = near.base = (unsigned char)s.p[at - 1];
            continue;
        }
        uint32_t c = sml_utf8_next(s, &at);
        if (c == UTF8_BAD)
            show_control(out, (unsigned char)s.p[here]);
        else if (c == '\t' && excerpt)
            sml_show_pad(out, 4);
        else if (is_control(c))
            show_control(out, c);
        else if (c >= 0x80 && is_invisible(c) && !is_needed(c, &near, peek(s, at)))
            sml_buf_addf(out, "<U+%04X>", (unsigned)c);
        else
            sml_buf_add(out, sml_str_slice(s, here, at));
        near.before = c;
        near.base = IS_TAG(c) ? near.base : c;
    }
}

void sml_show_safe(Buf *out, Str s)
{
    show(out, s, false);
}
void sml_show_excerpt(Buf *out, Str s)
{
    show(out, s, true);
}

void sml_show_pad(Buf *out, size_t n)
{
    while (n--)
        sml_buf_addc(out, ' ');
}

void sml_show_cell(Buf *out, Str s, size_t width)
{
    size_t start = out->len;
    sml_show_safe(out, s);
    size_t used = sml_utf8_width((Str){out->p + start, out->len - start});
    sml_show_pad(out, used < width ? width - used : 0);
}

static void wrap(Paragraph *p)
{
    sml_buf_addc(p->out, '\n');
    sml_show_pad(p->out, p->indent);
    p->col = p->indent;
    p->inside = false;
}

void sml_show_unit(Paragraph *p, Str s)
{
    Buf *out = p->out;
    size_t line_end = out->len;
    if (p->inside)
        sml_buf_addc(out, ' ');
    size_t start = out->len;
    sml_show_safe(out, s);
    size_t columns = sml_utf8_width((Str){out->p + start, out->len - start});
    if (p->inside && p->width && p->col + 1 + columns > p->width) {
        out->len = line_end;
        wrap(p);
        sml_show_safe(out, s);
    }
    p->col += columns + p->inside;
    p->inside = true;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void sml_show_words(Paragraph *p, Str s)
{
    for (size_t at = 0, start; at < s.len;) {
        while (at < s.len && is_space(s.p[at]))
            at++;
        for (start = at; at < s.len && !is_space(s.p[at]);)
            at++;
        if (at > start)
            sml_show_unit(p, sml_str_slice(s, start, at));
    }
}

void sml_show_end(Paragraph *p)
{
    sml_buf_addc(p->out, '\n');
    p->col = 0;
    p->inside = false;
}
