/* Values that statistics lack, or have too many of: each case is one outcome of one phase. */
#include "cm.h"
#include "small_plan.h"
#include "stats.h"
#include "stats_query.h"

struct missing_case {
    const char *why;
    uint32_t phase;
    enum outcome outcome;
    uint64_t n_counted;
    int response, response_less_g, service, service_less_g, rx_age, lag, conn_wait; /* values recorded */
    uint64_t missing;
};

static void add(struct stats_times *cell, enum metric metric, int n)
{
    for (int i = 0; i < n; i++)
        stats_times_add(cell, metric, 1);
}

static void what_does_not_go_together_is_missing(void **state)
{
    (void)state;
    static const struct missing_case cases[] = {
        { "open, whole", OPEN_MAIN, OUTCOME_OK, 5, 5, 5, 5, 5, 5, 5, 5, 0 },
        { "open, without ages", OPEN_MAIN, OUTCOME_OK, 5, 5, 5, 5, 0, 0, 5, 5, 0 },
        { "open, two responses", OPEN_MAIN, OUTCOME_OK, 5, 3, 3, 5, 5, 5, 5, 5, 2 },
        { "open, two too many", OPEN_MAIN, OUTCOME_OK, 5, 7, 7, 5, 5, 5, 5, 5, 2 },
        { "open, one less_g", OPEN_MAIN, OUTCOME_OK, 5, 5, 4, 5, 5, 5, 5, 5, 1 },
        { "open, three ages", OPEN_MAIN, OUTCOME_OK, 5, 5, 5, 5, 5, 2, 5, 5, 3 },
        { "open, three service_less_g", OPEN_MAIN, OUTCOME_OK, 5, 5, 5, 5, 2, 5, 5, 5, 3 },
        { "open, four waits", OPEN_MAIN, OUTCOME_OK, 5, 5, 5, 5, 5, 5, 5, 1, 4 },
        { "open, four services", OPEN_MAIN, OUTCOME_OK, 5, 5, 5, 1, 5, 5, 5, 5, 4 },
        { "open, five lags", OPEN_MAIN, OUTCOME_OK, 5, 5, 5, 5, 5, 5, 0, 5, 5 },
        { "open, one of each", OPEN_MAIN, OUTCOME_OK, 5, 4, 5, 5, 5, 4, 4, 4, 5 },
        { "open, in the warm-up", OPEN_WARM, OUTCOME_OK, 5, 4, 4, 5, 5, 5, 5, 5, 1 },
        { "open, timed out without a connection", OPEN_MAIN, OUTCOME_TIMEOUT, 5, 5, 5, 0, 0, 0, 5, 0, 0 },
        { "open, timed out", OPEN_MAIN, OUTCOME_TIMEOUT, 5, 3, 3, 0, 0, 0, 5, 0, 2 },
        { "open, dropped", OPEN_MAIN, OUTCOME_DROPPED, 5, 0, 0, 0, 0, 0, 5, 0, 0 },
        { "open, dropped with responses", OPEN_MAIN, OUTCOME_DROPPED, 5, 7, 7, 0, 0, 0, 5, 0, 2 },
        { "open, closed while idle", OPEN_MAIN, OUTCOME_RESET_IDLE, 5, 0, 0, 0, 0, 0, 0, 0, 0 },
        { "open, closed while idle with responses", OPEN_MAIN, OUTCOME_RESET_IDLE, 5, 3, 3, 0, 0, 0, 0, 0,
          3 },
        { "closed, whole", CLOSED_P1, OUTCOME_OK, 5, 0, 0, 5, 5, 5, 0, 0, 0 },
        { "closed, two services", CLOSED_P3, OUTCOME_OK, 5, 0, 0, 3, 5, 5, 0, 0, 2 },
        { "closed, one age", CLOSED_P1, OUTCOME_OK, 5, 0, 0, 5, 5, 4, 0, 0, 1 },
        { "closed, not sent", CLOSED_P1, OUTCOME_CONNECT, 5, 0, 0, 0, 0, 0, 0, 0, 0 },
        { "closed, more than there were", CLOSED_P1, OUTCOME_RESET, 5, 0, 0, 6, 0, 0, 0, 0, 1 },
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct missing_case *x = &cases[i];
        struct stats *b = stats_new(&small_plan);
        assert_non_null(b);
        struct stats_times *cell = stats_times(b, x->phase, x->outcome);
        b->cells[x->phase].n_outcomes[x->outcome] = x->n_counted;
        add(cell, METRIC_RESPONSE, x->response);
        add(cell, METRIC_RESPONSE_LESS_G, x->response_less_g);
        add(cell, METRIC_SERVICE, x->service);
        add(cell, METRIC_SERVICE_LESS_G, x->service_less_g);
        add(cell, METRIC_RX_AGE, x->rx_age);
        add(cell, METRIC_LAG, x->lag);
        add(cell, METRIC_CONN_WAIT, x->conn_wait);
        const size_t stream = x->phase < OPEN_WARM ? CLOSED : OPEN;
        const uint64_t missing = stats_missing(b, &small_plan, stream);
        if (missing != x->missing)
            fail_msg("%s: %d, not %d", x->why, (int)missing, (int)x->missing);
        assert_int_equal(stats_missing(b, &small_plan, stream == OPEN ? CLOSED : OPEN), 0);
        stats_free(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_go_together_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
