#include "cm.h"
#include "division.h"
#include "plan.h"

#include <stdlib.h>
#include <string.h>

enum { STREAMS = 3, THREADS_MOST = 17, LOOKED_AT = 500 };

static const uint64_t connection_counts[] = { 1, 2, 3, 5, 7, 8, 10, 20, 64, 100 };
static struct plan_stream streams[STREAMS];

static struct plan plan_of(uint64_t n_connections, uint32_t n_threads)
{
    /* What stands before decides where the stream begins. */
    streams[0].n_connections = 1 + n_connections % 4;
    streams[1].n_connections = n_connections;
    streams[2].n_connections = 6;
    return (struct plan){ .streams = streams, .n_streams = STREAMS, .n_threads = n_threads };
}

typedef void check_fn(const struct plan *plan, const struct division *parts);

/* Calls `check` with the second stream's parts for many numbers of connections and threads. */
static void for_each_plan(check_fn *check)
{
    for (size_t i = 0; i < N_OF(connection_counts); i++)
        for (uint32_t t = 1; t <= THREADS_MOST; t++) {
            struct division parts[THREADS_MOST];
            const struct plan plan = plan_of(connection_counts[i], t);
            for (uint32_t k = 0; k < t; k++)
                parts[k] = division_of(&plan, 1, k);
            check(&plan, parts);
        }
}

static void check_numbers(const struct plan *plan, const struct division *parts)
{
    unsigned n_owners[LOOKED_AT] = { 0 };
    uint64_t n_own[THREADS_MOST] = { 0 };
    for (uint32_t k = 0; k < plan->n_threads; k++)
        if (division_n_connections(&parts[k]) > 0)
            for (struct division_walk w = division_walk_begin(&parts[k]); w.number < LOOKED_AT;
                 division_walk_next(&w))
                n_owners[w.number]++;
    for (uint64_t n = 0; n < LOOKED_AT; n++) {
        uint64_t sum = 0;
        assert_int_equal(n_owners[n], 1);
        for (uint32_t k = 0; k < plan->n_threads; k++) {
            assert_int_equal(division_n_of(&parts[k], n), n_own[k]);
            sum += n_own[k];
            n_own[k] += n % parts[k].n_connections % parts[k].n_sharers == parts[k].index;
        }
        assert_int_equal(sum, n);
    }
}

static void every_number_has_one_thread(void **state)
{
    (void)state;
    for_each_plan(check_numbers);
}

/* With one thread each connection has n / n_connections requests, rounded down or up. */
static void check_proportion(const struct plan *plan, const struct division *parts)
{
    for (uint64_t n = 0; n < LOOKED_AT; n++)
        for (uint32_t k = 0; k < plan->n_threads; k++) {
            const uint64_t own = division_n_connections(&parts[k]);
            const uint64_t all = parts[k].n_connections;
            assert_in_range(division_n_of(&parts[k], n), n / all * own, (n + all - 1) / all * own);
        }
}

static void no_connection_has_more_to_do_than_with_one_thread(void **state)
{
    (void)state;
    for_each_plan(check_proportion);
}

static void check_connections(const struct plan *plan, const struct division *parts)
{
    unsigned n_owners[LOOKED_AT] = { 0 };
    uint64_t least = UINT64_MAX;
    uint64_t most = 0;
    for (uint32_t k = 0; k < plan->n_threads; k++) {
        const uint64_t own = division_n_connections(&parts[k]);
        for (uint64_t i = 0; i < own; i++) {
            const uint64_t number = division_connection(&parts[k], i);
            assert_in_range(number, parts[k].first_connection,
                            parts[k].first_connection + parts[k].n_connections - 1);
            assert_int_equal(number % plan->n_threads, k);
            n_owners[number]++;
        }
        least = own < least ? own : least;
        most = own > most ? own : most;
    }
    assert_in_range(most - least, 0, 1);
    for (uint64_t i = 0; i < parts[0].n_connections; i++)
        assert_int_equal(n_owners[parts[0].first_connection + i], 1);
}

static void connections_are_numbered_without_holes_whatever_the_threads(void **state)
{
    (void)state;
    for_each_plan(check_connections);
}

/* So that many streams of one connection each use all threads, and all addresses. */
static void numbers_go_on_from_stream_to_stream(void **state)
{
    (void)state;
    const struct plan plan = plan_of(5, 4); /* 2, 5 and 6 connections */
    uint64_t n_of_thread[4] = { 0 };
    assert_int_equal(division_of(&plan, 0, 0).first_connection, 0);
    assert_int_equal(division_of(&plan, 1, 3).first_connection, 2);
    assert_int_equal(division_of(&plan, 2, 1).first_connection, 7);
    for (size_t i = 0; i < STREAMS; i++)
        for (uint32_t k = 0; k < 4; k++) {
            const struct division part = division_of(&plan, i, k);
            n_of_thread[k] += division_n_connections(&part);
        }
    assert_int_equal(n_of_thread[0], 4);
    for (uint32_t k = 1; k < 4; k++)
        assert_int_equal(n_of_thread[k], 3);
}

/* Over all generators exactly, whatever the prefix; on each of them about so, as soon as it has a few. */
static void addresses_are_spread_over_all_and_by_each(void **state)
{
    enum { CONNECTIONS = 5000, ADDRESSES_MOST = 12, SHARES_MOST = 24 };
    (void)state;
    for (uint32_t n_shares = 1; n_shares <= SHARES_MOST; n_shares++)
        for (uint64_t n = 1; n <= ADDRESSES_MOST; n++) {
            const struct share share = { 0, n_shares };
            uint64_t n_all[ADDRESSES_MOST] = { 0 };
            uint64_t n_by[SHARES_MOST][ADDRESSES_MOST] = { 0 };
            for (uint64_t c = 0; c < CONNECTIONS; c++) {
                const uint64_t i = division_address(&share, c, n);
                assert_in_range(i, 0, n - 1);
                assert_true(n_shares > 1 || i == c % n);
                assert_int_equal(division_local_number(&share, c), c / n_shares);
                assert_in_range(++n_all[i], c / n, c / n + 2);
                n_by[c % n_shares][i]++;
            }
            for (uint32_t s = 0; s < n_shares; s++)
                for (uint64_t i = 0; i < n; i++)
                    assert_in_range(n_by[s][i], CONNECTIONS / n_shares / n - n,
                                    CONNECTIONS / n_shares / n + n + 1);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_has_one_thread),
        cmocka_unit_test(no_connection_has_more_to_do_than_with_one_thread),
        cmocka_unit_test(connections_are_numbered_without_holes_whatever_the_threads),
        cmocka_unit_test(numbers_go_on_from_stream_to_stream),
        cmocka_unit_test(addresses_are_spread_over_all_and_by_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
