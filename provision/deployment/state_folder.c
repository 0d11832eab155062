#include "state_folder.h"

#include "err.h"
#include "files.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* In a folder for all, another user may have made ours. */
static bool is_our_folder(const char *path)
{
    struct stat is;
    return lstat(path, &is) == 0 && S_ISDIR(is.st_mode) && is.st_uid == geteuid();
}

/* NULL unless the folder can be made and written to. */
static char *path_under(const char *parent, const char *folder, const char *name, bool is_shared)
{
    char *path;
    struct err ignored;
    if (!parent || *parent != '/')
        return NULL;
    if (asprintf(&path, "%s%s/%s", parent, folder, name) < 0)
        return NULL;
    char *slash = strrchr(path, '/');
    *slash = '\0';
    const bool is_usable = files_make_folders(path, &ignored) == 0 && access(path, W_OK | X_OK) == 0 &&
                           (!is_shared || is_our_folder(path));
    *slash = '/';
    if (is_usable)
        return path;
    free(path);
    return NULL;
}

char *state_folder_file(const char *name)
{
    char shared[40]; /* other users have folders of their own in a folder for all */
    char *path = path_under(getenv("XDG_STATE_HOME"), "/loadgen", name, false);
    path = path ? path : path_under(getenv("HOME"), "/.local/state/loadgen", name, false);
    snprintf(shared, sizeof shared, "/loadgen-%lu", (unsigned long)getuid());
    path = path ? path : path_under(getenv("TMPDIR"), shared, name, true);
    return path ? path : path_under("/tmp", shared, name, true);
}
