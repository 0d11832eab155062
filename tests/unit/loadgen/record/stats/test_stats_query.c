/* Counts and values by scope. Every phase of the small plan has different numbers. */
#include "cm.h"
#include "small_plan.h"
#include "stats.h"
#include "stats_merge.h"
#include "stats_query.h"

static int drop(void **state)
{
    stats_free(*state);
    return 0;
}

/* Phase i has 10^i ok responses, twice as many resets, and one closed idle connection. */
static int make(void **state)
{
    static const uint64_t n_ok[] = { 1, 10, 100, 1000, 10000 };
    struct stats *b = stats_new(&small_plan);
    if (!b)
        return -1;
    for (uint32_t i = 0; i < N_PHASES_IN_SMALL_PLAN; i++) {
        b->cells[i].n_outcomes[OUTCOME_OK] = n_ok[i];
        b->cells[i].n_outcomes[OUTCOME_RESET] = 2 * n_ok[i];
        b->cells[i].n_outcomes[OUTCOME_RESET_IDLE] = 1;
        stats_times_add(stats_times(b, i, OUTCOME_OK), METRIC_SERVICE, 100 + i);
        stats_times_add(stats_times(b, i, OUTCOME_RESET), METRIC_SERVICE, 200 + i);
        stats_times_add(stats_times(b, i, OUTCOME_RESET_IDLE), METRIC_SERVICE, 900);
        stats_times_add(stats_times(b, i, OUTCOME_OK), METRIC_RESPONSE, 300 + i);
    }
    *state = b;
    return 0;
}

static void a_name_means_all_a_cluster_or_a_stream(void **state)
{
    (void)state;
    assert_int_equal(stats_scope_named(&small_plan, "").streams, 3);
    assert_int_equal(stats_scope_named(&small_plan, "cluster1").streams, 1);
    assert_int_equal(stats_scope_named(&small_plan, "cluster2").streams, 2);
    assert_int_equal(stats_scope_named(&small_plan, "burst").streams, 1);
    assert_int_equal(stats_scope_named(&small_plan, "open").streams, 2);
    assert_int_equal(stats_scope_named(&small_plan, "ope").streams, 0);
}

static void counts_are_of_the_scope_alone(void **state)
{
    static const struct {
        uint64_t streams;
        bool with_warmup;
        uint64_t n_ok, n_idle;
    } cases[] = { { 1, false, 111, 3 },  { 1, true, 111, 3 },    { 2, false, 10000, 1 },
                  { 2, true, 11000, 2 }, { 3, false, 10111, 4 }, { 3, true, 11111, 5 },
                  { 0, true, 0, 0 } };
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct stats_scope scope = { .plan = &small_plan,
                                           .streams = cases[i].streams,
                                           .with_warmup = cases[i].with_warmup };
        struct stats_counts counts;
        stats_count(*state, &scope, &counts);
        assert_int_equal(counts.n_ok, cases[i].n_ok);
        assert_int_equal(counts.n_err, 2 * cases[i].n_ok);
        assert_int_equal(counts.n_done, 3 * cases[i].n_ok);
        assert_int_equal(counts.n_outcomes[OUTCOME_RESET_IDLE], cases[i].n_idle);
    }
}

static void values_are_of_the_scope_alone(void **state)
{
    static const struct {
        uint64_t streams;
        bool with_warmup;
        enum metric metric;
        uint64_t n, min_ns, max_ns;
    } cases[] = {
        { 1, false, METRIC_SERVICE, 6, 100, 202 }, { 2, false, METRIC_SERVICE, 2, 104, 204 },
        { 2, true, METRIC_SERVICE, 4, 103, 204 },  { 3, true, METRIC_SERVICE, 10, 100, 204 },
        { 2, false, STATS_HEADLINE, 1, 304, 304 }, { 0, true, METRIC_SERVICE, 0, 0, 0 },
    };
    struct hist *scratch = hist_new_compact();
    assert_non_null(scratch);
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct stats_scope scope = { .plan = &small_plan,
                                           .streams = cases[i].streams,
                                           .with_warmup = cases[i].with_warmup };
        const struct hist *h = stats_values(*state, &scope, cases[i].metric, scratch);
        assert_int_equal(h->n, cases[i].n);
        assert_int_equal(h->max_ns, cases[i].max_ns);
        if (h->n > 0)
            assert_int_equal(h->min_ns, cases[i].min_ns);
        assert_int_equal(h == scratch, cases[i].n != 1);
    }
    hist_free(scratch);
}

static void answers_of_no_instance_are_what_the_instances_leave(void **state)
{
    struct stats *b = *state;
    assert_int_equal(stats_in_no_instance(b, &small_plan, CLOSED), 111);
    for (int i = 0; i < 7; i++)
        stats_times_add_instance(stats_times(b, CLOSED_P3, OUTCOME_OK), (uint32_t)i % 2, 5);
    assert_int_equal(stats_in_no_instance(b, &small_plan, CLOSED), 104);
    assert_int_equal(stats_in_no_instance(b, &small_plan, OPEN), 11000);
    b->cells[CLOSED_P1].n_outcomes[OUTCOME_OK] = 0;
    b->cells[CLOSED_PAUSE].n_outcomes[OUTCOME_OK] = 0;
    b->cells[CLOSED_P3].n_outcomes[OUTCOME_OK] = 6;
    assert_int_equal(stats_in_no_instance(b, &small_plan, CLOSED), 0);
}

static void merged_stats_add_up_and_span_both(void **state)
{
    struct stats *b = *state, *sum = stats_new(&small_plan);
    assert_non_null(sum);
    b->streams[OPEN] = (struct stats_stream){
        .n_intended = 1, .n_backlog_most = 2, .n_sent = 3, .n_conn_new = 4, .bytes = { { 5, 6 }, { 0 } }
    };
    static const struct {
        uint64_t start_ns, end_ns, from_ns, until_ns;
    } stats[] = { { 500, 900, 500, 900 }, { 600, 800, 500, 900 }, { 400, 1000, 400, 1000 } };
    for (size_t i = 0; i < N_OF(stats); i++) {
        b->start_ns = stats[i].start_ns;
        b->end_ns = stats[i].end_ns;
        b->n_lost = 7;
        stats_merge(sum, b, NULL);
        assert_int_equal(sum->start_ns, stats[i].from_ns);
        assert_int_equal(sum->end_ns, stats[i].until_ns);
        assert_int_equal(sum->n_lost, 7 * (i + 1));
        assert_int_equal(sum->streams[OPEN].n_intended, i + 1);
        assert_int_equal(sum->streams[OPEN].n_backlog_most, 2 * (i + 1));
        assert_int_equal(sum->streams[OPEN].n_sent, 3 * (i + 1));
        assert_int_equal(sum->streams[OPEN].n_conn_new, 4 * (i + 1));
        assert_int_equal(sum->streams[OPEN].bytes[0].rx, 5 * (i + 1));
        assert_int_equal(sum->streams[OPEN].bytes[0].tx, 6 * (i + 1));
        assert_int_equal(sum->cells[CLOSED_P3].n_outcomes[OUTCOME_RESET], 200 * (i + 1));
        assert_int_equal(sum->cells[CLOSED_P3].times[OUTCOME_OK]->metrics[METRIC_SERVICE]->n, i + 1);
    }
    stats_free(sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_means_all_a_cluster_or_a_stream),
        cmocka_unit_test_setup_teardown(counts_are_of_the_scope_alone, make, drop),
        cmocka_unit_test_setup_teardown(values_are_of_the_scope_alone, make, drop),
        cmocka_unit_test_setup_teardown(answers_of_no_instance_are_what_the_instances_leave, make, drop),
        cmocka_unit_test_setup_teardown(merged_stats_add_up_and_span_both, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
