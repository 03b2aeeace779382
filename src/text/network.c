/* SPDX-License-Identifier: MIT */
#include "text/network.h"

#include <string.h>

#define LIST_MOST 1024 /* bytes: more networks than there are */

static const struct {
    const char *channel, *words;
} networks[] = {
    {"x", "x twitter tw tweet x/twitter twitter/x x(twitter) xtwitter twitterx \xF0\x9D\x95\x8F"},
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

#define N_NETWORKS (sizeof networks / sizeof networks[0])

Str sml_network_of(Str word)
{
    word = sml_str_trim(word);
    for (size_t i = 0; i < N_NETWORKS && word.len; i++) {
        Str rest = sml_str_from(networks[i].words), known;
        while (sml_str_cut(&known, &rest, ' '))
            if (sml_str_eq_nocase(known, word))
                return sml_str_from(networks[i].channel);
    }
    return (Str){0};
}

/* Short names are near to everything. */
#define LEAST_NEAR 5

Str sml_network_nearest(Str word)
{
    Str names[N_NETWORKS + 1] = {STR("twitter")};
    size_t n = 1;
    for (size_t i = 0; i < N_NETWORKS; i++)
        if (strlen(networks[i].channel) >= LEAST_NEAR)
            names[n++] = sml_str_from(networks[i].channel);
    if (word.len < LEAST_NEAR || sml_network_of(word).len)
        return (Str){0};
    return sml_str_nearest(word, names, n);
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

/* "Twitter - main account", "Insta stories", "our LinkedIn": the first word or the last. */
static Str network_in(Str words)
{
    Str network = sml_network_of(words);
    size_t first = 0, last = words.len;
    while (first < words.len && !strchr(" -:(", words.p[first]))
        first++;
    while (last > first && words.p[last - 1] != ' ')
        last--;
    if (network.len == 0 && first < words.len)
        network = sml_network_of(sml_str_slice(words, 0, first));
    return network.len || last <= first ? network
                                        : sml_network_of(sml_str_slice(words, last, words.len));
}

/* Where the word at `start` of a list ends, and where the next one begins. */
static size_t end_of_word(Str words, size_t start, size_t *next)
{
    size_t at = start, both = sml_str_find(words, STR(" and "), start);
    while (at < words.len && at != both && !parts_networks(words.p[at]))
        at++;
    *next = at + (at == both ? strlen(" and ") : 1);
    return at;
}

Str sml_network_list(Str words, Arena *a)
{
    Str list = sml_network_of(words);
    if (list.len || words.len == 0)
        return list;
    for (size_t start = 0, next; start <= words.len; start = next) {
        size_t end = end_of_word(words, start, &next);
        Str word = sml_str_trim(sml_str_slice(words, start, end));
        Str network = network_in(word);
        if (names_all(word))
            return (Str){0};
        list = sml_network_add(list, network.len ? network : word, a);
    }
    return list;
}

/* "X (Twitter)", "LinkedIn \xE2\x80\x93 the minister", "Facebook: main page": a network and a remark on it. */
static Str titled(Str s)
{
    static const char *const signs[] = {"(", ":", "- ", "\xE2\x80\x93", "\xE2\x80\x94"};
    size_t end = 0;
    while (end < s.len && !strchr(" (:", s.p[end]))
        end++;
    Str network = sml_network_of(s), remark = sml_str_trim(sml_str_slice(s, end, s.len));
    for (size_t i = 0; i < sizeof signs / sizeof signs[0] && network.len == 0; i++)
        if (sml_str_starts(remark, sml_str_from(signs[i])))
            network = sml_network_of(sml_str_slice(s, 0, end));
    return network;
}

Str sml_network_heading(Str words, Arena *a)
{
    Str list = titled(words);
    if (list.len)
        return list;
    for (size_t start = 0, next; start <= words.len; start = next) {
        size_t end = end_of_word(words, start, &next);
        Str network = titled(sml_str_trim(sml_str_slice(words, start, end)));
        if (network.len == 0)
            return (Str){0};
        list = sml_network_add(list, network, a);
    }
    return list;
}
