#include "fleet_options.h"

#include "exit_code.h"
#include "foreign_options.h"
#include "manual.h"

static const char group_fleet[] = "Fleet";

const struct option_row fleet_rows[] = {
    { OPTION("local", OPTION_TEXT, struct fleet_options, local), .value_name = "DIR", .group = group_fleet,
      .help =
          "folder on each machine for the files of a run until they are merged (default $TMPDIR, or /tmp)" },
    { OPTION("allow-missing", OPTION_COUNT, struct fleet_options, allow_missing), .value_name = "N",
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

int fleet_options_parse(struct fleet_options *o, const struct command *command, int argc, char *const argv[],
                        struct err *e)
{
    *o = (struct fleet_options){ .local = NULL };
    return run_options_parse(&o->run, command, argc, argv, e);
}
