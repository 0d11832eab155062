/* `loadgen analysis figures`: writes the data of the figures and draws them. */
#include "analysis_commands.h"
#include "analysis_manual.h"

#include "err.h"
#include "exit_code.h"
#include "figure_draw.h"
#include "figure_set.h"
#include "options.h"
#include "run_path.h"

#include <stddef.h>
#include <stdio.h>

struct settings {
    bool data_only;
    const char *formats;
};

static const struct option_row rows[] = {
    { OPTION("data", OPTION_FLAG, struct settings, data_only),
      .help = "write the CSV and caption of each figure, and draw nothing" },
    { OPTION("formats", OPTION_TEXT, struct settings, formats), .value_name = "LIST",
      .fallback = "svg,png,pdf,tex,web",
      .help = "what to draw: svg, png (with caption); pdf, tex (cairolatex), web (without)" },
    { 0 },
};

static const struct command_exit exits[] = {
    { EXIT_CODE_FAILED, "failed; or a figure could not be drawn" },
    { 0 },
};
static const char *const examples[] = {
    "loadgen analysis figures --formats svg",
    "loadgen analysis figures results/latest --data",
    NULL,
};

const struct command command_figures = {
    .name = "loadgen analysis figures",
    .synopsis = "[RUN] [OPTIONS]",
    .summary = "Draw the figures of a run folder that are stale",
    .rows = rows,
    .details = "RUN is a run folder, results/latest if none is given. Each figure is drawn from "
               "figures/NAME.csv, which is\n"
               "written first, by gnuplot 5.4 or later. A figure for which the run has no data is left out, "
               "with the reason.",
    .exits = exits,
    .examples = examples,
    .files = analysis_manual_files,
    .environment = analysis_manual_environment,
    .pages = analysis_manual_pages,
};

int command_figures_run(int argc, char *const argv[], struct err *e)
{
    struct settings settings = { 0 };
    struct options_result given = { 0 };
    int code = -1;
    if (options_parse(&command_figures, &settings, argc, argv, &given, e))
        goto done;
    const char *folder = figure_draw_check_formats(settings.formats, e) ? NULL : run_path_one(&given, e);
    if (!folder || figure_set_write(folder, stdout, e))
        goto done;
    if (settings.data_only || figure_draw(folder, settings.formats, stdout, e) == FIGURE_DRAW_WHOLE)
        code = EXIT_CODE_DONE;
done:
    options_fini(&command_figures, &settings, &given);
    return code;
}
