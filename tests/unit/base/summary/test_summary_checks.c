#include "summary_checks.h"

#include "cm.h"

#include "derived.h"

#include <math.h>

static struct derived_check check(const char *rule, const char *scope, const char *level, double value,
                                  double warn, double invalid, const char *advice)
{
    return (struct derived_check){ .rule = rule,
                                   .scope = scope,
                                   .level = level,
                                   .value = value,
                                   .warn = warn,
                                   .invalid = invalid,
                                   .advice = advice };
}

static void each_cause_has_one_line_with_its_worst_case(void **state)
{
    const struct derived_check checks[] = {
        check("R1", "first", "WARN", 3, 2, 10, "more threads"),
        check("R2", "well", "OK", 30, 2, 10, "more threads"),
        check("R1", "further", "WARN", 5, 2, 10, "more threads"),
        check("R1", "nearer", "WARN", 4, 2, 10, "more threads"),
        check("R1", "other advice", "WARN", 3, 2, 10, "a lower rate"),
        check("R3", "invalid", "INVALID", 11, 2, 10, "another machine"),
        check("R4", "other rule, same advice", "INVALID", 10.5, 2, 10, "a lower rate"),
        check("R14", "unknown", "NOT JUDGED", NAN, 2, 10, "more threads"),
        check("R8", "the table says it", "INVALID", 30, 2, 10, ""),
    };
    static const struct {
        const char *scope;
        size_t n_more;
    } wanted[] = { { "other rule, same advice", 1 }, { "invalid", 0 }, { "further", 2 } };
    struct summary_check lines[N_OF(checks)];
    (void)state;
    assert_int_equal(summary_checks(checks, N_OF(checks), lines, N_OF(checks)), N_OF(wanted));
    for (size_t i = 0; i < N_OF(wanted); i++) {
        assert_string_equal(lines[i].worst->scope, wanted[i].scope);
        assert_int_equal(lines[i].n_more, wanted[i].n_more);
    }
    assert_int_equal(summary_checks(checks, N_OF(checks), lines, 1), 1);
    assert_string_equal(lines[0].worst->scope, wanted[0].scope);
    assert_int_equal(summary_checks(checks, 0, lines, 1), 0);
}

static const char *worst_of(const struct derived_check *checks, size_t n)
{
    struct summary_check line;
    assert_int_equal(summary_checks(checks, n, &line, 1), 1);
    assert_int_equal(line.n_more, n - 1);
    return line.worst->scope;
}

static void the_worst_is_the_farthest_beyond_its_limit(void **state)
{
    const struct derived_check below[] = {
        check("R9", "twice below", "WARN", 50, 100, NAN, "a"),
        check("R9", "5 times", "WARN", 20, 100, NAN, "a"),
        check("R9", "once", "WARN", 99, 100, NAN, "a"),
    };
    const struct derived_check none[] = { below[1], check("R9", "nothing at all", "WARN", 0, 100, NAN, "a") };
    const struct derived_check levels[] = { check("R2", "warns", "WARN", 9, 1, 10, "a"),
                                            check("R2", "invalid", "INVALID", 11, 1, 10, "a") };
    const struct derived_check unknown[] = { check("R2", "unknown", "INVALID", NAN, 1, 10, "a"),
                                             check("R2", "at its limit", "INVALID", 10, 1, 10, "a") };
    (void)state;
    assert_string_equal(worst_of(below, 3), "5 times");
    assert_string_equal(worst_of(none, 2), "nothing at all");
    assert_string_equal(worst_of(levels, 2), "invalid");
    assert_string_equal(worst_of(unknown, 2), "at its limit");
}

static void the_limit_is_that_of_the_level(void **state)
{
    const struct derived_check warns = check("R1", "", "WARN", 5, 2, 10, "");
    const struct derived_check invalid = check("R1", "", "INVALID", 11, 2, 10, "");
    (void)state;
    assert_true(summary_check_limit(&warns) == 2);
    assert_true(summary_check_limit(&invalid) == 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_cause_has_one_line_with_its_worst_case),
        cmocka_unit_test(the_worst_is_the_farthest_beyond_its_limit),
        cmocka_unit_test(the_limit_is_that_of_the_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
