#include "exchange.h"
#include "plan.h"
#include "shard.h"
#include "step_message.h"
#include "user.h"

const char *user_render(struct shard *s, struct user *u)
{
    struct users_here *here = s->users->here;
    struct cookie_jar *jar = s->stream->session->cookies == SESSION_COOKIES_NONE ? NULL : &u->jar;
    const char *cause =
        step_message(user_values(u), s->stream, &here->values, &u->course, jar, &here->rendered_bytes);
    here->rendered = cause ? NULL : u;
    return cause;
}

/* Rendering can only fail now for lack of memory: then nothing is sent, and the request times out. */
char *user_request(struct conn *c, struct exchange *x, size_t *length)
{
    struct shard *s = c->shard;
    struct users *users = s->users;
    struct user *u = shard_user(s, c);
    struct user_step *step = &users->steps[u->course.step];
    const struct answer_look *look = step->look;
    const bool looks = look->looks_at_headers || look->looks_at_body;
    *length = 0;
    if (users->here->rendered == u || !user_render(s, u)) /* not yet, where the connection was not ready */
        *length = users->here->rendered_bytes;
    users->here->rendered = NULL;
    answer_begin(&u->answer, look);
    exchange_expect(x, &look->step->expect, &step->redirect, looks ? &u->answer : NULL);
    c->http1.known = &step->known;
    return users->here->values.request.bytes;
}
