/* Requests: parsed in one piece or byte by byte they are the same, and within their limits. The last two
 * bytes choose the limits. */
#include "fuzz.h"
#include "httpd_address.h"
#include "httpd_request.h"

#include <string.h>

enum { REQUESTS_MOST = 64 };

struct seen {
    size_t n;
    enum httpd_parsed end;
    unsigned refusal;
    struct {
        size_t target_bytes;
        int method;
        bool keeps_alive;
        char values[N_HTTPD_HEADERS][HTTPD_VALUE_BYTES];
    } requests[REQUESTS_MOST];
};

static void note(struct seen *seen, const struct httpd_request *r)
{
    FUZZ_HOLDS(r->target_bytes <= HTTPD_TARGET_BYTES);
    for (int i = 0; i < N_HTTPD_HEADERS; i++) {
        FUZZ_HOLDS(memchr(r->headers->values[i], '\0', HTTPD_VALUE_BYTES) != NULL);
        memcpy(seen->requests[seen->n].values[i], r->headers->values[i], HTTPD_VALUE_BYTES);
    }
    httpd_address_host_is_loopback(r->headers->values[HTTPD_HOST]);
    seen->requests[seen->n].target_bytes = r->target_bytes;
    seen->requests[seen->n].method = r->parser.method;
    seen->requests[seen->n++].keeps_alive = r->keeps_alive;
}

static void parse(const char *data, size_t length, size_t step, size_t most, bool takes_body,
                  struct seen *seen)
{
    static struct httpd_request request;
    static struct httpd_headers headers;
    memset(seen, 0, sizeof *seen);
    httpd_request_init(&request, &headers, most, takes_body);
    for (size_t at = 0, used; at < length && seen->n < REQUESTS_MOST && seen->end != HTTPD_REFUSED;
         at += used) {
        const size_t left = length - at;
        seen->end = httpd_request_parse(&request, data + at, left < step ? left : step, &used);
        FUZZ_HOLDS(used <= left && (used > 0 || seen->end == HTTPD_REFUSED));
        if (seen->end == HTTPD_COMPLETE)
            note(seen, &request);
    }
    seen->refusal = seen->end == HTTPD_REFUSED ? request.refusal : 0;
    FUZZ_HOLDS(seen->end != HTTPD_REFUSED || seen->refusal >= 400);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
    static struct seen whole, pieces;
    if (length < 2)
        return 0;
    const size_t most = 16 + 8 * (size_t)data[length - 1];
    const bool takes_body = data[length - 2] & 1;
    char *copy = malloc(length);
    FUZZ_HOLDS(copy != NULL);
    memcpy(copy, data, length);
    parse(copy, length - 2, length, most, takes_body, &whole);
    parse(copy, length - 2, 1, most, takes_body, &pieces);
    free(copy);
    FUZZ_HOLDS(whole.n == pieces.n);
    FUZZ_HOLDS((whole.end == HTTPD_REFUSED) == (pieces.end == HTTPD_REFUSED));
    FUZZ_HOLDS(memcmp(whole.requests, pieces.requests, sizeof whole.requests) == 0);
    return 0;
}
