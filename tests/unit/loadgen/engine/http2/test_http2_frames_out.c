/* The output of http2_frames while a peer takes less of it than there is. */
#include "http2_frames_parts.h"
#include "peer.h"

enum { BODY_BYTES = 4 * 1024 * 1024, PIECE_BYTES = 1000 };

static char body[BODY_BYTES];

/* A body is under way that no window holds up. */
static struct peer *uploading(void **state)
{
    struct peer *p = peer_new(state);
    peer_settings(p, 2, (const uint32_t[]){ INITIAL_WINDOW_SIZE, 0x7fffffff });
    peer_one_value(p, WINDOW_UPDATE, 0, 0x7fffffff - 65535);
    assert_int_equal(peer_feed(p), 0);
    assert_int_equal(peer_submit_body(p, 0, "POST", body, sizeof body, true), 0);
    return p;
}

/* Returns whether something is left. */
static bool write_piece(struct peer *p)
{
    const char *bytes;
    const size_t n = p->h->kind->pending(p->h, &bytes);
    p->h->kind->wrote(p->h, n < PIECE_BYTES ? n : PIECE_BYTES);
    return n > PIECE_BYTES;
}

static void a_slow_upload_takes_no_more_memory_than_a_fast_one(void **state)
{
    struct peer *p = uploading(state);
    unsigned n_pieces = 1;
    while (write_piece(p))
        n_pieces++;
    assert_true(n_pieces > BODY_BYTES / PIECE_BYTES);
    assert_true(p->streams[0].is_sent);
    assert_in_range(((struct frames *)(void *)p->h)->out.room, 1, 4 * FRAMES_OUT_MOST_BYTES);
    peer_free(p);
}

static void pings_during_a_slow_upload_are_no_attack(void **state)
{
    static const char payload[8];
    struct peer *p = uploading(state);
    for (int i = 0; i < 2 * FRAMES_ACKS_MOST; i++) {
        peer_frame(p, PING, 0, 0, payload, sizeof payload);
        assert_int_equal(peer_feed(p), 0);
        assert_true(write_piece(p));
    }
    peer_free(p);
}

static void pings_of_a_peer_that_does_not_read_are(void **state)
{
    static const char payload[8];
    struct peer *p = uploading(state);
    for (int i = 0; i <= FRAMES_ACKS_MOST; i++)
        peer_frame(p, PING, 0, 0, payload, sizeof payload);
    assert_int_equal(peer_feed(p), -1);
    peer_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEER_TEST_OF(a_slow_upload_takes_no_more_memory_than_a_fast_one, "frames", http2_frames),
        PEER_TEST_OF(pings_during_a_slow_upload_are_no_attack, "frames", http2_frames),
        PEER_TEST_OF(pings_of_a_peer_that_does_not_read_are, "frames", http2_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
