/* `loadgen analysis summary`: the terminal view of a run folder. */
#include "analysis_commands.h"
#include "analysis_manual.h"
#include "comparison.h"
#include "dataset.h"
#include "err.h"
#include "exit_code.h"
#include "options.h"
#include "run_path.h"
#include "summary_view.h"
#include "term.h"

#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

static const struct option_row rows[] = { { 0 } };

static const char *const examples[] = {
    "loadgen analysis summary",
    NULL,
};

const struct command command_summary = {
    .name = "loadgen analysis summary",
    .synopsis = "[RUN]",
    .summary = "Show a run folder on the terminal",
    .rows = rows,
    .details =
        "RUN is a run folder, results/latest if none is given. Percentiles are of all attempts outside of "
        "warm-up: a\n"
        "failure ranks above every success. Of a campaign's folder the comparison is shown.",
    .examples = examples,
    .files = analysis_manual_files,
    .environment = analysis_manual_environment,
    .pages = analysis_manual_pages,
};

static int summarise_run(const char *folder, struct err *e)
{
    struct dataset data = { 0 };
    const int status = dataset_open(&data, folder, e) ? -1 : summary_view(stdout, &data, folder, e);
    dataset_fini(&data);
    return status;
}

/* Prints the campaign's comparison; its runs one by one are no answer. */
static int summarise_campaign(const char *folder, struct err *e)
{
    struct comparison c = { 0 };
    int status = comparison_of_campaign(&c, folder, e);
    if (status == 0 && comparison_print(stdout, &c, isatty(STDOUT_FILENO)))
        status = err_set(e, ERR_FAILED, "out of memory");
    if (status == 0) {
        printf("  %-12s ", "results");
        term_next(stdout, folder, "loadgen analysis report");
    }
    comparison_fini(&c);
    return status;
}

int command_summary_run(int argc, char *const argv[], struct err *e)
{
    struct {
        char none;
    } settings;
    struct options_result given = { 0 };
    int code = -1;
    if (!options_parse(&command_summary, &settings, argc, argv, &given, e)) {
        const char *folder = run_path_one(&given, e);
        if (folder &&
            !(run_path_is_campaign(folder) ? summarise_campaign(folder, e) : summarise_run(folder, e)))
            code = EXIT_CODE_DONE;
    }
    options_fini(&command_summary, &settings, &given);
    return code;
}
