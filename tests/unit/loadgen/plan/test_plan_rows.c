#include "cm.h"
#include "err.h"
#include "plan.h"
#include "rows.h"
#include "session.h"
#include "session_plan.h"
#include "stream.h"

#include <stdlib.h>

static void redirects_stand_behind_the_steps_and_the_session_last(void **state)
{
    static struct session_step steps[] = { { .name = "token" },
                                           { .name = "order", .n_follow = 2 },
                                           { .name = "bye" } };
    static struct plan_session session = { .steps = steps, .n_steps = N_OF(steps) };
    static const char *const names[] = { "token", "order", "bye", "order_redirect", "session" };
    struct plan_stream stream = { .session = &session };
    struct err e;
    (void)state;
    assert_int_equal(rows_make(&stream, &e), 0);
    assert_int_equal(stream.n_rows, N_OF(names));
    for (size_t i = 0; i < N_OF(names); i++) {
        assert_string_equal(stream.rows[i].name, names[i]);
        assert_int_equal(plan_find_row(&stream, names[i]), i);
    }
    assert_int_equal(steps[1].row, 1);
    assert_int_equal(steps[1].redirect_row, 3);
    assert_int_equal(steps[2].redirect_row, 2);
    assert_int_equal(stream.rows[3].kind, PLAN_ROW_REDIRECT);
    assert_true(plan_has_session_row(&stream));
    assert_int_equal(plan_n_request_rows(&stream), 4);
    free(stream.rows);
}

static void a_plain_stream_has_one_row_without_a_name(void **state)
{
    struct plan_stream stream;
    struct err e;
    (void)state;
    stream_init(&stream, 1, 1);
    assert_int_equal(rows_make(&stream, &e), 0);
    assert_int_equal(stream.n_rows, 1);
    assert_null(stream.rows);
    assert_string_equal(plan_row_name(&stream, 0), "");
    assert_false(plan_has_session_row(&stream));
}

static void cells_are_numbered_by_stream_row_and_phase(void **state)
{
    struct plan plan = session_plan;
    (void)state;
    plan.n_phases = plan.n_cells = 0;
    stream_number_phases(&plan);
    assert_int_equal(plan.n_phases, 3);
    assert_int_equal(plan.n_cells, 9);
    assert_int_equal(plan.streams[BUYERS].first_cell_index, 1);
}

static void a_threshold_must_name_a_row_that_there_is(void **state)
{
    static const struct {
        const char *text, *sentence; /* NULL: it is taken */
    } cases[] = {
        { "buyers.login.p99 < 1s", NULL },
        { "buyers.session.errors < 1%", NULL },
        { "buyers.order_redirect.p99.9 < 1s", NULL },
        { "buyers.lgin.p99 < 1s", "stream 'buyers' has no step 'lgin'; did you mean login?" },
        { "plain.login.p99 < 1s", "stream 'plain' has no steps, and so no 'login'" },
        { "sellers.login.p99 < 1s", "there is no stream 'sellers'; there are plain, buyers" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct plan plan = session_plan;
        struct err e = { 0 };
        assert_int_equal(plan_add_threshold(&plan, cases[i].text, &e), cases[i].sentence ? -1 : 0);
        if (cases[i].sentence)
            assert_string_equal(e.text, cases[i].sentence);
        for (size_t k = 0; k < plan.n_thresholds; k++)
            free(plan.thresholds[k].text);
        free(plan.thresholds);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(redirects_stand_behind_the_steps_and_the_session_last),
        cmocka_unit_test(a_plain_stream_has_one_row_without_a_name),
        cmocka_unit_test(cells_are_numbered_by_stream_row_and_phase),
        cmocka_unit_test(a_threshold_must_name_a_row_that_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
