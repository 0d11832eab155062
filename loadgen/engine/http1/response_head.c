#include "response_parts.h"

#include "plan.h"

#include <string.h>

static struct response *of(llhttp_t *parser)
{
    return (struct response *)parser->data;
}

/* Headers are inspected only where needed: the stream expects some, a 5xx may come from the load balancer, an
 * unexpected redirect points somewhere, or a session takes something from them. */
static int on_status_complete(llhttp_t *parser);
static int on_field(llhttp_t *parser, const char *at, size_t length);
static int on_field_complete(llhttp_t *parser);
static int on_value(llhttp_t *parser, const char *at, size_t length);
static int on_value_complete(llhttp_t *parser);
static int on_headers_complete(llhttp_t *parser);
static int on_message_complete(llhttp_t *parser);

static llhttp_settings_t without_headers = {
    .on_status_complete = on_status_complete,
    .on_headers_complete = on_headers_complete,
    .on_message_complete = on_message_complete,
};
static llhttp_settings_t with_headers = {
    .on_status_complete = on_status_complete,
    .on_header_field = on_field,
    .on_header_field_complete = on_field_complete,
    .on_header_value = on_value,
    .on_header_value_complete = on_value_complete,
    .on_headers_complete = on_headers_complete,
    .on_message_complete = on_message_complete,
};

static int on_status_complete(llhttp_t *parser)
{
    struct response *r = of(parser);
    const unsigned status = parser->status_code;
    const bool is_interim = status / 100 == 1;
    r->headers.is_used = status >= 500 || r->expect->n_headers > 0 ||
                         (redirect_is_status(status) && !plan_expects_status(r->expect, status));
    if (r->headers.is_used || (r->answer && r->answer->look->looks_at_headers && !is_interim))
        parser->settings = &with_headers;
    return 0;
}

static int on_field(llhttp_t *parser, const char *at, size_t length)
{
    header_check_name(&of(parser)->headers, at, length);
    return 0;
}

static int on_field_complete(llhttp_t *parser)
{
    struct response *r = of(parser);
    if (r->answer)
        answer_name(r->answer, r->headers.name, r->headers.name_bytes);
    header_check_name_end(&r->headers, r->expect);
    return 0;
}

static int on_value(llhttp_t *parser, const char *at, size_t length)
{
    struct response *r = of(parser);
    header_check_value(&r->headers, r->expect, at, length);
    if (r->answer)
        answer_value(r->answer, at, length);
    return 0;
}

static int on_value_complete(llhttp_t *parser)
{
    struct response *r = of(parser);
    header_check_value_end(&r->headers, r->expect);
    if (r->answer)
        answer_value_end(r->answer);
    if (r->headers.location && r->known && redirect_is_status(parser->status_code))
        redirect_note(&r->known->redirect, r->headers.location, r->headers.location_bytes);
    return 0;
}

/* llhttp does not parse the body: version 8 (Debian 12) refuses valid chunks. */
static int on_headers_complete(llhttp_t *parser)
{
    (void)parser;
    return 1;
}

static void begin_chunks(struct response *r)
{
    chunks_begin(&r->chunks);
    r->part = RESPONSE_BODY_OF_CHUNKS;
}

/* Called at the end of the head, as there is no body for llhttp. Interim responses are skipped: the final one
 * follows with headers of its own. */
static int on_message_complete(llhttp_t *parser)
{
    struct response *r = of(parser);
    const bool has_body = !r->is_head && !response_is_bodiless(parser->status_code);
    r->status = parser->status_code;
    r->keeps_alive = llhttp_should_keep_alive(parser) != 0 && r->status != 101;
    r->length_bytes = r->length.is_known ? r->length.value : UINT64_MAX;
    if (r->status / 100 == 1 && r->status != 101)
        r->part = RESPONSE_BEGINS;
    else if (!has_body)
        r->part = RESPONSE_OVER;
    else if (parser->flags & F_CHUNKED)
        begin_chunks(r);
    else if (r->length.is_known && !(parser->flags & F_TRANSFER_ENCODING))
        r->part = RESPONSE_BODY_OF_LENGTH;
    else
        r->part = RESPONSE_BODY_TO_END;
    if (r->answer && r->part != RESPONSE_BEGINS)
        answer_head_end(r->answer, r->status);
    return HPE_PAUSED;
}

void response_begin_head(struct response *r)
{
    llhttp_reset(&r->parser);
    r->parser.settings = &without_headers;
    header_check_begin(&r->headers);
    content_length_begin(&r->length);
    r->head_bytes = 0;
    r->part = RESPONSE_HEAD;
}

static const char *cause_of_head(const struct response *r, llhttp_errno_t result, char byte)
{
    if (result == HPE_INVALID_CONSTANT && r->head_bytes == 0 && (byte == 0x15 || byte == 0x16))
        return "the answer is TLS: does this port want https?";
    const char *reason = llhttp_get_error_reason(&r->parser);
    return reason && *reason ? reason : llhttp_errno_name(result);
}

enum response_state response_feed_head(struct response *r, const char **at, const char *end)
{
    const char *begin = *at;
    const size_t room = RESPONSE_HEADERS_MOST_BYTES - r->head_bytes;
    const char *stop = (size_t)(end - begin) > room ? begin + room : end;
    r->headers.location = NULL; /* it pointed into an earlier read */
    while (*at < stop && r->part == RESPONSE_HEAD) {
        struct content_piece piece;
        if (content_length_pass(&r->length, at, stop, &piece))
            return response_broken(r, r->length.cause);
        if (piece.n_bytes == 0)
            continue;
        const llhttp_errno_t result = llhttp_execute(&r->parser, piece.text, piece.n_bytes);
        if (r->part != RESPONSE_HEAD)
            *at = llhttp_get_error_pos(&r->parser);
        else if (result != HPE_OK)
            return response_broken(r, cause_of_head(r, result, *begin));
    }
    r->head_bytes += (uint32_t)(*at - begin);
    if (r->part == RESPONSE_HEAD && stop < end)
        return response_broken(r, "headers longer than 256 KiB");
    return RESPONSE_MORE;
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

void response_expect(struct response *r, const struct plan_expect *expect, struct response_known *known,
                     struct answer *answer)
{
    r->expect = expect;
    r->known = known;
    r->answer = answer;
}

bool response_is_stray(const struct response *r)
{
    return r->cause && r->status == 0 && llhttp_get_errno(&r->parser) == HPE_INVALID_CONSTANT;
}
