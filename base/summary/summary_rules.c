#include "summary.h"

#include "summary_checks.h"
#include "units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Counts without digits behind the point. */
static const char *value_text(const struct derived_check *c, char out[UNITS_TEXT_BYTES])
{
    const bool is_count = c->value >= 0 && c->value < 1e15 && c->value == floor(c->value);
    return is_count && strcmp(c->unit, "%") != 0 ? units_count_text((uint64_t)c->value, out)
                                                 : units_number_text(c->value, out);
}

/* "plain: requests sent late: 8.00 %; 1 more in checks.csv. Use more threads." */
static void print_check(const struct summary *s, const struct summary_check *line, FILE *out)
{
    char text[768], value[UNITS_TEXT_BYTES], more[64] = "";
    const struct derived_check *c = line->worst;
    const bool is_of_run = strcmp(c->scope, "run") == 0;
    if (line->n_more > 0)
        snprintf(more, sizeof more, "; %zu more in checks.csv", line->n_more);
    snprintf(text, sizeof text, "%s%s%s: %s %s%s. %s", is_of_run ? "" : c->scope, is_of_run ? "" : ": ",
             c->what, value_text(c, value), c->unit, more, c->advice);
    summary_line(s, out, c->rule, "%s", text);
}

static void print_not_judged(const struct summary *s, const struct derived_check *c, FILE *out)
{
    summary_line(s, out, c->rule, "%s: %s: not judged. %s", c->scope, c->what, c->advice);
}

int summary_rules(const struct summary *s, FILE *out)
{
    const struct derived_run *run = s->run;
    struct summary_check *lines = calloc(run->n_checks + 1, sizeof *lines);
    const size_t n = lines ? summary_checks(run->checks, run->n_checks, lines, run->n_checks) : 0;
    for (size_t i = 0; i < n; i++)
        print_check(s, &lines[i], out);
    for (size_t i = 0; i < run->n_checks; i++)
        if (strcmp(run->checks[i].level, "NOT JUDGED") == 0)
            print_not_judged(s, &run->checks[i], out);
    free(lines);
    return lines ? 0 : -1;
}
