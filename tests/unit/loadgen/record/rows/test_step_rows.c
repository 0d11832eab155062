/* The rows of a session stream in the files. */
#include "cm.h"
#include "err.h"
#include "error_rows.h"
#include "hist_rows.h"
#include "interval_rows.h"
#include "names.h"
#include "sample_rows.h"
#include "session_plan.h"
#include "units.h"
#include "written_rows.h"

static int make_sessions(void **state)
{
    if (make(state))
        return -1;
    struct rows *x = *state;
    stats_free(x->stats);
    x->stats = stats_new(&session_plan);
    return x->stats ? 0 : -1;
}

static void put(struct rows *x, size_t row, enum outcome outcome, enum metric metric, uint64_t ns)
{
    const uint32_t cell = buyers_cell(row, MAIN);
    stats_count_outcome(x->stats, cell, outcome);
    stats_times_add(stats_times(x->stats, cell, outcome), metric, ns);
}

static void errors_name_the_step(void **state)
{
    struct rows *x = *state;
    const uint32_t order = buyers_cell(ORDER, MAIN), session = buyers_cell(SESSION, MAIN);
    stats_count_outcome(x->stats, order, OUTCOME_STATUS_4XX);
    stats_count_cause(x->stats, BUYERS, order, OUTCOME_STATUS_4XX, 401, "status");
    stats_count_outcome(x->stats, session, OUTCOME_STATUS_4XX);
    stats_count_cause(x->stats, BUYERS, session, OUTCOME_STATUS_4XX, 0, "order");
    stats_count_outcome(x->stats, 0, OUTCOME_TIMEOUT);
    error_rows_write(&x->w, &session_plan, 3, x->stats);
    assert_string_equal(written(x), "3,plain,,shop,main,timeout,,,1\n"
                                    "3,buyers,order,shop,main,status_4xx,status,401,1\n"
                                    "3,buyers,session,shop,main,status_4xx,order,,1\n");
}

/* Seven rows are possible; those in which nothing ended are left out. */
static void steps_come_before_their_stream_which_sums_the_requests(void **state)
{
    struct rows *x = *state;
    put(x, LOGIN, OUTCOME_OK, METRIC_RESPONSE, 1000);
    put(x, ORDER, OUTCOME_OK, METRIC_RESPONSE, 3000);
    put(x, SESSION, OUTCOME_OK, METRIC_BUSY, 4000);
    x->stats->streams[BUYERS].n_intended = x->stats->streams[BUYERS].n_sent = 2;
    const struct interval_row row = { .second = 5, .length_ns = NS_PER_S, .stream = BUYERS, .phase = MAIN };
    interval_rows_write(&x->w, &session_plan, &row, x->stats, x->scratch);
    assert_string_equal(
        written(x),
        "5,1.000000,buyers,login,shop,main,0,0,,,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,,,,,1.000,1.000,1.000,1."
        "000,"
        "1.000,,,,,,,,,,,,,,,,,,,,,\n"
        "5,1.000000,buyers,order,shop,main,0,0,,,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,,,,,3.000,3.000,3.000,3."
        "000,"
        "3.000,,,,,,,,,,,,,,,,,,,,,\n"
        "5,1.000000,buyers,session,shop,main,0,0,,,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,,,,,4.000,4.000,4.000,"
        "4.000,4.000,,,,,,,,,,,,,,,,,,,,,\n"
        "5,1.000000,buyers,,shop,main,0,0,2,2,2,2,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1.000,3.000,3.000,"
        "3.000,"
        "3.000,,,,,,,0,0,0,0,0,0,,,,,,,,,\n");
}

static void a_sample_names_its_step(void **state)
{
    struct rows *x = *state;
    const struct sample_words words = { .plan = &session_plan };
    const struct stats_sample sample = { .seq = 7,
                                         .due_ns = 1,
                                         .stream = BUYERS,
                                         .phase = MAIN,
                                         .row = ORDER_REDIRECT,
                                         .outcome = OUTCOME_EXPECT,
                                         .remote = NAMES_NONE };
    sample_rows_write(&x->w, &words, "err", &sample);
    assert_string_equal(written(x), "err,buyers,order_redirect,shop,main,7,1,0,0,,,,,0,0,,expect,,\n");
}

static int note_tag(void *payload, const char *tag, const struct hist *h, struct err *e)
{
    char *all = payload;
    (void)h, (void)e;
    strcat(strcat(all, tag), " ");
    return 0;
}

static void tags_name_the_step_behind_the_stream(void **state)
{
    struct rows *x = *state;
    char all[512] = "";
    put(x, ORDER, OUTCOME_OK, METRIC_RESPONSE, 1);
    put(x, SESSION, OUTCOME_EXPECT, METRIC_BUSY, 1);
    stats_times_add(stats_times(x->stats, 0, OUTCOME_OK), METRIC_SERVICE, 1);
    assert_int_equal(hist_rows_walk(x->stats, &session_plan, NULL, note_tag, all, &x->e), 0);
    assert_string_equal(all, "service.plain.shop.main.ok.all response.buyers/order.shop.main.ok.all "
                             "busy.buyers/session.shop.main.expect.all ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(errors_name_the_step, make_sessions, drop),
        cmocka_unit_test_setup_teardown(steps_come_before_their_stream_which_sums_the_requests, make_sessions,
                                        drop),
        cmocka_unit_test_setup_teardown(a_sample_names_its_step, make_sessions, drop),
        cmocka_unit_test_setup_teardown(tags_name_the_step_behind_the_stream, make_sessions, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
