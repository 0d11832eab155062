#include "recorded.h"

#include "csv.h"

#include <unistd.h>

static int make(void **state)
{
    static struct recorded x;
    recorded_init(&x);
    recorded_start(&x);
    *state = &x;
    return 0;
}

static int drop(void **state)
{
    recorded_fini(*state);
    return 0;
}

/* Opens a file of the run folder. */
static void open_rows(struct recorded *x, struct csv_reader *rows, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", x->folder, name);
    if (csv_open(rows, path, &x->e))
        fail_msg("%s", x->e.text);
}

static const char *cell(struct recorded *x, const struct csv_reader *rows, const char *column)
{
    const int i = csv_column(rows, column, &x->e);
    if (i < 0)
        fail_msg("%s", x->e.text);
    return rows->fields[i];
}

/* The row of a second and a stream; fails when there is none. The caller calls csv_reader_fini. */
static void find_row(struct recorded *x, struct csv_reader *rows, const char *t_s, const char *stream)
{
    open_rows(x, rows, "intervals.csv");
    while (csv_next(rows, &x->e) == 1)
        if (strcmp(cell(x, rows, "t_s"), t_s) == 0 && strcmp(cell(x, rows, "stream"), stream) == 0)
            return;
    fail_msg("no row for second %s of %s", t_s, stream);
}

/* The sum of a column over all rows; empty cells are 0. */
static uint64_t column_sum(struct recorded *x, const char *file, const char *column)
{
    struct csv_reader rows;
    uint64_t sum = 0;
    open_rows(x, &rows, file);
    const int i = csv_column(&rows, column, &x->e);
    while (csv_next(&rows, &x->e) == 1) {
        uint64_t value;
        assert_int_equal(csv_get_u64(&rows, i, 0, &value, &x->e), 0);
        sum += value;
    }
    csv_reader_fini(&rows);
    return sum;
}

static uint64_t total(const json_t *run, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(json_object_get(run, "totals"), key));
}

static void finish(struct recorded *x, uint64_t end_ms)
{
    if (recorder_finish(x->recorder, RECORDER_DONE, at_ms(end_ms), &x->e) < 0)
        fail_msg("%s", x->e.text);
}

/* A run of 3.5 s: two threads, both streams, one error of each kind. */
static void small_run(struct recorded *x)
{
    phase_lasts(x, CLOSED_P1, 0, 1500);
    phase_lasts(x, CLOSED_PAUSE, 1500, 2500);
    phase_lasts(x, CLOSED_P3, 2500, 3500);
    phase_lasts(x, OPEN_WARM, 0, 1000);
    phase_lasts(x, OPEN_MAIN, 1000, 3000);
    for (uint64_t s = 0; s < 3; s++) {
        closed_ok(x, 0, s < 2 ? CLOSED_P1 : CLOSED_P3, "i-a", 10, 2000);
        open_ok(x, s == 0 ? OPEN_WARM : OPEN_MAIN, 10, 50, 3000);
        hand_over(x, 0, s * 1000, (s + 1) * 1000);
        closed_ok(x, 1, s < 2 ? CLOSED_P1 : CLOSED_P3, "i-b", 5, 4000);
        failed(x, CLOSED, CLOSED_P1, OUTCOME_TIMEOUT, "no answer within 10 s");
        failed(x, OPEN, OPEN_MAIN, OUTCOME_DROPPED, "queue full");
        hand_over(x, 1, s * 1000, (s + 1) * 1000);
        recorder_tick(x->recorder, at_ms((s + 1) * 1000 + 10));
    }
    closed_ok(x, 0, CLOSED_P3, "i-b", 7, 2000);
    hand_over_last(x, 0, 3000, 3500);
    hand_over_last(x, 1, 3000, 3400);
    finish(x, 3500);
}

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

static void errors_are_told_by_cause_and_second(void **state)
{
    struct recorded *x = *state;
    failed(x, CLOSED, CLOSED_P1, OUTCOME_CONNECT, "connection refused");
    failed(x, CLOSED, CLOSED_P1, OUTCOME_CONNECT, "connection refused");
    book_count_outcome(x->book, CLOSED_P1, OUTCOME_CONNECT); /* of a cause that nobody noted */
    book_count_outcome(x->book, OPEN_MAIN, OUTCOME_STATUS_5XX);
    book_count_cause(x->book, OPEN, OUTCOME_STATUS_5XX, 503, "Service Unavailable, \"soon\"");
    hand_over_last(x, 0, 0, 1000);
    hand_over_last(x, 1, 0, 1000);
    finish(x, 1000);
    char *text = file_text(x, "errors.csv");
    assert_string_equal(text, "t_s,stream,cluster,class,cause,status,count_n\n"
                              "0,burst,cluster1,connect,connection refused,,2\n"
                              "0,burst,cluster1,connect,,,1\n"
                              "0,open,cluster2,status_5xx,\"Service Unavailable, \"\"soon\"\"\",503,1\n");
    free(text);
}

static void instances_of_all_threads_share_one_table(void **state)
{
    struct recorded *x = *state;
    closed_ok(x, 0, CLOSED_P1, "i-a", 2, 1000);
    closed_ok(x, 0, CLOSED_P1, "i-b", 3, 1000);
    hand_over_last(x, 0, 0, 1000);
    closed_ok(x, 1, CLOSED_P1, "i-b", 4, 1000); /* number 0 of this thread */
    hand_over_last(x, 1, 0, 1000);
    finish(x, 1000);
    json_t *run = run_json(x), *row;
    size_t i;
    unsigned n_found = 0;
    json_array_foreach(json_object_get(run, "exact"), i, row)
    {
        const char *tag = json_string_value(json_object_get(row, "tag"));
        const json_int_t n = json_integer_value(json_object_get(row, "n"));
        if (strcmp(tag, "service.burst.cluster1.p1.ok.i-a") == 0)
            assert_int_equal(n, 2);
        else if (strcmp(tag, "service.burst.cluster1.p1.ok.i-b") == 0)
            assert_int_equal(n, 7);
        else if (strcmp(tag, "service.burst.cluster1.p1.ok.all") == 0)
            assert_int_equal(n, 9);
        else
            continue;
        n_found++;
    }
    assert_int_equal(n_found, 3);
    json_decref(run);
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

static void remotes_are_counted_per_cluster(void **state)
{
    struct recorded *x = *state;
    assert_int_equal(names_number(&x->remotes[0], "10.0.0.1", 8), 0);
    assert_int_equal(names_number(&x->remotes[1], "10.0.0.2", 8), 0);
    for (uint32_t t = 0; t < 2; t++) {
        x->book->n_remotes = 1;
        *book_remote(x->book, CLOSED, 0) = (struct book_remote){ .n_connections = 1, .n_done = 2 + t };
        book_remote_add(book_remote(x->book, OPEN, 0), 1000000);
        book_remote(x->book, OPEN, 0)->n_done = 1;
        hand_over_last(x, t, 0, 1000);
    }
    finish(x, 1000);
    char *text = file_text(x, "remotes.csv");
    assert_string_equal(text, "cluster,address,connections_n,requests_n,err_n,p50_us,p99_us\n"
                              "cluster1,10.0.0.1,1,2,0,,\n"
                              "cluster1,10.0.0.2,1,3,0,,\n"
                              "cluster2,10.0.0.1,0,1,0,1000.000,1000.000\n"
                              "cluster2,10.0.0.2,0,1,0,1000.000,1000.000\n");
    free(text);
}

static void samples_are_bounded_and_name_instance_and_remote(void **state)
{
    struct recorded *x = *state;
    assert_int_equal(names_number(&x->instances[0], "i-a", 3), 0);
    assert_int_equal(names_number(&x->remotes[0], "10.0.0.1", 8), 0);
    const struct book_sample sample = { .seq = 7,
                                        .due_ns = at_ms(100),
                                        .sent_ns = at_ms(101),
                                        .first_ns = at_ms(102),
                                        .done_ns = at_ms(103),
                                        .lag_ns = 20,
                                        .conn_wait_ns = 30,
                                        .rx_age_ns = 40,
                                        .stream = OPEN,
                                        .phase = 1,
                                        .conn = 3,
                                        .req_on_conn = 4,
                                        .instance = 1,
                                        .status = 200 };
    x->book->sys.rows[x->book->sys.n++] = sample;
    for (uint64_t i = 0; i < BOOK_SLOW_SAMPLES_MOST; i++) {
        x->book->slow.rows[x->book->slow.n++] = sample;
        x->book->slow.rows[i].done_ns += i;
    }
    hand_over_last(x, 0, 0, 1000);
    for (uint64_t i = 0; i < BOOK_SLOW_SAMPLES_MOST; i++) {
        x->book->slow.rows[x->book->slow.n++] = sample;
        x->book->slow.rows[i].done_ns += 5 + i;
        x->book->slow.rows[i].instance = 0;
        x->book->slow.rows[i].remote = BOOK_REMOTES_MOST;
    }
    hand_over_last(x, 1, 0, 1000);
    finish(x, 1000);
    char *text = file_text(x, "samples.csv");
    assert_non_null(strstr(text,
                           "\nsys,open,cluster2,main,7,100000000,20,30,101000000,102000000,103000000,40,3,4,"
                           "200,ok,i-a,10.0.0.1\n"));
    unsigned n_slow = 0;
    for (const char *p = text; (p = strstr(p, "\nslow,")) != NULL; p++)
        n_slow++;
    assert_int_equal(n_slow, BOOK_SLOW_SAMPLES_MOST);
    assert_null(
        strstr(text, "103000004")); /* of the twenty, 5 to 9 and 5 to 14 were the slowest ten or equal */
    assert_non_null(strstr(text, "103000014"));
    free(text);
}

static void the_folder_is_never_written_over(void **state)
{
    struct recorded *x = *state;
    assert_null(recorder_new(&x->params, &x->e));
    assert_non_null(strstr(x->e.text, "exists already"));
}

static void latest_points_at_the_newest_run(void **state)
{
    struct recorded *x = *state;
    char link[128], target[128] = "";
    small_run(x);
    snprintf(link, sizeof link, "%s/results/latest", x->parent);
    assert_true(readlink(link, target, sizeof target - 1) > 0);
    assert_string_equal(target, "2026-11-21T22-10-04Z-small");
}

static void a_folder_elsewhere_gets_no_link(void **state)
{
    struct recorded *x = *state;
    struct recorder *other;
    char link[256];
    snprintf(x->folder, sizeof x->folder, "%s/elsewhere/run-1", x->parent);
    other = recorder_new(&x->params, &x->e);
    assert_non_null(other);
    recorder_start(other, RECORDED_T0_NS, RECORDED_T0_REALTIME_NS);
    assert_int_equal(recorder_finish(other, RECORDER_DONE, at_ms(100), &x->e), 0);
    recorder_free(other);
    snprintf(link, sizeof link, "%s/elsewhere/latest", x->parent);
    assert_int_not_equal(access(link, F_OK), 0);
}

static void phases_that_never_began_have_no_times(void **state)
{
    struct recorded *x = *state;
    phase_lasts(x, CLOSED_P1, 250, 750);
    atomic_store(&x->phases[OPEN_WARM].start_ns, at_ms(0)); /* still on when the run ends */
    hand_over_last(x, 0, 0, 1000);
    hand_over_last(x, 1, 0, 1000);
    assert_int_equal(recorder_finish(x->recorder, RECORDER_INTERRUPTED, at_ms(1000), &x->e), 130);
    json_t *run = run_json(x);
    json_t *phases = json_object_get(run, "phases");
    assert_string_equal(json_string_value(json_object_get(run, "end")), "interrupted");
    assert_float_equal(json_real_value(json_object_get(json_array_get(phases, CLOSED_P1), "start_s")), 0.25,
                       1e-9);
    assert_float_equal(json_real_value(json_object_get(json_array_get(phases, CLOSED_P1), "end_s")), 0.75,
                       1e-9);
    assert_true(json_is_null(json_object_get(json_array_get(phases, CLOSED_P3), "start_s")));
    assert_true(json_is_null(json_object_get(json_array_get(phases, CLOSED_P3), "end_s")));
    assert_float_equal(json_real_value(json_object_get(json_array_get(phases, OPEN_WARM), "end_s")), 1.0,
                       1e-9);
    json_decref(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sums_over_intervals_are_the_totals, make, drop),
        cmocka_unit_test_setup_teardown(there_is_one_row_per_second_and_stream, make, drop),
        cmocka_unit_test_setup_teardown(two_threads_are_merged_before_percentiles_are_taken, make, drop),
        cmocka_unit_test_setup_teardown(closed_streams_have_no_due_times, make, drop),
        cmocka_unit_test_setup_teardown(a_second_is_whole_when_one_phase_filled_it, make, drop),
        cmocka_unit_test_setup_teardown(a_long_book_counts_in_the_second_it_began_in, make, drop),
        cmocka_unit_test_setup_teardown(the_longest_stretch_counts_although_it_makes_its_second_late, make,
                                        drop),
        cmocka_unit_test_setup_teardown(seconds_wait_for_the_slowest_thread, make, drop),
        cmocka_unit_test_setup_teardown(errors_are_told_by_cause_and_second, make, drop),
        cmocka_unit_test_setup_teardown(instances_of_all_threads_share_one_table, make, drop),
        cmocka_unit_test_setup_teardown(what_is_in_flight_is_that_of_the_last_book_of_each_thread, make,
                                        drop),
        cmocka_unit_test_setup_teardown(remotes_are_counted_per_cluster, make, drop),
        cmocka_unit_test_setup_teardown(samples_are_bounded_and_name_instance_and_remote, make, drop),
        cmocka_unit_test_setup_teardown(the_folder_is_never_written_over, make, drop),
        cmocka_unit_test_setup_teardown(latest_points_at_the_newest_run, make, drop),
        cmocka_unit_test_setup_teardown(a_folder_elsewhere_gets_no_link, make, drop),
        cmocka_unit_test_setup_teardown(phases_that_never_began_have_no_times, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
