/* loadgen: the one command to learn. */
#include "cmd_run.h"
#include "program.h"
#include "run_options.h"
#include "sibling.h"

int main(int argc, char *argv[])
{
    static const struct subcommand subcommands[] = {
        { "run", &run_command, cmd_run },
        { 0 },
    };
    static const struct program program = {
        .name = "loadgen",
        .summary = "Load testing of HTTP services, for benchmarks that hold",
        .subcommands = subcommands,
        .details = "`loadgen provision ...` brings the instances and their load balancer up and down; "
                   "`loadgen analysis ...` turns "
                   "results into statistics, figures and reports.\nStart with: loadgen provision up && "
                   "loadgen run tp1",
    };
    if (sibling_is(argc, argv))
        return sibling_run(argc, argv);
    return program_main(&program, argc, argv);
}
