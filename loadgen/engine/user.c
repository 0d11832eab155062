#include "user.h"

#include "account.h"
#include "draw.h"
#include "err.h"
#include "plan.h"
#include "shard.h"

#include <stdlib.h>

static char method_get[] = "GET";
/* What a redirect makes of other methods; its bytes are rendered. */
static const struct plan_request get = { .method = method_get };

const char user_no_row[] = "a feed with at_end: fail has no row left";
const char user_not_finished[] = "the session was still under way when `finish` had passed";
const char user_run_over[] = "the run ended";

/* --- what users share --- */

int users_here_init(struct users_here *here, const struct plan *plan, uint32_t thread)
{
    *here = (struct users_here){ 0 };
    return values_shared_init(&here->values, plan, thread) || answer_shared_init(&here->answers) ? -1 : 0;
}

void users_here_fini(struct users_here *here)
{
    values_shared_fini(&here->values);
    answer_shared_fini(&here->answers);
}

static int make_steps(struct users *users, const struct plan_session *session)
{
    users->steps = calloc(session->n_steps, sizeof *users->steps);
    if (!users->steps)
        return -1;
    for (size_t i = 0; i < session->n_steps; i++) {
        struct err e; /* `plan` has found all but a lack of memory */
        if (!(users->steps[i].look = answer_look_new(session, &session->steps[i], &e)))
            return -1;
    }
    return 0;
}

struct users *users_new(const struct shard *s, struct users_here *here)
{
    struct users *users = calloc(1, sizeof *users);
    if (!users)
        return NULL;
    const struct plan_session *session = s->stream->session;
    const struct plan_target *target = s->route->target;
    users->here = here;
    users->course = (struct course_shared){
        .session = session,
        .target = target,
        .draw_key = draw_stream_key(s->loop->plan->seed, s->stream_number),
    };
    cookie_origin_init(&users->origin, target->host, target->tls);
    if (make_steps(users, session) == 0 &&
        due_heap_init(&users->asleep, (uint32_t)division_n_connections(&s->division)) == 0)
        return users;
    users_free(users);
    return NULL;
}

void users_free(struct users *users)
{
    if (!users)
        return;
    for (size_t i = 0; users->steps && i < users->course.session->n_steps; i++)
        answer_look_free(users->steps[i].look);
    due_heap_fini(&users->asleep);
    free(users->steps);
    free(users);
}

size_t user_bytes(const struct plan_stream *stream)
{
    return (sizeof(struct user) + values_bytes(stream) + 15) / 16 * 16;
}

void user_init(struct user *u, const struct shard *s, uint32_t index)
{
    struct users *users = s->users;
    *u = (struct user){ .index = index };
    answer_init(&u->answer, &users->here->answers,
                s->stream->session->cookies == SESSION_COOKIES_NONE ? NULL : &u->jar, &users->origin);
    values_init(user_values(u), s->stream);
}

void user_fini(struct user *u)
{
    course_fini(&u->course);
    cookie_jar_fini(&u->jar);
    answer_drop(&u->answer);
    values_fini(user_values(u));
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

/* --- the course --- */

/* The phase in which a request is counted: that of its time, but in a pause that of its pass. */
static uint32_t phase_of_request(const struct shard *s, const struct user *u)
{
    return s->stream->phases[s->phase].kind == PLAN_PHASE_PAUSE ? u->course.phase : s->phase;
}

static struct flight flight_of(const struct shard *s, const struct user *u, uint64_t due_ns, uint64_t now_ns)
{
    const struct course *course = &u->course;
    return (struct flight){
        .seq = course->pass,
        .due_ns = due_ns,
        .dispatched_ns = u->dispatched_ns ? u->dispatched_ns : now_ns,
        .request = course->hop.is_get ? &get : &course_step(course, &s->users->course)->request,
        .phase = phase_of_request(s, u),
        .row = (uint8_t)course_row(course, &s->users->course),
    };
}

/* Takes up the request that the course sends next. False when it cannot be sent, which the course then knows.
 */
static bool ask(struct shard *s, struct conn *c, uint64_t due_ns, uint64_t now_ns)
{
    struct user *u = shard_user(s, c);
    const struct flight f = flight_of(s, u, due_ns, now_ns);
    const char *cause = user_render(s, u);
    s->counts->n_intended++;
    s->counts->sessions.n_renewed += u->course.is_renewing && u->course.begin_sent_ns == now_ns;
    u->dispatched_ns = 0;
    if (cause) {
        enum outcome outcome = OUTCOME_EXPECT;
        user_unsendable(s, u, &outcome, &cause, now_ns);
        account_unsent(s, &f, outcome, cause, now_ns);
        return false;
    }
    u->is_asked = true;
    shard_submit(s, c, &f, now_ns);
    return true;
}

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
    s->counts->sessions.n_late_paces += result.is_late;
    account_session(s, &result);
    values_end_pass(user_values(u), s->stream, &s->users->here->values);
    set_live(s, u, u->course.is_leaving);
    u->dispatched_ns = 0; /* chance may have left all requests out */
    if (s->stream->session->is_connection_per_pass && c->state == CONN_READY)
        conn_close_in_order(c);
}

void user_end(struct shard *s, struct conn *c)
{
    struct user *u = shard_user(s, c);
    values_end_user(user_values(u), s->stream, &s->users->here->values);
    set_live(s, u, false);
    s->users->n_over += !u->is_over;
    u->is_over = true;
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
            loop_stop_run(s->loop, "a step with on_fail: stop_run failed");
            return USER_SLEEPS;
        case COURSE_PASS_DUE:
            *due_ns = next.due_ns;
            return USER_DUE;
        case COURSE_USER_OVER:
            user_end(s, c);
            return USER_OVER;
        }
    }
}

enum values_taken user_start(struct shard *s, struct conn *c, uint64_t number, uint64_t due_ns)
{
    struct user *u = shard_user(s, c);
    u->is_over = false;
    cookie_jar_empty(&u->jar);
    course_start(&u->course, number, due_ns);
    return values_begin_user(user_values(u), s->stream, &s->users->here->values, number);
}

enum values_taken user_begin_pass(struct shard *s, struct conn *c, uint64_t pass, uint32_t phase,
                                  uint64_t due_ns)
{
    struct user *u = shard_user(s, c);
    const enum values_taken taken =
        values_begin_pass(user_values(u), s->stream, &s->users->here->values, pass);
    if (taken != VALUES_TAKEN)
        return taken;
    if (s->stream->session->cookies == SESSION_COOKIES_PASS)
        cookie_jar_empty(&u->jar);
    set_live(s, u, true);
    s->counts->sessions.n_begun++;
    course_begin_pass(&u->course, &s->users->course, pass, phase, due_ns);
    return taken;
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
    course_cut(&shard_user(s, c)->course, s->users->cut_cause, now_ns);
}
