/* The rows of the files, without a run. */
#include "cm.h"
#include "err.h"
#include "error_rows.h"
#include "health_rows.h"
#include "hist_rows.h"
#include "interval_rows.h"
#include "names.h"
#include "remote_rows.h"
#include "sample_rows.h"
#include "seconds.h"
#include "stats.h"
#include "units.h"
#include "written_rows.h"

#include <math.h>

static void errors_of_every_phase_sum_to_their_class(void **state)
{
    struct rows *x = *state;
    x->stats->cells[CLOSED_P1].n_outcomes[OUTCOME_CONNECT] = 3;
    x->stats->cells[CLOSED_P3].n_outcomes[OUTCOME_CONNECT] = 4;
    x->stats->cells[OPEN_WARM].n_outcomes[OUTCOME_CONNECT] = 2;
    x->stats->cells[OPEN_MAIN].n_outcomes[OUTCOME_STATUS_4XX] = 5;
    x->stats->cells[OPEN_MAIN].n_outcomes[OUTCOME_OK] = 50;
    stats_add_cause(x->stats, &(struct stats_cause){ OPEN, OPEN_WARM, OUTCOME_CONNECT, 0, "refused", 2 });
    stats_add_cause(x->stats, &(struct stats_cause){ CLOSED, CLOSED_P3, OUTCOME_CONNECT, 0, "refused", 3 });
    stats_add_cause(x->stats, &(struct stats_cause){ CLOSED, CLOSED_P1, OUTCOME_CONNECT, 0, "timed out", 1 });
    stats_add_cause(x->stats, &(struct stats_cause){ OPEN, OPEN_MAIN, OUTCOME_STATUS_4XX, 404, "status", 1 });
    stats_add_cause(x->stats, &(struct stats_cause){ OPEN, OPEN_MAIN, OUTCOME_STATUS_4XX, 429, "status", 3 });
    stats_add_cause(x->stats, &(struct stats_cause){ OPEN, OPEN_MAIN, OUTCOME_OK, 0, "cookie too long", 8 });
    error_rows_write(&x->w, &small_plan, 12, x->stats);
    assert_string_equal(written(x), "12,burst,,cluster1,p1,connect,timed out,,1\n"
                                    "12,burst,,cluster1,p1,connect,,,2\n" /* 3 - 1 */
                                    "12,burst,,cluster1,p3,connect,refused,,3\n"
                                    "12,burst,,cluster1,p3,connect,,,1\n"
                                    "12,open,,cluster2,warm,connect,refused,,2\n"
                                    "12,open,,cluster2,main,ok,cookie too long,,8\n"
                                    "12,open,,cluster2,main,status_4xx,status,404,1\n"
                                    "12,open,,cluster2,main,status_4xx,status,429,3\n"
                                    "12,open,,cluster2,main,status_4xx,,,1\n");
}

static void more_causes_than_errors_leave_no_rest(void **state)
{
    struct rows *x = *state;
    x->stats->cells[CLOSED_P1].n_outcomes[OUTCOME_TLS] = 2;
    stats_add_cause(x->stats, &(struct stats_cause){ CLOSED, CLOSED_P1, OUTCOME_TLS, 0, "expired", 3 });
    stats_add_cause(x->stats, &(struct stats_cause){ CLOSED, CLOSED_P1, OUTCOME_TLS, 0, "unknown", 0 });
    error_rows_write(&x->w, &small_plan, 0, x->stats);
    assert_string_equal(written(x), "0,burst,,cluster1,p1,tls,expired,,3\n");
}

static void a_second_without_errors_has_no_row(void **state)
{
    struct rows *x = *state;
    x->stats->cells[CLOSED_P1].n_outcomes[OUTCOME_OK] = 9;
    error_rows_write(&x->w, &small_plan, 0, x->stats);
    assert_string_equal(written(x), "");
}

static void a_cluster_s_streams_share_the_row_of_an_address(void **state)
{
    struct rows *x = *state;
    struct plan_stream streams[2] = { small_plan_streams[0], small_plan_streams[1] };
    struct plan plan = small_plan;
    struct names remotes;
    plan.streams = streams;
    strcpy(streams[OPEN].cluster, "cluster1");
    assert_int_equal(names_init(&remotes, 4), 0);
    names_number(&remotes, "10.0.0.1", 8);
    names_number(&remotes, "10.0.0.2", 8);
    names_number(&remotes, "10.0.0.3", 8);
    names_number(&remotes, "10.0.0.4", 8);
    x->stats->n_remotes = 3; /* the fourth is unknown */
    stats_remote(x->stats, CLOSED, 0)->n_connections = 3;
    stats_remote(x->stats, CLOSED, 0)->n_done = 20;
    stats_remote(x->stats, CLOSED, 0)->n_err = 5;
    stats_remote(x->stats, OPEN, 0)->n_connections = 1;
    stats_remote(x->stats, OPEN, 0)->n_done = 10;
    stats_remote(x->stats, OPEN, 0)->n_err = 2;
    for (int i = 0; i < 3; i++)
        stats_remote_add(x->stats, stats_remote(x->stats, CLOSED, 0), 1000);
    stats_remote_add(x->stats, stats_remote(x->stats, OPEN, 0), 1500);
    *stats_remote(x->stats, OPEN, 1) = (struct stats_remote){ .n_connections = 1, .n_done = 1 };
    stats_remote(x->stats, OPEN, 2)->n_err = 1;
    stats_remote(x->stats, OPEN, 3)->n_done = 1;
    assert_int_equal(csv_close(&x->w, &x->e), 0);
    assert_int_equal(remote_rows_write(x->path, &plan, x->stats, &remotes, x->scratch[0], &x->e), 0);
    assert_string_equal(written(x), "cluster1,10.0.0.1,4,30,7,1.000,1.500\n"
                                    "cluster1,10.0.0.2,1,1,0,,\n"
                                    "cluster1,10.0.0.3,0,0,1,,\n");
    assert_int_equal(remote_rows_write("/nonexistent/r.csv", &plan, x->stats, &remotes, x->scratch[0], &x->e),
                     -1);
    names_fini(&remotes);
}

static void what_did_not_happen_to_a_request_is_an_empty_cell(void **state)
{
    struct rows *x = *state;
    struct names instances, remotes;
    assert_int_equal(names_init(&instances, 2), 0);
    assert_int_equal(names_init(&remotes, STATS_REMOTES_MOST), 0);
    names_number(&instances, "i-a", 3);
    names_number(&instances, "i-b", 3);
    for (int i = 0; i < STATS_REMOTES_MOST; i++) {
        char address[16];
        names_number(&remotes, address, (size_t)snprintf(address, sizeof address, "r%d", i));
    }
    const struct sample_words words = { &small_plan, &instances, &remotes, 1000 };
    struct stats_sample sample = { .seq = 1,
                                   .due_ns = 900, /* before the start */
                                   .lag_ns = 5,
                                   .conn_wait_ns = 6,
                                   .stream = OPEN,
                                   .remote = STATS_REMOTES_MOST,
                                   .outcome = OUTCOME_DROPPED };
    sample_rows_write(&x->w, &words, "err", &sample);
    sample.lag_ns = sample.conn_wait_ns = 0; /* of an open stream that is a time */
    sample.phase = 1;
    sample.instance = 2;
    sample.remote = STATS_REMOTES_MOST - 1;
    sample.sent_ns = 1000;
    sample.first_ns = 1001;
    sample.done_ns = 1200;
    sample.rx_age_ns = 1;
    sample.status = 1;
    sample.outcome = OUTCOME_OK;
    sample_rows_write(&x->w, &words, "all", &sample);
    sample.stream = CLOSED; /* has no due times */
    sample.phase = 2;
    sample.instance = 1;
    sample.remote = 0;
    sample_rows_write(&x->w, &words, "sys", &sample);
    assert_string_equal(written(x), "err,open,,cluster2,warm,1,-100,5,6,,,,,0,0,,dropped,,\n"
                                    "all,open,,cluster2,main,1,-100,0,0,0,1,200,1,0,0,1,ok,i-b,r255\n"
                                    "sys,burst,,cluster1,p3,1,-100,,,0,1,200,1,0,0,1,ok,i-a,r0\n");
    names_fini(&instances);
    names_fini(&remotes);
}

static void utilisation_is_a_share(void **state)
{
    static const struct {
        uint64_t busy_ns, span_ns;
        double want;
    } cases[] = { { 0, 0, 0 }, { 5, 0, 0 }, { 1, 4, 0.25 }, { 4, 4, 1 }, { 5, 4, 1 } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        assert_float_equal(health_utilisation(&(struct second_thread){
                               .span_ns = cases[i].span_ns, .health = { .busy_ns = cases[i].busy_ns } }),
                           cases[i].want, 1e-12);
}

static void health_is_told_of_threads_that_told_something(void **state)
{
    struct rows *x = *state;
    struct hist *lag = hist_new(), *rx_age = hist_new(), *sends = hist_new();
    struct second_thread t = { .health = { .cpu_user_ns = 250 * NS_PER_MS,
                                           .cpu_sys_ns = 125 * NS_PER_MS,
                                           .busy_ns = 500 * NS_PER_MS,
                                           .iteration_max_ns = 1500,
                                           .n_wakeups = 7,
                                           .n_sends = 8,
                                           .n_switches_involuntary = 9,
                                           .sends_per_wakeup = sends },
                               .lag = lag,
                               .rx_age = rx_age };
    const struct health_host unknown = { .steal_pct = NAN, .n_retransmits = 3 };
    const struct health_host known = { 1.25, true, 3, 4096 };
    health_rows_write(&x->w, 5, 0, &t, &known);
    t.span_ns = NS_PER_S;
    health_rows_write(&x->w, 5, 1, &t, &unknown);
    hist_add(lag, 2000);
    hist_add(rx_age, 3000);
    hist_add(sends, 2);
    hist_add(sends, 4);
    health_rows_write(&x->w, 5, 2, &t, &known);
    assert_string_equal(written(x),
                        "5,1,0.250000,0.125000,0.5000,1.500,7,8,,,,,,,,,9,,,\n"
                        "5,2,0.250000,0.125000,0.5000,1.500,7,8,4,4,2.000,2.000,2.000,3.000,3.000,"
                        "3.000,9,1.25,3,4096\n");
    hist_free(lag);
    hist_free(rx_age);
    hist_free(sends);
}

static void an_interval_tells_its_own_stream(void **state)
{
    struct rows *x = *state;
    x->stats->streams[CLOSED] = (struct stats_stream){
        .n_intended = 91,
        .n_backlog_most = 92,
        .n_sent = 93,
        .n_conn_new = 94,
        .bytes = { { 90, 90 }, { 5, 6 } },
        .n_inflight = 97,
    };
    x->stats->streams[OPEN] =
        (struct stats_stream){ .n_intended = 21, .n_sent = 20, .n_conn_new = 3, .bytes = { { 4, 5 } } };
    for (int o = 0; o < N_OUTCOMES; o++)
        x->stats->cells[OPEN_WARM].n_outcomes[o] = 100 + (uint64_t)o;
    x->stats->cells[OPEN_MAIN].n_outcomes[OUTCOME_TIMEOUT] = 1000;
    x->stats->cells[CLOSED_P3].n_outcomes[OUTCOME_OK] = 2;
    struct stats_times *cell = stats_times(x->stats, OPEN_WARM, OUTCOME_OK);
    stats_times_add(cell, METRIC_RESPONSE, 1500);
    stats_times_add(cell, METRIC_SERVICE, 1250);
    stats_times_add(cell, METRIC_LAG, 250);
    stats_times_add(cell, METRIC_CONN_WAIT, 125);
    x->stats->streams[CLOSED].again.n[AGAIN_BROKEN] = 7;
    interval_rows_write(&x->w, &small_plan,
                        &(struct interval_row){ .second = 3,
                                                .length_ns = NS_PER_S / 2,
                                                .stream = OPEN,
                                                .phase = 0,
                                                .partial = true,
                                                .n_inflight = 6 },
                        x->stats, x->scratch);
    interval_rows_write(
        &x->w, &small_plan,
        &(struct interval_row){
            .second = 4, .length_ns = NS_PER_S, .stream = CLOSED, .phase = 2, .n_inflight = 0 },
        x->stats, x->scratch);
    uint64_t n_done = 1000, n[N_OUTCOMES];
    for (int o = 0; o < N_OUTCOMES; o++) {
        n[o] = x->stats->cells[OPEN_WARM].n_outcomes[o] + x->stats->cells[OPEN_MAIN].n_outcomes[o];
        n_done += o == OUTCOME_OK || outcome_is_failure((enum outcome)o) ? 100 + (uint64_t)o : 0;
    }
    char want[512];
    snprintf(want, sizeof want,
             "3,0.500000,open,,cluster2,warm,1,1,21,20,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,"
             "6,3,4,5,"
             ",,,,,1.250,1.250,0.250,0.250,0.250,0.125,0,0,0,0,0,0,,,,,,,,,\n"
             "4,1.000000,burst,,cluster1,p3,0,0,,93,2,2,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,94,95,96,"
             ",,,,,,,,,,,0,0,0,0,7,0,,,,,,,,,\n",
             (int)n_done, (int)n[OUTCOME_OK], (int)(n_done - n[OUTCOME_OK]), (int)n[OUTCOME_TIMEOUT],
             (int)n[OUTCOME_DROPPED], (int)n[OUTCOME_CENSORED], (int)n[OUTCOME_STATUS],
             (int)n[OUTCOME_STATUS_4XX], (int)n[OUTCOME_STATUS_5XX], (int)n[OUTCOME_BALANCER_5XX],
             (int)n[OUTCOME_EXPECT], (int)n[OUTCOME_CONNECT], (int)n[OUTCOME_DNS], (int)n[OUTCOME_TLS],
             (int)n[OUTCOME_RESET], (int)n[OUTCOME_RESET_IDLE], (int)n[OUTCOME_PROTOCOL],
             (int)n[OUTCOME_PORTS]);
    assert_string_equal(written(x), want);
}

static void over_http2_a_second_has_its_events(void **state)
{
    struct rows *x = *state;
    struct plan plan = small_plan;
    const struct interval_row row = { .length_ns = NS_PER_S, .stream = CLOSED };
    plan.target.http = PLAN_HTTP_2;
    x->stats->streams[CLOSED].http2 = (struct http2_counts){ .n_goaways = 4,
                                                             .n_goaway_errors = 1,
                                                             .n_unprocessed = 5,
                                                             .n_refused = 6,
                                                             .n_resets = { [2] = 7, [11] = 1 },
                                                             .n_cancels = 9,
                                                             .n_ended_by_count = 10,
                                                             .blocked_ns = 1500 * NS_PER_MS,
                                                             .n_open_most = 12 };
    interval_rows_write(&x->w, &plan, &row, x->stats, x->scratch);
    const char *line = written(x);
    assert_string_equal(strstr(line, ",4,1,5,"), ",4,1,5,6,8,9,10,1.500000,12\n");
}

static void times_of_a_second_are_those_of_all_its_attempts(void **state)
{
    static const enum outcome outcomes[] = { OUTCOME_OK, OUTCOME_TIMEOUT, OUTCOME_CENSORED };
    static const char *const times[] = { ",0,5.003,9.000,9.000,9.000,9.000,,", ",0,5.003,9.000,,,,,",
                                         ",0,,,,,,," /* the sixth of eleven: 5 or 6 us */ };
    const struct interval_row row = { .stream = OPEN, .length_ns = NS_PER_S };
    struct rows *x = *state;
    for (size_t i = 0; i < N_OF(outcomes); i++) {
        struct stats_times *cell = stats_times(x->stats, OPEN_MAIN, outcomes[i]);
        for (uint64_t us = 1; us <= (i == 0 ? 9 : 1); us++) {
            stats_count_outcome(x->stats, OPEN_MAIN, outcomes[i]);
            stats_times_add(cell, METRIC_RESPONSE, us * 1000);
        }
        interval_rows_write(&x->w, &small_plan, &row, x->stats, x->scratch);
    }
    const char *line = written(x);
    for (size_t i = 0; i < N_OF(times); i++, line = strchr(line, '\n') + 1) {
        const char *found = strstr(line, times[i]);
        assert_true(found && found < strchr(line, '\n'));
    }
}

struct visited {
    char tags[8][128];
    size_t n, n_most; /* -1 at the one after the last */
};

static int visit(void *payload, const char *tag, const struct hist *h, struct err *e)
{
    struct visited *v = payload;
    (void)e;
    assert_true(h->n > 0);
    if (v->n == v->n_most)
        return -1;
    snprintf(v->tags[v->n++], sizeof v->tags[0], "%s", tag);
    return 0;
}

static void histograms_are_visited_in_the_plan_s_order_until_one_is_refused(void **state)
{
    static const char *const want[] = {
        "service.burst.cluster1.p1.ok.all",
        "service.burst.cluster1.p1.ok.i-b",
        "lag.open.cluster2.main.timeout.all",
        "response.open.cluster2.main.timeout.i-a",
    };
    struct rows *x = *state;
    struct names instances;
    assert_int_equal(names_init(&instances, 4), 0);
    names_number(&instances, "i-a", 3);
    names_number(&instances, "i-b", 3);
    stats_times_add(stats_times(x->stats, OPEN_MAIN, OUTCOME_TIMEOUT), METRIC_LAG, 5);
    stats_times_add_instance(stats_times(x->stats, OPEN_MAIN, OUTCOME_TIMEOUT), 0, 5);
    stats_times_add(stats_times(x->stats, CLOSED_P1, OUTCOME_OK), METRIC_SERVICE, 5);
    stats_times_add_instance(stats_times(x->stats, CLOSED_P1, OUTCOME_OK), 1, 5);
    for (size_t n_most = 0; n_most <= N_OF(want); n_most++) {
        struct visited v = { .n_most = n_most };
        assert_int_equal(hist_rows_walk(x->stats, &small_plan, &instances, visit, &v, &x->e),
                         n_most < N_OF(want) ? -1 : 0);
        assert_int_equal(v.n, n_most);
        for (size_t i = 0; i < v.n; i++)
            assert_string_equal(v.tags[i], want[i]);
    }
    names_fini(&instances);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(errors_of_every_phase_sum_to_their_class, make, drop),
        cmocka_unit_test_setup_teardown(more_causes_than_errors_leave_no_rest, make, drop),
        cmocka_unit_test_setup_teardown(a_second_without_errors_has_no_row, make, drop),
        cmocka_unit_test_setup_teardown(a_cluster_s_streams_share_the_row_of_an_address, make, drop),
        cmocka_unit_test_setup_teardown(what_did_not_happen_to_a_request_is_an_empty_cell, make, drop),
        cmocka_unit_test(utilisation_is_a_share),
        cmocka_unit_test_setup_teardown(health_is_told_of_threads_that_told_something, make, drop),
        cmocka_unit_test_setup_teardown(over_http2_a_second_has_its_events, make, drop),
        cmocka_unit_test_setup_teardown(times_of_a_second_are_those_of_all_its_attempts, make, drop),
        cmocka_unit_test_setup_teardown(an_interval_tells_its_own_stream, make, drop),
        cmocka_unit_test_setup_teardown(histograms_are_visited_in_the_plan_s_order_until_one_is_refused, make,
                                        drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
