/* A seed of its own for each run unless one is asked for; run.json records it. */
#ifndef PLAN_SEED_H
#define PLAN_SEED_H

#include <stdint.h>

/* From the kernel; below 2^53, so that every reader of JSON keeps it exactly. */
uint64_t seed_draw(void);

#endif
