#include "units.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unit {
    const char *name;
    double factor;
};

static const struct unit duration_units[] = { { "ns", 1 },     { "us", 1e3 }, { "ms", 1e6 },   { "s", 1e9 },
                                              { "min", 60e9 }, { "m", 60e9 }, { "h", 3600e9 }, { NULL, 0 } };
static const struct unit count_units[] = {
    { "k", 1e3 }, { "K", 1e3 }, { "M", 1e6 }, { "G", 1e9 }, { NULL, 0 }
};
static const struct unit size_units[] = { { "KiB", 1024 }, { "MiB", 1048576 }, { "GiB", 1073741824 },
                                          { "kB", 1e3 },   { "KB", 1e3 },      { "MB", 1e6 },
                                          { "GB", 1e9 },   { "B", 1 },         { NULL, 0 } };
static const struct unit per_units[] = { { "/s", 1 },        { "/ms", 1e3 },       { "/min", 1.0 / 60 },
                                         { "/m", 1.0 / 60 }, { "/h", 1.0 / 3600 }, { NULL, 0 } };

/* Reads an unsigned decimal number without the signs, blanks, hex, inf and nan that strtod allows. */
static int read_number(const char **text, double *value)
{
    const char *p = *text;
    if (!(*p >= '0' && *p <= '9') && !(*p == '.' && p[1] >= '0' && p[1] <= '9'))
        return -1;
    if (*p == '0' && (p[1] == 'x' || p[1] == 'X'))
        return -1;
    char *end;
    errno = 0;
    *value = strtod(p, &end);
    if (errno == ERANGE || !isfinite(*value))
        return -1;
    *text = end;
    return 0;
}

/* Takes the longest unit name that the text begins with; its factor, or 0. */
static double read_unit(const char **text, const struct unit *units)
{
    const struct unit *best = NULL;
    size_t best_length = 0;
    for (const struct unit *u = units; u->name; u++) {
        const size_t length = strlen(u->name);
        if (length > best_length && strncmp(*text, u->name, length) == 0) {
            best = u;
            best_length = length;
        }
    }
    *text += best_length;
    return best ? best->factor : 0;
}

static int to_whole(double value, uint64_t *out)
{
    const double rounded = round(value);
    /* 2.3 times 10^6 is not quite whole in binary. */
    if (rounded >= 18446744073709551616.0 || fabs(value - rounded) > 1e-12 * rounded)
        return -1;
    *out = (uint64_t)rounded;
    return 0;
}

int units_parse_duration_ns(const char *text, uint64_t *ns)
{
    double sum_ns = 0;
    double last_factor = INFINITY;

    if (strcmp(text, "0") == 0) {
        *ns = 0;
        return 0;
    }
    if (!*text)
        return -1;
    while (*text) {
        double value;
        if (read_number(&text, &value))
            return -1;
        const double factor = read_unit(&text, duration_units);
        if (factor == 0 || factor >= last_factor)
            return -1;
        last_factor = factor;
        sum_ns += value * factor;
    }
    if (sum_ns >= 9.2e18)
        return -1;
    *ns = (uint64_t)llround(sum_ns);
    return 0;
}

/* A double would not keep all digits of a large number, such as a seed. */
static int parse_digits(const char *text, uint64_t *out)
{
    errno = 0;
    const unsigned long long number = strtoull(text, NULL, 10);
    if (!*text || errno)
        return -1;
    *out = number;
    return 0;
}

static int parse_scaled(const char *text, const struct unit *units, uint64_t *out)
{
    double value;
    double factor = 1;
    if (text[strspn(text, "0123456789")] == '\0')
        return parse_digits(text, out);
    if (read_number(&text, &value))
        return -1;
    if (*text)
        factor = read_unit(&text, units);
    if (factor == 0 || *text)
        return -1;
    return to_whole(value * factor, out);
}

int units_parse_count(const char *text, uint64_t *count)
{
    return parse_scaled(text, count_units, count);
}

int units_parse_size_bytes(const char *text, uint64_t *bytes)
{
    return parse_scaled(text, size_units, bytes);
}

int units_parse_rate_or_0_per_s(const char *text, double *per_s)
{
    double value;
    if (read_number(&text, &value))
        return -1;
    const double scale = *text && *text != '/' ? read_unit(&text, count_units) : 1;
    const double per = *text ? read_unit(&text, per_units) : 1;
    const double rate = value * scale * per;
    if (*text || per == 0 || scale == 0 || !(rate >= 0) || !isfinite(rate))
        return -1;
    *per_s = rate;
    return 0;
}

int units_parse_rate_per_s(const char *text, double *per_s)
{
    double rate;
    if (units_parse_rate_or_0_per_s(text, &rate) || rate == 0)
        return -1;
    *per_s = rate;
    return 0;
}

int units_parse_real(const char *text, double *value)
{
    const char *p = text + (*text == '-');
    double number;
    if (read_number(&p, &number) || *p)
        return -1;
    *value = *text == '-' ? -number : number;
    return 0;
}

const char *units_count_text(uint64_t count, char *out)
{
    char digits[24];
    const int n = snprintf(digits, sizeof digits, "%" PRIu64, count);
    char *p = out;
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            *p++ = ' ';
        *p++ = digits[i];
    }
    *p = '\0';
    return out;
}

const char *units_number_text(double value, char *out)
{
    const double size = fabs(value);
    if (!isfinite(value))
        snprintf(out, UNITS_TEXT_BYTES, "n/a");
    else if (size >= 1e15 || (size > 0 && size < 0.09995))
        snprintf(out, UNITS_TEXT_BYTES, "%.3g", value);
    else if (size >= 999.5) {
        char digits[UNITS_TEXT_BYTES];
        snprintf(out, UNITS_TEXT_BYTES, "%s%s", value < 0 ? "-" : "",
                 units_count_text((uint64_t)llround(size), digits));
    } else {
        const int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 || size == 0 ? 2 : 3;
        snprintf(out, UNITS_TEXT_BYTES, "%.*f", decimals, value);
    }
    return out;
}

const char *units_limit_text(double value, char *out)
{
    if (!isfinite(value) || fabs(value) >= 999.5)
        return units_number_text(value, out);
    snprintf(out, UNITS_TEXT_BYTES, "%.3g", value);
    return out;
}

static const char *with_unit(double value, const char *unit, char *out)
{
    char number[UNITS_TEXT_BYTES];
    snprintf(out, UNITS_TEXT_BYTES, "%.22s %s", units_number_text(value, number), unit);
    return out;
}

const char *units_time_text(uint64_t ns, char *out)
{
    return ns < 60 * NS_PER_S ? units_duration_text(ns, out) : with_unit((double)ns / 1e9, "s", out);
}

const char *units_duration_text(uint64_t ns, char *out)
{
    const double value = (double)ns;
    const uint64_t s = ns / NS_PER_S;
    if (ns == 0)
        snprintf(out, UNITS_TEXT_BYTES, "0 s");
    else if (ns < NS_PER_US)
        snprintf(out, UNITS_TEXT_BYTES, "%" PRIu64 " ns", ns);
    else if (value < 999.5e3) /* above, three digits make it 1.00 of the next unit */
        with_unit(value / 1e3, "us", out);
    else if (value < 999.5e6)
        with_unit(value / 1e6, "ms", out);
    else if (s < 60)
        with_unit(value / 1e9, "s", out);
    else if (s < 3600)
        snprintf(out, UNITS_TEXT_BYTES, "%" PRIu64 " min %" PRIu64 " s", s / 60, s % 60);
    else
        snprintf(out, UNITS_TEXT_BYTES, "%" PRIu64 " h %" PRIu64 " min", s / 3600, s % 3600 / 60);
    return out;
}

const char *units_bytes_per_s_text(double per_s, char *out)
{
    static const char *const names[] = { "B/s", "kB/s", "MB/s", "GB/s", "TB/s" };
    size_t i = 0;
    for (; per_s >= 999.5 && i + 1 < sizeof names / sizeof *names; i++)
        per_s /= 1000;
    return with_unit(per_s, names[i], out);
}

const char *units_duration_exact(uint64_t ns, char *out)
{
    const struct unit *unit = &duration_units[0];
    for (const struct unit *u = unit; u->name; u++)
        if (u->factor <= 1e9 && ns % (uint64_t)u->factor == 0)
            unit = u;
    snprintf(out, UNITS_TEXT_BYTES, "%" PRIu64 "%s", ns / (uint64_t)unit->factor, unit->name);
    return out;
}

const char *units_bytes_text(uint64_t bytes, char *out)
{
    static const char *const names[] = { "B", "KiB", "MiB", "GiB", "TiB" };
    double value = (double)bytes;
    size_t i = 0;
    while (value >= 1023.5 && i + 1 < sizeof names / sizeof *names) {
        value /= 1024;
        i++;
    }
    if (i == 0)
        snprintf(out, UNITS_TEXT_BYTES, "%" PRIu64 " B", bytes);
    else
        with_unit(value, names[i], out);
    return out;
}
