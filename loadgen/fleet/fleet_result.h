/* The one result of a fleet's run, from the folders of its shares. */
#ifndef FLEET_FLEET_RESULT_H
#define FLEET_FLEET_RESULT_H

#include <stdint.h>

struct err;
struct run_options;

/* All borrowed. */
struct fleet_result {
    const struct run_options *options;
    const char *shares; /* the folder of all shares; those that it lacks are missing */
    uint32_t n_shares;
    uint32_t allow_missing;
    const char *folder;          /* of the result; it must not exist */
    void (*turn)(void *payload); /* called every few milliseconds while it is made */
    void *payload;
};

/* Merges the shares into the folder. Returns the exit code of the result, as `loadgen run` would have it, or
 * -1 and a sentence. */
int fleet_result_make(const struct fleet_result *r, struct err *e);

/* -1 and a sentence when not one measured request succeeded. */
int fleet_result_check(const struct fleet_result *r, struct err *e);

/* Prints and writes what the options ask for, and points results/latest at the folder. */
int fleet_result_show(const struct fleet_result *r, struct err *e);

/* The command that merges the shares again, on stderr. */
void fleet_result_print_remedy(const struct fleet_result *r);

#endif
