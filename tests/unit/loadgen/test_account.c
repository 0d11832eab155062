#include "wired.h"

#include "hist.h"

static int drop(void **state)
{
    (void)state;
    wired_fini();
    return 0;
}

static uint64_t most_ns(enum metric metric)
{
    const struct book_cell *cell = wired.worker.book->phases[0].cells[OUTCOME_OK];
    assert_non_null(cell);
    assert_non_null(cell->metrics[metric]);
    return cell->metrics[metric]->max_ns;
}

/* The clock was set by an hour between the kernel's stamp and the read. */
static void an_answer_is_no_older_than_its_request(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    struct conn *c = wired_connect(0);
    const uint64_t now_ns = clock_monotonic_ns();
    wired_submit(c, &wired.get, 1, now_ns);
    c->wire.rx_realtime_ns = now_ns;
    wired.worker.realtime_offset_ns = 3600 * (int64_t)NS_PER_S;
    wired_answer(WIRED_OK);
    wired_looks(c);
    assert_int_equal(wired_n(OUTCOME_OK), 1);
    assert_true(most_ns(METRIC_SERVICE) < 3600 * NS_PER_S);
    assert_int_equal(most_ns(METRIC_RX_AGE), most_ns(METRIC_SERVICE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(an_answer_is_no_older_than_its_request, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
