/* `loadgen analysis recompute`: writes the derived CSV files again from run.json and hist.hlog. */
#include "analysis_commands.h"
#include "analysis_manual.h"
#include "dataset.h"
#include "dataset_derived.h"
#include "err.h"
#include "exit_code.h"
#include "files.h"
#include "options.h"
#include "run_path.h"

#include <stddef.h>

struct settings {
    const char *out;
};

static const struct option_row rows[] = {
    { OPTION("out", OPTION_TEXT, struct settings, out), .letter = 'o', .value_name = "DIR",
      .help = "folder to write to (default: the run folder)" },
    { 0 },
};

static const char *const examples[] = {
    "loadgen analysis recompute results/latest --out /tmp/again",
    NULL,
};

const struct command command_recompute = {
    .name = "loadgen analysis recompute",
    .synopsis = "[RUN] [OPTIONS]",
    .summary = "Write percentiles.csv, instances.csv, phases.csv and checks.csv again",
    .rows = rows,
    .details = "RUN is a run folder, results/latest if none is given. The files come out of run.json and "
               "hist.hlog alone and are\n"
               "the same, byte for byte, as those that the run wrote. A log that lacks times that run.json "
               "counted is "
               "refused.",
    .examples = examples,
    .files = analysis_manual_files,
    .environment = analysis_manual_environment,
    .pages = analysis_manual_pages,
};

int command_recompute_run(int argc, char *const argv[], struct err *e)
{
    struct settings settings = { 0 };
    struct options_result given = { 0 };
    struct dataset data = { 0 };
    int code = -1;
    if (!options_parse(&command_recompute, &settings, argc, argv, &given, e)) {
        const char *folder = run_path_one(&given, e);
        if (folder && !dataset_open(&data, folder, e) && !whole_times(&data, e) &&
            (!settings.out || !files_make_folders(settings.out, e)) &&
            !dataset_derived_write(&data, settings.out ? settings.out : folder, e))
            code = EXIT_CODE_DONE;
    }
    dataset_fini(&data);
    options_fini(&command_recompute, &settings, &given);
    return code;
}
