#include "paths.h"

#include "err.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Path of the running program without its last `n_dropped` parts; the kernel has resolved all links in it. */
static int own_folder(size_t n_dropped, char *out, size_t out_bytes)
{
    const ssize_t n = readlink("/proc/self/exe", out, out_bytes - 1);
    if (n < 0)
        return -1;
    out[n] = '\0';
    for (; n_dropped > 0; n_dropped--) {
        char *slash = strrchr(out, '/');
        if (!slash)
            return -1;
        *slash = '\0';
    }
    return 0;
}

static int join_if_there(const char *folder, const char *middle, const char *relative, char *out,
                         size_t out_bytes)
{
    if ((size_t)snprintf(out, out_bytes, "%s%s/%s", folder, middle, relative) >= out_bytes)
        return -1;
    return access(out, R_OK);
}

int paths_data(const char *relative, char *out, size_t out_bytes)
{
    char folder[PATH_MAX];
    const char *chosen = getenv("LOADGEN_DATA_DIR");

    if (chosen && *chosen && join_if_there(chosen, "", relative, out, out_bytes) == 0)
        return 0;
    if (own_folder(2, folder, sizeof folder))
        return -1;
    return join_if_there(folder, "/share/loadgen", relative, out, out_bytes);
}

void paths_program(const char *name, char *out, size_t out_bytes)
{
    char folder[PATH_MAX];
    if (own_folder(1, folder, sizeof folder) == 0 && join_if_there(folder, "", name, out, out_bytes) == 0)
        return;
    snprintf(out, out_bytes, "%s", name);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Appends "; shipped are a, b, c" to the sentence. */
static void list_shipped(const char *folder, char *text, size_t text_bytes)
{
    char path[PATH_MAX];
    const char *names[64];
    size_t n = 0;
    DIR *dir = paths_data(folder, path, sizeof path) == 0 ? opendir(path) : NULL;

    for (struct dirent *entry; dir && n < 64 && (entry = readdir(dir));) {
        char *dot = strrchr(entry->d_name, '.');
        if (dot && strcmp(dot, ".yaml") == 0) {
            *dot = '\0';
            names[n] = strdup(entry->d_name);
            n += names[n] != NULL;
        }
    }
    if (dir)
        closedir(dir);
    qsort(names, n, sizeof names[0], compare_names);
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        if (used < text_bytes)
            used += (size_t)snprintf(text + used, text_bytes - used, "%s%s", i ? ", " : "; shipped are ",
                                     names[i]);
        free((void *)names[i]);
    }
}

int paths_shipped(const char *what, const char *folder, const char *given, char *out, size_t out_bytes,
                  struct err *e)
{
    char relative[PATH_MAX];
    char shipped[512];

    if (access(given, F_OK) == 0) {
        if ((size_t)snprintf(out, out_bytes, "%s", given) < out_bytes)
            return 0;
        return err_set(e, ERR_INPUT, "the path of the %s is too long", what);
    }
    if (!strchr(given, '/') &&
        (size_t)snprintf(relative, sizeof relative, "%s/%s.yaml", folder, given) < sizeof relative &&
        paths_data(relative, out, out_bytes) == 0)
        return 0;
    list_shipped(folder, shipped, sizeof shipped);
    return err_set(e, ERR_INPUT, "there is no %s '%s': neither a file of that name nor a shipped one%s", what,
                   given, shipped);
}
