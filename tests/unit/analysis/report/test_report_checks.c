/* What was checked: rules that warned come first; of those that held, the one nearest to its limit is shown.
 * Thresholds. */
#include "made_report.h"

#include <math.h>

static char *part_of(report_part_fn *write, struct derived_check *checks, size_t n)
{
    struct threshold_result thresholds[] = {
        { .text = "p99 < 5ms", .unit = "s", .value = .0042, .held = THRESHOLD_HELD },
        { .text = "c.errors < 1%", .scope = "c", .unit = "share", .value = .02, .held = THRESHOLD_MISSED },
        { .text = "p50 < 1ms",
          .unit = "s",
          .value = NAN,
          .held = THRESHOLD_UNDECIDED,
          .state = ATTEMPT_AT_LEAST,
          .at_least = .0009 },
    };
    const struct dataset data = {
        .folder = (char[]){ "/nowhere" },
        .run = { .checks = checks, .n_checks = n, .thresholds = thresholds, .n_thresholds = N_OF(thresholds) }
    };
    const struct report of_checks = { .data = &data };
    return plain(section_of(write, &of_checks));
}

#define CHECK(r, s, l, v, w, i)                                                                              \
    {                                                                                                        \
        .rule = r, .scope = s, .level = l, .value = v, .warn = w, .invalid = i, .unit = "%", .what = "it",   \
        .advice = "Do so for " r "."                                                                         \
    }

static void what_went_wrong_comes_first(void **state)
{
    struct derived_check checks[] = {
        CHECK("R1", "a", "OK", 1, 2, 10),       CHECK("R2", "a", "WARN", 3, 2, 10),
        CHECK("R3", "a", "INVALID", 30, 2, 10), CHECK("R2", "b", "WARN", 4, 2, 10),
        CHECK("R4", "a", "OK", NAN, 2, 10),
    };
    static const char *const rows[] = { "INVALID|R3|a: it|30.0 %|2.00 |10.0 |",
                                        "WARN|R2|a: it|3.00 %|2.00 |10.0 |",
                                        "WARN|R2|b: it|4.00 %|2.00 |10.0 |",
                                        "OK|R1|a: it|1.00 %|2.00 |10.0 |", "OK|R4|a: it| |2.00 |10.0 |" };
    (void)state;
    char *text = part_of(report_checks, checks, N_OF(checks));
    const char *at = text;
    for (size_t i = 0; i < N_OF(rows); i++) {
        assert_says(at, rows[i]);
        at = strstr(at, rows[i]);
    }
    assert_says(text, "INVALID R3 a: it: 30.0 %, limit 10 %. Do so for R3.");
    assert_says(text, "WARN R2 b: it: 4.00 %, limit 2 %, and 1 more of its kind. Do so for R2.");
    free(text);
}

/* For rules that limit low values, the lower value is nearer. */
static void rules_that_held_are_told_by_the_nearest(void **state)
{
    struct derived_check checks[] = {
        CHECK("R1", "far", "OK", 1, 5, 10),         CHECK("R1", "near", "OK", 4, 5, 10),
        CHECK("R1", "as near", "OK", 4, 5, 10),     CHECK("R1", "over", "WARN", 6, 5, 10),
        CHECK("R9", "high", "OK", 900, 100, 10),    CHECK("R9", "low", "OK", 200, 100, 10),
        CHECK("R10", "like high", "OK", 9, 10, 10), CHECK("R10", "like low", "OK", 2, 10, 10),
    };
    (void)state;
    char *text = part_of(report_checks, checks, N_OF(checks));
    assert_int_equal(made_lines(text, "OK|"), 3);
    assert_line(text, "OK|R1|near: it (the nearest to its limit of 3)|4.00 %|5.00 |10.0 |");
    assert_line(text, "OK|R9|low: it (the nearest to its limit of 2)|200 %|100 |10.0 |");
    assert_line(text, "OK|R10|like high: it (the nearest to its limit of 2)|9.00 %|10.0 |10.0 |");
    assert_line(text, "WARN|R1|over: it|6.00 %|5.00 |10.0 |");
    free(text);
}

static void thresholds_show_what_was_measured(void **state)
{
    (void)state;
    char *text = part_of(report_thresholds, NULL, 0);
    assert_says(text, "p99 &lt; 5ms|all|4.20 ms|held|");
    assert_says(text, "c.errors &lt; 1%|c|2.00 %|missed|");
    assert_says(text, "p50 &lt; 1ms|all|&gt;= 900 us|not decided|");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_went_wrong_comes_first),
        cmocka_unit_test(rules_that_held_are_told_by_the_nearest),
        cmocka_unit_test(thresholds_show_what_was_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
