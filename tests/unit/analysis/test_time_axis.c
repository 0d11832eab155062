#include "time_axis.h"

#include "err.h"

#include "../cm.h"

#include "../close.h"

static void steps_are_seconds_until_there_are_too_many(void **state)
{
    (void)state;
    static const struct {
        double duration_s;
        unsigned step_s;
        size_t n_steps;
    } cases[] = {
        { 0.0, 1, 1 },   { 0.4, 1, 1 },   { 1.0, 1, 1 },       { 1.1, 1, 2 },
        { 400, 1, 400 }, { 401, 2, 201 }, { 86400, 300, 288 }, { 30 * 86400.0, 7200, 360 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct time_axis axis;
        time_axis_init(&axis, cases[i].duration_s);
        assert_int_equal(axis.step_s, cases[i].step_s);
        assert_int_equal(axis.n_steps, cases[i].n_steps);
        time_axis_fini(&axis);
    }
}

/* Four busy seconds, 57 idle ones, four busy ones, as in the reports' benchmark. */
static void cut_the_pause(struct time_axis *axis)
{
    struct err e;
    bool busy[65] = { false };
    for (int i = 0; i < 4; i++)
        busy[i] = busy[61 + i] = true;
    time_axis_init(axis, 64.5);
    assert_int_equal(axis->n_steps, 65);
    assert_int_equal(time_axis_cut_idle(axis, busy, &e), 0);
}

static void a_long_pause_is_cut_out(void **state)
{
    (void)state;
    struct time_axis axis;
    cut_the_pause(&axis);
    assert_int_equal(axis.n_cuts, 1);
    assert_close(axis.cuts[0].from_s, 4, 1e-9);
    assert_close(axis.cuts[0].to_s, 61, 1e-9);
    assert_true(time_axis_step_is_cut(&axis, 30));
    assert_false(time_axis_step_is_cut(&axis, 3));
    assert_false(time_axis_step_is_cut(&axis, 61));
    time_axis_fini(&axis);
}

static void positions_rise_with_time_across_a_cut(void **state)
{
    (void)state;
    struct time_axis axis;
    cut_the_pause(&axis);
    assert_close(time_axis_x(&axis, 4), 4, 1e-9);
    assert_close(time_axis_x(&axis, 61), 4 + axis.cut_width_s, 1e-9);
    assert_close(time_axis_x(&axis, 62.5), 5.5 + axis.cut_width_s, 1e-9);
    for (double t_s = 0.1; t_s < 64.5; t_s += 0.1)
        assert_true(time_axis_x(&axis, t_s) > time_axis_x(&axis, t_s - 0.1));
    time_axis_fini(&axis);
}

static void idle_ends_and_short_pauses_stay(void **state)
{
    (void)state;
    struct err e;
    struct time_axis axis;
    bool busy[100] = { false };
    busy[30] = busy[35] = busy[40] = true; /* 30 s before, 4 s twice between, 59 s after */
    time_axis_init(&axis, 100);
    assert_int_equal(time_axis_cut_idle(&axis, busy, &e), 0);
    assert_int_equal(axis.n_cuts, 0);
    assert_close(time_axis_x(&axis, 77), 77, 1e-9);
    time_axis_fini(&axis);
}

static void tics_are_round_and_never_in_a_cut(void **state)
{
    (void)state;
    struct time_axis axis;
    cut_the_pause(&axis);
    double t_s[32];
    const size_t n = time_axis_tics(&axis, 9, t_s, 32);
    assert_in_range(n, 5, 16);
    for (size_t i = 0; i < n; i++) {
        assert_close(t_s[i], (double)(int)t_s[i], 1e-9);
        assert_false(t_s[i] > 4 && t_s[i] < 61);
    }
    time_axis_fini(&axis);
}

static void times_beyond_the_end_belong_to_the_last_step(void **state)
{
    (void)state;
    struct time_axis axis;
    time_axis_init(&axis, 10);
    assert_int_equal(time_axis_step(&axis, -1), 0);
    assert_int_equal(time_axis_step(&axis, 9.99), 9);
    assert_int_equal(time_axis_step(&axis, 10), 9);
    assert_int_equal(time_axis_step(&axis, 1e9), 9);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_seconds_until_there_are_too_many),
        cmocka_unit_test(a_long_pause_is_cut_out),
        cmocka_unit_test(positions_rise_with_time_across_a_cut),
        cmocka_unit_test(idle_ends_and_short_pauses_stay),
        cmocka_unit_test(tics_are_round_and_never_in_a_cut),
        cmocka_unit_test(times_beyond_the_end_belong_to_the_last_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
