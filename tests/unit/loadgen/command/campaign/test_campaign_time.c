#include "campaign.h"
#include "campaign_time.h"
#include "plan.h"
#include "units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct campaign_pair pairs[] = {
    { .kind = CAMPAIGN_AB, .number = 1 },
    { .kind = CAMPAIGN_AA, .number = 1 },
    { .kind = CAMPAIGN_AB, .number = 2 },
};
static const struct campaign two_and_one = { .pairs = pairs, .n_pairs = 3 };
static const struct campaign side_by_side = { .pairs = pairs, .n_pairs = 3, .is_side_by_side = true };

/* Runs of 10 s and 20 s, 2 s between two. */
static struct campaign_time time_of(const struct campaign *c)
{
    return (struct campaign_time){
        .lengths = { [CAMPAIGN_AB] = { { 10 * NS_PER_S, false }, { 20 * NS_PER_S, false } },
                     [CAMPAIGN_AA] = { { 10 * NS_PER_S, false }, { 10 * NS_PER_S, false } } },
        .gap_ns = 2 * NS_PER_S,
        .n_runs = campaign_time_runs(c)
    };
}

static char *printed(const struct campaign_time *t, const struct campaign *c)
{
    static char text[200];
    FILE *out = fmemopen(text, sizeof text, "w");
    campaign_time_print(out, t, c);
    fclose(out);
    return text;
}

static void the_longest_stream_is_how_long_a_run_takes(void **state)
{
    struct plan_phase open[] = { { .kind = PLAN_PHASE_RATE, .duration_ns = 5 },
                                 { .kind = PLAN_PHASE_PAUSE, .duration_ns = 7 } };
    struct plan_phase closed[] = { { .kind = PLAN_PHASE_REQUESTS, .duration_ns = 100 },
                                   { .kind = PLAN_PHASE_DURATION, .duration_ns = 3 } };
    struct plan_stream streams[] = { { .phases = open, .n_phases = 2 }, { .phases = closed, .n_phases = 2 } };
    (void)state;
    const struct plan_length both = plan_length(&(struct plan){ .streams = streams, .n_streams = 2 });
    assert_int_equal(both.ns, 12);
    assert_true(both.is_least);
    assert_false(plan_length(&(struct plan){ .streams = streams, .n_streams = 1 }).is_least);
}

static void runs_and_gaps_add_up(void **state)
{
    (void)state;
    const struct campaign_time t = time_of(&two_and_one);
    assert_int_equal(t.n_runs, 6);
    assert_int_equal(campaign_time_planned_ns(&t, &two_and_one),
                     (2 * (10 + 20) + 10 + 10 + 5 * 2) * NS_PER_S);
    assert_string_equal(printed(&t, &two_and_one), "  6 runs with a gap of 2.00 s, about 1 min 30 s\n");
}

static void side_by_side_a_pair_is_one_run_of_both(void **state)
{
    (void)state;
    struct campaign_time t = time_of(&side_by_side);
    t.lengths[CAMPAIGN_AB][0].ns = 20 * NS_PER_S;
    assert_int_equal(t.n_runs, 3);
    assert_int_equal(campaign_time_planned_ns(&t, &side_by_side), (2 * 20 + 10 + 2 * 2) * NS_PER_S);
}

static void what_is_not_known_is_shown_as_such(void **state)
{
    (void)state;
    struct campaign_time t = time_of(&two_and_one);
    t.lengths[CAMPAIGN_AB][1] = (struct plan_length){ 0, true };
    assert_string_equal(printed(&t, &two_and_one),
                        "  6 runs with a gap of 2.00 s, more than 50 s; the first shows how long\n");
    memset(t.lengths, 0, sizeof t.lengths);
    t.lengths[CAMPAIGN_AB][0].is_least = true;
    t.gap_ns = 0;
    assert_string_equal(printed(&t, &two_and_one), "  6 runs without a gap; the first shows how long\n");
}

static void what_is_made_is_not_made_again(void **state)
{
    (void)state;
    struct campaign_time t = time_of(&two_and_one);
    t.n_done = 4;
    assert_string_equal(printed(&t, &two_and_one), "  2 runs of 6 left with a gap of 2.00 s, about 30 s\n");
    t.n_done = 6;
    assert_string_equal(printed(&t, &two_and_one), "  all 6 runs are there\n");
}

static void what_is_left_follows_from_the_runs_made_now(void **state)
{
    (void)state;
    struct campaign_time t = time_of(&two_and_one);
    assert_int_equal(campaign_time_left_ns(&t), 0);
    t.n_done = 4; /* two of them earlier */
    t.n_made = 2;
    t.made_ns = 24 * NS_PER_S;
    assert_int_equal(campaign_time_left_ns(&t), 24 * NS_PER_S);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_stream_is_how_long_a_run_takes),
        cmocka_unit_test(runs_and_gaps_add_up),
        cmocka_unit_test(side_by_side_a_pair_is_one_run_of_both),
        cmocka_unit_test(what_is_not_known_is_shown_as_such),
        cmocka_unit_test(what_is_made_is_not_made_again),
        cmocka_unit_test(what_is_left_follows_from_the_runs_made_now),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
