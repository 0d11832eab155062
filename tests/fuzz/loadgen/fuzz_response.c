/* Bytes from a server: whatever arrives is judged the same in one piece as in many, and with a known header
 * block as without one. The first byte is the size of the pieces (0: one piece), from 128 on less that and
 * with headers that are expected; the rest arrives twice, so that what was remembered is met again. */
#include "fuzz.h"
#include "http1.h"
#include "plan.h"

#include <string.h>

static struct plan_expect expectation(bool has_headers)
{
    static char before[] = "Instance ", after[] = " is", any[] = "X-Any", foo[] = "X-Foo", bar[] = "b a r";
    static struct plan_header headers[] = { { any, NULL }, { foo, bar } };
    struct plan_expect x = { .checks_body = true,
                             .has_instance = true,
                             .body_before = before,
                             .before_bytes = sizeof before - 1,
                             .body_after = after,
                             .after_bytes = sizeof after - 1,
                             .headers = headers,
                             .n_headers = has_headers ? 2 : 0 };
    memset(x.status_ok, 0xff, sizeof x.status_ok);
    return x;
}

struct reader {
    struct response response;
    struct redirect redirect;
    struct http1 http1;
    char tail[PLAN_INSTANCE_BYTES + 64];
};

static void begin(struct reader *reader, const struct plan_expect *x, struct http1_known *known)
{
    FUZZ_HOLDS(response_tail_bytes(x) <= sizeof reader->tail);
    reader->redirect = (struct redirect){ 0 };
    response_init(&reader->response, x, reader->tail, &reader->redirect);
    http1_init(&reader->http1, &reader->response, known);
    http1_begin(&reader->http1, false);
}

static void check_same(const struct reader *a_reader, const struct reader *b_reader)
{
    const struct response *a = &a_reader->response, *b = &b_reader->response;
    size_t a_length = 0, b_length = 0;
    const char *a_id = response_instance(a, &a_length);
    const char *b_id = response_instance(b, &b_length);
    FUZZ_HOLDS(a->status == b->status && a->is_complete == b->is_complete &&
               a_reader->http1.keeps_alive == b_reader->http1.keeps_alive &&
               http1_is_stray(&a_reader->http1) == http1_is_stray(&b_reader->http1));
    FUZZ_HOLDS(!a->is_complete ||
               (response_outcome(a) == response_outcome(b) && a->body_bytes == b->body_bytes));
    FUZZ_HOLDS(!a->cause == !b->cause && (!a->cause || strcmp(a->cause, b->cause) == 0));
    FUZZ_HOLDS(!a_id == !b_id && a_length == b_length && (!a_id || memcmp(a_id, b_id, a_length) == 0));
}

/* In pieces of `step` bytes; returns how many bytes belong to the response. */
static size_t read_one(struct http1 *r, const char *data, size_t length, size_t step, enum http1_state *state)
{
    size_t at = 0;
    *state = HTTP1_MORE;
    while (at < length && *state == HTTP1_MORE) {
        const size_t n = step > 0 && step < length - at ? step : length - at;
        size_t used = 0;
        *state = http1_feed(r, data + at, n, &used);
        FUZZ_HOLDS(used <= n && (*state != HTTP1_MORE || used == n));
        at += used;
    }
    if (*state == HTTP1_MORE)
        *state = http1_end(r);
    return at;
}

/* Reads responses one behind the other until the bytes are used up or make none. */
static void read_all(const struct plan_expect *x, struct http1_known *known, const char *data, size_t length,
                     size_t step)
{
    struct reader plain, cut, knowing;
    size_t at = 0;
    enum http1_state state = HTTP1_DONE;
    while (at < length && state == HTTP1_DONE) {
        enum http1_state state_cut, state_knowing;
        begin(&plain, x, NULL);
        if (at == 0) {
            begin(&cut, x, NULL);
            begin(&knowing, x, known);
        } else {
            http1_begin(&cut.http1, false); /* on the same connection as the one before */
            http1_begin(&knowing.http1, false);
        }
        const size_t used = read_one(&plain.http1, data + at, length - at, 0, &state);
        const size_t used_cut = read_one(&cut.http1, data + at, length - at, step, &state_cut);
        const size_t used_knowing = read_one(&knowing.http1, data + at, length - at, step, &state_knowing);
        FUZZ_HOLDS(state == state_cut && state == state_knowing);
        FUZZ_HOLDS(state == HTTP1_BROKEN || (used == used_cut && used == used_knowing));
        check_same(&plain, &cut);
        check_same(&plain, &knowing);
        at += used;
        if (used == 0)
            return;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    struct http1_known known = { 0 };
    if (length_bytes == 0)
        return 0;
    const struct plan_expect x = expectation(data[0] >= 128);
    for (int i = 0; i < 2; i++)
        read_all(&x, &known, (const char *)data + 1, length_bytes - 1, data[0] % 128);
    return 0;
}
