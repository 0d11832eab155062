#include "fleet_commands.h"

#include "err.h"
#include "fleet.h"
#include "fleet_options.h"
#include "fleet_run.h"
#include "loadgen_commands.h"

#include <stddef.h>

/* What only a single process can do. */
static int refuse(const struct run_options *o, struct err *e)
{
    if (o->no_results)
        return err_set(e, ERR_INPUT, "a fleet has no --no-results: its result is put together from folders");
    return 0;
}

static int run(const struct run_options *begin, int argc, char *const argv[], struct err *e)
{
    const struct run_recipe recipe = { .words = argv, .n_words = (size_t)argc };
    struct run_options o = { .inputs = begin->inputs };
    int code = run_options_parse(&o, begin->parsed, argc, argv, e) || refuse(&o, e) ? -1 : 0;
    if (code == 0) {
        o.maker = begin->maker;
        o.recipe = &recipe;
        code = cmd_run_given(&o, e);
    }
    run_options_fini(&o);
    return code;
}

int fleet_commands_run(struct fleet *f, const struct command *command, int argc, char *const argv[],
                       struct err *e)
{
    const struct run_maker maker = fleet_run_maker(f);
    const struct run_options begin = {
        .command = &run_command, .parsed = command, .inputs = &f->files, .maker = &maker
    };
    if (command == &fleet_sweep_command)
        return cmd_sweep_from(&begin, argc, argv, e);
    if (command == &fleet_campaign_command)
        return cmd_campaign_from(&begin, argc, argv, e);
    return run(&begin, argc, argv, e);
}
