/* What the recorder collects second by second for the rules, and the plan in run.json. */
#include "recorded_rows.h"

#include "recorder_state.h"

#include "cm.h"

static void points_count_what_the_target_did_not_let_connect(void **state)
{
    struct recorded *x = *state;
    const struct rule_input *in = &x->recorder->rule_input;
    phase_lasts(x, OPEN_WARM, 0, 1000);
    phase_lasts(x, OPEN_MAIN, 1000, 3000);
    phase_lasts(x, CLOSED_P1, 0, 1900);
    open_ok(x, OPEN_WARM, 10, 50, 3000);
    failed(x, OPEN, OPEN_WARM, OUTCOME_CONNECT, "refused");
    failed(x, OPEN, OPEN_WARM, OUTCOME_DNS, "no such name");
    failed(x, OPEN, OPEN_WARM, OUTCOME_TLS, "expired");
    failed(x, OPEN, OPEN_WARM, OUTCOME_TLS, "expired");
    failed(x, OPEN, OPEN_WARM, OUTCOME_TIMEOUT, "too slow"); /* was sent: no further attempt */
    x->stats->streams[OPEN].n_backlog_most = 4;
    hand_over(x, 0, 0, 1000);
    x->stats->streams[OPEN].n_backlog_most = 3;
    hand_over(x, 1, 0, 1000);
    closed_ok(x, 0, CLOSED_P1, "i-a", 7, 2000);
    open_ok(x, OPEN_MAIN, 20, 50, 4000);
    hand_over_last(x, 0, 1000, 2000);
    hand_over_last(x, 1, 1000, 1900);
    finish(x, 1900);
    assert_int_equal(in->series[OPEN].n, 2);
    assert_int_equal(in->series[CLOSED].n, 2);
    const struct rule_second *open = in->series[OPEN].seconds;
    assert_int_equal(open[0].n_intended, 15);
    assert_int_equal(open[0].n_sent, 14);
    assert_int_equal(open[0].n_backlog, 7); /* of both threads */
    assert_int_equal(open[0].phase, 0);
    assert_true(open[0].is_whole);
    assert_int_equal(open[1].n_intended, 35);
    assert_int_equal(open[1].n_sent, 34);
    assert_int_equal(open[1].n_backlog, 0);
    assert_int_equal(open[1].phase, 1);
    assert_false(open[1].is_whole); /* the run ended within it */
    assert_int_equal(in->series[CLOSED].seconds[0].n_sent, 0);
    assert_int_equal(in->series[CLOSED].seconds[0].p50_ns, 0);
    assert_int_equal(in->series[CLOSED].seconds[1].n_sent, 7);
    assert_int_equal(in->series[CLOSED].seconds[1].p50_ns, 2 * NS_PER_MS);
}

/* Two threads, in the given phase; the second does the most. */
static void health_counts_while_something_is_measured(void **state)
{
    static const struct {
        const char *why;
        size_t phase;
        uint64_t busy_ms[3];
        uint64_t iteration_us[3];
        uint64_t n_seconds, n_busy_seconds, iteration_max_us;
    } cases[] = {
        { "one busy second", CLOSED_P1, { 950, 300, 200 }, { 7, 3, 2 }, 3, 1, 7 },
        { "a second that is almost busy", CLOSED_P1, { 0, 900, 100 }, { 1, 9, 2 }, 3, 0, 9 },
        { "all are busy, the last for longer than it lasted",
          OPEN_MAIN,
          { 910, 1000, 1200 },
          { 1, 2, 9 },
          3,
          3,
          9 },
        { "a pause", CLOSED_PAUSE, { 999, 999, 999 }, { 5, 5, 5 }, 0, 0, 0 },
        { "warm-up", OPEN_WARM, { 999, 999, 999 }, { 5, 5, 5 }, 0, 0, 0 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct recorded x;
        recorded_init(&x);
        recorded_start(&x);
        phase_lasts(&x, cases[i].phase, 0, 3000);
        for (uint64_t s = 0; s < 3; s++) {
            for (uint32_t t = 0; t < 2; t++) {
                x.stats->health.busy_ns = cases[i].busy_ms[s] * NS_PER_MS / (2 - t);
                x.stats->health.iteration_max_ns = cases[i].iteration_us[s] * NS_PER_US / (2 - t);
                (s < 2 ? hand_over : hand_over_last)(&x, t, s * 1000, (s + 1) * 1000);
            }
            recorder_tick(x.recorder, at_ms((s + 1) * 1000 + 10));
        }
        finish(&x, 3000);
        const struct rule_input *in = &x.recorder->rule_input;
        if (in->n_seconds != cases[i].n_seconds || in->n_busy_seconds != cases[i].n_busy_seconds ||
            in->thread_ns != cases[i].n_seconds * 2 * NS_PER_S ||
            in->iteration_max_ns != cases[i].iteration_max_us * NS_PER_US)
            fail_msg("%s: %d of %d, %d ns", cases[i].why, (int)in->n_busy_seconds, (int)in->n_seconds,
                     (int)in->iteration_max_ns);
        recorded_fini(&x);
    }
}

/* 300 ms of work that took 100 ms of processor time, 200 ms that took more with the polls, 4 ms overslept. */
static void work_without_processor_time_was_stopped(void **state)
{
    struct recorded x;
    (void)state;
    recorded_init(&x);
    recorded_start(&x);
    phase_lasts(&x, CLOSED_P1, 0, 1000);
    x.stats->health.busy_ns = 300 * NS_PER_MS;
    x.stats->health.cpu_user_ns = 40 * NS_PER_MS;
    x.stats->health.cpu_sys_ns = 60 * NS_PER_MS;
    hand_over_last(&x, 0, 0, 1000);
    x.stats->health.busy_ns = 200 * NS_PER_MS;
    x.stats->health.cpu_sys_ns = 210 * NS_PER_MS;
    x.stats->health.overslept_ns = 4 * NS_PER_MS;
    hand_over_last(&x, 1, 0, 1000);
    finish(&x, 1000);
    assert_int_equal(x.recorder->rule_input.stopped_ns, 204 * NS_PER_MS);
    recorded_fini(&x);
}

/* Of a thread that is late by 50 ms and by one more. */
static void a_second_told_late_is_partial(void **state)
{
    static const struct {
        uint64_t end_ms;
        const char *want;
    } cases[] = { { 1000, "0" }, { 1050, "0" }, { 1051, "1" } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct recorded x;
        struct csv_reader rows;
        recorded_init(&x);
        recorded_start(&x);
        phase_lasts(&x, CLOSED_P1, 0, 2000);
        hand_over(&x, 0, 0, 1000);
        hand_over(&x, 1, 0, cases[i].end_ms);
        hand_over_last(&x, 0, 1000, 2000);
        hand_over_last(&x, 1, cases[i].end_ms, 2000);
        finish(&x, 2000);
        find_row(&x, &rows, "0", "burst");
        assert_string_equal(cell(&x, &rows, "partial"), cases[i].want);
        csv_reader_fini(&rows);
        recorded_fini(&x);
    }
}

static const char *text_at(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static json_int_t number_at(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void the_plan_is_told_with_what_each_model_has(void **state)
{
    struct recorded *x = *state;
    hand_over_last(x, 0, 0, 1000);
    hand_over_last(x, 1, 0, 1000);
    finish(x, 1000);
    json_t *run = run_json(x);
    const json_t *closed = json_array_get(json_object_get(run, "streams"), 0);
    const json_t *open = json_array_get(json_object_get(run, "streams"), 1);
    assert_string_equal(text_at(closed, "model"), "closed");
    assert_string_equal(text_at(closed, "headline"), "service");
    assert_string_equal(text_at(closed, "method"), "GET");
    assert_string_equal(text_at(closed, "path"), "/cluster1");
    assert_int_equal(number_at(closed, "users"), 2);
    assert_int_equal(number_at(closed, "connections"), 2);
    assert_true(json_is_null(json_object_get(closed, "arrivals")));
    assert_true(json_is_true(json_object_get(closed, "captures_instance")));
    assert_string_equal(text_at(open, "model"), "open");
    assert_string_equal(text_at(open, "headline"), "response");
    assert_string_equal(text_at(open, "arrivals"), "constant");
    assert_string_equal(text_at(open, "path"), "/cluster2");
    assert_true(json_is_null(json_object_get(open, "users")));
    assert_int_equal(number_at(open, "connections"), 8);
    assert_int_equal(json_number_value(json_object_get(open, "timeout_s")), 10);
    assert_true(json_is_false(json_object_get(open, "captures_instance")));
    assert_true(json_is_null(json_object_get(run, "deployment")));
    const json_t *clusters = json_object_get(run, "clusters");
    assert_int_equal(json_array_size(clusters), 2);
    assert_string_equal(text_at(json_array_get(clusters, 0), "label"), "m4");
    assert_int_equal(json_array_size(json_object_get(json_array_get(clusters, 0), "instances")), 2);
    assert_int_equal(json_array_size(json_object_get(json_array_get(clusters, 1), "instances")), 1);
    const json_t *phases = json_object_get(run, "phases");
    assert_int_equal(number_at(json_array_get(phases, 0), "requests_n"), 100);
    assert_true(json_is_null(json_object_get(json_array_get(phases, 0), "rate_per_s")));
    assert_true(json_is_null(json_object_get(json_array_get(phases, 1), "requests_n")));
    assert_true(json_is_true(json_object_get(json_array_get(phases, 3), "warmup")));
    assert_int_equal(json_number_value(json_object_get(json_array_get(phases, 4), "rate_per_s")), 20);
    json_decref(run);
}

/* A stream's phases are at their index in the whole plan. */
static void the_table_of_phases_has_every_stream_s(void **state)
{
    struct recorded *x = *state;
    small_run(x);
    char *text = file_text(x, "phases.csv");
    assert_string_equal(
        text, "stream,cluster,phase,kind,warmup,start_s,end_s,requests_n,rate_per_s,rate_end_per_s\n"
              "burst,cluster1,p1,requests,0,0.000000,1.500000,100,,\n"
              "burst,cluster1,p2,pause,0,1.500000,2.500000,,,\n"
              "burst,cluster1,p3,requests,0,2.500000,3.500000,50,,\n"
              "open,cluster2,warm,rate,1,0.000000,1.000000,10,10,10\n"
              "open,cluster2,main,rate,0,1.000000,3.000000,40,20,20\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(points_count_what_the_target_did_not_let_connect, recorded_setup,
                                        recorded_teardown),
        cmocka_unit_test(health_counts_while_something_is_measured),
        cmocka_unit_test(work_without_processor_time_was_stopped),
        cmocka_unit_test(a_second_told_late_is_partial),
        cmocka_unit_test_setup_teardown(the_plan_is_told_with_what_each_model_has, recorded_setup,
                                        recorded_teardown),
        cmocka_unit_test_setup_teardown(the_table_of_phases_has_every_stream_s, recorded_setup,
                                        recorded_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
