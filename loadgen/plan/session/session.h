/* A session: what each user of a stream does. `begin` once, then `steps` again and again (each time a pass),
 * then `end`. Read from the scenario, then never changed; what a user knows while it runs is in the engine.
 * Names of steps are unique within the session. */
#ifndef PLAN_SESSION_H
#define PLAN_SESSION_H

#include "plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SESSION_STEPS_MOST = 32, /* of begin, steps and end together */
    SESSION_VARIABLES_MOST = 64,
    SESSION_VALUE_BYTES_MOST = 16 * 1024, /* of one variable */
    SESSION_USER_BYTES_MOST = 64 * 1024,  /* of all variables of a user */
    SESSION_FOLLOW_MOST = 10,
    SESSION_QUERIES_MOST = 64, /* JSON paths of one step */
};

/* Where a captured value comes from. */
enum session_source {
    SESSION_FROM_JSON,   /* `place`: a singular query of RFC 9535 */
    SESSION_FROM_HEADER, /* `place`: its name */
    SESSION_FROM_COOKIE, /* `place`: its name */
    SESSION_FROM_STATUS,
    SESSION_FROM_REGEX, /* `place`: the expression; group 1 */
};

struct session_capture {
    enum session_source source;
    uint32_t variable; /* index into session.variables */
    char *place;       /* owned; NULL for the status */
    char *otherwise;   /* the value when nothing is found, owned; NULL: the step fails */
    char *cause;       /* the sentence of that failure, owned */
};

/* The path must be there, with this value unless it is NULL. The value may hold words. */
struct session_json_expected {
    char *path;
    struct plan_piece *pieces; /* of the value, owned; NULL: any */
    size_t n_pieces;
    char *cause;
};

/* What must hold of a body beyond plan_expect. */
enum session_text_how {
    SESSION_CONTAINS,
    SESSION_CONTAINS_NOT,
    SESSION_MATCHES,
};

struct session_text_expected {
    enum session_text_how how;
    char *text; /* owned */
    char *cause;
};

enum session_spread {
    SESSION_CONSTANT,
    SESSION_UNIFORM,
    SESSION_EXPONENTIAL,
};

struct session_think {
    enum session_spread spread;
    uint64_t low_ns;  /* constant: the pause; exponential: its mean */
    uint64_t high_ns; /* uniform: the longest; exponential: the most, 0 for none */
};

enum session_on_fail {
    SESSION_END_PASS,
    SESSION_GO_ON,
    SESSION_END_USER,
    SESSION_STOP_RUN,
};

enum session_part {
    SESSION_BEGIN,
    SESSION_STEPS,
    SESSION_END,
};

/* The step is repeated until the JSON expectations hold. */
struct session_until {
    struct session_json_expected *json; /* owned */
    size_t n_json;
    uint64_t every_ns;
    uint32_t n_most; /* tries; 0: there is no `until` */
};

struct session_step {
    char name[PLAN_NAME_BYTES];
    enum session_part part;
    struct plan_request request;
    struct plan_expect expect;
    struct session_json_expected *json;
    size_t n_json;
    struct session_text_expected *texts;
    size_t n_texts;
    struct session_capture *captures;
    size_t n_captures;
    struct session_think think;
    struct session_until until;
    uint32_t n_follow; /* redirects that are followed; 0: none */
    uint32_t n_times;  /* `repeat`; 1 by default */
    double chance;     /* 1 by default */
    enum session_on_fail on_fail;
    uint64_t fail_pause_ns;
    uint64_t body_most_bytes;   /* after decoding */
    uint32_t row, redirect_row; /* of the stream's rows; redirect_row = row without redirects; see rows.h */
};

enum session_cookies {
    SESSION_COOKIES_PASS, /* emptied at each pass */
    SESSION_COOKIES_USER,
    SESSION_COOKIES_NONE,
};

/* `begin` runs again before its result is too old, or once after an answer of one of the statuses. */
struct session_renew {
    bool is_given;
    struct plan_piece
        *seconds; /* how long the result of `begin` holds; owned; NULL: only the statuses count */
    size_t n_seconds;
    uint64_t early_ns;
    uint8_t statuses[75]; /* as in plan_expect; all zero: none */
};

static inline bool session_renews_at(const struct session_renew *renew, unsigned status)
{
    return status >= 100 && status < 700 && (renew->statuses[(status - 100) / 8] >> ((status - 100) % 8) & 1);
}

struct plan_session {
    struct session_step *steps; /* owned: those of begin, then steps, then end */
    size_t n_steps;
    size_t n_begin, n_end;
    char **variables; /* names, owned */
    size_t n_variables;
    size_t n_lasting; /* the first ones are set in `begin`: they outlive a pass */
    enum session_cookies cookies;
    bool is_connection_per_pass;
    uint64_t pace_ns;   /* least time from pass to pass; 0: none */
    uint64_t finish_ns; /* what passes under way get after the last phase */
    struct session_renew renew;
};

/* Frees what the session owns, not the struct itself; accepts a zeroed one. */
void session_fini(struct plan_session *session);

#endif
