/* bench_truth [SEED]: simulates campaigns whose truth is known and prints how often the statistics
 * are right. Exit code 1 when a promise is not kept. The environment's LOADGEN_TRUTH=full makes as many
 * campaigns as the quoted figures rest on. */
#include "campaign_truth.h"
#include "decide.h"
#include "err.h"
#include "units.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct effort {
    const char *name;
    uint32_t n_campaigns, n_requests;
    size_t n_cases;   /* of CASES */
    double tolerance; /* how far coverage may be from 95 % */
};

/* The first three show coverage, wrong equivalence and power; the others make the load or the runs' own
 * differences larger. */
static const struct {
    double ratio, utilisation, run_spread;
} CASES[] = { { 1, .3, .01 }, { 1.05, .3, .01 }, { 1.15, .3, .01 }, { 1, .7, .02 }, { 1.15, .3, .025 } };

static const struct effort FULL = { "full", 1000, 12000, 5, .02 };
static const struct effort SHORT = { "short", 80, 4000, 3, .08 };

struct promise {
    double held, least, most;
};

/* Prints and counts a promise that is not kept. */
static void expect(const char *what, struct promise p, unsigned *n_missed)
{
    if (p.held >= p.least && p.held <= p.most)
        return;
    printf("  MISSED: %s is %.3f, should be %.3f to %.3f\n", what, p.held, p.least, p.most);
    (*n_missed)++;
}

static double share(uint32_t k, uint32_t n)
{
    return (double)k / n;
}

/* Above that eight pairs need not find 15 %. */
static const double SPREAD_MOST = .06;

static void judge(const struct campaign_setup *setup, const struct campaign_tally *t,
                  const struct effort *effort, unsigned *n_missed)
{
    const double covered = share(t->n_covered, t->n);
    const double higher = share(t->n_outcome[DECIDE_HIGHER], t->n);
    const double lower = share(t->n_outcome[DECIDE_LOWER], t->n);
    const double equivalent = share(t->n_outcome[DECIDE_EQUIVALENT], t->n);
    expect("coverage", (struct promise){ covered, .95 - effort->tolerance, .95 + effort->tolerance },
           n_missed);
    if (setup->ratio == 1)
        expect("false claims", (struct promise){ higher + lower, 0, .05 }, n_missed);
    if (setup->ratio == 1.05) /* just at the margin, where a claim of equivalence is wrong */
        expect("false equivalence", (struct promise){ equivalent, 0, .05 + effort->tolerance }, n_missed);
    if (setup->ratio == 1.15) {
        expect("equivalence of what differs by 15 %", (struct promise){ equivalent, 0, 0 }, n_missed);
        expect("claims in the wrong direction", (struct promise){ lower, 0, 0 }, n_missed);
        if (t->mean_sd <= SPREAD_MOST)
            expect("15 % found", (struct promise){ higher, .8, 1 }, n_missed);
    }
}

static void print_tally(const struct campaign_setup *setup, const struct campaign_tally *t)
{
    printf("  %5.2f  %4.1f  p%-4g  %6.3f  %6.3f  %8.1f  %8.1f", setup->ratio, setup->utilisation,
           t->p_ppm / 1e4, t->mean_sd, t->mean_width, 100 * share(t->n_covered, t->n),
           100 * share(t->n_covered_rank, t->n));
    static const enum decide_outcome columns[] = { DECIDE_LOWER, DECIDE_HIGHER, DECIDE_EQUIVALENT,
                                                   DECIDE_UNDECIDED };
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        printf("  %6.1f", 100 * share(t->n_outcome[columns[i]], t->n));
    printf("\n");
}

static int campaigns(const struct effort *effort, uint64_t seed, unsigned *n_missed, struct err *e)
{
    printf("campaigns: 8 pairs and 2 A/A pairs of M/M/1 runs of %u requests, skewed run-level factor, shared "
           "drift; %u each\n",
           effort->n_requests, effort->n_campaigns);
    printf(
        "  truth  load         spread   width  covers t  HL rank %%  lower%% higher%% equiv.%% undec.%%\n");
    for (size_t i = 0; i < effort->n_cases; i++) {
        const struct campaign_setup setup = {
            .ratio = CASES[i].ratio,
            .utilisation = CASES[i].utilisation,
            .run_spread = CASES[i].run_spread,
            .drift = .02,
            .n_requests = effort->n_requests,
            .n_pairs = 8,
            .n_controls = 2,
            .n_campaigns = effort->n_campaigns,
            .seed = seed + i,
        };
        struct campaign_tally tally[CAMPAIGN_PERCENTILES];
        if (campaign_truth(&setup, tally, e) != 0)
            return -1;
        for (size_t k = 0; k < CAMPAIGN_PERCENTILES; k++) {
            print_tally(&setup, &tally[k]);
            judge(&setup, &tally[k], effort, n_missed);
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    const char *wanted = getenv("LOADGEN_TRUTH");
    const struct effort *effort = wanted && strcmp(wanted, "full") == 0 ? &FULL : &SHORT;
    uint64_t seed = 20240229;
    unsigned n_missed = 0;
    struct err e;
    if (argc > 2 || (argc == 2 && units_parse_count(argv[1], &seed) != 0)) {
        fprintf(stderr, "usage: bench_truth [SEED]\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("seed %llu, %s\n", (unsigned long long)seed, effort->name);
    if (campaigns(effort, seed, &n_missed, &e) != 0) {
        fprintf(stderr, "bench_truth: %s\n", e.text);
        return 1;
    }
    printf(n_missed == 0 ? "every promise is kept\n" : "promises not kept: %u\n", n_missed);
    return n_missed == 0 ? 0 : 1;
}
