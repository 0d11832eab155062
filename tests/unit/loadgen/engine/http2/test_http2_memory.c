/* Memory that runs out: at whichever allocation, nothing is lost, and a connection that cannot go on says so.
 */
#include "peer.h"
#include "short_memory.h"

static const struct http2_options options = { .streams_most = 4, .window_bytes = 100000 };

/* Submits a request with a body that is copied; false: it could not be submitted, and nothing happened. */
static bool submit(struct peer *p, int i)
{
    static const char body[] = "0123456789";
    const uint32_t n_open = p->h->n_open;
    if (peer_submit_body(p, i, "POST", body, sizeof body - 1, false) == 0)
        return true;
    assert_int_equal(p->h->n_open, n_open);
    return false;
}

/* In pieces, so that frames are kept until they are complete. */
static int feed(struct peer *p)
{
    int status = 0;
    for (size_t at = 0; at < p->in_bytes && status == 0; at += 5)
        status =
            p->h->kind->feed(p->h, (const char *)p->in + at, p->in_bytes - at < 5 ? p->in_bytes - at : 5, 1);
    p->in_bytes = 0;
    return status;
}

/* Returns how many streams were submitted; those that ended are counted in `n_ended`. */
static int live(struct peer *p, int *n_ended)
{
    static const unsigned char block[] = { 0x88 };
    int n = 0;
    enum http2_end end;
    peer_settings(p, 2, (const uint32_t[]){ INITIAL_WINDOW_SIZE, 4 });
    if (feed(p))
        return 0;
    for (int i = 0; i < 3; i++)
        n += submit(p, i);
    if (n < 3)
        return n;
    peer_one_value(p, WINDOW_UPDATE, 1, 100);
    peer_frame(p, HEADERS, END_STREAM, 1, block, sizeof block);
    peer_frame(p, CONTINUATION, END_HEADERS, 1, NULL, 0);
    peer_frame(p, HEADERS, END_STREAM | END_HEADERS, 3, block, sizeof block);
    peer_frame(p, HEADERS, END_STREAM | END_HEADERS, 5, block, sizeof block);
    const int status = feed(p);
    assert_true(status == 0 || p->h->cause);
    while (peer_ended(p, &end) >= 0)
        ++*n_ended;
    return n;
}

/* Returns the number of allocations, of which the `k`-th is refused, and all later ones if `stays`. */
static uint64_t live_with(const struct http2_kind *kind, struct peer *p, uint64_t k, bool stays)
{
    int n = 0, n_ended = 0;
    p->in_bytes = p->out_bytes = p->out_at = 0;
    memset(p->h, 0, kind->bytes);
    short_memory_arm(k, stays);
    const bool is_made = kind->init(p->h, &options) == 0;
    p->h->kind = kind;
    if (is_made && kind->begin(p->h) == 0)
        n = live(p, &n_ended);
    const uint64_t n_allocations = short_memory_disarm();
    if (!is_made)
        return n_allocations;
    assert_true(k > 0 || n_ended == 3);
    assert_true(n_ended == n || p->h->cause || n < 3);
    kind->drop(p->h);
    assert_int_equal(p->h->n_open, 0);
    assert_int_equal(kind->begin(p->h), 0); /* and works again with memory */
    n_ended = 0;
    assert_int_equal(live(p, &n_ended), 3);
    assert_int_equal(n_ended, 3);
    kind->fini(p->h);
    return n_allocations;
}

static void every_allocation_may_fail(void **state)
{
    const struct http2_kind *kind = *state;
    struct peer *p = peer_new(state);
    p->h->kind->fini(p->h);
    const uint64_t n = live_with(kind, p, 0, false);
    assert_true(n >= 3);
    for (uint64_t k = 1; k <= n; k++)
        for (int stays = 0; stays < 2; stays++)
            live_with(kind, p, k, stays);
    free(p->h);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = { PEER_TEST(every_allocation_may_fail) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
