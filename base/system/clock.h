/* The only clocks: CLOCK_MONOTONIC for every duration, CLOCK_REALTIME for dates. Nothing stores "now"; it is
 * passed by value. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

enum { CLOCK_UTC_TEXT_BYTES = 32 };

static inline uint64_t clock_read_ns(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline uint64_t clock_monotonic_ns(void)
{
    return clock_read_ns(CLOCK_MONOTONIC);
}

static inline uint64_t clock_realtime_ns(void)
{
    return clock_read_ns(CLOCK_REALTIME);
}

/* "2026-11-21T22:10:04Z" from nanoseconds since the epoch; returns `out`, which has CLOCK_UTC_TEXT_BYTES. */
const char *clock_utc_text(uint64_t realtime_ns, char *out);
/* The same without colons, "2026-11-21T22-10-04Z": the form that names run folders. */
const char *clock_utc_name(uint64_t realtime_ns, char *out);
/* Reads what clock_utc_text wrote. -1 for any other text; `realtime_ns` is then unchanged. */
int clock_utc_parse(const char *text, uint64_t *realtime_ns);

#endif
