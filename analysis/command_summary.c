/* `loadgen analysis summary`: the terminal view of a run folder. */
#include "commands.h"
#include "dataset.h"
#include "err.h"
#include "exit_code.h"
#include "options.h"
#include "run_folder.h"
#include "summary.h"

#include <stddef.h>

static const struct option_row rows[] = { { 0 } };

const struct command command_summary = {
    .name = "loadgen analysis summary",
    .synopsis = "[RUN]",
    .summary = "Show a run folder on the terminal",
    .rows = rows,
    .details = "RUN is a run folder, results/latest if none is given. Times are those of successful requests "
               "outside of warm-up.",
};

int command_summary_run(int argc, char *const argv[], struct err *e)
{
    struct {
        char none;
    } settings;
    struct options_result given = { 0 };
    struct dataset data = { 0 };
    int code = -1;
    if (!options_parse(&command_summary, &settings, argc, argv, &given, e)) {
        const char *folder = run_folder_one(&given, e);
        if (folder && !dataset_open(&data, folder, e))
            code = summary_print(stdout, &data) ? err_set(e, ERR_FAILED, "out of memory") : EXIT_CODE_DONE;
    }
    dataset_fini(&data);
    options_fini(&command_summary, &settings, &given);
    return code;
}
