/* loadgen: the one command to learn. */
#include "loadgen_commands.h"
#include "manual.h"
#include "sibling.h"

int main(int argc, char *argv[])
{
    static const struct subcommand subcommands[] = {
        { .name = "run", .command = &run_command, .run = cmd_run },
        { .name = "plan", .command = &plan_command, .run = cmd_plan },
        { .name = "campaign", .command = &campaign_command, .run = cmd_campaign },
        { .name = "sweep", .command = &sweep_command, .run = cmd_sweep },
        { .name = "provision",
          .command = &sibling_provision,
          .run = sibling_run_provision,
          .is_program = true },
        { .name = "analysis", .command = &sibling_analysis, .run = sibling_run_analysis, .is_program = true },
        { 0 },
    };
    static const struct program program = {
        .name = "loadgen",
        .summary = "HTTP load testing for benchmarks you can defend",
        .subcommands = subcommands,
        .overview = &manual_overview,
    };
    return program_main(&program, argc, argv);
}
