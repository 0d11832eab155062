/* `loadgen analysis report`: draws stale figures, then writes the report as HTML, LaTeX and text. */
#include "analysis_commands.h"
#include "analysis_manual.h"

#include "dataset.h"
#include "dataset_derived.h"
#include "err.h"
#include "exit_code.h"
#include "figure_draw.h"
#include "figure_set.h"
#include "options.h"
#include "report.h"
#include "run_path.h"
#include "term.h"
#include "text_out.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct option_row rows[] = { { 0 } };

static const struct command_exit exits[] = {
    { EXIT_CODE_FAILED, "failed; or gnuplot failed on a figure" },
    { 0 },
};
static const char *const examples[] = {
    "loadgen analysis report",
    "loadgen analysis report results/m4-against-t2",
    NULL,
};

const struct command command_report = {
    .name = "loadgen analysis report",
    .synopsis = "[FOLDER]",
    .summary = "Write the report of a run, campaign or sweep: HTML, LaTeX, text",
    .rows = rows,
    .details = "FOLDER is that of a run, a campaign or a sweep, results/latest if none is given. Figures "
               "that are stale are drawn first. The report is\n"
               "report.html, one page that needs no other file; report.tex, to be included in a LaTeX "
               "document; and report.txt.",
    .exits = exits,
    .examples = examples,
    .files = analysis_manual_files,
    .environment = analysis_manual_environment,
    .pages = analysis_manual_pages,
};

/* Draws the figures. FIGURE_DRAW_FAILED when no report can be made; else `drawn` holds what is missing,
 * and why. */
static enum figure_drawn draw(const char *folder, struct report_drawn *drawn, struct err *e)
{
    struct text_out said;
    struct err lacking = { ERR_NONE, "" };
    enum figure_drawn result = FIGURE_DRAW_FAILED;
    if (!text_out_begin(&said))
        err_set(&lacking, ERR_FAILED, "out of memory for the report");
    else if (figure_set_write(folder, said.file, &lacking) == 0)
        result = figure_draw(folder, "svg,png,pdf,web", said.file, &lacking);
    drawn->left_out = text_out_end(&said);
    if (result != FIGURE_DRAW_FAILED && !drawn->left_out) {
        err_set(&lacking, ERR_FAILED, "out of memory for the report");
        result = FIGURE_DRAW_FAILED;
    }
    if (result == FIGURE_DRAW_FAILED)
        *e = lacking;
    else if (result != FIGURE_DRAW_WHOLE)
        snprintf(drawn->lacks, sizeof drawn->lacks, "%s", lacking.text);
    return result;
}

/* Writes the derived files, which the report links, when a run that was cut off lacks them. */
static int complete(const struct dataset *data, struct err *e)
{
    char path[REPORT_PATH_BYTES];
    snprintf(path, sizeof path, "%s/percentiles.csv", data->folder);
    return access(path, F_OK) ? dataset_derived_write(data, data->folder, e) : 0;
}

static int write_all(struct report *report, struct err *e)
{
    if (report->has_deployment && *report->no_diagram)
        printf("diagram: left out: %s\n", report->no_diagram);
    return report_write_tex(report, e) || report_write_text(report, e) || report_write_page(report, e) ? -1
                                                                                                       : 0;
}

static enum figure_drawn make_report(const char *folder, struct report_drawn *drawn, struct err *e)
{
    struct dataset data = { 0 };
    struct report report = { 0 };
    enum figure_drawn result = FIGURE_DRAW_FAILED;
    if (!dataset_open(&data, folder, e) && !complete(&data, e))
        result = draw(folder, drawn, e);
    if (result != FIGURE_DRAW_FAILED && (report_init(&report, &data, drawn, e) || write_all(&report, e)))
        result = FIGURE_DRAW_FAILED;
    report_fini(&report);
    dataset_fini(&data);
    return result;
}

/* Writes the report of a campaign, a sweep or a run, told apart by their files. */
static enum figure_drawn make(const char *folder, struct report_drawn *drawn, struct err *e)
{
    const bool is_campaign = run_path_is_campaign(folder);
    if (!is_campaign && !run_path_is_sweep(folder))
        return make_report(folder, drawn, e);
    const enum figure_drawn result = draw(folder, drawn, e);
    if (result == FIGURE_DRAW_FAILED)
        return result;
    const int status =
        is_campaign ? report_write_campaign(folder, drawn, e) : report_write_sweep(folder, drawn, e);
    return status ? FIGURE_DRAW_FAILED : result;
}

/* A report without figures is a success when gnuplot is missing, and a failure when gnuplot fails. */
static int make_and_print(const char *folder, struct err *e)
{
    struct report_drawn drawn = { 0 };
    const enum figure_drawn result = make(folder, &drawn, e);
    free(drawn.left_out);
    if (result == FIGURE_DRAW_FAILED)
        return -1;
    term_name(stdout, folder);
    puts("/report.html");
    if (result == FIGURE_DRAW_LACKING)
        return err_set(e, ERR_FAILED, "the report was written, but figures are missing: %s", drawn.lacks);
    if (result == FIGURE_DRAW_NO_GNUPLOT)
        fprintf(stderr, "loadgen analysis: the report was written, but figures are missing: %s\n",
                drawn.lacks);
    return EXIT_CODE_DONE;
}

int command_report_run(int argc, char *const argv[], struct err *e)
{
    struct {
        char none;
    } settings;
    struct options_result given = { 0 };
    int code = -1;
    if (!options_parse(&command_report, &settings, argc, argv, &given, e)) {
        const char *folder = run_path_one(&given, e);
        if (folder)
            code = make_and_print(folder, e);
    }
    options_fini(&command_report, &settings, &given);
    return code;
}
