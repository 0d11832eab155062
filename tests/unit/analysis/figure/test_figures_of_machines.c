/* The rows of the figures of the generator's health and the provider's metrics, worked out by hand from
 * made_run.h. */
#include "cm.h"

#include "made_duo.h"
#include "made_text.h"

#include "figure_set.h"

static void health_shows_the_worst_thread_and_sums_processor_time(void **state)
{
    static const char *const lines[] = {
        "value,,0,0.000,1.000,0.0000,1.0000,,lag,p50,11.0000",
        "value,,0,0.000,1.000,0.0000,1.0000,,lag,p99,20.0000",
        "value,,0,0.000,1.000,0.0000,1.0000,,lag,max,30.0000",
        "value,,0,1.000,2.000,1.0000,2.0000,,lag,p50,",
        "value,,0,19.000,19.400,11.6840,12.0840,,lag,max,7.0000",
        "value,,0,0.000,1.000,0.0000,1.0000,,load,event loop,30.0000",
        "value,,0,1.000,2.000,1.0000,2.0000,,load,event loop,40.0000",
        "value,,0,6.000,7.000,5.0855,5.1710,,load,event loop,", /* in the cut */
        "value,,0,0.000,1.000,0.0000,1.0000,,load,CPU,33.0000",
        "value,,0,1.000,2.000,1.0000,2.0000,,load,CPU,30.0000",
        "value,,0,0.000,1.000,0.0000,1.0000,,sends,p99,3.0000",
        "value,,0,0.000,1.000,0.0000,1.0000,,sends,max,4.0000",
        "value,,0,0.000,1.000,0.0000,1.0000,,age,p50,21.0000",
        "value,,0,1.000,2.000,1.0000,2.0000,,age,max,24.0000",
        "limit,,0,0.000,19.400,0.0000,12.0840,,load,busy,90.0000",
    };
    (void)state;
    struct made_figure f = made_figure(figure_health, &duo);
    assert_lines(f.rows, lines);
    assert_int_equal(made_lines(f.rows, "value,"), 10 * 20);
    assert_int_equal(made_lines(f.rows, "limit,"), 1);
    assert_says(f.words, "Schedule lag: how much later than due");
    made_figure_fini(&f);
}

/* 401 s in steps of 2 s: the larger of two seconds, except for CPU time, which is a mean. */
static void health_of_a_long_run_shows_the_worst_second_of_a_step(void **state)
{
    static const char *const edits[] = { "\"duration_s\": 19.4,", "\"duration_s\": 401," };
    (void)state;
    struct made_figure f = made_figure_of_edited(figure_health, "run.json", edits, 2);
    assert_line(f.rows, "value,,0,0.000,2.000,0.0000,2.0000,,load,event loop,40.0000");
    assert_line(f.rows, "value,,0,0.000,2.000,0.0000,2.0000,,load,CPU,31.5000");
    assert_line(f.rows, "value,,0,400.000,401.000,400.0000,401.0000,,load,CPU,");
    assert_says(f.words, "Per step of 2 s");
    made_figure_fini(&f);
}

static void a_closed_run_has_no_lag_to_show(void **state)
{
    static const char *const edits[] = {
        "2,4,11,12,13,", "2,4,,,,", "3,3,10,20,30,", "3,3,,,,",
        "1,1,9,9,9,",    "1,1,,,,", "1,1,5,6,7,",    "1,1,,,,",
    };
    (void)state;
    struct made_figure f = made_figure_of_edited(figure_health, "health.csv", edits, N_OF(edits));
    assert_int_equal(made_lines(f.rows, "value,"), 7 * 20);
    assert_says_not(f.rows, ",lag,");
    assert_says(f.words, "Schedule lag is undefined in a closed model");
    made_figure_fini(&f);
}

static void health_that_is_not_there_is_left_out_and_a_broken_one_refused(void **state)
{
    (void)state;
    const char *folder = made_run("ill");
    struct dataset data;
    made_open_dataset(&data, folder);
    const char *const header_end = strchr(made_health, '\n');
    char header[sizeof made_health + 1]; // and a newline
    snprintf(header, sizeof header, "%.*s\n", (int)(header_end - made_health), made_health);
    made_file(folder, "health.csv", header);
    struct made_figure f = made_figure(figure_health, &data);
    assert_string_equal(f.left_out, "health.csv has no rows");
    made_remove(folder, "health.csv");
    f = made_figure(figure_health, &data);
    assert_int_equal(f.result, FIGURE_LEFT_OUT);
    assert_string_equal(f.left_out, "there is no health.csv");
    static const char *const broken[][3] = { { "t_s,", "time_s,", "'t_s'" },
                                             { "steal_pct", "stolen_pct", "'steal_pct'" },
                                             { "6.000000,0", "soon,0", "'t_s'" },
                                             { "0,0.5,0,7", "0,much,0,7", "'steal_pct'" } };
    for (size_t i = 0; i < N_OF(broken); i++) {
        made_file(folder, "health.csv", made_health);
        made_edit(folder, "health.csv", broken[i][0], broken[i][1]);
        f = made_figure(figure_health, &data);
        assert_int_equal(f.result, FIGURE_FAILED);
        assert_says(f.e.text, broken[i][2]);
    }
    dataset_fini(&data);
}

static void the_providers_values_hold_for_their_period(void **state)
{
    static const char *const lines[] = {
        "value,m4 (cluster1),1,0.000,1.000,0.0000,1.0000,,requests,provider,1007.0000", /* 4028 in 4 s */
        "value,m4 (cluster1),1,3.000,4.000,3.0000,4.0000,,requests,provider,1007.0000",
        "value,m4 (cluster1),1,3.000,4.000,3.0000,4.0000,,time,provider,1.2000",
        "value,m4 (cluster1),1,3.000,4.000,3.0000,4.0000,,cpu,provider,35.0000", /* mean of two instances */
        "value,t2 (cluster2),2,0.000,1.000,0.0000,1.0000,,credits,provider,60.0000",
        "value,t2 (cluster2),2,13.000,14.000,5.6840,6.6840,,credits,provider,50.0000",
        "value,t2 (cluster2),2,18.000,19.000,10.6840,11.6840,,credits,provider,50.0000",
        "value,m4 (cluster1),1,0.000,1.000,0.0000,1.0000,,requests,generator,115.0000", /* with errors and
                                                                                           users */
        "value,m4 (cluster1),1,4.000,5.000,4.0000,5.0000,,requests,generator,1008.0000",
        "value,m4 (cluster1),1,4.000,5.000,4.0000,5.0000,,time,generator,2.0966", /* the middle of the bin */
    };
    (void)state;
    struct made_figure f = made_figure(figure_cloudwatch, &duo);
    assert_lines(f.rows, lines);
    assert_int_equal(made_lines(f.rows, "value,m4 (cluster1),1,"),
                     3 * 4 + 11 + 12); /* requests less the last second */
    assert_int_equal(made_lines(f.rows, "value,t2 (cluster2),2,"), 1 + 6 + 11 + 12);
    assert_says(f.words, "What the local lab measured beside the generator");
    made_figure_fini(&f);
}

static void an_instance_short_of_a_period_counts_for_a_step(void **state)
{
    static const char *const edits[] = { ",60,Count,1\n", ",60,Count,0.5\n" };
    static const char *const zero[] = { ",60,Count,1\n", ",60,Count,0\n" };
    static const char *const from_aws[] = { ",local,", ",aws," };
    (void)state;
    struct made_figure f = made_figure_of_edited(figure_cloudwatch, "cloudwatch.csv", edits, 2);
    assert_line(f.rows, "value,t2 (cluster2),2,0.000,1.000,0.0000,1.0000,,credits,provider,60.0000");
    made_figure_fini(&f);
    f = made_figure_of_edited(figure_cloudwatch, "cloudwatch.csv", zero, 2);
    assert_int_equal(made_lines(f.rows, "value,t2 (cluster2),2,0.000,1.000,0.0000,1.0000,,credits"), 0);
    made_figure_fini(&f);
    f = made_figure_of_edited(figure_cloudwatch, "cloudwatch.csv", from_aws, 2);
    assert_says(f.words, "What CloudWatch measured beside the generator");
    made_figure_fini(&f);
}

/* A period counts for each step whose middle it covers: four from 0.5 to 4.5 s. */
static void a_period_holds_the_steps_whose_middle_it_holds(void **state)
{
    static const char *const earlier[] = { "\"t0_realtime_ns\": 1795299004000000000",
                                           "\"t0_realtime_ns\": 1795299003500000000" };
    static const char *const beyond_the_end[] = { "Percent,4", "Percent,60" };
    static const char *const half[] = { "19,0.400000,", "19,0.500000," };
    (void)state;
    struct made_figure f = made_figure_of_edited(figure_cloudwatch, "run.json", earlier, 2);
    for (int s = 0; s < 6; s++) {
        char start[100];
        snprintf(start, sizeof start, "value,m4 (cluster1),1,%d.000,%d.000,%s%d.0000,", s, s + 1,
                 s < 5 ? "" : "x", s);
        assert_int_equal(made_lines(f.rows, start), s < 4    ? 5
                                                    : s == 4 ? 2
                                                             : 0); /* the generator's two stay */
    }
    made_figure_fini(&f);
    f = made_figure_of_edited(figure_cloudwatch, "cloudwatch.csv", beyond_the_end, 2);
    assert_int_equal(
        made_lines(f.rows, "value,m4 (cluster1),1,19.000,19.400,11.6840,12.0840,,cpu,provider,35.0000"), 1);
    assert_says_not(strstr(f.rows, "value,t2"), ",cpu,");
    made_figure_fini(&f);
    f = made_figure_of_edited(figure_cloudwatch, "intervals.csv", half, 2);
    assert_int_equal(made_lines(f.rows, "value,t2 (cluster2),2,19.000,19.400,11.6840,12.0840,,requests"),
                     0); /* more than half */
    made_figure_fini(&f);
}

static void what_the_provider_says_of_others_or_wrongly_is_no_figure(void **state)
{
    static const char *const others[] = { "2026-11-21T22:10", "2026-11-21T23:10" };
    static const char *const broken[][3] = { { "ts_utc", "time", "'ts_utc'" },
                                             { "period_s", "period", "'period_s'" },
                                             { "22:10:13Z", "22h10", "22h10" },
                                             { ",4028,", ",many,", "'value'" },
                                             { "Percent,4", "Percent,long", "'period_s'" } };
    (void)state;
    struct made_figure f = made_figure_of_edited(figure_cloudwatch, "cloudwatch.csv", others, 2);
    assert_int_equal(f.result, FIGURE_LEFT_OUT);
    assert_says(f.left_out, "no values of this run's clusters and time");
    for (size_t i = 0; i < N_OF(broken); i++) {
        f = made_figure_of_edited(figure_cloudwatch, "cloudwatch.csv", broken[i], 2);
        assert_int_equal(f.result, FIGURE_FAILED);
        assert_says(f.e.text, broken[i][2]);
    }
    struct dataset data;
    const char *folder = made_run("own");
    made_remove(folder, "cloudwatch.csv");
    made_open_dataset(&data, folder);
    f = made_figure(figure_cloudwatch, &data);
    assert_int_equal(f.result, FIGURE_LEFT_OUT);
    assert_says(f.left_out, "no cloudwatch.csv");
    dataset_fini(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(health_shows_the_worst_thread_and_sums_processor_time),
        cmocka_unit_test(health_of_a_long_run_shows_the_worst_second_of_a_step),
        cmocka_unit_test(a_closed_run_has_no_lag_to_show),
        cmocka_unit_test(health_that_is_not_there_is_left_out_and_a_broken_one_refused),
        cmocka_unit_test(the_providers_values_hold_for_their_period),
        cmocka_unit_test(an_instance_short_of_a_period_counts_for_a_step),
        cmocka_unit_test(a_period_holds_the_steps_whose_middle_it_holds),
        cmocka_unit_test(what_the_provider_says_of_others_or_wrongly_is_no_figure),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
