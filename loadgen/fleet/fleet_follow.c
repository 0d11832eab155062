#include "fleet_follow.h"

#include "campaign_run.h"
#include "err.h"
#include "fleet_options.h"
#include "loadgen_commands.h"
#include "sweep_step.h"

#include <string.h>

static const struct {
    const struct command *command;
    int (*follow)(const struct run_options *begin, const struct run_recipe *recipe, struct err *e);
} commands[] = {
    { &fleet_run_command, cmd_run_follow },
    { &fleet_sweep_command, sweep_step_follow },
    { &fleet_campaign_command, campaign_run_follow },
};

int fleet_follow(const char *command, const struct run_options *begin, const struct run_recipe *recipe,
                 struct err *e)
{
    struct run_options run = *begin;
    run.command = &run_command;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].command->name, command) == 0) {
            run.parsed = commands[i].command;
            return commands[i].follow(&run, recipe, e);
        }
    return err_set(e, ERR_FAILED, "'%.32s' is no command of a fleet", command);
}
