/* SPDX-License-Identifier: MIT */
#include "text/context.h"

#include "base/map.h"

static Str either(Str strong, Str weak)
{
    return strong.len ? strong : weak;
}

static bool is_image(Str key)
{
    return sml_str_starts(key, STR("images["));
}

static bool has_images(const sml_context *c)
{
    uint32_t i = 0;
    while (i < c->n_meta && !is_image(c->meta[i].key))
        i++;
    return i < c->n_meta;
}

void sml_context_drop_images(sml_context *c, Arena *a)
{
    if (!has_images(c))
        return;
    sml_pair *kept = ARENA_ARRAY(a, sml_pair, c->n_meta);
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->n_meta; i++)
        if (!is_image(c->meta[i].key))
            kept[n++] = c->meta[i];
    c->meta = kept;
    c->n_meta = n;
}

static void merge_meta(sml_context *out, const sml_context *strong, const sml_context *weak,
                       Arena *a)
{
    Map seen = {0};
    sml_pair *all = ARENA_ARRAY(a, sml_pair, (size_t)strong->n_meta + weak->n_meta);
    const sml_context *both[] = {strong, weak};
    bool images = has_images(strong); /* a list is one fact */
    uint32_t n = 0;
    for (size_t k = 0; k < 2; k++)
        for (uint32_t i = 0; i < both[k]->n_meta; i++) {
            sml_pair pair = both[k]->meta[i];
            if (!(k && images && is_image(pair.key)) && sml_map_add(&seen, pair.key, n, a))
                all[n++] = pair;
        }
    out->meta = all;
    out->n_meta = n;
}

sml_context sml_context_merge(const sml_context *strong, const sml_context *weak, Arena *a)
{
    sml_context c = {
        .account = either(strong->account, strong->handle.len ? (Str){0} : weak->account),
        .handle = either(strong->handle, weak->handle),
        .channel = either(strong->channel, weak->channel),
        .kind = either(strong->kind, weak->kind),
        .nation = either(strong->nation, weak->nation),
        .group = either(strong->group, weak->group),
        .language = either(strong->language, weak->language),
        .bio = either(strong->bio, weak->bio),
        .department = either(strong->department, weak->department),
        .names_employer = either(strong->names_employer, weak->names_employer),
        .date = either(strong->date, weak->date),
        .date_origin = strong->date.len ? strong->date_origin : weak->date_origin,
        .meta = strong->n_meta ? strong->meta : weak->meta,
        .n_meta = strong->n_meta ? strong->n_meta : weak->n_meta,
    };
    if (strong->n_meta && weak->n_meta)
        merge_meta(&c, strong, weak, a);
    return c;
}
