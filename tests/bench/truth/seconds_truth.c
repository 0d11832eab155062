#include "seconds_truth.h"

#include "attempts.h"
#include "err.h"
#include "hist.h"
#include "prob.h"
#include "queue.h"
#include "random.h"
#include "run_interval.h"
#include "simulated.h"
#include "wave.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SECONDS_MOST = 300, EACH = 200, QUEUED_EACH = 1000 };
static const double TIME_NS = 20e6, SPREAD = .3, LEVEL_SD = .1, MARGIN = .05;
static const uint32_t P_PPM[] = { 500000, 900000, 990000, 999000 };

/* One run of one cluster. */
struct recording {
    struct hist *seconds[SECONDS_MOST], *all;
    struct run_second second[SECONDS_MOST];
    uint64_t n_failed;
};

static void recording_free(struct recording *r)
{
    for (size_t i = 0; r && i < SECONDS_MOST; i++)
        hist_free(r->seconds[i]);
    if (r)
        hist_free(r->all);
    free(r);
}

static struct recording *recording_new(void)
{
    struct recording *r = calloc(1, sizeof *r);
    bool has_memory = r && (r->all = hist_new());
    for (size_t i = 0; has_memory && i < SECONDS_MOST; i++)
        has_memory = (r->seconds[i] = hist_new());
    if (has_memory)
        return r;
    recording_free(r);
    return NULL;
}

static double share(enum seconds_what what)
{
    return P_PPM[what] / 1e6;
}

static double gap_s(void)
{
    return 1.0 / QUEUED_EACH;
}

static double truth_of(const struct seconds_setup *setup, enum seconds_what what)
{
    if (what == SECONDS_RATE)
        return (setup->utilisation > 0 ? QUEUED_EACH : EACH) * (1 - setup->failed_share);
    const double p = share(what) / (1 - setup->failed_share);
    if (p >= 1)
        return INFINITY;
    if (setup->utilisation > 0)
        return 1e9 * queue_percentile_s(setup->utilisation * gap_s(), gap_s(), p);
    return TIME_NS * exp(prob_normal_quantile(p) * hypot(SPREAD, LEVEL_SD));
}

/* Counts an attempt of a second, which may fail by chance. */
static void add(const struct seconds_setup *setup, struct recording *r, size_t second, double ns,
                struct random *random)
{
    r->second[second].n_attempts++;
    if (setup->failed_share > 0 && random_uniform(random) < setup->failed_share) {
        r->n_failed++;
        return;
    }
    hist_add(r->seconds[second], (uint64_t)ns);
}

static void run_queue(const struct seconds_setup *setup, struct recording *r, struct random *random)
{
    struct queue q;
    double arrival_s;
    queue_init(&q, setup->utilisation * gap_s(), gap_s(), random);
    for (;;) {
        const double response_s = queue_next(&q, &arrival_s);
        if (arrival_s >= setup->n_seconds)
            return;
        add(setup, r, (size_t)arrival_s, response_s * 1e9, random);
    }
}

/* The rate has levels of its own with the same memory, as if users waited for answers. */
static void run_waves(const struct seconds_setup *setup, struct recording *r, struct random *random)
{
    struct wave level, load;
    wave_init(&level, setup->phi, LEVEL_SD, random);
    wave_init(&load, setup->phi, LEVEL_SD, random);
    for (size_t s = 0; s < setup->n_seconds; s++) {
        const double ns = TIME_NS * exp(wave_next(&level));
        for (int i = 0; i < EACH; i++)
            add(setup, r, s, ns * exp(SPREAD * simulated_normal(random)), random);
        const double mean = truth_of(setup, SECONDS_RATE) * exp(wave_next(&load) - LEVEL_SD * LEVEL_SD / 2);
        r->second[s].n_good = (uint64_t)fmax(0, round(mean + sqrt(mean) * simulated_normal(random)));
    }
}

static void run(const struct seconds_setup *setup, struct recording *r, struct random *random)
{
    hist_clear(r->all);
    r->n_failed = 0;
    for (size_t s = 0; s < setup->n_seconds; s++) {
        hist_clear(r->seconds[s]);
        r->second[s] = (struct run_second){ .ok = r->seconds[s] };
    }
    if (setup->utilisation > 0)
        run_queue(setup, r, random);
    else
        run_waves(setup, r, random);
    for (size_t s = 0; s < setup->n_seconds; s++) {
        hist_merge(r->all, r->seconds[s]);
        if (setup->utilisation > 0)
            r->second[s].n_good = r->seconds[s]->n;
    }
}

static struct run_interval interval_of(const struct seconds_setup *setup, const struct recording *r,
                                       enum seconds_what what)
{
    const struct attempts all = { .ok = r->all, .n_failed = r->n_failed };
    if (what != SECONDS_RATE)
        return run_interval_of_percentile(&all, r->second, setup->n_seconds, P_PPM[what]);
    double per_s = 0;
    for (size_t s = 0; s < setup->n_seconds; s++)
        per_s += (double)r->second[s].n_good / setup->n_seconds;
    return run_interval_of_rate(per_s, r->second, setup->n_seconds, 1);
}

static void add_score(struct seconds_score *score, const struct run_interval *i, double truth)
{
    if (*i->why)
        return;
    const bool covers = i->lo <= truth && (i->is_open || truth <= i->hi);
    score->n_printed++;
    score->n_covered += covers;
    score->n_closed += !i->is_open;
    score->n_closed_covered += !i->is_open && covers;
}

static void judge(const struct seconds_setup *setup, struct recording *const r[2],
                  struct seconds_tally *tally)
{
    bool claims = false;
    for (int k = 0; k < N_SECONDS_WHAT; k++) {
        const enum seconds_what what = (enum seconds_what)k;
        const struct run_interval a = interval_of(setup, r[0], what), b = interval_of(setup, r[1], what);
        const struct run_interval ratio = run_interval_ratio(&b, &a);
        add_score(&tally->of[k], &a, truth_of(setup, what));
        add_score(&tally->ratio[k], &ratio, 1);
        claims |= (what == SECONDS_P50 || what == SECONDS_P99) && run_interval_direction(&ratio, MARGIN);
    }
    tally->n++;
    tally->n_directions += claims;
}

int seconds_truth(const struct seconds_setup *setup, struct seconds_tally *tally, struct err *e)
{
    struct recording *r[2] = { recording_new(), recording_new() };
    *tally = (struct seconds_tally){ 0 };
    for (uint32_t number = 1; r[0] && r[1] && number <= setup->n_runs; number++) {
        struct random random;
        random_init(&random, setup->seed, number);
        run(setup, r[0], &random);
        run(setup, r[1], &random);
        judge(setup, r, tally);
    }
    const int status = r[0] && r[1] ? 0 : err_errno(e, ERR_FAILED, "cannot simulate");
    recording_free(r[0]);
    recording_free(r[1]);
    return status;
}
