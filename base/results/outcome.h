/* How a request ended. During the run an error is a measurement: the hot path yields one of these and the
 * recorder counts it. One list makes the enum, the names in tags and CSV cells, and the words of the summary.
 */
#ifndef BASE_OUTCOME_H
#define BASE_OUTCOME_H

#include <stdbool.h>

/* X(constant, name in files, words for people) */
#define OUTCOMES(X)                                                                                          \
    X(OUTCOME_OK, "ok", "expected response")                                                                 \
    X(OUTCOME_STATUS, "status", "unexpected status below 400")                                               \
    X(OUTCOME_STATUS_4XX, "status_4xx", "status 4xx")                                                        \
    X(OUTCOME_STATUS_5XX, "status_5xx", "status 5xx made by the target")                                     \
    X(OUTCOME_BALANCER_5XX, "balancer_5xx", "status 5xx made by the load balancer")                          \
    X(OUTCOME_EXPECT, "expect", "body or header not as expected")                                            \
    X(OUTCOME_TIMEOUT, "timeout", "no complete response within the timeout")                                 \
    X(OUTCOME_CONNECT, "connect", "connection could not be made")                                            \
    X(OUTCOME_DNS, "dns", "name could not be resolved")                                                      \
    X(OUTCOME_TLS, "tls", "TLS handshake or certificate refused")                                            \
    X(OUTCOME_RESET, "reset", "connection reset or closed before the response was complete")                 \
    X(OUTCOME_RESET_IDLE, "reset_idle", "reused connection closed before the first byte of the response")    \
    X(OUTCOME_PROTOCOL, "protocol", "response breaks the rules of HTTP")                                     \
    X(OUTCOME_PORTS, "ports", "no local port, descriptor or memory left for a connection")                   \
    X(OUTCOME_DROPPED, "dropped", "never sent: the queue of due requests was full")                          \
    X(OUTCOME_CENSORED, "censored", "still open when the run ended")

enum outcome {
#define OUTCOME_CONSTANT(constant, name, words) constant,
    OUTCOMES(OUTCOME_CONSTANT)
#undef OUTCOME_CONSTANT
        N_OUTCOMES
};

/* Whether it counts as a failure: not `ok`, not `censored`, which might have become either, and not
 * `reset_idle`, which is sent again. */
bool outcome_is_failure(enum outcome outcome);
/* Whether a complete response arrived, whatever it said. */
static inline bool outcome_is_answer(enum outcome outcome)
{
    return outcome <= OUTCOME_EXPECT;
}

/* Constant strings. */
const char *outcome_name(enum outcome outcome);
const char *outcome_words(enum outcome outcome);
/* The outcome of that name; N_OUTCOMES when there is none. */
enum outcome outcome_find(const char *name);

#endif
