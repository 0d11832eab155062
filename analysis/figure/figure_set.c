#include "figure_set.h"

#include "comparison.h"
#include "dataset.h"
#include "err.h"
#include "files.h"
#include "run_path.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 4096 };

static const struct figure figures_of_run[] = {
    { "summary", figure_summary }, { "spectrum", figure_spectrum },     { "ecdf", figure_ecdf },
    { "bands", figure_bands },     { "throughput", figure_throughput }, { "instances", figure_instances },
    { "heatmap", figure_heatmap }, { "violin", figure_violin },         { "health", figure_health },
    { "ratio", figure_ratio },     { "cloudwatch", figure_cloudwatch }, { NULL, NULL },
};

static const struct figure figures_of_campaign[] = {
    { "ratio", figure_ratio },
    { "pairs", figure_pairs },
    { NULL, NULL },
};

static const struct figure figures_of_sweep[] = {
    { "loadcurve", figure_loadcurve },
    { NULL, NULL },
};

const struct figure *figure_set_of(const char *run_folder)
{
    if (run_path_is_campaign(run_folder))
        return figures_of_campaign;
    return run_path_is_sweep(run_folder) ? figures_of_sweep : figures_of_run;
}

static int write_figures(const struct figure *list, const struct dataset *data, const char *folder,
                         FILE *messages, struct err *e)
{
    for (const struct figure *f = list; f->name; f++) {
        char left_out[FIGURE_REASON_BYTES];
        const enum figure_result result = figure_make(f, data, folder, left_out, e);
        if (result == FIGURE_LEFT_OUT)
            fprintf(messages, "%s: left out: %s\n", f->name, left_out);
        if (result == FIGURE_FAILED)
            return err_prefix(e, "figure %s", f->name);
    }
    return 0;
}

static int write_campaign(const char *campaign, const char *folder, FILE *messages, struct err *e)
{
    struct comparison comparison = { 0 };
    int status = comparison_of_campaign(&comparison, campaign, e);
    if (!status)
        status = comparison_write(&comparison, campaign, e);
    const struct dataset data = { .comparison = &comparison };
    if (!status)
        status = write_figures(figures_of_campaign, &data, folder, messages, e);
    comparison_fini(&comparison);
    return status;
}

static int write_run(const char *run, const char *folder, FILE *messages, struct err *e)
{
    struct dataset data = { 0 };
    struct comparison comparison = { 0 };
    int status = dataset_open(&data, run, e);
    if (!status)
        whole_print(stderr, &data);
    if (!status && data.n_arms >= 2) {
        status = comparison_of_run(&comparison, &data, e);
        data.comparison = &comparison;
    }
    if (!status)
        status = write_figures(figures_of_run, &data, folder, messages, e);
    comparison_fini(&comparison);
    dataset_fini(&data);
    return status;
}

static int write_sweep(const char *sweep, const char *folder, FILE *messages, struct err *e)
{
    struct dataset data = { .folder = strdup(sweep) };
    const int status = data.folder ? write_figures(figures_of_sweep, &data, folder, messages, e)
                                   : err_set(e, ERR_FAILED, "out of memory while reading %s", sweep);
    free(data.folder);
    return status;
}

int figure_set_write(const char *run_folder, FILE *messages, struct err *e)
{
    char folder[PATH_BYTES];
    snprintf(folder, sizeof folder, "%s/figures", run_folder);
    if (files_make_folder(folder, e))
        return -1;
    if (run_path_is_campaign(run_folder))
        return write_campaign(run_folder, folder, messages, e);
    return run_path_is_sweep(run_folder) ? write_sweep(run_folder, folder, messages, e)
                                         : write_run(run_folder, folder, messages, e);
}
