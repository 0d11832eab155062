#include "decide_pair.h"

#include "err.h"

#include <math.h>
#include <stdlib.h>

static bool is_time(const struct decide_time *t)
{
    return t->state != ATTEMPT_EXACT || (isfinite(t->value) && t->value > 0);
}

static bool counts(const struct decide_pair *pair)
{
    const enum attempt_state a = pair->a.time.state, b = pair->b.time.state;
    return a != ATTEMPT_NONE && b != ATTEMPT_NONE && is_time(&pair->a.time) && is_time(&pair->b.time);
}

/* How many times as long the other run took at least, as a logarithm, if this one's time is exact; NAN:
 * unknown. */
static double proven(const struct decide_time *exact, const struct decide_time *other)
{
    return other->at_least > exact->value ? log(other->at_least / exact->value) : NAN;
}

static double log_ratio_of(const struct decide_time *a, const struct decide_time *b)
{
    if (a->state == ATTEMPT_EXACT && b->state == ATTEMPT_EXACT)
        return log(b->value / a->value);
    if (a->state == ATTEMPT_EXACT)
        return b->state == ATTEMPT_FAILED ? INFINITY : proven(a, b);
    if (b->state == ATTEMPT_EXACT)
        return a->state == ATTEMPT_FAILED ? -INFINITY : -proven(b, a);
    return NAN;
}

static double bound_of(const struct decide_time *a, const struct decide_time *b)
{
    if (a->state == ATTEMPT_EXACT)
        return b->state == ATTEMPT_EXACT ? log(b->value / a->value) : proven(a, b);
    return b->state == ATTEMPT_EXACT ? -proven(b, a) : NAN;
}

/* Twice: what can be seen is half of what may be there. */
static void take_generator(struct decide_pair *pair)
{
    struct decide_run *const runs[] = { &pair->a, &pair->b };
    for (int i = 0; i < 2; i++)
        if (runs[i]->time.state != ATTEMPT_EXACT || isnan(runs[i]->less_generator))
            return;
    for (int i = 0; i < 2; i++)
        runs[i]->time.value -= 2 * (runs[i]->time.value - runs[i]->less_generator);
}

static void add(struct decide_columns *c, const struct decide_pair *pair, size_t index)
{
    const struct decide_time *a = &pair->a.time, *b = &pair->b.time;
    const bool is_a_exact = a->state == ATTEMPT_EXACT, is_b_exact = b->state == ATTEMPT_EXACT;
    const size_t n = c->n++;
    c->log_ratio[n] = log_ratio_of(a, b);
    c->bound[n] = bound_of(a, b);
    c->a[n] = is_a_exact ? a->value : NAN;
    c->b[n] = is_b_exact ? b->value : NAN;
    c->index[n] = index;
    c->is_apart[n] = false;
    c->b_first[n] = pair->b_first;
    c->is_finite &= is_a_exact && is_b_exact;
    c->is_used_up |= (is_a_exact && a->value <= 0) || (is_b_exact && b->value <= 0);
}

static void fill(struct decide_columns *c, const struct decide_pair *pairs, size_t n, bool without_generator)
{
    for (size_t i = 0; i < n; i++) {
        struct decide_pair pair = pairs[i];
        if (!counts(&pair))
            continue;
        if (pair.a.time.state == ATTEMPT_FAILED && pair.b.time.state == ATTEMPT_FAILED) {
            c->n_tied++;
            continue;
        }
        if (without_generator)
            take_generator(&pair);
        add(c, &pair, i);
    }
}

int decide_columns_init(struct decide_columns *c, const struct decide_pair *pairs, size_t n,
                        bool without_generator, struct err *e)
{
    *c = (struct decide_columns){ .is_finite = true };
    c->log_ratio = malloc((4 * n + 1) * sizeof *c->log_ratio);
    c->index = malloc((n + 1) * sizeof *c->index);
    c->is_apart = malloc((2 * n + 1) * sizeof *c->is_apart);
    if (!c->log_ratio || !c->index || !c->is_apart) {
        decide_columns_fini(c);
        return err_errno(e, ERR_FAILED, "cannot compare %zu pairs of runs", n);
    }
    c->bound = c->log_ratio + n;
    c->a = c->log_ratio + 2 * n;
    c->b = c->log_ratio + 3 * n;
    c->b_first = c->is_apart + n;
    fill(c, pairs, n, without_generator);
    return 0;
}

void decide_columns_fini(struct decide_columns *c)
{
    free(c->log_ratio);
    free(c->index);
    free(c->is_apart);
    *c = (struct decide_columns){ 0 };
}
