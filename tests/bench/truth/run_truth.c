/* run_truth [SEED]: simulates single runs whose truth is known and prints how often what is said of one run
 * is right: its intervals, its directions, its balance, its steadiness. Exit code 1 when a promise is not
 * kept. The environment's LOADGEN_TRUTH=full makes as many runs as the quoted figures rest on. */
#include "chance_truth.h"
#include "err.h"
#include "seconds_truth.h"
#include "units.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct effort {
    const char *name;
    uint32_t n_runs, n_queues, n_balances, n_levels;
    uint32_t seconds_most;
    double errors; /* how many standard errors a share may lie beyond its limit */
};

static const struct effort FULL = { "full", 1000, 250, 100000, 4000, 300, 2.5 };
static const struct effort SHORT = { "short", 30, 10, 2000, 150, 60, 4 };

static const double PHIS[] = { 0, .5, .8, .95 };
enum { N_PHIS = sizeof PHIS / sizeof *PHIS };

static double share(uint32_t k, uint32_t n)
{
    return n > 0 ? (double)k / n : NAN;
}

struct judge {
    const struct effort *effort;
    uint64_t seed;
    unsigned n_missed;            /* promises not kept */
    uint32_t n_reports, n_claims; /* of one run of two alike clusters; those that claim a direction */
};

/* Prints and counts a share that is beyond its limit by more than chance in so few runs explains. */
static void expect(struct judge *j, const char *what, double held, double limit, bool is_least, uint32_t n)
{
    const double beyond = is_least ? limit - held : held - limit;
    if (n == 0 || beyond <= j->effort->errors * sqrt(limit * (1 - limit) / n))
        return;
    printf("  MISSED: %s is %.4f, should be at %s %.4f\n", what, held, is_least ? "least" : "most", limit);
    j->n_missed++;
}

/* "95.1 100 72 93": covered, printed, of these with an upper end, and of those covered; in per cent. */
static void put_score(const struct seconds_score *s, uint32_t n)
{
    if (s->n_printed == 0) {
        printf("   %5s   0   -   -", "-");
        return;
    }
    printf("   %5.1f %3.0f %3.0f", 100 * share(s->n_covered, s->n_printed), 100 * share(s->n_printed, n),
           100 * share(s->n_closed, s->n_printed));
    if (s->n_closed > 0)
        printf(" %3.0f", 100 * share(s->n_closed_covered, s->n_closed));
    else
        printf("   -");
}

static void put_row(struct judge *j, const struct seconds_setup *setup, const struct seconds_tally *t,
                    double least)
{
    static const char *const names[] = { "coverage of p50", "coverage of p90", "coverage of p99",
                                         "coverage of p99.9", "coverage of the rate" };
    printf("  %4u %5.2f %5.3f", setup->n_seconds, setup->utilisation > 0 ? setup->utilisation : setup->phi,
           setup->failed_share);
    for (int k = 0; k < N_SECONDS_WHAT; k++)
        put_score(&t->of[k], t->n);
    put_score(&t->ratio[SECONDS_P99], t->n);
    printf("   %6.2f\n", 100 * share(t->n_directions, t->n));
    for (int k = 0; k < N_SECONDS_WHAT; k++) {
        expect(j, names[k], share(t->of[k].n_covered, t->of[k].n_printed), least, true, t->of[k].n_printed);
        expect(j, "coverage of a ratio", share(t->ratio[k].n_covered, t->ratio[k].n_printed), least, true,
               t->ratio[k].n_printed);
    }
    if (setup->n_seconds < 30 && t->of[SECONDS_P50].n_printed + t->of[SECONDS_RATE].n_printed > 0)
        expect(j, "intervals of fewer than 30 seconds", 1, 0, false, t->n);
}

static void put_heads(const char *first)
{
    static const char *const columns[] = { "p50", "p90", "p99", "p99.9", "rate", "ratio of p99" };
    printf("     s %5s failed", first);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        printf("   %-17s", columns[i]);
    printf("   claims%%\n");
}

static int seconds_row(struct judge *j, const struct seconds_setup *setup, double least, struct err *e)
{
    struct seconds_tally t;
    if (seconds_truth(setup, &t, e) != 0)
        return -1;
    put_row(j, setup, &t, least);
    expect(j, "directions of alike clusters", share(t.n_directions, t.n), .05, false, t.n);
    if (t.of[SECONDS_P50].n_printed == 0)
        return 0; /* without an interval there is nothing to claim */
    j->n_reports += t.n;
    j->n_claims += t.n_directions;
    return 0;
}

static int waves(struct judge *j, struct err *e)
{
    static const uint32_t seconds[] = { 10, 30, 60, 120, 300 };
    printf(
        "intervals within a run: 200 requests/s, lognormal (.3), seconds AR(1) (.1); %u runs each.\n"
        "Per cent covered, printed, of these with an upper end, and of those covered; an open end covers.\n",
        j->effort->n_runs);
    put_heads("phi");
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds && seconds[i] <= j->effort->seconds_most; i++)
        for (size_t k = 0; k < N_PHIS; k++)
            if (seconds_row(j,
                            &(struct seconds_setup){ .n_seconds = seconds[i],
                                                     .n_runs = j->effort->n_runs,
                                                     .phi = PHIS[k],
                                                     .seed = j->seed + 10 * i + k },
                            .93, e))
                return -1;
    /* As many failures as a percentile leaves room for: one cluster's p99 is a time, the other's none. */
    for (size_t k = 0; k < 2; k++)
        if (seconds_row(j,
                        &(struct seconds_setup){ .n_seconds = 60,
                                                 .n_runs = j->effort->n_runs,
                                                 .phi = PHIS[k],
                                                 .failed_share = .01 - .003 * (double)k,
                                                 .seed = j->seed + 100 + k },
                        .93, e))
            return -1;
    return 0;
}

static int queues(struct judge *j, struct err *e)
{
    static const double loads[] = { .3, .5, .7, .9 };
    static const uint32_t seconds[] = { 30, 60, 120 };
    printf("the same of an M/M/1 queue, 1000/s; %u runs each\n", j->effort->n_queues);
    put_heads("load");
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds && seconds[i] <= j->effort->seconds_most; i++)
        for (size_t k = 0; k < sizeof loads / sizeof *loads; k++)
            if (seconds_row(j,
                            &(struct seconds_setup){ .n_seconds = seconds[i],
                                                     .n_runs = j->effort->n_queues,
                                                     .utilisation = loads[k],
                                                     .seed = j->seed + 200 + 10 * i + k },
                            .91, e))
                return -1;
    return 0;
}

static void balances(struct judge *j)
{
    static const uint32_t instances[] = { 2, 3, 4, 8 }, requests[] = { 20, 40, 100, 300, 1000, 4000 };
    printf("balance of instances that are picked at random, 20 requests/s; %u runs each\n"
           "  instances  requests  'as round robin'%%  'more uneven'%%\n",
           j->effort->n_balances);
    for (size_t i = 0; i < sizeof instances / sizeof *instances; i++)
        for (size_t k = 0; k < sizeof requests / sizeof *requests; k++) {
            const uint32_t n_runs = requests[k] > 1000 ? j->effort->n_balances / 10 : j->effort->n_balances;
            const struct balance_tally t = balance_truth(
                &(struct balance_setup){ instances[i], requests[k], 20, n_runs, j->seed + 10 * i + k });
            printf("  %9u  %8u  %17.3f  %14.2f\n", instances[i], requests[k],
                   100 * share(t.n_round_robin, t.n), 100 * share(t.n_uneven, t.n));
            expect(j, "'as even as round robin' by chance", share(t.n_round_robin, t.n), .001, false, t.n);
            expect(j, "'more uneven' by chance", share(t.n_uneven, t.n), .012, false, t.n);
        }
}

static int steadiness_row(struct judge *j, struct steady_setup setup, double limit, bool is_least,
                          struct err *e)
{
    struct steady_tally t;
    setup.n_runs = j->effort->n_levels;
    if (steady_truth(&setup, &t, e) != 0)
        return -1;
    printf("  %4u %5.2f %5.2f %6.0f%%  %8.2f  %10.1f\n", setup.n_seconds, setup.phi, setup.sd,
           100 * setup.change, 100 * share(t.n_changed, t.n), 100 * share(t.n_dependent, t.n));
    expect(j, is_least ? "changes found" : "changes of steady runs", share(t.n_changed, t.n), limit, is_least,
           t.n);
    return 0;
}

static int steadiness(struct judge *j, struct err *e)
{
    static const uint32_t seconds[] = { 60, 120, 300 };
    static const double sds[] = { .06, .1 };
    static const struct {
        double phi, change, least;
    } found[] = { { 0, .1, .75 }, { .5, .1, .25 }, { 0, .5, .98 }, { .5, .5, .98 } };
    int status = 0;
    printf("steadiness of seconds AR(1), with a change of level half-way; %u runs each\n"
           "     s   phi    sd  change  changed%%  not judged%%\n",
           j->effort->n_levels);
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
        for (size_t d = 0; d < sizeof sds / sizeof *sds; d++)
            for (size_t k = 0; k < N_PHIS; k++)
                status |= steadiness_row(j,
                                         (struct steady_setup){ .n_seconds = seconds[i],
                                                                .phi = PHIS[k],
                                                                .sd = sds[d],
                                                                .seed = j->seed + 100 * i + 10 * d + k },
                                         .03, false, e);
    for (size_t i = 0; i < sizeof found / sizeof *found; i++)
        status |= steadiness_row(j,
                                 (struct steady_setup){ .n_seconds = 60,
                                                        .phi = found[i].phi,
                                                        .sd = .06,
                                                        .change = found[i].change,
                                                        .seed = j->seed + 1000 + i },
                                 found[i].least, true, e);
    return status;
}

int main(int argc, char **argv)
{
    const char *wanted = getenv("LOADGEN_TRUTH");
    struct judge j = { .effort = wanted && strcmp(wanted, "full") == 0 ? &FULL : &SHORT, .seed = 20240229 };
    struct err e;
    if (argc > 2 || (argc == 2 && units_parse_count(argv[1], &j.seed) != 0)) {
        fprintf(stderr, "usage: run_truth [SEED]\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("seed %llu, %s\n", (unsigned long long)j.seed, j.effort->name);
    balances(&j);
    if (steadiness(&j, &e) || waves(&j, &e) || queues(&j, &e)) {
        fprintf(stderr, "run_truth: %s\n", e.text);
        return 1;
    }
    printf("reports of one run of alike clusters: %.2f %% of %u claim a direction at p50 or p99\n",
           100 * share(j.n_claims, j.n_reports), j.n_reports);
    expect(&j, "directions of alike clusters in all", share(j.n_claims, j.n_reports), .05, false,
           j.n_reports);
    printf(j.n_missed == 0 ? "every promise is kept\n" : "promises not kept: %u\n", j.n_missed);
    return j.n_missed == 0 ? 0 : 1;
}
