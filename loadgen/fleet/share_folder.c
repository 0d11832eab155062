#include "share_folder.h"

#include "clock.h"
#include "err.h"
#include "files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES_ROOM = 512 }; /* for the names below the local folder */

static int absolute(const char *path, char out[static PATH_MAX], struct err *e)
{
    char here[PATH_MAX] = "";
    if (*path != '/' && !getcwd(here, sizeof here))
        return err_errno(e, ERR_FAILED, "cannot find the current folder");
    if ((size_t)snprintf(out, PATH_MAX, "%s%s%s", here, *here ? "/" : "", path) >= PATH_MAX - NAMES_ROOM)
        return err_set(e, ERR_INPUT, "the path given with --local is too long");
    return 0;
}

int share_folder_name(const char *local, const char *name, char out[static PATH_MAX], struct err *e)
{
    char base[PATH_MAX], time[CLOCK_UTC_TEXT_BYTES];
    uint32_t random = 0;
    const char *temporary = getenv("TMPDIR");
    if (!local)
        local = temporary && *temporary ? temporary : "/tmp";
    if (!*local)
        return err_set(e, ERR_INPUT, "the path given with --local is empty");
    if (absolute(local, base, e))
        return -1;
    if (getrandom(&random, sizeof random, 0) != sizeof random)
        return err_errno(e, ERR_FAILED, "cannot draw a random name");
    clock_utc_name(clock_realtime_ns(), time);
    snprintf(out, PATH_MAX, "%.*s/loadgen-%s-%.*s-%08x", PATH_MAX - NAMES_ROOM, base, time, NAMES_ROOM / 2,
             name, random);
    return 0;
}

int share_folder_make(const char *all, struct err *e)
{
    char parent[PATH_MAX];
    snprintf(parent, sizeof parent, "%.*s", (int)(strrchr(all, '/') - all), all);
    if (*parent && files_make_folders(parent, e))
        return -1;
    if (mkdir(all, 0700) && errno != EEXIST)
        return err_errno(e, ERR_FAILED, "cannot make the folder of the shares %s", all);
    return 0;
}

const char *share_folder_of(const char *all, uint32_t rank, char out[static PATH_MAX])
{
    snprintf(out, PATH_MAX, "%.*s/share-%u", PATH_MAX - 32, all, rank + 1);
    return out;
}

void share_folder_remove(const char *all, uint32_t rank)
{
    char path[PATH_MAX];
    struct err ignored;
    files_remove_tree(share_folder_of(all, rank, path), &ignored);
    rmdir(all);
}
