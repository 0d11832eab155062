#include "small_plan.h"
#include "stats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char refused[] = "connection refused";
static const char reset[] = "connection reset";

static int make(void **state)
{
    *state = stats_new(&small_plan);
    return *state ? 0 : -1;
}

static int drop(void **state)
{
    stats_free(*state);
    return 0;
}

static void histograms_come_into_being_on_first_use(void **state)
{
    struct stats *b = *state;
    assert_null(b->cells[CLOSED_P1].times[OUTCOME_OK]);
    struct stats_times *cell = stats_times(b, CLOSED_P1, OUTCOME_OK);
    assert_non_null(cell);
    for (int m = 0; m < N_METRICS; m++)
        assert_null(cell->metrics[m]);
    stats_times_add(cell, METRIC_SERVICE, 1000);
    assert_int_equal(cell->metrics[METRIC_SERVICE]->n, 1);
    assert_null(cell->metrics[METRIC_RX_AGE]);
    assert_ptr_equal(stats_times(b, CLOSED_P1, OUTCOME_OK), cell);
}

static void instances_may_come_in_any_order(void **state)
{
    struct stats_times *cell = stats_times(*state, CLOSED_P1, OUTCOME_OK);
    stats_times_add_instance(cell, 1000, 7);
    stats_times_add_instance(cell, 0, 5);
    stats_times_add_instance(cell, 1000, 9);
    assert_int_equal(cell->instances[1000]->n, 2);
    assert_int_equal(cell->instances[0]->n, 1);
    assert_null(cell->instances[1]);
}

static void clearing_empties_everything_and_keeps_the_histograms(void **state)
{
    struct stats *b = *state;
    struct stats_times *cell = stats_times(b, OPEN_MAIN, OUTCOME_TIMEOUT);
    stats_times_add(cell, METRIC_RESPONSE, 10);
    stats_times_add_instance(cell, 3, 10);
    stats_count_outcome(b, OPEN_MAIN, OUTCOME_TIMEOUT);
    stats_count_cause(b, OPEN, OPEN_MAIN, OUTCOME_TIMEOUT, 0, reset);
    b->n_remotes = 2;
    stats_remote(b, OPEN, 1)->n_done = 4;
    stats_remote_add(b, stats_remote(b, OPEN, 1), 10);
    hist_add(b->health.sends_per_wakeup, 3);
    b->streams[OPEN].n_sent = 1;
    b->health.n_wakeups = 5;
    b->err.n = 1;
    b->is_last = true;
    struct hist *kept = cell->metrics[METRIC_RESPONSE];

    stats_clear(b);
    assert_ptr_equal(cell->metrics[METRIC_RESPONSE], kept);
    assert_int_equal(kept->n, 0);
    assert_int_equal(cell->instances[3]->n, 0);
    assert_int_equal(b->cells[OPEN_MAIN].n_outcomes[OUTCOME_TIMEOUT], 0);
    assert_int_equal(b->n_causes, 0);
    assert_int_equal(stats_remote(b, OPEN, 1)->n_done, 0);
    assert_int_equal(stats_remote(b, OPEN, 1)->service->n, 0);
    assert_int_equal(b->health.sends_per_wakeup->n, 0);
    assert_int_equal(b->health.n_wakeups, 0);
    assert_int_equal(b->streams[OPEN].n_sent, 0);
    assert_int_equal(b->err.n, 0);
    assert_false(b->is_last);
}

static uint32_t n_spare(const struct stats *b)
{
    uint32_t n = 0;
    for (const struct hist *h = b->spare; h; h = h->next)
        n++;
    return n;
}

static void an_interval_without_a_value_gives_the_histograms_back(void **state)
{
    struct stats *b = *state;
    struct stats_times *cell = stats_times(b, CLOSED_P1, OUTCOME_OK);
    stats_times_add(cell, METRIC_SERVICE, 10);
    for (uint32_t i = 0; i < 100; i++)
        stats_times_add_instance(cell, i, 10);
    stats_clear(b);
    stats_times_add(cell, METRIC_SERVICE, 10);
    stats_times_add_instance(cell, 7, 10);
    stats_clear(b); /* instances but 7 had none */
    assert_int_equal(n_spare(b), 99);
    assert_null(cell->instances[6]);
    assert_non_null(cell->instances[7]);
    stats_clear(b); /* the phase is over */
    assert_int_equal(n_spare(b), 101);
    assert_null(b->cells[CLOSED_P1].times[OUTCOME_OK]);

    cell = stats_times(b, CLOSED_P3, OUTCOME_OK);
    for (uint32_t i = 0; i < 100; i++)
        stats_times_add_instance(cell, i, 10 + i);
    assert_int_equal(n_spare(b), 1);
    assert_int_equal(cell->instances[99]->n, 1);
    assert_int_equal(cell->instances[99]->max_ns, 109);
}

static void a_thousand_phases_need_no_more_than_one(void **state)
{
    struct stats *b = *state;
    const uint32_t phases[] = { CLOSED_P1, CLOSED_P3, OPEN_MAIN };
    for (int i = 0; i < 1000; i++) {
        struct stats_times *cell = stats_times(b, phases[i % 3], OUTCOME_OK);
        for (int k = 0; k < 1000; k++)
            stats_times_add(cell, METRIC_SERVICE, 1000 + (uint64_t)k);
        stats_clear(b);
    }
    assert_true(n_spare(b) <= 1);
}

static void remotes_cost_nothing_until_they_are_met(void **state)
{
    struct stats *b = *state;
    assert_null(b->remotes[3]);
    assert_int_equal(stats_remote_known(b, OPEN, 3).n_done, 0);
    stats_remote(b, OPEN, 3)->n_done = 2;
    assert_int_equal(stats_remote_known(b, OPEN, 3).n_done, 2);
    assert_int_equal(stats_remote_known(b, CLOSED, 3).n_done, 0);
    assert_null(b->remotes[2]);
}

static void causes_are_told_apart_by_stream_outcome_status_and_text(void **state)
{
    struct stats *b = *state;
    stats_count_cause(b, CLOSED, CLOSED_P1, OUTCOME_CONNECT, 0, refused);
    stats_count_cause(b, CLOSED, CLOSED_P1, OUTCOME_CONNECT, 0, refused);
    stats_count_cause(b, OPEN, OPEN_MAIN, OUTCOME_CONNECT, 0, refused);
    stats_count_cause(b, CLOSED, CLOSED_P1, OUTCOME_RESET, 0, refused);
    stats_count_cause(b, CLOSED, CLOSED_P1, OUTCOME_RESET, 0, reset);
    stats_count_cause(b, CLOSED, CLOSED_P1, OUTCOME_RESET, 500, reset);
    assert_int_equal(b->n_causes, 5);
    assert_int_equal(b->causes[0].count, 2);
}

static void more_causes_than_fit_are_left_out(void **state)
{
    struct stats *b = *state;
    for (uint16_t status = 100; status < 100 + STATS_CAUSES_MOST + 5; status++)
        stats_count_cause(b, OPEN, OPEN_MAIN, OUTCOME_STATUS_4XX, status, "status");
    assert_int_equal(b->n_causes, STATS_CAUSES_MOST);
    assert_int_equal(b->causes[STATS_CAUSES_MOST - 1].status, 100 + STATS_CAUSES_MOST - 1);
}

static void the_text_of_a_cause_counts_not_its_place(void **state)
{
    struct stats *b = *state;
    char copy[sizeof reset];
    memcpy(copy, reset, sizeof copy);
    stats_count_cause(b, CLOSED, CLOSED_P1, OUTCOME_RESET, 0, reset);
    stats_count_cause(b, CLOSED, CLOSED_P1, OUTCOME_RESET, 0, copy);
    assert_int_equal(b->n_causes, 1);
    assert_int_equal(b->causes[0].count, 2);
    stats_add_cause(
        b, &(struct stats_cause){
               .stream = CLOSED, .cell = CLOSED_P1, .outcome = OUTCOME_RESET, .cause = reset, .count = 5 });
    assert_int_equal(b->causes[0].count, 7);
}

/* Numbers of instances, as they are met, need room for themselves at least. */
static void every_instance_has_a_place_of_its_own(void **state)
{
    static const uint32_t numbers[] = { 15, 16, 31, 32, 64, 0 };
    struct stats_times *cell = stats_times(*state, CLOSED_P1, OUTCOME_OK);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        stats_times_add_instance(cell, numbers[i], 100 + numbers[i]);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        assert_int_equal(cell->instances[numbers[i]]->n, 1);
        assert_int_equal(cell->instances[numbers[i]]->max_ns, 100 + numbers[i]);
    }
    assert_true(cell->n_instances < 256);
}

static void clearing_forgets_samples_times_and_losses(void **state)
{
    struct stats *b = *state;
    b->sys.n = b->slow.n = b->err.n = 3;
    b->start_ns = b->end_ns = 9;
    b->n_lost = 2;
    stats_times_add(stats_times(b, OPEN_WARM, OUTCOME_OK), METRIC_LAG, 5);
    stats_remote(b, CLOSED, 2)->n_err = 4;
    stats_clear(b);
    assert_int_equal(b->sys.n + b->slow.n + b->err.n, 0);
    assert_true(b->start_ns == 0 && b->end_ns == 0);
    assert_int_equal(b->n_lost, 0);
    assert_int_equal(stats_remote_known(b, CLOSED, 2).n_err, 0);
    assert_int_equal(b->cells[OPEN_WARM].times[OUTCOME_OK]->metrics[METRIC_LAG]->n, 0);
    assert_non_null(b->remotes[2]);
}

static void the_shares_of_a_run_keep_as_many_samples_in_all_as_one_machine(void **state)
{
    struct plan plan = small_plan;
    (void)state;
    plan.share.count = 4;
    struct stats *b = stats_new(&plan);
    assert_int_equal(b->sys.most, 251);
    assert_int_equal(b->slow.most, 3);
    assert_int_equal(b->err.most, 25);
    stats_free(b);
    plan.share.count = 5000;
    b = stats_new(&plan);
    assert_int_equal(b->sys.most, 2);
    assert_int_equal(b->slow.most, 1);
    assert_int_equal(b->err.most, 1);
    stats_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(histograms_come_into_being_on_first_use, make, drop),
        cmocka_unit_test_setup_teardown(instances_may_come_in_any_order, make, drop),
        cmocka_unit_test_setup_teardown(clearing_empties_everything_and_keeps_the_histograms, make, drop),
        cmocka_unit_test_setup_teardown(an_interval_without_a_value_gives_the_histograms_back, make, drop),
        cmocka_unit_test_setup_teardown(a_thousand_phases_need_no_more_than_one, make, drop),
        cmocka_unit_test_setup_teardown(remotes_cost_nothing_until_they_are_met, make, drop),
        cmocka_unit_test_setup_teardown(causes_are_told_apart_by_stream_outcome_status_and_text, make, drop),
        cmocka_unit_test_setup_teardown(more_causes_than_fit_are_left_out, make, drop),
        cmocka_unit_test_setup_teardown(the_text_of_a_cause_counts_not_its_place, make, drop),
        cmocka_unit_test_setup_teardown(every_instance_has_a_place_of_its_own, make, drop),
        cmocka_unit_test_setup_teardown(clearing_forgets_samples_times_and_losses, make, drop),
        cmocka_unit_test(the_shares_of_a_run_keep_as_many_samples_in_all_as_one_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
