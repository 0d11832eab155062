#include "openmetrics.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ACCEPTED "application/openmetrics-text"

const char *openmetrics_content_type(bool is_classic)
{
    return is_classic ? "text/plain; version=0.0.4; charset=utf-8"
                      : ACCEPTED "; version=1.0.0; charset=utf-8";
}

/* What the type adds to the family's name in each of its samples. */
static const char *own_suffix(enum openmetrics_type type)
{
    return type == OPENMETRICS_COUNTER ? "_total" : type == OPENMETRICS_INFO ? "_info" : "";
}

static const char *type_name(const struct openmetrics *m)
{
    static const char *const names[] = { "counter", "gauge", "histogram", "summary", "info" };
    return m->type == OPENMETRICS_INFO && m->is_classic ? "gauge" : names[m->type];
}

void openmetrics_family(struct openmetrics *m, const char *name, enum openmetrics_type type, const char *unit,
                        const char *help)
{
    m->name = name;
    m->type = type;
    /* The older format describes the names of samples. */
    const char *suffix = m->is_classic ? own_suffix(type) : "";
    fprintf(m->out, "# TYPE %s%s %s\n", name, suffix, type_name(m));
    if (*unit && !m->is_classic)
        fprintf(m->out, "# UNIT %s %s\n", name, unit);
    fprintf(m->out, "# HELP %s%s %s\n", name, suffix, help);
}

static void put_value(FILE *out, const char *text)
{
    for (const char *c = text; *c; c++)
        fprintf(out, *c == '\n' ? "\\n" : *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
}

static void put_name(const struct openmetrics *m, const char *suffix, const char *const *labels)
{
    char before = '{';
    fprintf(m->out, "%s%s%s", m->name, own_suffix(m->type), suffix);
    for (; labels && labels[0]; labels += 2) {
        if (!labels[1])
            continue;
        fprintf(m->out, "%c%s=\"", before, labels[0]);
        put_value(m->out, labels[1]);
        putc('"', m->out);
        before = ',';
    }
    fputs(before == ',' ? "} " : " ", m->out);
}

void openmetrics_count(const struct openmetrics *m, const char *suffix, const char *const *labels, uint64_t n)
{
    put_name(m, suffix, labels);
    fprintf(m->out, "%" PRIu64 "\n", n);
}

void openmetrics_real(const struct openmetrics *m, const char *suffix, const char *const *labels,
                      double value)
{
    put_name(m, suffix, labels);
    if (isnan(value))
        fputs("NaN\n", m->out);
    else if (isinf(value))
        fputs(value > 0 ? "+Inf\n" : "-Inf\n", m->out);
    else
        fprintf(m->out, "%.12g\n", value);
}

void openmetrics_end(const struct openmetrics *m)
{
    if (!m->is_classic)
        fputs("# EOF\n", m->out);
}

/* The q of an entry of an Accept header, which ends at `end`; 1 when it has none. */
static double quality(const char *entry, const char *end)
{
    for (const char *c = entry; c && c < end; c = memchr(c, ';', (size_t)(end - c))) {
        c += *c == ';';
        while (c < end && *c == ' ')
            c++;
        if (end - c > 2 && (*c == 'q' || *c == 'Q') && c[1] == '=')
            return strtod(c + 2, NULL);
    }
    return 1;
}

static bool begins_with(const char *entry, const char *end, const char *type)
{
    const size_t length = strlen(type);
    return (size_t)(end - entry) >= length && strncasecmp(entry, type, length) == 0;
}

bool openmetrics_is_accepted(const char *accept)
{
    double open = 0, plain = 0;
    while (*accept) {
        const char *comma = strchr(accept, ',');
        const char *end = comma ? comma : accept + strlen(accept);
        while (accept < end && *accept == ' ')
            accept++;
        const double q = quality(accept, end);
        if (begins_with(accept, end, ACCEPTED))
            open = fmax(open, q);
        else if (begins_with(accept, end, "text/plain"))
            plain = fmax(plain, q);
        accept = comma ? comma + 1 : end;
    }
    return open > 0 && open >= plain;
}
