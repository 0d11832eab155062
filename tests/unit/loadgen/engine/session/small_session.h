/* A session of steps s0, s1 ..., for tests: any field may be changed before the course starts. */
#ifndef SMALL_SESSION_H
#define SMALL_SESSION_H

#include "course.h"
#include "plan.h"

#include <stdio.h>

enum { SMALL_STEPS_MOST = 8 };
#define SMALL_SECOND_NS UINT64_C(1000000000)

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
        step->fail_pause_ns = SMALL_SECOND_NS;
        step->row = (uint32_t)i;
        step->redirect_row = (uint32_t)(n + i);
    }
    s->session = (struct plan_session){
        .steps = s->steps, .n_steps = n, .n_begin = n_begin, .n_end = n_end, .cookies = SESSION_COOKIES_NONE
    };
    s->shared = (struct course_shared){ .session = &s->session, .target = &s->target, .draw_key = 1 };
    course_start(&s->course, 0, 0);
}

#endif
