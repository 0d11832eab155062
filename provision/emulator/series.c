#include "series.h"

#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>

struct series_second *series_at(struct series *s, uint64_t unix_s)
{
    struct series_second *slot = &s->ring[unix_s % SERIES_SECONDS];
    if (slot->unix_s > unix_s)
        return NULL;
    if (slot->unix_s < unix_s)
        *slot = (struct series_second){ .unix_s = unix_s, .credit_balance = NAN };
    return slot;
}

/* At most an hour ahead: work queued beyond that would overwrite recent seconds. */
void series_add_cpu(struct series *s, uint64_t start_ns, uint64_t end_ns, uint64_t cpu_ns)
{
    const uint64_t length_ns = end_ns - start_ns;
    uint64_t from_ns = start_ns;
    while (length_ns > 0 && from_ns < end_ns && from_ns - start_ns < SERIES_SECONDS / 2 * NS_PER_S) {
        const uint64_t second = from_ns / NS_PER_S;
        const uint64_t to_ns = (second + 1) * NS_PER_S < end_ns ? (second + 1) * NS_PER_S : end_ns;
        struct series_second *slot = series_at(s, second);
        if (slot)
            slot->cpu_ns += (uint64_t)((double)cpu_ns * (double)(to_ns - from_ns) / (double)length_ns);
        from_ns = to_ns;
    }
}

static void write_second(const struct series_second *s, FILE *out)
{
    fprintf(out, "%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%.9f,", s->unix_s,
            s->requests_n, s->cpu_ns, s->rx_bytes, s->tx_bytes, s->credits_spent);
    if (isfinite(s->credit_balance))
        fprintf(out, "%.9f", s->credit_balance);
    putc('\n', out);
}

void series_write(const struct series *s, uint64_t now_s, FILE *out)
{
    fputs(SERIES_HEADER "\n", out);
    for (uint64_t second = now_s - SERIES_SECONDS + 1; second <= now_s; second++) {
        const struct series_second *slot = &s->ring[second % SERIES_SECONDS];
        if (slot->unix_s == second)
            write_second(slot, out);
    }
}
