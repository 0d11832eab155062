#include "summary.h"

#include "check.h"
#include "units.h"

#include <string.h>

enum { WRAP_AT = 100, INDENT = 14 };

static const char *percentile_name(uint32_t p_ppm, char out[16])
{
    snprintf(out, 16, "p%.6g", (double)p_ppm / 1e4);
    return out;
}

void summary_verdict(const struct summary *s)
{
    const struct judgement *j = s->judgement;
    char number[UNITS_TEXT_BYTES], percentile[16];
    fprintf(s->out, "  verdict     %-8s  ", check_level_name(j->verdict));
    if (s->end == RECORDER_FAILED) {
        fputs("the run failed: part of its results is lost, and the rest stands for nothing\n", s->out);
        return;
    }
    if (j->verdict == CHECK_INVALID)
        fputs("the generator cannot be excluded as the cause; ", s->out);
    if (!j->share.is_known)
        fprintf(s->out, "%stoo few requests to tell the generator's share of their times\n",
                j->verdict == CHECK_OK ? "no rule was missed; " : "");
    else
        fprintf(s->out, "%s accounts for %s %% of %s\n", j->verdict == CHECK_INVALID ? "it" : "the generator",
                units_number_text(j->share.pct, number), percentile_name(j->share.p_ppm, percentile));
}

/* Prints prose in a column of its own. */
static void print_wrapped(FILE *out, const char *text)
{
    while (*text) {
        size_t n = strlen(text);
        if (n > WRAP_AT - INDENT) {
            n = WRAP_AT - INDENT;
            while (n > 0 && text[n] != ' ')
                n--;
        }
        fprintf(out, "%*s%.*s\n", INDENT, "", (int)n, text);
        text += n;
        text += strspn(text, " ");
    }
}

static double excess(const struct check *c)
{
    const double limit = c->level == CHECK_INVALID ? c->invalid : c->warn;
    const double most = c->value > limit ? c->value : limit;
    const double least = c->value > limit ? limit : c->value;
    return least > 0 ? most / least : INFINITY;
}

static bool is_worse(const struct check *a, const struct check *b)
{
    return a->level != b->level ? a->level > b->level : excess(a) > excess(b);
}

/* The worst case of the same rule and advice as check `first`; NULL when an earlier check stands for it. */
static const struct check *worst_of(const struct judgement *j, size_t first, size_t *n_more)
{
    const struct check *worst = &j->checks[first];
    *n_more = 0;
    for (size_t i = 0; i < j->n_checks; i++) {
        const struct check *c = &j->checks[i];
        if (i == first || c->level == CHECK_OK || strcmp(c->advice, worst->advice) != 0)
            continue;
        if (i < first)
            return NULL;
        (*n_more)++;
        if (is_worse(c, worst))
            worst = c;
    }
    return worst;
}

static void print_check(FILE *out, const struct check *c, size_t n_more)
{
    const double limit = c->level == CHECK_INVALID ? c->invalid : c->warn;
    char value[UNITS_TEXT_BYTES], limit_text[UNITS_TEXT_BYTES];
    fprintf(out, "\n  %-7s %-3s %s: %s: %s %s, limit %s %s", check_level_name(c->level), c->rule, c->scope,
            c->what, units_number_text(c->value, value), c->unit, units_limit_text(limit, limit_text),
            c->unit);
    if (n_more > 0)
        fprintf(out, "; %zu more in checks.csv", n_more);
    putc('\n', out);
    print_wrapped(out, c->advice);
}

static void print_not_judged(FILE *out, const struct check *c)
{
    fprintf(out, "\n  NOTE    %-3s %s: %s: not judged\n", c->rule, c->scope, c->what);
    print_wrapped(out, c->advice);
}

void summary_rules(const struct summary *s)
{
    const struct judgement *j = s->judgement;
    for (int level = CHECK_INVALID; level >= CHECK_WARN; level--)
        for (size_t i = 0; i < j->n_checks; i++) {
            size_t n_more;
            const struct check *worst = j->checks[i].level == CHECK_OK ? NULL : worst_of(j, i, &n_more);
            if (worst && (int)worst->level == level)
                print_check(s->out, worst, n_more);
        }
    for (size_t i = 0; i < j->n_checks; i++)
        if (j->checks[i].level == CHECK_NOT_JUDGED)
            print_not_judged(s->out, &j->checks[i]);
}

void summary_thresholds(const struct summary *s)
{
    const struct judgement *j = s->judgement;
    if (j->n_thresholds == 0)
        return;
    if (j->n_missed == 0)
        fprintf(s->out, "  thresholds  all %zu held\n", j->n_thresholds);
    for (size_t i = 0; i < j->n_thresholds; i++) {
        char value[UNITS_TEXT_BYTES];
        const struct check_threshold *c = &j->thresholds[i];
        if (!c->is_held)
            fprintf(s->out, "  threshold   missed: %s; it was %s\n", c->threshold->text,
                    threshold_value_text(threshold_unit(c->threshold), c->is_known ? c->value : NAN, value));
    }
}
