#include "fleet_start.h"

#include "clock.h"
#include "err.h"
#include "fleet_clock.h"
#include "units.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>

struct start_message {
    uint64_t fleet_ns, realtime_ns;
    uint64_t late_ns; /* above 0: the start has passed */
};

static struct start_message choose(uint64_t at_realtime_ns, uint64_t lead_ns)
{
    const uint64_t now_ns = clock_monotonic_ns();
    const uint64_t realtime_ns = clock_realtime_ns();
    if (at_realtime_ns == 0)
        at_realtime_ns = realtime_ns + lead_ns;
    return (struct start_message){ .fleet_ns = now_ns + (at_realtime_ns - realtime_ns),
                                   .realtime_ns = at_realtime_ns,
                                   .late_ns =
                                       realtime_ns > at_realtime_ns ? realtime_ns - at_realtime_ns : 0 };
}

int fleet_start_agree(struct fleet_clock *clock, uint64_t at_realtime_ns, uint64_t lead_ns,
                      const struct wire_patience *patience, struct engine_start *out, struct err *e)
{
    struct start_message chosen = choose(at_realtime_ns, lead_ns);
    unsigned char *bytes = (unsigned char *)&chosen;
    size_t n_bytes = sizeof chosen;
    if (wire_broadcast(clock->wire, WIRE_START, &bytes, &n_bytes, patience, e))
        return -1;
    const bool is_sound = n_bytes == sizeof chosen;
    if (clock->wire->rank > 0) {
        if (is_sound)
            memcpy(&chosen, bytes, sizeof chosen);
        free(bytes);
    }
    if (!is_sound)
        return err_set(e, ERR_FAILED, "rank 0 sent no start");
    if (chosen.late_ns > 0)
        return err_set(e, ERR_INPUT,
                       "the generators are ready %.1f s after the common start: choose a later one",
                       (double)chosen.late_ns / NS_PER_S);
    *out = (struct engine_start){ .monotonic_ns = fleet_clock_local_ns(clock, chosen.fleet_ns),
                                  .realtime_ns = chosen.realtime_ns };
    return 0;
}
