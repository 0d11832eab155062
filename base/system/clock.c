#include "clock.h"

static const char *format_utc(uint64_t realtime_ns, char between, char *out)
{
    const time_t seconds = (time_t)(realtime_ns / 1000000000u);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    strftime(out, CLOCK_UTC_TEXT_BYTES, "%Y-%m-%dT%H:%M:%SZ", &utc);
    out[13] = out[16] = between;
    return out;
}

const char *clock_utc_text(uint64_t realtime_ns, char *out)
{
    return format_utc(realtime_ns, ':', out);
}

int clock_utc_parse(const char *text, uint64_t *realtime_ns)
{
    struct tm utc = { 0 };
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    const time_t seconds = end && !*end ? timegm(&utc) : -1;
    if (seconds < 0 || (uint64_t)seconds > UINT64_MAX / 1000000000u)
        return -1;
    *realtime_ns = (uint64_t)seconds * 1000000000u;
    return 0;
}

const char *clock_utc_name(uint64_t realtime_ns, char *out)
{
    return format_utc(realtime_ns, '-', out);
}
