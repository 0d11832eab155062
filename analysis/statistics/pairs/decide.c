#include "decide.h"

#include "err.h"
#include "holm.h"
#include "mann_whitney.h"
#include "outlier.h"
#include "paired.h"
#include "power.h"
#include "prob.h"
#include "signed_rank.h"

#include <math.h>
#include <stdlib.h>

const struct decide_question decide_defaults = { .margin = 0.05, .confidence = 0.95, .power = 0.8 };

static const struct decide_interval UNKNOWN = { NAN, NAN, NAN };

/* The pairs that count, as columns. */
struct columns {
    size_t n;
    double *a, *b, *log_ratio, *difference;
    bool *b_first, *is_outlier;
};

static int columns_init(struct columns *c, size_t most, struct err *e)
{
    *c = (struct columns){ 0 };
    double *values = malloc((4 * most + 1) * sizeof *values);
    bool *flags = malloc((2 * most + 1) * sizeof *flags);
    if (!values || !flags) {
        free(values);
        free(flags);
        return err_errno(e, ERR_FAILED, "cannot compare %zu pairs of runs", most);
    }
    c->a = values;
    c->b = values + most;
    c->log_ratio = values + 2 * most;
    c->difference = values + 3 * most;
    c->b_first = flags;
    c->is_outlier = flags + most;
    return 0;
}

static void columns_fini(struct columns *c)
{
    free(c->a);
    free(c->b_first);
}

static bool counts(const struct decide_pair *pair)
{
    return isfinite(pair->a) && isfinite(pair->b) && pair->a > 0 && pair->b > 0;
}

static void columns_fill(struct columns *c, const struct decide_pair *pairs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!counts(&pairs[i]))
            continue;
        c->a[c->n] = pairs[i].a;
        c->b[c->n] = pairs[i].b;
        c->difference[c->n] = pairs[i].b - pairs[i].a;
        c->b_first[c->n] = pairs[i].b_first;
        c->n++;
    }
    paired_log_ratios(c->a, c->b, c->n, c->log_ratio);
}

static double geometric_mean(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += log(x[i]);
    return exp(sum / (double)n);
}

static struct decide_interval exp_of(double value, double lo, double hi)
{
    return (struct decide_interval){ exp(value), exp(lo), exp(hi) };
}

/* The larger p of the two one-sided t tests against a log ratio beyond +-margin. */
static double equivalence_p(const struct paired *logs, double log_margin)
{
    const double distance = log_margin - fabs(logs->mean);
    const double standard_error = logs->sd / sqrt((double)logs->n);
    if (!(standard_error > 0))
        return distance > 0 ? 0 : 1;
    return prob_student_cdf(-distance / standard_error, (double)(logs->n - 1));
}

static int describe(const struct columns *c, const struct decide_question *q, struct decide_result *out,
                    struct paired *logs, struct err *e)
{
    struct paired differences, narrower;
    struct signed_rank rank;
    struct mann_whitney unpaired;
    paired_interval(c->log_ratio, c->n, q->confidence, logs);
    paired_interval(c->log_ratio, c->n, 2 * q->confidence - 1, &narrower);
    paired_interval(c->difference, c->n, q->confidence, &differences);
    if (signed_rank_interval(c->log_ratio, c->n, q->confidence, &rank, e) != 0 ||
        mann_whitney_test(c->a, c->n, c->b, c->n, &unpaired, e) != 0 ||
        outlier_find(c->log_ratio, c->n, c->is_outlier, &out->n_outliers, e) != 0)
        return -1;

    out->typical_a = geometric_mean(c->a, c->n);
    out->typical_b = geometric_mean(c->b, c->n);
    out->ratio = exp_of(logs->mean, logs->lo, logs->hi);
    out->ratio_rank = exp_of(rank.centre, rank.lo, rank.hi);
    out->equivalence = exp_of(narrower.mean, narrower.lo, narrower.hi);
    out->difference = (struct decide_interval){ differences.mean, differences.lo, differences.hi };
    out->sd_log = logs->sd;
    out->a12 = unpaired.a12;
    if (c->n < 2)
        return 0;
    out->p = out->p_holm = logs->p;
    out->p_rank = rank.p;
    out->p_equivalence = equivalence_p(logs, log1p(q->margin));
    out->detectable_ratio = exp(power_detectable_effect(c->n, logs->sd, 1 - q->confidence, q->power));
    return 0;
}

static int describe_control(const struct decide_question *q, struct decide_control *out, struct err *e)
{
    *out = (struct decide_control){ .ratio = UNKNOWN, .least = NAN, .most = NAN };
    struct columns c;
    if (columns_init(&c, q->n_controls, e) != 0)
        return -1;
    columns_fill(&c, q->controls, q->n_controls);
    out->n = c.n;
    if (c.n > 0) {
        struct paired logs;
        paired_interval(c.log_ratio, c.n, q->confidence, &logs);
        out->ratio = exp_of(logs.mean, logs.lo, logs.hi);
        out->excludes_one = logs.lo > 0 || logs.hi < 0;
        out->least = out->most = exp(c.log_ratio[0]);
        for (size_t i = 1; i < c.n; i++) {
            out->least = fmin(out->least, exp(c.log_ratio[i]));
            out->most = fmax(out->most, exp(c.log_ratio[i]));
        }
    }
    columns_fini(&c);
    return 0;
}

/* The largest log ratio of the same cluster measured twice; 0 without controls. */
static double noise_floor(const struct decide_control *control)
{
    return control->n > 0 ? fmax(fabs(log(control->least)), fabs(log(control->most))) : 0;
}

static void conclude(const struct paired *logs, double log_margin, struct decide_result *out)
{
    const bool excludes_one = logs->lo > 0 || logs->hi < 0;
    const double size = fabs(logs->mean);
    out->outcome = DECIDE_UNDECIDED;
    if (log(out->equivalence.lo) >= -log_margin && log(out->equivalence.hi) <= log_margin) {
        out->outcome = DECIDE_EQUIVALENT;
    } else if (size <= log_margin) {
        out->hindrance = DECIDE_MARGIN;
    } else if (!excludes_one) {
        out->hindrance = DECIDE_INTERVAL;
    } else if (size <= noise_floor(&out->control)) {
        out->hindrance = DECIDE_NOISE;
    } else {
        out->outcome = logs->mean > 0 ? DECIDE_HIGHER : DECIDE_LOWER;
    }
}

/* Pairs for which an estimate of this size lies outside the margin with that power. */
static double pairs_beyond_margin(double size, double log_margin, double sd, double power)
{
    const double z = prob_normal_quantile(power);
    return pow(z * sd / (size - log_margin), 2);
}

/* Pairs to add for an answer with the power asked for, if mean and spread are as estimated. */
static size_t more_pairs(const struct paired *logs, const struct decide_question *q,
                         enum decide_hindrance hindrance)
{
    const double alpha = 1 - q->confidence;
    const double log_margin = log1p(q->margin);
    size_t needed = 0;
    if (hindrance == DECIDE_MARGIN) {
        needed = power_pairs_for_equivalence(logs->mean, log_margin, logs->sd, alpha, q->power);
    } else if (hindrance == DECIDE_INTERVAL) {
        const double beyond = ceil(pairs_beyond_margin(fabs(logs->mean), log_margin, logs->sd, q->power));
        needed = power_pairs_for_effect(logs->mean, logs->sd, alpha, q->power);
        if (beyond > POWER_MOST_PAIRS)
            needed = 0;
        else if (needed > 0 && (double)needed < beyond)
            needed = (size_t)beyond;
    }
    if (needed == 0)
        return 0;
    if (needed < signed_rank_pairs_least(q->confidence))
        needed = signed_rank_pairs_least(q->confidence);
    return needed > logs->n ? needed - logs->n : 1;
}

static int answer(const struct columns *c, const struct decide_question *q, struct decide_result *out,
                  struct err *e)
{
    struct paired logs;
    if (order_effect_find(c->log_ratio, c->b_first, c->n, &out->order, e) != 0)
        return -1;
    if (c->n == 0)
        return 0;
    if (describe(c, q, out, &logs, e) != 0)
        return -1;
    if (c->n < 2)
        return 0;
    conclude(&logs, log1p(q->margin), out);
    if (out->outcome == DECIDE_UNDECIDED)
        out->n_more = more_pairs(&logs, q, out->hindrance);
    return 0;
}

int decide_metric(const struct decide_question *question, struct decide_result *out, struct err *e)
{
    *out = (struct decide_result){
        .typical_a = NAN,
        .typical_b = NAN,
        .ratio = UNKNOWN,
        .ratio_rank = UNKNOWN,
        .difference = UNKNOWN,
        .equivalence = UNKNOWN,
        .sd_log = NAN,
        .a12 = NAN,
        .p = NAN,
        .p_rank = NAN,
        .p_holm = NAN,
        .p_equivalence = NAN,
        .detectable_ratio = NAN,
        .outcome = DECIDE_DESCRIPTION,
    };
    struct columns c;
    if (describe_control(question, &out->control, e) != 0 || columns_init(&c, question->n_pairs, e) != 0)
        return -1;
    columns_fill(&c, question->pairs, question->n_pairs);
    out->n_pairs = c.n;
    const int status = answer(&c, question, out, e);
    columns_fini(&c);
    return status;
}

static bool claims_difference(const struct decide_result *r)
{
    return r->outcome == DECIDE_LOWER || r->outcome == DECIDE_HIGHER;
}

int decide_family(struct decide_result *results, size_t n, size_t primary, double confidence, struct err *e)
{
    double *p = calloc(2 * n + 1, sizeof *p);
    if (!p)
        return err_errno(e, ERR_FAILED, "cannot adjust %zu results", n);
    for (size_t i = 0; i < n; i++)
        p[i] = i == primary ? NAN : results[i].p;
    holm_adjust(p, n, p + n);
    for (size_t i = 0; i < n; i++) {
        results[i].p_holm = i == primary ? results[i].p : p[n + i];
        if (!claims_difference(&results[i]) || results[i].p_holm <= 1 - confidence)
            continue;
        results[i].outcome = DECIDE_UNDECIDED;
        results[i].hindrance = DECIDE_FAMILY;
    }
    free(p);
    return 0;
}

const char *decide_outcome_name(enum decide_outcome outcome)
{
    static const char *const names[] = {
#define X(name, text) text,
        DECIDE_OUTCOMES(X)
#undef X
    };
    return names[outcome];
}
