/* A new histogram for each test. */
#ifndef TESTS_FRESH_HIST_H
#define TESTS_FRESH_HIST_H

#include "hist.h"

static int make(void **state)
{
    *state = hist_new();
    return *state ? 0 : -1;
}

static int drop(void **state)
{
    hist_free(*state);
    hist_free(NULL);
    return 0;
}

#endif
