/* Which variables a session has, and which of them are surely set where a step is read: the proof that no
 * request is sent with a value that is missing. The reader declares all captures first, then walks through
 * the steps in the order of time: variables set in a pass are unset in the next one. */
#ifndef PLAN_SESSION_SCOPE_H
#define PLAN_SESSION_SCOPE_H

#include "session.h"

struct err;

/* What the first step that sets the variable may do instead; NONE for one that always does. */
enum session_doubt {
    SESSION_SURE,
    SESSION_MAY_BE_SKIPPED, /* `chance` */
    SESSION_MAY_FAIL,       /* `on_fail: go_on` */
};

struct session_scope {
    struct plan_session *session;                          /* whose variables these are */
    char setters[SESSION_VARIABLES_MOST][PLAN_NAME_BYTES]; /* the first step that captures each */
    enum session_part setter_parts[SESSION_VARIABLES_MOST];
    enum session_doubt doubts[SESSION_VARIABLES_MOST];
    uint64_t is_set;  /* bits of the variables that are surely set here */
    uint64_t has_run; /* of those whose first setter stands before this place */
    const char *step; /* the step that is read, for sentences; borrowed */
};

/* Declares a variable that step `step` captures; those of `begin` come first. Captured before, it keeps its
 * number. */
int session_scope_declare(struct session_scope *scope, const char *name, enum session_part part,
                          const char *step, struct err *e);
/* The step has been read: from here on its captures are set, unless it may be skipped or fail. */
void session_scope_pass(struct session_scope *scope, const struct session_step *step);
/* Between `steps` and `end`: what a pass has set is gone. */
void session_scope_end_pass(struct session_scope *scope);
/* The number of a variable; session->n_variables when there is none of that name. */
uint32_t session_scope_number(const struct session_scope *scope, const char *name);
/* The same for a place that uses it. -1 with a sentence: there is none of that name, or it may not be set
 * here. */
int session_scope_find(const struct session_scope *scope, const char *name, uint32_t *variable,
                       struct err *e);

#endif
