#include "reply_message.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Flask's own page. */
static const char not_found_page[] =
    "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n"
    "<p>The requested URL was not found on the server. If you entered the URL manually please check your "
    "spelling and try again.</p>\n";

enum { HEAD_BYTES_MOST = 512, CHUNKS_BYTES_MOST = 64, PAGE_BYTES = 320 };

struct body {
    char page[PAGE_BYTES];
    size_t page_length;
    uint64_t length; /* the page is cut or padded with dots */
    bool chunked;
};

static const char *reason(unsigned status)
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 404:
        return "Not Found";
    case 500:
        return "Internal Server Error";
    case 503:
        return "Service Unavailable";
    default:
        return "As Asked";
    }
}

/* RFC 9110, 15.3.5 and 15.4.5: these never have a body. */
static bool has_body(const struct reply *a)
{
    return a->status != 204 && a->status != 304;
}

static struct body choose_body(const struct reply *a, const char *id)
{
    struct body b = { .chunked = a->chunked };
    switch (a->page) {
    case REPLY_HEALTHY:
        snprintf(b.page, sizeof b.page, "Healthy!");
        break;
    case REPLY_RESPONDING:
        snprintf(b.page, sizeof b.page, "Instance %.64s is responding now!", id);
        break;
    case REPLY_NOT_FOUND:
        snprintf(b.page, sizeof b.page, "%s", not_found_page);
        break;
    case REPLY_BAD_QUERY:
        snprintf(b.page, sizeof b.page, "a parameter of the query string has a value that it cannot have\n");
        break;
    }
    b.page_length = strlen(b.page);
    b.length = a->length_given ? a->length_bytes : b.page_length;
    return b;
}

static size_t put_head(char *out, const struct reply *a, const struct body *b, const char *headers)
{
    char length[48] = "";
    if (has_body(a) && b->chunked)
        snprintf(length, sizeof length, "Transfer-Encoding: chunked\r\n");
    else if (has_body(a))
        snprintf(length, sizeof length, "Content-Length: %" PRIu64 "\r\n", b->length);
    return (size_t)snprintf(
        out, HEAD_BYTES_MOST,
        "HTTP/1.1 %u %s\r\nServer: loadgen-emulator\r\nContent-Type: text/%s; charset=utf-8\r\n%s%s%s\r\n",
        a->status, reason(a->status), a->page == REPLY_NOT_FOUND ? "html" : "plain", length,
        a->end == REPLY_CLOSE ? "Connection: close\r\n" : "", headers);
}

/* Bytes [from, to) of the body. */
static size_t put_body(char *out, const struct body *b, uint64_t from, uint64_t to)
{
    const uint64_t page_end = to < b->page_length ? to : b->page_length;
    const size_t of_page = from < page_end ? (size_t)(page_end - from) : 0;
    size_t used = 0;
    if (from == to)
        return 0; /* an empty chunk would end the body */
    if (b->chunked)
        used += (size_t)snprintf(out, CHUNKS_BYTES_MOST / 2, "%" PRIx64 "\r\n", to - from);
    memcpy(out + used, b->page + (of_page ? from : 0), of_page);
    memset(out + used + of_page, '.', (size_t)(to - from) - of_page);
    used += (size_t)(to - from);
    if (b->chunked) {
        memcpy(out + used, "\r\n", 2);
        used += 2;
    }
    return used;
}

int reply_message_init(struct reply_message *m, const struct reply *a, const char *id, const char *headers,
                       bool body_wanted)
{
    const struct body b = choose_body(a, id);
    const size_t most = HEAD_BYTES_MOST + CHUNKS_BYTES_MOST + (size_t)b.length;
    m->data = most <= sizeof m->small ? m->small : malloc(most);
    if (!m->data)
        return -1;
    m->length = put_head(m->data, a, &b, headers);
    m->half = m->length;
    if (!body_wanted || !has_body(a))
        return 0;
    m->length += put_body(m->data + m->length, &b, 0, b.length / 2);
    m->half = m->length;
    m->length += put_body(m->data + m->length, &b, b.length / 2, b.length);
    if (b.chunked) {
        memcpy(m->data + m->length, "0\r\n\r\n", 5);
        m->length += 5;
    }
    return 0;
}

void reply_message_fini(struct reply_message *m)
{
    if (m->data != m->small)
        free(m->data);
    m->data = NULL;
}
