/* The options of `loadgen sweep`. */
#ifndef COMMAND_SWEEP_OPTIONS_H
#define COMMAND_SWEEP_OPTIONS_H

#include "run_options.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct err;
struct plan;

struct sweep_options {
    struct run_options run;
    double from_per_s, to_per_s, factor;
    bool may_go_down; /* below from_per_s, which was not asked for */
    uint64_t duration_ns, warmup_ns, gap_ns, n_refine;
};

/* Takes the scenario or the URL, sets the defaults that differ between them, and checks what options_parse
 * cannot. */
int sweep_options_check(struct sweep_options *o, const struct options_result *given, struct err *e);
/* Says which rates are tried and what must hold at them. */
void sweep_options_announce(FILE *out, const struct sweep_options *o, const struct plan *plan);

#endif
