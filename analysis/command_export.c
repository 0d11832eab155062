/* `loadgen analysis export`: a run's numbers for other tools. */
#include "analysis_commands.h"
#include "analysis_manual.h"
#include "arms.h"
#include "dataset.h"
#include "err.h"
#include "exit_code.h"
#include "export.h"
#include "options.h"
#include "run_path.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum format { FORMAT_JSON, FORMAT_CSV, FORMAT_HGRM, FORMAT_OPENMETRICS };
static const char *const formats[] = { "json", "csv", "hgrm", "openmetrics", NULL };

struct settings {
    int format;
    const char *cluster;
    bool allow_partial;
};

static const struct option_row rows[] = {
    { OPTION("format", OPTION_CHOICE, struct settings, format), .value_name = "FORMAT", .fallback = "json",
      .choices = formats, .help = "csv holds histogram bins, hgrm percentiles as HdrHistogram prints them" },
    { OPTION("cluster", OPTION_TEXT, struct settings, cluster), .value_name = "NAME",
      .help = "hgrm: the cluster whose percentiles are printed, where the run has several" },
    { OPTION("allow-partial", OPTION_FLAG, struct settings, allow_partial),
      .help = "print what there is of a run whose hist.hlog lacks times that run.json counted" },
    { 0 },
};

static const char *const examples[] = {
    "loadgen analysis export > run.json",
    "loadgen analysis export results/latest --format openmetrics",
    NULL,
};

const struct command command_export = {
    .name = "loadgen analysis export",
    .synopsis = "[RUN] [OPTIONS]",
    .summary = "Print a run's numbers for other tools",
    .rows = rows,
    .details = "RUN is a run folder, results/latest if none is given. hist.hlog itself opens in every "
               "HdrHistogram tool.",
    .examples = examples,
    .files = analysis_manual_files,
    .environment = analysis_manual_environment,
    .pages = analysis_manual_pages,
};

static int print_hgrm(const struct dataset *data, const char *cluster, struct err *e)
{
    const size_t arm = cluster ? arms_index(data->arms, data->n_arms, cluster) : 0;
    if (arm == data->n_arms)
        return err_set(e, ERR_INPUT, "%s has no cluster '%s'", data->folder, cluster ? cluster : "");
    if (!cluster && data->n_arms > 1)
        return err_set(e, ERR_INPUT, "%s has %zu clusters; say which with --cluster, such as %s",
                       data->folder, data->n_arms, data->arms[0].cluster);
    export_hgrm(stdout, data, arm);
    return 0;
}

static int print(const struct dataset *data, const struct settings *settings, struct err *e)
{
    switch ((enum format)settings->format) {
    case FORMAT_JSON:
        return export_json(stdout, data, e);
    case FORMAT_CSV:
        export_csv(stdout, data);
        break;
    case FORMAT_HGRM:
        return print_hgrm(data, settings->cluster, e);
    case FORMAT_OPENMETRICS:
        export_openmetrics(stdout, data);
        break;
    }
    return 0;
}

int command_export_run(int argc, char *const argv[], struct err *e)
{
    struct settings settings = { 0 };
    struct options_result given = { 0 };
    struct dataset data = { 0 };
    int code = -1;
    if (!options_parse(&command_export, &settings, argc, argv, &given, e)) {
        const char *folder = run_path_one(&given, e);
        if (folder && !dataset_open(&data, folder, e) && (settings.allow_partial || !whole_times(&data, e)) &&
            !print(&data, &settings, e)) {
            whole_print(stderr, &data);
            code = EXIT_CODE_DONE;
        }
    }
    dataset_fini(&data);
    options_fini(&command_export, &settings, &given);
    return code;
}
