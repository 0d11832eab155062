#include "summary.h"

#include "summary_checks.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

enum { WRAP_AT = 100, INDENT = 14 };

void summary_verdict(const struct summary *s, FILE *out)
{
    const struct derived_check *share = summary_share(s->run->checks, s->run->n_checks);
    const bool is_invalid = strcmp(s->verdict, "INVALID") == 0;
    char number[UNITS_TEXT_BYTES];
    fprintf(out, "  verdict     %-8s  ", s->verdict);
    if (strcmp(s->end, "failed") == 0)
        fputs("the run failed: part of its results is lost, and the rest stands for nothing\n", out);
    else if (strcmp(s->end, "running") == 0)
        fputs("the run has not ended, and is not judged\n", out);
    else if (!share)
        fprintf(out, "%stoo few requests to tell the generator's share of their times\n",
                is_invalid                     ? "the generator cannot be excluded as the cause; "
                : summary_severity(s->verdict) ? ""
                                               : "no rule was missed; ");
    else
        fprintf(out, "%s accounts for %s %% of p%.6g\n",
                is_invalid ? "the generator cannot be excluded as the cause; it" : "the generator",
                units_number_text(share->value, number), summary_share_p(share));
}

/* Prints prose in a column of its own; a word longer than a line stays whole. */
static void print_wrapped(FILE *out, const char *text)
{
    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        size_t n = strlen(text);
        if (n > WRAP_AT - INDENT) {
            n = WRAP_AT - INDENT;
            while (n > 0 && text[n] != ' ')
                n--;
            n = n > 0 ? n : strcspn(text, " ");
        }
        fprintf(out, "%*s%.*s\n", INDENT, "", (int)n, text);
        text += n;
    }
}

static void print_check(FILE *out, const struct summary_check *line)
{
    char value[UNITS_TEXT_BYTES], limit[UNITS_TEXT_BYTES];
    const struct derived_check *c = line->worst;
    fprintf(out, "\n  %-7s %-3s %s: %s: %s %s, limit %s %s", c->level, c->rule, c->scope, c->what,
            units_number_text(c->value, value), c->unit, units_limit_text(summary_check_limit(c), limit),
            c->unit);
    if (line->n_more > 0)
        fprintf(out, "; %zu more in checks.csv", line->n_more);
    putc('\n', out);
    print_wrapped(out, c->advice);
}

int summary_rules(const struct summary *s, FILE *out)
{
    const struct derived_run *run = s->run;
    struct summary_check *lines = calloc(run->n_checks + 1, sizeof *lines);
    const size_t n = lines ? summary_checks(run->checks, run->n_checks, lines, run->n_checks) : 0;
    for (size_t i = 0; i < n; i++)
        print_check(out, &lines[i]);
    for (size_t i = 0; i < run->n_checks; i++) {
        const struct derived_check *c = &run->checks[i];
        if (strcmp(c->level, "NOT JUDGED") != 0)
            continue;
        fprintf(out, "\n  NOTE    %-3s %s: %s: not judged\n", c->rule, c->scope, c->what);
        print_wrapped(out, c->advice);
    }
    free(lines);
    return lines ? 0 : -1;
}
