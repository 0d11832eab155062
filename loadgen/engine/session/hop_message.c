#include "hop.h"
#include "reference.h"

#include <string.h>

/* Headers that speak of a body that is not sent any more (RFC 9110 section 15.4). */
static bool is_of_body(struct span line)
{
    static const char *const names[] = { "content-",
                                         "transfer-encoding:", "expect:", "digest:", "last-modified:" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (line.n >= strlen(names[i]) && strncasecmp(line.bytes, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static char *copy(char *out, const char *bytes, size_t n)
{
    memcpy(out, bytes, n);
    return out + n;
}

/* The lines of the head without those of the body, and the empty line behind it. */
static char *copy_head_lines(char *out, struct span rest)
{
    while (rest.n > 0) {
        const char *end = memchr(rest.bytes, '\n', rest.n);
        const struct span line = { rest.bytes, end ? (size_t)(end - rest.bytes) + 1 : rest.n };
        if (!is_of_body(line))
            out = copy(out, line.bytes, line.n);
        if (line.n <= 2)
            break;
        rest = span_after(rest, line.n);
    }
    return out;
}

size_t hop_message(const struct hop *hop, const char *request, size_t request_bytes, char *out)
{
    const struct span sent = { request, request_bytes };
    const struct span method = request_method(sent);
    const struct span rest = span_after(sent, method.n + 1 + request_target(sent).n);
    char *end = hop->is_get ? copy(out, "GET", 3) : copy(out, method.bytes, method.n);
    end = copy(end, " ", 1);
    end = copy(end, hop->target, hop->target_bytes);
    end = hop->is_get ? copy_head_lines(end, rest) : copy(end, rest.bytes, rest.n);
    return (size_t)(end - out);
}
