/* SPDX-License-Identifier: MIT */
/*
 * Markdown: what a reader of the page would read. This is the one door to md4c, which tells what
 * each stretch of the source is, mostly by pointers into it:
 *
 *     ### LinkedIn                 a heading that names a network opens a post for it
 *     We have *news*:\n[read](https://example.gov.uk) ![A bridge](b.png)
 *
 * becomes the post "We have news:\nread https://example.gov.uk", for linkedin, and the alternative
 * text "A bridge", a post of kind alt. Marks such as * are left out: the map jumps over them. Where
 * md4c says that there is a break, or that a block ends, the line break we write stands for the
 * source between the two stretches of text. Targets of links are words of a post, behind those that
 * they hang on: that is how they go out. Code is not prose and is only counted; a rule between
 * paragraphs parts a thread, as in plain text.
 */
#include "text/reader.h"

#include "base/utf8.h"
#include "text/network.h"
#include "text/sheet.h"

#include <md4c.h>
#include <stdlib.h>
#include <string.h>

/* Larger ones are read as plain text: md4c takes time quadratic in some texts. */
#define MOST_BYTES    ((size_t)1 << 20)
#define MOST_SECTIONS 10000

/* A place in the words to go back to. */
typedef struct Mark {
    uint32_t len, pieces;
    Str pending;
} Mark;

typedef struct Markdown {
    Document *d;
    Words words;  /* of the section at hand */
    char *room;   /* where the words of the next one go */
    Str pending;  /* the break to write before more text */
    uint32_t end; /* document byte behind the last text */
    size_t far;   /* bytes of targets written that stand elsewhere in the source */
    bool blank;

    Str channel, label;
    unsigned level; /* of the heading that opened the section; 0: none did */
    uint32_t code, sections, images;
    VEC(sml_pair) meta;
    VEC(Post) alts;

    Mark block, image, link;
    uint32_t image_depth;
    bool in_code, after_link;
    bool first_line;   /* of the block at hand */
    uint32_t labels;   /* that look like headings, and are none */
    uint32_t label_at; /* the first of them */
    Str label_words;
} Markdown;

/* ---- words ----------------------------------------------------------------------------------- */

static Str str_of(const MD_CHAR *text, MD_SIZE size)
{
    return (Str){text, size};
}

static bool is_in_source(const Markdown *m, Str s)
{
    uintptr_t start = (uintptr_t)m->d->bytes.p, at = (uintptr_t)s.p;
    return at >= start && at + s.len <= start + m->d->bytes.len;
}

static uint32_t offset_of(const Markdown *m, Str s)
{
    return (uint32_t)(s.p - m->d->bytes.p);
}

/* The longer break wins, and a rule over all. */
static void want_break(Markdown *m, Str s)
{
    if (s.len > m->pending.len)
        m->pending = s;
}

static bool joins_words(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' ||
           (c & 0x80);
}

static void write_break(Markdown *m, uint32_t start, char next)
{
    if (m->after_link && joins_words(next))
        want_break(m, STR(" "));
    m->after_link = false;
    bool spaced = next == ' ' || (m->words.len && m->words.text[m->words.len - 1] == ' ');
    if (spaced && m->pending.len == 1 && m->pending.p[0] == ' ')
        m->pending = (Str){0};
    if (m->words.len && m->pending.len && start > m->end)
        sml_reader_swap(&m->words, m->end, start - m->end, m->pending);
    m->pending = (Str){0};
}

/* Text that stands in the source. */
static void write_text(Markdown *m, Str s)
{
    if (s.len == 0 || !is_in_source(m, s) || offset_of(m, s) < m->end)
        return;
    uint32_t start = offset_of(m, s);
    write_break(m, start, s.p[0]);
    m->end = start + (uint32_t)s.len;
    sml_reader_keep_good(&m->words, m->d, start, m->end);
}

static Mark mark(const Markdown *m)
{
    return (Mark){m->words.len, m->words.pieces.n, m->pending};
}

static void rewind_to(Markdown *m, Mark to)
{
    m->words.len = to.len;
    m->words.pieces.n = to.pieces;
    m->pending = to.pending;
}

static Str text_since(const Markdown *m, Mark from)
{
    return sml_str_trim((Str){m->words.text + from.len, m->words.len - from.len});
}

/* ---- sections -------------------------------------------------------------------------------- */

static void begin_words(Markdown *m)
{
    m->words = (Words){.text = m->room, .arena = m->d->arena};
    m->pending = (Str){0};
}

static void add_alts(Markdown *m)
{
    for (uint32_t i = 0; i < m->alts.n; i++) {
        Post *alt = &m->alts.v[i];
        const char *comma = m->label.len ? ", " : "";
        alt->context = (sml_context){.channel = m->channel, .kind = STR("alt")};
        alt->label =
            sml_arena_printf(m->d->arena, "%.*s%salt text %u", STR_ARG(m->label), comma, i + 1);
        VEC_PUSH(&m->d->posts, m->d->arena) = *alt;
    }
}

static void end_section(Markdown *m)
{
    Norm words = sml_reader_end(&m->words, m->end);
    Post post = {.words = words, .label = m->label, .code = m->code};
    post.context.channel = m->channel;
    post.context.meta = m->meta.v;
    post.context.n_meta = m->meta.n;
    if (sml_str_trim(words.text).len || m->meta.n || m->code)
        sml_reader_add(m->d, &post, m->blank);
    add_alts(m);
    m->room += m->words.len;
    m->code = m->images = 0;
    memset(&m->meta, 0, sizeof m->meta);
    memset(&m->alts, 0, sizeof m->alts);
    begin_words(m);
}

/* The network that a heading, or a line like "--- Mastodon ---", opens a post for; or empty. */
static Str section_of(Markdown *m, Str text, bool heading)
{
    if (!heading) {
        if (text.len < 7 || !sml_str_starts(text, STR("---")) || !sml_str_ends(text, STR("---")))
            return (Str){0};
        text = sml_str_slice(text, 3, text.len - 3);
    }
    Column c = sml_sheet_column(text, m->d->arena);
    if (c.channel.len)
        return c.kind == COLUMN_NETWORK || c.kind == COLUMN_TEXT ? c.channel : (Str){0};
    return sml_network_heading(text, m->d->arena);
}

/* "Facebook:" alone on a line, bold or not, may be meant to open a post; or it stands above a link in one. Cut wrongly, a post
 * is judged in halves, so it is left whole, and that is said. */
static void note_label(Markdown *m, bool alone)
{
    Str text = text_since(m, m->block);
    bool named = text.len < 64 && (alone || sml_str_ends(text, STR(":"))) &&
                 sml_network_heading(text, m->d->arena).len;
    if (!named || m->labels++)
        return;
    m->label_at = m->end - (uint32_t)text.len;
    m->label_words = sml_arena_copy(m->d->arena, text);
}

static void say_labels(const Markdown *m)
{
    Document *d = m->d;
    Self *self = &d->self;
    if (m->labels < 2)
        return;
    sml_remark *all = ARENA_ARRAY(d->arena, sml_remark, (size_t)self->n_remarks + 1);
    for (uint32_t i = 0; i < self->n_remarks; i++)
        all[i] = self->remarks[i];
    sml_remark *r = &all[self->n_remarks++];
    sml_document_place(d, m->label_at, &r->line, &r->col);
    r->text = sml_arena_printf(d->arena,
                               "\"%.*s\" opens no post, nor do others like it, as they are no "
                               "headings; write \"### %.*s\"",
                               STR_ARG(m->label_words), STR_ARG(m->label_words));
    self->remarks = all;
}

/* "## Week 2" behind "### LinkedIn" is no part of the post for LinkedIn. Its own words may hold a secret, and are no label. */
static void enter_heading(Markdown *m, unsigned level)
{
    if (level > m->level)
        return;
    end_section(m);
    m->channel = (Str){0};
    m->label = sml_arena_printf(m->d->arena, "after %.*s", STR_ARG(m->label));
    m->level = 0;
}

static void leave_line(Markdown *m, unsigned level)
{
    Str text = text_since(m, m->block);
    Str channel = text.len < 64 ? section_of(m, text, level) : (Str){0};
    if (channel.len == 0 && level == 0 && m->first_line)
        note_label(m, true);
    if (channel.len == 0 || m->sections >= MOST_SECTIONS)
        return;
    m->sections++;
    text = sml_arena_copy(m->d->arena, text);
    rewind_to(m, m->block);
    end_section(m);
    m->channel = channel;
    m->label = text;
    m->level = level;
}

/* ---- images and links ------------------------------------------------------------------------ */

static void add_meta(Markdown *m, const char *key, Str value)
{
    Arena *a = m->d->arena;
    VEC_PUSH(&m->meta, a) =
        (sml_pair){sml_arena_printf(a, "images[%u].%s", m->images, key), sml_arena_copy(a, value)};
}

static void leave_image(Markdown *m, Str file)
{
    Str text = text_since(m, m->image);
    Span at = {m->image.len, m->words.len};
    if (sml_utf8_check(file) == file.len)
        add_meta(m, "file", file);
    if (text.len) {
        Norm words = sml_reader_end(&m->words, m->end);
        Post *alt = &VEC_PUSH(&m->alts, m->d->arena);
        alt->words = sml_reader_slice(&words, at, m->d->arena);
        alt->words.text = sml_arena_copy(m->d->arena, alt->words.text);
        add_meta(m, "alt", text);
    }
    m->images++;
    rewind_to(m, m->image);
}

/* Of a link by reference the target stands elsewhere: it is written for the bracket that closes the
 * link, as long as not one target makes a long text of many short ones. */
static void write_far(Markdown *m, Str target)
{
    m->far += target.len + 1;
    if (m->far > m->d->bytes.len || m->end >= m->d->bytes.len ||
        sml_utf8_check(target) < target.len)
        return;
    Str s = sml_arena_printf(m->d->arena, " %.*s", STR_ARG(target));
    sml_reader_swap(&m->words, m->end++, 1, s);
}

/* Does the target stand behind its link, in parentheses, and not where a reference is defined? */
static bool follows_link(const Markdown *m, Str target)
{
    if (!is_in_source(m, target) || offset_of(m, target) <= m->end)
        return false;
    const char *p = target.p - 1, *least = m->d->bytes.p + m->end;
    while (p > least && strchr(" \t\r\n<", *p))
        p--;
    return *p == '(';
}

static void leave_link(Markdown *m, Str target)
{
    Str text = text_since(m, m->link);
    Str plain =
        sml_str_starts(target, STR("mailto:")) ? sml_str_slice(target, 7, target.len) : target;
    if (target.len == 0 || target.p[0] == '#' || sml_str_eq(text, target) ||
        sml_str_eq(text, plain))
        return;
    if (follows_link(m, target)) {
        m->pending = STR(" ");
        write_text(m, target);
    } else {
        write_far(m, target);
    }
    m->after_link = true;
}

/* ---- what md4c calls ------------------------------------------------------------------------- */

static int enter_block(MD_BLOCKTYPE type, void *detail, void *user)
{
    Markdown *m = user;
    if (type == MD_BLOCK_H)
        enter_heading(m, ((const MD_BLOCK_H_DETAIL *)detail)->level);
    if (type == MD_BLOCK_HR)
        want_break(m, STR("\n---\n"));
    else if (type == MD_BLOCK_LI)
        want_break(m, STR("\n"));
    else if (type != MD_BLOCK_DOC)
        want_break(m, STR("\n\n"));
    if (type == MD_BLOCK_CODE) {
        m->in_code = true;
        m->code++;
    }
    m->block = mark(m);
    m->first_line = true;
    return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *user)
{
    Markdown *m = user;
    if (type == MD_BLOCK_CODE)
        m->in_code = false;
    if (type == MD_BLOCK_H || type == MD_BLOCK_P)
        leave_line(m, type == MD_BLOCK_H ? ((const MD_BLOCK_H_DETAIL *)detail)->level : 0);
    if (type != MD_BLOCK_LI && type != MD_BLOCK_HR)
        want_break(m, STR("\n\n"));
    return 0;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *user)
{
    Markdown *m = user;
    (void)detail;
    if (type == MD_SPAN_IMG && m->image_depth++ == 0) {
        m->image = mark(m);
        m->pending = (Str){0};
    }
    if (type == MD_SPAN_A && m->image_depth == 0)
        m->link = mark(m);
    if (type == MD_SPAN_CODE)
        m->code++;
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *user)
{
    Markdown *m = user;
    if (type == MD_SPAN_IMG && --m->image_depth == 0) {
        const MD_ATTRIBUTE *src = &((MD_SPAN_IMG_DETAIL *)detail)->src;
        leave_image(m, str_of(src->text, src->size));
    }
    if (type == MD_SPAN_A && m->image_depth == 0) {
        const MD_ATTRIBUTE *href = &((MD_SPAN_A_DETAIL *)detail)->href;
        leave_link(m, str_of(href->text, href->size));
    }
    return 0;
}

static uint32_t entity(Str s)
{
    static const struct {
        const char *name;
        uint32_t c;
    } names[] = {
        {"&amp;", '&'},      {"&lt;", '<'},        {"&gt;", '>'},       {"&quot;", '"'},
        {"&apos;", '\''},    {"&nbsp;", 0xA0},     {"&shy;", 0xAD},     {"&pound;", 0xA3},
        {"&euro;", 0x20AC},  {"&hellip;", 0x2026}, {"&ndash;", 0x2013}, {"&mdash;", 0x2014},
        {"&lsquo;", 0x2018}, {"&rsquo;", 0x2019},  {"&ldquo;", 0x201C}, {"&rdquo;", 0x201D},
        {"&bull;", 0x2022},  {"&middot;", 0xB7},   {"&zwj;", 0x200D},   {"&zwnj;", 0x200C},
        {"&copy;", 0xA9},    {"&reg;", 0xAE},      {"&trade;", 0x2122},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (sml_str_eq(s, sml_str_from(names[i].name)))
            return names[i].c;
    if (s.len < 4 || s.p[1] != '#')
        return 0;
    bool hex = s.p[2] == 'x' || s.p[2] == 'X';
    char digits[12] = {0};
    memcpy(digits, s.p + 2 + hex, s.len - 3 - hex < sizeof digits ? s.len - 3 - hex : 0);
    unsigned long c = strtoul(digits, NULL, hex ? 16 : 10);
    bool scalar = c > 0 && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
    return scalar ? (uint32_t)c : 0xFFFD;
}

static void write_entity(Markdown *m, Str s)
{
    char bytes[4];
    uint32_t c = entity(s);
    if (c == 0 || !is_in_source(m, s) || offset_of(m, s) < m->end) {
        write_text(m, s);
        return;
    }
    write_break(m, offset_of(m, s), '&');
    Str text = sml_arena_copy(m->d->arena, (Str){bytes, sml_utf8_put(bytes, c)});
    sml_reader_swap(&m->words, offset_of(m, s), (uint32_t)s.len, text);
    m->end = offset_of(m, s) + (uint32_t)s.len;
}

static void end_line(Markdown *m)
{
    if (m->first_line)
        note_label(m, false);
    m->first_line = false;
    want_break(m, STR("\n"));
}

static int take_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *user)
{
    Markdown *m = user;
    if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
        end_line(m);
    else if (type == MD_TEXT_NORMAL)
        write_text(m, str_of(text, size));
    else if (type == MD_TEXT_ENTITY)
        write_entity(m, str_of(text, size));
    else if (type == MD_TEXT_CODE)
        want_break(m, STR(" "));
    else if (sml_str_eq_nocase(sml_str_slice(str_of(text, size), 0, 3), STR("<br")))
        want_break(m, STR("\n"));
    return 0;
}

/* ---- the document ---------------------------------------------------------------------------- */

static void say_too_long(Document *d)
{
    sml_remark *remark = ARENA_NEW(d->arena, sml_remark);
    *remark = (sml_remark){
        .line = d->first_line,
        .col = 1,
        .text = STR("longer than 1 MiB, so read as plain text, marks of Markdown and all")};
    d->posts.v[0].remarks = remark;
    d->posts.v[0].n_remarks = 1;
}

bool sml_read_markdown(Document *d, const sml_input *in, sml_error *err)
{
    static const MD_PARSER parser = {
        .flags = MD_FLAG_NOINDENTEDCODEBLOCKS | MD_FLAG_NOHTMLBLOCKS,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = take_text,
    };
    Str source = sml_str_slice(d->bytes, d->body, d->bytes.len);
    if (source.len > MOST_BYTES) {
        sml_read_thread(d, in, err);
        say_too_long(d);
        return true;
    }
    Markdown m = {.d = d, .blank = sml_reader_wants_blank(d, in), .end = d->body};
    m.room = ARENA_ARRAY(d->arena, char, 6 * source.len + 64);
    begin_words(&m);
    if (md_parse(source.p ? source.p : "", (MD_SIZE)source.len, &parser, &m) != 0)
        return sml_read_thread(d, in, err);
    end_section(&m);
    say_labels(&m);
    return d->posts.n > 0 || sml_read_plain(d, in, err);
}
