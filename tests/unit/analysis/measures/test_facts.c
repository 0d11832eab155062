/* The numbers of a cluster that every table shows, and the seconds that rates use. */
#include "cm.h"

#include "close.h"
#include "made_duo.h"
#include "made_text.h"

#include "arms.h"
#include "facts.h"
#include "instances.h"

static void whole_seconds_are_measured_and_full(void **state)
{
    size_t steps[20];
    struct dataset data;
    (void)state;
    assert_int_equal(facts_whole_steps(&duo, 0, steps), 4 + 6); /* no warm-up, pause, or cut second */
    assert_int_equal(steps[0], 1);
    assert_int_equal(steps[4], 13);
    assert_int_equal(facts_whole_steps(&duo, 1, steps), 5 + 6);
    assert_int_equal(steps[0], 0);
    made_open_edited(&data, "intervals.csv", "load2,cluster2,main,0,0", "load2,cluster2,main,0,1");
    assert_int_equal(facts_whole_steps(&data, 1, steps), 6); /* a second that a phase did not fill */
    dataset_fini(&data);
    made_open_edited(&data, "intervals.csv", "4,1.000000,", "4,0.9999995,"); /* what rounding takes away */
    assert_int_equal(facts_whole_steps(&data, 1, steps), 11);
    dataset_fini(&data);
    made_open_edited(&data, "intervals.csv", "4,1.000000,", "4,0.999990,");
    assert_int_equal(facts_whole_steps(&data, 1, steps), 11 - 2); /* seconds 4 and 14 */
    dataset_fini(&data);
}

static void a_second_counts_where_its_middle_lies_in_a_phase(void **state)
{
    size_t steps[20];
    struct dataset data;
    static const char phase[] =
        "\"phase\": \"main\", \"kind\": \"rate\", \"warmup\": false, \"start_s\": 0, \"end_s\": 5";
    static const struct {
        const char *times;
        size_t n;
    } cases[] = { { "\"start_s\": 0.5, \"end_s\": 4.5", 4 },
                  { "\"start_s\": 0.6, \"end_s\": 4.4", 3 },
                  { "\"start_s\": null, \"end_s\": null", 0 } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char edit[sizeof phase + 32];
        snprintf(edit, sizeof edit, "\"phase\": \"main\", \"kind\": \"rate\", \"warmup\": false, %s",
                 cases[i].times);
        made_open_edited(&data, "run.json", phase, edit);
        assert_int_equal(facts_whole_steps(&data, 1, steps), cases[i].n + 6);
        dataset_fini(&data);
    }
}

static void a_cluster_is_active_while_a_stream_of_it_sends(void **state)
{
    static const struct {
        const char *cluster, *scope;
        double s;
    } cases[] = { { NULL, "", 11.4 },         { "cluster1", "", 11.4 }, { "cluster2", "", 11.4 },
                  { NULL, "load1", 10.4 },    { NULL, "users1", 5 },    { NULL, "cluster2", 11.4 },
                  { "cluster1", "load2", 0 }, { NULL, "nobody", 0 },    { "cluster2", "cluster2", 11.4 } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        assert_close(facts_active_s(&duo.run, cases[i].cluster, cases[i].scope), cases[i].s, 1e-9);
}

static void time_that_streams_share_counts_once(void **state)
{
    struct run_phase phases[] = {
        { .stream = "a", .cluster = "c", .kind = "rate", .start_s = 8, .end_s = 9 },
        { .stream = "a", .cluster = "c", .kind = "rate", .start_s = 0, .end_s = 4 },
        { .stream = "b", .cluster = "c", .kind = "rate", .start_s = 1, .end_s = 2 }, /* within the other */
        { .stream = "b", .cluster = "c", .kind = "rate", .start_s = 3, .end_s = 6 },
        { .stream = "b", .cluster = "c", .kind = "pause", .start_s = 6, .end_s = 20 },
        { .stream = "b", .cluster = "c", .kind = "rate", .start_s = 20, .end_s = NAN },
        { .stream = "b", .cluster = "c", .kind = "rate", .start_s = NAN, .end_s = 30 },
        { .stream = "b", .cluster = "c", .kind = "rate", .start_s = 40, .end_s = 50, .warmup = true },
    };
    const struct run_json run = { .phases = phases, .n_phases = N_OF(phases) };
    (void)state;
    assert_close(facts_active_s(&run, NULL, ""), 7, 1e-9);
    const struct run_json none = { .phases = phases, .n_phases = 0 };
    assert_close(facts_active_s(&none, NULL, ""), 0, 0);
}

static void facts_are_per_active_second(void **state)
{
    const struct facts facts = facts_of_arm(&duo, 0);
    struct dataset data;
    (void)state;
    assert_int_equal(facts.ok_n, 11000);
    assert_close(facts.per_s, 11000 / 10.4, 1e-9);
    made_open_edited(
        &data, "run.json",
        "\"stream\": \"load2\", \"cluster\": \"cluster2\", \"phase\": \"last\", \"kind\": \"rate\"",
        "\"stream\": \"load2\", \"cluster\": \"cluster2\", \"phase\": \"last\", \"kind\": \"pause\"");
    assert_close(facts_of_arm(&data, 1).per_s, 6000 / 5.0, 1e-9);
    dataset_fini(&data);
}

static void times_are_told_in_a_unit_that_suits_the_slowest_median(void **state)
{
    static const struct {
        uint64_t a_ns, b_ns;
        const char *unit;
        double ns;
    } cases[] = { { 500, 999999, "us", 1e3 },
                  { 1000000, 500, "ms", 1e6 },
                  { UINT64_C(9999999999), 5, "ms", 1e6 },
                  { 5, UINT64_C(10000000000), "s", 1e9 },
                  { 0, 0, "ms", 1e6 } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct hist *latency[2] = { hist_new(), hist_new() };
        const struct dataset data = { .n_arms = 2, .latency = latency };
        if (cases[i].a_ns > 0) {
            hist_add(latency[0], cases[i].a_ns);
            hist_add(latency[1], cases[i].b_ns);
        }
        assert_string_equal(facts_unit(&data).name, cases[i].unit);
        assert_close(facts_unit(&data).ns, cases[i].ns, 0);
        hist_free(latency[0]);
        hist_free(latency[1]);
    }
}

static void evenness_is_noted_by_both_tails(void **state)
{
    static const struct {
        double expected_n, p_uneven, p_even;
        const char *words;
    } cases[] = { { NAN, .5, 0, "" },
                  { 4.9, .5, 0, "" },
                  { 5, .5, .0009, "as even as round robin makes it" },
                  { 5, .5, .001, "no more uneven than chance makes it" },
                  { 5, .5, NAN, "no more uneven than chance makes it" },
                  { 5, .01, .9, "no more uneven than chance makes it" },
                  { 5, .009, .9, "more uneven than chance makes it" } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct instance_row row = { .expected_n = cases[i].expected_n,
                                          .p_uneven = cases[i].p_uneven,
                                          .p_even = cases[i].p_even };
        assert_string_equal(instances_words(&row), cases[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_seconds_are_measured_and_full),
        cmocka_unit_test(a_second_counts_where_its_middle_lies_in_a_phase),
        cmocka_unit_test(a_cluster_is_active_while_a_stream_of_it_sends),
        cmocka_unit_test(time_that_streams_share_counts_once),
        cmocka_unit_test(facts_are_per_active_second),
        cmocka_unit_test(times_are_told_in_a_unit_that_suits_the_slowest_median),
        cmocka_unit_test(evenness_is_noted_by_both_tails),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
