#include "figures.h"

#include "dataset.h"
#include "err.h"
#include "files.h"

#include <stdio.h>

static const struct figure figures_of_run[] = {
    { "summary", figure_summary },
    { "spectrum", figure_spectrum },
    { "ecdf", figure_ecdf },
    { "bands", figure_bands },
    { "throughput", figure_throughput },
    { "instances", figure_instances },
    { "heatmap", figure_heatmap },
    { "violin", figure_violin },
    { "health", figure_health },
    { NULL, NULL },
};

int figures_write_data(const char *run_folder, FILE *say, struct err *e)
{
    struct dataset data = { 0 };
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/figures", run_folder);
    int status = dataset_open(&data, run_folder, e) || files_make_folders(folder, e) ? -1 : 0;
    for (const struct figure *f = figures_of_run; !status && f->name; f++) {
        char left_out[FIGURE_REASON_BYTES];
        const enum figure_result result = figure_make(f, &data, folder, left_out, e);
        if (result == FIGURE_LEFT_OUT)
            fprintf(say, "%s: left out: %s\n", f->name, left_out);
        status = result == FIGURE_FAILED ? err_prefix(e, "figure %s", f->name) : 0;
    }
    dataset_fini(&data);
    return status;
}
