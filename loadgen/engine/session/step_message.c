#include "step_message.h"

#include "hop.h"

#include <string.h>
#include <time.h>

static const char no_memory[] = "memory is short for a request";

/* Makes the request that follows a redirect of the step's own. */
static const char *make_hop(struct values_shared *values, const struct hop *hop, size_t *length)
{
    struct render_room *room = &values->request;
    const size_t n = *length;
    if (!render_reserve(room, n + hop_message_bytes_most(hop, n)))
        return no_memory;
    *length = hop_message(hop, room->bytes, n, room->bytes + n);
    memmove(room->bytes, room->bytes + n, *length);
    return NULL;
}

/* The request target: what stands between the first two blanks of the message. */
static const char *target_of(const char *message, size_t length, size_t *n_bytes)
{
    const char *end = message + length;
    const char *at = memchr(message, ' ', length);
    at = at ? at + 1 : end;
    const char *behind = memchr(at, ' ', (size_t)(end - at));
    *n_bytes = (size_t)((behind ? behind : end) - at);
    return at;
}

static const char *add_cookies(struct values_shared *values, struct cookie_jar *jar, size_t *length)
{
    static const char name[] = "Cookie: ";
    enum { NAME_BYTES = sizeof name - 1 };
    struct timespec now; /* only to the second: no system call */
    struct render_room *room = &values->cookies;
    size_t n_target;
    const char *target = target_of(values->request.bytes, *length, &n_target);
    if (!render_reserve(room, cookie_jar_bytes_most(jar)))
        return no_memory;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    const size_t n = cookie_jar_write(jar, target, n_target, now.tv_sec, room->bytes, room->n_bytes);
    if (n == 0)
        return NULL;
    char *gap = values_make_gap(values, length, NAME_BYTES + n + 2);
    if (!gap)
        return no_memory;
    memcpy(gap, name, NAME_BYTES);
    memcpy(gap + NAME_BYTES, room->bytes, n);
    memcpy(gap + NAME_BYTES + n, "\r\n", 2);
    return NULL;
}

const char *step_message(const struct values *user, const struct plan_stream *stream,
                         struct values_shared *values, const struct course *course, struct cookie_jar *jar,
                         size_t *length)
{
    const uint32_t repeat = course->n_repeats * UINT32_C(65536) + course->n_tries;
    const char *cause = values_request(user, stream, values, course->step, repeat, length);
    if (!cause && course_is_hop(course))
        cause = make_hop(values, &course->hop, length);
    return !cause && jar ? add_cookies(values, jar, length) : cause;
}
