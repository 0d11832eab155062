#include "random.h"

#include <math.h>

#define SPLITMIX_STEP UINT64_C(0x9e3779b97f4a7c15)

static uint64_t splitmix(uint64_t *x)
{
    uint64_t z = (*x += SPLITMIX_STEP);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t random_at(uint64_t key, uint64_t i)
{
    uint64_t x = key + i * SPLITMIX_STEP;
    return splitmix(&x);
}

static uint64_t rotate_left(uint64_t x, unsigned bits)
{
    return (x << bits) | (x >> (64 - bits));
}

void random_init(struct random *r, uint64_t seed, uint64_t stream)
{
    /* Stream 0 is the plain seeding that the authors recommend; the others start from a hash of the stream's
     * number. */
    uint64_t x = seed;
    if (stream > 0) {
        uint64_t number = stream;
        x ^= splitmix(&number);
    }
    for (int i = 0; i < 4; i++)
        r->state[i] = splitmix(&x);
}

uint64_t random_u64(struct random *r)
{
    uint64_t *s = r->state;
    const uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

uint64_t random_below(struct random *r, uint64_t bound)
{
    __extension__ typedef unsigned __int128 wide;
    /* 2^64 mod bound: low products below it would make some results likelier. */
    const uint64_t unfair = (0 - bound) % bound;
    wide product;
    do
        product = (wide)random_u64(r) * bound;
    while ((uint64_t)product < unfair);
    return (uint64_t)(product >> 64);
}

double random_uniform(struct random *r)
{
    return (double)(random_u64(r) >> 11) * 0x1p-53;
}

double random_exponential(struct random *r)
{
    return -log1p(-random_uniform(r));
}
