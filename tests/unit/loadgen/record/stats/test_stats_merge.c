#include "cm.h"
#include "names.h"
#include "small_plan.h"
#include "stats.h"
#include "stats_merge.h"

struct two {
    struct stats *from, *into;
    struct names names, run_names;
    struct names_map map;
};

static void begin(struct two *x, uint32_t n_kept)
{
    x->from = stats_new(&small_plan);
    x->into = stats_new(&small_plan);
    assert_true(x->from && x->into);
    assert_int_equal(names_init(&x->names, 4), 0);
    assert_int_equal(names_init(&x->run_names, n_kept), 0);
    assert_int_equal(names_map_init(&x->map, &x->names, &x->run_names, 4), 0);
    names_number(&x->run_names, "z", 1);
    names_number(&x->names, "a", 1);
    names_number(&x->names, "b", 1);
}

static void end(struct two *x)
{
    stats_free(x->from);
    stats_free(x->into);
    names_map_fini(&x->map);
    names_fini(&x->names);
    names_fini(&x->run_names);
}

static void instances_take_the_run_s_numbers(void **state)
{
    struct two x;
    (void)state;
    begin(&x, 2); /* room for one more than "z" */
    struct stats_times *cell = stats_times(x.from, CLOSED_P1, OUTCOME_OK);
    stats_times_add_instance(cell, 0, 10);
    stats_times_add_instance(cell, 1, 20);
    stats_merge(x.into, x.from, &x.map);
    const struct stats_times *sum = x.into->cells[CLOSED_P1].times[OUTCOME_OK];
    assert_null(sum->instances[0]);
    assert_int_equal(sum->instances[1]->max_ns, 10); /* "b" has no number */
    assert_int_equal(sum->instances[1]->n, 1);
    end(&x);
}

static void the_same_numbers_stay_without_a_map(void **state)
{
    struct two x;
    (void)state;
    begin(&x, 2);
    struct stats_times *cell = stats_times(x.from, CLOSED_P1, OUTCOME_OK);
    stats_times_add_instance(cell, 3, 10);
    stats_merge(x.into, x.from, NULL);
    stats_merge(x.into, x.from, NULL);
    const struct stats_times *sum = x.into->cells[CLOSED_P1].times[OUTCOME_OK];
    assert_int_equal(sum->instances[3]->n, 2);
    assert_null(sum->instances[2]);
    assert_null(x.into->cells[CLOSED_P3].times[OUTCOME_OK]);
    end(&x);
}

static void every_count_of_a_stream_adds_up(void **state)
{
    struct two x;
    (void)state;
    begin(&x, 2);
    x.from->streams[OPEN] = (struct stats_stream){
        .n_intended = 1, .n_backlog_most = 2, .n_sent = 3, .n_conn_new = 4, .bytes = { { 5, 6 }, { 7, 8 } }
    };
    stats_count_outcome(x.from, OPEN_MAIN, OUTCOME_TLS);
    stats_count_cause(x.from, OPEN, OPEN_MAIN, OUTCOME_TLS, 0, "bad");
    x.from->n_lost = 7;
    stats_merge(x.into, x.from, NULL);
    stats_merge(x.into, x.from, NULL);
    const struct stats_stream *sum = &x.into->streams[OPEN];
    assert_int_equal(sum->n_intended, 2);
    assert_int_equal(sum->n_backlog_most, 4);
    assert_int_equal(sum->n_sent, 6);
    assert_int_equal(sum->n_conn_new, 8);
    assert_int_equal(sum->bytes[0].rx, 10);
    assert_int_equal(sum->bytes[0].tx, 12);
    assert_int_equal(x.into->cells[OPEN_MAIN].n_outcomes[OUTCOME_TLS], 2);
    assert_int_equal(x.into->causes[0].count, 2);
    assert_int_equal(x.into->n_lost, 14);
    assert_int_equal(x.into->streams[CLOSED].n_sent, 0);
    end(&x);
}

static void the_span_is_that_of_all(void **state)
{
    static const struct {
        uint64_t start_ns, end_ns, want_start_ns, want_end_ns;
    } spans[] = { { 50, 60, 50, 60 }, { 40, 45, 40, 60 }, { 55, 70, 40, 70 }, { 40, 70, 40, 70 } };
    struct two x;
    (void)state;
    begin(&x, 2);
    for (size_t i = 0; i < N_OF(spans); i++) {
        x.from->start_ns = spans[i].start_ns;
        x.from->end_ns = spans[i].end_ns;
        stats_merge(x.into, x.from, NULL);
        assert_int_equal(x.into->start_ns, spans[i].want_start_ns);
        assert_int_equal(x.into->end_ns, spans[i].want_end_ns);
    }
    end(&x);
}

static void remotes_take_the_run_s_numbers(void **state)
{
    struct two x;
    (void)state;
    begin(&x, 2);
    x.from->n_remotes = 2;
    for (uint32_t i = 0; i < 2; i++) {
        struct stats_remote *row = stats_remote(x.from, OPEN, i);
        *row = (struct stats_remote){ .n_connections = 1 + i, .n_done = 10 + i, .n_err = 100 + i };
        stats_remote_add(x.from, row, 1000);
    }
    stats_remote(x.from, CLOSED, 0)->n_done = 5;
    stats_merge_remotes(x.into, x.from, &x.map);
    stats_merge_remotes(x.into, x.from, &x.map);
    assert_int_equal(x.into->n_remotes, 2); /* "z" and "a"; "b" has no number */
    const struct stats_remote sum = stats_remote_known(x.into, OPEN, 1);
    assert_int_equal(sum.n_connections, 2);
    assert_int_equal(sum.n_done, 20);
    assert_int_equal(sum.n_err, 200);
    assert_int_equal(sum.service->n, 2);
    assert_int_equal(stats_remote_known(x.into, CLOSED, 1).n_done, 10);
    assert_null(x.into->remotes[0]);
    end(&x);
}

static void the_number_of_remotes_never_shrinks(void **state)
{
    struct two x;
    (void)state;
    begin(&x, 4);
    x.from->n_remotes = 1;
    stats_remote(x.from, OPEN, 0)->n_done = 1;
    x.into->n_remotes = 3;
    stats_merge_remotes(x.into, x.from, &x.map); /* to number 1 */
    assert_int_equal(x.into->n_remotes, 3);
    end(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instances_take_the_run_s_numbers),
        cmocka_unit_test(the_same_numbers_stay_without_a_map),
        cmocka_unit_test(every_count_of_a_stream_adds_up),
        cmocka_unit_test(the_span_is_that_of_all),
        cmocka_unit_test(remotes_take_the_run_s_numbers),
        cmocka_unit_test(the_number_of_remotes_never_shrinks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
