#include "course_parts.h"

#include "draw.h"
#include "units.h"

#include <string.h>

void course_start(struct course *c, uint64_t user, uint64_t due_ns)
{
    struct hop hop = c->hop;
    hop.n = 0;
    *c = (struct course){ .user = user, .due_ns = due_ns, .expires_ns = UINT64_MAX, .hop = hop };
}

uint64_t course_ramp_ns(uint64_t start_ns, uint64_t ramp_ns, uint64_t user, uint64_t n_users)
{
    return start_ns + (uint64_t)((double)ramp_ns * (double)user / (double)n_users);
}

void course_fini(struct course *c)
{
    hop_fini(&c->hop);
}

uint32_t course_step_from(const struct course *c, const struct course_shared *shared, uint32_t from,
                          uint32_t end)
{
    for (; from < end; from++) {
        const double chance = shared->session->steps[from].chance;
        if (chance >= 1 || draw_happens(chance, draw_bits(shared->draw_key, c->pass, from, 0, DRAW_CHANCE)))
            break;
    }
    return from;
}

/* The part's first step that is to be sent; the end of the part: none. */
static uint32_t first_step(const struct course *c, const struct course_shared *shared, enum session_part part)
{
    return course_step_from(c, shared, course_part_first(shared->session, part),
                            course_part_end(shared->session, part));
}

void course_begin_try(struct course *c, uint32_t n_tries)
{
    c->n_tries = n_tries;
    c->hop.n = 0;
    c->hop.is_get = false;
    if (!c->is_renewing) {
        c->is_renewed = false;
        c->is_resent = false;
    }
    c->state = COURSE_READY;
}

void course_enter(struct course *c, uint32_t step)
{
    c->step = (uint8_t)step;
    c->n_repeats = 0;
    course_begin_try(c, 0);
}

void course_end_pass(struct course *c, const struct course_shared *shared, uint64_t done_ns, uint64_t next_ns)
{
    const uint64_t paced_ns = c->pass_due_ns + shared->session->pace_ns;
    c->over_ns = done_ns;
    c->is_late = shared->session->pace_ns > 0 && next_ns > paced_ns;
    c->due_ns = next_ns > paced_ns ? next_ns : paced_ns;
    if (!c->has_sent) /* a pass that chance left empty must not begin again and again at one moment */
        c->due_ns += NS_PER_MS;
    c->is_renewing = false;
    c->state = COURSE_PASSED;
}

static uint64_t think_of(const struct course *c, const struct course_shared *shared,
                         const struct session_step *step)
{
    if (step->think.spread == SESSION_CONSTANT)
        return step->think.low_ns;
    return draw_think_ns(&step->think,
                         draw_bits(shared->draw_key, c->pass, c->step, c->n_repeats, DRAW_THINK));
}

/* Goes on behind `begin`, which has succeeded: with the steps, or where it interrupted them. The step is due
 * at due_ns. False: chance left all steps out. */
static bool enter_steps(struct course *c, const struct course_shared *shared)
{
    c->has_begun = true;
    if (c->is_renewing) {
        course_enter(c, c->resumed_step);
        c->n_repeats = c->resumed_repeats;
        c->n_tries = c->resumed_tries;
        c->is_renewing = false;
        return true;
    }
    const uint32_t step = first_step(c, shared, SESSION_STEPS);
    if (step == course_part_end(shared->session, SESSION_STEPS))
        return false;
    course_enter(c, step);
    return true;
}

void course_advance(struct course *c, const struct course_shared *shared, uint64_t done_ns, uint64_t pause_ns)
{
    const struct session_step *step = course_step(c, shared);
    const uint32_t end = course_part_end(shared->session, step->part);
    const uint64_t think_ns = think_of(c, shared, step);
    const uint64_t wait_ns = think_ns > pause_ns ? think_ns : pause_ns;
    bool goes_on = true;
    c->due_ns = done_ns + wait_ns;
    if (++c->n_repeats < step->n_times) {
        course_begin_try(c, 0);
    } else {
        const uint32_t next = course_step_from(c, shared, c->step + 1U, end);
        if (next < end)
            course_enter(c, next);
        else
            goes_on = step->part == SESSION_BEGIN && enter_steps(c, shared);
    }
    if (goes_on)
        c->thought_ns += wait_ns;
    else if (step->part == SESSION_END)
        c->state = COURSE_OVER;
    else
        course_end_pass(c, shared, done_ns, c->due_ns);
}

void course_begin_pass(struct course *c, const struct course_shared *shared, uint64_t pass, uint32_t phase,
                       uint64_t due_ns)
{
    c->pass = pass;
    c->phase = phase;
    c->due_ns = c->pass_due_ns = due_ns;
    c->thought_ns = 0;
    c->outcome = OUTCOME_OK;
    c->cause = NULL;
    c->has_sent = false;
    c->is_late = false;
    c->begin_sent_ns = 0;
    const uint32_t step =
        c->has_begun ? (uint32_t)shared->session->n_begin : first_step(c, shared, SESSION_BEGIN);
    if (step < shared->session->n_begin)
        course_enter(c, step);
    else if (!enter_steps(c, shared))
        course_end_pass(c, shared, due_ns, due_ns);
}

void course_finish(struct course *c, const struct course_shared *shared, uint64_t now_ns)
{
    const uint32_t step = first_step(c, shared, SESSION_END);
    c->is_leaving = true;
    c->due_ns = now_ns;
    if (c->has_begun && step < shared->session->n_steps)
        course_enter(c, step);
    else
        c->state = COURSE_OVER;
}

void course_cut(struct course *c, const char *cause, uint64_t now_ns)
{
    const bool is_passing = course_is_passing(c);
    const uint64_t unspent_ns = c->due_ns > now_ns ? c->due_ns - now_ns : 0;
    c->is_leaving = true;
    c->has_begun = false;
    c->state = is_passing || c->state == COURSE_PASSED ? COURSE_PASSED : COURSE_OVER;
    if (!is_passing)
        return;
    c->outcome = OUTCOME_CENSORED;
    c->cause = cause;
    c->over_ns = now_ns;
    c->thought_ns -= unspent_ns < c->thought_ns ? unspent_ns : c->thought_ns;
}

void course_renew(struct course *c, const struct course_shared *shared)
{
    const uint32_t step = first_step(c, shared, SESSION_BEGIN);
    c->is_renewed = true;
    if (step == shared->session->n_begin)
        return;
    c->resumed_step = c->step;
    c->resumed_repeats = c->n_repeats;
    c->resumed_tries = c->n_tries;
    c->is_renewing = true;
    c->begin_sent_ns = 0;
    course_enter(c, step);
}

/* Whether what `begin` got is too old for the current step. A redirect belongs to the request before it. */
static bool must_renew(const struct course *c, const struct course_shared *shared, uint64_t now_ns)
{
    return now_ns >= c->expires_ns && c->step >= shared->session->n_begin && !c->is_renewed &&
           !course_is_hop(c);
}

static struct course_next send_step(struct course *c, const struct course_shared *shared, uint64_t now_ns)
{
    if (now_ns < c->due_ns)
        return (struct course_next){ .action = COURSE_WAIT, .due_ns = c->due_ns };
    if (must_renew(c, shared, now_ns))
        course_renew(c, shared);
    if (c->step < shared->session->n_begin && c->begin_sent_ns == 0)
        c->begin_sent_ns = now_ns;
    c->has_sent = true;
    c->state = COURSE_ASKED;
    return (struct course_next){ .action = COURSE_SEND, .due_ns = c->due_ns };
}

static struct course_next between(const struct course *c, uint64_t now_ns)
{
    if (now_ns < c->due_ns)
        return (struct course_next){ .action = COURSE_WAIT, .due_ns = c->due_ns };
    return (struct course_next){ .action = COURSE_PASS_DUE, .due_ns = c->due_ns };
}

struct course_next course_next(struct course *c, const struct course_shared *shared, uint64_t now_ns)
{
    if (c->state == COURSE_PASSED) {
        c->state = COURSE_BETWEEN;
        return (struct course_next){ .action = COURSE_PASS_OVER };
    }
    if (c->is_stopping && c->state == COURSE_BETWEEN)
        return (struct course_next){ .action = COURSE_STOP_RUN };
    if (c->is_leaving && c->state == COURSE_BETWEEN)
        course_finish(c, shared, now_ns);
    switch ((enum course_state)c->state) {
    case COURSE_READY:
        return send_step(c, shared, now_ns);
    case COURSE_BETWEEN:
        return between(c, now_ns);
    case COURSE_ASKED:
        return (struct course_next){ .action = COURSE_WAIT, .due_ns = UINT64_MAX };
    case COURSE_PASSED:
    case COURSE_OVER:
        break;
    }
    return (struct course_next){ .action = COURSE_USER_OVER };
}

struct course_result course_result(const struct course *c)
{
    const uint64_t total_ns = c->over_ns - c->pass_due_ns;
    return (struct course_result){ .pass = c->pass,
                                   .due_ns = c->pass_due_ns,
                                   .over_ns = c->over_ns,
                                   .total_ns = total_ns,
                                   .busy_ns = total_ns > c->thought_ns ? total_ns - c->thought_ns : 0,
                                   .outcome = (enum outcome)c->outcome,
                                   .cause = c->cause,
                                   .phase = c->phase,
                                   .failed_step = c->failed_step,
                                   .is_late = c->is_late };
}
