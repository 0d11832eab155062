#include "aws_make.h"

#include "aws_session.h"
#include "clock.h"
#include "err.h"
#include "units.h"

#include <stdio.h>
#include <string.h>

int aws_make_adopt(const struct aws_item *item, const struct aws_tags *found, const char *name, struct err *e)
{
    if (strcmp(found->run, item->tags.run) == 0 && strcmp(found->role, item->tags.role) == 0)
        return 1;
    return err_set(
        e, ERR_FAILED,
        "a %s named %s exists already and is not this deployment's: it was left alone; remove or rename it",
        item->kind, name);
}

/* Records the name before the creation, so that `down` looks for it, and the id after it. */
static int remember(struct aws_session *s, const struct aws_item *item, struct err *e)
{
    char name[96];
    aws_tags_name(item->tags.run, item->tags.role, name, sizeof name);
    if (aws_session_remember(s, item->kind, item->tags.role, "name", name, e) < 0)
        return -1;
    if (item->tags.usd_per_hour > 0 &&
        aws_session_remember_price(s, item->kind, item->tags.role, item->tags.usd_per_hour, e) < 0)
        return -1;
    if (*item->id && aws_session_remember(s, item->kind, item->tags.role, "id", item->id, e) < 0)
        return -1;
    return aws_session_save(s, e);
}

static bool is_worth_another_look(const struct aws_session *s)
{
    const enum aws_class class = s->client.failure.class;
    return class == AWS_CLASS_CONFLICT || class == AWS_CLASS_TRANSIENT;
}

static void note_refusal(struct aws_session *s, const struct aws_item *item)
{
    struct err ignored;
    aws_session_refused(s, item->kind, item->tags.role);
    (void)aws_session_save(s, &ignored);
}

int aws_make(struct aws_session *s, struct aws_item *item, const struct aws_maker *maker, struct err *e)
{
    struct aws_wait wait = { .delay_ns = 5 * NS_PER_S, .n_most = AWS_CLIENT_LAG_NS / (5 * NS_PER_S) };
    char what[64];
    bool maybe_made = false;
    snprintf(what, sizeof what, "creating the %s", item->kind);
    for (;;) {
        const int found = maker->find(s, item, e);
        if (found < 0)
            return -1;
        if (found == 1) {
            s->client.known_ns = clock_realtime_ns(); /* other calls may not know it yet */
            return remember(s, item, e);
        }
        if (aws_session_begin(s, item->kind, item->tags.role, e) < 0 || remember(s, item, e) < 0)
            return -1;
        if (maker->create(s, item, e) == 0) {
            item->made = true;
            return remember(s, item, e);
        }
        maybe_made = maybe_made || s->client.failure.maybe_done;
        if (!is_worth_another_look(s)) {
            if (!maybe_made)
                note_refusal(s, item);
            return -1;
        }
        if (aws_session_wait_after(s, &wait, what, e) < 0)
            return -1;
    }
}
