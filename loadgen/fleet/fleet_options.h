/* The options of `loadgen-fleet run`: those of `loadgen run`, and what is the fleet's alone. */
#ifndef FLEET_FLEET_OPTIONS_H
#define FLEET_FLEET_OPTIONS_H

#include "run_options.h"

struct fleet_options {
    struct run_options run; /* first: its rows count from the start */
    const char *local;
    uint64_t allow_missing;
};

extern const struct option_row fleet_rows[];
extern const struct command fleet_run_command;

/* The caller frees `o->run` with run_options_fini in every case. */
int fleet_options_parse(struct fleet_options *o, const struct command *command, int argc, char *const argv[],
                        struct err *e);

#endif
