/* loadgen: the one command to learn. */
#include "cmd_campaign.h"
#include "cmd_plan.h"
#include "cmd_run.h"
#include "cmd_sweep.h"
#include "program.h"
#include "run_options.h"
#include "sibling.h"

int main(int argc, char *argv[])
{
    static const struct subcommand subcommands[] = {
        { "run", &run_command, cmd_run },
        { "plan", &plan_command, cmd_plan },
        { "campaign", &campaign_command, cmd_campaign },
        { "sweep", &sweep_command, cmd_sweep },
        { 0 },
    };
    static const struct program program = {
        .name = "loadgen",
        .summary = "Load testing of HTTP services, for benchmarks that hold",
        .subcommands = subcommands,
        .details =
            "`loadgen provision ...` brings instances and their load balancer up and takes them down.\n"
            "`loadgen analysis ...` turns results into statistics, figures and reports.\n\n"
            "Start with: loadgen provision up && loadgen run tp1",
    };
    if (sibling_is(argc, argv))
        return sibling_run(argc, argv);
    return program_main(&program, argc, argv);
}
