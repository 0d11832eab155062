/* A temporary folder for a test program that works with files: made by scratch_setup, removed with all that
 * is in it by scratch_teardown; give both to cmocka_run_group_tests. */
#ifndef UNIT_SCRATCH_H
#define UNIT_SCRATCH_H

#include "err.h"
#include "files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char scratch_folder[64];

static int scratch_setup(void **state)
{
    (void)state;
    strcpy(scratch_folder, "/tmp/loadgen-unit-XXXXXX");
    return mkdtemp(scratch_folder) ? 0 : -1;
}

static int scratch_teardown(void **state)
{
    struct err e;
    (void)state;
    return files_remove_tree(scratch_folder, &e);
}

/* Path of `name` in the folder; valid until the next call but three. */
static inline const char *scratch_path(const char *name)
{
    static char paths[4][160];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", scratch_folder, name);
    return path;
}

/* Writes the text to the file `name` of the folder and returns its path. */
static inline const char *scratch_write(const char *name, const char *text, size_t length_bytes)
{
    const char *path = scratch_path(name);
    FILE *f = fopen(path, "w");
    if (!f || fwrite(text, 1, length_bytes, f) != length_bytes || fclose(f) != 0)
        abort();
    return path;
}

/* Returns the owned contents of a file. Not inlined: GCC 12 with TSan would take the result for the address
 * of `text`. */
static __attribute__((noinline, unused)) char *scratch_read(const char *path, size_t *length_bytes)
{
    struct err e;
    char *text = NULL;
    size_t length = 0;
    if (files_read(path, 1u << 28, &text, &length, &e)) {
        fprintf(stderr, "%s\n", e.text);
        abort();
    }
    if (length_bytes)
        *length_bytes = length;
    return text;
}

#endif
