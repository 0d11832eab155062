#include "division.h"

#include "plan.h"

struct division division_of(const struct plan *plan, size_t stream, uint32_t thread)
{
    const uint32_t n_shares = share_count(&plan->share);
    const uint64_t n = plan->streams[stream].n_connections;
    const uint32_t n_threads = n_shares * plan->n_threads; /* if all generators had as many */
    const uint64_t number = plan->share.index + (uint64_t)n_shares * thread;
    uint64_t first = 0;
    for (size_t i = 0; i < stream; i++)
        first += plan->streams[i].n_connections;
    return (struct division){ .n_connections = n,
                              .first_connection = first,
                              .n_sharers = n < n_threads ? (uint32_t)n : n_threads,
                              .index = (uint32_t)((number + n_threads - first % n_threads) % n_threads) };
}

struct division division_of_share(const struct plan *plan, size_t stream, struct share share)
{
    struct plan one = *plan;
    one.share = share;
    one.n_threads = 1;
    return division_of(&one, stream, 0);
}

uint64_t division_n_here(const struct plan *plan)
{
    uint64_t n = 0;
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct division part = division_of_share(plan, i, plan->share);
        n += division_n_connections(&part);
    }
    return n;
}

uint32_t division_n_threads(const struct plan *plan, size_t stream)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < plan->n_threads; k++) {
        const struct division part = division_of(plan, stream, k);
        n += division_n_connections(&part) > 0;
    }
    return n;
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

uint64_t division_n_from(const struct division *d, uint64_t first, uint64_t n)
{
    return first == UINT64_MAX ? division_n_of(d, n) : division_n_of(d, first + n) - division_n_of(d, first);
}

uint64_t division_n_connections(const struct division *d)
{
    return n_among_connections(d, d->n_connections);
}

uint64_t division_connection(const struct division *d, uint64_t i)
{
    return d->first_connection + d->index + i * d->n_sharers;
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b > 0) {
        const uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* In turn; but with two generators and two addresses, each generator would use one of them only. So each
 * round, after which both generators and addresses are in step again, begins one address further. */
uint64_t division_address(const struct share *share, uint64_t number, uint64_t n)
{
    const uint64_t n_shares = share_count(share);
    const uint64_t divisor = n_shares > 1 ? common_divisor(n_shares, n) : 1;
    return (divisor > 1 ? number + number / (n_shares / divisor * n) : number) % n;
}

struct division_walk division_walk_begin(const struct division *d)
{
    const uint64_t n_own = division_n_connections(d);
    const uint64_t skip = d->n_connections - n_own * d->n_sharers;
    const uint64_t n = skip ? n_own : UINT64_MAX; /* rounds that follow each other by a step are one */
    return (struct division_walk){
        .number = d->index, .n_left = n, .step = d->n_sharers, .n_own = n, .skip = skip
    };
}
