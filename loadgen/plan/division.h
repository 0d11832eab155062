/* How the load of a stream is divided among generators and their threads. Connections are numbered through
 * the whole plan, stream after stream. Of N shares, number c belongs to share c mod N, and of that
 * generator's T threads to thread c / N mod T. So generators may have different numbers of threads without
 * knowing each other's: thread k of share i is number i + N k among N T threads. Requests belong to the
 * connections of their stream in turn: number i to its connection i mod n_connections, and so to that one's
 * thread. Thus a thread has work in proportion to its connections, whatever their number, and all together do
 * what one thread would. */
#ifndef PLAN_DIVISION_H
#define PLAN_DIVISION_H

#include "share.h"

#include <stddef.h>
#include <stdint.h>

struct plan;

/* One thread's part of a stream: the connections j of the stream with j mod n_sharers = index. */
struct division {
    uint64_t n_connections;    /* of the stream */
    uint64_t first_connection; /* number of the stream's first one in the plan */
    uint32_t n_sharers; /* threads that have a connection of it, if all generators had as many threads */
    uint32_t index;     /* n_sharers or more: this thread has none */
};

/* The part of a thread of this generator, by the plan's share and number of threads. */
struct division division_of(const struct plan *plan, size_t stream, uint32_t thread);
/* The part of a whole share, whatever its number of threads. */
struct division division_of_share(const struct plan *plan, size_t stream, struct share share);
/* How many connections of all streams this generator has, at most. */
uint64_t division_n_here(const struct plan *plan);
/* How many of this generator's threads have a connection of the stream. */
uint32_t division_n_threads(const struct plan *plan, size_t stream);
/* How many of the numbers 0 to n - 1 are this thread's. */
uint64_t division_n_of(const struct division *d, uint64_t n);
/* The same of the n numbers from `first` on; UINT64_MAX stands for any beginning of a round, such as 0. */
uint64_t division_n_from(const struct division *d, uint64_t first, uint64_t n);
/* How many connections are this thread's, and the number in the plan of the i-th of them. */
uint64_t division_n_connections(const struct division *d);
uint64_t division_connection(const struct division *d, uint64_t i);

/* Which of the target's n addresses connection `number` of the plan uses: as many connections use each, give
 * or take one, over all generators together, and about as many on each generator. */
uint64_t division_address(const struct share *share, uint64_t number, uint64_t n);
/* The number of the connection among those of its generator: what is in turn on each machine, such as source
 * addresses, goes by it. */
static inline uint64_t division_local_number(const struct share *share, uint64_t number)
{
    return number / share_count(share);
}

/* A walk over the numbers of a thread that has a connection, in order. It costs a request two additions. */
struct division_walk {
    uint64_t number;
    uint64_t step;   /* n_sharers */
    uint64_t n_left; /* numbers until the next round of the connections begins */
    uint64_t n_own;  /* numbers in a round */
    uint64_t skip;   /* what is added to the step between rounds, modulo 2^64 */
};

struct division_walk division_walk_begin(const struct division *d);

static inline void division_walk_next(struct division_walk *w)
{
    w->number += w->step;
    if (--w->n_left > 0)
        return;
    w->number += w->skip;
    w->n_left = w->n_own;
}

#endif
