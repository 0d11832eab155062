#include "campaign_truth.h"

#include "decide.h"
#include "err.h"
#include "hist.h"
#include "queue.h"
#include "random.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

static const uint32_t P_PPM[CAMPAIGN_PERCENTILES] = { 500000, 900000, 990000 };
static const double SERVICE_S = 1e-3;
enum { PAIRS_MOST = 32 };

struct arms {
    double value_ns[CAMPAIGN_PERCENTILES];
};

/* One run: every response time is stretched by the run's factor, as if the machine were a little faster or
 * slower today. The factor comes from an exponential, so that nothing about the runs is normal. */
static struct arms run(const struct campaign_setup *setup, double ratio, double log_level, struct hist *h,
                       struct random *random)
{
    const double gap_s = SERVICE_S / setup->utilisation;
    const double log_factor = log_level + setup->run_spread * (random_exponential(random) - 1);
    const double ns = 1e9 * exp(log_factor);
    struct queue q;
    struct arms arms;
    queue_init(&q, queue_service_for_ratio(SERVICE_S, gap_s, ratio), gap_s, random);
    hist_clear(h);
    for (uint32_t i = 0; i < setup->n_requests; i++)
        hist_add(h, (uint64_t)(queue_next(&q, NULL) * ns));
    for (size_t k = 0; k < CAMPAIGN_PERCENTILES; k++)
        arms.value_ns[k] = (double)hist_value_at_ppm(h, P_PPM[k]);
    return arms;
}

static struct decide_run exact(double value_ns)
{
    return (struct decide_run){ .time.value = value_ns, .less_generator = NAN, .failed = NAN };
}

/* Fills pairs[k][i], the i-th pair's values of the k-th percentile. */
static void run_pairs(const struct campaign_setup *setup, double ratio, uint32_t n, struct hist *h,
                      struct random *random, struct decide_pair pairs[CAMPAIGN_PERCENTILES][PAIRS_MOST])
{
    double log_level = 0;
    for (uint32_t i = 0; i < n; i++) {
        log_level += setup->drift * (random_exponential(random) - 1);
        const struct arms a = run(setup, 1, log_level, h, random);
        const struct arms b = run(setup, ratio, log_level, h, random);
        for (size_t k = 0; k < CAMPAIGN_PERCENTILES; k++)
            pairs[k][i] = (struct decide_pair){ .b_first = i % 2 == 1,
                                                .a = exact(a.value_ns[k]),
                                                .b = exact(b.value_ns[k]) };
    }
}

static int covers(const struct decide_interval *interval, double truth)
{
    return interval->lo <= truth && truth <= interval->hi;
}

static void count(struct campaign_tally *tally, const struct decide_result *r, double truth)
{
    tally->n++;
    tally->n_covered += covers(&r->ratio, truth) ? 1 : 0;
    tally->n_covered_rank += covers(&r->ratio_rank, truth) ? 1 : 0;
    tally->n_outcome[r->outcome]++;
    tally->mean_sd += (r->sd_log - tally->mean_sd) / tally->n;
    tally->mean_width += (r->ratio.hi - r->ratio.lo - tally->mean_width) / tally->n;
}

static int one_campaign(const struct campaign_setup *setup, uint32_t number, struct hist *h,
                        struct campaign_tally *tally, struct err *e)
{
    struct random random;
    struct decide_pair pairs[CAMPAIGN_PERCENTILES][PAIRS_MOST];
    struct decide_pair controls[CAMPAIGN_PERCENTILES][PAIRS_MOST];
    random_init(&random, setup->seed, number);
    run_pairs(setup, setup->ratio, setup->n_pairs, h, &random, pairs);
    run_pairs(setup, 1, setup->n_controls, h, &random, controls);
    for (size_t k = 0; k < CAMPAIGN_PERCENTILES; k++) {
        struct decide_question question = decide_defaults;
        struct decide_result result;
        question.pairs = pairs[k];
        question.n_pairs = setup->n_pairs;
        question.controls = controls[k];
        question.n_controls = setup->n_controls;
        if (decide_metric(&question, &result, e) != 0)
            return -1;
        count(&tally[k], &result, setup->ratio);
    }
    return 0;
}

int campaign_truth(const struct campaign_setup *setup, struct campaign_tally tally[CAMPAIGN_PERCENTILES],
                   struct err *e)
{
    assert(setup->n_pairs <= PAIRS_MOST && setup->n_controls <= PAIRS_MOST);
    struct hist *h = hist_new();
    if (!h)
        return err_errno(e, ERR_FAILED, "cannot simulate");
    int status = 0;
    for (size_t k = 0; k < CAMPAIGN_PERCENTILES; k++)
        tally[k] = (struct campaign_tally){ .p_ppm = P_PPM[k] };
    for (uint32_t number = 1; number <= setup->n_campaigns && status == 0; number++)
        status = one_campaign(setup, number, h, tally, e);
    hist_free(h);
    return status;
}
