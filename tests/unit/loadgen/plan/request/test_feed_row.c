/* Which row of a feed belongs to a number. */
#include "division.h"
#include "err.h"
#include "feed_row.h"
#include "feed_use.h"

#include "cm.h"

#include <stdbool.h>
#include <stdlib.h>

enum { ROWS_MANY = 1000000, ROWS_SMALL_MOST = 200 };

struct fixture {
    struct plan plan;
    struct plan_stream streams[2];
    struct plan_feed feed;
};

static void set_up(struct fixture *f, enum plan_order order, size_t n_rows)
{
    *f = (struct fixture){ .plan = { .seed = 42, .n_streams = 2, .n_threads = 2 },
                           .streams = { { .n_connections = 16 }, { .n_connections = 5 } },
                           .feed = { .order = order, .n_rows = n_rows } };
    f->plan.streams = f->streams;
}

static size_t row_of(const struct fixture *f, uint64_t n)
{
    return feed_row(&f->plan, &f->streams[0], &f->feed, n);
}

static void a_sequence_begins_again_behind_the_last_row(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, PLAN_SEQUENCE, 3);
    for (uint64_t n = 0; n < 10; n++)
        assert_int_equal(row_of(&f, n), n % 3);
}

static void a_round_of_a_shuffle_has_each_row_once(void **state)
{
    struct fixture f;
    (void)state;
    for (size_t n_rows = 1; n_rows <= ROWS_SMALL_MOST; n_rows++) {
        set_up(&f, PLAN_SHUFFLE, n_rows);
        for (uint64_t round = 0; round < 3; round++) {
            bool is_seen[ROWS_SMALL_MOST] = { false };
            for (size_t i = 0; i < n_rows; i++) {
                const size_t row = row_of(&f, round * n_rows + i);
                assert_true(row < n_rows && !is_seen[row]);
                is_seen[row] = true;
            }
        }
    }
}

static void rounds_streams_and_seeds_shuffle_differently(void **state)
{
    enum { N = 100 };
    struct fixture f;
    unsigned n_same[3] = { 0 };
    (void)state;
    set_up(&f, PLAN_SHUFFLE, N);
    for (uint64_t n = 0; n < N; n++) {
        const size_t row = row_of(&f, n);
        n_same[0] += row_of(&f, N + n) == row;
        n_same[1] += feed_row(&f.plan, &f.streams[1], &f.feed, n) == row;
        f.plan.seed = 43;
        n_same[2] += row_of(&f, n) == row;
        f.plan.seed = 42;
    }
    for (size_t i = 0; i < 3; i++)
        assert_true(n_same[i] < 10); /* 1 is expected; 10 or more has a chance of 1e-7 */
}

/* Over pairs of places and rows, which a weak network leaves unequal. */
static void a_shuffle_puts_each_row_anywhere(void **state)
{
    enum { N = 10, ROUNDS = 10000 };
    struct fixture f;
    unsigned counts[N][N] = { { 0 } };
    double chi2 = 0;
    (void)state;
    set_up(&f, PLAN_SHUFFLE, N);
    for (uint64_t n = 0; n < (uint64_t)N * ROUNDS; n++)
        counts[n % N][row_of(&f, n)]++;
    for (size_t i = 0; i < N; i++)
        for (size_t k = 0; k < N; k++) {
            const double off = counts[i][k] - (double)ROUNDS / N;
            chi2 += off * off / ((double)ROUNDS / N);
        }
    assert_true(chi2 < 130); /* 81 degrees of freedom: passed by 99.95 % of seeds */
}

static void random_rows_are_equally_likely(void **state)
{
    enum { N = 10, DRAWS = 100000 };
    struct fixture f;
    unsigned counts[N] = { 0 };
    double chi2 = 0;
    (void)state;
    set_up(&f, PLAN_RANDOM, N);
    for (uint64_t n = 0; n < DRAWS; n++)
        counts[row_of(&f, n)]++;
    for (size_t i = 0; i < N; i++) {
        const double off = counts[i] - (double)DRAWS / N;
        chi2 += off * off / ((double)DRAWS / N);
    }
    assert_true(chi2 < 29.7); /* 9 degrees of freedom: passed by 99.95 % of seeds */
}

/* Two generators of two threads take as many numbers as there are rows. */
static void threads_and_generators_together_shuffle_each_row_once(void **state)
{
    struct fixture f;
    unsigned char *counts = calloc(ROWS_MANY, 1);
    (void)state;
    set_up(&f, PLAN_SHUFFLE, ROWS_MANY);
    for (uint32_t share = 0; share < 2; share++)
        for (uint32_t thread = 0; thread < 2; thread++) {
            f.plan.share = (struct share){ .index = share, .count = 2 };
            const struct division part = division_of(&f.plan, 0, thread);
            const uint64_t n = division_n_of(&part, ROWS_MANY);
            struct division_walk walk = division_walk_begin(&part);
            for (uint64_t i = 0; i < n; i++, division_walk_next(&walk))
                counts[row_of(&f, walk.number)]++;
        }
    for (size_t row = 0; row < ROWS_MANY; row++)
        assert_int_equal(counts[row], 1);
    free(counts);
}

static void a_feed_ends_unless_it_repeats(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, PLAN_SHUFFLE, 7);
    assert_true(feed_end(&f.feed) == UINT64_MAX);
    f.feed.at_end = PLAN_STOP;
    assert_int_equal(feed_end(&f.feed), 7);
    f.feed.at_end = PLAN_FAIL;
    assert_int_equal(feed_end(&f.feed), 7);
    f.feed.order = PLAN_LEND;
    assert_true(feed_end(&f.feed) == UINT64_MAX);
}

static void what_a_stream_takes_is_known_where_its_numbers_are(void **state)
{
    static struct plan_phase phases[] = { { .kind = PLAN_PHASE_REQUESTS, .n_requests = 10 },
                                          { .kind = PLAN_PHASE_DURATION, .duration_ns = 1 } };
    struct fixture f;
    (void)state;
    set_up(&f, PLAN_SEQUENCE, 4);
    struct plan_stream *s = &f.streams[0];
    s->n_users = 8;
    s->phases = phases;
    s->n_phases = 1;
    s->n_requests = 3;
    struct feed_use use = feed_use_of(s, &f.feed);
    assert_true(use.is_known && !use.is_shared);
    assert_int_equal(use.n, 4); /* walks: three whole ones, and one that is cut short */
    s->n_requests = 2;
    use = feed_use_of(s, &f.feed);
    assert_true(use.is_known && use.is_shared);
    f.feed.take = PLAN_TAKE_USER;
    use = feed_use_of(s, &f.feed);
    assert_int_equal(use.n, 8);
    assert_true(use.is_shared);
    f.feed.take = PLAN_TAKE_PASS;
    s->n_phases = 2;
    use = feed_use_of(s, &f.feed);
    assert_true(!use.is_known && use.is_shared);
    f.feed.at_end = PLAN_STOP;
    assert_false(feed_use_of(s, &f.feed).is_shared);
}

static void each_thread_of_each_generator_needs_a_row_to_lend(void **state)
{
    static char file[] = "users.csv";
    struct fixture f;
    struct err e;
    (void)state;
    set_up(&f, PLAN_LEND, 5);
    struct plan_feed *feeds[] = { &f.feed };
    f.feed.file = file;
    f.plan.feeds = feeds;
    f.plan.n_feeds = 1;
    assert_int_equal(feed_use_check_lent(&f.plan, &e), 0);
    f.plan.share = (struct share){ .index = 0, .count = 3 };
    assert_int_equal(feed_use_check_lent(&f.plan, &e), -1);
    assert_string_equal(e.text,
                        "users.csv has 5 rows to lend, and each of the 2 threads of 3 generators needs one "
                        "of its own");
    f.feed.n_rows = 6;
    assert_int_equal(feed_use_check_lent(&f.plan, &e), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sequence_begins_again_behind_the_last_row),
        cmocka_unit_test(a_round_of_a_shuffle_has_each_row_once),
        cmocka_unit_test(rounds_streams_and_seeds_shuffle_differently),
        cmocka_unit_test(a_shuffle_puts_each_row_anywhere),
        cmocka_unit_test(random_rows_are_equally_likely),
        cmocka_unit_test(threads_and_generators_together_shuffle_each_row_once),
        cmocka_unit_test(a_feed_ends_unless_it_repeats),
        cmocka_unit_test(what_a_stream_takes_is_known_where_its_numbers_are),
        cmocka_unit_test(each_thread_of_each_generator_needs_a_row_to_lend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
