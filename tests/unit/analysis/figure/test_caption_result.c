/* The title of one run: a direction only where the interval carries it. */
#include "cm.h"

#include "arms.h"
#include "caption_result.h"
#include "comparison.h"
#include "dataset.h"
#include "text_out.h"

#include <math.h>
#include <stdlib.h>

static struct arm arms[] = { { .label = "m4" }, { .label = "t2" } };

static void check(const struct dataset *data, const char *wanted)
{
    struct text_out text;
    assert_true(text_out_begin(&text));
    caption_result(text.file, data);
    char *got = text_out_end(&text);
    assert_string_equal(got, wanted);
    free(got);
}

static void a_direction_needs_an_interval_without_1_and_a_ratio_beyond_the_margin(void **state)
{
    static const struct {
        double value, lo, hi;
        const char *wanted;
    } cases[] = {
        { 1.31, 1.12, 1.55, "In this run the p99 of t2 was 1.31 times that of m4 (1.12 to 1.55)" },
        { .7, .5, .99, "In this run the p99 of t2 was 0.70 times that of m4 (0.50 to 0.99)" },
        { 3.04, 2.06, INFINITY, "In this run the p99 of t2 was 3.04 times that of m4 (2.06 or more)" },
        { 1.31, 1, 1.55, "This run does not tell the p99 of t2 and m4 apart (1.00 to 1.55)" },
        { 1.05, 1.02, 1.08, "This run does not tell the p99 of t2 and m4 apart (1.02 to 1.08)" },
        { .96, .93, .98, "This run does not tell the p99 of t2 and m4 apart (0.93 to 0.98)" },
        { 1.31, NAN, NAN, "p50: m4 1.00 ms, t2 1.00 ms; p99: m4 1.00 ms, t2 1.00 ms" },
    };
    struct hist *ok = hist_new();
    struct attempts attempts[2] = { { .ok = ok }, { .ok = ok } };
    struct comparison comparison = { .primary = SAMPLE_P99, .margin = .05, .within_run = true };
    comparison.results[SAMPLE_P99].n_pairs = 1;
    struct dataset data = { .arms = arms, .n_arms = 2, .attempts = attempts, .comparison = &comparison };
    (void)state;
    hist_add_bin(ok, hist_index(1000000), 100);
    ok->max_ns = 1000000;
    for (size_t i = 0; i < N_OF(cases); i++) {
        comparison.within[SAMPLE_P99] =
            (struct run_interval){ .value = cases[i].value, .lo = cases[i].lo, .hi = cases[i].hi };
        check(&data, cases[i].wanted);
    }
    /* Where too many failed there is no time to compare. */
    comparison.within[SAMPLE_P99] = (struct run_interval){ .value = 1.31, .lo = 1.12, .hi = 1.55 };
    attempts[1].n_failed = 10;
    check(&data, "p50: m4 1.00 ms, t2 1.00 ms; p99: m4 1.00 ms, t2 none");
    data.n_arms = 1;
    data.comparison = NULL;
    check(&data, "m4: p50 1.00 ms, p99 1.00 ms");
    hist_free(ok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_direction_needs_an_interval_without_1_and_a_ratio_beyond_the_margin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
