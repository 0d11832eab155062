/* Set-Cookie fields from a server, a line each; a line that begins with a slash is the path of the next
 * request. What is sent has no control characters, at most 50 cookies, and fits the room that was promised.
 */
#include "cookie_jar.h"
#include "fuzz.h"

#include <string.h>

static void check_sent(struct cookie_jar *jar, const char *path, size_t n_bytes, int64_t now_s)
{
    const size_t most = cookie_jar_bytes_most(jar);
    size_t n_pairs = 0;
    char *out = malloc(most + 1);
    FUZZ_HOLDS(out != NULL);
    const size_t n = cookie_jar_write(jar, path, n_bytes, now_s, out, most + 1);
    FUZZ_HOLDS(n <= most + 1 && jar->n_cookies <= COOKIES_MOST);
    for (size_t i = 0; i < n; i++) {
        FUZZ_HOLDS((unsigned char)out[i] >= ' ' || out[i] == '\t');
        n_pairs += out[i] == ';';
    }
    FUZZ_HOLDS(n_pairs < COOKIES_MOST);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    struct cookie_jar jar = { 0 };
    struct cookie_origin origin;
    const char *at = (const char *)data, *end = at + length_bytes;
    int64_t now_s = 1700000000;
    cookie_origin_init(&origin, "www.shop.example", length_bytes % 2);
    check_sent(&jar, "/a/b", 4, now_s);
    while (at < end) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        const size_t n = (size_t)((feed ? feed : end) - at);
        char *line = malloc(n + 1); /* no byte can be read behind it */
        FUZZ_HOLDS(line != NULL);
        memcpy(line + 1, at, n);
        if (n > 0 && line[1] == '/')
            check_sent(&jar, line + 1, n, now_s++);
        else
            cookie_jar_set(&jar, &origin, line + 1, n, now_s);
        free(line);
        at += n + 1;
    }
    check_sent(&jar, "/a/b/c", 6, now_s);
    cookie_jar_empty(&jar);
    check_sent(&jar, "/", 1, now_s);
    cookie_jar_fini(&jar);
    return 0;
}
