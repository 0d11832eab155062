/* What one run says of its two clusters. */
#include "claims.h"
#include "hist.h"
#include "text_out.h"
#include "units.h"
#include "within_pair.h"
#include "within_sentence.h"

#include "cm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SECONDS = 40, PER_SECOND = 50 };

struct pair {
    struct claim_row rows[2];
    struct claims claims;
    struct hist *all[2], *by_second[2][SECONDS];
    struct run_second seconds[2][SECONDS];
    struct within_side sides[2];
};

/* Alike seconds of times that spread over a tenth. */
static void pair_init(struct pair *p, uint64_t a_us, uint64_t b_us)
{
    static const char *const names[] = { "m4", "t2" };
    const uint64_t us[] = { a_us, b_us };
    *p = (struct pair){ .claims = { .rows = p->rows, .n_rows = 2 } };
    for (int i = 0; i < 2; i++) {
        p->rows[i].cluster = names[i];
        p->all[i] = hist_new();
        for (int s = 0; s < SECONDS; s++) {
            p->by_second[i][s] = hist_new();
            for (uint64_t k = 0; k < PER_SECOND; k++)
                hist_add(p->by_second[i][s],
                         us[i] * NS_PER_US * (1000 + (k * 37 + (uint64_t)s * 11) % 100) / 1000);
            hist_merge(p->all[i], p->by_second[i][s]);
            p->seconds[i][s] = (struct run_second){ p->by_second[i][s], PER_SECOND, PER_SECOND };
        }
        p->sides[i] = (struct within_side){ .name = names[i],
                                            .cluster = names[i],
                                            .claims = &p->claims,
                                            .attempts = { .ok = p->all[i] },
                                            .seconds = p->seconds[i],
                                            .n_seconds = SECONDS };
        for (int what = CLAIM_P50; what < N_CLAIMS; what++)
            p->rows[i].claims[what].time =
                attempts_time(&p->sides[i].attempts, claim_ppm((enum claim_what)what));
    }
}

static void pair_fini(struct pair *p)
{
    for (int i = 0; i < 2; i++) {
        hist_free(p->all[i]);
        for (int s = 0; s < SECONDS; s++)
            hist_free(p->by_second[i][s]);
    }
}

static void says(const struct pair *p, const char *wanted)
{
    struct text_out text;
    assert_true(text_out_begin(&text));
    within_sentence(text.file, &p->sides[0], &p->sides[1]);
    char *said = text_out_end(&text);
    if (!strstr(said, wanted))
        fail_msg("no '%s' in '%s'", wanted, said);
    if (!strstr(wanted, "was") && strstr(said, "faster than"))
        fail_msg("faster in '%s'", said);
    free(said);
}

static void a_difference_that_the_seconds_carry_is_said(void **state)
{
    struct pair p;
    (void)state;
    pair_init(&p, 1000, 2000);
    says(&p, "In this run t2 was slower than m4 at p99: 2.00 times as long (95 % interval ");
    says(&p, " t2 was slower than m4 at p50: 2.00 times as long (95 % interval ");
    pair_fini(&p);
    pair_init(&p, 1000, 500);
    says(&p, "In this run t2 was faster than m4 at p99: 0.500 times as long (95 % interval ");
    pair_fini(&p);
}

static void alike_clusters_are_not_told_apart(void **state)
{
    struct pair p;
    (void)state;
    pair_init(&p, 1000, 1010);
    says(&p, "This run does not tell t2 and m4 apart at p99 (95 % interval of the ratio ");
    pair_fini(&p);
}

static void too_few_seconds_tell_nothing(void **state)
{
    struct pair p;
    (void)state;
    pair_init(&p, 1000, 2000);
    p.sides[0].n_seconds = p.sides[1].n_seconds = 6;
    says(&p, "This run does not say which is faster: 6 whole seconds are too few for an interval, which "
             "takes 30. The "
             "p99 was 2.20 ms for t2 and 1.10 ms for m4. The medians were 2.10 ms and 1.05 ms.");
    p.sides[0].no_seconds = p.sides[1].no_seconds = "intervals.csv is missing or broken";
    says(&p, "which is faster: intervals.csv is missing or broken. ");
    pair_fini(&p);
}

/* However fast its good answers were. */
static void who_fails_more_is_never_called_faster(void **state)
{
    struct pair p;
    (void)state;
    pair_init(&p, 2000, 1000);
    p.sides[1].attempts.n_failed = 62;
    says(&p, "t2 failed 3.01 % of its requests, m4 none: their times do not compare.");
    p.sides[0].attempts.n_failed = 2000000;
    says(&p, "m4 failed 99.9 % of its requests, t2 3.01 %: their times do not compare.");
    pair_fini(&p);
}

static void loadgens_own_delay_is_no_difference(void **state)
{
    struct pair p;
    (void)state;
    pair_init(&p, 1000, 2000);
    p.rows[1].claims[CLAIM_P99].level = CLAIM_INVALID;
    says(&p, "The p99 was 2.20 ms! for t2 and 1.10 ms for m4, but loadgen's own delay may have made the "
             "difference.");
    p.rows[1].claims[CLAIM_P99].level = CLAIM_OK;
    p.rows[1].claims[CLAIM_P99].generator_ns = 600 * NS_PER_US;
    says(&p, "but loadgen's own delay may have made the difference. t2 was slower than m4 at p50");
    pair_fini(&p);
}

static void a_campaign_is_named_as_it_can_be_started(void **state)
{
    static const struct {
        const char *file, *command;
    } cases[] = {
        { NULL, "`loadgen campaign` " },
        { "/usr/share/loadgen/scenarios/tp1.yaml", "`loadgen campaign tp1` " },
        { "mine/two.yaml", "`loadgen campaign mine/two.yaml` " },
        { "my own.yaml", "`loadgen campaign` " },
        { "-x.yaml", "`loadgen campaign` " },
        { "a/path/of/more/than/forty-eight/characters/two.yaml", "`loadgen campaign` " },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct text_out text;
        assert_true(text_out_begin(&text));
        within_doubt(text.file, cases[i].file);
        char *said = text_out_end(&text);
        assert_non_null(strstr(said, cases[i].command));
        free(said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_difference_that_the_seconds_carry_is_said),
        cmocka_unit_test(alike_clusters_are_not_told_apart),
        cmocka_unit_test(too_few_seconds_tell_nothing),
        cmocka_unit_test(who_fails_more_is_never_called_faster),
        cmocka_unit_test(loadgens_own_delay_is_no_difference),
        cmocka_unit_test(a_campaign_is_named_as_it_can_be_started),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
