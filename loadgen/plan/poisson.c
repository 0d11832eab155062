#include "poisson.h"

#include "random.h"

#include <math.h>

#define BLOCK       16.0
#define OWN_BITS    UINT64_C(63)
#define POISSON_KEY (UINT64_C(1) << 62) /* sequences of its own among those of a seed */

void poisson_begin(struct poisson *p, uint64_t seed, uint32_t stream, uint32_t phase, double n_expected,
                   uint64_t first)
{
    struct random random;
    double probability = exp(-BLOCK);
    random_init(&random, seed, POISSON_KEY | (uint64_t)stream << 32 | phase);
    *p = (struct poisson){ .end = n_expected, .next_first = first };
    p->count_key = random_u64(&random);
    p->place_key = random_u64(&random);
    p->at_most[0] = probability;
    for (unsigned n = 1; n < POISSON_BLOCK_MOST; n++)
        p->at_most[n] = p->at_most[n - 1] + (probability *= BLOCK / n);
}

/* The number of arrivals in a whole block at the quantile `u`: the first whose cumulative probability is
 * larger. */
static uint32_t whole_count(const struct poisson *p, double u)
{
    uint32_t n = 0;
    for (uint32_t step = 32; step > 0; step /= 2)
        n += u >= p->at_most[n + step - 1] ? step : 0;
    return n;
}

/* The same in the last block, which is narrower. */
static uint32_t narrow_count(double width, double u)
{
    double probability = exp(-width);
    double sum = probability;
    uint32_t n = 0;
    while (u >= sum && n < POISSON_BLOCK_MOST) {
        probability *= width / ++n;
        sum += probability;
    }
    return n;
}

static double to_unit(uint64_t bits)
{
    return (double)(bits >> 11) * 0x1p-53;
}

static void insert(struct poisson *p, uint64_t place)
{
    uint32_t i = p->n_own++;
    for (; i > 0 && p->own[i - 1] > place; i--)
        p->own[i] = p->own[i - 1];
    p->own[i] = place;
}

static void draw_block(struct poisson *p, struct division_walk *own)
{
    const double u = to_unit(random_at(p->count_key, p->next_block));
    p->start = (double)p->next_block * BLOCK;
    p->width = fmin(BLOCK, p->end - p->start);
    p->first = p->next_first;
    p->next_first += p->width < BLOCK ? narrow_count(p->width, u) : whole_count(p, u);
    p->next_block++;
    p->n_own = p->n_taken = 0;
    for (; own->number < p->next_first; division_walk_next(own))
        insert(p, (random_at(p->place_key, own->number) & ~OWN_BITS) | (own->number - p->first));
}

bool poisson_next(struct poisson *p, struct division_walk *own, double *at, uint64_t *number)
{
    while (p->n_taken == p->n_own) {
        if ((double)p->next_block * BLOCK >= p->end)
            return false;
        draw_block(p, own);
    }
    const uint64_t place = p->own[p->n_taken++];
    *at = p->start + to_unit(place) * p->width;
    *number = p->first + (place & OWN_BITS);
    return true;
}

uint64_t poisson_end_number(const struct poisson *p)
{
    return p->next_first;
}
