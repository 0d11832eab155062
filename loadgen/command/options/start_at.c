#include "start_at.h"

#include "err.h"
#include "units.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#define AHEAD_MOST_NS (UINT64_C(86400) * NS_PER_S)
#define YEAR_MOST     2200 /* nanoseconds since the epoch fit until 2554 */

/* Reads digits in place of the '0's of `form`, and what `form` has elsewhere. */
static const char *read_form(const char *text, const char *form, int *numbers)
{
    for (; *form; form++, text++) {
        const bool is_digit = *text >= '0' && *text <= '9';
        if (*form == '0' ? !is_digit : *text != *form)
            return NULL;
        if (*form == '0')
            *numbers = *numbers * 10 + (*text - '0');
        else
            *++numbers = 0;
    }
    return text;
}

/* Decimals beyond nanoseconds are dropped. */
static const char *read_fraction(const char *text, uint64_t *ns)
{
    uint64_t unit_ns = NS_PER_S / 10;
    *ns = 0;
    if (*text != '.')
        return text;
    if (strspn(text + 1, "0123456789") == 0)
        return NULL;
    for (text++; *text >= '0' && *text <= '9'; text++, unit_ns /= 10)
        *ns += (uint64_t)(*text - '0') * unit_ns;
    return text;
}

/* "Z" or "+01:00". */
static const char *read_offset(const char *text, int *offset_s)
{
    int of[3] = { 0 };
    const int sign = *text == '-' ? -1 : 1;
    *offset_s = 0;
    if (*text == 'Z')
        return text + 1;
    if (*text != '+' && *text != '-')
        return NULL;
    text = read_form(text + 1, "00:00", of);
    *offset_s = sign * (of[0] * 3600 + of[1] * 60);
    return of[0] < 24 && of[1] < 60 ? text : NULL;
}

int start_at_parse(uint64_t *start_at_ns, const char *text, struct err *e)
{
    int of[7] = { 0 }; /* year, month, day, hour, minute, second */
    int offset_s = 0;
    uint64_t fraction_ns = 0;
    const char *p = read_form(text, "0000-00-00T00:00:00", of);
    struct tm utc = { .tm_year = of[0] - 1900,
                      .tm_mon = of[1] - 1,
                      .tm_mday = of[2],
                      .tm_hour = of[3],
                      .tm_min = of[4],
                      .tm_sec = of[5] };
    p = p ? read_fraction(p, &fraction_ns) : NULL;
    p = p ? read_offset(p, &offset_s) : NULL;
    if (p && *p == '\0' && of[0] >= 1970 && of[0] <= YEAR_MOST) {
        const time_t seconds = timegm(&utc); /* which corrects days that do not exist */
        if (seconds > 86400 && utc.tm_mon == of[1] - 1 && utc.tm_mday == of[2] && utc.tm_hour == of[3] &&
            utc.tm_min == of[4] && utc.tm_sec == of[5]) {
            *start_at_ns = (uint64_t)(seconds - offset_s) * NS_PER_S + fraction_ns;
            return 0;
        }
    }
    return err_set(e, ERR_INPUT,
                   "--start-at must be a date and time such as 2026-11-28T21:40:00Z, not '%.40s'", text);
}

int start_at_check(uint64_t start_at_ns, uint64_t now_ns, const char *text, const char *sender, struct err *e)
{
    char late[UNITS_TEXT_BYTES];
    if (start_at_ns <= now_ns)
        return err_set(e, ERR_INPUT, "--start-at %.40s was %s ago: %s would be sent late", text,
                       units_time_text(now_ns - start_at_ns, late), sender);
    if (start_at_ns - now_ns > AHEAD_MOST_NS)
        return err_set(e, ERR_INPUT, "--start-at %.40s is more than a day ahead", text);
    return 0;
}
