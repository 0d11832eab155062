#include "http2_head.h"

#include <string.h>
#include <strings.h>

static bool is_name(const nghttp2_nv *field, const char *name)
{
    return memcmp(field->name, name, field->namelen) == 0;
}

/* -1: it is no number of at most 63 bits. */
static int64_t number_of(const nghttp2_nv *field)
{
    int64_t value = 0;
    for (size_t i = 0; i < field->valuelen; i++) {
        const int digit = field->value[i] - '0';
        if (digit < 0 || digit > 9 || value > (INT64_MAX - digit) / 10)
            return -1;
        value = value * 10 + digit;
    }
    return field->valuelen > 0 ? value : -1;
}

static const char *take_status(struct http2_head *head, const nghttp2_nv *field)
{
    const int64_t status = field->valuelen == 3 ? number_of(field) : -1;
    if (status < 100)
        return ":status is not a number of three digits";
    if (status == 101)
        return "status 101, which HTTP/2 does not have";
    head->status = (uint16_t)status;
    return NULL;
}

static const char *take_pseudo(struct http2_head *head, const nghttp2_nv *field)
{
    if (head->is_trailers)
        return "a pseudo-header field in the trailers";
    if (head->has_regular)
        return "a pseudo-header field behind others";
    if (field->namelen != 7 || !is_name(field, ":status"))
        return "a pseudo-header field that is not :status";
    return head->status ? ":status twice" : take_status(head, field);
}

static const char *take_length(struct http2_head *head, const nghttp2_nv *field)
{
    const int64_t length = number_of(field);
    if (http2_head_is_interim(head))
        return "content-length in an interim response";
    if (head->length_bytes != UINT64_MAX)
        return "content-length twice";
    if (length < 0)
        return "content-length is not a number";
    if (head->status == 204 && length != 0)
        return "content-length in a response with status 204";
    head->length_bytes = (uint64_t)length;
    return NULL;
}

/* Fields that concern an HTTP/1.1 connection (section 8.2.2). */
static bool is_of_connection(const nghttp2_nv *field)
{
    switch (field->namelen) {
    case 2:
        return is_name(field, "te") &&
               (field->valuelen != 8 || strncasecmp((const char *)field->value, "trailers", 8) != 0);
    case 7:
        return is_name(field, "upgrade");
    case 10:
        return is_name(field, "connection") || is_name(field, "keep-alive");
    case 16:
        return is_name(field, "proxy-connection");
    case 17:
        return is_name(field, "transfer-encoding");
    default:
        return false;
    }
}

const char *http2_head_field(struct http2_head *head, const nghttp2_nv *field)
{
    if (!nghttp2_check_header_name(field->name, field->namelen))
        return "a field's name has an upper-case letter or is no name";
    if (!nghttp2_check_header_value_rfc9113(field->value, field->valuelen))
        return "a field's value has a forbidden character";
    if (field->name[0] == ':')
        return take_pseudo(head, field);
    head->has_regular = true;
    if (is_of_connection(field))
        return "a field of HTTP/1.1 connections";
    return field->namelen == 14 && is_name(field, "content-length") ? take_length(head, field) : NULL;
}

const char *http2_head_end(const struct http2_head *head, bool is_last)
{
    if (head->is_trailers)
        return is_last ? NULL : "trailers that do not end the response";
    if (head->status == 0)
        return "a response without :status";
    return http2_head_is_interim(head) && is_last ? "the response ends with an interim one" : NULL;
}
