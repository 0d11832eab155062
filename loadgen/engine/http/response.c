#include "response.h"

#include <string.h>

size_t response_tail_bytes(const struct plan_expect *expect)
{
    return expect->checks_body && expect->has_instance ? PLAN_INSTANCE_BYTES - 1 + expect->after_bytes : 0;
}

void response_init(struct response *r, const struct plan_expect *expect, char *tail,
                   struct redirect *redirect)
{
    *r = (struct response){ .expect = expect, .tail = tail, .redirect = redirect };
}

void response_expect(struct response *r, const struct plan_expect *expect, struct redirect *redirect,
                     struct answer *answer)
{
    r->expect = expect;
    r->redirect = redirect;
    r->answer = answer;
}

/* Fields are looked at only where needed: the stream expects some, a 5xx may come from the load balancer, an
 * unexpected redirect points somewhere, or a session takes something from them. */
void response_look(struct response *r, unsigned status)
{
    const bool is_interim = status / 100 == 1;
    header_check_begin(&r->headers);
    r->is_redirect = redirect_is_status(status);
    r->headers.is_used = status >= 500 || r->expect->n_headers > 0 ||
                         (r->is_redirect && !plan_expects_status(r->expect, status));
    r->wants_fields = r->headers.is_used || (r->answer && r->answer->look->looks_at_headers && !is_interim);
}

void response_name(struct response *r, const char *at, size_t n_bytes)
{
    header_check_name(&r->headers, at, n_bytes);
}

void response_name_end(struct response *r)
{
    if (r->answer)
        answer_name(r->answer, r->headers.name, r->headers.name_bytes);
    header_check_name_end(&r->headers, r->expect);
}

void response_value(struct response *r, const char *at, size_t n_bytes)
{
    header_check_value(&r->headers, r->expect, at, n_bytes);
    if (r->answer)
        answer_value(r->answer, at, n_bytes);
}

void response_value_end(struct response *r)
{
    header_check_value_end(&r->headers, r->expect);
    if (r->answer)
        answer_value_end(r->answer);
    if (r->headers.location && r->redirect && r->is_redirect)
        redirect_note(r->redirect, r->headers.location, r->headers.location_bytes);
}

void response_field(struct response *r, const char *name, size_t name_bytes, const char *value,
                    size_t value_bytes)
{
    header_check_name(&r->headers, name, name_bytes);
    header_check_name_end(&r->headers, r->expect);
    if (r->answer)
        answer_name(r->answer, name, name_bytes);
    response_value(r, value, value_bytes);
    response_value_end(r);
}

bool response_is_knowable(const struct response *r)
{
    return !r->headers.is_used && (!r->answer || answer_is_knowable(r->answer));
}

/* Keeps what follows `before`: only when the body is complete is it known where the instance id ends. */
static void keep_tail(struct response *r, const char *at, size_t n_bytes)
{
    const size_t room = response_tail_bytes(r->expect) - r->tail_bytes;
    if (n_bytes > room) {
        r->body_differs = true;
        return;
    }
    memcpy(r->tail + r->tail_bytes, at, n_bytes);
    r->tail_bytes += (uint32_t)n_bytes;
}

void response_compare_body(struct response *r, uint64_t offset, const char *at, size_t n_bytes)
{
    const struct plan_expect *x = r->expect;
    if (r->body_differs || n_bytes == 0)
        return;
    size_t compared = 0;
    if (offset < x->before_bytes) {
        const size_t left = x->before_bytes - (size_t)offset;
        compared = n_bytes < left ? n_bytes : left;
        if (memcmp(x->body_before + offset, at, compared) != 0) {
            r->body_differs = true;
            return;
        }
    }
    if (compared == n_bytes)
        return;
    if (x->has_instance)
        keep_tail(r, at + compared, n_bytes - compared);
    else
        r->body_differs = true;
}

void response_judge_body(struct response *r)
{
    const struct plan_expect *x = r->expect;
    if (r->body_bytes < x->before_bytes)
        r->body_differs = true;
    if (r->body_differs || !x->has_instance)
        return;
    const size_t instance_bytes = r->tail_bytes > x->after_bytes ? r->tail_bytes - x->after_bytes : 0;
    if (instance_bytes == 0 || instance_bytes >= PLAN_INSTANCE_BYTES ||
        memcmp(r->tail + instance_bytes, x->body_after, x->after_bytes) != 0)
        r->body_differs = true;
}

enum outcome response_outcome(const struct response *r)
{
    if (plan_expects_status(r->expect, r->status)) {
        const bool is_right = !(r->expect->checks_body && r->body_differs && !r->is_head) &&
                              header_check_is_right(&r->headers, r->expect);
        return is_right ? OUTCOME_OK : OUTCOME_EXPECT;
    }
    if (r->status >= 500)
        return r->headers.is_balancers ? OUTCOME_BALANCER_5XX : OUTCOME_STATUS_5XX;
    return r->status >= 400 ? OUTCOME_STATUS_4XX : OUTCOME_STATUS;
}

const char *response_instance(const struct response *r, size_t *length)
{
    if (!r->is_complete || !r->tail || !r->expect->has_instance || r->body_differs)
        return NULL;
    *length = r->tail_bytes - r->expect->after_bytes;
    return r->tail;
}

/* In order of arrival: status, headers, body. */
const char *response_cause(const struct response *r)
{
    if (!r->is_complete)
        return r->cause;
    if (!plan_expects_status(r->expect, r->status))
        return redirect_is_status(r->status) && r->redirect && r->redirect->sentence[0]
                   ? r->redirect->sentence
                   : "unexpected status";
    return header_check_is_right(&r->headers, r->expect) ? "body is not as expected"
                                                         : "header is not as expected";
}
