/* What an answer makes of a user's course. */
#include "course_parts.h"

#include "redirect.h"

#include <stdlib.h>
#include <string.h>

enum { LIFE_BYTES = 32 };
#define LIFE_SECONDS_MOST 1e9 /* 32 years */

static enum session_part part_of(const struct course *c, const struct course_shared *shared)
{
    return course_step(c, shared)->part;
}

bool course_wants_life(const struct course *c, const struct course_shared *shared)
{
    const struct plan_session *s = shared->session;
    return s->renew.seconds && c->step < s->n_begin && c->n_repeats + 1 >= s->steps[c->step].n_times &&
           course_step_from(c, shared, c->step + 1U, (uint32_t)s->n_begin) == s->n_begin;
}

/* A number of seconds as JSON writes it. */
static bool read_life(const char *text, size_t n, uint64_t *life_ns)
{
    char copy[LIFE_BYTES];
    char *end;
    if (n == 0 || n >= sizeof copy)
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    if (copy[0] < '0' || copy[0] > '9' || strspn(copy, "0123456789.eE+-") < n)
        return false;
    const double seconds = strtod(copy, &end);
    if (*end)
        return false;
    *life_ns = seconds < LIFE_SECONDS_MOST ? (uint64_t)(seconds * 1e9) : (uint64_t)(LIFE_SECONDS_MOST * 1e9);
    return true;
}

/* True: the answer is a redirect, which is followed or fails the step. */
static bool take_redirect(struct course *c, const struct course_shared *shared, const struct course_answer *a,
                          struct course_verdict *v)
{
    if (!outcome_is_answer(a->outcome) || !redirect_is_status(a->status))
        return false;
    if (c->hop.n >= course_step(c, shared)->n_follow) {
        if (c->hop.n > 0 && a->outcome == OUTCOME_STATUS)
            v->cause = "more redirects than 'follow' allows";
        return false;
    }
    if (!a->location)
        return false;
    v->cause = hop_follow(&c->hop, shared->target, a->status, a->request, a->request_bytes, a->location,
                          a->location_bytes);
    v->outcome = v->cause ? OUTCOME_EXPECT : OUTCOME_OK;
    if (!v->cause) {
        c->due_ns = a->done_ns;
        c->state = COURSE_READY;
    }
    return true;
}

/* True: what `until` waits for does not hold yet, and the step is tried again. */
static bool take_until(struct course *c, const struct course_shared *shared, const struct course_answer *a,
                       struct course_verdict *v)
{
    const struct session_until *until = &course_step(c, shared)->until;
    if (until->n_most == 0 || v->outcome != OUTCOME_OK || !a->until_cause)
        return false;
    if (++c->n_tries < until->n_most) {
        c->due_ns = a->done_ns + until->every_ns;
        course_begin_try(c, c->n_tries);
        return true;
    }
    *v = (struct course_verdict){ OUTCOME_EXPECT, a->until_cause };
    return false;
}

/* `begin` has ended: its result expires a while after its first request, as it cannot be older than that. */
static void take_life(struct course *c, const struct course_shared *shared, const struct course_answer *a,
                      struct course_verdict *v)
{
    uint64_t life_ns;
    if (v->outcome != OUTCOME_OK || !a->life || !course_wants_life(c, shared))
        return;
    if (!read_life(a->life, a->life_bytes, &life_ns)) {
        *v = (struct course_verdict){ OUTCOME_EXPECT, "the seconds of 'renew' are not a number" };
        return;
    }
    /* Twice as early as half the life would renew before each step. */
    const uint64_t early_ns =
        shared->session->renew.early_ns < life_ns / 2 ? shared->session->renew.early_ns : life_ns / 2;
    c->expires_ns = c->begin_sent_ns + (life_ns - early_ns);
}

/* True: the session is renewed because of the answer's status, and the step is sent again. */
static bool take_renewal(struct course *c, const struct course_shared *shared, const struct course_answer *a)
{
    if (part_of(c, shared) == SESSION_BEGIN || c->is_resent || !outcome_is_answer(a->outcome) ||
        !session_renews_at(&shared->session->renew, a->status))
        return false;
    c->due_ns = a->done_ns;
    course_begin_try(c, c->n_tries);
    c->is_resent = true;
    course_renew(c, shared);
    return true;
}

/* The step has failed: its `on_fail` decides. A user that has failed pauses, so that many of them do not
 * become a storm. */
static void fail(struct course *c, const struct course_shared *shared, uint64_t done_ns,
                 const struct course_verdict *v)
{
    const struct session_step *step = course_step(c, shared);
    const bool is_passing = !c->is_leaving; /* else in `end`, perhaps in a renewal for that */
    if (is_passing && c->outcome == OUTCOME_OK) {
        c->outcome = (uint8_t)v->outcome;
        c->cause = v->cause;
        c->failed_step = c->step;
    }
    if (step->on_fail == SESSION_GO_ON) {
        course_advance(c, shared, done_ns, step->fail_pause_ns);
        return;
    }
    c->is_leaving = c->is_leaving || step->on_fail == SESSION_END_USER;
    c->is_stopping = step->on_fail == SESSION_STOP_RUN;
    if (step->part == SESSION_BEGIN)
        c->has_begun = false;
    if (is_passing)
        course_end_pass(c, shared, done_ns, done_ns + step->fail_pause_ns);
    else
        c->state = c->is_stopping ? COURSE_BETWEEN : COURSE_OVER;
}

void course_take(struct course *c, const struct course_shared *shared, const struct course_answer *a,
                 struct course_verdict *v)
{
    *v = (struct course_verdict){ a->outcome, a->cause };
    if (a->outcome == OUTCOME_CENSORED) {
        course_cut(c, a->cause, a->done_ns);
        return;
    }
    if (take_redirect(c, shared, a, v)) {
        if (v->outcome != OUTCOME_OK)
            fail(c, shared, a->done_ns, v);
        return;
    }
    if (take_until(c, shared, a, v))
        return;
    take_life(c, shared, a, v);
    if (v->outcome == OUTCOME_OK)
        course_advance(c, shared, a->done_ns, 0);
    else if (!take_renewal(c, shared, a))
        fail(c, shared, a->done_ns, v);
}
