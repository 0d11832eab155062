/* The shares of a plan together are the plan: the same numbers, due times, phases, connections and bytes as
 * on one machine, however many shares there are and however many threads each has. */
#include "arrivals.h"
#include "cm.h"
#include "err.h"
#include "phase.h"
#include "plan.h"
#include "request.h"

#include <stdlib.h>
#include <string.h>

enum {
    SECOND = 1000000000,
    PHASES_MOST = 8,
    STREAMS = 5,
    SENT_MOST = 20000,
    REQUEST_BYTES = 64,
    CONNS_MOST = 400
};

static struct plan_phase phases[STREAMS][PHASES_MOST];
static struct plan_stream streams[STREAMS];
static struct plan_piece pieces[STREAMS][2][3];
static struct plan_request requests[STREAMS][2];
static char texts[7][2] = { "a", "b", "c", "d", "e", "f", "g" };
static char *cells[] = { texts[0], texts[1], texts[2], texts[3], texts[4], texts[5], texts[6] };
static struct plan_feed feed = { .cells = cells, .n_rows = N_OF(cells), .n_columns = 1 };
static struct plan_feed *feeds[] = { &feed };
static struct plan plan;

struct sent {
    uint32_t stream, phase;
    uint64_t number, due_ns;
    char bytes[REQUEST_BYTES];
};

struct sending {
    struct sent list[SENT_MOST];
    size_t n;
    unsigned n_conns[CONNS_MOST]; /* how many have this number */
};
static struct sending whole, shared;

static void add(size_t stream, struct phase_given given)
{
    const char *key;
    struct err e;
    struct plan_stream *s = &streams[stream];
    assert_int_equal(phase_make(&s->phases[s->n_phases++], PLAN_OPEN, s->arrivals, &given, &key, &e), 0);
}

static void make_stream(size_t i, enum plan_arrivals arrivals, uint64_t n_connections, enum plan_mix mix)
{
    static const enum plan_piece_kind kinds[2][3] = {
        { PLAN_PIECE_COUNTER, PLAN_PIECE_RANDOM, PLAN_PIECE_FEED },
        { PLAN_PIECE_FEED, PLAN_PIECE_UUID, PLAN_PIECE_COUNTER },
    };
    for (size_t r = 0; r < 2; r++) {
        for (size_t p = 0; p < 3; p++)
            pieces[i][r][p] = (struct plan_piece){ .kind = kinds[r][p] };
        requests[i][r] = (struct plan_request){ .pieces = pieces[i][r],
                                                .n_pieces = 3,
                                                .bytes_most = REQUEST_BYTES,
                                                .length_at_piece = SIZE_MAX,
                                                .body_at_piece = 3,
                                                .weight = 1 + 2 * (uint32_t)r };
    }
    streams[i] = (struct plan_stream){ .model = PLAN_OPEN,
                                       .arrivals = arrivals,
                                       .n_connections = n_connections,
                                       .phases = phases[i],
                                       .requests = requests[i],
                                       .n_requests = 2,
                                       .mix = mix,
                                       .feeds = feeds,
                                       .n_feeds = 1 };
}

static int make(void **state)
{
    static const struct phase_given ramp = { .rate_per_s = 100,
                                             .ramp_to_per_s = 900,
                                             .has_rate = true,
                                             .has_ramp_to = true,
                                             .duration_ns = 2ull * SECOND };
    static const struct phase_given down = {
        .rate_per_s = 500, .has_rate = true, .has_ramp_to = true, .duration_ns = 2ull * SECOND
    };
    (void)state;
    make_stream(0, PLAN_CONSTANT, 8, PLAN_MIX_SEQUENCE);
    make_stream(1, PLAN_POISSON, 100, PLAN_MIX_WEIGHTED);
    make_stream(2, PLAN_POISSON, 1, PLAN_MIX_WEIGHTED);
    make_stream(3, PLAN_CONSTANT, 5, PLAN_MIX_WEIGHTED);
    make_stream(4, PLAN_POISSON, 256, PLAN_MIX_SEQUENCE);
    for (size_t i = 0; i < STREAMS; i++) {
        add(i, ramp);
        add(i, (struct phase_given){ .pause_ns = 1ull * SECOND });
        add(i, (struct phase_given){ .n_burst = 11 });
        add(i, (struct phase_given){ .rate_per_s = 300 + 7 * (double)i, .duration_ns = 3ull * SECOND });
        add(i, (struct phase_given){ .n_burst = 5, .duration_ns = 1ull * SECOND });
        add(i, (struct phase_given){ .rate_per_s = 3, .duration_ns = 1ull * SECOND });
        add(i, down);
    }
    plan = (struct plan){ .streams = streams, .n_streams = STREAMS, .seed = 42 };
    return 0;
}

static void send_stream(struct sending *s, uint32_t stream, uint32_t thread)
{
    const struct division part = division_of(&plan, stream, thread);
    struct arrivals a;
    if (division_n_connections(&part) == 0)
        return;
    for (uint64_t i = 0; i < division_n_connections(&part); i++)
        s->n_conns[division_connection(&part, i)]++;
    arrivals_init(&a, &streams[stream], plan.seed, stream, &part);
    for (struct sent *next = &s->list[s->n];
         assert_true(s->n < SENT_MOST), arrivals_next(&a, &next->due_ns, &next->number, &next->phase);
         next = &s->list[++s->n]) {
        const struct plan_request *r = request_pick(&plan, &streams[stream], next->number);
        next->stream = stream;
        const size_t n = request_render(&plan, &streams[stream], r, next->number, next->bytes, REQUEST_BYTES);
        memset(next->bytes + n, 0, REQUEST_BYTES - n);
    }
}

static int compare(const void *x, const void *y)
{
    const struct sent *a = x;
    const struct sent *b = y;
    if (a->stream != b->stream)
        return a->stream < b->stream ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* Share i has one to three threads more than `n_threads` - 1. */
static void send(struct sending *s, uint32_t n_shares, uint32_t n_threads)
{
    memset(s, 0, sizeof *s);
    for (uint32_t i = 0; i < n_shares; i++) {
        plan.share = (struct share){ i, n_shares };
        plan.n_threads = n_threads + (n_shares > 1 ? i % 3 : 0);
        for (uint32_t stream = 0; stream < STREAMS; stream++)
            for (uint32_t k = 0; k < plan.n_threads; k++)
                send_stream(s, stream, k);
    }
    qsort(s->list, s->n, sizeof *s->list, compare);
}

static void check_same(void)
{
    assert_int_equal(shared.n, whole.n);
    for (size_t i = 0; i < whole.n; i++)
        assert_memory_equal(&shared.list[i], &whole.list[i], sizeof *whole.list);
    assert_memory_equal(shared.n_conns, whole.n_conns, sizeof whole.n_conns);
}

static void all_shares_send_what_one_machine_sends(void **state)
{
    static const uint32_t counts[] = { 1, 2, 3, 7, 64, 500 };
    (void)state;
    send(&whole, 1, 1);
    for (size_t i = 0; i < N_OF(counts); i++)
        for (uint32_t t = 1; t <= 4; t++) {
            send(&shared, counts[i], t);
            check_same();
        }
}

/* Numbers of a stream have no gap, whatever their phases are; every connection of the plan is somewhere. */
static void one_machine_sends_every_number_once(void **state)
{
    uint64_t n = 0;
    (void)state;
    send(&whole, 1, 3);
    for (size_t i = 0; i < whole.n; i++) {
        n = i > 0 && whole.list[i].stream == whole.list[i - 1].stream ? n + 1 : 0;
        assert_int_equal(whole.list[i].number, n);
    }
    for (uint64_t c = 0; c < CONNS_MOST; c++)
        assert_int_equal(whole.n_conns[c], c < plan_n_connections(&plan));
}

/* Several threads of several shares can be the same machine's. */
static void a_share_with_two_threads_is_two_shares_with_one(void **state)
{
    (void)state;
    memset(&whole, 0, sizeof whole);
    memset(&shared, 0, sizeof shared);
    for (uint32_t stream = 0; stream < STREAMS; stream++) {
        plan.share = (struct share){ 2, 3 };
        plan.n_threads = 2;
        send_stream(&whole, stream, 0);
        send_stream(&whole, stream, 1);
        plan.n_threads = 1;
        plan.share = (struct share){ 2, 6 };
        send_stream(&shared, stream, 0);
        plan.share = (struct share){ 5, 6 };
        send_stream(&shared, stream, 0);
    }
    assert_in_range(whole.n, 1, SENT_MOST);
    check_same();
}

static void only_threads_that_take_part_are_counted(void **state)
{
    (void)state;
    plan.n_threads = 4;
    plan.share = (struct share){ 0, 3 };
    assert_int_equal(division_n_threads(&plan, 0), 3); /* connections 0, 3 and 6 */
    plan.share = (struct share){ 2, 3 };
    assert_int_equal(division_n_threads(&plan, 0), 2); /* 2 and 5 */
    assert_int_equal(division_n_threads(&plan, 1), 4);
    assert_int_equal(division_n_threads(&plan, 2), 0); /* its only one is 108, of share 0 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_shares_send_what_one_machine_sends),
        cmocka_unit_test(one_machine_sends_every_number_once),
        cmocka_unit_test(a_share_with_two_threads_is_two_shares_with_one),
        cmocka_unit_test(only_threads_that_take_part_are_counted),
    };
    return cmocka_run_group_tests(tests, make, NULL);
}
