#include "check_parts.h"

#include "clock.h"
#include "draw.h"
#include "err.h"
#include "redirect.h"
#include "step_message.h"
#include "units.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_BODY_MOST_BYTES UINT64_C(67108864)

static const char no_memory[] = "out of memory";

void check_simplify(struct plan_session *session)
{
    session->pace_ns = 0;
    for (size_t i = 0; i < session->n_steps; i++) {
        struct session_step *step = &session->steps[i];
        step->think = (struct session_think){ .spread = SESSION_CONSTANT };
        step->chance = 1;
        step->n_times = 1;
        step->fail_pause_ns = 0;
    }
}

/* --- answers --- */

static const char *text_of(void *payload, const struct plan_piece *pieces, size_t n_pieces, size_t *n_bytes)
{
    struct check *c = payload;
    return values_text(c->user, c->stream, &c->values, pieces, n_pieces, n_bytes);
}

/* Judges the answer and keeps what is captured. Returns the cause of a failure; NULL: all is well. */
static const char *judge(struct check *c, struct answer_result *result, unsigned status)
{
    if (answer_finish(&c->answer, status, text_of, c, result) != OUTCOME_OK)
        return result->cause;
    for (size_t i = 0; i < result->n_values; i++) {
        const struct answer_value *value = &result->values[i];
        const char *cause = values_set(c->user, c->stream, value->variable, value->text, value->n_bytes);
        if (cause)
            return cause;
    }
    return NULL;
}

static bool follows(const struct check *c, const struct check_result *r)
{
    return outcome_is_answer(r->outcome) && redirect_is_status(r->status) &&
           c->course.hop.n < course_step(&c->course, &c->shared)->n_follow;
}

/* Hands the course what came of the request, and the caller what there is to see. */
static void take(struct check *c, struct check_seen *seen, const struct check_result *r, const char *message,
                 size_t length, struct answer_result *result)
{
    const struct session_renew *renew = &c->stream->session->renew;
    struct course_answer answer = { .outcome = r->outcome,
                                    .cause = r->cause,
                                    .status = r->status,
                                    .request = message,
                                    .request_bytes = length,
                                    .done_ns = clock_monotonic_ns() };
    struct course_verdict v;
    if (follows(c, r))
        answer.location = answer_location(&c->answer, &answer.location_bytes);
    if (r->outcome == OUTCOME_OK && !answer.location) {
        answer.cause = judge(c, result, r->status);
        answer.outcome = answer.cause ? OUTCOME_EXPECT : OUTCOME_OK;
        answer.until_cause = result->until_cause;
    }
    if (answer.outcome == OUTCOME_OK && course_wants_life(&c->course, &c->shared))
        answer.life =
            values_text(c->user, c->stream, &c->values, renew->seconds, renew->n_seconds, &answer.life_bytes);
    course_take(&c->course, &c->shared, &answer, &v);
    seen->outcome = v.outcome;
    seen->cause = v.cause;
    seen->until_cause = answer.until_cause;
}

static size_t head_length(const struct check *c)
{
    const char *end = memmem(c->head, c->head_bytes, "\r\n\r\n", 4);
    return end ? (size_t)(end - c->head) + 2 : c->head_bytes;
}

/* What was sent, for people. */
static void show_request(const struct check *c, const char *message, size_t length, struct check_seen *seen)
{
    const char *end = memmem(message, length, "\r\n\r\n", 4);
    seen->request_bytes = end ? (size_t)(end - message) + 2 : length;
    seen->request_body = message + seen->request_bytes + (end ? 2 : 0);
    seen->request_body_bytes = length - (size_t)(seen->request_body - message);
    seen->request = message;
    if (c->sent_bytes > 0) {
        seen->request = c->sent;
        seen->request_bytes = c->sent_bytes;
    }
}

static void send_step(struct check *c)
{
    const struct session_step *step = course_step(&c->course, &c->shared);
    const bool is_head = step->request.is_head && !c->course.hop.is_get;
    struct check_seen seen = { .step = step, .n_hops = c->course.hop.n };
    struct check_result r = { .outcome = OUTCOME_EXPECT };
    struct answer_result *result = calloc(1, sizeof *result);
    const uint64_t n_foreign = c->answers.n_foreign;
    const uint64_t from_ns = clock_monotonic_ns();
    size_t length = 0;
    r.cause =
        result ? step_message(c->user, c->stream, &c->values, &c->course,
                              c->stream->session->cookies == SESSION_COOKIES_NONE ? NULL : &c->jar, &length)
               : no_memory;
    char *message = r.cause ? NULL : malloc(length);
    c->sent_bytes = c->head_bytes = 0;
    if (message) {
        memcpy(message, c->values.request.bytes, length);
        r = c->target->http == PLAN_HTTP_1 ? check_http1(c, message, length, is_head)
                                           : check_http2(c, message, length);
        show_request(c, message, length, &seen);
        seen.head = c->head_bytes > 0 ? c->head : NULL;
        seen.head_bytes = head_length(c);
        seen.body = c->shown.body;
        seen.body_bytes = c->shown.body_bytes;
        seen.body_cause = c->shown.cause;
        seen.status = r.status;
    }
    seen.took_ns = clock_monotonic_ns() - from_ns;
    if (result) {
        take(c, &seen, &r, message, message ? length : 0, result);
        seen.values = result->values;
        seen.n_values = seen.outcome == OUTCOME_OK ? result->n_values : 0;
        seen.n_cookies = c->jar.n_cookies;
        seen.n_foreign = c->answers.n_foreign - n_foreign;
        c->params->seen(c->params->payload, &seen);
    }
    if (c->answer.look)
        answer_drop(&c->answer);
    if (c->shown.look)
        answer_drop(&c->shown);
    free(message);
    free(result);
}

/* --- the course --- */

static void sleep_until(const struct check *c, uint64_t until_ns)
{
    enum { LOOK_MS = 20 };
    while (!check_is_stopped(c) && clock_monotonic_ns() < until_ns)
        poll(NULL, 0, LOOK_MS);
}

static int no_row(const struct check *c, enum plan_take take, struct err *e)
{
    const struct plan_feed *feed = values_ended_feed(c->user, c->stream, &c->values, take);
    return err_set(e, ERR_INPUT, "the feed %s has no row %llu", feed && feed->file ? feed->file : "",
                   (unsigned long long)c->params->number + 1);
}

static int walk(struct check *c, struct course_result *out, struct err *e)
{
    const uint64_t number = c->params->number;
    bool has_passed = false;
    if (values_begin_user(c->user, c->stream, &c->values, number) != VALUES_TAKEN)
        return no_row(c, PLAN_TAKE_USER, e);
    if (values_begin_pass(c->user, c->stream, &c->values, number) != VALUES_TAKEN)
        return no_row(c, PLAN_TAKE_PASS, e);
    course_start(&c->course, number, clock_monotonic_ns());
    for (;;) {
        const uint64_t now_ns = clock_monotonic_ns();
        if (check_is_stopped(c))
            return err_set(e, ERR_FAILED, "interrupted");
        const struct course_next next = course_next(&c->course, &c->shared, now_ns);
        switch (next.action) {
        case COURSE_SEND:
            send_step(c);
            break;
        case COURSE_WAIT:
            sleep_until(c, next.due_ns);
            break;
        case COURSE_PASS_DUE:
            if (has_passed)
                course_finish(&c->course, &c->shared, now_ns);
            else
                course_begin_pass(&c->course, &c->shared, number, 0, now_ns);
            has_passed = true;
            break;
        case COURSE_PASS_OVER:
            *out = course_result(&c->course);
            out->cause = NULL; /* it may name the target, and end with the check */
            values_end_pass(c->user, c->stream, &c->values);
            break;
        case COURSE_STOP_RUN:
        case COURSE_USER_OVER:
            return 0;
        }
    }
}

/* Shows the decoded body of any response, whatever the step looks at. */
static int init_shown(struct check *c, struct err *e)
{
    static char nothing[] = "";
    static const struct plan_session no_cookies = { .cookies = SESSION_COOKIES_NONE };
    c->shown_text = (struct session_text_expected){ .how = SESSION_CONTAINS, .text = nothing };
    c->shown_step = (struct session_step){ .texts = &c->shown_text,
                                           .n_texts = 1,
                                           .body_most_bytes = SHOWN_BODY_MOST_BYTES };
    memset(c->shown_step.expect.status_ok, 0xFF, sizeof c->shown_step.expect.status_ok);
    answer_init(&c->shown, &c->answers, NULL, &c->origin);
    c->shown_look = answer_look_new(&no_cookies, &c->shown_step, e);
    if (!c->shown_look)
        return -1;
    if (c->target->http != PLAN_HTTP_1)
        answer_look_show_head(c->shown_look);
    return 0;
}

static int init(struct check *c, struct err *e)
{
    const struct plan *plan = c->params->plan;
    const struct plan_session *session = c->stream->session;
    c->user = calloc(1, values_bytes(c->stream));
    if (!c->user)
        return plan_out_of_memory(e);
    values_init(c->user, c->stream);
    if (values_shared_init(&c->values, plan, 0) || answer_shared_init(&c->answers))
        return plan_out_of_memory(e);
    cookie_origin_init(&c->origin, c->target->host, c->target->tls);
    answer_init(&c->answer, &c->answers, session->cookies == SESSION_COOKIES_NONE ? NULL : &c->jar,
                &c->origin);
    c->shared =
        (struct course_shared){ .session = session,
                                .target = c->target,
                                .draw_key = draw_stream_key(plan->seed, (uint32_t)c->params->stream) };
    for (size_t i = 0; i < session->n_steps; i++)
        if (!(c->looks[i] = answer_look_new(session, &session->steps[i], e)))
            return -1;
    if (init_shown(c, e))
        return -1;
    if (c->target->tls)
        return transport_tls(&c->transport, c->target, 1, e);
    transport_plain(&c->transport);
    return 0;
}

static void fini(struct check *c)
{
    check_close(c);
    check_http2_fini(c);
    transport_fini(&c->transport);
    for (size_t i = 0; i < SESSION_STEPS_MOST; i++)
        answer_look_free(c->looks[i]);
    answer_look_free(c->shown_look);
    cookie_jar_fini(&c->jar);
    answer_shared_fini(&c->answers);
    course_fini(&c->course);
    if (c->user)
        values_fini(c->user);
    values_shared_fini(&c->values);
    free(c->user);
    free(c);
}

int check_session(const struct check_params *params, struct course_result *out, struct err *e)
{
    const struct plan_stream *stream = &params->plan->streams[params->stream];
    struct check *c = calloc(1, sizeof *c);
    if (!c)
        return plan_out_of_memory(e);
    c->params = params;
    c->stream = stream;
    c->target = plan_target_of(params->plan, stream);
    *out = (struct course_result){ .outcome = OUTCOME_CENSORED };
    const int status = init(c, e) ? -1 : walk(c, out, e);
    fini(c);
    return status;
}
