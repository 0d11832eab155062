/* A run folder in memory: times and counts by arm, step and second, and which of them count. */
#include "cm.h"

#include "close.h"
#include "made_duo.h"
#include "made_text.h"

#include "arms.h"
#include "facts.h"
#include "instances.h"
#include "load.h"
#include "sample.h"

/* The message that refuses the folder. */
static const char *refused(const char *file, const char *from, const char *to)
{
    static struct err e;
    struct dataset data;
    const char *folder = made_run("refused");
    if (from)
        made_edit(folder, file, from, to);
    else
        made_remove(folder, file);
    assert_int_equal(dataset_open(&data, folder, &e), -1);
    dataset_fini(&data);
    return e.text;
}

static void times_are_those_of_successes_outside_of_warmup(void **state)
{
    (void)state;
    assert_int_equal(duo.n_arms, 2);
    assert_int_equal(duo.headline, METRIC_RESPONSE);
    assert_int_equal(duo.latency[0]->n, 11000);
    assert_int_equal(duo.latency[1]->n, 6000);
    assert_int_equal(dataset_latency_n(&duo), 17000);
    assert_int_equal(hist_value_at_ppm(duo.latency[0], 1000000), MADE_MS4);
    assert_int_equal(duo.lost_n, 0);
    assert_false(duo.hists_truncated);
    assert_string_equal(duo.no_counts, "");
}

/* The number of times without the generator's share, of all steps. */
static uint64_t less_g_n(const struct dataset *data, size_t arm)
{
    uint64_t n = 0;
    for (size_t step = 0; step < data->axis.n_steps; step++) {
        const struct hist *h = data->less_g_by_step[arm * data->axis.n_steps + step];
        n += h ? h->n : 0;
    }
    return n;
}

static void steps_hold_warmup_too(void **state)
{
    (void)state;
    assert_int_equal(duo.axis.n_steps, 20);
    assert_int_equal(dataset_step(&duo, 0, 0)->n, 100);
    assert_int_equal(less_g_n(&duo, 0), 11000 + 100);
    assert_int_equal(less_g_n(&duo, 1), 6000);
    assert_int_equal(dataset_step(&duo, 0, 1)->n, 1000);
    assert_null(dataset_step(&duo, 0, 5));
    assert_int_equal(dataset_step(&duo, 0, 19)->n, 1000);
    assert_int_equal(dataset_step(&duo, 1, 0)->n, 500);
    assert_null(dataset_step(&duo, 1, 12));
    assert_int_equal(duo.axis.n_cuts, 1);
    assert_close(duo.axis.cuts[0].from_s, 5, 0);
    assert_close(duo.axis.cuts[0].to_s, 13, 0);
}

static void counts_are_summed_over_the_streams_of_a_cluster(void **state)
{
    const struct counts_cell *cell = dataset_cell(&duo, 0, 3);
    (void)state;
    assert_int_equal(cell->ok_n, 1008);
    assert_int_equal(cell->err_n, 23);
    assert_int_equal(cell->done_n, 1031);
    assert_int_equal(cell->sent_n, 1031);
    assert_int_equal(cell->intended_n, 1000);
    assert_true(cell->intended_known);
    assert_false(cell->partial);
    assert_close(cell->covered_s, 1, 1e-9);
    assert_int_equal(cell->by_outcome_n[OUTCOME_TIMEOUT], 3);
    assert_int_equal(cell->by_outcome_n[OUTCOME_STATUS_5XX], 20);
    assert_int_equal(cell->by_outcome_n[OUTCOME_RESET_IDLE], 2);
    assert_int_equal(cell->by_outcome_n[OUTCOME_OK], 0);
    assert_int_equal(dataset_cell(&duo, 1, 0)->ok_n, 500);
    assert_int_equal(dataset_cell(&duo, 1, 19)->err_n, 4);
    assert_close(dataset_cell(&duo, 1, 19)->covered_s, .4, 1e-9);
    assert_true(dataset_cell(&duo, 1, 19)->partial);
    assert_int_equal(duo.counts.measured[0].ok_n, 11040); /* 11 000 and the 40 of users1 */
    assert_int_equal(duo.counts.measured[0].err_n, 28);   /* without the 7 of warm-up */
    assert_int_equal(duo.counts.measured[1].err_n, 4);
}

static void a_closed_cluster_intends_nothing(void **state)
{
    struct dataset data;
    (void)state;
    made_open_edited(&data, "intervals.csv", "load2,cluster2,main,0,0,500,", "load2,cluster2,main,0,0,,");
    assert_false(dataset_cell(&data, 1, 1)->intended_known);
    assert_true(dataset_cell(&data, 0, 1)->intended_known);
    assert_true(dataset_cell(&data, 1, 13)->intended_known);
    dataset_fini(&data);
}

static void counts_that_cannot_be_read_are_told_and_cost_nothing_else(void **state)
{
    static const char *const broken[][3] = {
        { ",dur_s,", ",length_s,", "'dur_s'" },
        { ",ports_n,", ",port_n,", "'ports_n'" },
        { ",status_n,", ",st_n,", "'status_n'" },
        { "users1,cluster1,walk", "users1,cluster7,walk", "cluster 'cluster7' is not in run.json" },
        { "\n4,1.000000,", "\n4,long,", "'dur_s'" },
        { "\n4,1.000000,", "\nfour,1.000000,", "'t_s'" },
        { "load1,cluster1,main,0,0", "load1,cluster1,main,0,?", "'partial'" },
        { "load1,cluster1,main,0,0", "load1,cluster1,main,?,0", "'warmup'" },
        { ",120,107,107,100,7,7,", ",x,107,107,100,7,7,", "'intended_n'" },
        { ",120,107,107,100,7,7,", ",120,x,107,100,7,7,", "'sent_n'" },
        { ",120,107,107,100,7,7,", ",120,107,x,100,7,7,", "'done_n'" },
        { ",120,107,107,100,7,7,", ",120,107,107,x,7,7,", "'ok_n'" },
        { ",120,107,107,100,7,7,", ",120,107,107,100,x,7,", "'err_n'" },
        { ",120,107,107,100,7,7,", ",120,107,107,100,7,x,", "'timeout_n'" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(broken); i++) {
        struct dataset data;
        made_open_edited(&data, "intervals.csv", broken[i][0], broken[i][1]);
        assert_null(data.counts.cells);
        assert_says(data.no_counts, broken[i][2]);
        assert_int_equal(dataset_latency_n(&data), 17000);
        assert_int_equal(facts_of_arm(&data, 0).ok_n, 11000);
        size_t steps[20];
        assert_int_equal(facts_whole_steps(&data, 0, steps), 0);
        dataset_fini(&data);
    }
}

static void response_times_are_the_headline_only_where_all_have_them(void **state)
{
    static const struct made_times times[] = {
        { 0, 2, "response.load1.cluster1.main.ok.all", MADE_MS1, 10 },
        { 0, 2, "service.load1.cluster1.main.ok.all", MADE_MS2, 20 },
        { 0, 2, "service_less_g.load1.cluster1.main.ok.all", MADE_MS1, 30 },
        { 0, 2, "response_less_g.load1.cluster1.main.ok.all", MADE_MS1, 3 },
        { 0, 2, "service.users1.cluster1.walk.ok.all", MADE_MS4, 40 },
        { 0, 2, "service.load2.cluster2.main.ok.all", MADE_MS8, 50 },
        { 0, 2, "service_less_g.load2.cluster2.main.ok.all", MADE_MS8, 60 },
    };
    struct dataset data;
    (void)state;
    const char *folder = made_run_of("mixed", times, N_OF(times));
    made_edit(folder, "run.json",
              "\"load2\", \"cluster\": \"cluster2\", \"model\": \"open\", \"headline\": \"response\"",
              "\"load2\", \"cluster\": \"cluster2\", \"model\": \"closed\", \"headline\": \"service\"");
    made_open_dataset(&data, folder);
    assert_int_equal(data.headline, METRIC_SERVICE);
    /* cluster1 has users whose service times are their headline, so those of its open stream do not count */
    assert_false(dataset_stream_counts(&data, &data.run.streams[0]));
    assert_true(dataset_stream_counts(&data, &data.run.streams[1]));
    assert_true(dataset_stream_counts(&data, &data.run.streams[2]));
    assert_int_equal(data.latency[0]->n, 120);
    assert_int_equal(data.latency[1]->n, 150);
    assert_int_equal(less_g_n(&data, 1), 180);
    assert_int_equal(less_g_n(&data, 0), 0);
    dataset_fini(&data);
    /* without them, it has only service times */
    made_edit(folder, "run.json", "\"users1\", \"cluster\": \"cluster1\"",
              "\"users1\", \"cluster\": \"cluster2\"");
    made_edit(folder, "run.json", "\"service.users1.cluster1.walk.ok.all\"",
              "\"service.users1.cluster2.walk.ok.all\"");
    made_edit(folder, "hist.hlog", "service.users1.cluster1.walk", "service.users1.cluster2.walk");
    made_open_dataset(&data, folder);
    assert_true(dataset_stream_counts(&data, &data.run.streams[0]));
    assert_int_equal(data.latency[0]->n, 60);
    assert_int_equal(data.latency[1]->n, 270);
    assert_int_equal(less_g_n(&data, 0), 90);
    dataset_fini(&data);
}

static void a_log_of_another_run_is_refused(void **state)
{
    (void)state;
    assert_says(refused("hist.hlog", NULL, NULL), "hist.hlog");
    assert_says(refused("run.json", NULL, NULL), "run.json");
    assert_says(refused("hist.hlog", "Tag=response.load1.", "Tag=response.load9."),
                "run.json has no stream 'load9' of cluster 'cluster1' with a phase 'warm'");
    assert_says(refused("hist.hlog", "load1.cluster1.", "load1.cluster2."),
                "has no stream 'load1' of cluster 'cluster2'");
    assert_says(refused("hist.hlog", "cluster2.last.", "cluster2.lost."), "a phase 'lost'");
    assert_says(refused("hist.hlog", "Tag=response.load1", "Tag=load1"), "hist.hlog:4");
    assert_says(refused("run.json", "warm.timeout.all\", \"n\": 7", "warm.timeout.all\", \"n\": 6"),
                "holds 7 values of response.load1.cluster1.warm.timeout.all where run.json counted 6");
    assert_says(refused("run.json", "\"response.load1.cluster1.warm.ok.all\"", "\"nonsense\""), "exact[0]");
}

static void values_that_the_log_lacks_are_counted(void **state)
{
    struct dataset data;
    (void)state;
    made_open_edited(&data, "run.json", "warm.timeout.all\", \"n\": 7", "warm.timeout.all\", \"n\": 9");
    assert_int_equal(data.lost_n, 2);
    dataset_fini(&data);
    made_open_edited(&data, "run.json", "\"exact\": [",
                     "\"exact\": [{\"tag\": \"lag.load2.cluster2.main.ok.all\", \"n\": 5},");
    assert_int_equal(data.lost_n, 5);
    assert_int_equal(hist_value_at_ppm(data.latency[1], 1000000), MADE_MS16);
    dataset_fini(&data);
}

static void the_slowest_time_is_exact_where_run_json_has_it(void **state)
{
    struct dataset data;
    (void)state;
    made_open_edited(&data, "run.json", "\"max_ns\": 16777215", "\"max_ns\": 16777000");
    assert_int_equal(hist_value_at_ppm(data.latency[1], 1000000), 16777000);
    dataset_fini(&data);
    made_open_edited(&data, "run.json", "\"max_ns\": 16777215", "\"max_ns\": 0");
    assert_int_equal(hist_value_at_ppm(data.latency[1], 1000000), MADE_MS16);
    dataset_fini(&data);
}

static void the_time_unit_suits_the_length(void **state)
{
    static const struct {
        double duration_s, unit_s;
    } cases[] = { { 600, 1 }, { 600.5, 60 }, { 14400, 60 }, { 14400.5, 3600 } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct dataset data = { .run.duration_s = cases[i].duration_s };
        assert_close(dataset_time_unit_s(&data), cases[i].unit_s, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_those_of_successes_outside_of_warmup),
        cmocka_unit_test(steps_hold_warmup_too),
        cmocka_unit_test(counts_are_summed_over_the_streams_of_a_cluster),
        cmocka_unit_test(a_closed_cluster_intends_nothing),
        cmocka_unit_test(counts_that_cannot_be_read_are_told_and_cost_nothing_else),
        cmocka_unit_test(response_times_are_the_headline_only_where_all_have_them),
        cmocka_unit_test(a_log_of_another_run_is_refused),
        cmocka_unit_test(values_that_the_log_lacks_are_counted),
        cmocka_unit_test(the_slowest_time_is_exact_where_run_json_has_it),
        cmocka_unit_test(the_time_unit_suits_the_length),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
