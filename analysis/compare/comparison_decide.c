/* The decisions of a comparison: its runs as the numbers that the rule takes (decide.h). */
#include "comparison_read.h"
#include "err.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool has_claim(enum sample_value value)
{
    return value <= SAMPLE_RATE;
}

static struct decide_run run_of(const struct sample *s, enum sample_value value)
{
    const double share = has_claim(value) ? s->generator_share[value] : NAN;
    return (struct decide_run){
        .time = { .state = s->state[value], .value = s->value[value], .at_least = s->at_least[value] },
        .less_generator = s->value[value] * (1 - share),
        .failed = sample_failed_share(s),
        .attempts_n = s->attempts_n,
        .is_invalid = has_claim(value) && s->level[value] == CLAIM_INVALID,
    };
}

static bool is_invalid(const struct comparison_pair *pair, enum sample_value value)
{
    return pair->a.level[value] == CLAIM_INVALID || pair->b.level[value] == CLAIM_INVALID;
}

/* Pairs and controls of one number; without those that have an invalid run if `is_strict`. Both have room for
 * all. */
static void fill(const struct comparison *c, enum sample_value value, bool is_strict,
                 struct decide_pair *pairs, struct decide_pair *controls, struct decide_question *q)
{
    *q = decide_defaults;
    q->pairs = pairs;
    q->controls = controls;
    q->margin = c->margin;
    q->confidence = c->confidence;
    q->p_ppm = sample_value_ppm(value);
    q->is_secondary = sample_value_of(value) != SAMPLE_OF_ALL;
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        const struct comparison_pair *pair = &c->pairs[i];
        if (is_strict && is_invalid(pair, value))
            continue;
        struct decide_pair *to = pair->is_control ? &controls[q->n_controls++] : &pairs[q->n_pairs++];
        *to = (struct decide_pair){ .b_first = strcmp(pair->order, "BA") == 0,
                                    .a = run_of(&pair->a, value),
                                    .b = run_of(&pair->b, value) };
    }
}

void comparison_question(const struct comparison *c, enum sample_value value, struct decide_pair *pairs,
                         struct decide_pair *controls, struct decide_question *q)
{
    fill(c, value, false, pairs, controls, q);
}

static int decide(const struct comparison *c, enum sample_value value, bool is_strict,
                  struct decide_result *out, struct err *e)
{
    const size_t n = c->n_pairs + c->n_controls;
    struct decide_pair *rows = calloc(2 * n + 1, sizeof *rows);
    struct decide_question q;
    if (!rows)
        return err_set(e, ERR_FAILED, "out of memory for %zu pairs of runs", n);
    fill(c, value, is_strict, rows, rows + n, &q);
    const int status = decide_metric(&q, out, e);
    free(rows);
    return status;
}

/* Both sides of a pair may be one run; ids have whole seconds. */
static void count_runs(struct comparison *c)
{
    c->n_runs = c->n_invalid = 0;
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        const struct comparison_pair *pair = &c->pairs[i];
        const bool is_one = comparison_is_one_run(pair);
        const bool a = pair->a.level[c->primary] == CLAIM_INVALID,
                   b = pair->b.level[c->primary] == CLAIM_INVALID;
        c->n_runs += is_one ? 1 : 2;
        c->n_invalid += is_one ? (a || b) : (size_t)a + b;
    }
}

int comparison_decide(struct comparison *c, struct err *e)
{
    for (int i = 0; i < N_SAMPLE_VALUES; i++)
        if (decide(c, (enum sample_value)i, false, &c->results[i], e))
            return -1;
    count_runs(c);
    if (c->n_invalid > 0 && decide(c, c->primary, true, &c->without_invalid, e))
        return -1;
    /* The other results only check those of the clusters themselves. */
    return decide_family(c->results, SAMPLE_RATE + 1, c->primary, c->confidence, e);
}

int comparison_set_primary(struct comparison *c, enum sample_value primary, struct err *e)
{
    c->primary = primary;
    return comparison_decide(c, e);
}
