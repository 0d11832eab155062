/* `loadgen analysis summary`: the terminal view of a run folder. */
#include "analysis_commands.h"
#include "analysis_manual.h"
#include "comparison.h"
#include "dataset.h"
#include "err.h"
#include "exit_code.h"
#include "options.h"
#include "run_path.h"
#include "summary_outputs.h"
#include "summary_view.h"
#include "term.h"

#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

static const struct option_row rows[] = {
    { OPTION("json", OPTION_FLAG, struct summary_outputs, json),
      .help = "print the result as one JSON object, and nothing else on stdout" },
    { OPTION("junit", OPTION_TEXT, struct summary_outputs, junit_file), .value_name = "FILE",
      .help = "write the thresholds as JUnit XML; - is stdout, instead of the table" },
    { OPTION("markdown", OPTION_TEXT, struct summary_outputs, markdown_file), .value_name = "FILE",
      .help = "write the table and the thresholds as Markdown; - is stdout, instead of the table" },
    { 0 },
};

static const char *const examples[] = {
    "loadgen analysis summary",
    "loadgen analysis summary results/fleet --junit thresholds.xml",
    NULL,
};

const struct command command_summary = {
    .name = "loadgen analysis summary",
    .synopsis = "[RUN] [OPTIONS]",
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

static int summarise_run(const char *folder, const struct summary_outputs *outputs, struct err *e)
{
    struct dataset data = { 0 };
    int status = dataset_open(&data, folder, e);
    if (status == 0 && !summary_outputs_use_stdout(outputs))
        status = summary_view(stdout, &data, folder, e);
    if (status == 0)
        status = summary_outputs_write(outputs, &data, e);
    dataset_fini(&data);
    return status;
}

/* Prints the campaign's comparison; its runs one by one are no answer. */
static int summarise_campaign(const char *folder, const struct options_result *given, struct err *e)
{
    if (given->n_given > 0)
        return err_set(e, ERR_INPUT, "%s is a campaign, and these options are for one run", folder);
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

static int summarise(const struct summary_outputs *outputs, const struct options_result *given, struct err *e)
{
    const char *folder = run_path_one(given, e);
    if (!folder || summary_outputs_check(outputs, e))
        return -1;
    return run_path_is_campaign(folder) ? summarise_campaign(folder, given, e)
                                        : summarise_run(folder, outputs, e);
}

int command_summary_run(int argc, char *const argv[], struct err *e)
{
    struct summary_outputs outputs = { 0 };
    struct options_result given = { 0 };
    int code = -1;
    if (!options_parse(&command_summary, &outputs, argc, argv, &given, e) && !summarise(&outputs, &given, e))
        code = EXIT_CODE_DONE;
    options_fini(&command_summary, &outputs, &given);
    return code;
}
