/* The first sentence of a report: for each percentile it agrees with the ratio, and calls nearly equal
 * ones alike. */
#include "cm.h"

#include "arms.h"
#include "dataset.h"
#include "report_sections.h"
#include "units.h"

#include <stdio.h>
#include <stdlib.h>

/* 98 fast requests and 2 slow ones: the median is `p50_ms`, the 99th percentile `p99_ms`. */
static struct hist *times(uint64_t p50_ms, uint64_t p99_ms)
{
    struct hist *h = hist_new();
    assert_non_null(h);
    for (int i = 0; i < 100; i++)
        hist_add(h, (i < 98 ? p50_ms : p99_ms) * NS_PER_MS);
    return h;
}

static void check_begins(uint64_t p50_ms, uint64_t p99_ms, const char *wanted)
{
    char a[] = "a", b[] = "b";
    struct arm arms[2] = { { .series = a }, { .series = b } };
    struct hist *latency[2] = { times(100, 200), times(p50_ms, p99_ms) };
    const struct dataset data = { .arms = arms, .n_arms = 2, .latency = latency };
    const struct report report = { .data = &data };
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    report_answer(out, &report);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, wanted);
    free(text);
    hist_free(latency[0]);
    hist_free(latency[1]);
}

static void each_percentile_is_called_what_it_is(void **state)
{
    (void)state;
    check_begins(200, 400,
                 "In this run b was slower than a: its 99th percentile was 2.00 times as long (400 ms "
                 "against 200 ms), "
                 "its median was 2.00 times as long (200 ms against 100 ms).");
    check_begins(50, 200,
                 "In this run b was faster than a at the median and about as fast as it in the tail: its "
                 "median was 0.500 "
                 "times as long (50.0 ms against 100 ms), its 99th percentile was about the same (200 ms and "
                 "200 ms).");
    check_begins(
        100, 400,
        "In this run b was about as fast as a at the median and slower than it in the tail: its median was "
        "about "
        "the same (100 ms and 100 ms), its 99th percentile was 2.00 times as long (400 ms against 200 ms).");
    check_begins(100, 200,
                 "In this run b was about as fast as a: its 99th percentile was about the same (200 ms and "
                 "200 ms), its "
                 "median was about the same (100 ms and 100 ms).");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_percentile_is_called_what_it_is) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
