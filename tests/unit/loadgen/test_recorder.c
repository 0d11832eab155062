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
    assert_string_equal(cell(x, &rows, "p99_us"), "4000.000");
    assert_string_equal(cell(x, &rows, "max_us"), "4000.000");
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

static void a_long_book_counts_in_the_second_it_began_in(void **state)
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
    x->book->health.iteration_max_ns = 1100 * NS_PER_MS; /* it was stopped from 1.8 s to 2.9 s */
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

static void what_is_in_flight_is_that_of_the_last_book_of_each_thread(void **state)
{
    struct recorded *x = *state;
    struct csv_reader rows;
    x->book->streams[CLOSED].n_inflight = 5;
    hand_over(x, 0, 0, 400);
    x->book->streams[CLOSED].n_inflight = 3;
    hand_over(x, 0, 400, 1000);
    x->book->streams[CLOSED].n_inflight = 4;
    hand_over(x, 1, 0, 3000);
    x->book->streams[CLOSED].n_inflight = 1;
    hand_over(x, 0, 1000, 2000);
    recorder_tick(x->recorder, at_ms(2000));
    find_row(x, &rows, "0", "burst");
    assert_string_equal(cell(x, &rows, "inflight_n"), "7");
    csv_reader_fini(&rows);
    find_row(x, &rows, "1", "burst");
    assert_string_equal(cell(x, &rows, "inflight_n"), "5");
    csv_reader_fini(&rows);
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
        cmocka_unit_test_setup_teardown(a_long_book_counts_in_the_second_it_began_in, recorded_setup,
                                        recorded_teardown),
        cmocka_unit_test_setup_teardown(the_longest_stretch_counts_although_it_makes_its_second_late,
                                        recorded_setup, recorded_teardown),
        cmocka_unit_test_setup_teardown(seconds_wait_for_the_slowest_thread, recorded_setup,
                                        recorded_teardown),
        cmocka_unit_test_setup_teardown(what_is_in_flight_is_that_of_the_last_book_of_each_thread,
                                        recorded_setup, recorded_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
