#include "user.h"

#include "account.h"
#include "draw.h"
#include "plan.h"
#include "request.h"
#include "shard.h"

#include <stdlib.h>
#include <string.h>

static char method_get[] = "GET";
/* What a redirect makes of other methods; its bytes are made by hop_message. */
static const struct plan_request get = { .method = method_get };

/* --- what users share --- */

struct users *users_new(const struct shard *s)
{
    struct users *users = calloc(1, sizeof *users);
    if (!users)
        return NULL;
    const struct plan_session *session = s->stream->session;
    users->course = (struct course_shared){
        .session = session,
        .target = s->route->target,
        .draw_key = draw_stream_key(s->loop->plan->seed, s->stream_number),
    };
    users->known = calloc(session->n_steps, sizeof *users->known);
    if (!users->known || due_heap_init(&users->asleep, (uint32_t)division_n_connections(&s->division))) {
        users_free(users);
        return NULL;
    }
    return users;
}

void users_free(struct users *users)
{
    if (!users)
        return;
    due_heap_fini(&users->asleep);
    free(users->known);
    free(users->bytes);
    free(users);
}

void user_init(struct user *u, uint32_t index)
{
    *u = (struct user){ .index = index };
}

void user_fini(struct user *u)
{
    course_fini(&u->course);
}

/* --- rests --- */

void user_sleep(struct shard *s, struct conn *c, uint64_t until_ns)
{
    due_heap_put(&s->users->asleep, shard_user(s, c)->index, until_ns);
    if (until_ns < s->timer.due_ns) {
        s->timer.due_ns = until_ns;
        loop_rearm(s->loop);
    }
}

struct conn *user_wake(struct shard *s)
{
    return shard_conn(s, due_heap_take(&s->users->asleep));
}

/* --- requests --- */

static bool make_room(struct users *users, size_t n_bytes)
{
    if (n_bytes <= users->room_bytes)
        return true;
    char *bytes = realloc(users->bytes, n_bytes);
    if (!bytes)
        return false;
    users->bytes = bytes;
    users->room_bytes = n_bytes;
    return true;
}

/* Renders what the course sends now: the step's request, or the one that a redirect made of it. NULL when
 * done; else a constant string that says why it cannot be sent. */
static const char *render(struct shard *s, const struct user *u)
{
    struct users *users = s->users;
    const struct course *course = &u->course;
    const struct plan_request *request = &course_step(course, &users->course)->request;
    if (!make_room(users, request->bytes_most + hop_message_bytes_most(&course->hop, request->bytes_most)))
        return "out of memory";
    users->n_bytes =
        request_render(s->loop->plan, s->stream, request, course->pass, users->bytes, users->room_bytes);
    if (course_is_hop(course)) {
        char *message = users->bytes + users->n_bytes;
        users->n_bytes = hop_message(&course->hop, users->bytes, users->n_bytes, message);
        memmove(users->bytes, message, users->n_bytes);
    }
    users->rendered = u;
    return NULL;
}

const char *user_request(struct conn *c, size_t *length)
{
    struct shard *s = c->shard;
    struct users *users = s->users;
    const struct user *u = shard_user(s, c);
    const struct session_step *step = course_step(&u->course, &users->course);
    if (users->rendered != u) /* it was taken up before the connection was ready */
        render(s, u);
    users->rendered = NULL;
    exchange_expect(&c->exchange, &step->expect, &users->known[u->course.step]);
    *length = users->n_bytes;
    return users->bytes;
}

/* The phase in which a request is counted: that of its time. In a pause it belongs to its pass's. */
static uint32_t phase_of_request(const struct shard *s, const struct user *u)
{
    return s->stream->phases[s->phase].kind == PLAN_PHASE_PAUSE ? u->course.phase : s->phase;
}

/* Hands the course what the request ended with; changes both to what the request counts as. */
static void take(struct shard *s, struct user *u, struct course_answer *answer, enum outcome *outcome,
                 const char **cause)
{
    struct course_verdict verdict;
    answer->outcome = *outcome;
    answer->cause = *cause;
    course_take(&u->course, &s->users->course, answer, &verdict);
    *outcome = verdict.outcome;
    *cause = verdict.cause;
}

void user_answered(struct conn *c, enum outcome *outcome, const char **cause, uint64_t now_ns)
{
    struct shard *s = c->shard;
    struct course_answer answer = { .status = exchange_status(&c->exchange), .done_ns = now_ns };
    take(s, shard_user(s, c), &answer, outcome, cause);
}

/* Takes up the request that the course sends next. False when it cannot be sent, which the course then knows.
 */
static bool ask(struct shard *s, struct conn *c, uint64_t due_ns, uint64_t now_ns)
{
    struct user *u = shard_user(s, c);
    const struct course *course = &u->course;
    const struct flight f = {
        .seq = course->pass,
        .due_ns = due_ns,
        .dispatched_ns = u->dispatched_ns ? u->dispatched_ns : now_ns,
        .request = course->hop.is_get ? &get : &course_step(course, &s->users->course)->request,
        .phase = phase_of_request(s, u),
        .row = (uint8_t)course_row(course, &s->users->course),
    };
    const char *cause = render(s, u);
    s->counts->n_intended += u->dispatched_ns == 0;
    u->dispatched_ns = 0;
    if (cause) {
        enum outcome outcome = OUTCOME_EXPECT;
        take(s, u, &(struct course_answer){ .done_ns = now_ns }, &outcome, &cause);
        account_unsent(s, &f, outcome, cause, now_ns);
        return false;
    }
    u->is_asked = true;
    shard_submit(s, c, &f, now_ns);
    return true;
}

/* --- the course --- */

static void set_live(struct shard *s, struct user *u, bool is_live)
{
    s->users->n_live += (uint32_t)is_live - u->is_live;
    u->is_live = is_live;
}

/* A user that leaves may have the steps of `end` before it. */
static void end_pass(struct shard *s, struct conn *c)
{
    struct user *u = shard_user(s, c);
    const struct course_result result = course_result(&u->course);
    account_session(s, &result);
    set_live(s, u, u->course.is_leaving);
    if (s->stream->session->is_connection_per_pass && c->state == CONN_READY)
        conn_close(c);
}

enum user_does user_go_on(struct shard *s, struct conn *c, uint64_t now_ns, uint64_t *due_ns)
{
    struct user *u = shard_user(s, c);
    for (;;) {
        const struct course_next next = course_next(&u->course, &s->users->course, now_ns);
        switch (next.action) {
        case COURSE_SEND:
            if (ask(s, c, next.due_ns, now_ns))
                return USER_ASKS;
            user_sleep(s, c, now_ns); /* the other connections have their turn before it goes on */
            return USER_SLEEPS;
        case COURSE_WAIT:
            user_sleep(s, c, next.due_ns);
            return USER_SLEEPS;
        case COURSE_PASS_OVER:
            end_pass(s, c);
            break;
        case COURSE_STOP_RUN:
            s->users->wants_stop = true;
            return USER_SLEEPS;
        case COURSE_PASS_DUE:
            *due_ns = next.due_ns;
            return USER_DUE;
        case COURSE_USER_OVER:
            set_live(s, u, false);
            s->users->n_over += !u->is_over;
            u->is_over = true;
            return USER_OVER;
        }
    }
}

void user_begin_pass(struct shard *s, struct conn *c, uint64_t pass, uint32_t phase, uint64_t due_ns)
{
    struct user *u = shard_user(s, c);
    set_live(s, u, true);
    course_begin_pass(&u->course, &s->users->course, pass, phase, due_ns);
}

void user_finish(struct shard *s, struct conn *c, uint64_t now_ns)
{
    struct user *u = shard_user(s, c);
    set_live(s, u, true);
    course_finish(&u->course, &s->users->course, now_ns);
}

void user_cut(struct shard *s, struct conn *c, uint64_t now_ns)
{
    due_heap_remove(&s->users->asleep, shard_user(s, c)->index);
    course_cut(&shard_user(s, c)->course, now_ns);
}
