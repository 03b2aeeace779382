/* SPDX-License-Identifier: MIT */
#include "cli/baseline.h"

#include "base/io.h"
#include "base/utf8.h"

#include <stdlib.h>

#define LONGEST    64 /* of a line, on the average */
#define MOST_BYTES ((size_t)BASELINE_MOST * LONGEST)
#define DIGITS     16
#define FEW        65536 /* entries: not worth sorting before the end */

/* ---- entries --------------------------------------------------------------------------------- */

/* An archive names a few hundred rules a million times. */
static uint32_t name_of(Baseline *b, Str rule)
{
    uint32_t index;
    if (sml_map_get(&b->rules, rule, &index))
        return index;
    Str copy = sml_arena_copy(b->arena, rule);
    sml_map_add(&b->rules, copy, b->names.n, b->arena);
    VEC_PUSH(&b->names, b->arena) = copy;
    return b->names.n - 1;
}

/* What an archive says again and again takes room once: it is sorted whenever it has doubled. */
bool sml_baseline_add(Baseline *b, uint64_t print, sml_grade grade, Str rule)
{
    if (b->entries.n >= FEW && b->entries.n / 2 >= b->sorted)
        sml_baseline_sort(b);
    if (b->entries.n >= BASELINE_MOST)
        return false;
    VEC_PUSH(&b->entries, b->arena) =
        (BaselineEntry){.print = print, .rule = name_of(b, rule), .grade = (uint8_t)grade};
    return true;
}

/* Of equal prints the gravest first. */
static int compare(const void *a, const void *b)
{
    const BaselineEntry *x = a, *y = b;
    if (x->print != y->print)
        return x->print < y->print ? -1 : 1;
    if (x->grade != y->grade)
        return x->grade > y->grade ? -1 : 1;
    return (x->rule > y->rule) - (x->rule < y->rule);
}

void sml_baseline_sort(Baseline *b)
{
    uint32_t n = 0;
    BaselineEntry *v = b->entries.v;
    if (b->entries.n)
        qsort(v, b->entries.n, sizeof *v, compare);
    for (uint32_t i = 0; i < b->entries.n; i++)
        if (n == 0 || v[n - 1].print != v[i].print)
            v[n++] = v[i];
    b->entries.n = b->sorted = n;
}

BaselineEntry *sml_baseline_find(const Baseline *b, uint64_t print)
{
    uint32_t low = 0, high = b->entries.n;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (b->entries.v[mid].print < print)
            low = mid + 1;
        else
            high = mid;
    }
    bool found = low < b->entries.n && b->entries.v[low].print == print;
    return found ? &b->entries.v[low] : NULL;
}

const sml_known *sml_baseline_known(const Baseline *b)
{
    sml_known *known = ARENA_ARRAY(b->arena, sml_known, b->entries.n);
    for (uint32_t i = 0; i < b->entries.n; i++)
        known[i] = (sml_known){b->entries.v[i].print, (sml_grade)b->entries.v[i].grade};
    return known;
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool read_print(uint64_t *out, Str digits)
{
    *out = 0;
    for (size_t i = 0; i < digits.len; i++) {
        char c = digits.p[i];
        bool letter = c >= 'a' && c <= 'f';
        if (!letter && (c < '0' || c > '9'))
            return false;
        *out = *out << 4 | (uint64_t)(letter ? c - 'a' + 10 : c - '0');
    }
    return digits.len == DIGITS;
}

/* Names of rules are plain; anything else is another file. */
static bool is_name(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~')
            return false;
    return s.len > 0;
}

typedef struct Line {
    uint64_t print;
    sml_grade grade;
    Str rule;
} Line;

static bool read_line(Line *out, Str line)
{
    Str print, grade;
    out->rule = line;
    return sml_str_cut(&print, &out->rule, ' ') && sml_str_cut(&grade, &out->rule, ' ') &&
           read_print(&out->print, print) && sml_grade_parse(&out->grade, grade) &&
           out->grade != SML_CLEAN && is_name(out->rule);
}

static bool is_conflict(Str line)
{
    return sml_str_starts(line, STR("<<<<<<<")) || sml_str_starts(line, STR("=======")) ||
           sml_str_starts(line, STR(">>>>>>>"));
}

static bool read_lines(Baseline *b, Str text, Str path, sml_error *err)
{
    Str rest = text, line;
    Line entry;
    for (uint32_t n = 1; sml_str_cut(&line, &rest, '\n'); n++) {
        line = sml_str_trim(line);
        if (line.len == 0 || line.p[0] == '#')
            continue;
        if (read_line(&entry, line)) {
            if (sml_baseline_add(b, entry.print, entry.grade, entry.rule))
                continue;
            return sml_error_at(err, path, n, 1, "more than %u entries; check in parts",
                                BASELINE_MOST);
        }
        if (is_conflict(line))
            return sml_error_at(err, path, n, 1,
                                "git left a conflict here; keep the lines of both sides and "
                                "delete its marks");
        return sml_error_at(err, path, n, 1,
                            "\"%.*s\" is no entry of a baseline; one is a fingerprint of 16 hex "
                            "digits, a grade and a rule",
                            STR_ARG(sml_str_slice(line, 0, sml_utf8_floor(line, 60))));
    }
    return true;
}

bool sml_baseline_read(Baseline *out, Str path, Arena *a, sml_error *err)
{
    Buf text = {0};
    *out = (Baseline){.arena = a};
    bool ok = sml_io_read(&text, path.p, MOST_BYTES, err) &&
              read_lines(out, sml_buf_str(&text), path, err);
    sml_buf_free(&text);
    sml_baseline_sort(out);
    return ok;
}

/* ---- writing --------------------------------------------------------------------------------- */

#define FIRST_LINE STR("# sm-lint baseline 1\n")

bool sml_baseline_may_write(Str path, sml_error *err)
{
    Buf old = {0};
    if (!sml_io_is_file(path.p))
        return true; /* nothing is replaced */
    bool ok = sml_io_read(&old, path.p, MOST_BYTES, err) &&
              (old.len == 0 || sml_str_starts(sml_buf_str(&old), FIRST_LINE) ||
               sml_error_at(err, path, 0, 0, "is no baseline, so it is not replaced by one"));
    sml_buf_free(&old);
    return ok;
}

bool sml_baseline_write(const Baseline *b, Str path, sml_error *err)
{
    Buf out = {0};
    sml_buf_add(&out, FIRST_LINE);
    for (uint32_t i = 0; i < b->entries.n; i++) {
        const BaselineEntry *e = &b->entries.v[i];
        sml_buf_addf(&out, "%016llx %s %.*s\n", (unsigned long long)e->print,
                     sml_grade_name((sml_grade)e->grade), STR_ARG(b->names.v[e->rule]));
    }
    bool ok = sml_io_write_file(path.p, sml_buf_str(&out), err);
    sml_buf_free(&out);
    return ok;
}
