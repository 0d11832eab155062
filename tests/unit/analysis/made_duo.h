/* The run of two clusters of made_run.h, opened once for all tests of a file. */
#ifndef MADE_DUO_H
#define MADE_DUO_H

#include "cm.h"

#include "made_run.h"

static struct dataset duo;

static inline int setup(void **state)
{
    if (scratch_setup(state))
        return -1;
    made_open_dataset(&duo, made_run("duo"));
    return 0;
}

static inline int teardown(void **state)
{
    dataset_fini(&duo);
    return scratch_teardown(state);
}

#endif
