/* Facts of a run with two streams of one cluster each, of which the second had failures. */
#ifndef TEST_MADE_FACTS_H
#define TEST_MADE_FACTS_H

#include "watch_facts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static inline struct attempt_time exact_us(uint64_t us)
{
    return (struct attempt_time){ .state = ATTEMPT_EXACT, .value_ns = us * 1000 };
}

/* The caller frees them with watch_facts_free. */
static inline struct watch_facts *made_facts(void)
{
    struct watch_facts *f = watch_facts_new(2, 3);
    f->phases[0] = (struct watch_phase){ .name = "warm", .kind = "rate", .stream = 0, .is_warmup = true };
    f->phases[1] = (struct watch_phase){ .name = "main", .kind = "rate", .stream = 0 };
    f->phases[2] = (struct watch_phase){ .name = "all", .kind = "requests", .stream = 1 };
    snprintf(f->name, sizeof f->name, "made");
    snprintf(f->run_id, sizeof f->run_id, "2026-\"made\"");
    snprintf(f->url, sizeof f->url, "http://example.com/</script>");
    f->started_unix_s = 1795942133.25;
    f->elapsed_s = 12;
    f->total_s = NAN;
    f->n_threads = 2;
    f->cpu_ratio[1] = 0.25;
    f->lag_p99_s = NAN;
    f->rx_age_p99_s = 2.5e-5;
    for (int i = 0; i < 2; i++) {
        struct watch_stream *s = &f->streams[i];
        snprintf(s->name, sizeof s->name, "s%d", i);
        snprintf(s->cluster, sizeof s->cluster, "c%d", i);
        s->phase = i == 0 ? 1 : 2;
        s->n_sent = 1100;
        s->again.n[AGAIN_TIMEOUT] = 4;
        s->n_outcomes[OUTCOME_OK] = 1000;
        s->n_outcomes[OUTCOME_CENSORED] = 2;
        s->n_outcomes[OUTCOME_TIMEOUT] = i == 0 ? 0 : 20;
        s->n_attempts = 1002 + s->n_outcomes[OUTCOME_TIMEOUT];
        s->n_good = 1000;
        s->good_sum_s = 2.5;
        for (int b = 0; b < WATCH_N_BUCKETS; b++)
            s->n_within[b] = watch_bucket_ns[b] >= 2000000 ? 1000 : 0;
        s->times[0] = s->last.times[0] = exact_us(1500);
        s->times[1] = exact_us(1600);
        s->times[2] = i == 0 ? exact_us(1700) : (struct attempt_time){ .state = ATTEMPT_FAILED };
        s->times[3] = (struct attempt_time){ .state = ATTEMPT_AT_LEAST, .at_least_ns = 1800000 };
        s->last.times[1] = s->times[3];
        s->last.times[2] = (struct attempt_time){ .state = ATTEMPT_FAILED };
        s->last.times[3] = (struct attempt_time){ .state = ATTEMPT_NONE };
        s->last.good_per_s = 99.5;
    }
    status_counts_add(&f->streams[1].statuses, 200, 1000);
    return f;
}

/* The same at its end, with the claims of the second cluster and its stream. */
static inline struct watch_facts *made_end(void)
{
    struct watch_facts *f = made_facts();
    f->end = "done";
    f->claims = calloc(2, sizeof *f->claims);
    f->n_claims = 2;
    for (int i = 0; i < 2; i++) {
        struct watch_claim *c = &f->claims[i];
        snprintf(c->cluster, sizeof c->cluster, "c1");
        snprintf(c->stream, sizeof c->stream, "%s", i == 0 ? "" : "s1");
        c->row = (struct claim_row){ .n = 1022, .n_ok = 1000, .n_failed = 20, .n_censored = 2 };
        c->row.claims[CLAIM_RATE] = (struct claim){ .rate_per_s = 83.5, .why = "", .generator_share = NAN };
        for (int k = CLAIM_P50; k < N_CLAIMS; k++)
            c->row.claims[k] = (struct claim){ .level = CLAIM_WARN,
                                               .why = "part of it is loadgen's own",
                                               .time = exact_us(1500),
                                               .generator_share = 0.125,
                                               .rate_per_s = NAN };
    }
    return f;
}

#endif
