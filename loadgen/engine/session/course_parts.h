/* What the files of the course share. */
#ifndef ENGINE_COURSE_PARTS_H
#define ENGINE_COURSE_PARTS_H

#include "course.h"

/* The first step of a part, and the one after its last. */
static inline uint32_t course_part_first(const struct plan_session *s, enum session_part part)
{
    return (uint32_t)(part == SESSION_BEGIN ? 0 : part == SESSION_STEPS ? s->n_begin : s->n_steps - s->n_end);
}
static inline uint32_t course_part_end(const struct plan_session *s, enum session_part part)
{
    return (uint32_t)(part == SESSION_BEGIN   ? s->n_begin
                      : part == SESSION_STEPS ? s->n_steps - s->n_end
                                              : s->n_steps);
}

/* The first step of this pass from `from` on, before `end`, that chance does not leave out; `end`: none. */
uint32_t course_step_from(const struct course *c, const struct course_shared *shared, uint32_t from,
                          uint32_t end);
/* The current step's request is the next to send, as try `n_tries` of its `until`. */
void course_begin_try(struct course *c, uint32_t n_tries);
/* Step `step` is the next to send, for the first time in this pass. */
void course_enter(struct course *c, uint32_t step);
/* The step is done, at `done_ns`: goes on to the next one after a pause of at least `pause_ns`. */
void course_advance(struct course *c, const struct course_shared *shared, uint64_t done_ns,
                    uint64_t pause_ns);
/* `begin` runs before the current step is sent (again). Its first step is due when that one was. */
void course_renew(struct course *c, const struct course_shared *shared);
/* The pass is over; the next one is due at `next_ns` at the earliest. */
void course_end_pass(struct course *c, const struct course_shared *shared, uint64_t done_ns,
                     uint64_t next_ns);

#endif
