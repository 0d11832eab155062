/* One real pass of a session, request by request, for people who write scenarios: `begin`, each step once and
 * `end`, with the same parts that a run uses. Nothing is recorded. Blocks; cold. */
#ifndef ENGINE_CHECK_H
#define ENGINE_CHECK_H

#include "answer_read.h"
#include "course.h"
#include "outcome.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct plan;
struct plan_session;

/* A request and what came of it. All is borrowed for the call. */
struct check_seen {
    const struct session_step *step;
    uint8_t n_hops;      /* redirects before it; 0: the step's own request */
    const char *request; /* its start line and fields, as they were sent; NULL: it could not be */
    size_t request_bytes;
    const char *request_body;
    size_t request_body_bytes;
    const char *head; /* of the response, as it came, from its status line on; NULL: none came */
    size_t head_bytes;
    const char *body; /* decoded */
    size_t body_bytes;
    const char *body_cause; /* why the body, or its rest, is not shown; NULL: it is */
    uint16_t status;
    uint64_t took_ns;
    enum outcome outcome; /* what the request counts as */
    const char *cause;
    const char *until_cause; /* what `until` still waits for */
    const struct answer_value *values;
    size_t n_values;
    uint32_t n_cookies; /* in the jar afterwards */
    uint64_t n_foreign; /* cookies of other domains that it set, dropped */
};

typedef void check_seen_fn(void *payload, const struct check_seen *seen);

struct check_params {
    const struct plan *plan;
    size_t stream;
    uint64_t number;        /* of the user and of the pass, which decide the feed rows */
    const atomic_int *stop; /* non-zero ends it; may be NULL */
    check_seen_fn *seen;
    void *payload;
};

/* Leaves out what only matters to a run: thinks, pauses, pace and chance; each step is done once. */
void check_simplify(struct plan_session *session);
/* Makes the pass; `out` is how it went, without a cause. -1 with an error when it could not begin. */
int check_session(const struct check_params *params, struct course_result *out, struct err *e);

#endif
