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
    char *const *argv; /* what was parsed, `argc` words; borrowed */
    int argc;
    double from_per_s, to_per_s, factor;
    bool may_go_down; /* below from_per_s, which was not asked for */
    uint64_t duration_ns, warmup_ns, gap_ns, n_refine;
};

/* The table of the sweep's own options. */
extern const struct option_row sweep_rows[];

/* Parses argv with the options of `begin->parsed`; takes the scenario or the URL, sets the defaults that
 * differ between them, and checks what options_parse cannot. `begin` holds what does not come from the
 * command line. The caller frees `o` with sweep_options_fini in every case. */
int sweep_options_parse(struct sweep_options *o, const struct run_options *begin, int argc,
                        char *const argv[], struct err *e);
void sweep_options_fini(struct sweep_options *o);
/* Says which rates are tried and what must hold at them. */
void sweep_options_announce(FILE *out, const struct sweep_options *o, const struct plan *plan);

#endif
