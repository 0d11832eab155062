#include "draw.h"

#include "random.h"
#include "session.h"

#include <math.h>

#define DRAW_KEY (UINT64_C(3) << 61) /* sequences of their own among those of a seed */

uint64_t draw_stream_key(uint64_t seed, uint32_t stream)
{
    return random_at(seed, DRAW_KEY | stream);
}

uint64_t draw_bits(uint64_t stream_key, uint64_t pass, uint32_t step, uint32_t repeat,
                   enum draw_purpose purpose)
{
    const uint64_t place = ((uint64_t)step << 32 | repeat) * N_DRAW_PURPOSES + (uint64_t)purpose;
    return random_at(random_at(stream_key, pass), place);
}

static double to_unit(uint64_t bits)
{
    return (double)(bits >> 11) * 0x1p-53;
}

uint64_t draw_think_ns(const struct session_think *think, uint64_t bits)
{
    const double u = to_unit(bits);
    switch (think->spread) {
    case SESSION_UNIFORM:
        return think->low_ns + (uint64_t)(u * (double)(think->high_ns - think->low_ns));
    case SESSION_EXPONENTIAL: {
        const double ns = -log1p(-u) * (double)think->low_ns;
        return think->high_ns > 0 && ns > (double)think->high_ns ? think->high_ns : (uint64_t)ns;
    }
    case SESSION_CONSTANT:
        break;
    }
    return think->low_ns;
}

bool draw_happens(double chance, uint64_t bits)
{
    return to_unit(bits) < chance;
}
