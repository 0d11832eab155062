#include "seed.h"

#include "clock.h"

#include <errno.h>
#include <sys/random.h>
#include <unistd.h>

uint64_t seed_draw(void)
{
    uint64_t seed;
    if (TEMP_FAILURE_RETRY(getrandom(&seed, sizeof seed, 0)) != (ssize_t)sizeof seed)
        seed = clock_realtime_ns();
    return seed >> 11;
}
