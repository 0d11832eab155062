/* The wired shard with a session: `begin` h, steps a and b with a think of 20 ms between them, `end` z. Times
 * are in ms since the run began. */
#ifndef TEST_WIRED_SESSION_H
#define TEST_WIRED_SESSION_H

#include "account.h"
#include "err.h"
#include "rows.h"
#include "session.h"
#include "user.h"
#include "wired.h"

#include <stdlib.h>

enum { WIRED_STEPS = 4, WIRED_CLOCKS = 4, HELLO = 0, A, B, BYE, WHOLE };

struct wired_session {
    struct plan_session session;
    struct session_step steps[WIRED_STEPS];
    struct plan_piece pieces[WIRED_STEPS];
    struct plan_phase phases[WIRED_CLOCKS];
    struct phase_clock clocks[WIRED_CLOCKS];
    struct users_here here;
};

static struct wired_session wired_session;
static struct plan_feed *wired_session_feeds[1]; /* set before: its feed, until the end of the test */
static char wired_session_texts[WIRED_STEPS][2] = { "h", "a", "b", "z" };
static char wired_session_host[] = "shop.example";

static inline uint64_t at_ms(uint64_t ms)
{
    return WIRED_T0_NS + ms * NS_PER_MS;
}

static inline void wired_session_steps(void)
{
    static const enum session_part parts[WIRED_STEPS] = { SESSION_BEGIN, SESSION_STEPS, SESSION_STEPS,
                                                          SESSION_END };
    struct wired_session *x = &wired_session;
    for (size_t i = 0; i < WIRED_STEPS; i++) {
        x->pieces[i] = (struct plan_piece){ .text = wired_session_texts[i], .length_bytes = 1 };
        x->steps[i] = (struct session_step){ .part = parts[i],
                                             .request = { .method = wired_texts[2],
                                                          .pieces = &x->pieces[i],
                                                          .n_pieces = 1,
                                                          .length_at_piece = SIZE_MAX,
                                                          .body_at_piece = SIZE_MAX },
                                             .n_times = 1,
                                             .chance = 1,
                                             .fail_pause_ns = 100 * NS_PER_MS,
                                             .row = (uint32_t)i,
                                             .redirect_row = (uint32_t)i };
        x->steps[i].name[0] = wired_session_texts[i][0];
        memset(x->steps[i].expect.status_ok, 0xff, sizeof x->steps[i].expect.status_ok);
    }
    x->steps[A].think.low_ns = 20 * NS_PER_MS;
    x->session = (struct plan_session){ .steps = x->steps,
                                        .n_steps = WIRED_STEPS,
                                        .n_begin = 1,
                                        .n_end = 1,
                                        .cookies = SESSION_COOKIES_NONE,
                                        .finish_ns = 50 * NS_PER_MS };
}

/* The shard again, as one of sessions, and with a ready connection for each user of a closed stream. */
static inline struct shard *wired_session_init(enum plan_model model, uint32_t n,
                                               const struct plan_phase *phases, size_t n_phases)
{
    struct wired_session *x = &wired_session;
    struct err e;
    wired_init(model, n, 1);
    memset(x, 0, sizeof *x);
    wired_session_steps();
    memcpy(x->phases, phases, n_phases * sizeof *phases);
    shard_fini(&wired.shard);
    stats_free(wired.loop->stats);
    wired.plan.target.host = wired_session_host;
    wired.stream.session = &x->session;
    wired.stream.n_users = model == PLAN_CLOSED ? n : 0;
    wired.stream.phases = x->phases;
    wired.stream.n_phases = wired.plan.n_phases = n_phases;
    if (wired_session_feeds[0]) {
        wired.plan.feeds = wired.stream.feeds = wired_session_feeds;
        wired.plan.n_feeds = wired.stream.n_feeds = 1;
    }
    assert_int_equal(rows_make(&wired.stream, &e), 0);
    wired.plan.n_cells = wired.stream.n_rows * n_phases;
    wired.loop->stats = stats_new(&wired.plan);
    assert_int_equal(users_here_init(&x->here, &wired.plan, 0), 0);
    const struct division all = division_of(&wired.plan, 0, 0);
    assert_int_equal(shard_init(&wired.shard, wired.loop, &wired.route, &wired.stream, &all, &wired.barrier,
                                x->clocks, &x->here),
                     0);
    wired.shard.counts = &wired.loop->stats->streams[0];
    wired.shard.is_opening = true;
    wired.loop->t0_ns = WIRED_T0_NS;
    for (uint32_t i = 0; i < n && model == PLAN_CLOSED; i++)
        wired_connect(i);
    return &wired.shard;
}

static inline int wired_session_fini(void **state)
{
    (void)state;
    wired_fini();
    users_here_fini(&wired_session.here);
    free(wired.stream.rows);
    wired_session_feeds[0] = NULL;
    return 0;
}

/* The request on the connection ends. */
static inline void wired_session_ends(uint32_t i, enum outcome outcome, uint64_t now_ns)
{
    struct conn *c = shard_conn(&wired.shard, i);
    const char *cause = outcome == OUTCOME_OK ? NULL : "test";
    struct flight f;
    c->exchange.first_ns = now_ns;
    c->exchange.response.status = 200;
    user_answered(c, &c->exchange, &outcome, &cause, now_ns);
    conn_pop_flight(c, &f);
    account_done(c, &f, &c->exchange, outcome, cause, now_ns);
    if (c->n_written == 0)
        conn_list_remove(c);
    shard_on_done(&wired.shard, c, now_ns);
}

static inline void wired_session_due(uint64_t now_ns)
{
    wired.shard.timer.on_due(&wired.shard.timer, 16, now_ns);
}

/* How many of a row ended so in a phase. */
static inline uint64_t wired_session_n(size_t row, size_t phase, enum outcome outcome)
{
    return wired.loop->stats->cells[plan_cell(&wired.stream, row, phase)].n_outcomes[outcome];
}

/* What was written since the test last asked. */
static inline const char *wired_session_sent(void)
{
    static char text[sizeof wired.written];
    snprintf(text, sizeof text, "%s", wired.written);
    wired.written[0] = '\0';
    return text;
}

#endif
