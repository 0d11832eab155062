/* What a RST_STREAM of the peer makes of a request, by its code. */
#ifndef ENGINE_HTTP2_CODE_H
#define ENGINE_HTTP2_CODE_H

#include "http2.h"
#include "outcome.h"

/* "stream reset: NAME", a constant string. */
const char *http2_reset_cause(uint32_t code);

static inline enum outcome http2_reset_outcome(uint32_t code)
{
    return code == HTTP2_HTTP_1_1_REQUIRED ? OUTCOME_PROTOCOL : OUTCOME_RESET;
}

#endif
