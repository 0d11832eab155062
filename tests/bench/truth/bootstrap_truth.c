#include "bootstrap_truth.h"

#include "bootstrap.h"
#include "err.h"
#include "hist.h"
#include "queue.h"
#include "random.h"
#include "timeline.h"

#include <stdlib.h>
#include <time.h>

enum { N_SECONDS = 60 };
static const double GAP_S = 1e-3;
static const uint32_t P99_PPM = 990000;

/* Requests are sorted into seconds by when they arrived. */
static int simulate(double service_s, double gap_s, struct random *random, struct hist *h, struct timeline *t,
                    struct err *e)
{
    struct queue q;
    double arrival_s;
    uint64_t second = 0;
    queue_init(&q, service_s, gap_s, random);
    hist_clear(h);
    for (;;) {
        const double response_s = queue_next(&q, &arrival_s);
        for (; arrival_s >= (double)(second + 1) && second < N_SECONDS; second++) {
            if (timeline_add(t, second, h, e) != 0)
                return -1;
            hist_clear(h);
        }
        if (second == N_SECONDS)
            return 0;
        hist_add(h, (uint64_t)(response_s * 1e9));
    }
}

static int one_run(const struct bootstrap_setup *setup, uint32_t number, struct hist *h, struct timeline *t,
                   struct bootstrap_tally *tally, struct err *e)
{
    const double service_s = GAP_S * setup->utilisation;
    const double truth_ns = 1e9 * queue_percentile_s(service_s, GAP_S, 0.99);
    struct bootstrap_params params = bootstrap_defaults;
    struct bootstrap_interval interval;
    struct block_length block;
    struct random random;
    random_init(&random, setup->seed, number);
    params.seed = random_u64(&random);
    if (simulate(service_s, GAP_S, &random, h, t, e) != 0 ||
        bootstrap_percentiles(t, &P99_PPM, 1, &params, &interval, &block, e) != 0)
        return -1;
    const double half_width = (double)(interval.hi_ns - interval.lo_ns) / 2 / truth_ns;
    tally->n++;
    tally->n_covered += (double)interval.lo_ns <= truth_ns && truth_ns <= (double)interval.hi_ns ? 1 : 0;
    tally->n_capped += block.capped ? 1 : 0;
    tally->mean_half_width += (half_width - tally->mean_half_width) / tally->n;
    tally->mean_block_s += ((double)block.length - tally->mean_block_s) / tally->n;
    return 0;
}

int bootstrap_truth(const struct bootstrap_setup *setup, struct bootstrap_tally *tally, struct err *e)
{
    struct hist *h = hist_new();
    if (!h)
        return err_errno(e, ERR_FAILED, "cannot simulate");
    *tally = (struct bootstrap_tally){ 0 };
    int status = 0;
    for (uint32_t number = 1; number <= setup->n_runs && status == 0; number++) {
        struct timeline *t = timeline_new(e);
        status = t ? one_run(setup, number, h, t, tally, e) : -1;
        timeline_free(t);
    }
    hist_free(h);
    return status;
}

static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

double bootstrap_truth_cost_s(uint64_t seed, struct err *e)
{
    static const double service_s = 45e-6;
    static const double gap_s = 50e-6; /* 20 000 requests a second fill about 1000 bins of each second */
    struct random random;
    struct bootstrap_interval interval;
    struct block_length block;
    double cost_s = -1;
    struct hist *h = hist_new();
    struct timeline *t = timeline_new(e);
    random_init(&random, seed, 0);
    if (h && t && simulate(service_s, gap_s, &random, h, t, e) == 0) {
        const double start_s = cpu_s();
        if (bootstrap_percentiles(t, &P99_PPM, 1, &bootstrap_defaults, &interval, &block, e) == 0)
            cost_s = cpu_s() - start_s;
    }
    timeline_free(t);
    hist_free(h);
    return cost_s;
}
