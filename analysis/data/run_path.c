#include "run_path.h"

#include "err.h"
#include "options.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has_file(const char *folder, const char *name)
{
    char path[PATH_MAX];
    return (size_t)snprintf(path, sizeof path, "%s/%s", folder, name) < sizeof path &&
           access(path, F_OK) == 0;
}

bool run_path_is_name(const char *name)
{
    return *name && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

bool run_path_is_campaign(const char *folder)
{
    return has_file(folder, "campaign.json");
}

bool run_path_is_sweep(const char *folder)
{
    return has_file(folder, "loadcurve.csv");
}

static const char *check(const char *folder, struct err *e)
{
    struct stat status;
    if (stat(folder, &status)) {
        if (strcmp(folder, RUN_PATH_LATEST) == 0)
            err_set(e, ERR_INPUT, "there is no %s here yet; `loadgen run` makes one, or name a run folder",
                    RUN_PATH_LATEST);
        else
            err_errno(e, ERR_INPUT, "cannot open run folder %s", folder);
        return NULL;
    }
    if (!S_ISDIR(status.st_mode)) {
        err_set(e, ERR_INPUT, "%s is not a folder; a run folder such as %s was expected", folder,
                RUN_PATH_LATEST);
        return NULL;
    }
    return folder;
}

const char *run_path_one(const struct options_result *given, struct err *e)
{
    if (given->n_positional > 1) {
        err_set(e, ERR_INPUT, "one run folder is expected, not %zu", given->n_positional);
        return NULL;
    }
    return check(given->n_positional ? given->positional[0] : RUN_PATH_LATEST, e);
}
