#include "verdict.h"

#include "run_json.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static int severity(const struct run_check *check)
{
    return strcmp(check->level, "INVALID") == 0 ? 2 : strcmp(check->level, "WARN") == 0 ? 1 : 0;
}

double verdict_limit(const struct run_check *check)
{
    return severity(check) == 2 ? check->invalid : check->warn;
}

/* How many times the value is beyond its limit, whichever side is the wrong one. */
static double excess(const struct run_check *check)
{
    const double limit = verdict_limit(check);
    if (!(check->value > 0) || !(limit > 0))
        return 0;
    return fmax(check->value / limit, limit / check->value);
}

static bool is_worse(const struct run_check *a, const struct run_check *b)
{
    return severity(a) != severity(b) ? severity(a) > severity(b) : excess(a) > excess(b);
}

static bool is_same_cause(const struct run_check *a, const struct run_check *b)
{
    return strcmp(a->rule, b->rule) == 0 && strcmp(a->advice, b->advice) == 0;
}

static struct verdict_line *find_line(struct verdict_line *lines, size_t n, const struct run_check *check)
{
    for (size_t i = 0; i < n; i++)
        if (is_same_cause(lines[i].worst, check))
            return &lines[i];
    return NULL;
}

static void sort_lines(struct verdict_line *lines, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && severity(lines[k].worst) > severity(lines[k - 1].worst); k--) {
            const struct verdict_line moved = lines[k];
            lines[k] = lines[k - 1];
            lines[k - 1] = moved;
        }
}

size_t verdict_lines(const struct run_json *run, struct verdict_line *lines, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < run->n_checks; i++) {
        const struct run_check *check = &run->checks[i];
        struct verdict_line *line = severity(check) ? find_line(lines, n, check) : NULL;
        if (line) {
            line->n_more++;
            line->worst = is_worse(check, line->worst) ? check : line->worst;
        } else if (severity(check) && n < most) {
            lines[n++] = (struct verdict_line){ .worst = check };
        }
    }
    sort_lines(lines, n);
    return n;
}
