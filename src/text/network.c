/* SPDX-License-Identifier: MIT */
#include "text/network.h"

static const struct {
    const char *channel, *words;
} networks[] = {
    {"x", "x twitter tw tweet x/twitter twitter/x x(twitter) \xF0\x9D\x95\x8F"},
    {"facebook", "facebook fb meta"},
    {"instagram", "instagram insta ig"},
    {"linkedin", "linkedin li"},
    {"bluesky", "bluesky bsky \xF0\x9F\xA6\x8B"},
    {"mastodon", "mastodon masto fedi"},
    {"threads", "threads"},
    {"youtube", "youtube yt"},
    {"tiktok", "tiktok tt"},
    {"nextdoor", "nextdoor nd"},
};

Str sml_network_of(Str word)
{
    word = sml_str_trim(word);
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++) {
        Str rest = sml_str_from(networks[i].words), known;
        while (sml_str_cut(&known, &rest, ' '))
            if (sml_str_eq_nocase(known, word))
                return sml_str_from(networks[i].channel);
    }
    return (Str){0};
}
