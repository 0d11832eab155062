#include "seed.h"

#include "clock.h"

#include <sys/random.h>

uint64_t seed_draw(void)
{
    uint64_t seed;
    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
        seed = clock_realtime_ns();
    return seed >> 11;
}
