/* One step of a session and the answers to it, through the response's parser. */
#ifndef UNIT_ASKED_H
#define UNIT_ASKED_H

#include "answer_read.h"
#include "cm.h"
#include "err.h"
#include "http1.h"
#include "plan.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct asked {
    struct plan_session session;
    struct session_step step;
    struct session_capture captures[8];
    struct session_text_expected texts[4];
    struct session_json_expected json[4], until[2];
    struct plan_piece pieces[4];
    struct answer_look *look;
    struct answer_shared shared;
    struct cookie_jar jar;
    struct cookie_origin origin;
    struct answer answer;
    struct response response;
    struct redirect redirect;
    struct http1 http1;
    struct http1_known known;
    struct answer_result result;
};

static inline void asked_begin(struct asked *s)
{
    memset(s, 0, sizeof *s);
    s->session.cookies = SESSION_COOKIES_NONE;
    s->step.captures = s->captures;
    s->step.texts = s->texts;
    s->step.json = s->json;
    s->step.until.json = s->until;
    s->step.body_most_bytes = 1024 * 1024;
    memset(s->step.expect.status_ok + 100 / 8, 0xff, 100 / 8); /* the statuses from 204 to 299 */
    s->step.expect.status_ok[100 / 8] = 0xf0;                  /* and those from 200 */
    cookie_origin_init(&s->origin, "shop.example", false);
}

static inline void asked_capture(struct asked *s, enum session_source source, char *place)
{
    static char cause[] = "capture found nothing";
    s->captures[s->step.n_captures] =
        (struct session_capture){ source, (uint32_t)s->step.n_captures, place, NULL, cause };
    s->step.n_captures++;
}

static inline void asked_json(struct asked *s, char *path, char *value)
{
    static char cause[] = "json differs";
    struct session_json_expected *x = &s->json[s->step.n_json];
    struct plan_piece *piece = &s->pieces[s->step.n_json++];
    *piece = (struct plan_piece){ .kind = PLAN_PIECE_LITERAL, .text = value };
    piece->length_bytes = value ? strlen(value) : 0;
    *x = (struct session_json_expected){ path, value ? piece : NULL, value ? 1 : 0, cause };
}

/* What is looked at has been set. */
static inline void asked_look(struct asked *s)
{
    struct err e;
    s->look = answer_look_new(&s->session, &s->step, &e);
    if (!s->look)
        fail_msg("%s", e.text);
    assert_int_equal(answer_shared_init(&s->shared), 0);
    answer_init(&s->answer, &s->shared, &s->jar, &s->origin);
    response_init(&s->response, &s->step.expect, NULL, &s->redirect);
    http1_init(&s->http1, &s->response, &s->known);
}

/* The whole response has arrived. Values live as long as the read: a test looks at copies. */
static inline enum outcome asked_finish(struct asked *s, const struct response *r)
{
    static char copies[SESSION_USER_BYTES_MOST * 2];
    enum outcome outcome = response_outcome(r);
    size_t used = 0;
    if (outcome == OUTCOME_OK)
        outcome = answer_finish(&s->answer, r->status, NULL, NULL, &s->result);
    for (size_t i = 0; outcome == OUTCOME_OK && i < s->result.n_values; i++) {
        struct answer_value *v = &s->result.values[i];
        memcpy(copies + used, v->text, v->n_bytes);
        v->text = copies + used;
        used += v->n_bytes;
    }
    return outcome;
}

/* Feeds an answer in pieces of `step` bytes (0: one), each from memory of its own that is gone afterwards;
 * returns its outcome. */
static inline enum outcome asked_feed(struct asked *s, const char *bytes, size_t n_bytes, size_t step)
{
    enum http1_state state = HTTP1_MORE;
    answer_begin(&s->answer, s->look);
    response_expect(&s->response, &s->step.expect, &s->redirect, &s->answer);
    http1_begin(&s->http1, false);
    char *piece = NULL;
    for (size_t at = 0; at < n_bytes && state == HTTP1_MORE;) {
        const size_t n = step > 0 && step < n_bytes - at ? step : n_bytes - at;
        size_t used;
        free(piece);
        piece = malloc(n);
        assert_non_null(piece);
        memcpy(piece, bytes + at, n);
        state = http1_feed(&s->http1, piece, n, &used);
        at += used;
    }
    const enum outcome outcome = state == HTTP1_DONE ? asked_finish(s, &s->response) : OUTCOME_PROTOCOL;
    free(piece);
    answer_drop(&s->answer);
    return outcome;
}

/* A body behind a plain head. */
static inline enum outcome asked_body(struct asked *s, const char *body, size_t step)
{
    static char whole[4096];
    const int n =
        snprintf(whole, sizeof whole, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
    return asked_feed(s, whole, (size_t)n, step);
}

static inline void assert_value(const struct asked *s, size_t i, const char *wanted)
{
    assert_true(i < s->result.n_values);
    assert_int_equal(s->result.values[i].n_bytes, strlen(wanted));
    assert_memory_equal(s->result.values[i].text, wanted, strlen(wanted));
}

static inline void asked_end(struct asked *s)
{
    answer_drop(&s->answer);
    answer_look_free(s->look);
    answer_shared_fini(&s->shared);
    cookie_jar_fini(&s->jar);
}

#endif
