/* Any bytes as a rendered HTTP/1.1 message: what comes of it as an HTTP/2 request lies within the bytes and
 * has the form that RFC 9113 section 8.3.1 wants. */
#include "fuzz.h"
#include "http2_message.h"

#include <string.h>

static int is_within(const char *at, size_t n, const char *bytes, size_t n_bytes)
{
    return at >= bytes && n <= n_bytes && (size_t)(at - bytes) <= n_bytes - n;
}

static int is_name(const struct http2_field *f, const char *name)
{
    return f->name_bytes == strlen(name) && memcmp(f->name, name, f->name_bytes) == 0;
}

static void check_pseudo(const struct http2_request *r)
{
    FUZZ_HOLDS(r->n_fields >= 3 && r->n_fields <= HTTP2_FIELDS_MOST);
    FUZZ_HOLDS(is_name(&r->fields[0], ":method") && is_name(&r->fields[1], ":scheme"));
    FUZZ_HOLDS(is_name(&r->fields[2], ":path"));
    FUZZ_HOLDS(r->is_head == (r->fields[0].value_bytes == 4 && memcmp(r->fields[0].value, "HEAD", 4) == 0));
}

static void check_field(const struct http2_field *f, const char *bytes, size_t n_bytes)
{
    FUZZ_HOLDS(is_within(f->name, f->name_bytes, bytes, n_bytes));
    FUZZ_HOLDS(is_within(f->value, f->value_bytes, bytes, n_bytes));
    FUZZ_HOLDS(!is_name(f, "host") && !is_name(f, "connection") && !is_name(f, "transfer-encoding"));
    for (uint32_t i = 0; i < f->name_bytes; i++)
        FUZZ_HOLDS(f->name[i] < 'A' || f->name[i] > 'Z');
    for (uint32_t i = 0; i < f->value_bytes; i++)
        FUZZ_HOLDS(f->value[i] != '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    static struct http2_message message;
    struct http2_request request;
    char *bytes = malloc(length_bytes + 1);
    if (!bytes)
        return 0;
    memcpy(bytes, data, length_bytes);
    if (http2_message_read(&message, bytes, length_bytes, length_bytes % 2, &request) == 0) {
        check_pseudo(&request);
        const size_t n_pseudo = request.n_fields > 3 && is_name(&request.fields[3], ":authority") ? 4 : 3;
        for (size_t i = n_pseudo; i < request.n_fields; i++)
            check_field(&request.fields[i], bytes, length_bytes);
        FUZZ_HOLDS(request.body + request.body_bytes == bytes + length_bytes);
        FUZZ_HOLDS(is_within(request.body, request.body_bytes, bytes, length_bytes));
    }
    free(bytes);
    return 0;
}
