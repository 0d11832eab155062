#include "response.h"

#include "plan.h"

#include <string.h>
#include <strings.h>

enum { HEADER_IS_SERVER = 255, HEADERS_COMPARED_MOST = 32 };

static struct response *of(llhttp_t *parser)
{
    return (struct response *)parser->data;
}

static bool is_bodiless(unsigned status)
{
    return status / 100 == 1 || status == 204 || status == 304;
}

/* Headers are looked at only where something depends on them: the stream expects some, or a 5xx may be the
 * balancer's own. */
static int on_status_complete(llhttp_t *parser);
static int on_field(llhttp_t *parser, const char *at, size_t length);
static int on_field_complete(llhttp_t *parser);
static int on_value(llhttp_t *parser, const char *at, size_t length);
static int on_value_complete(llhttp_t *parser);
static int on_headers_complete(llhttp_t *parser);
static int on_body(llhttp_t *parser, const char *at, size_t length);
static int on_message_complete(llhttp_t *parser);

static llhttp_settings_t without_headers = {
    .on_status_complete = on_status_complete,
    .on_headers_complete = on_headers_complete,
    .on_message_complete = on_message_complete,
};
static llhttp_settings_t with_body = {
    .on_status_complete = on_status_complete,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};
static llhttp_settings_t with_all = {
    .on_status_complete = on_status_complete,
    .on_header_field = on_field,
    .on_header_field_complete = on_field_complete,
    .on_header_value = on_value,
    .on_header_value_complete = on_value_complete,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

static int on_status_complete(llhttp_t *parser)
{
    const struct response *r = of(parser);
    if (parser->status_code >= 500 || r->expect->n_headers > 0)
        parser->settings = &with_all;
    return 0;
}

static int on_field(llhttp_t *parser, const char *at, size_t length)
{
    struct response *r = of(parser);
    for (size_t i = 0; i < length && r->name_length < sizeof r->name; i++)
        r->name[r->name_length++] = at[i];
    return 0;
}

static bool is_name(const struct response *r, const char *name)
{
    return strlen(name) == r->name_length && strncasecmp(r->name, name, r->name_length) == 0;
}

static int on_field_complete(llhttp_t *parser)
{
    struct response *r = of(parser);
    r->header_index = is_name(r, "server") ? HEADER_IS_SERVER : 0;
    for (size_t i = 0; i < r->expect->n_headers && i < HEADERS_COMPARED_MOST; i++)
        if (is_name(r, r->expect->headers[i].name))
            r->header_index = (uint8_t)(i + 1);
    r->name_length = 0;
    r->value_length = 0;
    return 0;
}

static int on_value(llhttp_t *parser, const char *at, size_t length)
{
    struct response *r = of(parser);
    if (r->header_index == 0)
        return 0;
    for (size_t i = 0; i < length && r->value_length < sizeof r->value - 1; i++)
        r->value[r->value_length++] = at[i];
    return 0;
}

static int on_value_complete(llhttp_t *parser)
{
    struct response *r = of(parser);
    if (r->header_index == 0)
        return 0;
    r->value[r->value_length] = '\0';
    if (r->header_index == HEADER_IS_SERVER) {
        /* the local lab's HAProxy calls its own pages so, as an ALB does */
        r->is_balancers = strncasecmp(r->value, "awselb", 6) == 0 || strcasecmp(r->value, "haproxy") == 0;
        return 0;
    }
    const char *wanted = r->expect->headers[r->header_index - 1].value;
    if (!wanted || strcmp(wanted, r->value) == 0)
        r->headers_seen |= UINT32_C(1) << (r->header_index - 1);
    return 0;
}

static int on_headers_complete(llhttp_t *parser)
{
    struct response *r = of(parser);
    const bool is_by_length = (parser->flags & F_CONTENT_LENGTH) && !(parser->flags & F_CHUNKED);
    r->status = parser->status_code;
    r->headers_bytes = 0;
    r->length_bytes = is_by_length && !parser->upgrade ? parser->content_length : UINT64_MAX;
    return r->is_head || is_bodiless(r->status) ? 1 : 0;
}

/* What lies behind `before` is kept, so that the end can be told from the instance id when the body is
 * complete. */
static void keep_tail(struct response *r, const char *at, size_t length)
{
    const size_t room = response_tail_bytes(r->expect) - r->tail_bytes;
    if (length > room) {
        r->body_differs = true;
        return;
    }
    memcpy(r->tail + r->tail_bytes, at, length);
    r->tail_bytes += (uint32_t)length;
}

static int on_body(llhttp_t *parser, const char *at, size_t length)
{
    struct response *r = of(parser);
    const struct plan_expect *x = r->expect;
    const uint64_t offset = r->body_bytes;

    r->body_bytes += length;
    if (!x->checks_body || r->body_differs)
        return 0;
    size_t compared = 0;
    if (offset < x->before_bytes) {
        const size_t left = x->before_bytes - (size_t)offset;
        compared = length < left ? length : left;
        if (memcmp(x->body_before + offset, at, compared) != 0) {
            r->body_differs = true;
            return 0;
        }
    }
    if (compared == length)
        return 0;
    if (x->has_instance)
        keep_tail(r, at + compared, length - compared);
    else
        r->body_differs = true;
    return 0;
}

static void judge_body(struct response *r)
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

static void complete(struct response *r, bool keeps_alive)
{
    if (r->expect->checks_body)
        judge_body(r);
    r->is_complete = true;
    r->keeps_alive = keeps_alive;
}

static int on_message_complete(llhttp_t *parser)
{
    struct response *r = of(parser);
    if (r->status / 100 == 1 && r->status != 101) { /* interim: the real one follows */
        r->body_bytes = 0;
        return 0;
    }
    complete(r, llhttp_should_keep_alive(parser) != 0 && r->status != 101);
    return HPE_PAUSED;
}

/* A response that came whole, in one piece, and in whose headers nothing had to be looked for. */
static void remember(struct response *r, const char *data, size_t used_bytes)
{
    struct response_known *k = r->known;
    if (r->is_head || is_bodiless(r->status) || r->parser.settings == &with_all ||
        r->length_bytes > used_bytes)
        return;
    const size_t head_bytes = used_bytes - (size_t)r->length_bytes;
    if (head_bytes > sizeof k->head)
        return;
    memcpy(k->head, data, head_bytes);
    k->head_bytes = head_bytes;
    k->body_bytes = r->length_bytes;
    k->status = r->status;
    k->keeps_alive = r->keeps_alive;
}

/* True: the bytes begin with a whole response whose header block is the known one, and it has been taken. */
static bool take_known(struct response *r, const char *data, size_t length_bytes, size_t *used)
{
    const struct response_known *k = r->known;
    if (k->head_bytes == 0 || r->is_head || length_bytes < k->head_bytes ||
        length_bytes - k->head_bytes < k->body_bytes || memcmp(data, k->head, k->head_bytes) != 0)
        return false;
    r->status = k->status;
    if (k->body_bytes > 0)
        on_body(&r->parser, data + k->head_bytes, (size_t)k->body_bytes);
    complete(r, k->keeps_alive);
    *used = k->head_bytes + (size_t)k->body_bytes;
    return true;
}

size_t response_tail_bytes(const struct plan_expect *expect)
{
    return expect->checks_body && expect->has_instance ? PLAN_INSTANCE_BYTES - 1 + expect->after_bytes : 0;
}

void response_init(struct response *r, const struct plan_expect *expect, char *tail,
                   struct response_known *known)
{
    memset(r, 0, sizeof *r);
    r->expect = expect;
    r->known = known;
    r->tail = tail;
    llhttp_init(&r->parser, HTTP_RESPONSE, &without_headers);
    r->parser.data = r;
}

void response_begin(struct response *r, bool is_head)
{
    if (r->has_begun)
        llhttp_reset(&r->parser);
    r->parser.settings = r->expect->checks_body ? &with_body : &without_headers;
    r->is_head = is_head;
    r->has_begun = r->is_complete = r->keeps_alive = r->body_differs = r->is_balancers = false;
    r->body_bytes = r->headers_bytes = 0;
    r->tail_bytes = r->headers_seen = 0;
    r->status = 0;
    r->name_length = r->value_length = 0;
    r->header_index = 0;
}

enum response_state response_feed(struct response *r, const char *data, size_t length_bytes, size_t *used)
{
    const bool is_whole = !r->has_begun && r->known;
    r->has_begun = true;
    if (is_whole && take_known(r, data, length_bytes, used))
        return RESPONSE_DONE;
    if (r->status == 0 || r->status / 100 == 1)
        r->headers_bytes += length_bytes; /* an upper bound: the part of the body in the same read counts
                                             until it is complete */
    const llhttp_errno_t result = llhttp_execute(&r->parser, data, length_bytes);
    *used = length_bytes;
    if (r->is_complete) {
        *used = (size_t)(llhttp_get_error_pos(&r->parser) - data);
        if (is_whole)
            remember(r, data, *used);
        return RESPONSE_DONE;
    }
    if (result != HPE_OK || r->headers_bytes > RESPONSE_HEADERS_MOST_BYTES)
        return RESPONSE_BROKEN;
    return RESPONSE_MORE;
}

enum response_state response_end(struct response *r)
{
    if (r->has_begun && !r->is_complete)
        llhttp_finish(&r->parser);
    r->keeps_alive = false;
    return r->is_complete ? RESPONSE_DONE : RESPONSE_MORE;
}

static bool headers_are_right(const struct response *r)
{
    const size_t n =
        r->expect->n_headers < HEADERS_COMPARED_MOST ? r->expect->n_headers : HEADERS_COMPARED_MOST;
    const uint32_t all = n == HEADERS_COMPARED_MOST ? UINT32_MAX : (UINT32_C(1) << n) - 1;
    return (r->headers_seen & all) == all;
}

enum outcome response_outcome(const struct response *r)
{
    if (plan_expects_status(r->expect, r->status)) {
        const bool is_right =
            !(r->expect->checks_body && r->body_differs && !r->is_head) && headers_are_right(r);
        return is_right ? OUTCOME_OK : OUTCOME_EXPECT;
    }
    if (r->status >= 500)
        return r->is_balancers ? OUTCOME_BALANCER_5XX : OUTCOME_STATUS_5XX;
    return r->status >= 400 ? OUTCOME_STATUS_4XX : OUTCOME_STATUS;
}

const char *response_instance(const struct response *r, size_t *length)
{
    if (!r->is_complete || !r->tail || r->body_differs || r->tail_bytes <= r->expect->after_bytes)
        return NULL;
    *length = r->tail_bytes - r->expect->after_bytes;
    return r->tail;
}

const char *response_cause(const struct response *r)
{
    if (r->is_complete)
        return r->body_differs        ? "body is not as expected"
               : headers_are_right(r) ? "status"
                                      : "header is not as expected";
    if (r->headers_bytes > RESPONSE_HEADERS_MOST_BYTES)
        return "headers longer than 256 KiB";
    return llhttp_errno_name(llhttp_get_errno(&r->parser));
}
