#include "fleet_options.h"

int fleet_options_parse(struct fleet_options *o, const struct command *command, int argc, char *const argv[],
                        struct err *e)
{
    *o = (struct fleet_options){ .local = NULL };
    return run_options_parse(&o->run, command, argc, argv, e);
}
