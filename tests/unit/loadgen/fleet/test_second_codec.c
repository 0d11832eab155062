#include "made_second.h"
#include "second_codec.h"
#include "small_plan.h"
#include "stats_merge.h"

#include "cm.h"

#include <string.h>

static struct second_scratch scratch;

static struct stats *made(uint64_t seed, uint64_t n)
{
    struct random r;
    struct stats *stats = stats_new(&small_plan);
    random_init(&r, seed, 0);
    assert_non_null(stats);
    made_good(stats, &small_plan, 0, 2, n, &r);
    made_good(stats, &small_plan, 1, 1, 3 * n, &r);
    stats_times_add(stats_times(stats, OPEN_MAIN, OUTCOME_CENSORED), METRIC_RESPONSE, made_time_ns(&r));
    stats_count_outcome(stats, OPEN_MAIN, OUTCOME_CENSORED);
    stats_times_add(stats_times(stats, OPEN_MAIN, OUTCOME_TIMEOUT), METRIC_RESPONSE, 5);
    stats_count_outcome(stats, OPEN_MAIN, OUTCOME_TIMEOUT);
    stats_count_late(stats, OPEN_MAIN);
    stats->streams[1].n_intended = 3 * n + 2;
    stats->streams[1].again = (struct again_counts){ { 1, 2, 3, 4, seed, UINT64_C(1) << 40 } };
    stats->streams[1].n_backlog_most = seed;
    stats->streams[1].bytes[1].tx = UINT64_C(1) << 50;
    status_counts_add(&stats->streams[1].statuses, 404, 7);
    stats->streams[0].http2 = (struct http2_counts){ .n_goaways = n,
                                                     .n_goaway_errors = 1,
                                                     .n_unprocessed = 2,
                                                     .n_refused = 3,
                                                     .n_cancels = 4,
                                                     .n_resets = { [0] = seed, [14] = 1 },
                                                     .n_ended_by_count = 5,
                                                     .blocked_ns = UINT64_C(1) << 50,
                                                     .goaway_error = 11,
                                                     .has_limits = true,
                                                     .n_peer_least = 100,
                                                     .n_peer_most = UINT32_MAX,
                                                     .n_open_most = 12,
                                                     .n_in_use_most = 99 };
    return stats;
}

static void assert_same_hist(const struct hist *a, const struct hist *b)
{
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->min_ns, b->min_ns);
    assert_int_equal(a->max_ns, b->max_ns);
    assert_int_equal(a->sum_ns, b->sum_ns);
    assert_int_equal(a->n_overflow, b->n_overflow);
    assert_int_equal(a->n_lost, b->n_lost);
    for (uint32_t i = hist_first(a); i <= hist_last(a); i++)
        assert_int_equal(hist_count(a, i), hist_count(b, i));
}

/* All that the view and thresholds ask for. */
static void assert_same(const struct stats *a, const struct stats *b)
{
    struct hist *const one[2] = { hist_new(), hist_new() };
    struct hist *const other[2] = { hist_new(), hist_new() };
    for (size_t s = 0; s < small_plan.n_streams; s++) {
        const struct stats_scope scope = { .plan = &small_plan,
                                           .streams = UINT64_C(1) << s,
                                           .with_warmup = true };
        const struct attempts in_a = stats_attempts(a, &scope, one);
        const struct attempts in_b = stats_attempts(b, &scope, other);
        assert_same_hist(in_a.ok, in_b.ok);
        assert_same_hist(in_a.censored, in_b.censored);
        assert_int_equal(in_a.n_failed, in_b.n_failed);
        assert_int_equal(in_a.n_timeout, in_b.n_timeout);
    }
    for (size_t s = 0; s < small_plan.n_streams; s++) {
        struct stats_stream kept = b->streams[s];
        kept.n_inflight = a->streams[s].n_inflight;
        assert_memory_equal(&a->streams[s], &kept, sizeof kept);
    }
    for (size_t p = 0; p < small_plan.n_cells; p++) {
        assert_memory_equal(a->cells[p].n_outcomes, b->cells[p].n_outcomes, sizeof a->cells[p].n_outcomes);
        assert_int_equal(a->cells[p].n_late, b->cells[p].n_late);
    }
    for (int i = 0; i < 2; i++) {
        hist_free(one[i]);
        hist_free(other[i]);
    }
}

static void decode(const struct pack *bytes, struct stats *into)
{
    assert_false(bytes->is_short);
    assert_int_equal(second_decode(bytes->bytes, bytes->n, &small_plan, &scratch, into), 0);
    assert_int_equal(into->n_lost, 0);
}

static void a_second_comes_out_as_it_went_in(void **state)
{
    static const uint64_t sizes[] = { 0, 1, 100, 20000 };
    (void)state;
    for (size_t i = 0; i < N_OF(sizes); i++) {
        struct stats *before = made(i, sizes[i]);
        struct stats *after = stats_new(&small_plan);
        struct pack bytes = { 0 };
        second_encode(&small_plan, before, 0, &bytes);
        decode(&bytes, after);
        assert_same(before, after);
        pack_fini(&bytes);
        stats_free(before);
        stats_free(after);
    }
}

static void sums_of_encoded_seconds_are_those_of_the_seconds(void **state)
{
    struct stats *direct = stats_new(&small_plan);
    struct stats *decoded = stats_new(&small_plan);
    (void)state;
    for (uint64_t i = 0; i < 20; i++) {
        struct stats *part = made(i, 500 * i);
        struct pack bytes = { 0 };
        stats_merge(direct, part, NULL);
        second_encode(&small_plan, part, 0, &bytes);
        decode(&bytes, decoded);
        pack_fini(&bytes);
        stats_free(part);
    }
    assert_same(direct, decoded);
    stats_free(direct);
    stats_free(decoded);
}

static void the_longest_times_and_overflow_survive(void **state)
{
    struct stats *before = stats_new(&small_plan);
    struct stats *after = stats_new(&small_plan);
    struct stats_times *cell = stats_times(before, CLOSED_P1, OUTCOME_OK);
    struct pack bytes = { 0 };
    (void)state;
    stats_count_outcome(before, CLOSED_P1, OUTCOME_OK);
    stats_times_add(cell, METRIC_SERVICE, 0);
    stats_times_add(cell, METRIC_SERVICE, HIST_HIGHEST_NS);
    stats_times_add(cell, METRIC_SERVICE, 3 * HIST_HIGHEST_NS);
    second_encode(&small_plan, before, 0, &bytes);
    decode(&bytes, after);
    assert_same(before, after);
    assert_int_equal(after->cells[CLOSED_P1].times[OUTCOME_OK]->metrics[METRIC_SERVICE]->n_overflow, 1);
    pack_fini(&bytes);
    stats_free(before);
    stats_free(after);
}

static void further_metrics_are_sent_when_wanted(void **state)
{
    struct random r;
    struct stats *before = stats_new(&small_plan);
    struct stats *after = stats_new(&small_plan);
    struct pack bytes = { 0 };
    (void)state;
    random_init(&r, 1, 0);
    made_answers(before, &small_plan, 1, 1, 50, 1u << METRIC_RESPONSE | 1u << METRIC_LAG | 1u << METRIC_TLS,
                 &r);
    second_encode(&small_plan, before, 1u << METRIC_LAG, &bytes);
    decode(&bytes, after);
    const struct stats_times *cell = after->cells[OPEN_MAIN].times[OUTCOME_OK];
    assert_int_equal(cell->metrics[METRIC_RESPONSE]->n, 50);
    assert_int_equal(cell->metrics[METRIC_LAG]->n, 50);
    assert_null(cell->metrics[METRIC_TLS]);
    pack_fini(&bytes);
    stats_free(before);
    stats_free(after);
}

static void damaged_bytes_change_nothing_or_are_other_counts(void **state)
{
    struct stats *before = made(3, 40);
    struct stats *after = stats_new(&small_plan);
    struct pack bytes = { 0 };
    (void)state;
    second_encode(&small_plan, before, 0, &bytes);
    for (size_t n = 0; n < bytes.n; n++)
        assert_int_equal(second_decode(bytes.bytes, n, &small_plan, &scratch, after), -1);
    for (size_t at = 0; at < bytes.n; at++) {
        struct stats *other = stats_new(&small_plan);
        bytes.bytes[at] ^= 0x81;
        second_decode(bytes.bytes, bytes.n, &small_plan, &scratch, other); /* the sanitizers watch */
        bytes.bytes[at] ^= 0x81;
        stats_free(other);
    }
    pack_number(&bytes, 0);
    assert_int_equal(second_decode(bytes.bytes, bytes.n, &small_plan, &scratch, after), -1);
    bytes.bytes[0]++;
    assert_int_equal(second_decode(bytes.bytes, bytes.n - 1, &small_plan, &scratch, after), -1);
    assert_int_equal(after->streams[1].n_sent, 0);
    assert_null(after->cells[OPEN_MAIN].times[OUTCOME_OK]);
    pack_fini(&bytes);
    stats_free(before);
    stats_free(after);
}

static void numbers_are_short_and_end_within_their_bytes(void **state)
{
    static const uint64_t numbers[] = { 0, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX };
    static const uint8_t beyond_64_bits[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2 };
    struct pack p = { 0 };
    (void)state;
    for (size_t i = 0; i < N_OF(numbers); i++)
        pack_number(&p, numbers[i]);
    struct unpack in = { p.bytes, p.bytes + p.n, false };
    for (size_t i = 0; i < N_OF(numbers); i++)
        assert_int_equal(unpack_number(&in), numbers[i]);
    assert_false(in.is_bad);
    assert_int_equal(unpack_number(&in), 0);
    assert_true(in.is_bad);
    in = (struct unpack){ beyond_64_bits, beyond_64_bits + sizeof beyond_64_bits, false };
    assert_int_equal(unpack_number(&in), 0);
    assert_true(in.is_bad);
    in = (struct unpack){ p.bytes, p.bytes + p.n, false };
    assert_int_equal(unpack_number(&in), 0);
    assert_int_equal(unpack_within(&in, 126), 0);
    assert_true(in.is_bad);
    assert_null(unpack_bytes(&in, 1));
    pack_fini(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_comes_out_as_it_went_in),
        cmocka_unit_test(sums_of_encoded_seconds_are_those_of_the_seconds),
        cmocka_unit_test(the_longest_times_and_overflow_survive),
        cmocka_unit_test(further_metrics_are_sent_when_wanted),
        cmocka_unit_test(damaged_bytes_change_nothing_or_are_other_counts),
        cmocka_unit_test(numbers_are_short_and_end_within_their_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
