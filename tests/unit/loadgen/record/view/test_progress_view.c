#include "progress_view.h"

#include "cm.h"
#include "shown_view.h"

#include <stdlib.h>
#include <string.h>

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
    assert_string_equal(text,
                        "tp1   2 streams   http://127.0.0.1:41873   local: 4 x m4.large (emulated)\n"
                        "\n"
                        "  m4-steady  ####################  1 000/1 000  done            412 good/s   p50  "
                        "2.31   p99  4.90 ms   0 failed\n"
                        "  m4-burst   #######                 500/1 500  pause 41 s        0 good/s   p50  "
                        "2.28   p99  14.7 ms   1 failed\n"
                        "\n"
                        "  00:19 of about 01:04   generator: 3 % CPU, lag p99 21.0 us\n");
    assert_int_equal(n_lines, 6);
    free(text);
}

static void sessions_are_counted_in_passes(void **state)
{
    int n_lines;
    struct progress_stream stream = two_streams[0];
    struct progress_view sessions = view;
    (void)state;
    stream.has_passes = true;
    stream.n_passes = 250;
    sessions.streams = &stream;
    sessions.n_streams = 1;
    char *text = block(&sessions, 120, 24, false, &n_lines);
    assert_non_null(strstr(text, "  250/1 000 passes  done "));
    free(text);
}

static void over_http2_the_title_and_the_foot_have_more(void **state)
{
    int n_lines;
    struct progress_view http2 = view;
    (void)state;
    http2.protocol = "HTTP/2";
    char *text = block(&http2, 120, 24, false, &n_lines);
    assert_non_null(strstr(text, "   http://127.0.0.1:41873   HTTP/2   local: "));
    assert_null(strstr(text, "HTTP/2: "));
    free(text);
    http2.http2 = (struct http2_counts){
        .n_goaways = 2, .n_unprocessed = 28, .n_refused = 1, .n_resets = { [2] = 1, [11] = 2 }, .n_cancels = 1
    };
    http2.n_http2_again = 33;
    text = block(&http2, 150, 24, false, &n_lines);
    assert_non_null(
        strstr(text, "lag p99 21.0 us   HTTP/2: 2 GOAWAY, 33 sent again, 3 reset, 1 cancelled\n"));
    free(text);
    text = block(&http2, 80, 24, false, &n_lines); /* where they do not fit, they have a line of their own */
    const int n_beside = n_lines;
    assert_non_null(
        strstr(text, ", lag p99 21.0 us\n  HTTP/2: 2 GOAWAY, 33 sent again, 3 reset, 1 cancelled\n"));
    free(text);
    free(block(&http2, 150, 24, false, &n_lines));
    assert_int_equal(n_beside, n_lines + 1);
    text = block(&http2, 80, 6, false, &n_lines); /* but not on a low terminal */
    assert_true(n_lines <= 6);
    assert_null(strstr(text, "\n  HTTP/2: "));
    free(text);
}

static void a_narrow_terminal_loses_the_bar_and_then_the_median(void **state)
{
    int n_lines;
    (void)state;
    char *text = block(&view, 90, 24, false, &n_lines);
    assert_null(strstr(text, "##"));
    assert_non_null(strstr(
        text,
        "  m4-burst     500/1 500  pause 41 s        0 good/s   p50  2.28   p99  14.7 ms   1 failed\n"));
    free(text);
    text = block(&view, 80, 24, false, &n_lines);
    assert_non_null(
        strstr(text, "  m4-burst     500/1 500  pause 41 s        0 good/s   p99  14.7 ms   1 failed\n"));
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
        { .name = "short",
          .n_done = 1,
          .n_total = 5,
          .good_per_s = 386,
          .p50 = { .value_ns = 42000 },
          .p99 = { .value_ns = 230000 } },
        { .name = "checkout-service-with-a-long-name",
          .n_done = 1556000,
          .n_total = 5000000,
          .phase = "pause 41 s",
          .good_per_s = 123456,
          .p50 = { .value_ns = 42000 },
          .p99 = { .value_ns = 230000 },
          .n_failed = 1558000 },
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
            assert_non_null(strstr(text, "   1 558 000 failed\n"));
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
    assert_non_null(strstr(red, "1 failed\033[0m\n"));
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
        text, "00:19 of about 01:04   1 500/2 500 done   412 good/s   p50 2.30   p99 4.91 ms   1 failed   "
              "generator: 3 % CPU, lag p99 21.0 us\n");
    free(text);
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

static void a_place_that_would_be_cut_off_is_left_out(void **state)
{
    int n_lines;
    (void)state;
    char *wide = block(&view, 80, 24, false, &n_lines);
    assert_non_null(strstr(wide, "http://127.0.0.1:41873   local: 4 x m4.large (emulated)\n"));
    char *narrow = block(&view, 60, 24, false, &n_lines);
    assert_non_null(strstr(narrow, "http://127.0.0.1:41873\n"));
    free(wide);
    free(narrow);
}

static void hours_seconds_and_single_streams_have_forms_of_their_own(void **state)
{
    static const struct progress_stream slow = { .name = "s",
                                                 .fraction = 1.5,
                                                 .n_done = 12,
                                                 .good_per_s = 1,
                                                 .p50 = { .value_ns = 10000000000 },
                                                 .p99 = { .value_ns = 20000000000 } };
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
        text,
        "t   1 stream   http://x\n"
        "\n"
        "  s      ####################         12     1.00 good/s   p50  10.0   p99  20.0 s   0 failed\n"
        "\n"
        "  59:59 of 10:20:30   generator: 12 % CPU\n");
    free(text);
    v.elapsed_s = 3600;
    v.total_s = 0;
    text = block(&v, 120, 24, false, &n_lines);
    assert_non_null(strstr(text, "\n  1:00:00   generator"));
    free(text);
}

static struct attempt_time time_of(uint64_t ns)
{
    return (struct attempt_time){ .state = ns > 0 ? ATTEMPT_EXACT : ATTEMPT_NONE, .value_ns = ns };
}

static void the_unit_is_that_of_the_slowest_median(void **state)
{
    static const struct {
        uint64_t p50_ns;
        const char *text;
    } cases[] = {
        { 0, "p50     -   p99     -   " },      { 1, "p50 0.001   p99 0.001 us" },
        { 999999, "p50 1 000   p99 1 000 us" }, { 1000000, "p50  1.00   p99  1.00 ms" },
        { 9999999999, "p99 10 000 ms" },        { 10000000000, "p50  10.0   p99  10.0 s" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct progress_stream streams[2] = {
            { .name = "a", .p50 = time_of(cases[i].p50_ns / 2), .p99 = time_of(cases[i].p50_ns) },
            { .name = "b", .p50 = time_of(cases[i].p50_ns), .p99 = time_of(cases[i].p50_ns) }
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

static void a_percentile_among_failures_is_a_bound_or_none(void **state)
{
    static const struct {
        struct attempt_time p99;
        const char *text;
    } cases[] = {
        { { .state = ATTEMPT_FAILED, .at_least_ns = 1000000000 }, "p99 >1 000 ms   0" },
        { { .state = ATTEMPT_AT_LEAST, .at_least_ns = 41000000 }, "p99 >41.0 ms   0" },
        { { .state = ATTEMPT_FAILED }, "p50  2.00 ms   p99  none   0" },
        { { .state = ATTEMPT_NONE }, "p50  2.00 ms   p99     -   0" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct progress_stream stream = { .name = "a",
                                                .p50 = { .value_ns = 2000000 },
                                                .p99 = cases[i].p99 };
        struct progress_view v = view;
        int n_lines;
        v.streams = &stream;
        v.n_streams = 1;
        v.sum = stream;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_shows_each_stream_and_the_generator),
        cmocka_unit_test(sessions_are_counted_in_passes),
        cmocka_unit_test(over_http2_the_title_and_the_foot_have_more),
        cmocka_unit_test(a_narrow_terminal_loses_the_bar_and_then_the_median),
        cmocka_unit_test(lines_are_no_wider_than_the_terminal),
        cmocka_unit_test(errors_are_shown_whole_on_every_terminal),
        cmocka_unit_test(streams_without_room_share_a_line),
        cmocka_unit_test(colour_only_adds),
        cmocka_unit_test(a_plain_line_tells_the_whole_run),
        cmocka_unit_test(a_low_terminal_has_no_title),
        cmocka_unit_test(a_place_that_would_be_cut_off_is_left_out),
        cmocka_unit_test(hours_seconds_and_single_streams_have_forms_of_their_own),
        cmocka_unit_test(the_unit_is_that_of_the_slowest_median),
        cmocka_unit_test(a_percentile_among_failures_is_a_bound_or_none),
        cmocka_unit_test(the_bar_is_rounded_and_stays_in_its_place),
        cmocka_unit_test(trouble_stands_in_the_foot),
        cmocka_unit_test(what_has_no_room_goes_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
