#include "failure_truth.h"

#include "attempts.h"
#include "decide.h"
#include "err.h"
#include "hist.h"
#include "random.h"
#include "simulated.h"

#include <math.h>
#include <stdio.h>

enum { N_REQUESTS = 3000, N_PAIRS = 8, N_CONTROLS = 4, N_PERCENTILES = 3 };
static const uint32_t P_PPM[N_PERCENTILES] = { 500000, 900000, 990000 };
static const double MEDIAN_MS = 20, SIGMA = .8, RUN_SPREAD = .035, TIMEOUT_MS = 1000;

/* What B does besides answering as A does. */
struct failing {
    const char *name;
    double speed;       /* of its good answers, as a ratio of times */
    double slower_than; /* ms: these time out; 0: none */
    double share;       /* of all requests fails, whatever their time */
    bool is_timeout;    /* by a timeout */
    /* What the three percentiles may be called. */
    enum truth_side slower[N_PERCENTILES];
    double promised_slower[N_PERCENTILES], promised_faster[N_PERCENTILES];
};

static const struct failing WAYS[] = {
    { .name = "the same",
      .speed = 1,
      .slower = { TRUTH_AT_MOST, TRUTH_AT_MOST, TRUTH_AT_MOST },
      .promised_slower = { .03, .03, .03 },
      .promised_faster = { .03, .03, .03 } },
    { .name = "times out above 60 ms (8 %)",
      .speed = 1,
      .slower_than = 60,
      .is_timeout = true,
      .slower = { TRUTH_SHOWN, TRUTH_SHOWN, TRUTH_AT_LEAST },
      .promised_slower = { 0, 0, 1 } },
    { .name = "503 at once (32 %), else .7",
      .speed = .7,
      .share = .32,
      .slower = { TRUTH_AT_LEAST, TRUTH_AT_LEAST, TRUTH_AT_LEAST },
      .promised_slower = { .99, 1, 1 } },
    { .name = "resets (2 %)",
      .speed = 1,
      .share = .02,
      .slower = { TRUTH_SHOWN, TRUTH_SHOWN, TRUTH_AT_LEAST },
      .promised_slower = { 0, 0, 1 } },
    { .name = "503 at once (5 %)",
      .speed = 1,
      .share = .05,
      .slower = { TRUTH_SHOWN, TRUTH_SHOWN, TRUTH_AT_LEAST },
      .promised_slower = { 0, 0, 1 } },
    { .name = "times out (8 %)",
      .speed = 1,
      .share = .08,
      .is_timeout = true,
      .slower = { TRUTH_SHOWN, TRUTH_SHOWN, TRUTH_AT_LEAST },
      .promised_slower = { 0, 0, 1 } },
};

static const struct failing ANSWERS = { .speed = 1 };

static struct decide_run run_of(struct attempt_time time, const struct attempts *a)
{
    return (struct decide_run){ .time = { time.state, (double)time.value_ns, (double)time.at_least_ns },
                                .less_generator = NAN,
                                .failed = (double)a->n_failed / (double)attempts_n(a) };
}

/* One run, as its three percentiles. */
static void run(const struct failing *way, struct hist *h, struct random *random,
                struct decide_run out[N_PERCENTILES])
{
    const double level = RUN_SPREAD / sqrt(2) * simulated_normal(random);
    struct attempts a = { .ok = h, .timeout_ns = (uint64_t)(TIMEOUT_MS * 1e6) };
    hist_clear(h);
    for (int i = 0; i < N_REQUESTS; i++) {
        const double ms = MEDIAN_MS * way->speed * exp(level + SIGMA * simulated_normal(random));
        const bool is_late = way->slower_than > 0 && ms > way->slower_than;
        if (!is_late && random_uniform(random) >= way->share) {
            hist_add(h, (uint64_t)(ms * 1e6));
            continue;
        }
        a.n_failed++;
        a.n_timeout += is_late || way->is_timeout;
    }
    for (int k = 0; k < N_PERCENTILES; k++)
        out[k] = run_of(attempts_time(&a, P_PPM[k]), &a);
}

static void pair(const struct failing *b_way, bool b_first, struct hist *h, struct random *random,
                 struct decide_pair out[N_PERCENTILES])
{
    struct decide_run a[N_PERCENTILES], b[N_PERCENTILES];
    run(&ANSWERS, h, random, a);
    run(b_way, h, random, b);
    for (int k = 0; k < N_PERCENTILES; k++)
        out[k] = (struct decide_pair){ .b_first = b_first, .a = a[k], .b = b[k] };
}

/* One campaign: what each percentile is called. */
static int campaign(const struct failing *way, struct hist *h, struct random *random,
                    enum decide_outcome out[N_PERCENTILES], struct err *e)
{
    struct decide_pair drawn[N_PERCENTILES], pairs[N_PERCENTILES][N_PAIRS],
        controls[N_PERCENTILES][N_CONTROLS];
    for (int i = 0; i < N_PAIRS + N_CONTROLS; i++) {
        const bool is_control = i >= N_PAIRS;
        pair(is_control ? &ANSWERS : way, i % 2 == 1, h, random, drawn);
        for (int k = 0; k < N_PERCENTILES; k++)
            *(is_control ? &controls[k][i - N_PAIRS] : &pairs[k][i]) = drawn[k];
    }
    for (int k = 0; k < N_PERCENTILES; k++) {
        struct decide_question q = decide_defaults;
        struct decide_result r;
        q.p_ppm = P_PPM[k];
        q.pairs = pairs[k];
        q.n_pairs = N_PAIRS;
        q.controls = controls[k];
        q.n_controls = N_CONTROLS;
        if (decide_metric(&q, &r, e) != 0)
            return -1;
        out[k] = r.outcome;
    }
    return 0;
}

static int simulate(struct truth *t, const struct failing *way, struct hist *h, struct err *e)
{
    const uint32_t n = t->is_full ? 1000 : way == WAYS ? 40 : 100;
    uint32_t n_slower[N_PERCENTILES] = { 0 }, n_faster[N_PERCENTILES] = { 0 }, n_same[N_PERCENTILES] = { 0 };
    for (uint32_t i = 0; i < n; i++) {
        enum decide_outcome outcome[N_PERCENTILES];
        struct random random;
        random_init(&random, t->seed, i);
        if (campaign(way, h, &random, outcome, e) != 0)
            return -1;
        for (int k = 0; k < N_PERCENTILES; k++) {
            n_slower[k] += outcome[k] == DECIDE_HIGHER;
            n_faster[k] += outcome[k] == DECIDE_LOWER;
            n_same[k] += outcome[k] == DECIDE_EQUIVALENT;
        }
    }
    for (int k = 0; k < N_PERCENTILES; k++) {
        printf("  %-28s p%-2u", k == 0 ? way->name : "", P_PPM[k] / 10000);
        truth_cell(t, n_slower[k], n, way->slower[k], way->promised_slower[k]);
        truth_cell(t, n_faster[k], n, TRUTH_AT_MOST, way->promised_faster[k]);
        truth_cell(t, n_same[k], n, TRUTH_SHOWN, 0);
        printf("\n");
        if (way != WAYS && n_faster[k] > 0) { /* never, and not only rarely */
            printf("  MISSED: the cluster that fails was called faster\n");
            t->n_missed++;
        }
    }
    return 0;
}

int failure_truth(struct truth *truth, struct err *e)
{
    struct hist *h = hist_new();
    int status = h ? 0 : err_errno(e, ERR_FAILED, "cannot simulate");
    printf("B answers as A does and fails besides; %d pairs of %d requests, lognormal\n"
           "  %-28s       slower   faster   equivalent\n",
           N_PAIRS, N_REQUESTS, "B");
    for (size_t i = 0; status == 0 && i < sizeof WAYS / sizeof *WAYS; i++)
        status = simulate(truth, &WAYS[i], h, e);
    hist_free(h);
    return status;
}
