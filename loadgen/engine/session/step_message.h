/* The message that a user sends next: the request of its course's step, or that of the redirect it follows,
 * with the cookies that it keeps. Hot path. */
#ifndef ENGINE_STEP_MESSAGE_H
#define ENGINE_STEP_MESSAGE_H

#include "cookie_jar.h"
#include "course.h"
#include "values.h"

/* Renders it into values->request. `jar` may be NULL. NULL when done; else why it cannot be sent, a constant
 * string. */
const char *step_message(const struct values *user, const struct plan_stream *stream,
                         struct values_shared *values, const struct course *course, struct cookie_jar *jar,
                         size_t *length);

#endif
