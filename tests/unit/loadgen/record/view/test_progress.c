#include "progress.h"
#include "progress_course.h"

#include "cm.h"
#include "phase_clock.h"
#include "small_plan.h"
#include "units.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

/* The longest line of a stream. */
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

static void a_low_terminal_has_no_title(void **state)
{
    int n_lines;
    (void)state;
    char *low = block(&view, 120, 5, false, &n_lines);
    assert_int_equal(n_lines, 3);
    assert_memory_equal(low, "  m4-steady", 11);
    char *tall = block(&view, 120, 6, false, &n_lines);
    assert_int_equal(n_lines, 6);
    assert_memory_equal(tall, "tp1   2 streams", 15);
    free(low);
    free(tall);
}

static void hours_seconds_and_single_streams_have_forms_of_their_own(void **state)
{
    static const struct progress_stream slow = { .name = "s",
                                                 .fraction = 1.5,
                                                 .n_done = 12,
                                                 .rate_per_s = 1,
                                                 .p50_ns = 10000000000,
                                                 .p99_ns = 20000000000 };
    struct progress_view v = { .name = "t",
                               .url = "http://x",
                               .place = "",
                               .streams = &slow,
                               .n_streams = 1,
                               .sum = slow,
                               .elapsed_s = 3599,
                               .total_s = 37230,
                               .cpu_pct = 12.5 };
    int n_lines;
    (void)state;
    char *text = block(&v, 120, 24, false, &n_lines);
    assert_string_equal(
        text, "t   1 stream   http://x\n"
              "\n"
              "  s      ####################         12     1.00/s   p50  10.0   p99  20.0 s   0 errors\n"
              "\n"
              "  59:59 of 10:20:30   generator: 12 % CPU\n");
    free(text);
    v.elapsed_s = 3600;
    v.total_s = 0;
    text = block(&v, 120, 24, false, &n_lines);
    assert_non_null(strstr(text, "\n  1:00:00   generator"));
    free(text);
}

static void the_unit_is_that_of_the_slowest_median(void **state)
{
    static const struct {
        uint64_t p50_ns;
        const char *text;
    } cases[] = {
        { 0, "p50     -   p99     - ms" },      { 1, "p50 0.001   p99 0.001 us" },
        { 999999, "p50 1 000   p99 1 000 us" }, { 1000000, "p50  1.00   p99  1.00 ms" },
        { 9999999999, "p99 10 000 ms" },        { 10000000000, "p50  10.0   p99  10.0 s" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct progress_stream streams[2] = {
            { .name = "a", .p50_ns = cases[i].p50_ns / 2, .p99_ns = cases[i].p50_ns },
            { .name = "b", .p50_ns = cases[i].p50_ns, .p99_ns = cases[i].p50_ns }
        };
        struct progress_view v = view;
        int n_lines;
        v.streams = streams;
        v.n_streams = 2;
        v.sum = streams[0];
        char *text = block(&v, 120, 24, false, &n_lines);
        if (!strstr(text, cases[i].text))
            fail_msg("%s: %s", cases[i].text, text);
        free(text);
    }
}

static void the_bar_is_rounded_and_stays_in_its_place(void **state)
{
    static const struct {
        double fraction;
        const char *bar;
    } cases[] = {
        { -0.5, "  a                            " }, { 0.02, "  a                            " },
        { 0.03, "  a      #                     " }, { 0.97, "  a      ###################   " },
        { 0.98, "  a      ####################  " }, { 7, "  a      ####################  " },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct progress_stream stream = { .name = "a", .fraction = cases[i].fraction };
        struct progress_view v = view;
        int n_lines;
        v.streams = &stream;
        v.n_streams = 1;
        v.sum = stream;
        char *text = block(&v, 120, 1, false, &n_lines);
        if (strncmp(text, cases[i].bar, strlen(cases[i].bar)) != 0)
            fail_msg("%g: %s", cases[i].fraction, text);
        free(text);
    }
}

static void trouble_stands_in_the_foot(void **state)
{
    struct progress_view v = view;
    int n_lines;
    (void)state;
    v.trouble = "cannot write x";
    char *text = block(&v, 120, 24, false, &n_lines);
    assert_non_null(strstr(text, "lag p99 21.0 us   lost: cannot write x\n"));
    free(text);
    text = block(&v, 120, 24, true, &n_lines);
    assert_non_null(strstr(text, "\033[31m  00:19"));
    assert_non_null(strstr(text, "lost: cannot write x\033[0m\n"));
    free(text);
    v.trouble = NULL;
    text = block(&v, 120, 24, true, &n_lines);
    assert_non_null(strstr(text, "\n  00:19"));
    free(text);
}

/* Only the errors always stay; the phase goes before p99, and p99 before the rate. */
static void what_has_no_room_goes_in_order(void **state)
{
    static const char *const parts[] = { "##", "p50", "pause", "p99", "/s" };
    size_t n_seen = 0;
    (void)state;
    for (int width = 130; width > 30; width--) {
        int n_lines;
        char *text = block(&view, width, 24, false, &n_lines);
        char *line = strstr(text, "  m4-st"); /* a name keeps five characters */
        *strstr(line, "\n\n") = '\0';
        size_t n_gone = 0;
        while (n_gone < N_OF(parts) && !strstr(line, parts[n_gone]))
            n_gone++;
        for (size_t i = n_gone; i < N_OF(parts); i++)
            assert_non_null(strstr(line, parts[i]));
        assert_true(n_gone >= n_seen && n_gone <= n_seen + 1);
        n_seen = n_gone;
        free(text);
    }
    assert_int_equal(n_seen, N_OF(parts));
}

/* A stream that runs for a time has no total. */
static void without_a_count_the_bar_goes_by_time(void **state)
{
    struct plan_phase list[2] = { { .kind = PLAN_PHASE_DURATION, .duration_ns = 10 * NS_PER_S },
                                  { .kind = PLAN_PHASE_PAUSE, .duration_ns = 10 * NS_PER_S } };
    const struct plan_stream stream = { .phases = list, .n_phases = 2 };
    struct phase_clock clocks[2] = { 0 };
    const uint64_t n_done[2] = { 7, 0 };
    struct progress_moment m = { .stream = &stream,
                                 .phases = clocks,
                                 .n_done_in_phase = n_done,
                                 .t0_ns = 100 * NS_PER_S,
                                 .now_ns = 105 * NS_PER_S };
    (void)state;
    phases(clocks, 0, 100, 0);
    struct progress_course c = progress_course_of(&m);
    assert_int_equal(c.n_total, 0);
    assert_int_equal(c.left_ns, 15 * NS_PER_S);
    assert_float_equal(c.fraction, 0.25, 1e-9);
    m.now_ns = m.t0_ns;
    assert_float_equal(progress_course_of(&m).fraction, 0, 1e-9);
    m.now_ns = m.t0_ns - 1;
    assert_float_equal(progress_course_of(&m).fraction, 0, 1e-9);
    m.now_ns = 130 * NS_PER_S; /* later than it may be: the phase has no more time, the pause all of its */
    c = progress_course_of(&m);
    assert_int_equal(c.left_ns, 10 * NS_PER_S);
    assert_float_equal(c.fraction, 0.75, 1e-9);
    list[1] = (struct plan_phase){ .kind = PLAN_PHASE_REQUESTS, .n_requests = 10 };
    m.now_ns = 105 * NS_PER_S; /* how long those take is not known */
    c = progress_course_of(&m);
    assert_false(c.is_known);
    assert_float_equal(c.fraction, 0, 1e-9);
}

static void requests_that_are_all_done_need_no_rate(void **state)
{
    struct phase_clock clocks[N_PHASES_IN_SMALL_PLAN] = { 0 };
    const uint64_t n_done[3] = { 100, 0, 60 }; /* more than there were to do */
    (void)state;
    phases(clocks, CLOSED_P1, 100, 0);
    const struct progress_course c =
        progress_course_of(&(struct progress_moment){ .stream = &small_plan.streams[CLOSED],
                                                      .phases = clocks,
                                                      .n_done_in_phase = n_done,
                                                      .t0_ns = 100 * NS_PER_S,
                                                      .now_ns = 104 * NS_PER_S });
    assert_true(c.is_known && c.is_estimate);
    assert_int_equal(c.left_ns, NS_PER_S);
}

/* What the terminal receives. */
static void a_terminal_shows_the_block_at_every_look(void **state)
{
    struct progress p;
    char text[4096];
    struct winsize size = { .ws_col = 100, .ws_row = 24 };
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    (void)state;
    assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    FILE *terminal = fopen(ptsname(master), "w");
    assert_non_null(terminal);
    assert_int_equal(ioctl(fileno(terminal), TIOCSWINSZ, &size), 0);
    setenv("TERM", "xterm", 1);
    setenv("NO_COLOR", "1", 1);
    progress_init(&p, PROGRESS_LIVE, terminal);
    assert_int_equal(p.mode, PROGRESS_LIVE);
    assert_true(progress_is_due(&p, 1));
    progress_show(&p, &view);
    fflush(terminal);
    size_t n = 0;
    text[0] = '\0';
    while (!strstr(text, "\033[J")) { /* a terminal passes on what it has so far */
        const ssize_t got = read(master, text + n, sizeof text - 1 - n);
        assert_true(got > 0);
        n += (size_t)got;
        text[n] = '\0';
    }
    assert_memory_equal(text, "\rtp1   2 streams", 16);
    assert_non_null(strstr(text, "00:19 of about 01:04   generator"));
    progress_end(&p);
    fclose(terminal);
    close(master);
}

static void no_display_is_never_due(void **state)
{
    struct progress p;
    (void)state;
    progress_init(&p, PROGRESS_NONE, stderr);
    assert_int_equal(p.mode, PROGRESS_NONE);
    assert_false(progress_is_due(&p, 1000));
    progress_show(&p, &view); /* nothing */
    progress_init(&p, PROGRESS_PLAIN, stderr);
    assert_false(progress_is_due(&p, 9));
    assert_true(progress_is_due(&p, 10));
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
        cmocka_unit_test(a_low_terminal_has_no_title),
        cmocka_unit_test(hours_seconds_and_single_streams_have_forms_of_their_own),
        cmocka_unit_test(the_unit_is_that_of_the_slowest_median),
        cmocka_unit_test(the_bar_is_rounded_and_stays_in_its_place),
        cmocka_unit_test(trouble_stands_in_the_foot),
        cmocka_unit_test(what_has_no_room_goes_in_order),
        cmocka_unit_test(without_a_count_the_bar_goes_by_time),
        cmocka_unit_test(requests_that_are_all_done_need_no_rate),
        cmocka_unit_test(a_terminal_shows_the_block_at_every_look),
        cmocka_unit_test(no_display_is_never_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
