#include "command_tables.h"
#include "provision_commands.h"

int main(int argc, char *argv[])
{
    const struct program program = {
        .name = "loadgen provision",
        .summary = "Bring up clusters of instances behind a load balancer, on this machine or on AWS, and "
                   "take them down",
        .subcommands = commands_table,
        .overview = &command_overview,
    };
    return program_main(&program, argc, argv);
}
