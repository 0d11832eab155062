/* Courses of sessions drawn at random, with answers drawn at random: what holds of all of them. */
#include "random.h"
#include "small_session.h"

#include <string.h>

enum { N_SESSIONS = 3000, N_TURNS = 500 };

static const char request[] = "GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n";

struct walk {
    struct small_session s;
    struct random random;
    uint64_t now_ns;
    uint64_t n_begun, n_over;
    uint32_t n_logins; /* since a step was last sent */
};

static uint32_t below(struct walk *w, uint32_t bound)
{
    return (uint32_t)random_below(&w->random, bound);
}

static struct session_think draw_think(struct walk *w)
{
    const uint64_t low_ns = below(w, 3) * S;
    return (struct session_think){ .spread = (enum session_spread)below(w, 3),
                                   .low_ns = low_ns,
                                   .high_ns = low_ns + below(w, 2) * S };
}

static void draw_session(struct walk *w)
{
    static struct plan_piece seconds;
    small_session_init(&w->s, below(w, 3), 1 + below(w, 4), below(w, 2));
    struct plan_session *session = &w->s.session;
    for (size_t i = 0; i < session->n_steps; i++) {
        struct session_step *step = &w->s.steps[i];
        step->think = draw_think(w);
        step->n_times = 1 + below(w, 2);
        step->chance = below(w, 3) > 0 ? 1 : 0.5;
        step->n_follow = below(w, 3);
        step->on_fail = (enum session_on_fail)(below(w, 20) > 0 ? below(w, 2) : below(w, 4));
        step->fail_pause_ns = below(w, 2) * S;
        step->until = (struct session_until){ .every_ns = S, .n_most = below(w, 4) };
    }
    session->pace_ns = below(w, 3) * 5 * S;
    session->renew = (struct session_renew){ .seconds = below(w, 2) ? &seconds : NULL, .early_ns = S };
    session->renew.statuses[(401 - 100) / 8] = below(w, 2) ? 1 << ((401 - 100) % 8) : 0;
    w->s.shared.draw_key = random_u64(&w->random);
}

static struct course_answer draw_answer(struct walk *w)
{
    static const char *const lives[] = { "0", "1", "5", "3600", "x" };
    static const uint16_t statuses[] = { 200, 200, 200, 200, 200, 303, 401, 500, 0 };
    const uint16_t status = statuses[below(w, N_OF(statuses))];
    struct course_answer a = { .status = status, .done_ns = w->now_ns += below(w, 2) * S };
    a.outcome = status == 200 ? OUTCOME_OK : status == 0 ? OUTCOME_RESET : OUTCOME_STATUS;
    a.cause = status == 200 ? NULL : "bad";
    a.until_cause = below(w, 2) ? "not yet" : NULL;
    if (status == 303) {
        a.location = below(w, 4) > 0 ? "/a" : "//evil";
        a.location_bytes = strlen(a.location);
        a.request = request;
        a.request_bytes = sizeof request - 1;
    }
    if (course_wants_life(&w->s.course, &w->s.shared)) {
        a.life = lives[below(w, N_OF(lives))];
        a.life_bytes = strlen(a.life);
    }
    return a;
}

static void answer(struct walk *w)
{
    struct course *c = &w->s.course;
    const enum session_part part = course_step(c, &w->s.shared)->part;
    const bool can_log_in = w->s.session.n_begin > 0;
    if (part == SESSION_BEGIN) {
        w->n_logins++;
    } else {
        if (can_log_in)
            assert_true(c->has_begun);
        w->n_logins = 0;
    }
    /* `begin` has at most 2 steps, each twice, three tries and two redirects each: once for each step. */
    assert_in_range(w->n_logins, 0, 2 * 2 * 2 * 3 * 3);
    const struct course_answer a = draw_answer(w);
    const struct course_verdict v = takes(&w->s, &a);
    assert_int_equal(v.cause == NULL, v.outcome == OUTCOME_OK);
}

static void check_result(struct walk *w)
{
    const struct course_result r = course_result(&w->s.course);
    assert_int_equal(r.total_ns, r.over_ns - r.due_ns);
    assert_true(r.busy_ns <= r.total_ns);
    assert_true(r.over_ns <= w->now_ns);
    assert_int_equal(r.pass, w->n_begun - 1);
    assert_int_equal(r.cause == NULL, r.outcome == OUTCOME_OK || r.outcome == OUTCOME_CENSORED);
    w->n_over++;
    w->n_logins = 0;
    assert_int_equal(w->n_over, w->n_begun);
}

/* False: the user is over, or has stopped the run. */
static bool turn(struct walk *w)
{
    struct course *c = &w->s.course;
    const struct course_next n = ask(&w->s, w->now_ns);
    switch (n.action) {
    case COURSE_SEND:
        assert_true(n.due_ns <= w->now_ns);
        answer(w);
        return true;
    case COURSE_WAIT:
        assert_true(n.due_ns > w->now_ns && n.due_ns < w->now_ns + 100 * S);
        if (below(w, 50) == 0)
            course_cut(c, NULL, w->now_ns);
        else
            w->now_ns = n.due_ns;
        return true;
    case COURSE_PASS_DUE:
        assert_true(n.due_ns <= w->now_ns);
        if (below(w, 20) == 0)
            course_finish(c, &w->s.shared, w->now_ns);
        else
            course_begin_pass(c, &w->s.shared, w->n_begun++, 0, n.due_ns);
        return true;
    case COURSE_PASS_OVER:
        check_result(w);
        return true;
    case COURSE_STOP_RUN:
    case COURSE_USER_OVER:
        break;
    }
    return false;
}

static void every_course_keeps_its_promises(void **state)
{
    struct walk w = { .n_over = 0 };
    uint64_t n_over = 0;
    (void)state;
    random_init(&w.random, 1, 0);
    for (int i = 0; i < N_SESSIONS; i++) {
        w = (struct walk){ .random = w.random, .now_ns = S };
        draw_session(&w);
        for (int n = 0; n < N_TURNS && turn(&w); n++)
            ;
        n_over += w.n_over;
        course_fini(&w.s.course);
    }
    assert_true(n_over > 10 * N_SESSIONS); /* the walks went somewhere */
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_course_keeps_its_promises) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
