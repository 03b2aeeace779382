/* SPDX-License-Identifier: MIT */
#include "match/limit.h"

#include "match/condition.h"

const ImageNetwork *sml_limit_network(const Image **home, const Scan *s, Str channel)
{
    if (channel.len == 0)
        return NULL;
    channel = sml_condition_channel(channel);
    for (uint32_t b = s->n_books; b-- > 0;) {
        const Image *im = sml_scan_image(s, b);
        for (uint32_t i = 0; i < IMAGE_N(im, NETWORKS); i++) {
            const ImageNetwork *n = IMAGE_AT(im, NETWORKS, i);
            if (!sml_str_eq_nocase(sml_image_str(im, n->name), channel))
                continue;
            *home = im;
            return n;
        }
    }
    return NULL;
}

uint32_t sml_limit_number(uint32_t limit, const ImageNetwork *network, ImageNetworkMax what)
{
    if (limit != LIMIT_CHANNEL && limit != LIMIT_TOOL)
        return limit;
    if (!network || what == NETWORK_MAXES || (limit == LIMIT_TOOL && what != NETWORK_LENGTH))
        return 0;
    return network->max[limit == LIMIT_TOOL ? NETWORK_TOOL : what];
}

/* True for nearly all posts: no character counts more than its bytes, but for links, and a link has a dot. */
static bool surely_fits(Str post, const ImageNetwork *network, uint32_t max)
{
    uint64_t most = post.len, link = network ? network->link : 0;
    for (size_t at = 0; link && (at = sml_str_find(post, STR("."), at)) != SIZE_MAX; at++)
        most += link;
    return most <= max;
}

static bool over(TooLong *out, LengthUnit unit, Str post, uint32_t max, uint32_t link, Arena *a)
{
    Span sent = sml_length_posted(post);
    ArenaMark mark = sml_arena_mark(a);
    Length l = sml_length_measure(unit, sml_str_slice(post, sent.start, sent.end), max, link, a);
    sml_arena_rewind(a, mark); /* a composed copy of a long post, once for each network */
    if (l.used <= max)
        return false;
    *out = (TooLong){l.used, max, {sent.start + l.fits, sent.end}};
    return true;
}

bool sml_limit_too_long(TooLong *out, const ImageNetwork *network, uint32_t max, Str post, Arena *a)
{
    if (surely_fits(post, network, max))
        return false;
    if (!network)
        return over(out, LENGTH_GRAPHEMES, post, max, 0, a);
    if (over(out, (LengthUnit)network->unit, post, max, network->link, a))
        return true;
    uint32_t bytes = network->max[NETWORK_BYTES];
    return bytes && over(out, LENGTH_BYTES, post, bytes, 0, a);
}

bool sml_limit_is_open(const Scan *s, Str channels, Str post, Arena *a)
{
    const Image *home;
    Str channel;
    while (sml_str_cut(&channel, &channels, ','))
        if (sml_limit_network(&home, s, sml_str_trim(channel)))
            return false;
    for (uint32_t b = 0; b < s->n_books; b++) {
        const Image *im = sml_scan_image(s, b);
        for (uint32_t i = 0; i < IMAGE_N(im, NETWORKS); i++) {
            const ImageNetwork *n = IMAGE_AT(im, NETWORKS, i);
            uint32_t max = n->max[NETWORK_LENGTH];
            TooLong over;
            if (max && sml_limit_too_long(&over, n, max, post, a))
                return true;
        }
    }
    return false;
}
