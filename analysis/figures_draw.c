#include "figures.h"

#include "err.h"
#include "paths.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>

extern char **environ;

enum { ARGUMENT_BYTES = 4096 };

int figures_draw(const char *run_folder, const char *formats, struct err *e)
{
    char makefile[ARGUMENT_BYTES], run[ARGUMENT_BYTES], wanted[ARGUMENT_BYTES];
    if (paths_data("Makefile.plots", makefile, sizeof makefile))
        return err_set(e, ERR_FAILED, "Makefile.plots is neither beside the sources nor in the installation");
    snprintf(run, sizeof run, "RUN=%s", run_folder);
    snprintf(wanted, sizeof wanted, "FORMATS=%s", formats);
    const char *argv[] = {
        "make", "--no-print-directory", "-s", "-f", makefile, run, wanted, "pictures", NULL
    };
    pid_t pid;
    errno = posix_spawnp(&pid, "make", NULL, NULL, (char *const *)argv, environ);
    if (errno)
        return err_errno(e, ERR_FAILED, "cannot start make, which draws the figures");
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return err_errno(e, ERR_FAILED, "cannot wait for make");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return err_set(e, ERR_FAILED, "drawing the figures failed; gnuplot 5.4 or later must be installed");
    return 0;
}
