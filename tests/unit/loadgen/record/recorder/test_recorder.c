#include "recorded_rows.h"

static void sums_over_intervals_are_the_totals(void **state)
{
    static const char *const columns[] = { "intended_n", "sent_n", "done_n", "ok_n", "err_n", "bytes_rx" };
    struct recorded *x = *state;
    small_run(x);
    json_t *run = run_json(x);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        assert_int_equal(column_sum(x, "intervals.csv", columns[i]), total(run, columns[i]));
    assert_int_equal(total(run, "done_n"), 3 * (10 + 10 + 5 + 2) + 7);
    assert_int_equal(total(run, "err_n"), 6);
    assert_int_equal(column_sum(x, "errors.csv", "count_n"), 6);
    json_decref(run);
}

static void there_is_one_row_per_second_and_stream(void **state)
{
    struct recorded *x = *state;
    struct csv_reader rows;
    uint64_t n = 0;
    small_run(x);
    open_rows(x, &rows, "intervals.csv");
    for (; csv_next(&rows, &x->e) == 1; n++) {
        uint64_t second;
        assert_int_equal(csv_get_u64(&rows, 0, 99, &second, &x->e), 0);
        assert_int_equal(second, n / 2);
        assert_string_equal(cell(x, &rows, "dur_s"), second < 3 ? "1.000000" : "0.500000");
        assert_string_equal(cell(x, &rows, "stream"), n % 2 ? "open" : "burst");
    }
    assert_int_equal(n, 8);
    csv_reader_fini(&rows);
}

static void two_threads_are_merged_before_percentiles_are_taken(void **state)
{
    struct recorded *x = *state;
    struct csv_reader rows;
    small_run(x);
    find_row(x, &rows, "0", "burst");
    assert_string_equal(cell(x, &rows, "ok_n"), "15");
    assert_string_equal(cell(x, &rows, "p50_us"), "2000.895");
    assert_string_equal(cell(x, &rows, "p99_us"), ""); /* a failure */
    assert_string_equal(cell(x, &rows, "max_us"), "");
    csv_reader_fini(&rows);
}

static void closed_streams_have_no_due_times(void **state)
{
    static const char *const columns[] = { "intended_n", "lag_p50_us", "lag_max_us", "conn_wait_p99_us" };
    struct recorded *x = *state;
    struct csv_reader rows;
    small_run(x);
    find_row(x, &rows, "0", "burst");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        assert_string_equal(cell(x, &rows, columns[i]), "");
    csv_reader_fini(&rows);
    find_row(x, &rows, "0", "open");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        assert_string_not_equal(cell(x, &rows, columns[i]), "");
    csv_reader_fini(&rows);
}

static void a_second_is_whole_when_one_phase_filled_it(void **state)
{
    static const struct {
        const char *t_s, *stream, *phase, *warmup, *partial;
    } want[] = {
        { "0", "burst", "p1", "0", "0" },  { "1", "burst", "p2", "0", "1" },
        { "2", "burst", "p3", "0", "1" },  { "3", "burst", "p3", "0", "1" },
        { "0", "open", "warm", "1", "0" }, { "1", "open", "main", "0", "0" },
        { "2", "open", "main", "0", "0" }, { "3", "open", "main", "0", "1" },
    };
    struct recorded *x = *state;
    small_run(x);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        struct csv_reader rows;
        find_row(x, &rows, want[i].t_s, want[i].stream);
        assert_string_equal(cell(x, &rows, "phase"), want[i].phase);
        assert_string_equal(cell(x, &rows, "warmup"), want[i].warmup);
        assert_string_equal(cell(x, &rows, "partial"), want[i].partial);
        csv_reader_fini(&rows);
    }
}

static void a_long_stats_counts_in_the_second_it_began_in(void **state)
{
    struct recorded *x = *state;
    struct csv_reader rows;
    phase_lasts(x, CLOSED_P1, 0, 4000);
    phase_lasts(x, OPEN_MAIN, 0, 4000);
    closed_ok(x, 0, CLOSED_P1, "i-a", 1, 1000);
    hand_over(x, 0, 0, 1000);
    for (uint64_t s = 0; s < 4; s++) {
        closed_ok(x, 1, CLOSED_P1, "i-a", 1, 1000);
        hand_over(x, 1, s * 1000, (s + 1) * 1000);
    }
    recorder_tick(x->recorder, at_ms(3000));
    closed_ok(x, 0, CLOSED_P1, "i-a", 30, 1000);
    hand_over(x, 0, 1000, 4000); /* thread 0 was stopped for two seconds */
    recorder_tick(x->recorder, at_ms(4000));
    finish(x, 4000);
    static const char *const want[] = { "2", "31", "1", "1" };
    static const char *const partial[] = { "0", "1", "1", "1" };
    for (unsigned s = 0; s < 4; s++) {
        const char second[] = { (char)('0' + s), '\0' };
        find_row(x, &rows, second, "burst");
        assert_string_equal(cell(x, &rows, "ok_n"), want[s]);
        assert_string_equal(cell(x, &rows, "partial"), partial[s]);
        csv_reader_fini(&rows);
    }
}

static void the_longest_stretch_counts_although_it_makes_its_second_late(void **state)
{
    struct recorded *x = *state;
    phase_lasts(x, CLOSED_P1, 0, 4000);
    for (uint32_t t = 0; t < 2; t++) {
        closed_ok(x, t, CLOSED_P1, "i-a", 10, 1000);
        hand_over(x, t, 0, 1000);
    }
    closed_ok(x, 0, CLOSED_P1, "i-a", 10, 1000);
    x->stats->health.iteration_max_ns = 1100 * NS_PER_MS; /* it was stopped from 1.8 s to 2.9 s */
    hand_over(x, 0, 1000, 2900);
    hand_over(x, 1, 1000, 2000);
    hand_over(x, 1, 2000, 3000);
    hand_over(x, 0, 2900, 3000);
    finish(x, 3000);
    json_t *run = run_json(x), *check;
    size_t i;
    double longest_ms = 0;
    json_array_foreach(json_object_get(run, "checks"), i, check)
    {
        if (strcmp(json_string_value(json_object_get(check, "rule")), "R6") == 0)
            longest_ms = json_number_value(json_object_get(check, "value"));
    }
    assert_float_equal(longest_ms, 1100, 1e-6);
    json_decref(run);
}

static void seconds_wait_for_the_slowest_thread(void **state)
{
    struct recorded *x = *state;
    struct csv_reader rows;
    closed_ok(x, 0, CLOSED_P1, "i-a", 1, 1000);
    hand_over(x, 0, 0, 1000);
    recorder_tick(x->recorder, at_ms(5000));
    open_rows(x, &rows, "intervals.csv");
    assert_int_equal(csv_next(&rows, &x->e), 0);
    csv_reader_fini(&rows);
    hand_over(x, 1, 0, 1001);
    recorder_tick(x->recorder, at_ms(5000));
    find_row(x, &rows, "0", "burst");
    csv_reader_fini(&rows);
}

static void what_is_in_flight_is_that_of_the_last_stats_of_each_thread(void **state)
{
    struct recorded *x = *state;
    struct csv_reader rows;
    x->stats->streams[CLOSED].n_inflight = 5;
    hand_over(x, 0, 0, 400);
    x->stats->streams[CLOSED].n_inflight = 3;
    hand_over(x, 0, 400, 1000);
    x->stats->streams[CLOSED].n_inflight = 4;
    hand_over(x, 1, 0, 3000);
    x->stats->streams[CLOSED].n_inflight = 1;
    hand_over(x, 0, 1000, 2000);
    recorder_tick(x->recorder, at_ms(2000));
    find_row(x, &rows, "0", "burst");
    assert_string_equal(cell(x, &rows, "inflight_n"), "7");
    csv_reader_fini(&rows);
    find_row(x, &rows, "1", "burst");
    assert_string_equal(cell(x, &rows, "inflight_n"), "5");
    csv_reader_fini(&rows);
}

/* Of small_run: what each phase and stream counted, and when. */
static void run_json_tells_each_phase_and_stream(void **state)
{
    static const struct {
        const char *stream, *name;
        double start_s, end_s;
        int n_done, n_ok;
    } want[] = {
        { "burst", "p1", 0, 1.5, 33, 30 },   { "burst", "p2", 1.5, 2.5, 0, 0 },
        { "burst", "p3", 2.5, 3.5, 22, 22 }, { "open", "warm", 0, 1, 10, 10 },
        { "open", "main", 1, 3, 23, 20 },
    };
    struct recorded *x = *state;
    small_run(x);
    json_t *run = run_json(x), *phases = json_object_get(run, "phases");
    assert_int_equal(json_array_size(phases), 5);
    for (size_t i = 0; i < 5; i++) {
        const json_t *p = json_array_get(phases, i);
        assert_string_equal(json_string_value(json_object_get(p, "stream")), want[i].stream);
        assert_string_equal(json_string_value(json_object_get(p, "phase")), want[i].name);
        assert_float_equal(json_number_value(json_object_get(p, "start_s")), want[i].start_s, 1e-9);
        assert_float_equal(json_number_value(json_object_get(p, "end_s")), want[i].end_s, 1e-9);
        assert_int_equal(json_integer_value(json_object_get(p, "done_n")), want[i].n_done);
        assert_int_equal(json_integer_value(json_object_get(p, "ok_n")), want[i].n_ok);
    }
    const json_t *open = json_array_get(json_object_get(run, "stream_totals"), 1);
    const json_t *closed = json_array_get(json_object_get(run, "stream_totals"), 0);
    assert_true(json_is_null(json_object_get(closed, "intended_n")));
    assert_int_equal(json_integer_value(json_object_get(closed, "sent_n")), 52);
    assert_int_equal(json_integer_value(json_object_get(closed, "done_n")), 55);
    assert_int_equal(json_integer_value(json_object_get(closed, "err_n")), 3);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(closed, "errors"), "timeout")), 3);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(closed, "errors"), "dropped")), 0);
    assert_int_equal(json_integer_value(json_object_get(open, "intended_n")), 33);
    assert_int_equal(json_integer_value(json_object_get(open, "sent_n")), 30);
    assert_int_equal(json_integer_value(json_object_get(open, "done_n")), 33);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(open, "errors"), "dropped")), 3);
    assert_int_equal(total(run, "intended_n"), 33);
    assert_int_equal(total(run, "sent_n"), 82);
    assert_int_equal(total(run, "done_n"), 88);
    assert_int_equal(total(run, "err_n"), 6);
    assert_float_equal(json_number_value(json_object_get(run, "duration_s")), 3.5, 1e-9);
    json_decref(run);
}

/* The hlog has the start and length of a line in seconds. */
static void histograms_stand_at_their_second(void **state)
{
    struct recorded *x = *state;
    small_run(x);
    char *text = file_text(x, "hist.hlog");
    assert_non_null(strstr(text, "Tag=service.burst.cluster1.p1.ok.all,0.000,1.000,"));
    assert_non_null(strstr(text, "Tag=service.burst.cluster1.p1.ok.all,1.000,1.000,"));
    assert_non_null(strstr(text, "Tag=service.burst.cluster1.p3.ok.all,2.000,1.000,"));
    assert_non_null(strstr(text, "Tag=service.burst.cluster1.p3.ok.all,3.000,0.500,"));
    assert_null(strstr(text, "p3.ok.all,4.000"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sums_over_intervals_are_the_totals, recorded_setup,
                                        recorded_teardown),
        cmocka_unit_test_setup_teardown(there_is_one_row_per_second_and_stream, recorded_setup,
                                        recorded_teardown),
        cmocka_unit_test_setup_teardown(two_threads_are_merged_before_percentiles_are_taken, recorded_setup,
                                        recorded_teardown),
        cmocka_unit_test_setup_teardown(closed_streams_have_no_due_times, recorded_setup, recorded_teardown),
        cmocka_unit_test_setup_teardown(a_second_is_whole_when_one_phase_filled_it, recorded_setup,
                                        recorded_teardown),
        cmocka_unit_test_setup_teardown(a_long_stats_counts_in_the_second_it_began_in, recorded_setup,
                                        recorded_teardown),
        cmocka_unit_test_setup_teardown(the_longest_stretch_counts_although_it_makes_its_second_late,
                                        recorded_setup, recorded_teardown),
        cmocka_unit_test_setup_teardown(seconds_wait_for_the_slowest_thread, recorded_setup,
                                        recorded_teardown),
        cmocka_unit_test_setup_teardown(what_is_in_flight_is_that_of_the_last_stats_of_each_thread,
                                        recorded_setup, recorded_teardown),
        cmocka_unit_test_setup_teardown(run_json_tells_each_phase_and_stream, recorded_setup,
                                        recorded_teardown),
        cmocka_unit_test_setup_teardown(histograms_stand_at_their_second, recorded_setup, recorded_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
