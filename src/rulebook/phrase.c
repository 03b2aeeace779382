/* SPDX-License-Identifier: MIT */
/*
 * White space separates the elements of a phrase. An element is a gap `<3>`, a brace group, or a word; a word
 * may have brace groups glued to it, and is then multiplied out: `Dem{s|}` is an alternation of the words "dems" and
 * "dem", so that the word edge behind each is judged on the whole word. A blank in a glued group is one of the spelling:
 * `no{ |-}deal` is "no deal" or "no-deal". Longer spellings come first, because the matcher takes the first branch that
 * works.
 */
#include "rulebook/phrase.h"

#include "base/unicode.h"
#include "base/utf8.h"
#include "image/image.h"
#include "text/norm.h"

#include <string.h>

#define MAX_DEPTH     8
#define MAX_SPELLINGS 256
#define MAX_SPELLED   (256u << 10) /* bytes of all spellings of one phrase, and one for each */
#define MAX_GAP       20

typedef VEC(Node *) Nodes;

typedef struct Parse {
    Str text;
    size_t at;
    unsigned folds, depth;
    size_t spelled; /* of MAX_SPELLED */
    Arena *a;
    sml_error *err;
} Parse;

/* One way to spell an element: text before a list, the list, text behind it. Blanks in the texts part words. */
typedef struct Spelling {
    Str before, list, after;
    bool star;
} Spelling;
typedef VEC(Spelling) Spellings;

static bool parse_sequence(Parse *p, Node **out);

static bool wrong(const Parse *p, size_t at, const char *what)
{
    return sml_error_at(p->err, (Str){0}, 0, (uint32_t)at, "%s", what);
}

static char peek(const Parse *p)
{
    return p->at < p->text.len ? p->text.p[p->at] : '\0';
}
static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(Parse *p)
{
    while (p->at < p->text.len && is_space(peek(p)))
        p->at++;
}

static bool at_end_of_branch(const Parse *p)
{
    return p->at == p->text.len || (p->depth && (peek(p) == '|' || peek(p) == '}'));
}

static Node *new_node(Parse *p, NodeKind kind)
{
    Node *n = ARENA_NEW(p->a, Node);
    n->kind = kind;
    return n;
}

static Node *new_list_of(Parse *p, NodeKind kind, const Nodes *members)
{
    Node *n = new_node(p, kind);
    n->v = members->v;
    n->n = members->n;
    return n;
}

static bool wordish_at(Str s, size_t at)
{
    uint32_t c = sml_utf8_next(s, &at);
    return c != UTF8_BAD && sml_unicode_is_word(c);
}

/* `glued_left` and `glued_right`: other text follows at once, so there is no edge to look for. */
static Node *new_word(Parse *p, Str text, uint32_t flags, bool glued_left, bool glued_right)
{
    Norm folded;
    sml_norm_apply(&folded, text, p->folds, p->a);
    Node *n = new_node(p, NODE_WORD);
    n->folded = folded.text;
    n->flags = flags;
    n->exact = text;
    if (folded.text.len == 0)
        return n;
    if (!glued_left && wordish_at(folded.text, 0))
        n->flags |= WORD_EDGE_START;
    size_t last = sml_utf8_floor(folded.text, folded.text.len - 1);
    if (!glued_right && wordish_at(folded.text, last))
        n->flags |= WORD_EDGE_END;
    return n;
}

/* ---- brace groups ---- */

static bool parse_list_name(Parse *p, Str *name)
{
    size_t start = p->at += 2; /* {@ */
    while (p->at < p->text.len && peek(p) != '}')
        p->at++;
    *name = sml_str_trim(sml_str_slice(p->text, start, p->at));
    if (p->at == p->text.len)
        return wrong(p, start - 2, "\"{@\" never closes; write {@list-name}");
    p->at++;
    return name->len ? true : wrong(p, start, "\"{@}\" names no list; write {@list-name}");
}

static bool parse_branches(Parse *p, Nodes *branches)
{
    size_t open = p->at++;
    if (++p->depth > MAX_DEPTH)
        return wrong(p, open, "braces are nested too deeply; 8 levels are the most");
    for (;;) {
        Node *branch;
        size_t start = p->at;
        if (!parse_sequence(p, &branch))
            return false;
        branch->source = sml_str_slice(p->text, start, p->at);
        if (branch->n && sml_phrase_nullable(branch))
            return wrong(p, start,
                         "this alternative has only optional words; let one branch be empty");
        VEC_PUSH(branches, p->a) = branch;
        char c = peek(p);
        if (c != '|' && c != '}')
            return wrong(p, open, "\"{\" never closes; end the alternatives with }, or write \\{");
        p->at++;
        if (c == '}')
            break;
    }
    p->depth--;
    return true;
}

/* ---- words, with what is glued to them ---- */

static bool multiply(Parse *p, Spellings *all, const Spellings *by, size_t at)
{
    Spellings product = {0};
    for (uint32_t i = 0; i < all->n; i++)
        for (uint32_t j = 0; j < by->n; j++) {
            const Spelling *x = &all->v[i], *y = &by->v[j];
            if (x->list.p && y->list.p)
                return wrong(p, at, "two lists are glued together; put a space between them");
            Spelling s = {.list = x->list.p ? x->list : y->list};
            Str tail = x->list.p ? x->after : x->before;
            p->spelled += tail.len + y->before.len + 1;
            if (p->spelled > MAX_SPELLED)
                return wrong(
                    p, at,
                    "too much text is spelled out by braces glued to words; make lists of it");
            Str joined = sml_arena_printf(p->a, "%.*s%.*s", STR_ARG(tail), STR_ARG(y->before));
            s.before = x->list.p ? x->before : joined;
            s.after = x->list.p ? joined : y->after;
            if (product.n == MAX_SPELLINGS)
                return wrong(p, at, "too many spellings of one word; 256 are the most");
            VEC_PUSH(&product, p->a) = s;
        }
    *all = product;
    return true;
}

/* The words of a glued branch, with the blanks at its ends: "no{ deal|}" is "no deal" or "no". False where they are more
 * than plain words. */
static bool spell_branch(Parse *p, const Node *branch, Str *out)
{
    bool before = branch->source.len && is_space(branch->source.p[0]);
    bool behind = branch->source.len && is_space(branch->source.p[branch->source.len - 1]);
    for (uint32_t i = 0; i < branch->n; i++)
        if (branch->v[i]->kind != NODE_WORD ||
            (branch->v[i]->flags & (WORD_PREFIX | WORD_CASE | WORD_TITLE)))
            return false;
    Buf text = {0};
    sml_buf_add(&text, before ? STR(" ") : STR(""));
    for (uint32_t i = 0; i < branch->n; i++) {
        sml_buf_add(&text, branch->v[i]->exact);
        sml_buf_add(&text, i + 1 < branch->n || behind ? STR(" ") : STR(""));
    }
    *out = sml_arena_copy(p->a, sml_buf_str(&text));
    sml_buf_free(&text);
    return true;
}

/* The spellings of a glued brace group: each branch plain words, a list, or empty. */
static bool glue_spellings(Parse *p, const Nodes *branches, Spellings *out, size_t at)
{
    for (uint32_t i = 0; i < branches->n; i++) {
        const Node *b = branches->v[i];
        Spelling s = {.before = STR("")};
        if (b->n == 1 && b->v[0]->kind == NODE_LIST)
            s.list = b->v[0]->list;
        else if (!spell_branch(p, b, &s.before))
            return wrong(p, at,
                         "alternatives glued to a word must each be plain words; put a space "
                         "before the brace");
        VEC_PUSH(out, p->a) = s;
    }
    return true;
}

static bool ends_element(const Parse *p)
{
    return at_end_of_branch(p) || is_space(peek(p));
}

/* A blank of any kind that folding makes a space parts words as a space does. */
static void add_letter(Parse *p, Buf *text)
{
    size_t next = p->at;
    uint32_t c = sml_utf8_next(p->text, &next);
    bool blank = (p->folds & FOLD_SPACES) && (sml_unicode_record(c)->flags & UNICODE_SPACE);
    sml_buf_add(text, blank ? STR(" ") : sml_str_slice(p->text, p->at, next));
    p->at = next - 1;
}

/* Up to a brace or the element's end; `first`: nothing of it stands before. Only a bare star at the very end, behind
 * something, is the wildcard; an escaped one is itself. */
static bool parse_text(Parse *p, bool first, Str *out, bool *star)
{
    Buf text = {0};
    size_t bad = SIZE_MAX;
    *star = false;
    for (; !ends_element(p) && peek(p) != '{'; p->at++) {
        bool escaped = peek(p) == '\\' && p->at + 1 < p->text.len;
        if (*star && bad == SIZE_MAX)
            bad = p->at - 1;
        *star = !escaped && peek(p) == '*';
        if (*star && text.len == 0 && first)
            bad = p->at;
        p->at += escaped;
        if (!*star)
            add_letter(p, &text);
    }
    *out = sml_arena_copy(p->a, sml_buf_str(&text));
    sml_buf_free(&text);
    if (bad == SIZE_MAX && (!*star || ends_element(p)))
        return true;
    return wrong(p, bad == SIZE_MAX ? p->at - 1 : bad,
                 "a star stands for letters at the end of a word; write <1> for a word, or \\* for "
                 "the sign");
}

static bool parse_gap(Parse *p, Node **out)
{
    size_t start = p->at, close = sml_str_find(p->text, STR(">"), start);
    uint64_t words;
    if (close == SIZE_MAX || !sml_str_uint(&words, sml_str_slice(p->text, start + 1, close), 999))
        return *out = NULL, true;
    p->at = close + 1;
    if (words > MAX_GAP)
        return wrong(p, start, "a gap of more than 20 words; use `near` for things far apart");
    if (!at_end_of_branch(p) && !is_space(peek(p)))
        return wrong(p, start, "a gap stands alone; put spaces around it");
    *out = new_node(p, NODE_GAP);
    (*out)->gap = (uint32_t)words;
    return true;
}

/* The words of `text`: the first follows a list at once, or the last precedes one, where it is glued there. `last` are the
 * flags of the last. False where folding leaves nothing of one. */
static bool add_words(Parse *p, Nodes *out, Str text, uint32_t flags, uint32_t last,
                      bool glued_left, bool glued_right)
{
    for (size_t at = 0, end; at < text.len; at = end + 1) {
        size_t blank = sml_str_find(text, STR(" "), at);
        end = blank == SIZE_MAX ? text.len : blank;
        if (end == at)
            continue;
        bool left = glued_left && at == 0, right = glued_right && end == text.len;
        Node *n =
            new_word(p, sml_str_slice(text, at, end), end == text.len ? last : flags, left, right);
        n->glued = left;
        if (n->folded.len)
            VEC_PUSH(out, p->a) = n;
        else if (!left && !right)
            return false;
    }
    return true;
}

/* NULL where nothing is left of it, or of a word of it. */
static Node *spelling_node(Parse *p, const Spelling *s, uint32_t flags)
{
    Nodes parts = {0};
    bool list = s->list.p != NULL;
    uint32_t last = s->star ? flags | WORD_PREFIX : flags;
    if (!list && s->before.len && sml_str_trim(s->before).len == 0)
        return new_word(p, s->before, last, false, false); /* an escaped blank is itself */
    if (!add_words(p, &parts, s->before, flags, list ? flags : last, false, list))
        return NULL;
    if (list) {
        Node *n = new_node(p, NODE_LIST);
        n->list = s->list;
        n->glued = parts.n && s->before.p[s->before.len - 1] != ' ';
        VEC_PUSH(&parts, p->a) = n;
    }
    if (!add_words(p, &parts, s->after, flags, last, list, false) || parts.n == 0)
        return NULL;
    return parts.n == 1 ? parts.v[0] : new_list_of(p, NODE_SEQ, &parts);
}

/* A word's flags stand at its front: = or ~; its star at the end. */
static uint32_t parse_marks(Parse *p)
{
    char mark = peek(p);
    char next = p->at + 1 < p->text.len ? p->text.p[p->at + 1] : '\0';
    if ((mark != '=' && mark != '~') || next == '\0' || is_space(next))
        return 0;
    p->at++;
    return mark == '=' ? WORD_CASE : WORD_TITLE;
}

static void sort_longest_first(Nodes *nodes)
{
    for (uint32_t i = 1; i < nodes->n; i++)
        for (uint32_t j = i; j && sml_phrase_least(nodes->v[j]) > sml_phrase_least(nodes->v[j - 1]);
             j--) {
            Node *n = nodes->v[j];
            nodes->v[j] = nodes->v[j - 1];
            nodes->v[j - 1] = n;
        }
}

static bool word_from_spellings(Parse *p, Spellings *all, uint32_t flags, size_t start, Node **out)
{
    Nodes nodes = {0};
    for (uint32_t i = 0; i < all->n; i++) {
        Spelling *s = &all->v[i];
        if (s->list.p && ((flags && s->before.len == 0) || (s->star && s->after.len == 0)))
            return wrong(p, start,
                         "= and ~ stand before a word and a star behind one; give them to the "
                         "items of the list");
        Node *n = spelling_node(p, s, flags);
        if (!n)
            return wrong(p, start,
                         "nothing is left of this word after folding, so it can never match; "
                         "write letters");
        VEC_PUSH(&nodes, p->a) = n;
    }
    if (nodes.n == 1)
        return *out = nodes.v[0], true;
    sort_longest_first(&nodes);
    for (uint32_t i = 0; i < nodes.n; i++) {
        Nodes one = {0};
        VEC_PUSH(&one, p->a) = nodes.v[i];
        nodes.v[i] = new_list_of(p, NODE_SEQ, &one);
    }
    return *out = new_list_of(p, NODE_ALT, &nodes), true;
}

static bool parse_brace(Parse *p, Spellings *glue, Node **alone)
{
    size_t start = p->at;
    *alone = NULL;
    if (p->at + 1 < p->text.len && p->text.p[p->at + 1] == '@') {
        Spelling s = {.before = STR("")};
        if (!parse_list_name(p, &s.list))
            return false;
        VEC_PUSH(glue, p->a) = s;
        *alone = new_node(p, NODE_LIST);
        (*alone)->list = s.list;
        return true;
    }
    Nodes branches = {0};
    if (!parse_branches(p, &branches))
        return false;
    *alone = new_list_of(p, NODE_ALT, &branches);
    if (at_end_of_branch(p) || is_space(peek(p)))
        return true;
    return glue_spellings(p, &branches, glue, start);
}

static bool parse_element(Parse *p, Node **out)
{
    size_t start = p->at;
    if (peek(p) == '<') {
        if (!parse_gap(p, out))
            return false;
        if (*out)
            return true;
    }
    uint32_t flags = parse_marks(p);
    size_t first = p->at;
    Spellings all = {0};
    VEC_PUSH(&all, p->a) = (Spelling){.before = STR("")};
    bool star = false;
    while (!ends_element(p)) {
        Spellings piece = {0};
        size_t at = p->at;
        if (peek(p) == '{') {
            Node *alone;
            if (!parse_brace(p, &piece, &alone))
                return false;
            if (at == start && ends_element(p))
                return *out = alone, true;
            if (piece.n == 0 &&
                !glue_spellings(p, &(Nodes){(Node **)alone->v, alone->n, alone->n}, &piece, at))
                return false;
        } else {
            Str text;
            if (!parse_text(p, at == first, &text, &star))
                return false;
            VEC_PUSH(&piece, p->a) = (Spelling){.before = text};
        }
        if (at == first)
            all = piece;
        else if (!multiply(p, &all, &piece, at))
            return false;
    }
    for (uint32_t i = 0; i < all.n; i++)
        all.v[i].star = star;
    return word_from_spellings(p, &all, flags, start, out);
}

/* Has this sequence a word that must be there, behind its last gap? */
static bool has_firm(const Nodes *elements)
{
    for (uint32_t i = elements->n; i-- > 0 && elements->v[i]->kind != NODE_GAP;)
        if (!sml_phrase_nullable(elements->v[i]))
            return true;
    return false;
}

static bool has_gap(const Nodes *elements)
{
    for (uint32_t i = 0; i < elements->n; i++)
        if (elements->v[i]->kind == NODE_GAP)
            return true;
    return false;
}

static bool parse_sequence(Parse *p, Node **out)
{
    Nodes elements = {0};
    for (skip_space(p); !at_end_of_branch(p); skip_space(p)) {
        Node *element;
        size_t start = p->at;
        if (!parse_element(p, &element))
            return false;
        bool gap = element->kind == NODE_GAP;
        if (gap &&
            (elements.n == 0 || VEC_LAST(&elements)->kind == NODE_GAP || !has_firm(&elements)))
            return wrong(p, start, "a gap needs words on both sides that must be there");
        VEC_PUSH(&elements, p->a) = element;
    }
    if (has_gap(&elements) && !has_firm(&elements))
        return wrong(p, p->at, "a gap needs words on both sides that must be there");
    *out = new_list_of(p, NODE_SEQ, &elements);
    return true;
}

bool sml_phrase_nullable(const Node *n)
{
    if (n->kind == NODE_SEQ) {
        for (uint32_t i = 0; i < n->n; i++)
            if (!sml_phrase_nullable(n->v[i]))
                return false;
        return true;
    }
    if (n->kind != NODE_ALT)
        return false;
    for (uint32_t i = 0; i < n->n; i++)
        if (sml_phrase_nullable(n->v[i]))
            return true;
    return false;
}

/* Instructions on the longest way through its program, at most: see emit_branches in compile_match.c. */
static uint32_t longest_way(const Node *n)
{
    uint32_t steps = 0, most = 0;
    for (uint32_t i = 0; i < n->n; i++) {
        uint32_t branch = longest_way(n->v[i]);
        steps += branch + (i > 0); /* a separator */
        most = branch > most ? branch : most;
    }
    return n->kind == NODE_SEQ ? steps : n->kind == NODE_ALT ? most + 3 : 1;
}

bool sml_phrase_parse(const Node **out, Str text, unsigned folds, Arena *a, sml_error *err)
{
    Parse p = {.text = text, .folds = folds, .a = a, .err = err};
    Node *root;
    if (!parse_sequence(&p, &root))
        return false;
    if (sml_phrase_nullable(root))
        return wrong(&p, 0,
                     "this phrase can match nothing at all; give it a word that must be there");
    if (longest_way(root) > IMAGE_PATH_MAX)
        return wrong(&p, 0, "this phrase is too long; use `near` or `all` for things far apart");
    *out = root;
    return true;
}

uint32_t sml_phrase_least(const Node *n)
{
    uint32_t least = n->kind == NODE_ALT ? UINT32_MAX : 0;
    switch (n->kind) {
    case NODE_WORD:
        return (uint32_t)n->folded.len;
    case NODE_LIST:
        return 1;
    case NODE_GAP:
        return 0;
    case NODE_SEQ:
        for (uint32_t i = 0; i < n->n; i++)
            least += sml_phrase_least(n->v[i]);
        break;
    case NODE_ALT:
        for (uint32_t i = 0; i < n->n; i++) {
            uint32_t branch = sml_phrase_least(n->v[i]);
            least = branch < least ? branch : least;
        }
        break;
    }
    return least;
}
