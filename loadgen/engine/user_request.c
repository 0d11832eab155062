#include "exchange.h"
#include "plan.h"
#include "render.h"
#include "shard.h"
#include "user.h"

#include <string.h>
#include <time.h>

static const char no_memory[] = "memory is short for a request";

/* Makes the request that follows a redirect of the step's own. */
static const char *make_hop(struct users_here *here, const struct hop *hop)
{
    struct render_room *room = &here->values.request;
    const size_t n = here->rendered_bytes;
    if (!render_reserve(room, n + hop_message_bytes_most(hop, n)))
        return no_memory;
    here->rendered_bytes = hop_message(hop, room->bytes, n, room->bytes + n);
    memmove(room->bytes, room->bytes + n, here->rendered_bytes);
    return NULL;
}

/* The request target: what stands between the first two blanks of the message. */
static const char *target_of(const struct users_here *here, size_t *n_bytes)
{
    const char *bytes = here->values.request.bytes;
    const char *end = bytes + here->rendered_bytes;
    const char *at = memchr(bytes, ' ', here->rendered_bytes);
    at = at ? at + 1 : end;
    const char *behind = memchr(at, ' ', (size_t)(end - at));
    *n_bytes = (size_t)((behind ? behind : end) - at);
    return at;
}

static const char *add_cookies(struct users_here *here, struct cookie_jar *jar)
{
    static const char name[] = "Cookie: ";
    enum { NAME_BYTES = sizeof name - 1 };
    struct timespec now; /* only to the second: no system call */
    struct render_room *room = &here->cookies;
    size_t n_target;
    const char *target = target_of(here, &n_target);
    if (!render_reserve(room, cookie_jar_bytes_most(jar)))
        return no_memory;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    const size_t n = cookie_jar_write(jar, target, n_target, now.tv_sec, room->bytes, room->n_bytes);
    if (n == 0)
        return NULL;
    char *gap = values_make_gap(&here->values, &here->rendered_bytes, NAME_BYTES + n + 2);
    if (!gap)
        return no_memory;
    memcpy(gap, name, NAME_BYTES);
    memcpy(gap + NAME_BYTES, room->bytes, n);
    memcpy(gap + NAME_BYTES + n, "\r\n", 2);
    return NULL;
}

const char *user_render(struct shard *s, struct user *u)
{
    struct users_here *here = s->users->here;
    const struct course *course = &u->course;
    const uint32_t repeat = course->n_repeats * UINT32_C(65536) + course->n_tries;
    here->rendered = NULL;
    const char *cause =
        values_request(user_values(u), s->stream, &here->values, course->step, repeat, &here->rendered_bytes);
    if (!cause && course_is_hop(course))
        cause = make_hop(here, &course->hop);
    if (!cause && s->stream->session->cookies != SESSION_COOKIES_NONE)
        cause = add_cookies(here, &u->jar);
    if (!cause)
        here->rendered = u;
    return cause;
}

/* Rendering can only fail now for lack of memory: then nothing is sent, and the request times out. */
const char *user_request(struct conn *c, size_t *length)
{
    struct shard *s = c->shard;
    struct users *users = s->users;
    struct user *u = shard_user(s, c);
    const uint32_t step = u->course.step;
    const struct answer_look *look = users->looks[step];
    const bool looks = look->looks_at_headers || look->looks_at_body;
    *length = 0;
    if (users->here->rendered == u || !user_render(s, u)) /* not yet, where the connection was not ready */
        *length = users->here->rendered_bytes;
    users->here->rendered = NULL;
    answer_begin(&u->answer, look);
    exchange_expect(&c->exchange, &look->step->expect, &users->known[step], looks ? &u->answer : NULL);
    return users->here->values.request.bytes;
}
