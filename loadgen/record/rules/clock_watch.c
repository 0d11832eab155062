#include "clock_watch.h"

#include "clock.h"
#include "units.h"

#define TOGETHER_NS (100 * NS_PER_US)
enum { TRIES = 5, SLEW_PPM = 500 };

bool clock_watch_read(struct clock_pair *pair)
{
    for (int i = 0; i < TRIES; i++) {
        pair->monotonic_ns = clock_monotonic_ns();
        pair->realtime_ns = clock_realtime_ns();
        if (clock_monotonic_ns() - pair->monotonic_ns < TOGETHER_NS)
            return true;
    }
    return false;
}

void clock_watch_add(struct clock_watch *w, const struct clock_pair *pair)
{
    if (w->has_last) {
        const uint64_t passed_ns = pair->monotonic_ns - w->last.monotonic_ns;
        const int64_t moved_ns = (int64_t)(pair->realtime_ns - w->last.realtime_ns - passed_ns);
        const uint64_t step_ns = (uint64_t)(moved_ns < 0 ? -moved_ns : moved_ns);
        const uint64_t slew_ns = passed_ns / 1000000 * SLEW_PPM;
        if (step_ns > slew_ns && step_ns - slew_ns > w->step_max_ns)
            w->step_max_ns = step_ns - slew_ns;
    }
    w->last = *pair;
    w->has_last = true;
}
