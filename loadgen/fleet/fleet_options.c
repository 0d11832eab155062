#include "fleet_options.h"

#include "campaign_options.h"
#include "exit_code.h"
#include "foreign_options.h"
#include "manual.h"
#include "sweep_options.h"

static const char group_fleet[] = "Fleet";

static const struct option_row fleet_rows[] = {
    { OPTION("local", OPTION_TEXT, struct run_options, local), .value_name = "DIR", .group = group_fleet,
      .help =
          "folder on each machine for the files of a run until they are merged (default $TMPDIR, or /tmp)" },
    { OPTION("allow-missing", OPTION_COUNT, struct run_options, allow_missing), .value_name = "N",
      .most = 100000, .help = "accept a result that lacks up to N generators" },
    { 0 },
};

static const struct command_exit exits[] = {
    { EXIT_CODE_DONE, "done, and every threshold held" },
    { EXIT_CODE_FAILED, "failed; or no measured request was sent or succeeded; or MPI failed" },
    { EXIT_CODE_THRESHOLD, "a threshold was missed" },
    { EXIT_CODE_INVALID, "a generator is missing, or a threshold rests on what the generators did" },
    { EXIT_CODE_INTERRUPTED, "interrupted; partial results are written" },
    { 0 },
};
static const char *const examples[] = {
    "mpirun --map-by ppr:1:node --bind-to none loadgen-fleet http://10.0.1.7:8080/ --rate 100k/s -d 1m",
    "srun --mpi=pmix -N8 --ntasks-per-node=1 loadgen-fleet tp1.yaml",
    NULL,
};

const struct command fleet_overview = {
    .synopsis = "SCENARIO | URL [OPTION...]",
    .exits = exits,
    .examples = examples,
    .files = manual_files,
    .environment = manual_environment,
    .pages = manual_pages,
};

const struct command fleet_run_command = {
    .name = "loadgen-fleet run",
    .synopsis = "SCENARIO | URL [OPTION...]",
    .summary = "Send one scenario from many machines, a share each, and write one result",
    .rows = fleet_rows,
    .shared = { run_url_rows, run_load_rows, run_result_rows, run_network_rows, run_shared_rows },
    .elsewhere = foreign_options,
    .details = "MPI starts the generators, one on each machine: mpirun, mpiexec or srun. The load that is "
               "asked for is that of all together. Only the first reads files, and it writes the result.",
    .exits = exits,
    .examples = examples,
    .files = manual_files,
    .environment = manual_environment,
    .pages = manual_pages,
};

/* --- many runs --- */

#define EACH_RUN                                                                                             \
    "Each run is made by all generators together, and its result is one run folder. The first generator "    \
    "decides what is run next. The command ends when a generator is lost"

static const struct command_exit sweep_exits[] = {
    { EXIT_CODE_DONE, "done: the limit of every cluster was found, or --to ended the search" },
    { EXIT_CODE_FAILED, "failed, also because a generator was lost" },
    { EXIT_CODE_INVALID, "the generators themselves were the limit" },
    { EXIT_CODE_INTERRUPTED, "interrupted; the steps so far are written" },
    { 0 },
};
static const char *const sweep_examples[] = {
    "mpirun --map-by ppr:1:node --bind-to none loadgen-fleet sweep http://10.0.1.7:8080/ --to 1M/s",
    NULL,
};

static const struct command_note sweep_files[] = {
    { "results/<time>-sweep-<name>/", "the sweep's folder, unless `--out` names another" },
    { "loadcurve.csv", "in it: latency against load" },
    { 0 },
};

const struct command fleet_sweep_command = {
    .name = "loadgen-fleet sweep",
    .synopsis = "SCENARIO | URL [OPTION...]",
    .summary = "Find the highest rate that a URL, or each cluster, sustains from many machines",
    .rows = fleet_rows,
    .shared = { sweep_rows, run_url_rows, run_network_rows, run_shared_rows },
    .elsewhere = foreign_options,
    .details = EACH_RUN "; the steps so far are written.\n\nThe search is that of `loadgen sweep`.",
    .exits = sweep_exits,
    .examples = sweep_examples,
    .files = sweep_files,
    .environment = manual_environment,
    .pages = manual_pages,
};

static const struct command_exit campaign_exits[] = {
    { EXIT_CODE_DONE, "done: the comparison was printed, whatever it found" },
    { EXIT_CODE_FAILED, "failed, also because a generator was lost; --resume continues" },
    { EXIT_CODE_INVALID, "what the campaign decides on rests on what the generators did" },
    { EXIT_CODE_INTERRUPTED, "interrupted; --resume continues" },
    { 0 },
};
static const char *const campaign_examples[] = {
    "mpirun --map-by ppr:1:node --bind-to none loadgen-fleet campaign tp1.yaml --out results/m4-against-t2",
    "mpirun --map-by ppr:1:node --bind-to none loadgen-fleet campaign --resume results/m4-against-t2",
    NULL,
};

static const struct command_note campaign_files[] = {
    { "results/<time>-campaign-<name>/", "the campaign's folder, unless `--out` names another" },
    { "compare.csv, pairs.csv", "in it: what is decided, and every pair" },
    { 0 },
};

const struct command fleet_campaign_command = {
    .name = "loadgen-fleet campaign",
    .synopsis = "SCENARIO | URL URL [OPTION...]",
    .summary = "Compare two URLs or clusters by pairs of runs from many machines",
    .rows = fleet_rows,
    .shared = { campaign_rows, run_url_rows, run_load_rows, run_network_rows, run_shared_rows },
    .elsewhere = foreign_options,
    .details = EACH_RUN "; --resume then continues with as many generators as\n"
                        "before.\n\nPairs, controls and the decision are those of `loadgen campaign`.",
    .exits = campaign_exits,
    .examples = campaign_examples,
    .files = campaign_files,
    .environment = manual_environment,
    .pages = manual_pages,
};
