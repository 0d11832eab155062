/* What the open models have in common, with sessions and without: the schedule. Private to shard_open.c and
 * shard_session_open.c. */
#ifndef ENGINE_SHARD_OPEN_H
#define ENGINE_SHARD_OPEN_H

#include <stdint.h>

struct shard;

/* Begins the schedule. */
void shard_open_start(struct shard *s, uint64_t now_ns);
/* The next arrival of this thread becomes s->next, and the timer is set to it. */
void shard_open_load_next(struct shard *s);
/* Begins and ends phases, which follow the schedule alone. */
void shard_open_follow_phases(struct shard *s, uint64_t now_ns);
/* Counts the arrivals that were due and unsent at one moment while the thread catches up with it. */
void shard_open_count_backlog(struct shard *s, uint64_t now_ns);

/* shard_even.c: opens further connections, so that all addresses have as many. */
void shard_even_out(struct shard *s, uint64_t now_ns);

#endif
