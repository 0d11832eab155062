/* Bytes from a server: whatever arrives, however it is cut, the same is said of it with a known header block
 * as without one. The first byte is the size of the pieces (0: one piece), the rest arrives twice, so that
 * what was remembered is met again. */
#include "fuzz.h"
#include "plan.h"
#include "response.h"

#include <string.h>

static struct plan_expect expectation(void)
{
    static char before[] = "Instance ", after[] = " is";
    struct plan_expect x = { .checks_body = true,
                             .has_instance = true,
                             .body_before = before,
                             .before_bytes = sizeof before - 1,
                             .body_after = after,
                             .after_bytes = sizeof after - 1 };
    memset(x.status_ok, 0xff, sizeof x.status_ok);
    return x;
}

struct reader {
    struct response response;
    char tail[PLAN_INSTANCE_BYTES + 64];
};

static void begin(struct reader *reader, const struct plan_expect *x, struct response_known *known)
{
    FUZZ_HOLDS(response_tail_bytes(x) <= sizeof reader->tail);
    response_init(&reader->response, x, reader->tail, known);
    response_begin(&reader->response, false);
}

static void check_same(const struct response *a, const struct response *b)
{
    size_t a_length = 0, b_length = 0;
    const char *a_id = response_instance(a, &a_length);
    const char *b_id = response_instance(b, &b_length);
    FUZZ_HOLDS(a->status == b->status && a->is_complete == b->is_complete &&
               a->keeps_alive == b->keeps_alive);
    FUZZ_HOLDS(!a->is_complete || response_outcome(a) == response_outcome(b));
    FUZZ_HOLDS(!a_id == !b_id && a_length == b_length && (!a_id || memcmp(a_id, b_id, a_length) == 0));
}

/* Reads responses one behind the other until the bytes are used up or make none. */
static void read_all(const struct plan_expect *x, struct response_known *known, const char *data,
                     size_t length, size_t step)
{
    struct reader plain, knowing;
    size_t at = 0;
    begin(&plain, x, NULL);
    begin(&knowing, x, known);
    while (at < length) {
        const size_t n = step > 0 && step < length - at ? step : length - at;
        size_t used = 0, used_knowing = 0;
        const enum response_state state = response_feed(&plain.response, data + at, n, &used);
        FUZZ_HOLDS(response_feed(&knowing.response, data + at, n, &used_knowing) == state &&
                   used_knowing == used && used <= n);
        check_same(&plain.response, &knowing.response);
        if (state == RESPONSE_BROKEN || (state == RESPONSE_DONE && used == 0))
            return;
        at += used;
        if (state == RESPONSE_DONE) {
            response_begin(&plain.response, false);
            response_begin(&knowing.response, false);
        }
    }
    FUZZ_HOLDS(response_end(&plain.response) == response_end(&knowing.response));
    check_same(&plain.response, &knowing.response);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    const struct plan_expect x = expectation();
    struct response_known known = { 0 };
    if (length_bytes == 0)
        return 0;
    for (int i = 0; i < 2; i++)
        read_all(&x, &known, (const char *)data + 1, length_bytes - 1, data[0]);
    return 0;
}
