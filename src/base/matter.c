/* SPDX-License-Identifier: MIT */
#include "base/matter.h"

/* The line at `at`, without its end; `*next` is where the one behind it begins. */
static Str line_at(Str s, size_t at, size_t *next)
{
    size_t end = at;
    while (end < s.len && s.p[end] != '\n' && s.p[end] != '\r')
        end++;
    *next = end;
    bool crlf = end + 1 < s.len && s.p[end] == '\r' && s.p[end + 1] == '\n';
    if (end < s.len)
        *next = end + 1 + crlf;
    return sml_str_slice(s, at, end);
}

/* Blanks at its end are easily typed and never seen. */
static bool is_fence(Str line, Str fence)
{
    return sml_str_starts(line, fence) && sml_str_eq(sml_str_trim(line), fence);
}

static size_t skip_blank_lines(Str s, size_t at)
{
    size_t next = at;
    while (at < s.len && sml_str_trim(line_at(s, at, &next)).len == 0)
        at = next;
    return at;
}

/* Hugo takes these too; to pass them by would lint them as words of the post, and lose their facts. */
static bool refuse_others(Str first, Str path, sml_error *err)
{
    if (is_fence(first, STR("+++")))
        return sml_error_at(err, path, 1, 1,
                            "this is TOML front matter, which is not read; write it as YAML, "
                            "\"key: value\" between two lines of ---");
    if (sml_str_eq(sml_str_trim(first), STR("{")) || sml_str_starts(first, STR("{\"")))
        return sml_error_at(err, path, 1, 1,
                            "this is JSON front matter, which is not read; write it as YAML, "
                            "\"key: value\" between two lines of ---");
    return true;
}

/* "account: official" */
static bool is_key(Str line)
{
    size_t colon = sml_str_find(line, STR(":"), 0);
    if (colon == 0 || colon == SIZE_MAX)
        return false;
    for (size_t i = 0; i < colon; i++)
        if (!(line.p[i] >= 'a' && line.p[i] <= 'z') && line.p[i] != '-')
            return false;
    return colon + 1 == line.len || line.p[colon + 1] == ' ';
}

/* Behind blank lines it would be a post of its own, and its facts would be lost without a word. */
static bool refuse_late(Str bytes, size_t start, Str path, sml_error *err)
{
    uint32_t line = 1;
    size_t next = start, at = skip_blank_lines(bytes, start);
    if (at == start || !is_fence(line_at(bytes, at, &next), STR("---")) ||
        !is_key(line_at(bytes, next, &next)))
        return true;
    for (size_t i = start; i < at; line++) {
        line_at(bytes, i, &next);
        i = next;
    }
    return sml_error_at(err, path, line, 1,
                        "front matter begins on the first line; delete the blank lines above it");
}

bool sml_matter_find(Matter *out, Str bytes, Str path, sml_error *err)
{
    size_t start = sml_str_starts(bytes, STR("\xEF\xBB\xBF")) ? 3 : 0, at;
    Str first = line_at(bytes, start, &at);
    *out = (Matter){.end = (uint32_t)start, .body = (uint32_t)start};
    if (!is_fence(first, STR("---")))
        return refuse_others(first, path, err) && refuse_late(bytes, start, path, err);
    while (at < bytes.len) {
        size_t next;
        if (at > MATTER_MAX_BYTES)
            return sml_error_at(err, path, 1, 1,
                                "this front matter is longer than %u KiB; is its closing line of "
                                "--- missing?",
                                MATTER_MAX_BYTES >> 10);
        if (is_fence(line_at(bytes, at, &next), STR("---"))) {
            *out = (Matter){(uint32_t)at, (uint32_t)next, (uint32_t)skip_blank_lines(bytes, next)};
            return true;
        }
        at = next;
    }
    return sml_error_at(err, path, 1, 1,
                        "this opens front matter, which is never closed; end it with a line of "
                        "---, or if it is a rule above the post, delete it");
}
