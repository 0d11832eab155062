/* The kernel's files of a machine that a test makes up, in the test's temporary folder. */
#ifndef UNIT_MADE_MACHINE_H
#define UNIT_MADE_MACHINE_H

#include "cm.h"
#include "scratch.h"

/* Writes a file of the machine, such as "/proc/stat". */
static inline void machine_file(const char *path, const char *text)
{
    struct err e;
    char folder[160];
    snprintf(folder, sizeof folder, "%s%s", scratch_folder, path);
    *strrchr(folder, '/') = '\0';
    assert_int_equal(files_make_folders(folder, &e), 0);
    scratch_write(path + 1, text, strlen(text));
}

/* A machine without any file. */
static int machine_new(void **state)
{
    return scratch_teardown(state) || scratch_setup(state);
}

#endif
