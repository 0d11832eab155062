#include "comparison.h"

#include <math.h>
#include <string.h>

const struct comparison_pair *comparison_first(const struct comparison *c)
{
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++)
        if (!c->pairs[i].is_control)
            return &c->pairs[i];
    return NULL;
}

bool comparison_is_one_run(const struct comparison_pair *pair)
{
    return pair->a.started_ns == pair->b.started_ns && strcmp(pair->a.run_id, pair->b.run_id) == 0;
}

struct decide_interval comparison_ratio(const struct comparison *c, enum sample_value value)
{
    const struct run_interval *within = &c->within[value];
    const bool is_enough = c->results[value].n_pairs > 0; /* ten attempts beyond the percentile */
    if (c->within_run && is_enough && isfinite(within->value) && within->value > 0)
        return (struct decide_interval){ within->value, within->lo, within->hi };
    return c->results[value].ratio;
}

bool comparison_rests_on_invalid(const struct comparison *c)
{
    return c->results[c->primary].rests_on_invalid;
}

static void add_failures(const struct sample *s, uint64_t *failed_n, uint64_t *n)
{
    *failed_n += s->failed_n;
    *n += s->attempts_n;
}

struct comparison_errors comparison_errors(const struct comparison *c)
{
    struct comparison_errors s = { 0 };
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        if (c->pairs[i].is_control)
            continue;
        add_failures(&c->pairs[i].a, &s.a_err, &s.a_n);
        add_failures(&c->pairs[i].b, &s.b_err, &s.b_n);
    }
    return s;
}
