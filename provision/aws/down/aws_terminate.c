#include "aws_terminate.h"

#include "aws_call.h"
#include "aws_inventory.h"
#include "aws_removal.h"
#include "aws_session.h"
#include "ec2_filter.h"
#include "ec2_instances.h"
#include "err.h"
#include "units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether the message has the id as a whole word: "The instance IDs 'i-0a, i-0b' do not exist". */
static bool names(const char *message, const char *id)
{
    const char *at = strstr(message, id);
    return at && !strchr("0123456789abcdef", at[strlen(id)] ? at[strlen(id)] : ' ');
}

/* Those that are not terminated, with or without those that are shutting down. */
static size_t living_instances(struct aws_inventory *inventory, bool ending_too, struct aws_found **of,
                               const char **ids)
{
    size_t n = 0;
    for (size_t i = 0; i < inventory->n; i++)
        if (aws_removal_is_left(&inventory->items[i], AWS_KIND_INSTANCE) &&
            (ending_too || !inventory->items[i].is_ending)) {
            of[n] = &inventory->items[i];
            ids[n++] = inventory->items[i].id;
        }
    return n;
}

static size_t drop_named(struct aws_found **of, size_t n, const char *message)
{
    size_t n_dropped = 0;
    for (size_t i = 0; i < n; i++) {
        of[i]->gone = names(message, of[i]->id);
        n_dropped += of[i]->gone;
    }
    return n_dropped;
}

/* 1: some of them were gone already and are dropped, 0: all are terminating, -1: refused. */
static int terminate_all(struct aws_session *s, struct aws_found **of, const char **ids, size_t n,
                         struct err *e)
{
    struct aws_call call;
    ec2_instances_terminate(&call, ids, n);
    int status = aws_client_send(&s->client, &call, e);
    if (status < 0 && call.failure.class == AWS_CLASS_MISSING && drop_named(of, n, call.failure.message) > 0)
        status = 1;
    aws_call_fini(&call);
    return status;
}

/* Goes on after a refusal: the others cost money too. */
static int terminate_each(struct aws_session *s, struct aws_found **of, const char **ids, size_t n,
                          struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        of[i]->is_refused = terminate_all(s, &of[i], &ids[i], 1, e) < 0;
        if (!of[i]->is_refused)
            continue;
        aws_removal_note(of[i], e);
        if (aws_removal_must_end(s))
            return -1;
    }
    return 0;
}

/* One call for all. EC2 refuses all if one is gone, which is then dropped and the rest sent again, or if one
 * may not be terminated: then each is sent alone. */
int aws_terminate(struct aws_session *s, struct aws_inventory *inventory, struct err *e)
{
    struct aws_found **of = calloc(inventory->n + 1, sizeof *of);
    const char **ids = calloc(inventory->n + 1, sizeof *ids);
    int status = of && ids ? 1 : err_set(e, ERR_FAILED, "out of memory");
    size_t n = 0;
    while (status == 1 && (n = living_instances(inventory, false, of, ids)) > 0)
        status = terminate_all(s, of, ids, n, e);
    if (status < 0 && n > 0 && !aws_removal_must_end(s)) {
        for (size_t i = 0; i < n; i++)
            aws_removal_note(of[i], e);
        status = aws_removal_is_refusal(s->client.failure.class) ? terminate_each(s, of, ids, n, e) : 0;
    }
    free(of);
    free(ids);
    return status < 0 ? -1 : 0;
}

/* Marks those that are terminated or no longer listed. */
static int look_at_instances(struct aws_session *s, struct aws_inventory *inventory, struct err *e)
{
    struct aws_found **of = calloc(inventory->n + 1, sizeof *of);
    const char **ids = calloc(inventory->n + 1, sizeof *ids);
    struct ec2_instance_list list = { 0 };
    const size_t n = of && ids ? living_instances(inventory, true, of, ids) : 0;
    int status = of && ids ? 0 : err_set(e, ERR_FAILED, "out of memory");
    if (n > 0)
        status =
            ec2_instances_describe(&s->client, &(struct ec2_filter){ "instance-id", ids, n }, 1, &list, e);
    for (size_t i = 0; status == 0 && i < n; i++) {
        of[i]->gone = true;
        for (size_t k = 0; k < list.n; k++)
            if (strcmp(list.items[k].id, ids[i]) == 0 && strcmp(list.items[k].state, "terminated") != 0) {
                of[i]->gone = false;
                of[i]->is_ending = !ec2_instance_is_alive(&list.items[k]);
                if (!*of[i]->why)
                    snprintf(of[i]->why, sizeof of[i]->why, "it is still %s", list.items[k].state);
            }
    }
    free(list.items);
    free(of);
    free(ids);
    return status;
}

/* How many instances are on their way out; those that AWS refused to remove stay. */
static size_t count_going(const struct aws_inventory *inventory)
{
    size_t n = 0;
    for (size_t i = 0; i < inventory->n; i++)
        n += aws_removal_is_left(&inventory->items[i], AWS_KIND_INSTANCE) && !inventory->items[i].is_refused;
    return n;
}

/* AWS may accept a termination before it knows the instance everywhere, so it is repeated at each look. */
int aws_terminate_wait(struct aws_session *s, struct aws_inventory *inventory, struct err *e)
{
    struct aws_wait wait = { .delay_ns = 15 * NS_PER_S, .n_most = 40 };
    for (;;) {
        struct err ignored;
        if (look_at_instances(s, inventory, e) < 0)
            return aws_removal_must_end(s) ? -1 : 0;
        aws_removal_show(s, inventory, AWS_KIND_INSTANCE, "terminating");
        if (count_going(inventory) == 0)
            return 0;
        if (aws_session_wait(s, &wait, "terminating", &ignored) < 0)
            return *s->client.stop ? -1 : 0;
        if (aws_terminate(s, inventory, e) < 0)
            return -1;
    }
}
