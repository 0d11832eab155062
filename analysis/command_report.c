/* `loadgen analysis report`: the figures that are stale, then the report as HTML, LaTeX and text. */
#include "commands.h"

#include "dataset.h"
#include "err.h"
#include "exit_code.h"
#include "figures.h"
#include "options.h"
#include "recompute.h"
#include "report.h"
#include "run_folder.h"
#include "text_out.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct option_row rows[] = { { 0 } };

const struct command command_report = {
    .name = "loadgen analysis report",
    .synopsis = "[FOLDER]",
    .summary = "Write the report of a run, campaign or sweep: HTML, LaTeX, text",
    .rows = rows,
    .details = "FOLDER is that of a run, a campaign or a sweep, results/latest if none is given. Figures "
               "that are stale are drawn first. The report is\n"
               "report.html, one page that needs no other file; report.tex, to be included in a LaTeX "
               "document; and report.txt.",
};

/* Draws; what the figures say about themselves becomes an owned text, for the report to repeat. */
static char *draw(const char *folder, struct err *e)
{
    struct text_out said;
    const int status = text_out_begin(&said) ? figures_write_data(folder, said.file, e) : 0;
    char *text = text_out_end(&said);
    if (text && status == 0 && figures_draw(folder, "svg,png,pdf,web", e) == 0)
        return text;
    if (!text && status == 0)
        err_set(e, ERR_FAILED, "out of memory for the report");
    free(text);
    return NULL;
}

/* What every number is linked to: a run that was cut off may lack the files that are computed. */
static int complete(const struct dataset *data, struct err *e)
{
    char path[REPORT_PATH_BYTES];
    snprintf(path, sizeof path, "%s/percentiles.csv", data->folder);
    return access(path, F_OK) ? recompute(data, data->folder, e) : 0;
}

static int write_all(struct report *report, struct err *e)
{
    if (report->has_deployment && *report->no_diagram)
        printf("diagram: left out: %s\n", report->no_diagram);
    return report_write_tex(report, e) || report_write_text(report, e) || report_write_page(report, e) ? -1
                                                                                                       : 0;
}

static int make_report(const char *folder, struct err *e)
{
    struct dataset data = { 0 };
    struct report report = { 0 };
    char *left_out = NULL;
    int status = dataset_open(&data, folder, e) || complete(&data, e) ? -1 : 0;
    if (status == 0)
        left_out = draw(folder, e);
    if (left_out)
        status = report_init(&report, &data, left_out, e) || write_all(&report, e) ? -1 : 0;
    else
        status = -1;
    report_fini(&report);
    dataset_fini(&data);
    return status;
}

/* A folder of many runs, by the file that only such a one has; else a run. */
static int make(const char *folder, struct err *e)
{
    const bool is_campaign = run_folder_is_campaign(folder);
    if (!is_campaign && !run_folder_is_sweep(folder))
        return make_report(folder, e);
    char *left_out = draw(folder, e);
    if (!left_out)
        return -1;
    return is_campaign ? report_write_campaign(folder, left_out, e) : report_write_sweep(folder, left_out, e);
}

int command_report_run(int argc, char *const argv[], struct err *e)
{
    struct {
        char none;
    } settings;
    struct options_result given = { 0 };
    int code = -1;
    if (!options_parse(&command_report, &settings, argc, argv, &given, e)) {
        const char *folder = run_folder_one(&given, e);
        if (folder && make(folder, e) == 0) {
            printf("%s/report.html\n", folder);
            code = EXIT_CODE_DONE;
        }
    }
    options_fini(&command_report, &settings, &given);
    return code;
}
