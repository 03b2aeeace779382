/* SPDX-License-Identifier: MIT */
/*
 * Stands in for libFuzzer: runs one fuzz target over each file named on the command line, and over
 * each file in the folders named. Any compiler will do, and a corpus replays in `make check`.
 */
#include "base/io.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX ((size_t)64 << 20)

typedef struct Replay {
    unsigned files;
    bool failed;
} Replay;

static void complain(Replay *r, const char *path, const char *what)
{
    fprintf(stderr, "%s: %s\n", path, what);
    r->failed = true;
}

static void replay_file(Replay *r, const char *path)
{
    Buf bytes = {0};
    sml_error err;
    if (sml_io_read(&bytes, path, INPUT_MAX, &err)) {
        LLVMFuzzerTestOneInput((const uint8_t *)bytes.p, bytes.len);
        r->files++;
    } else {
        complain(r, path, err.message);
    }
    sml_buf_free(&bytes);
}

static void replay(Replay *r, const char *path);

static void replay_folder(Replay *r, const char *path)
{
    DIR *folder = opendir(path);
    if (!folder) {
        complain(r, path, "cannot be opened");
        return;
    }
    for (struct dirent *e = readdir(folder); e; e = readdir(folder)) {
        if (e->d_name[0] == '.')
            continue;
        Buf inner = {0};
        sml_buf_addf(&inner, "%s/%s", path, e->d_name);
        sml_buf_addc(&inner, '\0');
        replay(r, inner.p);
        sml_buf_free(&inner);
    }
    closedir(folder);
}

static void replay(Replay *r, const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        complain(r, path, "does not exist");
    else if (S_ISDIR(st.st_mode))
        replay_folder(r, path);
    else
        replay_file(r, path);
}

int main(int argc, char **argv)
{
    Replay r = {0};
    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE|DIR...\n", argv[0]);
        return 2;
    }
    for (int i = 1; i < argc; i++)
        replay(&r, argv[i]);
    printf("%s: %u inputs\n", argv[0], r.files);
    return r.failed ? 1 : 0;
}
