#include "har_time.h"

#include "units.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* "Z", "+02:00" or "-0330": seconds east of Greenwich. */
static long zone_s(const char *text)
{
    unsigned hours = 0, minutes = 0;
    if (*text != '+' && *text != '-')
        return 0;
    if (sscanf(text + 1, "%2u:%2u", &hours, &minutes) < 2 && sscanf(text + 1, "%2u%2u", &hours, &minutes) < 1)
        return 0;
    const long seconds = 60L * (60L * (long)hours + (long)minutes);
    return *text == '-' ? -seconds : seconds;
}

uint64_t har_time_ns(const char *text)
{
    struct tm t = { 0 };
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &t);
    if (!rest)
        return 0;
    uint64_t fraction_ns = 0;
    if (*rest == '.') {
        uint64_t unit_ns = NS_PER_S / 10;
        for (rest++; isdigit((unsigned char)*rest); rest++, unit_ns /= 10)
            fraction_ns += (uint64_t)(*rest - '0') * unit_ns;
    }
    const time_t seconds = timegm(&t) - zone_s(rest);
    return seconds > 0 ? (uint64_t)seconds * NS_PER_S + fraction_ns : 0;
}
