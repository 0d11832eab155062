#include "manual.h"

#include "exit_code.h"

const struct command_note manual_environment[] = {
    { "LOADGEN_DATA_DIR",
      "folder of the shipped scenarios and topologies, instead of the one that was installed" },
    { "NO_COLOR", "when set, nothing is coloured" },
    { "TERM", "dumb: nothing is coloured, and no line is rewritten" },
    { 0 },
};

const struct command_note manual_files[] = {
    { "results/<time>-<name>/", "the folder of a run, unless `--out` names another: see loadgen-results(5)" },
    { "results/latest", "a link to the newest of them" },
    { "results/deployment.json", "what `loadgen provision up` brought up: the target `deployment`" },
    { 0 },
};

const struct command_page manual_pages[] = {
    { "loadgen-scenario(5)", "loadgen/scenarios/README.md", "every key of a scenario file" },
    { "loadgen-results(5)", NULL, "every file of a run's folder" },
    { 0 },
};

static const struct command_exit exits[] = {
    { EXIT_CODE_FAILED, "failed; or no measured request was sent or succeeded" },
    { EXIT_CODE_THRESHOLD, "a threshold was missed, or a comparison found what `--fail-if` looks for" },
    { EXIT_CODE_INVALID, "a threshold or a decision rests on what loadgen itself did" },
    { EXIT_CODE_INTERRUPTED, "interrupted; partial results are written" },
    { 0 },
};

static const char *const examples[] = {
    "loadgen http://127.0.0.1:8080/ -c 64 -d 10s",
    "loadgen http://127.0.0.1:8080/ --rate 500/s --threshold 'p99 < 250ms'",
    "loadgen provision up; loadgen run demo; loadgen analysis report",
    "loadgen provision down",
    NULL,
};

const struct command manual_overview = {
    .synopsis = "URL [OPTION...]",
    .exits = exits,
    .examples = examples,
    .files = manual_files,
    .environment = manual_environment,
    .pages = manual_pages,
};
