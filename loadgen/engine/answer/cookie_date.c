#include "cookie_date.h"

#include <string.h>
#include <strings.h>

struct date {
    int day, month, year, hour, minute, second;
    bool has_time, has_day, has_month, has_year;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* RFC 6265 section 5.1.1. */
static bool is_delimiter(unsigned char c)
{
    return c == 0x09 || (c >= 0x20 && c <= 0x2f) || (c >= 0x3b && c <= 0x40) || (c >= 0x5b && c <= 0x60) ||
           (c >= 0x7b && c <= 0x7e);
}

/* The number of `least` to `most` digits at the begin of a token, behind which no further digit stands; -1:
 * there is none. `*used` counts its digits. */
static int number_of(const char *at, size_t n, size_t least, size_t most, size_t *used)
{
    int value = 0;
    size_t i = 0;
    while (i < n && i < most && is_digit(at[i]))
        value = value * 10 + (at[i++] - '0');
    *used = i;
    return i < least || (i < n && is_digit(at[i])) ? -1 : value;
}

static bool take_time(struct date *d, const char *at, size_t n)
{
    int parts[3];
    for (int i = 0; i < 3; i++) {
        size_t used;
        parts[i] = number_of(at, n, 1, 2, &used);
        if (parts[i] < 0 || (i < 2 && (used == n || at[used] != ':')))
            return false;
        at += i < 2 ? used + 1 : used;
        n -= i < 2 ? used + 1 : used;
    }
    d->hour = parts[0];
    d->minute = parts[1];
    d->second = parts[2];
    return true;
}

static bool take_number(int *to, const char *at, size_t n, size_t least, size_t most)
{
    size_t used;
    const int value = number_of(at, n, least, most, &used);
    if (value >= 0)
        *to = value;
    return value >= 0;
}

static bool take_month(struct date *d, const char *at, size_t n)
{
    static const char names[12][4] = { "jan", "feb", "mar", "apr", "may", "jun",
                                       "jul", "aug", "sep", "oct", "nov", "dec" };
    for (int i = 0; n >= 3 && i < 12; i++)
        if (strncasecmp(at, names[i], 3) == 0) {
            d->month = i + 1;
            return true;
        }
    return false;
}

/* The first token that can be something not found yet is it. */
static void take_token(struct date *d, const char *at, size_t n)
{
    if (!d->has_time && (d->has_time = take_time(d, at, n)))
        return;
    if (!d->has_day && (d->has_day = take_number(&d->day, at, n, 1, 2)))
        return;
    if (!d->has_month && (d->has_month = take_month(d, at, n)))
        return;
    if (!d->has_year)
        d->has_year = take_number(&d->year, at, n, 2, 4);
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_of(int month, int year)
{
    static const int days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return days[month - 1] + (month == 2 && is_leap(year));
}

static int64_t seconds_of(const struct date *d)
{
    const int64_t before = d->year - 1;
    int64_t days = before * 365 + before / 4 - before / 100 + before / 400 - 719162; /* to 1970 */
    for (int month = 1; month < d->month; month++)
        days += days_of(month, d->year);
    return (((days + d->day - 1) * 24 + d->hour) * 60 + d->minute) * 60 + d->second;
}

bool cookie_date_parse(const char *text, size_t n_bytes, int64_t *seconds)
{
    struct date d = { 0 };
    for (size_t at = 0; at < n_bytes;) {
        size_t n = 0;
        while (at + n < n_bytes && !is_delimiter((unsigned char)text[at + n]))
            n++;
        if (n > 0)
            take_token(&d, text + at, n);
        at += n + 1;
    }
    if (d.has_year && d.year <= 99)
        d.year += d.year >= 70 ? 1900 : 2000;
    if (!d.has_time || !d.has_day || !d.has_month || !d.has_year || d.year < 1601 || d.hour > 23 ||
        d.minute > 59 || d.second > 59 || d.day < 1 || d.day > days_of(d.month, d.year))
        return false;
    *seconds = seconds_of(&d);
    return true;
}
