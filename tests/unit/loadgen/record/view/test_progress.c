#include "progress.h"
#include "progress_course.h"

#include "cm.h"
#include "phase_clock.h"
#include "small_plan.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

static const struct progress_stream two_streams[] = {
    { .name = "m4-steady",
      .fraction = 1,
      .n_done = 1000,
      .n_total = 1000,
      .phase = "done",
      .rate_per_s = 412,
      .p50_ns = 2310000,
      .p99_ns = 4900000 },
    { .name = "m4-burst",
      .fraction = 0.333,
      .n_done = 500,
      .n_total = 1500,
      .phase = "pause 41 s",
      .p50_ns = 2280000,
      .p99_ns = 14710000,
      .n_err = 1 },
};

static const struct progress_view view = {
    .name = "tp1",
    .url = "http://127.0.0.1:41873",
    .place = "local: 4 x m4.large (emulated)",
    .streams = two_streams,
    .n_streams = 2,
    .sum = { .n_done = 1500,
             .n_total = 2500,
             .fraction = 0.6,
             .rate_per_s = 412,
             .p50_ns = 2300000,
             .p99_ns = 4910000,
             .n_err = 1 },
    .elapsed_s = 19,
    .total_s = 64,
    .is_estimate = true,
    .cpu_pct = 3.2,
    .has_lag = true,
    .lag_p99_ns = 21000,
};

static char *block(const struct progress_view *v, int width, int height, bool has_colour, int *n_lines)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    *n_lines = progress_view_block(v, width, height, has_colour, out);
    fclose(out);
    return text;
}

static void a_block_shows_each_stream_and_the_generator(void **state)
{
    int n_lines;
    (void)state;
    char *text = block(&view, 120, 24, false, &n_lines);
    assert_string_equal(text, "tp1   2 streams   http://127.0.0.1:41873   local: 4 x m4.large (emulated)\n"
                              "\n"
                              "  m4-steady  ####################  1 000/1 000  done            412/s   p50  "
                              "2.31   p99  4.90 ms   0 errors\n"
                              "  m4-burst   #######                 500/1 500  pause 41 s        0/s   p50  "
                              "2.28   p99  14.7 ms   1 error\n"
                              "\n"
                              "  00:19 of about 01:04   generator: 3 % CPU, lag p99 21.0 us\n");
    assert_int_equal(n_lines, 6);
    free(text);
}

static void a_narrow_terminal_loses_the_bar_and_then_the_median(void **state)
{
    int n_lines;
    (void)state;
    char *text = block(&view, 90, 24, false, &n_lines);
    assert_null(strstr(text, "##"));
    assert_non_null(strstr(
        text, "  m4-burst     500/1 500  pause 41 s        0/s   p50  2.28   p99  14.7 ms   1 error\n"));
    free(text);
    text = block(&view, 80, 24, false, &n_lines);
    assert_non_null(
        strstr(text, "  m4-burst     500/1 500  pause 41 s        0/s   p99  14.7 ms   1 error\n"));
    free(text);
}

static void lines_are_no_wider_than_the_terminal(void **state)
{
    (void)state;
    for (int width = 1; width < 130; width++) {
        int n_lines;
        char *text = block(&view, width, 24, false, &n_lines);
        for (const char *p = text, *end; (end = strchr(p, '\n')) != NULL; p = end + 1)
            assert_true(end - p <= width);
        free(text);
    }
}

/* The longest that a stream can have to say. */
static void errors_are_shown_whole_on_every_terminal(void **state)
{
    static const struct progress_stream failing[] = {
        { .name = "short", .n_done = 1, .n_total = 5, .rate_per_s = 386, .p50_ns = 42000, .p99_ns = 230000 },
        { .name = "checkout-service-with-a-long-name",
          .n_done = 1556000,
          .n_total = 5000000,
          .phase = "pause 41 s",
          .rate_per_s = 123456,
          .p50_ns = 42000,
          .p99_ns = 230000,
          .n_err = 1558000 },
    };
    struct progress_view v = view;
    (void)state;
    v.streams = failing;
    v.n_streams = N_OF(failing);
    v.sum = failing[1];
    for (int width = 48; width < 160; width++)
        for (int height = 1; height < 24; height += 22) {
            int n_lines;
            char *text = block(&v, width, height, false, &n_lines);
            assert_non_null(strstr(text, "   1 558 000 errors\n"));
            free(text);
        }
}

static void streams_without_room_share_a_line(void **state)
{
    struct progress_stream many[40];
    struct progress_view crowd = view;
    (void)state;
    for (size_t i = 0; i < N_OF(many); i++)
        many[i] = two_streams[0];
    crowd.streams = many;
    crowd.n_streams = N_OF(many);
    for (int height = 1; height < 60; height++) {
        int n_lines;
        char *text = block(&crowd, 120, height, false, &n_lines);
        int n_counted = 0;
        for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++)
            n_counted++;
        assert_int_equal(n_lines, n_counted);
        assert_true(n_lines <= (height > 2 ? height : 2));
        if (height < 44)
            assert_non_null(strstr(text, "  all 40 "));
        else
            assert_null(strstr(text, "  all 40 "));
        free(text);
    }
}

static void colour_only_adds(void **state)
{
    int n_lines;
    (void)state;
    char *text = block(&view, 120, 24, true, &n_lines);
    char *plain = block(&view, 120, 24, false, &n_lines);
    assert_null(strchr(plain, '\033'));
    const char *red = strstr(text, "\033[31m");
    assert_non_null(red);
    assert_memory_equal(red + 5, "  m4-burst", 10);
    assert_non_null(strstr(red, "1 error\033[0m\n"));
    free(text);
    free(plain);
}

static void a_plain_line_tells_the_whole_run(void **state)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    (void)state;
    progress_view_line(&view, out);
    fclose(out);
    assert_string_equal(
        text, "00:19 of about 01:04   1 500/2 500 done   412/s   p50 2.30   p99 4.91 ms   1 error   "
              "generator: 3 % CPU, lag p99 21.0 us\n");
    free(text);
}

static void plain_lines_come_every_ten_seconds(void **state)
{
    struct progress p;
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    unsigned n = 0;
    (void)state;
    progress_init(&p, PROGRESS_LIVE, out); /* not a terminal: plain */
    for (uint64_t s = 1; s <= 35; s++) {
        struct progress_view now = view;
        now.elapsed_s = s;
        if (progress_is_due(&p, s)) {
            progress_show(&p, &now);
            n++;
        }
    }
    progress_end(&p);
    fclose(out);
    assert_int_equal(n, 3);
    assert_null(strchr(text, '\033'));
    free(text);
}

static void phases(struct phase_clock *clocks, size_t phase, uint64_t start_s, uint64_t end_s)
{
    atomic_store(&clocks[phase].start_ns, start_s * NS_PER_S);
    atomic_store(&clocks[phase].end_ns, end_s * NS_PER_S);
}

static void time_left_is_estimated_from_the_rate(void **state)
{
    struct phase_clock clocks[N_PHASES_IN_SMALL_PLAN] = { 0 };
    uint64_t n_done[3] = { 40, 0, 0 };
    (void)state;
    phases(clocks, CLOSED_P1, 100, 0);
    struct progress_moment m = { .stream = &small_plan.streams[CLOSED],
                                 .phases = clocks,
                                 .n_done_in_phase = n_done,
                                 .t0_ns = 100 * NS_PER_S,
                                 .now_ns = 104 * NS_PER_S };
    struct progress_course c = progress_course_of(&m);
    assert_false(c.is_known); /* no rate yet */
    assert_int_equal(c.n_total, 150);
    m.rate_per_s = 10;
    c = progress_course_of(&m);
    assert_true(c.is_known && c.is_estimate);
    assert_int_equal(c.left_ns, (6 + 1 + 5) * NS_PER_S); /* 60 requests, the pause, 50 requests */
    assert_string_equal(c.phase, "p1");

    phases(clocks, CLOSED_P1, 100, 110);
    phases(clocks, CLOSED_PAUSE, 110, 0);
    n_done[0] = 100;
    m.now_ns = 110 * NS_PER_S + NS_PER_S / 2;
    c = progress_course_of(&m);
    assert_string_equal(c.phase, "pause 1 s");
    assert_int_equal(c.left_ns, 5 * NS_PER_S + NS_PER_S / 2);
    assert_float_equal(c.fraction, 100.0 / 150, 1e-9);

    phases(clocks, CLOSED_PAUSE, 110, 111);
    phases(clocks, CLOSED_P3, 111, 116);
    n_done[2] = 50;
    c = progress_course_of(&m);
    assert_int_equal(c.left_ns, 0);
    assert_string_equal(c.phase, "done");
    assert_float_equal(c.fraction, 1, 1e-9);
}

static void a_phase_takes_no_longer_than_it_may(void **state)
{
    struct plan_phase phase = { .kind = PLAN_PHASE_REQUESTS,
                                .n_requests = 1000,
                                .duration_ns = 30 * NS_PER_S };
    const struct plan_stream stream = { .phases = &phase, .n_phases = 1 };
    struct phase_clock clocks[1] = { 0 };
    const uint64_t n_done[1] = { 100 };
    (void)state;
    phases(clocks, 0, 100, 0);
    struct progress_moment m = { .stream = &stream,
                                 .phases = clocks,
                                 .n_done_in_phase = n_done,
                                 .t0_ns = 100 * NS_PER_S,
                                 .now_ns = 110 * NS_PER_S,
                                 .rate_per_s = 10 };
    assert_int_equal(progress_course_of(&m).left_ns, 20 * NS_PER_S);
    m.rate_per_s = 100;
    assert_int_equal(progress_course_of(&m).left_ns, 9 * NS_PER_S);
    m.rate_per_s = 0;
    assert_int_equal(progress_course_of(&m).left_ns, 20 * NS_PER_S);
}

static void open_streams_know_their_time(void **state)
{
    struct phase_clock clocks[N_PHASES_IN_SMALL_PLAN] = { 0 };
    const uint64_t n_done[2] = { 5, 0 };
    (void)state;
    phases(clocks, OPEN_WARM, 100, 0);
    const struct progress_course c =
        progress_course_of(&(struct progress_moment){ .stream = &small_plan.streams[OPEN],
                                                      .phases = clocks,
                                                      .n_done_in_phase = n_done,
                                                      .t0_ns = 100 * NS_PER_S,
                                                      .now_ns = 100 * NS_PER_S + NS_PER_S / 2 });
    assert_true(c.is_known && !c.is_estimate);
    assert_int_equal(c.left_ns, 2 * NS_PER_S + NS_PER_S / 2);
    assert_string_equal(c.phase, "warm (warm-up)");
}

static void a_display_that_never_began_ends_quietly(void **state)
{
    struct progress p = { 0 };
    (void)state;
    progress_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_shows_each_stream_and_the_generator),
        cmocka_unit_test(a_narrow_terminal_loses_the_bar_and_then_the_median),
        cmocka_unit_test(lines_are_no_wider_than_the_terminal),
        cmocka_unit_test(errors_are_shown_whole_on_every_terminal),
        cmocka_unit_test(streams_without_room_share_a_line),
        cmocka_unit_test(colour_only_adds),
        cmocka_unit_test(a_plain_line_tells_the_whole_run),
        cmocka_unit_test(plain_lines_come_every_ten_seconds),
        cmocka_unit_test(time_left_is_estimated_from_the_rate),
        cmocka_unit_test(a_phase_takes_no_longer_than_it_may),
        cmocka_unit_test(open_streams_know_their_time),
        cmocka_unit_test(a_display_that_never_began_ends_quietly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
