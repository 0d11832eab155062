#include "division.h"

#include "plan.h"

struct division division_of(const struct plan *plan, size_t stream, uint32_t thread)
{
    const uint64_t n = plan->streams[stream].n_connections;
    uint64_t first = 0;
    for (size_t i = 0; i < stream; i++)
        first += plan->streams[i].n_connections;
    return (struct division){ .n_connections = n,
                              .first_connection = first,
                              .n_sharers = n < plan->n_threads ? (uint32_t)n : plan->n_threads,
                              .index = (uint32_t)((thread + plan->n_threads - first % plan->n_threads) %
                                                  plan->n_threads) };
}

/* Of the connections 0 to n - 1 of the stream. */
static uint64_t n_among_connections(const struct division *d, uint64_t n)
{
    return n > d->index && d->index < d->n_sharers ? (n - d->index - 1) / d->n_sharers + 1 : 0;
}

uint64_t division_n_of(const struct division *d, uint64_t n)
{
    return n / d->n_connections * division_n_connections(d) + n_among_connections(d, n % d->n_connections);
}

uint64_t division_n_connections(const struct division *d)
{
    return n_among_connections(d, d->n_connections);
}

uint64_t division_connection(const struct division *d, uint64_t i)
{
    return d->first_connection + d->index + i * d->n_sharers;
}
