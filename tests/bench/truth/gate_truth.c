#include "gate_truth.h"

#include "decide_limit.h"
#include "err.h"
#include "random.h"
#include "simulated.h"

#include <math.h>
#include <stdio.h>

enum { N_SIZES = 3, N_WORDS = DECIDE_LIMIT_BEYOND + 1, N_REQUESTS = 3000 };
static const size_t SIZES[N_SIZES] = { 6, 8, 12 }; /* pairs */

struct tally {
    uint32_t n, of[N_WORDS];
};

typedef void pairs_fn(const void *world, size_t n, struct random *random, struct decide_pair *pairs);
typedef int limit_fn(const struct decide_limit_question *q, struct decide_limit *out, struct err *e);

static int simulate(const struct truth *t, pairs_fn *draw, const void *world, limit_fn *judge,
                    const struct decide_limit_question *gate, struct tally *tally, struct err *e)
{
    struct decide_pair pairs[SIMULATED_MOST];
    struct decide_limit_question q = *gate;
    struct decide_limit found;
    *tally = (struct tally){ .n = t->is_full ? 20000 : 1000 };
    q.pairs.pairs = pairs;
    for (uint32_t i = 0; i < tally->n; i++) {
        struct random random;
        random_init(&random, t->seed, i);
        draw(world, q.pairs.n_pairs, &random, pairs);
        if (judge(&q, &found, e) != 0)
            return -1;
        tally->of[found.word]++;
    }
    return 0;
}

static void draw_times(const void *world, size_t n, struct random *random, struct decide_pair *pairs)
{
    simulated_pairs(world, n, random, pairs);
}

/* `p99 > +10%` */
static int of_times(struct truth *t, struct err *e)
{
    static const struct {
        struct simulated world;
        enum truth_side fails, passes;
        double promised_fails, promised_passes;
    } rows[] = {
        { { .ratio = 1, .spread = .04 }, TRUTH_AT_MOST, TRUTH_AT_LEAST, .001, .96 },
        { { .ratio = 1, .spread = .1 }, TRUTH_AT_MOST, TRUTH_SHOWN, .004, 0 },
        { { .ratio = 1, .spread = .1, .broken = .05 }, TRUTH_AT_MOST, TRUTH_SHOWN, .004, 0 },
        { { .ratio = 1.1, .spread = .04 }, TRUTH_AT_MOST, TRUTH_AT_MOST, .025, .025 },
        { { .ratio = 1.1, .spread = .1 }, TRUTH_AT_MOST, TRUTH_AT_MOST, .025, .025 },
        { { .ratio = 1.2, .spread = .02 }, TRUTH_AT_LEAST, TRUTH_AT_MOST, .999, 0 },
        { { .ratio = 1.2, .spread = .04 }, TRUTH_AT_LEAST, TRUTH_AT_MOST, .96, .001 },
        { { .ratio = 1.2, .spread = .1 }, TRUTH_SHOWN, TRUTH_AT_MOST, 0, .002 },
    };
    struct decide_limit_question q = { .pairs = decide_defaults, .limit = log(1.1), .is_above = true };
    printf("gate p99 > +10%%\n  ratio  spread broken  pairs    fails   passes\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < N_SIZES; k++) {
            struct tally tally;
            q.pairs.n_pairs = SIZES[k];
            if (simulate(t, draw_times, &rows[i].world, decide_limit_ratio, &q, &tally, e) != 0)
                return -1;
            printf("  %5.2f  %5.2f  %5.2f  %5zu", rows[i].world.ratio, rows[i].world.spread,
                   rows[i].world.broken, SIZES[k]);
            truth_cell(t, tally.of[DECIDE_LIMIT_BEYOND], tally.n, rows[i].fails, rows[i].promised_fails);
            truth_cell(t, tally.of[DECIDE_LIMIT_WITHIN], tally.n, rows[i].passes, rows[i].promised_passes);
            printf("\n");
        }
    return 0;
}

/* A mean share, and how it differs from run to run: the mean of `shape` exponential variables; 0: not at all;
 * -1: the square of one, whose standard deviation is 2.2 times its mean. */
struct failing {
    double share, more; /* of A, and what B fails more */
    int shape;
};

static double run_share(const struct failing *f, struct random *random)
{
    double sum = 0;
    if (f->shape < 0)
        return f->share * pow(random_exponential(random), 2) / 2;
    for (int i = 0; i < f->shape; i++)
        sum += random_exponential(random);
    return f->shape > 0 ? f->share * sum / f->shape : f->share;
}

/* Requests fail independently within the run. */
static struct decide_run run_of(double share, struct random *random)
{
    unsigned failed_n = 0;
    for (double at = random_exponential(random); at < share * N_REQUESTS && failed_n < N_REQUESTS;
         at += random_exponential(random))
        failed_n++;
    return (struct decide_run){ .failed = (double)failed_n / N_REQUESTS, .attempts_n = N_REQUESTS };
}

static void draw_failures(const void *world, size_t n, struct random *random, struct decide_pair *pairs)
{
    const struct failing *f = world;
    for (size_t i = 0; i < n; i++) {
        pairs[i].a = run_of(run_share(f, random), random);
        pairs[i].b = run_of(run_share(f, random) + f->more, random);
    }
}

/* `failed > +0.1%` */
static int of_failures(struct truth *t, struct err *e)
{
    static const struct {
        struct failing world;
        enum truth_side fails, passes;
        double promised_fails, promised_passes;
    } rows[] = {
        { { 0, 0, 0 }, TRUTH_AT_MOST, TRUTH_AT_LEAST, 0, 1 },
        { { 0, .001, 0 }, TRUTH_AT_MOST, TRUTH_AT_MOST, .025, .025 },
        { { 0, .01, 0 }, TRUTH_AT_LEAST, TRUTH_AT_MOST, .99, 0 },
        { { .01, 0, 0 }, TRUTH_AT_MOST, TRUTH_SHOWN, .01, 0 },
        { { .01, .001, 0 }, TRUTH_AT_MOST, TRUTH_AT_MOST, .025, .025 },
        { { .01, .001, 4 }, TRUTH_AT_MOST, TRUTH_AT_MOST, .027, .027 },
        { { .01, .001, 1 }, TRUTH_AT_MOST, TRUTH_AT_MOST, .027, .027 },
        { { .01, .001, -1 }, TRUTH_AT_MOST, TRUTH_AT_MOST, .027, .027 },
        { { .01, .02, 4 }, TRUTH_AT_LEAST, TRUTH_AT_MOST, .96, 0 },
    };
    struct decide_limit_question q = { .pairs = decide_defaults, .limit = .001, .is_above = true };
    printf("gate failed > +0.1%%, %d requests in each run\n  share   more  shape  pairs    fails   passes\n",
           N_REQUESTS);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < N_SIZES; k++) {
            struct tally tally;
            q.pairs.n_pairs = SIZES[k];
            if (simulate(t, draw_failures, &rows[i].world, decide_limit_failed, &q, &tally, e) != 0)
                return -1;
            printf("  %5.3f  %5.3f  %5d  %5zu", rows[i].world.share, rows[i].world.more, rows[i].world.shape,
                   SIZES[k]);
            truth_cell(t, tally.of[DECIDE_LIMIT_BEYOND], tally.n, rows[i].fails, rows[i].promised_fails);
            truth_cell(t, tally.of[DECIDE_LIMIT_WITHIN], tally.n, rows[i].passes, rows[i].promised_passes);
            printf("\n");
        }
    return 0;
}

int gate_truth(struct truth *truth, struct err *e)
{
    return of_times(truth, e) || of_failures(truth, e) ? -1 : 0;
}
