#include "decide_tables.h"

#include "err.h"
#include "random.h"
#include "simulated.h"

#include <math.h>
#include <stdio.h>

enum { N_OUTCOMES = DECIDE_HIGHER + 1, N_SIZES = 4 };
static const size_t SIZES[N_SIZES] = { 6, 8, 12, 20 }; /* pairs */

struct tally {
    uint32_t n, of[N_OUTCOMES];
};

static uint32_t claims(const struct tally *t)
{
    return t->of[DECIDE_LOWER] + t->of[DECIDE_HIGHER];
}

/* Campaigns of a cell: a 95 % interval of a share of .05 is +-.007 in full. */
static uint32_t effort(const struct truth *t)
{
    return t->is_full ? 4000 : 100;
}

static int judge(const struct decide_pair *pairs, size_t n, const struct decide_pair *controls, size_t k,
                 double confidence, struct decide_result *out, struct err *e)
{
    struct decide_question q = decide_defaults;
    q.p_ppm = 990000;
    q.pairs = pairs;
    q.n_pairs = n;
    q.controls = controls;
    q.n_controls = k;
    q.confidence = confidence;
    return decide_metric(&q, out, e);
}

static int simulate(const struct truth *t, const struct simulated *s, size_t n, size_t k, struct tally *tally,
                    struct err *e)
{
    struct decide_pair pairs[SIMULATED_MOST], controls[SIMULATED_MOST];
    struct decide_result r;
    *tally = (struct tally){ .n = effort(t) };
    for (uint32_t i = 0; i < tally->n; i++) {
        struct random random;
        random_init(&random, t->seed, i);
        simulated_pairs(s, n, &random, pairs);
        simulated_controls(s, k, &random, controls);
        if (judge(pairs, n, controls, k, decide_defaults.confidence, &r, e) != 0)
            return -1;
        tally->of[r.outcome]++;
    }
    return 0;
}

static int false_claims_and_power(struct truth *t, struct err *e)
{
    static const struct {
        struct simulated world;
        double promised[N_SIZES];
    } rows[] = {
        { { .ratio = 1, .spread = .05 }, { .010, .005, .001, 0 } },
        { { .ratio = 1, .spread = .1 }, { .041, .046, .040, .022 } },
        { { .ratio = 1, .spread = .3 }, { .054, .054, .054, .054 } },
        { { .ratio = 1.05, .spread = .05 }, { .38, .46, .49, .49 } },
        { { .ratio = 1.1, .spread = .03 }, { 1, 1, 1, 1 } },
        { { .ratio = 1.1, .spread = .05 }, { .94, .98, .98, .97 } },
        { { .ratio = 1.1, .spread = .1 }, { .46, .62, .82, .95 } },
        { { .ratio = 1.2, .spread = .1 }, { .93, .97, .98, .97 } },
        { { .ratio = 1, .spread = .1, .broken = .02 }, { .035, .043, .040, .027 } },
        { { .ratio = 1.1, .spread = .05, .broken = .02 }, { .74, .94, .98, .98 } },
        { { .ratio = 1, .spread = .1, .broken = .05 }, { .025, .038, .040, .033 } },
        { { .ratio = 1.1, .spread = .05, .broken = .05 }, { .51, .83, .94, .99 } },
        { { .ratio = 1.2, .spread = .1, .broken = .05 }, { .54, .81, .91, .98 } },
        { { .ratio = 1.5, .spread = .03 }, { 1, 1, 1, 1 } },
        { { .ratio = 1.5, .spread = .03, .broken = .05 }, { .75, .93, .99, 1 } },
    };
    printf("claims of a difference, 4 controls; all false at ratio 1\n"
           "  broken  ratio  spread   6 pairs  8        12       20\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        printf("  %6.2f  %5.2f  %6.2f", rows[i].world.broken, rows[i].world.ratio, rows[i].world.spread);
        for (size_t k = 0; k < N_SIZES; k++) {
            struct tally tally;
            if (simulate(t, &rows[i].world, SIZES[k], 4, &tally, e) != 0)
                return -1;
            /* at the margin half is the most there is */
            truth_cell(t, claims(&tally), tally.n,
                       rows[i].world.ratio <= 1.05 ? TRUTH_AT_MOST : TRUTH_AT_LEAST, rows[i].promised[k]);
        }
        printf("\n");
    }
    return 0;
}

/* The promise of the product: a ratio of 1.10 is found with 8 pairs and 4 controls. */
static int power_promised(struct truth *t, struct err *e)
{
    static const struct simulated world = { .ratio = 1.1, .spread = .05 };
    static const size_t controls[] = { 0, 2, 4, 8 };
    static const double promised[] = { .99, .97, .97, .98 };
    printf("ratio 1.1 found, spread .05, 8 pairs\n  controls  0        2        4        8\n          ");
    for (size_t i = 0; i < 4; i++) {
        struct tally tally;
        if (simulate(t, &world, 8, controls[i], &tally, e) != 0)
            return -1;
        truth_cell(t, tally.of[DECIDE_HIGHER], tally.n, TRUTH_AT_LEAST, promised[i]);
    }
    printf("\n");
    return 0;
}

/* Pairs and controls share a shift that is no difference between the clusters. These rates are a limit of the
 * method, and why four controls are the advice. */
static int shared_shifts(struct truth *t, struct err *e)
{
    static const double shifts[] = { 1.05, 1.1, 1.2 };
    static const size_t controls[] = { 2, 4, 8 };
    static const double promised[3][3] = { { .39, .33, .20 }, { .49, .17, .02 }, { .07, .01, .01 } };
    printf("false claims when second runs are slower by a shift, ratio 1, spread .05, 8 pairs\n"
           "  shift  2 controls  4    8\n");
    for (size_t i = 0; i < 3; i++) {
        const struct simulated world = { .ratio = 1, .spread = .05, .shift = shifts[i] };
        printf("  %5.2f", shifts[i]);
        for (size_t k = 0; k < 3; k++) {
            struct tally tally;
            if (simulate(t, &world, 8, controls[k], &tally, e) != 0)
                return -1;
            truth_cell(t, claims(&tally), tally.n, TRUTH_AT_MOST, promised[i][k]);
        }
        printf("\n");
    }
    return 0;
}

/* Three of ten runs of B are 1.5 times as slow: the true ratio is 1.13, and equivalence is false. */
static int runs_of_two_kinds(struct truth *t, struct err *e)
{
    static const struct simulated world = { .ratio = 1, .spread = .05, .slow_b = .3 };
    static const double promised[N_SIZES] = { .046, .035, .011, .002 };
    printf("runs of two kinds: 30 %% of B's are 1.5 times as slow\n  pairs   slower  equivalent\n");
    for (size_t k = 0; k < N_SIZES; k++) {
        struct tally tally;
        if (simulate(t, &world, SIZES[k], 4, &tally, e) != 0)
            return -1;
        printf("  %5zu", SIZES[k]);
        truth_cell(t, tally.of[DECIDE_HIGHER], tally.n, TRUTH_SHOWN, 0);
        truth_cell(t, tally.of[DECIDE_EQUIVALENT], tally.n, TRUTH_AT_MOST, promised[k]);
        printf("\n");
    }
    return 0;
}

/* A limit of the method: differences that outlast a pair make false claims; a drift that all runs share does
 * not. */
static int series_that_remember(struct truth *t, struct err *e)
{
    static const struct {
        struct simulated world;
        double promised;
    } rows[] = { { { .ratio = 1, .spread = .1, .memory = .3 }, .13 },
                 { { .ratio = 1, .spread = .1, .memory = .5 }, .23 },
                 { { .ratio = 1, .spread = .1, .memory = .8 }, .46 },
                 { { .ratio = 1, .spread = .1, .drift = .8 }, .045 } };
    printf("false claims when runs depend on each other, ratio 1, spread .1, 8 pairs\n"
           "  pairs   drift\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tally tally;
        if (simulate(t, &rows[i].world, 8, 4, &tally, e) != 0)
            return -1;
        printf("  %5.1f  %6.1f", rows[i].world.memory, rows[i].world.drift);
        truth_cell(t, claims(&tally), tally.n, TRUTH_AT_MOST, rows[i].promised);
        printf("\n");
    }
    return 0;
}

static int equivalence(struct truth *t, struct err *e)
{
    static const struct {
        double ratio, promised[N_SIZES];
        enum truth_side side;
    } rows[] = { { 1, { .91, .99, 1, 1 }, TRUTH_AT_LEAST },
                 { 1.02, { .65, .79, .93, .99 }, TRUTH_AT_LEAST },
                 { 1.05, { .05, .05, .05, .05 }, TRUTH_AT_MOST } };
    printf("called equivalent, spread .03, no controls\n  ratio   6 pairs  8        12       20\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct simulated world = { .ratio = rows[i].ratio, .spread = .03 };
        printf("  %5.2f", rows[i].ratio);
        for (size_t k = 0; k < N_SIZES; k++) {
            struct tally tally;
            if (simulate(t, &world, SIZES[k], 0, &tally, e) != 0)
                return -1;
            truth_cell(t, tally.of[DECIDE_EQUIVALENT], tally.n, rows[i].side, rows[i].promised[k]);
        }
        printf("\n");
    }
    return 0;
}

/* One of two controls is twice too slow. */
static int one_bad_control(struct truth *t, struct err *e)
{
    static const struct simulated world = { .ratio = 1.5, .spread = .05 };
    struct decide_pair pairs[8], controls[2];
    struct decide_result r;
    uint32_t n_found = 0;
    for (uint32_t i = 0; i < effort(t); i++) {
        struct random random;
        random_init(&random, t->seed, i);
        simulated_pairs(&world, 8, &random, pairs);
        simulated_controls(&world, 2, &random, controls);
        controls[0].b.time.value *= 2;
        if (judge(pairs, 8, controls, 2, decide_defaults.confidence, &r, e) != 0)
            return -1;
        n_found += r.outcome == DECIDE_HIGHER;
    }
    printf("ratio 1.5 found although one of two controls is twice too slow, 8 pairs\n      ");
    truth_cell(t, n_found, effort(t), TRUTH_AT_LEAST, .99);
    printf("\n");
    return 0;
}

/* After 8 pairs, as many more as advised: how often is there a word then? Of campaigns that were advised. */
static int advice(struct truth *t, struct err *e)
{
    static const struct {
        double ratio, promised;
        enum truth_side side;
    } rows[] = { { 1.1, .95, TRUTH_AT_LEAST },
                 { 1.08, .88, TRUTH_AT_LEAST },
                 { 1.05, .68, TRUTH_SHOWN },
                 { 1, .19, TRUTH_SHOWN } };
    printf("a word after as many more pairs as advised, spread .1, 8 pairs at first\n  ratio\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct simulated world = { .ratio = rows[i].ratio, .spread = .1 };
        struct decide_pair pairs[SIMULATED_MOST], controls[4];
        struct decide_result r;
        uint32_t n_advised = 0, n_words = 0;
        for (uint32_t k = 0; k < effort(t); k++) {
            struct random random;
            random_init(&random, t->seed, k);
            simulated_pairs(&world, SIMULATED_MOST, &random, pairs);
            simulated_controls(&world, 4, &random, controls);
            if (judge(pairs, 8, controls, 4, decide_defaults.confidence, &r, e) != 0)
                return -1;
            if (r.n_more == 0)
                continue;
            n_advised++;
            if (judge(pairs, 8 + r.n_more, controls, 4, decide_defaults.confidence, &r, e) != 0)
                return -1;
            n_words += r.outcome != DECIDE_UNDECIDED;
        }
        printf("  %5.2f", rows[i].ratio);
        truth_cell(t, n_words, n_advised, rows[i].side, rows[i].promised);
        printf("  (%u of %u advised)\n", n_advised, effort(t));
    }
    return 0;
}

/* Stops as --until-width does: from 8 pairs in steps of 2, when the interval is narrow enough, at the latest
 * after 40. Quantiles of 97 % make up for looking often. */
static int stopping_early(struct truth *t, struct err *e)
{
    static const double spreads[] = { .05, .1, .2 };
    static const double width_most = .1, confidence = .97;
    printf("--until-width 10: \"95 %%\" intervals of 97 %%, ratio 1\n  spread  covers   false\n");
    for (size_t i = 0; i < 3; i++) {
        const struct simulated world = { .ratio = 1, .spread = spreads[i] };
        struct decide_pair pairs[SIMULATED_MOST];
        struct decide_result r = { 0 };
        uint32_t n_covered = 0, n_false = 0;
        for (uint32_t k = 0; k < effort(t); k++) {
            struct random random;
            random_init(&random, t->seed, k);
            simulated_pairs(&world, 40, &random, pairs);
            for (size_t n = 8; n <= 40; n += 2) {
                if (judge(pairs, n, NULL, 0, confidence, &r, e) != 0)
                    return -1;
                if ((r.ratio.hi - r.ratio.lo) / r.ratio.value <= width_most)
                    break;
            }
            n_covered += r.ratio.lo <= 1 && 1 <= r.ratio.hi;
            n_false += r.outcome == DECIDE_HIGHER || r.outcome == DECIDE_LOWER;
        }
        printf("  %6.2f", spreads[i]);
        truth_cell(t, n_covered, effort(t), TRUTH_AT_LEAST, .956);
        truth_cell(t, n_false, effort(t), TRUTH_AT_MOST, .043);
        printf("\n");
    }
    return 0;
}

int decide_tables(struct truth *truth, struct err *e)
{
    static int (*const tables[])(struct truth *, struct err *) = {
        false_claims_and_power, power_promised, one_bad_control, shared_shifts,  runs_of_two_kinds,
        series_that_remember,   equivalence,    advice,          stopping_early,
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (tables[i](truth, e) != 0)
            return -1;
    return 0;
}
