/* How long a plan takes, as far as that is known before it is run. */
#ifndef PLAN_LENGTH_H
#define PLAN_LENGTH_H

#include <stdbool.h>
#include <stdint.h>

struct plan;

struct plan_length {
    uint64_t ns;   /* of the longest stream's phases that have a duration */
    bool is_least; /* some phase goes on until its requests are done, however long that takes */
};

struct plan_length plan_length(const struct plan *plan);

#endif
