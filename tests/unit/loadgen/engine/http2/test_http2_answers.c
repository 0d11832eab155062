/* What a session takes from responses over HTTP/2: header fields and bodies, however the bytes are cut, from
 * blocks that are decoded and from those that are remembered. */
#include "../answer/asked.h"
#include "peer.h"

/* Feeds what arrives in pieces of `step` bytes, each gone before the next one comes, and finishes the answer.
 */
static enum outcome finish(struct peer *p, struct asked *s, size_t step)
{
    struct http2_stream *stream = NULL;
    char *piece = NULL;
    for (size_t at = 0; at < p->in_bytes && !stream; at += step) {
        const size_t n = p->in_bytes - at < step ? p->in_bytes - at : step;
        free(piece);
        piece = malloc(n);
        assert_non_null(piece);
        memcpy(piece, p->in + at, n);
        assert_int_equal(p->h->kind->feed(p->h, piece, n, 1), 0);
        while ((stream = http2_take_ended(p->h)) != NULL && stream != &p->streams[0])
            continue; /* another one's */
    }
    p->in_bytes = 0;
    assert_ptr_equal(stream, &p->streams[0]);
    assert_int_equal(stream->end, HTTP2_DONE);
    const enum outcome outcome = asked_finish(s, &stream->exchange.response);
    free(piece);
    answer_drop(&s->answer);
    return outcome;
}

static uint32_t ask(struct peer *p, struct asked *s)
{
    struct exchange *x = &p->streams[0].exchange;
    answer_begin(&s->answer, s->look);
    exchange_expect(x, &s->step.expect, &s->redirect, &s->answer);
    peer_submit(p, 0);
    return p->streams[0].id;
}

static void captures_do_not_depend_on_how_bytes_are_cut(void **state)
{
    static char token[] = "x-token", id[] = "$.id";
    for (size_t step = 1; step < 150; step++) {
        struct peer *p = peer_new(state);
        struct asked s;
        asked_begin(&s);
        asked_capture(&s, SESSION_FROM_HEADER, token);
        asked_capture(&s, SESSION_FROM_JSON, id);
        asked_look(&s);
        for (int i = 0; i < 4; i++) { /* the same head again and again */
            const uint32_t stream = ask(p, &s);
            PEER_FIELDS(p, stream, 0, ":status", "200", "x-token", "abc", "content-length", "13");
            peer_submit(p, 1);
            peer_data(p, stream, 0, "{\"id\":\"z");
            PEER_FIELDS(p, p->streams[1].id, END_STREAM, ":status", "200");
            peer_data(p, stream, END_STREAM, " 42\"}");
            assert_int_equal(finish(p, &s, step), OUTCOME_OK);
            assert_int_equal(s.result.n_values, 2);
            assert_value(&s, 0, "abc");
            assert_value(&s, 1, "z 42");
        }
        asked_end(&s);
        peer_free(p);
    }
}

/* Only the body is looked at, so that the head can be remembered. */
static void bodies_differ_behind_the_same_head(void **state)
{
    static char id[] = "$.id";
    struct peer *p = peer_new(state);
    struct asked s;
    char text[32];
    asked_begin(&s);
    asked_capture(&s, SESSION_FROM_JSON, id);
    asked_look(&s);
    for (int i = 100; i < 200; i++) {
        const uint32_t stream = ask(p, &s);
        snprintf(text, sizeof text, "{\"id\":%d}", i);
        PEER_FIELDS(p, stream, 0, ":status", i % 10 == 9 ? "404" : "200", "content-type", "application/json");
        peer_data(p, stream, END_STREAM, text);
        const enum outcome outcome = finish(p, &s, i % 2 ? sizeof p->in : 7);
        assert_int_equal(outcome == OUTCOME_OK, i % 10 != 9);
        if (outcome != OUTCOME_OK)
            continue;
        snprintf(text, sizeof text, "%d", i);
        assert_value(&s, 0, text);
    }
    asked_end(&s);
    peer_free(p);
}

static void a_response_without_a_body_is_an_answer(void **state)
{
    static char token[] = "x-token";
    struct peer *p = peer_new(state);
    struct asked s;
    asked_begin(&s);
    asked_capture(&s, SESSION_FROM_HEADER, token);
    asked_look(&s);
    for (int i = 0; i < 3; i++) {
        const uint32_t stream = ask(p, &s);
        PEER_FIELDS(p, stream, 0, ":status", "103", "x-token", "early");
        PEER_FIELDS(p, stream, END_STREAM, ":status", "204", "x-token", "final");
        assert_int_equal(finish(p, &s, 9), OUTCOME_OK);
        assert_value(&s, 0, "final");
    }
    asked_end(&s);
    peer_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEER_TEST(captures_do_not_depend_on_how_bytes_are_cut),
        PEER_TEST(bodies_differ_behind_the_same_head),
        PEER_TEST(a_response_without_a_body_is_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
