#include "sibling.h"

#include "err.h"
#include "options.h"
#include "paths.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct option_row no_rows[] = { { 0 } };

const struct command sibling_provision = {
    .name = "loadgen provision",
    .synopsis = "COMMAND ...",
    .summary = "Bring instances and their load balancer up, and take them down",
    .rows = no_rows,
};

const struct command sibling_analysis = {
    .name = "loadgen analysis",
    .synopsis = "COMMAND ...",
    .summary = "Turn results into statistics, figures and reports",
    .rows = no_rows,
};

static int become(const char *name, int argc, char *const argv[], struct err *e)
{
    char path[PATH_MAX];
    const char **words = calloc((size_t)argc + 2, sizeof *words);
    if (!words)
        return err_set(e, ERR_FAILED, "out of memory");
    words[0] = name;
    for (int i = 0; i < argc; i++)
        words[i + 1] = argv[i];
    paths_program(name, path, sizeof path);
    execvp(path, (char *const *)words);
    const int reason = errno;
    free(words);
    return err_set(e, ERR_FAILED, "cannot run %s: %s%s", path, strerror(reason),
                   reason == ENOENT ? "; it is neither beside loadgen nor on PATH" : "");
}

int sibling_run_provision(int argc, char *const argv[], struct err *e)
{
    return become("loadgen-provision", argc, argv, e);
}

int sibling_run_analysis(int argc, char *const argv[], struct err *e)
{
    return become("loadgen-analysis", argc, argv, e);
}
