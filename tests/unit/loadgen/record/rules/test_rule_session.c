/* What the rules say of sessions. */
#include "cm.h"
#include "rule.h"
#include "session_plan.h"
#include "stats.h"

struct input {
    struct rule_input in;
    struct stats *run;
    struct rule_case c;
};

static int make(void **state)
{
    static struct input x;
    x = (struct input){ .run = stats_new(&session_plan) };
    x.in = (struct rule_input){ .plan = &session_plan, .run = x.run };
    x.c = (struct rule_case){ .in = &x.in, .stream = BUYERS };
    *state = &x;
    return x.run ? 0 : -1;
}

static int drop(void **state)
{
    stats_free(((struct input *)*state)->run);
    session_plan_session.pace_ns = 0;
    return 0;
}

static void sessions_cut_off_are_a_share_of_those_begun(void **state)
{
    struct input *x = *state;
    struct check check = { 0 };
    uint64_t *ends = x->run->cells[buyers_cell(SESSION, MAIN)].n_outcomes;
    assert_false(rule_measure_cut(&x->c, &check));
    ends[OUTCOME_DROPPED] = 100;
    assert_false(rule_measure_cut(&x->c, &check));
    ends[OUTCOME_OK] = 15;
    ends[OUTCOME_CENSORED] = 5;
    x->run->cells[buyers_cell(SESSION, WARM)].n_outcomes[OUTCOME_CENSORED] = 50;
    x->run->cells[buyers_cell(LOGIN, MAIN)].n_outcomes[OUTCOME_CENSORED] = 50;
    assert_true(rule_measure_cut(&x->c, &check));
    assert_true(check.value == 25);
}

static void a_full_pool_is_counted(void **state)
{
    struct input *x = *state;
    struct check check = { 0 };
    assert_false(rule_measure_pool(&x->c, &check));
    x->run->streams[BUYERS].sessions.n_pool_full = 3;
    assert_true(rule_measure_pool(&x->c, &check));
    assert_true(check.value == 3);
}

static void paces_are_judged_where_there_is_one(void **state)
{
    struct input *x = *state;
    struct check check = { 0 };
    x->run->streams[BUYERS].sessions = (struct stats_sessions){ .n_begun = 50, .n_late_paces = 1 };
    assert_false(rule_measure_paces(&x->c, &check));
    session_plan_session.pace_ns = 1;
    assert_true(rule_measure_paces(&x->c, &check));
    assert_true(check.value == 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sessions_cut_off_are_a_share_of_those_begun, make, drop),
        cmocka_unit_test_setup_teardown(a_full_pool_is_counted, make, drop),
        cmocka_unit_test_setup_teardown(paces_are_judged_where_there_is_one, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
