#include "expiry.h"

#include "clock.h"
#include "deployment.h"
#include "err.h"
#include "units.h"

uint64_t expiry_ns(const struct deployment *d)
{
    uint64_t ns = 0;
    clock_utc_parse(d->expires_utc, &ns);
    return ns;
}

/* How long after its creation it expires. */
static uint64_t recorded_ns(const struct deployment *d)
{
    uint64_t created_ns;
    const uint64_t at_ns = expiry_ns(d);
    return at_ns && clock_utc_parse(d->created_utc, &created_ns) == 0 && at_ns > created_ns
               ? at_ns - created_ns
               : 0;
}

static int check_recorded(const struct deployment *d, uint64_t expire_ns, uint64_t realtime_ns, struct err *e)
{
    char asked[UNITS_TEXT_BYTES];
    char recorded[UNITS_TEXT_BYTES];
    const uint64_t was_ns = recorded_ns(d);
    if (was_ns && realtime_ns >= expiry_ns(d))
        return err_set(e, ERR_INPUT,
                       "%s expired at %s and its instances have ended themselves: run `loadgen provision "
                       "down`, then `up` again",
                       d->topology, d->expires_utc);
    if (!expire_ns || expire_ns / NS_PER_S == was_ns / NS_PER_S)
        return 0;
    units_duration_text(expire_ns, asked);
    units_duration_text(was_ns, recorded);
    return err_set(
        e, ERR_INPUT,
        "%s was begun %s%s, and --expire asks for %s, but its instances know their expiry from their first "
        "boot: leave out --expire, or run `loadgen provision down` first",
        d->topology, was_ns ? "with --expire " : "without --expire", was_ns ? recorded : "", asked);
}

int expiry_settle(struct deployment *d, bool existing, uint64_t expire_ns, uint64_t realtime_ns,
                  struct err *e)
{
    uint64_t created_ns = realtime_ns;
    if (existing)
        return check_recorded(d, expire_ns, realtime_ns, e);
    if (!expire_ns)
        return 0;
    clock_utc_parse(d->created_utc, &created_ns);
    clock_utc_text(created_ns + expire_ns, d->expires_utc);
    return 0;
}
