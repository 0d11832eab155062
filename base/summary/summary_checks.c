#include "summary_checks.h"

#include "derived.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int summary_severity(const char *level)
{
    return strcmp(level, "INVALID") == 0 ? 2 : strcmp(level, "WARN") == 0;
}

double summary_check_limit(const struct derived_check *check)
{
    return summary_severity(check->level) == 2 ? check->invalid : check->warn;
}

/* How many times the value is beyond its limit, whichever side is the wrong one. */
static double excess(const struct derived_check *check)
{
    const double limit = summary_check_limit(check);
    if (!isfinite(check->value))
        return 0;
    const double least = fmin(check->value, limit);
    return least > 0 ? fmax(check->value, limit) / least : INFINITY;
}

static bool is_worse(const struct derived_check *a, const struct derived_check *b)
{
    const int severity = summary_severity(a->level), other = summary_severity(b->level);
    return severity != other ? severity > other : excess(a) > excess(b);
}

/* Whether it is one of those that only repeat it: dropped requests lower the achieved rate, too. */
static bool is_repeated(const struct derived_check *checks, size_t n, const struct derived_check *check)
{
    if (strcmp(check->rule, "R1") != 0 && strcmp(check->rule, "R16") != 0)
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(checks[i].rule, "R5") == 0 && summary_severity(checks[i].level) > 0 &&
            strcmp(checks[i].scope, check->scope) == 0)
            return true;
    return false;
}

/* The line of the check at `first`; false when another check stands for it. */
static bool make_line(const struct derived_check *checks, size_t n, size_t first, struct summary_check *line)
{
    *line = (struct summary_check){ .worst = &checks[first] };
    if (is_repeated(checks, n, &checks[first]))
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct derived_check *check = &checks[i];
        if (i == first || summary_severity(check->level) == 0 ||
            strcmp(check->advice, checks[first].advice) != 0 || is_repeated(checks, n, check))
            continue;
        if (i < first)
            return false;
        line->n_more++;
        line->worst = is_worse(check, line->worst) ? check : line->worst;
    }
    return true;
}

size_t summary_checks(const struct derived_check *checks, size_t n, struct summary_check *lines, size_t most)
{
    size_t n_lines = 0;
    for (int severity = 2; severity >= 1; severity--)
        for (size_t i = 0; i < n && n_lines < most; i++)
            if (summary_severity(checks[i].level) > 0 && *checks[i].advice &&
                make_line(checks, n, i, &lines[n_lines]) &&
                summary_severity(lines[n_lines].worst->level) == severity)
                n_lines++;
    return n_lines;
}
