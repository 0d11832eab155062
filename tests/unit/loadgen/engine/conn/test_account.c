/* What a finished request adds to the statistics: its times, its address, its instance. */
#include "wired.h"

#include "account.h"
#include "hist.h"

static int drop(void **state)
{
    (void)state;
    wired_fini();
    return 0;
}

static uint64_t most_ns(enum metric metric)
{
    const struct stats_times *cell = wired.loop->stats->cells[0].times[OUTCOME_OK];
    assert_non_null(cell);
    assert_non_null(cell->metrics[metric]);
    return cell->metrics[metric]->max_ns;
}

/* The wall clock was set by an hour between the kernel's stamp and the read. */
static void an_answer_is_no_older_than_its_request(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    struct conn *c = wired_connect(0);
    const uint64_t now_ns = clock_monotonic_ns();
    wired_submit(c, &wired.get, 1, now_ns);
    c->sock.rx_realtime_ns = now_ns;
    wired.loop->realtime_offset_ns = 3600 * (int64_t)NS_PER_S;
    wired_answer(WIRED_OK);
    wired_looks(c);
    assert_int_equal(wired_n(OUTCOME_OK), 1);
    assert_true(most_ns(METRIC_SERVICE) < 3600 * NS_PER_S);
    assert_int_equal(most_ns(METRIC_RX_AGE), most_ns(METRIC_SERVICE));
}

/* --- the times of one request, each worked out by hand --- */

enum { NOT = -1 }; /* no value */

/* In ns since the run began; 0: has not happened. Expected values are by metric. */
struct times_case {
    const char *why;
    enum plan_model model;
    uint64_t due, dispatched, sent, setup, first, done;
    uint64_t age; /* of the response's bytes when read; UINT64_MAX: unknown */
    bool is_first;
    int64_t response, response_less_g, lag, conn_wait, service, service_less_g, service_first, first_byte,
        rx_age;
};

static const struct times_case times_cases[] = {
    { "open, all known", PLAN_OPEN, 100, 130, 170, 0, 190, 250, 7, false, 150, 113, 30, 40, 80, 73, NOT, 20,
      7 },
    { "open, its connection was set up for it", PLAN_OPEN, 100, 130, 170, 30, 190, 250, 7, true, 150, 113, 30,
      10, 80, 73, 80, 20, 7 },
    { "open, the setup took longer than it waited", PLAN_OPEN, 100, 130, 170, 60, 190, 250, 0, true, 150, 120,
      30, 0, 80, 80, 80, 20, 0 },
    { "open, the age is not known", PLAN_OPEN, 100, 130, 170, 0, 190, 250, UINT64_MAX, false, 150, 120, 30,
      40, 80, NOT, NOT, 20, NOT },
    { "open, no answer", PLAN_OPEN, 100, 130, 170, 0, 0, 250, 7, false, 150, 120, 30, 40, 80, NOT, NOT, NOT,
      NOT },
    { "open, not sent", PLAN_OPEN, 100, 130, 0, 0, 0, 250, UINT64_MAX, true, 150, 120, 30, NOT, NOT, NOT, NOT,
      NOT, NOT },
    { "open, older than its request", PLAN_OPEN, 100, 130, 170, 0, 190, 250, 90, false, 150, 40, 30, 40, 80,
      0, NOT, 20, 80 },
    { "open, as old as its request", PLAN_OPEN, 100, 130, 170, 0, 190, 250, 80, false, 150, 40, 30, 40, 80, 0,
      NOT, 20, 80 },
    { "open, before it was due", PLAN_OPEN, 100, 90, 170, 0, 170, 90, 0, false, 0, 0, 0, 80, 0, 0, NOT, 0,
      0 },
    { "closed, all known", PLAN_CLOSED, 0, 130, 170, 0, 190, 250, 7, false, NOT, NOT, NOT, NOT, 80, 73, NOT,
      20, 7 },
    { "closed, first on its connection", PLAN_CLOSED, 0, 130, 170, 30, 190, 250, 0, true, NOT, NOT, NOT, NOT,
      80, 80, 80, 20, 0 },
    { "closed, not sent", PLAN_CLOSED, 0, 130, 0, 0, 0, 250, UINT64_MAX, true, NOT, NOT, NOT, NOT, NOT, NOT,
      NOT, NOT, NOT },
};

static uint64_t since_t0_ns(uint64_t ns)
{
    return ns ? WIRED_T0_NS + ns : 0;
}

static struct flight flight_of(const struct times_case *x)
{
    return (struct flight){ .seq = 5,
                            .due_ns = wired.stream.model == PLAN_OPEN ? since_t0_ns(x->due) : 0,
                            .dispatched_ns = since_t0_ns(x->dispatched),
                            .sent_ns = since_t0_ns(x->sent),
                            .setup_ns = x->setup,
                            .request = &wired.get,
                            .is_first = x->is_first };
}

static struct conn *conn_of(const struct times_case *x)
{
    struct conn *c = wired_connect(0);
    c->exchange.first_ns = since_t0_ns(x->first);
    c->rx_age_ns = x->age;
    return c;
}

static void check_metric(const char *why, enum outcome outcome, enum metric metric, int64_t expected)
{
    const struct stats_times *cell = wired.loop->stats->cells[0].times[outcome];
    const struct hist *h = cell ? cell->metrics[metric] : NULL;
    const int64_t got = h ? (int64_t)h->max_ns : NOT;
    if (got != expected || (h && h->n != 1))
        fail_msg("%s: metric %s is %d, not %d", why, metric_name(metric), (int)got, (int)expected);
}

static void a_request_has_the_times_that_can_be_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(times_cases); i++) {
        const struct times_case *x = &times_cases[i];
        wired_init(x->model, 1, 1);
        const struct flight f = flight_of(x);
        const struct conn *c = conn_of(x);
        account_done(c, &f, &c->exchange, OUTCOME_STATUS, "test", since_t0_ns(x->done));
        const int64_t by_metric[N_METRICS] = { [METRIC_RESPONSE] = x->response,
                                               [METRIC_RESPONSE_LESS_G] = x->response_less_g,
                                               [METRIC_LAG] = x->lag,
                                               [METRIC_CONN_WAIT] = x->conn_wait,
                                               [METRIC_SERVICE] = x->service,
                                               [METRIC_SERVICE_LESS_G] = x->service_less_g,
                                               [METRIC_SERVICE_FIRST] = x->service_first,
                                               [METRIC_FIRST_BYTE] = x->first_byte,
                                               [METRIC_RX_AGE] = x->rx_age,
                                               [METRIC_CONNECT] = NOT,
                                               [METRIC_TLS] = NOT,
                                               [METRIC_BUSY] = NOT,
                                               [METRIC_TOTAL] = NOT,
                                               [METRIC_RECORDED] = NOT };
        for (int m = 0; m < N_METRICS; m++)
            check_metric(x->why, OUTCOME_STATUS, (enum metric)m, by_metric[m]);
        assert_int_equal(wired_n(OUTCOME_STATUS), 1);
        wired_fini();
    }
}

static void a_request_without_a_connection_has_the_times_of_its_wait(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        enum plan_model model;
        enum outcome outcome;
        uint64_t sent; /* on a connection that has given it back; 0: it was not */
        int64_t response, response_less_g, lag, conn_wait, service;
    } cases[] = {
        { "timed out", PLAN_OPEN, OUTCOME_TIMEOUT, 0, 150, 120, 30, NOT, NOT },
        { "timed out, sent before", PLAN_OPEN, OUTCOME_TIMEOUT, 170, 150, 120, 30, 40, 80 },
        { "dropped", PLAN_OPEN, OUTCOME_DROPPED, 0, NOT, NOT, 30, NOT, NOT },
        { "closed", PLAN_CLOSED, OUTCOME_CENSORED, 0, NOT, NOT, NOT, NOT, NOT },
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        wired_init(cases[i].model, 1, 1);
        const bool has_due = cases[i].model == PLAN_OPEN;
        const struct flight f = { .due_ns = has_due ? WIRED_T0_NS + 100 : 0,
                                  .dispatched_ns = WIRED_T0_NS + 130,
                                  .sent_ns = since_t0_ns(cases[i].sent) };
        account_unsent(&wired.shard, &f, cases[i].outcome, "test", WIRED_T0_NS + 250);
        check_metric(cases[i].why, cases[i].outcome, METRIC_RESPONSE, cases[i].response);
        check_metric(cases[i].why, cases[i].outcome, METRIC_RESPONSE_LESS_G, cases[i].response_less_g);
        check_metric(cases[i].why, cases[i].outcome, METRIC_LAG, cases[i].lag);
        check_metric(cases[i].why, cases[i].outcome, METRIC_CONN_WAIT, cases[i].conn_wait);
        check_metric(cases[i].why, cases[i].outcome, METRIC_SERVICE, cases[i].service);
        assert_int_equal(wired_n(cases[i].outcome), 1);
        assert_int_equal(wired.loop->stats->err.n, 1);
        const struct stats_sample *row = &wired.loop->stats->err.rows[0];
        assert_int_equal(row->lag_ns, cases[i].model == PLAN_OPEN ? 30 : 0);
        assert_int_equal(row->rx_age_ns, 0);
        assert_int_equal(row->instance, 0);
        assert_int_equal(row->remote, NAMES_NONE);
        wired_fini();
    }
}

static void a_good_answer_after_the_measured_time_is_late(void **state)
{
    static const struct {
        enum outcome outcome;
        uint64_t until, n_late; /* until: since the run began; 0: none */
    } cases[] = {
        { OUTCOME_OK, 0, 0 }, { OUTCOME_OK, 251, 0 }, { OUTCOME_OK, 250, 1 }, { OUTCOME_STATUS, 250, 0 }
    };
    const struct times_case *x = &times_cases[0]; /* done at 250 */
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        wired_init(x->model, 1, 1);
        const struct flight f = flight_of(x);
        const struct conn *c = conn_of(x);
        atomic_store(&wired.clock.measured_until_ns, cases[i].until ? since_t0_ns(cases[i].until) : 0);
        account_done(c, &f, &c->exchange, cases[i].outcome, "test", since_t0_ns(x->done));
        assert_int_equal(wired.loop->stats->cells[0].n_late, cases[i].n_late);
        assert_int_equal(wired_n(cases[i].outcome), 1);
        wired_fini();
    }
}

static void a_sample_says_what_became_of_its_request(void **state)
{
    (void)state;
    const struct times_case *x = &times_cases[0];
    wired_init(PLAN_OPEN, 2, 1);
    wired.stream.first_phase_index = wired.stream.first_cell_index = 0;
    struct conn *c = conn_of(x);
    c->number = 3;
    c->n_on_conn = 8;
    c->exchange.response.status = 503;
    const struct flight f = flight_of(x);
    wired.loop->n_until_sample = 1;
    account_done(c, &f, &c->exchange, OUTCOME_STATUS, "test", since_t0_ns(x->done));
    const struct stats *b = wired.loop->stats;
    assert_int_equal(b->sys.n, 1);
    assert_int_equal(b->err.n, 1);
    assert_int_equal(b->slow.n, 1);
    const struct stats_sample *rows[] = { b->sys.rows, b->err.rows, b->slow.rows };
    for (size_t i = 0; i < N_OF(rows); i++) {
        assert_int_equal(rows[i]->seq, 5);
        assert_int_equal(rows[i]->due_ns, WIRED_T0_NS + 100);
        assert_int_equal(rows[i]->sent_ns, WIRED_T0_NS + 170);
        assert_int_equal(rows[i]->first_ns, WIRED_T0_NS + 190);
        assert_int_equal(rows[i]->done_ns, WIRED_T0_NS + 250);
        assert_int_equal(rows[i]->lag_ns, 30);
        assert_int_equal(rows[i]->conn_wait_ns, 40);
        assert_int_equal(rows[i]->rx_age_ns, 7);
        assert_int_equal(rows[i]->conn, 3);
        assert_int_equal(rows[i]->req_on_conn, 8);
        assert_int_equal(rows[i]->instance, 0);
        assert_int_equal(rows[i]->remote, c->remote);
        assert_int_equal(rows[i]->status, 503);
        assert_int_equal(rows[i]->outcome, OUTCOME_STATUS);
    }
}

/* --- what is counted by address --- */

static void an_address_counts_what_it_was_asked_and_what_failed(void **state)
{
    (void)state;
    const struct times_case *x = &times_cases[0];
    struct flight f;
    wired_init(PLAN_OPEN, 1, 1);
    struct conn *c = conn_of(x);
    f = flight_of(x);
    account_done(c, &f, &c->exchange, OUTCOME_OK, NULL, since_t0_ns(x->done));
    const struct stats_remote *remote = stats_remote(wired.loop->stats, 0, c->remote);
    assert_int_equal(remote->n_done, 1);
    assert_int_equal(remote->n_err, 0);
    assert_null(remote->service); /* with one address the stream has it */
    wired.route.records_remotes = true;
    account_done(c, &f, &c->exchange, OUTCOME_TIMEOUT, "test", since_t0_ns(x->done));
    assert_int_equal(remote->n_done, 2);
    assert_int_equal(remote->n_err, 1);
    assert_int_equal(remote->service->n, 1);
    assert_int_equal(remote->service->max_ns, 80);
    f.sent_ns = 0;
    account_done(c, &f, &c->exchange, OUTCOME_CENSORED, "test", since_t0_ns(x->done));
    assert_int_equal(remote->n_done, 3);
    assert_int_equal(remote->service->n, 1);
}

static void addresses_beyond_the_most_are_counted_in_none(void **state)
{
    (void)state;
    static const uint32_t numbers[] = { STATS_REMOTES_MOST - 1, STATS_REMOTES_MOST, NAMES_NONE };
    for (size_t i = 0; i < N_OF(numbers); i++) {
        wired_init(PLAN_OPEN, 1, 1);
        struct conn *c = conn_of(&times_cases[0]);
        const struct flight f = flight_of(&times_cases[0]);
        c->remote = numbers[i];
        account_done(c, &f, &c->exchange, OUTCOME_OK, NULL, since_t0_ns(250));
        uint64_t n = 0;
        for (uint32_t r = 0; r < STATS_REMOTES_MOST; r++)
            n += wired.loop->stats->remotes[r] ? wired.loop->stats->remotes[r][0].n_done : 0;
        assert_int_equal(n, numbers[i] < STATS_REMOTES_MOST);
        assert_int_equal(wired_n(OUTCOME_OK), 1);
        wired_fini();
    }
}

/* Instances have a histogram of the headline metric; samples number them from 1. */
static void an_instance_has_the_headlines_of_its_answers(void **state)
{
    (void)state;
    static const enum plan_model models[] = { PLAN_OPEN, PLAN_CLOSED };
    for (size_t i = 0; i < N_OF(models); i++) {
        wired_init(models[i], 1, 1);
        wired.stream.expect.has_instance = true;
        struct conn *c = conn_of(&times_cases[0]);
        char id[] = "i-b";
        names_instance(&wired.loop->instances, "i-a", 3);
        c->exchange.response.is_complete = true;
        c->exchange.response.tail = id;
        c->exchange.response.tail_bytes = 3;
        const struct flight f = flight_of(&times_cases[0]);
        wired.loop->n_until_sample = 1;
        account_done(c, &f, &c->exchange, OUTCOME_OK, NULL, since_t0_ns(250));
        const struct stats_times *cell = wired.loop->stats->cells[0].times[OUTCOME_OK];
        assert_true(cell->n_instances > 1);
        assert_null(cell->instances[0]);
        assert_int_equal(cell->instances[1]->n, 1);
        assert_int_equal(cell->instances[1]->max_ns, models[i] == PLAN_OPEN ? 150 : 80);
        assert_int_equal(wired.loop->stats->sys.rows[0].instance, 2);
        c->exchange.response.tail = NULL;
        wired_fini();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(an_answer_is_no_older_than_its_request, drop),
        cmocka_unit_test(a_request_has_the_times_that_can_be_known),
        cmocka_unit_test(a_request_without_a_connection_has_the_times_of_its_wait),
        cmocka_unit_test(a_good_answer_after_the_measured_time_is_late),
        cmocka_unit_test_teardown(a_sample_says_what_became_of_its_request, drop),
        cmocka_unit_test_teardown(an_address_counts_what_it_was_asked_and_what_failed, drop),
        cmocka_unit_test(addresses_beyond_the_most_are_counted_in_none),
        cmocka_unit_test(an_instance_has_the_headlines_of_its_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
