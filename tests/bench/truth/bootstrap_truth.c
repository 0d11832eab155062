#include "bootstrap_truth.h"

#include "attempts.h"
#include "bootstrap.h"
#include "err.h"
#include "hist.h"
#include "quantile.h"
#include "queue.h"
#include "random.h"
#include "timeline.h"

#include <stdlib.h>
#include <time.h>

enum { N_SECONDS = 60 };
static const double GAP_S = 1e-3;
static const uint32_t P99_PPM = 990000;

/* What one run leaves. */
struct recording {
    struct hist *second, *all;
    struct timeline *timeline;
};

static void recording_fini(struct recording *r)
{
    hist_free(r->second);
    hist_free(r->all);
    timeline_free(r->timeline);
}

static int recording_init(struct recording *r, struct err *e)
{
    *r = (struct recording){ .second = hist_new(), .all = hist_new(), .timeline = timeline_new(e) };
    if (r->second && r->all && r->timeline)
        return 0;
    recording_fini(r);
    return err_errno(e, ERR_FAILED, "cannot simulate");
}

/* Requests are sorted into seconds by when they arrived. */
static int simulate(double service_s, double gap_s, struct random *random, struct recording *r, struct err *e)
{
    struct queue q;
    double arrival_s;
    uint64_t second = 0;
    queue_init(&q, service_s, gap_s, random);
    for (;;) {
        const double response_s = queue_next(&q, &arrival_s);
        for (; arrival_s >= (double)(second + 1) && second < N_SECONDS; second++) {
            if (timeline_add(r->timeline, second, r->second, e) != 0)
                return -1;
            hist_merge(r->all, r->second);
            hist_clear(r->second);
        }
        if (second == N_SECONDS)
            return 0;
        hist_add(r->second, (uint64_t)(response_s * 1e9));
    }
}

static void add_score(struct bootstrap_score *score, uint32_t n, uint64_t lo_ns, uint64_t hi_ns,
                      double truth_ns)
{
    const double half_width = (double)(hi_ns - lo_ns) / 2 / truth_ns;
    score->n_covered += (double)lo_ns <= truth_ns && truth_ns <= (double)hi_ns ? 1 : 0;
    score->mean_half_width += (half_width - score->mean_half_width) / n;
}

static int judge(struct recording *r, double truth_ns, uint64_t seed, struct bootstrap_tally *tally,
                 struct err *e)
{
    struct bootstrap_params params = bootstrap_defaults;
    struct bootstrap_interval blocks;
    struct block_length block;
    params.seed = seed;
    if (bootstrap_percentiles(r->timeline, &P99_PPM, 1, &params, &blocks, &block, e) != 0)
        return -1;
    const struct attempts all = { .ok = r->all };
    const struct quantile_interval ranks = quantile_interval(&all, P99_PPM, params.confidence);
    tally->n++;
    add_score(&tally->blocks, tally->n, blocks.lo_ns, blocks.hi_ns, truth_ns);
    add_score(&tally->ranks, tally->n, ranks.low_ns, ranks.high_ns, truth_ns);
    tally->n_capped += block.capped ? 1 : 0;
    tally->mean_block_s += ((double)block.length - tally->mean_block_s) / tally->n;
    return 0;
}

static int one_run(const struct bootstrap_setup *setup, uint32_t number, struct bootstrap_tally *tally,
                   struct err *e)
{
    const double service_s = GAP_S * setup->utilisation;
    const double truth_ns = 1e9 * queue_percentile_s(service_s, GAP_S, 0.99);
    struct recording recording;
    struct random random;
    if (recording_init(&recording, e) != 0)
        return -1;
    random_init(&random, setup->seed, number);
    const uint64_t seed = random_u64(&random);
    int status = simulate(service_s, GAP_S, &random, &recording, e);
    if (status == 0)
        status = judge(&recording, truth_ns, seed, tally, e);
    recording_fini(&recording);
    return status;
}

int bootstrap_truth(const struct bootstrap_setup *setup, struct bootstrap_tally *tally, struct err *e)
{
    *tally = (struct bootstrap_tally){ 0 };
    for (uint32_t number = 1; number <= setup->n_runs; number++)
        if (one_run(setup, number, tally, e) != 0)
            return -1;
    return 0;
}

static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

double bootstrap_truth_cost_s(uint64_t seed, struct err *e)
{
    static const double service_s = 45e-6;
    static const double gap_s = 50e-6; /* 20 000 requests a second fill about 1000 bins of each second */
    struct recording recording;
    struct random random;
    struct bootstrap_tally tally = { 0 };
    double cost_s = -1;
    if (recording_init(&recording, e) != 0)
        return -1;
    random_init(&random, seed, 0);
    if (simulate(service_s, gap_s, &random, &recording, e) == 0) {
        const double start_s = cpu_s();
        if (judge(&recording, 1, seed, &tally, e) == 0)
            cost_s = cpu_s() - start_s;
    }
    recording_fini(&recording);
    return cost_s;
}
