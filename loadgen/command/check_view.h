/* A check for people: each request with its response, what was captured, and whether it is as expected.
 * Secrets are shown as (given). */
#ifndef COMMAND_CHECK_VIEW_H
#define COMMAND_CHECK_VIEW_H

#include "check.h"
#include "check_secrets.h"
#include "term.h"

#include <stdio.h>

struct check_view {
    const struct plan_stream *stream;
    struct check_secrets *secrets;
    struct term term;
    FILE *out;
    bool has_failed; /* some request has */
};

/* Prints a request as soon as it is over; a check_seen_fn, whose payload is the view. */
void check_view_print(void *payload, const struct check_seen *seen);

#endif
