/* Statistics by row of a session stream. */
#include "cm.h"
#include "session_plan.h"
#include "stats.h"
#include "stats_query.h"

static int drop(void **state)
{
    stats_free(*state);
    return 0;
}

static void put(struct stats *b, uint32_t cell, enum outcome outcome, enum metric metric, uint64_t ns)
{
    b->cells[cell].n_outcomes[outcome]++;
    stats_times_add(stats_times(b, cell, outcome), metric, ns);
}

/* Each row of the main phase has one good time of its own; order has a failure, the session as well. */
static int make(void **state)
{
    struct stats *b = stats_new(&session_plan);
    if (!b)
        return -1;
    put(b, 0, OUTCOME_OK, METRIC_SERVICE, 7);
    put(b, buyers_cell(LOGIN, WARM), OUTCOME_OK, METRIC_RESPONSE, 1000);
    put(b, buyers_cell(LOGIN, MAIN), OUTCOME_OK, METRIC_RESPONSE, 10);
    put(b, buyers_cell(ORDER, MAIN), OUTCOME_OK, METRIC_RESPONSE, 20);
    put(b, buyers_cell(ORDER, MAIN), OUTCOME_EXPECT, METRIC_RESPONSE, 25);
    put(b, buyers_cell(ORDER_REDIRECT, MAIN), OUTCOME_OK, METRIC_RESPONSE, 30);
    put(b, buyers_cell(SESSION, MAIN), OUTCOME_OK, METRIC_BUSY, 60);
    put(b, buyers_cell(SESSION, MAIN), OUTCOME_EXPECT, METRIC_BUSY, 45);
    *state = b;
    return 0;
}

static void cells_of_all_streams_are_apart(void **state)
{
    (void)state;
    bool is_taken[1 + N_ROWS_OF_BUYERS * N_PHASES_OF_BUYERS] = { true };
    for (size_t row = 0; row < N_ROWS_OF_BUYERS; row++)
        for (size_t phase = 0; phase < N_PHASES_OF_BUYERS; phase++) {
            const size_t cell = buyers_cell(row, phase);
            assert_true(cell < N_OF(is_taken) && !is_taken[cell]);
            is_taken[cell] = true;
            assert_int_equal(plan_row_of(&session_plan_streams[BUYERS], cell), row);
            assert_int_equal(plan_phase_of(&session_plan_streams[BUYERS], cell), phase);
        }
}

static void a_streams_own_counts_are_those_of_its_requests(void **state)
{
    const struct stats *b = *state;
    struct stats_scope scope = { .plan = &session_plan, .streams = UINT64_C(1) << BUYERS };
    struct stats_counts ends;
    stats_count(b, &scope, &ends);
    assert_int_equal(ends.n_ok, 3);
    assert_int_equal(ends.n_err, 1);
    scope.with_warmup = true;
    stats_count(b, &scope, &ends);
    assert_int_equal(ends.n_ok, 4);
    stats_count_phase(b, &session_plan_streams[BUYERS], MAIN, &ends);
    assert_int_equal(ends.n_done, 4);
}

static void a_threshold_names_a_row(void **state)
{
    static const struct {
        const char *scope;
        uint64_t n_ok, n_err, max_ns;
    } cases[] = {
        { "buyers", 3, 1, 30 },
        { "buyers/login", 1, 0, 10 },
        { "buyers/order", 1, 1, 25 },
        { "buyers/session", 1, 1, 60 },
        { "buyers/order_redirect", 1, 0, 30 },
        { "plain", 1, 0, 7 },
        { "", 4, 1, 30 },
    };
    struct hist *scratch = hist_new();
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct stats_scope scope = stats_scope_named(&session_plan, cases[i].scope);
        struct stats_counts ends;
        stats_count(*state, &scope, &ends);
        if (ends.n_ok != cases[i].n_ok || ends.n_err != cases[i].n_err)
            fail_msg("%s", cases[i].scope);
        assert_int_equal(stats_values(*state, &scope, STATS_HEADLINE, scratch)->max_ns, cases[i].max_ns);
    }
    assert_int_equal(stats_scope_named(&session_plan, "buyers/logout").streams, 0);
    assert_int_equal(stats_scope_named(&session_plan, "plain/login").streams, 0);
    hist_free(scratch);
}

static void closed_sessions_have_due_times(void **state)
{
    (void)state;
    assert_int_equal(stats_headline(&session_plan_streams[BUYERS]), METRIC_RESPONSE);
    assert_int_equal(stats_headline(&session_plan_streams[PLAIN]), METRIC_SERVICE);
    assert_int_equal(stats_row_headline(&session_plan_streams[BUYERS], LOGIN), METRIC_RESPONSE);
    assert_int_equal(stats_row_headline(&session_plan_streams[BUYERS], SESSION), METRIC_BUSY);
}

static void a_pass_that_began_has_both_its_times(void **state)
{
    struct stats *b = *state;
    struct stats_times *ok = stats_times(b, buyers_cell(SESSION, MAIN), OUTCOME_OK);
    const uint64_t n_before = stats_missing(b, &session_plan, BUYERS);
    stats_times_add(ok, METRIC_TOTAL, 90);
    assert_int_equal(stats_missing(b, &session_plan, BUYERS), n_before - 1);
    b->cells[buyers_cell(SESSION, MAIN)].n_outcomes[OUTCOME_DROPPED]++;
    assert_int_equal(stats_missing(b, &session_plan, BUYERS), n_before - 1);
    b->cells[buyers_cell(SESSION, MAIN)].n_outcomes[OUTCOME_OK]++;
    assert_int_equal(stats_missing(b, &session_plan, BUYERS), n_before + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_of_all_streams_are_apart),
        cmocka_unit_test_setup_teardown(a_streams_own_counts_are_those_of_its_requests, make, drop),
        cmocka_unit_test_setup_teardown(a_threshold_names_a_row, make, drop),
        cmocka_unit_test(closed_sessions_have_due_times),
        cmocka_unit_test_setup_teardown(a_pass_that_began_has_both_its_times, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
