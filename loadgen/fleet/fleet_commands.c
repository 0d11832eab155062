#include "fleet_commands.h"

#include "fleet.h"
#include "fleet_options.h"
#include "fleet_run.h"
#include "loadgen_commands.h"

int fleet_cmd_run(struct fleet *f, int argc, char *const argv[], struct err *e)
{
    struct fleet_options o;
    int code = -1;
    if (fleet_options_parse(&o, &fleet_run_command, argc, argv, e) == 0) {
        struct fleet_run run = { .fleet = f,
                                 .words = argv,
                                 .n_words = (size_t)argc,
                                 .local = o.local,
                                 .allow_missing = (uint32_t)o.allow_missing };
        const struct run_maker maker = fleet_run_maker(&run);
        o.run.maker = &maker;
        code = cmd_run_given(&o.run, e);
    }
    run_options_fini(&o.run);
    return code;
}
