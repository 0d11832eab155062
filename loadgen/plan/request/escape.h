/* A value as it is written where it stands: percent-encoded in a path, with backslashes in JSON, and so on.
 * Values are bytes and may hold NUL. Used on the hot path: nothing is allocated. */
#ifndef PLAN_ESCAPE_H
#define PLAN_ESCAPE_H

#include "plan.h"

#include <stdbool.h>
#include <stddef.h>

/* The most bytes that n bytes can become. */
size_t escape_bytes_most(enum plan_escape how, size_t n_bytes);
/* The bytes that these become. */
size_t escape_bytes(enum plan_escape how, const char *bytes, size_t n_bytes);
/* Writes the value and returns its length; `out` has room for escape_bytes(). */
size_t escape_write(enum plan_escape how, const char *bytes, size_t n_bytes, char *out);

/* Whether the bytes are a JSON number, true, false or null: what PLAN_NUMBER may write. */
bool escape_is_scalar(const char *bytes, size_t n_bytes);
/* Whether the bytes may stand there unescaped. */
bool escape_fits(enum plan_place place, const char *bytes, size_t n_bytes);
/* Whether what `how` writes may break the message there, so that it must be checked. */
static inline bool escape_may_break(enum plan_escape how, enum plan_place place)
{
    return place != PLAN_IN_BODY && (place == PLAN_AT_PATH || how == PLAN_AS_IS || how == PLAN_HTML ||
                                     (how == PLAN_JSON && place != PLAN_IN_HEADER));
}

#endif
