#include "results_folder.h"

#include "clock.h"
#include "err.h"
#include "files.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum {
    SAME_SECOND_MOST = 100,
    FILE_NAME_ROOM = 64, /* for the names of files in it */
};

static int cannot(const char *folder, struct err *e)
{
    if (errno == EEXIST)
        return err_set(e, ERR_INPUT, "the results folder %s exists already; name another, or remove it",
                       folder);
    return err_errno(e, ERR_FAILED, "cannot make the results folder %s", folder);
}

/* Makes the parents of the folder. */
static int make_parents(const char *folder, struct err *e)
{
    char parent[PATH_MAX];
    size_t length = strlen(folder);
    if (length == 0 || length >= PATH_MAX - FILE_NAME_ROOM)
        return err_set(e, ERR_INPUT, "the path of the results folder is %s", length ? "too long" : "empty");
    while (length > 0 && folder[length - 1] == '/')
        length--;
    while (length > 0 && folder[length - 1] != '/')
        length--;
    if (length == 0)
        return 0;
    snprintf(parent, sizeof parent, "%.*s", (int)length, folder);
    return files_make_folders(parent, e);
}

int results_folder_make(const char *folder, struct err *e)
{
    if (make_parents(folder, e))
        return -1;
    return mkdir(folder, 0777) ? cannot(folder, e) : 0;
}

int results_folder_make_new(const char *name, uint64_t realtime_ns, char *out, size_t out_bytes,
                            struct err *e)
{
    char time[CLOCK_UTC_TEXT_BYTES];
    clock_utc_name(realtime_ns, time);
    if (files_make_folders("results", e))
        return -1;
    for (int i = 1; i <= SAME_SECOND_MOST; i++) {
        if (i == 1)
            snprintf(out, out_bytes, "results/%s-%s", time, name);
        else
            snprintf(out, out_bytes, "results/%s-%s-%d", time, name, i);
        if (mkdir(out, 0777) == 0)
            return 0;
        if (errno != EEXIST)
            return cannot(out, e);
    }
    return err_set(e, ERR_FAILED, "there are already %d results folders of this second", SAME_SECOND_MOST);
}

int results_folder_of(const char *wanted, const char *name, char *out, size_t out_bytes, struct err *e)
{
    if (!wanted)
        return results_folder_make_new(name, clock_realtime_ns(), out, out_bytes, e);
    if ((size_t)snprintf(out, out_bytes, "%s", wanted) >= out_bytes)
        return err_set(e, ERR_INPUT, "the path given with --out is too long");
    return results_folder_make(out, e);
}
