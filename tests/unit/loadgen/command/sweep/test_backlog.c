/* When requests pile up all through a step of a sweep, and when a queue is no sign of it. */
#include "cm.h"

#include "backlog.h"
#include "err.h"
#include "scratch.h"

/* What 1000 requests per second leave unanswered at the end of each second; of two streams with half of it
 * each. */
static bool grew_within(const int *backlog_n, int n_seconds, double from_s, double to_s)
{
    char *text = NULL;
    size_t length = 0;
    bool result;
    struct err e;
    FILE *out = open_memstream(&text, &length);
    fputs("t_s,stream,intended_n,inflight_n\n", out);
    for (int t = 0; t < n_seconds; t++)
        for (int i = 0; i < 2; i++)
            fprintf(out, "%d,s%d,500,%d\n", t, i, backlog_n[t] / 2);
    fprintf(out, "%d,s0,0,0\n", n_seconds); /* what was left is answered after the end */
    fclose(out);
    scratch_write("intervals.csv", text, length);
    free(text);
    if (backlog_grew(scratch_folder, from_s, to_s, &result, &e))
        fail_msg("%s", e.text);
    return result;
}

/* Measured from 2 s on to the end. */
static bool grew(const int *backlog_n, int n_seconds)
{
    return grew_within(backlog_n, n_seconds, 2, n_seconds);
}

static void a_step_whose_backlog_grew_throughout_did_not_hold(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        int backlog_n[12];
        bool grew;
    } cases[] = {
        { "20 more arrive each second than are answered",
          { 20, 40, 60, 80, 100, 120, 140, 160, 180, 200, 220, 240 },
          true },
        { "as before, at random", { 10, 50, 40, 90, 90, 140, 130, 150, 200, 190, 210, 250 }, true },
        { "8 more each second: less than 1 %", { 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96 }, false },
        { "long, and as long as ever",
          { 500, 600, 590, 610, 600, 595, 605, 600, 590, 610, 600, 610 },
          false },
        { "a stall at the end", { 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 800 }, false },
        { "a stall in the middle", { 4, 4, 4, 4, 4, 4, 800, 600, 400, 200, 4, 4 }, false },
        { "it filled and then stayed", { 0, 0, 0, 200, 400, 500, 500, 500, 500, 500, 500, 500 }, false },
        { "more than 1 %, but no more than chance",
          { 900, 900, 960, 990, 1000, 1000, 1020, 1020, 1040, 1050, 1060, 1080 },
          false },
        { "nobody waits", { 0 }, false },
    };
    for (size_t i = 0; i < N_OF(cases); i++)
        if (grew(cases[i].backlog_n, 12) != cases[i].grew)
            fail_msg("%s", cases[i].why);
}

static void less_than_four_whole_seconds_tell_nothing(void **state)
{
    (void)state;
    static const int backlog_n[] = { 0, 100, 200, 300, 400, 500 };
    assert_false(grew(backlog_n, 5));
    assert_true(grew(backlog_n, 6));
}

static void only_whole_seconds_count_and_each_half_by_what_was_due_in_it(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        double from_s, to_s;
        int backlog_n[9];
        bool grew;
    } cases[] = {
        { "from 2 s over 4 s to 7 s", 1.5, 7.5, { 900, 0, 20, 40, 60, 80, 100, 0, 0 }, true },
        { "25 more within 3 s: less than 1 %", 1.5, 7.5, { 0, 0, 20, 40, 50, 60, 65, 900, 900 }, false },
        { "from the very beginning", 0, 8, { 20, 40, 60, 80, 100, 120, 140, 160, 0 }, true },
        { "from the very beginning, then no longer", 0, 8, { 20, 40, 60, 80, 85, 90, 95, 100, 900 }, false },
    };
    for (size_t i = 0; i < N_OF(cases); i++)
        if (grew_within(cases[i].backlog_n, 9, cases[i].from_s, cases[i].to_s) != cases[i].grew)
            fail_msg("%s", cases[i].why);
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    bool result;
    struct err e;
    assert_int_equal(backlog_grew("/nowhere", 2, 12, &result, &e), -1);
    assert_non_null(strstr(e.text, "/nowhere/intervals.csv"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_whose_backlog_grew_throughout_did_not_hold),
        cmocka_unit_test(less_than_four_whole_seconds_tell_nothing),
        cmocka_unit_test(only_whole_seconds_count_and_each_half_by_what_was_due_in_it),
        cmocka_unit_test(a_missing_file_is_named),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
