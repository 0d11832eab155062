#include "analysis_manual.h"

#include "exit_code.h"

const struct command_note analysis_manual_environment[] = {
    { "LOADGEN_DATA_DIR",
      "folder of the styles of figures and reports, instead of the one that was installed" },
    { "NO_COLOR", "when set, nothing is coloured" },
    { 0 },
};

const struct command_note analysis_manual_files[] = {
    { "results/latest", "a link to the newest run's folder: what is read when none is given" },
    { "run.json, hist.hlog, intervals.csv", "in it: all that statistics are computed from" },
    { "report.html, report.tex, report.txt, figures/", "in it: what `report` and `figures` write" },
    { 0 },
};

const struct command_page analysis_manual_pages[] = {
    { "loadgen-results(5)", NULL, "every file of a run's folder, how numbers are judged and decided" },
    { 0 },
};

static const struct command_exit exits[] = {
    { EXIT_CODE_FAILED, "failed; or a figure could not be drawn" },
    { EXIT_CODE_THRESHOLD, "`compare --fail-if` found what it looks for; `merge` found a missed threshold" },
    { EXIT_CODE_INVALID, "what `compare` or `merge` decides on rests on what loadgen itself did" },
    { 0 },
};
static const char *const examples[] = {
    "loadgen analysis report",
    "loadgen analysis summary results/latest",
    "loadgen analysis export --format openmetrics",
    NULL,
};

const struct command analysis_manual_overview = {
    .exits = exits,
    .examples = examples,
    .files = analysis_manual_files,
    .environment = analysis_manual_environment,
    .pages = analysis_manual_pages,
};
