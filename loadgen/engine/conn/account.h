/* Enters a finished request into the stats: outcome, histograms, instance, remote address, samples. The hot
 * path's only writer. */
#ifndef ENGINE_ACCOUNT_H
#define ENGINE_ACCOUNT_H

#include "outcome.h"

#include <stdint.h>

struct conn;
struct exchange;
struct flight;
struct shard;

/* A request ended that had a connection; `x` is what has arrived of its response. */
void account_done(const struct conn *c, const struct flight *f, const struct exchange *x,
                  enum outcome outcome, const char *cause, uint64_t now_ns);
/* A request ended without ever having been on a connection (dropped, timed out in the queue, no connection).
 */
void account_unsent(struct shard *s, const struct flight *f, enum outcome outcome, const char *cause,
                    uint64_t now_ns);
/* A reused connection was closed before the first byte of a response: an event, not an end. */
void account_reset_idle(struct shard *s, const struct flight *f, const char *cause);
/* A connection was closed for bytes that nobody had asked for: an event that fails no request. */
void account_stray_bytes(struct shard *s, const char *cause);
/* Times of a connection being made; `outcome` is ok or the class of the failure. */
void account_connect(struct shard *s, enum outcome outcome, uint64_t connect_ns);
void account_tls(struct shard *s, enum outcome outcome, uint64_t tls_ns);

#endif
