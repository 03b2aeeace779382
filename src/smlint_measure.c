/* SPDX-License-Identifier: MIT */
/* A post measured by every network that the rulebooks know. */
#include "base/utf8.h"
#include "base/vec.h"
#include "match/condition.h"
#include "match/limit.h"
#include "smlint_internal.h"

typedef VEC(sml_length) Lengths;

static const char *const units[LENGTH_UNITS] = {
    [LENGTH_WEIGHTED] = "weighted", [LENGTH_GRAPHEMES] = "graphemes",
    [LENGTH_MASTODON] = "mastodon", [LENGTH_THREADS] = "threads",
    [LENGTH_UTF16] = "utf-16",      [LENGTH_BYTES] = "bytes",
};

_Static_assert(LENGTH_UNITS == IMAGE_UNITS, "every unit of an image can be measured");

static bool has(const Lengths *all, Str network)
{
    for (uint32_t i = 0; i < all->n; i++)
        if (sml_str_eq(all->v[i].network, network))
            return true;
    return false;
}

static uint64_t measure(LengthUnit unit, Str post, uint32_t link, Arena *a)
{
    ArenaMark mark = sml_arena_mark(a);
    uint64_t used = sml_length_measure(unit, post, UINT32_MAX, link, a).used;
    sml_arena_rewind(a, mark);
    return used;
}

static bool is_for(Str channels, Str network)
{
    Str channel;
    while (sml_str_cut(&channel, &channels, ','))
        if (sml_str_eq_nocase(sml_condition_channel(sml_str_trim(channel)), network))
            return true;
    return false;
}

/* An alternative text has limits of its own, in characters. */
static sml_length alt_length(const Image *im, const ImageNetwork *n, Str alt, Str channels)
{
    Str name = sml_image_str(im, n->name);
    return (sml_length){.network = name,
                        .title = sml_image_str(im, n->title),
                        .unit = STR("characters"),
                        .used = sml_utf8_count(alt),
                        .limit = n->max[NETWORK_ALT],
                        .bytes = alt.len,
                        .asked = is_for(channels, name)};
}

static sml_length length_of(const Image *im, const ImageNetwork *n, Str post, Str channels,
                            Arena *a)
{
    Str name = sml_image_str(im, n->name);
    return (sml_length){.network = name,
                        .title = sml_image_str(im, n->title),
                        .unit = sml_str_from(units[n->unit]),
                        .used = measure((LengthUnit)n->unit, post, n->link, a),
                        .limit = n->max[NETWORK_LENGTH],
                        .tool = n->max[NETWORK_TOOL],
                        .bytes = measure(LENGTH_BYTES, post, 0, a),
                        .max_bytes = n->max[NETWORK_BYTES],
                        .asked = is_for(channels, name)};
}

void sml_internal_measure(sml_result *out, const Scan *scan, Str text, Arena *a)
{
    Lengths all = {0};
    bool alt = sml_str_eq_nocase(out->context.kind, STR("alt"));
    Span posted = sml_length_posted(text);
    Str post = sml_str_slice(text, posted.start, posted.end);
    for (uint32_t b = 0; b < scan->n_books; b++) {
        const Image *own = sml_scan_image(scan, b), *im;
        for (uint32_t i = 0; i < IMAGE_N(own, NETWORKS); i++) {
            Str name = sml_image_str(own, IMAGE_AT(own, NETWORKS, i)->name);
            if (has(&all, name))
                continue;
            /* The numbers of a later rulebook, in the place of the first. */
            const ImageNetwork *n = sml_limit_network(&im, scan, name);
            Str channels = out->context.channel;
            sml_length length =
                alt ? alt_length(im, n, post, channels) : length_of(im, n, post, channels, a);
            VEC_PUSH(&all, a) = length;
        }
    }
    out->lengths = all.v;
    out->n_lengths = all.n;
}
