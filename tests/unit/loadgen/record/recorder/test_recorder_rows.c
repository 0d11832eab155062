#include "recorded_rows.h"

static void errors_are_told_by_cause_and_second(void **state)
{
    struct recorded *x = *state;
    failed(x, CLOSED, CLOSED_P1, OUTCOME_CONNECT, "connection refused");
    failed(x, CLOSED, CLOSED_P1, OUTCOME_CONNECT, "connection refused");
    stats_count_outcome(x->stats, CLOSED_P1, OUTCOME_CONNECT); /* without a recorded cause */
    stats_count_outcome(x->stats, OPEN_MAIN, OUTCOME_STATUS_5XX);
    open_times(x, OPEN_MAIN, OUTCOME_STATUS_5XX);
    stats_count_cause(x->stats, OPEN, OPEN_MAIN, OUTCOME_STATUS_5XX, 503, "Service Unavailable, \"soon\"");
    hand_over_last(x, 0, 0, 1000);
    hand_over_last(x, 1, 0, 1000);
    finish(x, 1000);
    char *text = file_text(x, "errors.csv");
    assert_string_equal(text,
                        "t_s,stream,step,cluster,phase,class,cause,status,count_n\n"
                        "0,burst,,cluster1,p1,connect,connection refused,,2\n"
                        "0,burst,,cluster1,p1,connect,,,1\n"
                        "0,open,,cluster2,main,status_5xx,\"Service Unavailable, \"\"soon\"\"\",503,1\n");
    free(text);
}

static void instances_of_all_threads_share_one_table(void **state)
{
    struct recorded *x = *state;
    closed_ok(x, 0, CLOSED_P1, "i-a", 2, 1000);
    closed_ok(x, 0, CLOSED_P1, "i-b", 3, 1000);
    hand_over_last(x, 0, 0, 1000);
    closed_ok(x, 1, CLOSED_P1, "i-b", 4, 1000); /* number 0 of this thread */
    hand_over_last(x, 1, 0, 1000);
    finish(x, 1000);
    json_t *run = run_json(x), *row;
    size_t i;
    unsigned n_found = 0;
    json_array_foreach(json_object_get(run, "exact"), i, row)
    {
        const char *tag = json_string_value(json_object_get(row, "tag"));
        const json_int_t n = json_integer_value(json_object_get(row, "n"));
        if (strcmp(tag, "service.burst.cluster1.p1.ok.i-a") == 0)
            assert_int_equal(n, 2);
        else if (strcmp(tag, "service.burst.cluster1.p1.ok.i-b") == 0)
            assert_int_equal(n, 7);
        else if (strcmp(tag, "service.burst.cluster1.p1.ok.all") == 0)
            assert_int_equal(n, 9);
        else
            continue;
        n_found++;
    }
    assert_int_equal(n_found, 3);
    json_decref(run);
}

static void remotes_are_counted_per_cluster(void **state)
{
    struct recorded *x = *state;
    assert_int_equal(names_number(&x->remotes[0], "10.0.0.1", 8), 0);
    assert_int_equal(names_number(&x->remotes[1], "10.0.0.2", 8), 0);
    for (uint32_t t = 0; t < 2; t++) {
        x->stats->n_remotes = 1;
        *stats_remote(x->stats, CLOSED, 0) = (struct stats_remote){ .n_connections = 1, .n_done = 2 + t };
        stats_remote_add(x->stats, stats_remote(x->stats, OPEN, 0), 1000000);
        stats_remote(x->stats, OPEN, 0)->n_done = 1;
        hand_over_last(x, t, 0, 1000);
    }
    finish(x, 1000);
    char *text = file_text(x, "remotes.csv");
    assert_string_equal(text, "cluster,address,connections_n,requests_n,err_n,p50_us,p99_us\n"
                              "cluster1,10.0.0.1,1,2,0,,\n"
                              "cluster1,10.0.0.2,1,3,0,,\n"
                              "cluster2,10.0.0.1,0,1,0,1000.000,1000.000\n"
                              "cluster2,10.0.0.2,0,1,0,1000.000,1000.000\n");
    free(text);
}

static void samples_are_bounded_and_name_instance_and_remote(void **state)
{
    struct recorded *x = *state;
    assert_int_equal(names_number(&x->instances[0], "i-a", 3), 0);
    assert_int_equal(names_number(&x->remotes[0], "10.0.0.1", 8), 0);
    const struct stats_sample sample = { .seq = 7,
                                         .due_ns = at_ms(100),
                                         .sent_ns = at_ms(101),
                                         .first_ns = at_ms(102),
                                         .done_ns = at_ms(103),
                                         .lag_ns = 20,
                                         .conn_wait_ns = 30,
                                         .rx_age_ns = 40,
                                         .stream = OPEN,
                                         .phase = 1,
                                         .conn = 3,
                                         .req_on_conn = 4,
                                         .instance = 1,
                                         .status = 200 };
    x->stats->sys.rows[x->stats->sys.n++] = sample;
    for (uint64_t i = 0; i < STATS_SLOW_SAMPLES_MOST; i++) {
        x->stats->slow.rows[x->stats->slow.n++] = sample;
        x->stats->slow.rows[i].done_ns += i;
    }
    hand_over_last(x, 0, 0, 1000);
    for (uint64_t i = 0; i < STATS_SLOW_SAMPLES_MOST; i++) {
        x->stats->slow.rows[x->stats->slow.n++] = sample;
        x->stats->slow.rows[i].done_ns += 5 + i;
        x->stats->slow.rows[i].instance = 0;
        x->stats->slow.rows[i].remote = STATS_REMOTES_MOST;
    }
    hand_over_last(x, 1, 0, 1000);
    finish(x, 1000);
    char *text = file_text(x, "samples.csv");
    assert_non_null(strstr(text,
                           "\nsys,open,,cluster2,main,7,100000000,20,30,101000000,102000000,103000000,40,3,4,"
                           "200,ok,i-a,10.0.0.1\n"));
    unsigned n_slow = 0;
    for (const char *p = text; (p = strstr(p, "\nslow,")) != NULL; p++)
        n_slow++;
    assert_int_equal(n_slow, STATS_SLOW_SAMPLES_MOST);
    assert_null(
        strstr(text, "103000004")); /* of the twenty, 5 to 9 and 5 to 14 were the slowest ten or equal */
    assert_non_null(strstr(text, "103000014"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(errors_are_told_by_cause_and_second, recorded_setup,
                                        recorded_teardown),
        cmocka_unit_test_setup_teardown(instances_of_all_threads_share_one_table, recorded_setup,
                                        recorded_teardown),
        cmocka_unit_test_setup_teardown(remotes_are_counted_per_cluster, recorded_setup, recorded_teardown),
        cmocka_unit_test_setup_teardown(samples_are_bounded_and_name_instance_and_remote, recorded_setup,
                                        recorded_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
