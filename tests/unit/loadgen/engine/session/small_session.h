/* A session of steps s0, s1 ..., for tests, and one user that goes through it. Any field of it may be changed
 * before the first pass. */
#ifndef SMALL_SESSION_H
#define SMALL_SESSION_H

#include "cm.h"
#include "course.h"
#include "plan.h"

#include <stdio.h>

enum { SMALL_STEPS_MOST = 8 };
#define S UINT64_C(1000000000) /* a second */

struct small_session {
    struct session_step steps[SMALL_STEPS_MOST];
    struct plan_session session;
    struct plan_target target;
    struct course_shared shared;
    struct course course;
};

static inline void small_session_init(struct small_session *s, size_t n_begin, size_t n_steps, size_t n_end)
{
    const size_t n = n_begin + n_steps + n_end;
    *s = (struct small_session){ .target = { .host = (char *)(uintptr_t) "shop.example", .port = 80 } };
    for (size_t i = 0; i < n; i++) {
        struct session_step *step = &s->steps[i];
        snprintf(step->name, sizeof step->name, "s%zu", i);
        step->part = i < n_begin ? SESSION_BEGIN : i < n_begin + n_steps ? SESSION_STEPS : SESSION_END;
        step->n_times = 1;
        step->chance = 1;
        step->fail_pause_ns = S;
        step->row = (uint32_t)i;
        step->redirect_row = (uint32_t)(n + i);
    }
    s->session = (struct plan_session){
        .steps = s->steps, .n_steps = n, .n_begin = n_begin, .n_end = n_end, .cookies = SESSION_COOKIES_NONE
    };
    s->shared = (struct course_shared){ .session = &s->session, .target = &s->target, .draw_key = 1 };
    course_start(&s->course, 0, 0);
}

static inline struct course_next ask(struct small_session *s, uint64_t now_ns)
{
    return course_next(&s->course, &s->shared, now_ns);
}

/* The user sends `step` at `now_ns`, which was due at the same time. */
static inline void sends(struct small_session *s, uint32_t step, uint64_t now_ns)
{
    const struct course_next n = ask(s, now_ns);
    assert_int_equal(n.action, COURSE_SEND);
    assert_int_equal(n.due_ns, now_ns);
    assert_int_equal(s->course.step, step);
}

static inline struct course_verdict takes(struct small_session *s, const struct course_answer *a)
{
    struct course_verdict v;
    course_take(&s->course, &s->shared, a, &v);
    return v;
}

/* The user sends `step` at `now_ns`, and gets the expected answer `took_ns` later. */
static inline void passes(struct small_session *s, uint32_t step, uint64_t now_ns, uint64_t took_ns)
{
    const struct course_answer a = { .outcome = OUTCOME_OK, .status = 200, .done_ns = now_ns + took_ns };
    sends(s, step, now_ns);
    assert_int_equal(takes(s, &a).outcome, OUTCOME_OK);
}

/* The user sends `step` at `now_ns`, and gets a bad answer at once. */
static inline void fails(struct small_session *s, uint32_t step, uint64_t now_ns, uint16_t status)
{
    const struct course_answer a = {
        .outcome = OUTCOME_STATUS_4XX, .cause = "refused", .status = status, .done_ns = now_ns
    };
    sends(s, step, now_ns);
    assert_int_equal(takes(s, &a).outcome, OUTCOME_STATUS_4XX);
}

static inline void waits(struct small_session *s, uint64_t now_ns, uint64_t due_ns)
{
    const struct course_next n = ask(s, now_ns);
    assert_int_equal(n.action, COURSE_WAIT);
    assert_int_equal(n.due_ns, due_ns);
}

/* The next pass is due at `due_ns`, and begins. */
static inline void begins(struct small_session *s, uint64_t pass, uint64_t due_ns)
{
    const struct course_next n = ask(s, due_ns);
    assert_int_equal(n.action, COURSE_PASS_DUE);
    assert_int_equal(n.due_ns, due_ns);
    course_begin_pass(&s->course, &s->shared, pass, 0, due_ns);
}

static inline struct course_result is_over(struct small_session *s, uint64_t now_ns)
{
    assert_int_equal(ask(s, now_ns).action, COURSE_PASS_OVER);
    return course_result(&s->course);
}

static inline void user_is_over(struct small_session *s, uint64_t now_ns)
{
    assert_int_equal(ask(s, now_ns).action, COURSE_USER_OVER);
}

#endif
