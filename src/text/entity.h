/* SPDX-License-Identifier: MIT */
/*
 * Links, mentions and tags as each network finds them itself, to the character: what will be a link once the post is out, and
 * what it costs.
 *
 * Kept apart from token.h on purpose. Tokens are for rules: they are cut from folded text, are the same for every network,
 * and see through disguises. Entities are for arithmetic: they are found in the words as written, differ from network to
 * network ("#R&D" is "#R" on X, "#one#two" is one tag on Bluesky and none on X), and have conformance data of their own.
 *
 * All texts are valid UTF-8, all offsets bytes of them, all functions linear.
 */
#ifndef SML_TEXT_ENTITY_H
#define SML_TEXT_ENTITY_H

#include "base/arena.h"
#include "base/vec.h"

typedef enum EntityKind {
    ENTITY_URL,
    ENTITY_MENTION, /* with its '@' */
    ENTITY_HASHTAG, /* with its '#' */
    ENTITY_CASHTAG  /* with its '$' */
} EntityKind;

typedef struct Entity {
    EntityKind kind;
    uint32_t start, end;
    /* of a mention, behind the name: what follows is a list's on X, a server's on Mastodon; else as `end` */
    uint32_t name_end;
    bool has_protocol; /* URL: it says http:// or https:// */
} Entity;

typedef VEC(Entity) Entities;

/* Each appends to `out`, by start. Of URLs without a protocol X takes those that end in a known top-level domain; where
 * `bare` is false they are left out. */
void sml_entity_x_urls(Entities *out, Str text, bool bare, Arena *a);
void sml_entity_x_mentions(Entities *out, Str text, Arena *a);
void sml_entity_x_hashtags(Entities *out, Str text, Arena *a); /* those inside URLs left out */
void sml_entity_x_cashtags(Entities *out, Str text, Arena *a);

/* The mention that makes the post a reply to somebody; false if it is none. */
bool sml_entity_x_reply(Entity *out, Str text);

/* Bluesky's facets, as its own client makes them: mentions, links, tags, cashtags, one kind after the other. */
void sml_entity_bluesky(Entities *out, Str text, Arena *a);

/* Mastodon: http and https links as on X, mentions with or without a server. */
void sml_entity_mastodon_mentions(Entities *out, Str text, Arena *a);

/* End of the longest emoji that begins at `at`, or `at`: as Unicode lists them, one sequence one emoji; bare © and ® are none. */
size_t sml_entity_emoji(Str text, size_t at);

/* Is it a top-level domain, Unicode or not, in any case? "xn--" names are not looked up. */
bool sml_entity_is_tld(Str name);

/* Categories P* of Unicode. */
bool sml_entity_is_punctuation(uint32_t code_point);

#endif
