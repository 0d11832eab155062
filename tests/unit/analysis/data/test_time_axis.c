#include "time_axis.h"

#include "err.h"

#include "cm.h"

#include "close.h"

static void steps_are_seconds_until_there_are_too_many(void **state)
{
    (void)state;
    static const struct {
        double duration_s;
        unsigned step_s;
        size_t n_steps;
    } cases[] = {
        { 0.0, 1, 1 },
        { 0.4, 1, 1 },
        { 1.0, 1, 1 },
        { 1.1, 1, 2 },
        { 400, 1, 400 },
        { 401, 2, 201 },
        { 86400, 360, 240 },
        { 30 * 86400.0, 7200, 360 },
        { 400 * 86400.0, 86400, 400 }, /* a step is a day, or several */
        { 401 * 86400.0, 2 * 86400, 201 },
        { 2000 * 86400.0, 5 * 86400, 400 },
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

/* 5 s are not cut out, and nor is an eighth of a long run; idle seconds count by steps. */
static void a_pause_is_cut_beyond_five_seconds_or_an_eighth(void **state)
{
    (void)state;
    static const struct {
        double duration_s;
        size_t from, to; /* idle steps, the last one not included */
        size_t n_cuts;
    } cases[] = {
        { 20, 3, 8, 0 },   { 20, 3, 9, 1 },   { 20, 0, 10, 0 },   { 20, 10, 20, 0 },
        { 80, 10, 20, 0 }, { 80, 10, 21, 1 }, { 800, 10, 60, 0 }, /* of 2 s each */ { 800, 10, 61, 1 },
        { 20, 1, 19, 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct time_axis axis;
        struct err e;
        bool busy[400];
        time_axis_init(&axis, cases[i].duration_s);
        for (size_t k = 0; k < axis.n_steps; k++)
            busy[k] = k < cases[i].from || k >= cases[i].to;
        assert_int_equal(time_axis_cut_idle(&axis, busy, &e), 0);
        assert_int_equal(axis.n_cuts, cases[i].n_cuts);
        if (axis.n_cuts > 0) {
            assert_close(axis.cuts[0].from_s, (double)(cases[i].from * axis.step_s), 0);
            assert_close(axis.cuts[0].to_s, (double)(cases[i].to * axis.step_s), 0);
            assert_close(axis.cut_width_s, .06 * (axis.duration_s - axis.cuts[0].to_s + axis.cuts[0].from_s),
                         1e-12);
            assert_true(time_axis_step_is_cut(&axis, cases[i].from));
            assert_true(time_axis_step_is_cut(&axis, cases[i].to - 1));
            assert_false(time_axis_step_is_cut(&axis, cases[i].from - 1));
            assert_false(time_axis_step_is_cut(&axis, cases[i].to));
        }
        time_axis_fini(&axis);
    }
}

static void two_pauses_are_two_cuts(void **state)
{
    (void)state;
    struct time_axis axis;
    struct err e;
    bool busy[40];
    time_axis_init(&axis, 40);
    for (size_t k = 0; k < 40; k++)
        busy[k] = k < 2 || (k >= 12 && k < 14) || k >= 34;
    assert_int_equal(time_axis_cut_idle(&axis, busy, &e), 0);
    assert_int_equal(axis.n_cuts, 2);
    const double width_s = .06 * (40 - 10 - 20); /* of what is left */
    assert_close(axis.cut_width_s, width_s, 1e-12);
    assert_close(time_axis_x(&axis, 2), 2, 1e-12);
    assert_close(time_axis_x(&axis, 7), 2 + width_s / 2, 1e-12);
    assert_close(time_axis_x(&axis, 13), 2 + width_s + 1, 1e-12);
    assert_close(time_axis_x(&axis, 40), 10 + 2 * width_s, 1e-12);
    double tics[40];
    const size_t n =
        time_axis_tics(&axis, 20, tics, 40); /* 11.2 s are shown, by seconds, in at most 40 tics */
    assert_int_equal(n, 3 + 3 + 7);
    assert_close(tics[2], 2, 0); /* where a cut begins and ends */
    assert_close(tics[3], 12, 0);
    assert_int_equal(time_axis_tics(&axis, 20, tics, 4), 4);
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
    assert_int_equal(time_axis_step(&axis, 1e300), 9);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_seconds_until_there_are_too_many),
        cmocka_unit_test(a_long_pause_is_cut_out),
        cmocka_unit_test(positions_rise_with_time_across_a_cut),
        cmocka_unit_test(idle_ends_and_short_pauses_stay),
        cmocka_unit_test(tics_are_round_and_never_in_a_cut),
        cmocka_unit_test(a_pause_is_cut_beyond_five_seconds_or_an_eighth),
        cmocka_unit_test(two_pauses_are_two_cuts),
        cmocka_unit_test(times_beyond_the_end_belong_to_the_last_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
