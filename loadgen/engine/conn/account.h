/* Counts a finished request in the thread's statistics: outcome, histograms, instance, remote address,
 * samples. Their only writer on the hot path. */
#ifndef ENGINE_ACCOUNT_H
#define ENGINE_ACCOUNT_H

#include "outcome.h"

#include <stdint.h>

struct conn;
struct course_result;
struct exchange;
struct flight;
struct shard;

/* A request ended on a connection; `x` is what has arrived of its response. */
void account_done(const struct conn *c, const struct flight *f, const struct exchange *x,
                  enum outcome outcome, const char *cause, uint64_t now_ns);
/* A request ended without a connection: dropped, timed out in the queue, none could be opened. It may have
 * been sent before, on a connection that gave it back. */
void account_unsent(struct shard *s, const struct flight *f, enum outcome outcome, const char *cause,
                    uint64_t now_ns);
/* A pass of a session is over. */
void account_session(struct shard *s, const struct course_result *pass);
/* A reused connection was closed before the first byte of a response: counted as an event, as the request
 * goes on. */
void account_reset_idle(struct shard *s, const struct flight *f, const char *cause);
/* A connection was closed for bytes outside any response: an event that fails no request. */
void account_stray_bytes(struct shard *s, const char *cause);
/* Durations of connect and handshake; `outcome` is ok or the class of the failure. */
void account_connect(struct shard *s, enum outcome outcome, uint64_t connect_ns);
void account_tls(struct shard *s, enum outcome outcome, uint64_t tls_ns);

#endif
