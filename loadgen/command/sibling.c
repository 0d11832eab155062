#include "sibling.h"

#include "err.h"
#include "options.h"
#include "paths.h"
#include "stop.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const struct option_row no_rows[] = { { 0 } };

const struct command sibling_provision = {
    .name = "loadgen provision",
    .synopsis = "COMMAND ...",
    .summary = "Bring up instances behind a load balancer, here or on AWS, and take them down",
    .rows = no_rows,
};

const struct command sibling_analysis = {
    .name = "loadgen analysis",
    .synopsis = "COMMAND ...",
    .summary = "Turn results into statistics, figures and reports; compare runs",
    .rows = no_rows,
};

static int cannot_run(const char *path, int reason, struct err *e)
{
    return err_set(e, ERR_FAILED, "cannot run %s: %s", path,
                   reason == ENOENT ? "it is neither beside loadgen nor on PATH; install all of loadgen's "
                                      "programs (`make install`, or the package loadgen)"
                                    : strerror(reason));
}

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
    return cannot_run(path, reason, e);
}

int sibling_run_provision(int argc, char *const argv[], struct err *e)
{
    return become("loadgen-provision", argc, argv, e);
}

int sibling_run_analysis(int argc, char *const argv[], struct err *e)
{
    return become("loadgen-analysis", argc, argv, e);
}

/* A signal that ends this program also ends the sibling, which may have long to wait. */
static int wait_for(pid_t pid, int *status)
{
    stop_child(pid);
    const long ended = TEMP_FAILURE_RETRY(waitpid(pid, status, 0));
    stop_child(0);
    return ended < 0 ? -1 : 0;
}

int sibling_call(const char *const words[], bool is_silent, struct err *e)
{
    char program[PATH_MAX];
    pid_t pid;
    int status;
    posix_spawn_file_actions_t actions;

    paths_program(words[0], program, sizeof program);
    posix_spawn_file_actions_init(&actions);
    int error = is_silent ? posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0) : 0;
    if (error == 0)
        error = posix_spawnp(&pid, program, &actions, NULL, (char *const *)words, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error)
        return cannot_run(program, error, e);
    if (wait_for(pid, &status))
        return err_errno(e, ERR_FAILED, "cannot wait for %s", program);
    return WIFEXITED(status) ? WEXITSTATUS(status)
                             : err_set(e, ERR_FAILED, "%s was ended by a signal", program);
}
