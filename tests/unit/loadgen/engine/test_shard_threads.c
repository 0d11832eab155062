/* A closed stream on several threads, of one generator or of several, whose shards run in turn: every request
 * takes one round. */
#include "wired.h"

#include <stdlib.h>

enum { THREADS_MOST = 9, SHARDS_MOST = 20, CONNECTIONS_MOST = 20, PHASES_MOST = 3, REQUESTS_MOST = 600 };

struct threads {
    struct phase_clock clocks[PHASES_MOST];
    struct shard shards[SHARDS_MOST]; /* no more than connections */
    uint32_t n;
    uint64_t n_done[SHARDS_MOST];       /* by each thread, in this phase */
    unsigned n_numbered[REQUESTS_MOST]; /* requests of this number */
    uint64_t sum;
};

static struct threads threads;

/* The threads of one share that have a connection. */
static void add_share(uint32_t index, uint32_t count, uint32_t n_threads)
{
    wired.plan.share = (struct share){ index, count };
    wired.plan.n_threads = n_threads;
    for (uint32_t k = 0; k < n_threads; k++) {
        const struct division part = division_of(&wired.plan, 0, k);
        if (division_n_connections(&part) == 0)
            continue;
        struct shard *s = &threads.shards[threads.n++];
        assert_int_equal(shard_init(s, wired.loop, &wired.route, &wired.stream, &part, &wired.barrier,
                                    threads.clocks, NULL),
                         0);
        s->counts = &wired.loop->stats->streams[0];
        s->is_opening = true;
    }
}

/* Share i has i % 3 threads more than the first; all have one barrier, as a fleet's gates make it. */
static void shares_init(uint32_t n_shares, uint32_t n_threads, uint32_t n_connections,
                        struct plan_phase *phases, size_t n_phases)
{
    wired_init(PLAN_CLOSED, n_connections, 1);
    shard_fini(&wired.shard);
    stats_free(wired.loop->stats);
    memset(&threads, 0, sizeof threads);
    wired.plan.n_phases = wired.plan.n_cells = wired.stream.n_phases = n_phases;
    wired.stream.phases = phases;
    wired.loop->stats = stats_new(&wired.plan);
    assert_non_null(wired.loop->stats);
    for (uint32_t i = 0; i < n_shares; i++)
        add_share(i, n_shares, n_threads + i % 3);
    wired.barrier.n_sharers = threads.n;
    for (uint32_t k = 0; k < threads.n; k++)
        shard_closed.start(&threads.shards[k], WIRED_T0_NS);
}

static void threads_init(uint32_t n_threads, uint32_t n_connections, struct plan_phase *phases,
                         size_t n_phases)
{
    shares_init(1, n_threads, n_connections, phases, n_phases);
}

static void threads_fini(void)
{
    for (uint32_t k = 0; k < threads.n; k++)
        shard_fini(&threads.shards[k]);
    wired_fini();
}

/* Ends what is in flight now. */
static void finish_round(uint64_t now_ns)
{
    struct conn *conns[CONNECTIONS_MOST];
    uint32_t n = 0;
    for (uint32_t k = 0; k < threads.n; k++)
        for (uint32_t i = 0; i < threads.shards[k].n_conns; i++)
            if (shard_conn(&threads.shards[k], i)->n_flights > 0)
                conns[n++] = shard_conn(&threads.shards[k], i);
    while (n > 0) {
        struct conn *c = conns[--n];
        const uint64_t seq = conn_flight(c, 0, 1)->seq;
        assert_in_range(seq, 0, REQUESTS_MOST - 1);
        threads.n_numbered[seq]++;
        threads.n_done[c->shard - threads.shards]++;
        threads.sum++;
        conn_fail(c, OUTCOME_RESET, "test", now_ns);
    }
}

static uint32_t phase_now(void)
{
    for (uint32_t k = 0; k < threads.n; k++)
        shard_closed.check(&threads.shards[k], WIRED_T0_NS);
    return threads.shards[0].phase;
}

/* Rounds until the phase is over. */
static uint64_t rounds_of_phase(uint32_t phase)
{
    uint64_t n = 0;
    memset(threads.n_done, 0, sizeof threads.n_done);
    for (; phase_now() == phase && threads.shards[0].state != SHARD_OVER; n++)
        finish_round(WIRED_T0_NS);
    return n;
}

static void check_phases(uint32_t n_shares, uint32_t n_threads, uint32_t n_connections,
                         const uint64_t *n_requests, size_t n_phases)
{
    struct plan_phase phases[PHASES_MOST];
    uint64_t sum = 0;
    for (size_t i = 0; i < n_phases; i++)
        phases[i] = (struct plan_phase){ .kind = PLAN_PHASE_REQUESTS, .n_requests = n_requests[i] };
    shares_init(n_shares, n_threads, n_connections, phases, n_phases);
    for (uint32_t i = 0; i < n_phases; i++) {
        const uint64_t n_rounds = rounds_of_phase(i);
        assert_int_equal(n_rounds, (n_requests[i] + n_connections - 1) / n_connections);
        for (uint32_t k = 0; k < threads.n; k++)
            assert_int_equal(threads.n_done[k],
                             division_n_of(&threads.shards[k].division, sum + n_requests[i]) -
                                 division_n_of(&threads.shards[k].division, sum));
        sum += n_requests[i];
        assert_int_equal(threads.sum, sum);
    }
    for (uint64_t i = 0; i < REQUESTS_MOST; i++)
        assert_int_equal(threads.n_numbered[i], i < sum);
    threads_fini();
}

static void check_many(uint32_t n_shares, uint32_t n_threads)
{
    static const uint64_t requests[][PHASES_MOST] = {
        { 5, 5, 5 }, { 1, 200, 3 }, { 40, 97, 0 }, { 400, 0, 0 }
    };
    static const uint32_t connections[] = { 1, 2, 3, 4, 5, 7, 10, 20 };
    for (size_t i = 0; i < N_OF(connections); i++)
        for (size_t k = 0; k < N_OF(requests); k++) {
            size_t n_phases = PHASES_MOST;
            while (requests[k][n_phases - 1] == 0)
                n_phases--;
            check_phases(n_shares, n_threads, connections[i], requests[k], n_phases);
        }
}

static void phases_take_as_long_as_with_one_thread_and_number_their_requests_without_holes(void **state)
{
    (void)state;
    for (uint32_t t = 1; t <= THREADS_MOST; t++)
        check_many(1, t);
}

/* Also more shares than users. */
static void shares_send_the_numbers_of_one_machine(void **state)
{
    static const uint32_t counts[] = { 2, 3, 7, 25 };
    (void)state;
    for (size_t i = 0; i < N_OF(counts); i++)
        for (uint32_t t = 1; t <= 3; t++)
            check_many(counts[i], t);
}

/* One thread may be faster than the others: then it is further in its numbers, and stays so. */
static void numbers_are_unique_when_time_ends_a_phase(void **state)
{
    (void)state;
    struct plan_phase phases[] = { { .kind = PLAN_PHASE_DURATION, .duration_ns = NS_PER_S },
                                   { .kind = PLAN_PHASE_REQUESTS, .n_requests = 7 } };
    threads_init(3, 4, phases, 2);
    for (int i = 0; i < 10; i++) {
        struct conn *quick = shard_conn(&threads.shards[1], 0);
        threads.n_numbered[conn_flight(quick, 0, 1)->seq]++;
        conn_fail(quick, OUTCOME_RESET, "test", WIRED_T0_NS);
    }
    finish_round(WIRED_T0_NS + NS_PER_S); /* the last of each */
    assert_int_equal(threads.sum, 4);
    for (uint32_t k = 0; k < threads.n; k++)
        shard_closed.check(&threads.shards[k], WIRED_T0_NS + NS_PER_S);
    assert_int_equal(rounds_of_phase(1), 2);
    assert_int_equal(threads.sum, 4 + 7);
    for (uint64_t i = 0; i < REQUESTS_MOST; i++) {
        const bool is_quick = i % 4 == 1;
        const uint64_t n_quick = 11 + 2, n_slow = 1 + 2; /* of connections 1 and 0, 2, 3 */
        assert_int_equal(threads.n_numbered[i], i == 11 ? 0 : i / 4 < (is_quick ? n_quick : n_slow));
    }
    threads_fini();
}

static void connections_and_queue_are_those_of_the_stream(void **state)
{
    (void)state;
    for (uint32_t t = 1; t <= THREADS_MOST; t++) {
        struct plan_phase phase = { .kind = PLAN_PHASE_REQUESTS, .n_requests = 1 };
        unsigned n_of_address[3] = { 0 };
        uint64_t n_conns = 0;
        threads_init(t, 10, &phase, 1);
        for (uint32_t k = 0; k < threads.n; k++)
            for (uint32_t i = 0; i < threads.shards[k].n_conns; i++, n_conns++)
                n_of_address[shard_conn(&threads.shards[k], i)->number % 3]++;
        assert_int_equal(n_conns, 10);
        assert_int_equal(n_of_address[0], 4);
        assert_int_equal(n_of_address[1], 3);
        assert_int_equal(n_of_address[2], 3);
        threads_fini();
    }
}

static void a_queue_is_divided_too(void **state)
{
    (void)state;
    for (uint32_t t = 1; t <= 5; t++) {
        uint64_t capacity = 0;
        wired_init(PLAN_OPEN, 5, 1);
        shard_fini(&wired.shard);
        wired.plan.n_threads = t;
        wired.stream.queue_most = 13;
        for (uint32_t k = 0; k < t; k++) {
            const struct division part = division_of(&wired.plan, 0, k);
            assert_int_equal(shard_init(&wired.shard, wired.loop, &wired.route, &wired.stream, &part,
                                        &wired.barrier, &wired.clock, NULL),
                             0);
            capacity += wired.shard.queue.capacity;
            shard_fini(&wired.shard);
        }
        assert_int_equal(capacity, 13);
        wired_fini();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phases_take_as_long_as_with_one_thread_and_number_their_requests_without_holes),
        cmocka_unit_test(shares_send_the_numbers_of_one_machine),
        cmocka_unit_test(numbers_are_unique_when_time_ends_a_phase),
        cmocka_unit_test(connections_and_queue_are_those_of_the_stream),
        cmocka_unit_test(a_queue_is_divided_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
