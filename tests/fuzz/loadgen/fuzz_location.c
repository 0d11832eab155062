/* Locations of redirects, one per line, followed one after the other: the first byte chooses the status.
 * Whatever they hold, the request that follows keeps to one line of visible characters and to its server. */
#include "fuzz.h"
#include "hop.h"
#include "plan.h"

#include <string.h>

static const char request[] = "POST /a/b?c HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 1\r\n\r\nx";

static void check(const struct hop *hop)
{
    FUZZ_HOLDS(hop->target_bytes > 0 && hop->target_bytes <= HOP_TARGET_BYTES_MOST && hop->target[0] == '/');
    for (uint32_t i = 0; i < hop->target_bytes; i++)
        FUZZ_HOLDS(hop->target[i] > ' ' && hop->target[i] < 127);
    char *out = malloc(hop_message_bytes_most(hop, sizeof request - 1));
    FUZZ_HOLDS(out != NULL);
    if (!out)
        return;
    const size_t n = hop_message(hop, request, sizeof request - 1, out);
    FUZZ_HOLDS(n <= hop_message_bytes_most(hop, sizeof request - 1));
    FUZZ_HOLDS(memcmp(out, hop->is_get ? "GET /" : "POST /", hop->is_get ? 5 : 6) == 0);
    FUZZ_HOLDS(memmem(out, n, " HTTP/1.1\r\nHost: shop.example\r\n", 31) != NULL);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    static const unsigned statuses[] = { 301, 302, 303, 307, 308 };
    static char host[] = "shop.example";
    const struct plan_target target = { .host = host, .port = 80 };
    struct hop hop = { .n = 0 };
    if (length_bytes == 0)
        return 0;
    const unsigned status = statuses[data[0] % (sizeof statuses / sizeof *statuses)];
    const char *at = (const char *)data + 1, *end = (const char *)data + length_bytes;
    while (at < end && hop.n < 10) {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        const size_t n = line ? (size_t)(line - at) : (size_t)(end - at);
        const uint8_t n_before = hop.n;
        const char *cause = hop_follow(&hop, &target, status, request, sizeof request - 1, at, n);
        FUZZ_HOLDS(hop.n == n_before + (cause == NULL));
        if (hop.n > 0)
            check(&hop);
        at += n + 1;
    }
    hop_fini(&hop);
    return 0;
}
