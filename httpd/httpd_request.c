#include "httpd_request.h"

#include <string.h>
#include <strings.h>

static const char *const header_names[] = {
    [HTTPD_HOST] = "host", [HTTPD_ACCEPT] = "accept", [HTTPD_LAST_EVENT_ID] = "last-event-id"
};

static int refuse(struct httpd_request *r, unsigned status)
{
    r->refusal = status;
    return HPE_USER;
}

static int on_message_begin(llhttp_t *parser)
{
    struct httpd_request *r = parser->data;
    r->is_complete = false;
    r->target_bytes = 0;
    if (r->headers)
        *r->headers = (struct httpd_headers){ .current = N_HTTPD_HEADERS };
    return HPE_OK;
}

static int on_target(llhttp_t *parser, const char *data, size_t length)
{
    struct httpd_request *r = parser->data;
    if (r->target_bytes + length > sizeof r->target)
        return refuse(r, 414);
    memcpy(r->target + r->target_bytes, data, length);
    r->target_bytes += length;
    return HPE_OK;
}

static int on_header_field(llhttp_t *parser, const char *data, size_t length)
{
    struct httpd_headers *h = ((struct httpd_request *)parser->data)->headers;
    if (h->is_in_value)
        h->name_bytes = 0;
    h->is_in_value = false;
    const size_t room = sizeof h->name - h->name_bytes;
    memcpy(h->name + h->name_bytes, data, length < room ? length : room);
    h->name_bytes += length < room ? length : room;
    return HPE_OK;
}

static int find_header(const struct httpd_headers *h)
{
    int i = 0;
    while (i < N_HTTPD_HEADERS && (strlen(header_names[i]) != h->name_bytes ||
                                   strncasecmp(header_names[i], h->name, h->name_bytes) != 0))
        i++;
    return i;
}

static int begin_value(struct httpd_request *r)
{
    struct httpd_headers *h = r->headers;
    h->is_in_value = true;
    h->value_bytes = 0;
    h->current = find_header(h);
    if (h->current == N_HTTPD_HEADERS)
        return HPE_OK;
    if (h->is_given[h->current])
        return refuse(r, 400);
    h->is_given[h->current] = true;
    return HPE_OK;
}

static int on_header_value(llhttp_t *parser, const char *data, size_t length)
{
    struct httpd_request *r = parser->data;
    struct httpd_headers *h = r->headers;
    if (!h->is_in_value && begin_value(r) != HPE_OK)
        return HPE_USER;
    if (h->current == N_HTTPD_HEADERS)
        return HPE_OK;
    if (h->value_bytes + length >= HTTPD_VALUE_BYTES)
        return refuse(r, 431);
    memcpy(h->values[h->current] + h->value_bytes, data, length);
    h->value_bytes += length;
    return HPE_OK;
}

static int on_headers_complete(llhttp_t *parser)
{
    struct httpd_request *r = parser->data;
    const bool has_body = (parser->flags & F_CHUNKED) || parser->content_length > 0;
    r->head_bytes = 0;
    return !r->takes_body && has_body ? refuse(r, 413) : HPE_OK;
}

static int on_message_complete(llhttp_t *parser)
{
    struct httpd_request *r = parser->data;
    r->is_complete = true;
    r->keeps_alive = llhttp_should_keep_alive(parser) && !parser->upgrade;
    return HPE_PAUSED;
}

static const llhttp_settings_t without_headers = {
    .on_message_begin = on_message_begin,
    .on_url = on_target,
    .on_headers_complete = on_headers_complete,
    .on_message_complete = on_message_complete,
};

static const llhttp_settings_t with_headers = {
    .on_message_begin = on_message_begin,
    .on_url = on_target,
    .on_header_field = on_header_field,
    .on_header_value = on_header_value,
    .on_headers_complete = on_headers_complete,
    .on_message_complete = on_message_complete,
};

void httpd_request_init(struct httpd_request *r, struct httpd_headers *headers, size_t head_bytes_most,
                        bool takes_body)
{
    llhttp_init(&r->parser, HTTP_REQUEST, headers ? &with_headers : &without_headers);
    r->parser.data = r;
    r->headers = headers;
    r->head_bytes = 0;
    r->head_bytes_most = head_bytes_most;
    r->takes_body = takes_body;
    r->is_complete = false;
    r->keeps_alive = false;
    r->refusal = 0;
    r->target_bytes = 0;
    if (headers)
        *headers = (struct httpd_headers){ .current = N_HTTPD_HEADERS };
}

enum httpd_parsed httpd_request_parse(struct httpd_request *r, const char *data, size_t length, size_t *used)
{
    /* Bytes of a body count as well until the next head ends, so only a refused body could be cut short. */
    const size_t room = r->takes_body ? length : r->head_bytes_most - r->head_bytes;
    const size_t n = length < room ? length : room;
    r->head_bytes += n;
    const llhttp_errno_t status = llhttp_execute(&r->parser, data, n);
    *used = n;
    if (status == HPE_OK && n == length)
        return HTTPD_MORE;
    if (status == HPE_OK) {
        r->refusal = 431;
        return HTTPD_REFUSED;
    }
    if (status != HPE_PAUSED) {
        r->refusal = r->refusal ? r->refusal : 400;
        return HTTPD_REFUSED;
    }
    *used = (size_t)(llhttp_get_error_pos(&r->parser) - data);
    llhttp_resume(&r->parser);
    return HTTPD_COMPLETE;
}

bool httpd_request_is_for(const struct httpd_request *r, const char *path)
{
    const size_t length = strlen(path);
    return r->target_bytes >= length && memcmp(r->target, path, length) == 0 &&
           (r->target_bytes == length || r->target[length] == '?');
}
