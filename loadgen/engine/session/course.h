/* The course of one user through its session: which step it sends next, and when. It sees no socket and no
 * bytes, and time is a parameter. Its driver calls course_next, does what that returns, and hands over each
 * answer with course_take:
 *
 *     course_start -> course_next: PASS_DUE -> course_begin_pass -> course_next: SEND -> course_take ->
 *     course_next: WAIT, SEND ... PASS_OVER, then PASS_DUE again; course_finish when no pass is to follow,
 *     then SEND for the steps of `end`, then USER_OVER.
 *
 * `begin` runs within the pass that is under way: in a user's first pass before its first step, and again
 * where the session is renewed. So a pass that logs in takes that much longer, and fails with its login. A
 * pass is over at its last answer; the last step's think passes before the next one. Hot path. */
#ifndef ENGINE_COURSE_H
#define ENGINE_COURSE_H

#include "hop.h"
#include "outcome.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plan_target;

/* What all users of a stream share on a thread. */
struct course_shared {
    const struct plan_session *session; /* borrowed */
    const struct plan_target *target;   /* borrowed; where redirects may lead */
    uint64_t draw_key;                  /* see draw.h */
};

enum course_action {
    COURSE_SEND,      /* step `course.step` now: the step's request, or its hop (course_is_hop) */
    COURSE_WAIT,      /* nothing to do before due_ns */
    COURSE_PASS_DUE,  /* a pass may begin: course_begin_pass, course_finish, or ask again later */
    COURSE_PASS_OVER, /* see course_result; more is to be done at once: call course_next again */
    COURSE_STOP_RUN,  /* a failed step ends the whole run */
    COURSE_USER_OVER, /* the user is done; course_start makes it a new one */
};

struct course_next {
    enum course_action action;
    uint64_t due_ns; /* SEND, PASS_DUE: when it was due, not after now. WAIT: when to ask again */
};

enum course_state {
    COURSE_BETWEEN, /* no pass is under way */
    COURSE_READY,   /* the step is sent at due_ns */
    COURSE_ASKED,   /* its answer is awaited */
    COURSE_PASSED,  /* the pass is over, which is not reported yet */
    COURSE_OVER,
};

/* One user. All zero before course_start. */
struct course {
    uint64_t user, pass; /* numbers within the stream */
    uint64_t due_ns;     /* of the step that is sent next; between passes: of the next pass */
    uint64_t pass_due_ns;
    uint64_t over_ns;       /* when the pass was over */
    uint64_t thought_ns;    /* thinks and pauses drawn within the pass, to be left out of busy */
    uint64_t begin_sent_ns; /* when `begin` was last sent; 0: not in this pass, or not again yet */
    uint64_t expires_ns;    /* when it runs again; UINT64_MAX: it need not */
    const char *cause;      /* of the pass's failure */
    struct hop hop;         /* where the last redirect of the step led */
    uint32_t phase;         /* in which the pass began */
    uint32_t n_repeats;     /* how often the step was done in this pass already */
    uint32_t n_tries;       /* of `until`, so far */
    uint32_t resumed_repeats, resumed_tries; /* of the step at which the pass goes on after a renewal */
    uint8_t state;                           /* enum course_state */
    uint8_t outcome;                         /* of the pass: enum outcome */
    uint8_t step;                            /* index into session.steps */
    uint8_t failed_step;                     /* that decided the pass's outcome */
    uint8_t resumed_step;
    bool is_renewing : 1; /* `begin` runs again */
    bool is_renewed : 1;  /* it has, for this step */
    bool is_resent : 1;   /* the step was sent again after one of renew's statuses */
    bool has_begun : 1;   /* `begin` has succeeded */
    bool has_sent : 1;    /* in this pass */
    bool is_late : 1;     /* the next pass, by its pace */
    bool is_leaving : 1;  /* no pass follows */
    bool is_stopping : 1; /* a failed step stops the run */
};

/* The answer to what was sent, or what came instead. */
struct course_answer {
    enum outcome outcome; /* by the step's expectations, its `until` left out */
    const char *cause;    /* lives as long as the plan; NULL when ok */
    uint16_t status;      /* 0: no answer */
    const char
        *until_cause;     /* what of `until` does not hold yet, lives as long as the plan; NULL: it holds */
    const char *location; /* value of its Location; NULL: none */
    size_t location_bytes;
    const char *request; /* where location is given: the bytes that were sent, from the request line on */
    size_t request_bytes;
    const char *life; /* where course_wants_life: renew.seconds as it reads now; NULL: none */
    size_t life_bytes;
    uint64_t done_ns;
};

/* How the request that was answered is to be accounted for. */
struct course_verdict {
    enum outcome outcome;
    const char *cause; /* lives as long as the plan; NULL when ok */
};

/* A pass that is over. */
struct course_result {
    uint64_t pass;
    uint64_t due_ns, over_ns;
    uint64_t total_ns; /* over - due */
    uint64_t busy_ns;  /* without thinks and pauses */
    enum outcome outcome;
    const char *cause;    /* NULL when ok */
    uint32_t phase;       /* in which it began */
    uint32_t failed_step; /* index into session.steps, unless ok or censored */
    bool is_late;         /* it took longer than `pace` */
};

/* Makes it user number `user`, whose first pass is due at `due_ns`. Keeps the memory of its hops. */
void course_start(struct course *c, uint64_t user, uint64_t due_ns);
/* When the first pass of a user is due whose stream begins at `start_ns` and spreads its users over
 * `ramp_ns`. */
uint64_t course_ramp_ns(uint64_t start_ns, uint64_t ramp_ns, uint64_t user, uint64_t n_users);
/* Frees what it owns. */
void course_fini(struct course *c);

/* What the user does at `now_ns`. Must not be called while an answer is awaited. */
struct course_next course_next(struct course *c, const struct course_shared *shared, uint64_t now_ns);
/* After COURSE_PASS_DUE: begins pass number `pass`. `due_ns` is that of course_next, or later when the user
 * had to wait for its phase. */
void course_begin_pass(struct course *c, const struct course_shared *shared, uint64_t pass, uint32_t phase,
                       uint64_t due_ns);
/* Between passes: none is to follow. The user is over, after `end` if its `begin` has succeeded. */
void course_finish(struct course *c, const struct course_shared *shared, uint64_t now_ns);
/* Between passes, or in one that has nothing in flight: the run is over, and the user with it. Under way, its
 * pass is reported as censored, for that cause: a constant string. */
void course_cut(struct course *c, const char *cause, uint64_t now_ns);

/* Takes the answer. `*verdict` is what the request counts as: a redirect that is followed is ok, and so is an
 * answer after which `until` tries again. An outcome of `censored` cuts the pass. */
void course_take(struct course *c, const struct course_shared *shared, const struct course_answer *answer,
                 struct course_verdict *verdict);
/* While an answer is awaited: it may end `begin`, so that course_answer.life is wanted. */
bool course_wants_life(const struct course *c, const struct course_shared *shared);

/* After COURSE_PASS_OVER, until the next pass begins. */
struct course_result course_result(const struct course *c);

static inline const struct session_step *course_step(const struct course *c,
                                                     const struct course_shared *shared)
{
    return &shared->session->steps[c->step];
}

/* Whether it sends, or has sent, a redirect's request instead of the step's own. */
static inline bool course_is_hop(const struct course *c)
{
    return c->hop.n > 0;
}

/* Whether a pass is under way. */
static inline bool course_is_passing(const struct course *c)
{
    return !c->is_leaving && (c->state == COURSE_READY || c->state == COURSE_ASKED);
}

/* The row of the stream's results to which the request belongs. */
static inline uint32_t course_row(const struct course *c, const struct course_shared *shared)
{
    const struct session_step *step = course_step(c, shared);
    return course_is_hop(c) ? step->redirect_row : step->row;
}

#endif
