#include "feed_row.h"

#include "random.h"

__extension__ typedef unsigned __int128 wide;

enum { FEISTEL_ROUNDS = 8 }; /* fewer leave small feeds unevenly shuffled */

/* Separates the draws of feeds from those of requests and arrivals. */
#define FEED_KEY UINT64_C(0x66656564726f7773)

/* A permutation of the numbers below 2^bits: an unbalanced Feistel network, whose halves change places in
 * each round. */
static uint64_t scramble(uint64_t key, unsigned bits, uint64_t x)
{
    unsigned low_bits = bits / 2;
    unsigned high_bits = bits - low_bits;
    for (uint64_t i = 0; i < FEISTEL_ROUNDS; i++) {
        const uint64_t low = x & ((UINT64_C(1) << low_bits) - 1);
        const uint64_t high = x >> low_bits;
        const uint64_t mixed = (high ^ random_at(key + i, low)) & ((UINT64_C(1) << high_bits) - 1);
        x = low << high_bits | mixed;
        const unsigned other = low_bits;
        low_bits = high_bits;
        high_bits = other;
    }
    return x;
}

/* Numbers beyond the last row are scrambled again until they are not: fewer than twice on average. */
static size_t shuffled(uint64_t key, size_t n_rows, size_t row)
{
    unsigned bits = 1;
    while (bits < 63 && UINT64_C(1) << bits < n_rows)
        bits++;
    uint64_t x = row;
    do
        x = scramble(key, bits, x);
    while (x >= n_rows);
    return (size_t)x;
}

size_t feed_row(const struct plan *plan, const struct plan_stream *stream, const struct plan_feed *feed,
                uint64_t n)
{
    const uint64_t place = (uint64_t)(stream - plan->streams) << 32 | feed->number;
    const uint64_t key = random_at(plan->seed ^ FEED_KEY, place);
    switch (feed->order) {
    case PLAN_SHUFFLE:
        return shuffled(random_at(key, n / feed->n_rows), feed->n_rows, (size_t)(n % feed->n_rows));
    case PLAN_RANDOM:
        return (size_t)((wide)random_at(key, n) * feed->n_rows >> 64);
    case PLAN_SEQUENCE:
    case PLAN_LEND:
        break;
    }
    return (size_t)(n % feed->n_rows);
}
