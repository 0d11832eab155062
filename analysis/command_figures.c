/* `loadgen analysis figures`: the data of the figures, then the pictures, through Makefile.plots. */
#include "commands.h"

#include "err.h"
#include "exit_code.h"
#include "figures.h"
#include "options.h"
#include "paths.h"
#include "run_folder.h"

#include <errno.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { ARGUMENT_BYTES = 4096 };

struct settings {
    bool data_only;
    const char *formats;
};

static const struct option_row rows[] = {
    { .name = "data",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct settings, data_only),
      .help = "write the CSV and caption of each figure, and draw nothing" },
    { .name = "formats",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct settings, formats),
      .value_name = "LIST",
      .fallback = "svg,png,pdf,tex,web",
      .help = "what to draw: svg, png, pdf, tex (cairolatex), web (small, no caption)" },
    { 0 },
};

const struct command command_figures = {
    .name = "loadgen analysis figures",
    .synopsis = "[RUN] [OPTIONS]",
    .summary = "Draw the figures of a run folder that are stale",
    .rows = rows,
    .details = "RUN is a run folder, results/latest if none is given. Each figure is drawn from "
               "figures/NAME.csv, which is\n"
               "written first. A figure for which the run has no data is left out, and the reason is said.",
};

/* Runs make, which knows which pictures are older than their data. */
static int draw(const char *folder, const char *formats, struct err *e)
{
    char makefile[ARGUMENT_BYTES], run[ARGUMENT_BYTES], wanted[ARGUMENT_BYTES];
    if (paths_data("Makefile.plots", makefile, sizeof makefile))
        return err_set(e, ERR_FAILED, "Makefile.plots is neither beside the sources nor in the installation");
    snprintf(run, sizeof run, "RUN=%s", folder);
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

int command_figures_run(int argc, char *const argv[], struct err *e)
{
    struct settings settings = { 0 };
    struct options_result given = { 0 };
    int code = -1;
    if (options_parse(&command_figures, &settings, argc, argv, &given, e))
        goto done;
    const char *folder = run_folder_one(&given, e);
    if (!folder || figures_write_data(folder, stdout, e))
        goto done;
    if (settings.data_only || !draw(folder, settings.formats, e))
        code = EXIT_CODE_DONE;
done:
    options_fini(&command_figures, &settings, &given);
    return code;
}
