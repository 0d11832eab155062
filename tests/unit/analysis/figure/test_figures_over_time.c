/* The rows of the figures over time, worked out by hand from made_run.h: 8 s of pause shrink to 0.06 of
 * the other 11.4 s, so x = t - 7.316 after it. */
#include "cm.h"

#include "made_duo.h"
#include "made_text.h"

#include "figure_set.h"

static void the_axis_has_a_title_tics_cuts_and_phases(void **state)
{
    static const char *const lines[] = {
        "axis,,0,0.000,0.000,0.0000,0.0000,seconds since the start,,,,,,,,",
        "tic,,0,0.000,0.000,0.0000,0.0000,0,,,,,,,,",
        "tic,,0,4.000,4.000,4.0000,4.0000,4,,,,,,,,",
        "tic,,0,14.000,14.000,6.6840,6.6840,14,,,,,,,,",
        "tic,,0,18.000,18.000,10.6840,10.6840,18,,,,,,,,",
        "cut,,0,5.000,13.000,5.0000,5.6840,8 s without requests,,,,,,,,",
        "quiet,m4 (cluster1),1,0.000,1.000,0.0000,1.0000,warm-up,,,,,,,,",
        "phase,m4 (cluster1),1,1.000,5.000,1.0000,5.0000,main,,,,,,,,",
        "quiet,m4 (cluster1),1,5.000,13.000,5.0000,5.6840,pause,,,,,,,,",
        "phase,m4 (cluster1),1,13.000,19.400,5.6840,12.0840,last,,,,,,,,",
        "quiet,t2 (cluster2),2,5.000,13.000,5.0000,5.6840,pause,,,,,,,,",
        "phase,m4 (cluster1),1,0.000,5.000,0.0000,5.0000,walk,,,,,,,,",
    };
    (void)state;
    struct made_figure f = made_figure(figure_bands, &duo);
    assert_lines(f.rows, lines);
    assert_int_equal(made_lines(f.rows, "axis,"), 1);
    assert_int_equal(made_lines(f.rows, "tic,"), 6); /* each 2 s, but for those in the cut */
    assert_int_equal(made_lines(f.rows, "cut,"), 1);
    assert_int_equal(made_lines(f.rows, "phase,"), 5);
    assert_int_equal(made_lines(f.rows, "quiet,"),
                     3); /* users1 paused with load1: half a second does not count */
    made_figure_fini(&f);
}

static void phases_are_shaded_once_and_only_if_they_began(void **state)
{
    static const char *const apart[] = { "\"start_s\": 5.2", "\"start_s\": 5.5" };
    static const char *const end_apart[] = { "\"end_s\": 13.2", "\"end_s\": 13.5" };
    static const char *const never[] = { "\"start_s\": 5, \"end_s\": 13",
                                         "\"start_s\": null, \"end_s\": null" };
    static const char *const unended[] = { "\"start_s\": 5, \"end_s\": 13",
                                           "\"start_s\": 5, \"end_s\": null" };
    (void)state;
    const struct {
        const char *const *edits;
        size_t n_quiet;
    } cases[] = { { apart, 4 }, { end_apart, 4 }, { never, 2 }, { unended, 2 } };
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct made_figure f = made_figure_of_edited(figure_bands, "run.json", cases[i].edits, 2);
        assert_int_equal(made_lines(f.rows, "quiet,"), cases[i].n_quiet);
        made_figure_fini(&f);
    }
}

static void long_runs_count_minutes_and_hours(void **state)
{
    static const struct {
        const char *duration, *title, *last_tic;
    } cases[] = {
        { "600", "axis,,0,0.000,0.000,0.0000,0.0000,seconds since the start,,,", "tic,,0,600.000" },
        { "601", "axis,,0,0.000,0.000,0.0000,0.0000,minutes since the start,,,", "tic,,0,600.000" },
        { "14400", "axis,,0,0.000,0.000,0.0000,0.0000,minutes since the start,,,", "tic,,0,14400.000" },
        { "14401", "axis,,0,0.000,0.000,0.0000,0.0000,hours since the start,,,", "tic,,0,14400.000" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char duration[64];
        snprintf(duration, sizeof duration, "\"duration_s\": %s,", cases[i].duration);
        const char *const edits[] = { "\"duration_s\": 19.4,", duration };
        struct made_figure f = made_figure_of_edited(figure_heatmap, "run.json", edits, 2);
        assert_line(f.rows, cases[i].title);
        assert_int_equal(made_lines(f.rows, cases[i].last_tic), 1);
        made_figure_fini(&f);
    }
    const char *const edits[] = { "\"duration_s\": 19.4,", "\"duration_s\": 14401," };
    struct made_figure f = made_figure_of_edited(figure_heatmap, "run.json", edits, 2);
    assert_line(f.rows, "tic,,0,7200.000,7200.000,7200.0000,7200.0000,2,,,");
    assert_says(f.words, "came within 180 s"); /* 241 steps of 60 s: 3 of them to a column, since there are
                                                   120 columns at most */
    made_figure_fini(&f);
}

static void bands_hold_the_percentiles_of_each_step(void **state)
{
    static const char *const lines[] = {
        "value,m4 (cluster1),1,0.000,1.000,0.0000,1.0000,,16.777215,16.777215,,,16.777215,p99,7,107",
        "value,m4 "
        "(cluster1),1,1.000,2.000,1.0000,2.0000,,1.048575,1.048575,2.097151,4.194303,4.194303,,0,1000",
        "value,m4 "
        "(cluster1),1,4.000,5.000,4.0000,5.0000,,2.097151,2.097151,2.097151,2.097151,2.097151,,0,1000",
        "value,m4 (cluster1),1,5.000,6.000,5.0000,5.0855,,,,,,,,0,0",
        "value,m4 "
        "(cluster1),1,19.000,19.400,11.6840,12.0840,,1.048575,1.048575,2.097151,4.194303,4.194303,,0,1000",
        "value,t2 (cluster2),2,0.000,1.000,0.0000,1.0000,,2.097151,4.194303,8.388607,,16.777215,,0,500",
    };
    (void)state;
    struct made_figure f = made_figure(figure_bands, &duo);
    assert_lines(f.rows, lines);
    assert_int_equal(made_lines(f.rows, "value,m4 (cluster1),1,"), 20);
    assert_int_equal(made_lines(f.rows, "value,t2 (cluster2),2,"), 20);
    assert_int_equal(strncmp(f.words, "Response time over time ", 24), 0);
    assert_says(f.words, "Per step of 1 s");
    assert_says(f.words, "Cross: so many failed that the percentile has no time");
    made_figure_fini(&f);
}

static void heatmap_cells_count_what_ended_in_a_column(void **state)
{
    /* 48 rows from 1.048064 ms, the lower end of the fastest bin, to 16.777215 * 1.001 ms: each 1.0595 times
     * as long as the one before; MS1 lies in the 1st, MS2 in the 12th, MS4 in the 24th. */
    static const char *const lines[] = {
        "value,m4 (cluster1),1,0.000,1.000,0.0000,1.0000,,15.850927,16.793992,100",
        "value,m4 (cluster1),1,1.000,2.000,1.0000,2.0000,,1.048064,1.110420,900",
        "value,m4 (cluster1),1,1.000,2.000,1.0000,2.0000,,1.979156,2.096908,90",
        "value,m4 (cluster1),1,1.000,2.000,1.0000,2.0000,,3.959785,4.195376,10",
        "value,m4 (cluster1),1,19.000,19.400,11.6840,12.0840,,1.048064,1.110420,900",
    };
    (void)state;
    struct made_figure f = made_figure(figure_heatmap, &duo);
    assert_lines(f.rows, lines);
    assert_int_equal(made_lines(f.rows, "value,m4"), 1 + 3 * 3 + 1 + 7 * 3);
    assert_int_equal(made_lines(f.rows, "value,t2"), 12 * 4);
    assert_says(f.words, "came within 1 s");
    made_figure_fini(&f);
}

/* The slowest request follows a second without any: the highest row ends a thousandth above it. */
static void heatmap_rows_reach_from_the_fastest_to_the_slowest(void **state)
{
    static const struct made_times times[] = { { 0, 0, "response.load1.cluster1.main.ok.all", MADE_MS2, 3 },
                                               { 2, 2, "response.load1.cluster1.main.ok.all", MADE_MS1, 1 },
                                               { 4, 4, "response.load2.cluster2.main.ok.all", MADE_MS8, 2 } };
    struct dataset data;
    (void)state;
    made_open_dataset(&data, made_run_of("wide", times, N_OF(times)));
    struct made_figure f = made_figure(figure_heatmap, &data);
    assert_int_equal(made_lines(f.rows, "value,m4 (cluster1),1,2.000,3.000,2.0000,3.0000,,1.048064,"), 1);
    assert_says(f.rows, ",8.396996,2\n");
    assert_int_equal(made_lines(f.rows, "value,"), 3);
    made_figure_fini(&f);
    dataset_fini(&data);
}

/* 120 columns at most: 120 s are 120 columns of 1 s, 121 s are 61 of 2 s. */
static void heatmap_joins_steps_when_there_are_more_than_its_columns(void **state)
{
    static const struct made_times times[] = {
        { 0, 19, "response.load1.cluster1.main.ok.all", MADE_MS1, 3 },
        { 0, 19, "response.load2.cluster2.main.ok.all", MADE_MS1, 2 },
    };
    static const struct {
        const char *duration;
        size_t n;
        const char *line;
    } cases[] = {
        { "\"duration_s\": 120,", 20,
          "value,m4 (cluster1),1,18.000,19.000,18.0000,19.0000,,1.048064,1.049070,3" },
        { "\"duration_s\": 121,", 10,
          "value,m4 (cluster1),1,18.000,20.000,18.0000,20.0000,,1.048064,1.049070,6" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct dataset data;
        const char *folder = made_run_of("long", times, N_OF(times));
        made_edit(folder, "run.json", "\"duration_s\": 19.4,", cases[i].duration);
        made_open_dataset(&data, folder);
        struct made_figure f = made_figure(figure_heatmap, &data);
        assert_int_equal(made_lines(f.rows, "value,m4"), cases[i].n);
        assert_line(f.rows,
                    cases[i].line); /* 24 rows when all times are equal, a hundredth of a decade in all */
        made_figure_fini(&f);
        dataset_fini(&data);
    }
}

static void throughput_is_what_was_asked_for_and_what_came_back(void **state)
{
    static const char *const lines[] = {
        "value,m4 (cluster1),1,0.000,1.000,0.0000,1.0000,,120.000,108.000,0,,,",
        "value,m4 (cluster1),1,3.000,4.000,3.0000,4.0000,,1000.000,1008.000,0,,,",
        "value,m4 (cluster1),1,5.000,6.000,5.0000,5.0855,,0.000,0.000,0,,,",
        "value,t2 (cluster2),2,18.000,19.000,10.6840,11.6840,,500.000,500.000,0,,,",
        /* by class, stacked; idle resets do not count */
        "error,m4 (cluster1),1,0.000,1.000,0.0000,1.0000,,,,,timeout,7.000,0.000",
        "error,m4 (cluster1),1,2.000,3.000,2.0000,3.0000,,,,,timeout,5.000,0.000",
        "error,m4 (cluster1),1,3.000,4.000,3.0000,4.0000,,,,,status_5xx,20.000,0.000",
        "error,m4 (cluster1),1,3.000,4.000,3.0000,4.0000,,,,,timeout,23.000,20.000",
    };
    (void)state;
    struct made_figure f = made_figure(figure_throughput, &duo);
    assert_lines(f.rows, lines);
    assert_int_equal(made_lines(f.rows, "value,"), 2 * 19); /* less than half of the last second is no rate */
    assert_int_equal(made_lines(f.rows, "error,"), 4);
    assert_says(f.words, "Throughput and failures over time");
    assert_says(f.words, "failed requests per second by class");
    made_figure_fini(&f);
}

static void a_last_step_counts_when_the_run_fills_half_of_it(void **state)
{
    static const char *const half[] = { "19,0.400000,", "19,0.500000," };
    static const char *const less[] = { "19,0.400000,", "19,0.499000," };
    (void)state;
    struct made_figure f = made_figure_of_edited(figure_throughput, "intervals.csv", half, 2);
    assert_line(f.rows, "value,t2 (cluster2),2,19.000,19.500,11.6840,12.1840,,1000.000,1000.000,1,,,");
    assert_line(f.rows, "error,t2 (cluster2),2,19.000,19.500,11.6840,12.1840,,,,,status_5xx,8.000,0.000");
    made_figure_fini(&f);
    f = made_figure_of_edited(figure_throughput, "intervals.csv", less, 2);
    assert_int_equal(made_lines(f.rows, "value,t2 (cluster2),2,19.000"), 0);
    assert_int_equal(made_lines(f.rows, "error,t2 (cluster2),2,19.000"), 0);
    made_figure_fini(&f);
}

static void throughput_without_counts_or_requests_is_left_out(void **state)
{
    static const char *const none_done[] = { "\"done_n\": 17179, \"ok_n\": 17140",
                                             "\"done_n\": 0, \"ok_n\": 0" };
    static const char *const no_column[] = { "err_n", "errors_n" };
    (void)state;
    struct made_figure f = made_figure_of_edited(figure_throughput, "run.json", none_done, 2);
    assert_int_equal(f.result, FIGURE_LEFT_OUT);
    assert_string_equal(f.left_out, "no request was completed");
    f = made_figure_of_edited(figure_throughput, "intervals.csv", no_column, 2);
    assert_int_equal(f.result, FIGURE_LEFT_OUT);
    assert_says(f.left_out, "'err_n'");
}

/* 401 steps of 1 s would be one too many. */
static void steps_of_long_runs_are_longer(void **state)
{
    static const char *const edits[] = { "\"duration_s\": 19.4,", "\"duration_s\": 401," };
    (void)state;
    struct made_figure f = made_figure_of_edited(figure_bands, "run.json", edits, 2);
    assert_line(
        f.rows,
        "value,m4 "
        "(cluster1),1,4.000,6.000,4.0000,6.0000,,2.097151,2.097151,2.097151,2.097151,2.097151,,0,1000");
    assert_int_equal(made_lines(f.rows, "value,m4"), 201);
    assert_line(f.rows, "value,m4 (cluster1),1,400.000,401.000,400.0000,401.0000,,,,,,,,0,0");
    made_figure_fini(&f);
    f = made_figure_of_edited(figure_throughput, "run.json", edits, 2);
    /* the row of second 4 covers half of its step, the one of second 5 the rest */
    assert_line(f.rows, "value,m4 (cluster1),1,4.000,6.000,4.0000,6.0000,,500.000,504.000,0,,,");
    assert_line(f.rows, "error,m4 (cluster1),1,2.000,4.000,2.0000,4.0000,,,,,timeout,14.000,10.000");
    made_figure_fini(&f);
    f = made_figure_of_edited(figure_summary, "run.json", edits, 2);
    assert_line(f.rows, "value,m4 (cluster1),1,4.000,6.000,4.0000,6.0000,,,2.097151,,2.097151,2");
    made_figure_fini(&f);
    f = made_figure_of_edited(figure_cloudwatch, "run.json", edits, 2);
    assert_line(f.rows, "value,m4 (cluster1),1,4.000,6.000,4.0000,6.0000,,requests,generator,504.0000");
    assert_line(f.rows, "value,m4 (cluster1),1,2.000,4.000,2.0000,4.0000,,requests,provider,1007.0000");
    assert_line(f.rows,
                "value,t2 (cluster2),2,0.000,2.000,0.0000,2.0000,,credits,provider,60.0000"); /* 1 s of it */
    assert_int_equal(made_lines(f.rows, "value,m4 (cluster1),1,4.000,6.000,4.0000,6.0000,,requests,provider"),
                     0);
    made_figure_fini(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_axis_has_a_title_tics_cuts_and_phases),
        cmocka_unit_test(phases_are_shaded_once_and_only_if_they_began),
        cmocka_unit_test(long_runs_count_minutes_and_hours),
        cmocka_unit_test(bands_hold_the_percentiles_of_each_step),
        cmocka_unit_test(heatmap_cells_count_what_ended_in_a_column),
        cmocka_unit_test(heatmap_rows_reach_from_the_fastest_to_the_slowest),
        cmocka_unit_test(heatmap_joins_steps_when_there_are_more_than_its_columns),
        cmocka_unit_test(throughput_is_what_was_asked_for_and_what_came_back),
        cmocka_unit_test(a_last_step_counts_when_the_run_fills_half_of_it),
        cmocka_unit_test(throughput_without_counts_or_requests_is_left_out),
        cmocka_unit_test(steps_of_long_runs_are_longer),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
