/* SPDX-License-Identifier: MIT */
#include "cli/globs.h"

#include "cli/places.h"
#include "cli/say.h"

#include <string.h>
#include <sys/stat.h>

static bool was_walked(const Walked *w, Str folder)
{
    for (uint32_t i = 0; i < w->n_folders; i++)
        if (sml_places_is_below(folder, w->folders[i]))
            return true;
    return false;
}

static bool means_any(const Walked *w, Str glob, Str base)
{
    for (uint32_t i = 0; i < w->n_drafts; i++)
        if (sml_config_matches(glob, base, w->drafts[i]))
            return true;
    return false;
}

/* What of a glob is a folder's own name: "drafts/team" of "drafts/team/<star>". */
static Str folder_of(Str glob, Str base, Arena *a)
{
    size_t end = 0;
    for (size_t i = 0; i < glob.len && !strchr("*?", glob.p[i]); i++)
        if (glob.p[i] == '/')
            end = i;
    return end ? sml_places_join(base, sml_str_slice(glob, 0, end), a) : base;
}

/* A folder that is there and empty had drafts yesterday, or will have some tomorrow. */
static bool is_empty_folder(const Walked *w, Str folder)
{
    struct stat st;
    for (uint32_t i = 0; i < w->n_drafts; i++)
        if (sml_places_is_below(w->drafts[i], folder))
            return false;
    return stat(folder.p, &st) == 0;
}

/* `said` is `glob` as it is written. */
static void check_glob(const Walked *w, const ConfigHead *head, Str glob, const ConfigValue *said,
                       Arena *a)
{
    sml_error err;
    bool known = head->level == LEVEL_PROJECT && !sml_str_starts(glob, STR("/")) &&
                 was_walked(w, head->base);
    if (!known || means_any(w, glob, head->base) ||
        (!w->all && is_empty_folder(w, folder_of(glob, head->base, a))))
        return;
    sml_error_at(&err, said->at.path, said->at.line, said->at.col,
                 "\"%.*s\" means no draft that is there", STR_ARG(said->text));
    sml_say_diagnostic(NULL, &err, false);
}

void sml_globs_say_idle(const Config *c, const Walked *w, Arena *a)
{
    for (uint32_t i = 0; i < c->paths.n; i++) {
        const ConfigHead *head = &c->paths.v[i].head;
        check_glob(w, head, c->paths.v[i].glob, &(ConfigValue){head->name, head->at}, a);
    }
    for (uint32_t i = 0; i < c->excludes.n; i++) {
        const ConfigExclude *x = &c->excludes.v[i];
        for (uint32_t k = 0; k < x->paths.n; k++)
            check_glob(w, &x->head, x->paths.v[k].text, &x->paths.v[k], a);
    }
}
