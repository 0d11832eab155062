/* Which requests are kept as samples: one in so many, the slowest, and errors. */
#include "wired.h"

#include "account.h"

static int drop(void **state)
{
    (void)state;
    wired_fini();
    return 0;
}

/* A request of a closed stream with this service time. */
static void took(uint64_t seq, uint64_t service_ns, enum outcome outcome)
{
    const struct flight f = { .seq = seq, .dispatched_ns = WIRED_T0_NS, .sent_ns = WIRED_T0_NS };
    struct conn *c = shard_conn(&wired.shard, 0);
    account_done(c, &f, &c->exchange, outcome, outcome == OUTCOME_OK ? NULL : "test",
                 WIRED_T0_NS + service_ns);
}

static bool slow_has(uint64_t seq)
{
    const struct stats_samples *slow = &wired.loop->stats->slow;
    for (uint32_t i = 0; i < slow->n; i++)
        if (slow->rows[i].seq == seq)
            return true;
    return false;
}

static void the_slowest_ten_are_kept(void **state)
{
    (void)state;
    static const struct {
        uint64_t seq, service_ns;
        int64_t pushes_out; /* -1: is not kept itself */
    } steps[] = {
        { 10, 10, -1 },  /* faster than any */
        { 11, 100, -1 }, /* as fast as the fastest */
        { 12, 101, 0 },  { 13, 150, 12 }, { 14, 300, 13 }, { 15, 205, 1 },
        { 16, 300, 15 }, { 17, 299, -1 }, { 18, 300, -1 }, { 19, 301, 14 },
    };
    wired_init(PLAN_CLOSED, 1, 1);
    wired_connect(0);
    for (uint64_t i = 0; i < STATS_SLOW_SAMPLES_MOST; i++) {
        took(i, i == 0 ? 100 : i == 1 ? 200 : 1000 - i, OUTCOME_OK);
        assert_int_equal(wired.loop->stats->slow.n, i + 1);
    }
    for (size_t i = 0; i < N_OF(steps); i++) {
        took(steps[i].seq, steps[i].service_ns, OUTCOME_OK);
        assert_int_equal(wired.loop->stats->slow.n, STATS_SLOW_SAMPLES_MOST);
        assert_int_equal(slow_has(steps[i].seq), steps[i].pushes_out >= 0);
        if (steps[i].pushes_out >= 0)
            assert_false(slow_has((uint64_t)steps[i].pushes_out));
    }
    for (uint64_t i = 2; i < STATS_SLOW_SAMPLES_MOST; i++)
        assert_true(slow_has(i));
}

/* The floor is that of the rows kept now, not of earlier ones. */
static void who_is_too_fast_to_be_kept_is_not_looked_at(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    wired_connect(0);
    for (uint64_t i = 0; i < STATS_SLOW_SAMPLES_MOST; i++)
        took(i, 100 + 10 * i, OUTCOME_OK);
    assert_int_equal(wired.loop->slowest_floor_ns, 0);
    took(10, 105, OUTCOME_OK); /* in the place of 100, and now the fastest */
    assert_int_equal(wired.loop->slowest_floor_ns, 105);
    took(11, 500, OUTCOME_OK);
    assert_int_equal(wired.loop->slowest_floor_ns, 110);
}

static void errors_are_kept_until_there_are_enough(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    wired_connect(0);
    took(0, 10, OUTCOME_OK);
    assert_int_equal(wired.loop->stats->err.n, 0);
    for (uint64_t i = 1; i <= STATS_ERR_SAMPLES_MOST + 1; i++)
        took(i, 10, OUTCOME_RESET);
    assert_int_equal(wired.loop->stats->err.n, STATS_ERR_SAMPLES_MOST);
    assert_int_equal(wired.loop->stats->err.rows[STATS_ERR_SAMPLES_MOST - 1].seq, STATS_ERR_SAMPLES_MOST);
    assert_int_equal(wired_n(OUTCOME_RESET), STATS_ERR_SAMPLES_MOST + 1);
}

/* One in three requests, then one in six once the sample was full: it always covers the whole interval. */
static void a_full_sample_is_thinned_out(void **state)
{
    (void)state;
    wired_init(PLAN_CLOSED, 1, 1);
    wired_connect(0);
    const struct stats *b = wired.loop->stats;
    wired.loop->stats->sys_every = 3;
    wired.loop->n_until_sample = 3;
    uint64_t seq = 0;
    while (b->sys.n < STATS_SYS_SAMPLES_MOST)
        took(++seq, 10, OUTCOME_OK);
    assert_int_equal(seq, 3 * STATS_SYS_SAMPLES_MOST);
    assert_int_equal(b->sys_every, 3);
    for (int i = 0; i < 3; i++)
        took(++seq, 10, OUTCOME_OK);
    assert_int_equal(b->sys_every, 6);
    assert_int_equal(b->sys.n, STATS_SYS_SAMPLES_MOST / 2 + 1);
    for (uint32_t i = 0; i < b->sys.n; i++)
        assert_int_equal(b->sys.rows[i].seq, 3 + 6 * i);
    for (int i = 0; i < 5; i++)
        took(++seq, 10, OUTCOME_OK);
    assert_int_equal(b->sys.n, STATS_SYS_SAMPLES_MOST / 2 + 1);
    took(++seq, 10, OUTCOME_OK);
    assert_int_equal(b->sys.n, STATS_SYS_SAMPLES_MOST / 2 + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_slowest_ten_are_kept, drop),
        cmocka_unit_test_teardown(who_is_too_fast_to_be_kept_is_not_looked_at, drop),
        cmocka_unit_test_teardown(errors_are_kept_until_there_are_enough, drop),
        cmocka_unit_test_teardown(a_full_sample_is_thinned_out, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
