/* The one result of a fleet's run, from the folders of its shares. */
#ifndef FLEET_FLEET_RESULT_H
#define FLEET_FLEET_RESULT_H

#include <stdint.h>

struct err;
struct run_options;

struct fleet_result {
    const struct run_options *options;
    const char *shares; /* the folder of all shares */
    uint32_t n_shares;
    uint32_t allow_missing;
    const char *folder; /* of the result; it must not exist */
};

/* Merges the shares into the folder and prints what the options ask for. Returns the exit code of the run, or
 * -1 and a sentence. */
int fleet_result_make(const struct fleet_result *r, struct err *e);

#endif
