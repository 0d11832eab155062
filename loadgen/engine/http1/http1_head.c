#include "http1_parts.h"

#include <string.h>

static struct http1 *of(llhttp_t *parser)
{
    return (struct http1 *)parser->data;
}

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
    struct response *r = of(parser)->response;
    response_look(r, parser->status_code);
    if (response_wants_fields(r))
        parser->settings = &with_headers;
    return 0;
}

static int on_field(llhttp_t *parser, const char *at, size_t length)
{
    response_name(of(parser)->response, at, length);
    return 0;
}

static int on_field_complete(llhttp_t *parser)
{
    response_name_end(of(parser)->response);
    return 0;
}

static int on_value(llhttp_t *parser, const char *at, size_t length)
{
    response_value(of(parser)->response, at, length);
    return 0;
}

static int on_value_complete(llhttp_t *parser)
{
    response_value_end(of(parser)->response);
    return 0;
}

/* llhttp does not parse the body: version 8 (Debian 12) refuses valid chunks. */
static int on_headers_complete(llhttp_t *parser)
{
    (void)parser;
    return 1;
}

static void begin_chunks(struct http1 *h)
{
    chunks_begin(&h->chunks);
    h->part = HTTP1_BODY_OF_CHUNKS;
}

/* Called at the end of the head, as there is no body for llhttp. Interim responses are skipped: the final one
 * follows with headers of its own. */
static int on_message_complete(llhttp_t *parser)
{
    struct http1 *h = of(parser);
    struct response *r = h->response;
    const bool has_body = !r->is_head && !response_is_bodiless(parser->status_code);
    r->status = parser->status_code;
    h->keeps_alive = llhttp_should_keep_alive(parser) != 0 && r->status != 101;
    h->length_bytes = h->length.is_known ? h->length.value : UINT64_MAX;
    if (r->status / 100 == 1 && r->status != 101)
        h->part = HTTP1_BEGINS;
    else if (!has_body)
        h->part = HTTP1_OVER;
    else if (parser->flags & F_CHUNKED)
        begin_chunks(h);
    else if (h->length.is_known && !(parser->flags & F_TRANSFER_ENCODING))
        h->part = HTTP1_BODY_OF_LENGTH;
    else
        h->part = HTTP1_BODY_TO_END;
    if (h->part != HTTP1_BEGINS)
        response_head_end(r);
    return HPE_PAUSED;
}

void http1_begin_head(struct http1 *h)
{
    llhttp_reset(&h->parser);
    h->parser.settings = &without_headers;
    content_length_begin(&h->length);
    h->head_bytes = 0;
    h->part = HTTP1_HEAD;
}

/* `byte` is the first that is not read yet. Other protocols are named: TLS begins with an alert or a
 * handshake record, HTTP/2 with the length of SETTINGS, whose first byte is 0. */
static const char *cause_of_head(const struct http1 *h, llhttp_errno_t result, char byte)
{
    if (result == HPE_INVALID_CONSTANT && h->head_bytes == 0 && (byte == 0x15 || byte == 0x16))
        return "the answer is TLS: does this port want https?";
    if (result == HPE_INVALID_CONSTANT && h->head_bytes == 0 && byte == 0)
        return "the answer is HTTP/2: does this port want --http2-prior-knowledge?";
    const char *reason = llhttp_get_error_reason(&h->parser);
    return reason && *reason ? reason : llhttp_errno_name(result);
}

enum http1_state http1_feed_head(struct http1 *h, const char **at, const char *end)
{
    const char *begin = *at;
    const size_t room = HTTP1_HEADERS_MOST_BYTES - h->head_bytes;
    const char *stop = (size_t)(end - begin) > room ? begin + room : end;
    h->response->headers.location = NULL; /* it pointed into an earlier read */
    while (*at < stop && h->part == HTTP1_HEAD) {
        struct content_piece piece;
        if (content_length_pass(&h->length, at, stop, &piece))
            return http1_broken(h, h->length.cause);
        if (piece.n_bytes == 0)
            continue;
        const llhttp_errno_t result = llhttp_execute(&h->parser, piece.text, piece.n_bytes);
        if (h->part != HTTP1_HEAD)
            *at = llhttp_get_error_pos(&h->parser);
        else if (result != HPE_OK)
            return http1_broken(h, cause_of_head(h, result, *begin));
    }
    h->head_bytes += (uint32_t)(*at - begin);
    if (h->part == HTTP1_HEAD && stop < end)
        return http1_broken(h, "headers longer than 256 KiB");
    return HTTP1_MORE;
}

void http1_init(struct http1 *h, struct response *response, struct http1_known *known)
{
    *h = (struct http1){ .response = response, .known = known };
    llhttp_init(&h->parser, HTTP_RESPONSE, &without_headers);
    h->parser.data = h;
}

bool http1_is_stray(const struct http1 *h)
{
    const struct response *r = h->response;
    return r->cause && r->status == 0 && llhttp_get_errno(&h->parser) == HPE_INVALID_CONSTANT;
}
