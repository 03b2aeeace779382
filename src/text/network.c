/* SPDX-License-Identifier: MIT */
#include "text/network.h"

#define LIST_MOST 1024 /* bytes: more networks than there are */

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

static bool names_all(Str word)
{
    return sml_str_eq_nocase(word, STR("all")) || sml_str_eq_nocase(word, STR("both")) ||
           sml_str_eq_nocase(word, STR("all channels"));
}

static bool lists(Str list, Str name)
{
    Str one;
    while (sml_str_cut(&one, &list, ','))
        if (sml_str_eq_nocase(one, name))
            return true;
    return false;
}

Str sml_network_add(Str list, Str name, Arena *a)
{
    if (name.len == 0 || list.len > LIST_MOST || lists(list, name))
        return list;
    return sml_arena_printf(a, "%.*s%s%.*s", STR_ARG(list), list.len ? "," : "", STR_ARG(name));
}

static bool parts_networks(char c)
{
    return c == ',' || c == ';' || c == '/' || c == '+' || c == '&' || c == '|' || c == '\n' ||
           c == '\r';
}

Str sml_network_list(Str words, Arena *a)
{
    Str list = sml_network_of(words);
    if (list.len)
        return list;
    size_t start = 0;
    for (size_t at = 0; at <= words.len; at++) {
        if (at < words.len && !parts_networks(words.p[at]))
            continue;
        Str word = sml_str_trim(sml_str_slice(words, start, at));
        Str network = sml_network_of(word);
        start = at + 1;
        if (names_all(word))
            return (Str){0};
        list = sml_network_add(list, network.len ? network : word, a);
    }
    return list;
}
