#include "aws_down.h"

#include "aws.h"
#include "aws_inventory.h"
#include "aws_removal.h"
#include "aws_remove.h"
#include "aws_session.h"
#include "aws_unseen.h"
#include "clock.h"
#include "deployment.h"
#include "err.h"
#include "generator.h"
#include "provider.h"
#include "run_index.h"
#include "status_lines.h"
#include "units.h"
#include "utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int read_inventory(struct aws_session *s, const char *run, struct aws_inventory *inventory,
                          struct err *e)
{
    struct err mine;
    aws_inventory_fini(inventory);
    const int status = aws_inventory_read(s, run, inventory, e);
    if (aws_inventory_add_recorded(s, inventory, &mine) == 0 || status < 0)
        return status;
    *e = mine;
    return -1;
}

static size_t count_left(const struct aws_inventory *inventory, bool strangers_too)
{
    size_t n = 0;
    for (size_t i = 0; i < inventory->n; i++)
        n += !inventory->items[i].gone && (strangers_too || !inventory->items[i].is_stranger);
    return n;
}

/* The list has a line for each resource, which an error's text may be too short for. */
static int report_left(struct aws_session *s, const struct aws_inventory *inventory, struct err *e)
{
    double usd_per_hour = 0;
    status_lines_end(s->lines);
    for (size_t i = 0; i < inventory->n; i++) {
        const struct aws_found *f = &inventory->items[i];
        if (f->gone)
            continue;
        usd_per_hour += f->tags.usd_per_hour;
        fprintf(stderr, "  left: %s %s %s: ", aws_kind_names[f->kind], f->id, f->name);
        utf8_print(stderr, *f->why ? f->why : "it was removed, but AWS still lists it");
        putc('\n', stderr);
    }
    s->context->left_is_said = true;
    const size_t n_left = count_left(inventory, true);
    const size_t n_strangers = n_left - count_left(inventory, false);
    err_set(e, ERR_FAILED,
            "%zu resources are left, as listed above, and cost about %.2f USD an hour: `%s` removes them",
            n_left, usd_per_hour, s->context->down);
    if (n_strangers == 0)
        return -1;
    return err_append(
        e,
        "It never removes those without this run's tag, %zu here: if they are yours, remove them "
        "by other means and run it again; if not, delete %s once the rest is removed",
        n_strangers, s->context->path);
}

#define PATIENCE                                                                                             \
    {                                                                                                        \
        .delay_ns = 5 * NS_PER_S, .n_most = AWS_CLIENT_LAG_NS / (5 * NS_PER_S)                               \
    }

/* What one `down` has seen, over all its looks. */
struct search {
    const char *run;
    struct aws_inventory inventory; /* of the last look */
    struct aws_inventory seen;      /* of all looks */
    struct err unread;              /* why a kind of resource could not be listed; else of kind ERR_NONE */
};

/* 0 to look again, 1 when the patience is over, -1 when interrupted. */
static int wait_for_lists(struct aws_session *s, struct aws_wait *wait, struct err *e)
{
    struct err late;
    if (aws_session_wait(s, wait, "listing the resources", &late) == 0)
        return 0;
    if (!*s->client.stop)
        return 1;
    *e = late;
    return -1;
}

/* Lists lag: what one of them shows may be unknown to the next call, and what was begun moments ago may
 * appear later. Looks until neither is so. */
static int look(struct aws_session *s, struct search *search, struct err *e)
{
    struct aws_wait wait = PATIENCE;
    for (;;) {
        const int status = read_inventory(s, search->run, &search->inventory, e);
        if (status < 0 && aws_removal_must_end(s))
            return -1;
        search->unread = status < 0 ? *e : (struct err){ ERR_NONE, "" };
        if (status < 0 && s->client.failure.class != AWS_CLASS_MISSING)
            return 0; /* instances cost most, and they may be among those that are listed */
        if (status == 0 && aws_inventory_merge(&search->seen, &search->inventory, e) < 0)
            return -1;
        const size_t n_unseen = aws_unseen_count(s->deployment, &search->seen, clock_realtime_ns());
        if (status == 0 && n_unseen == 0)
            return 0;
        status_lines_set(s->lines, "lists", 0, 0, "waiting", clock_monotonic_ns(),
                         "%zu made moments ago are not listed yet", n_unseen);
        const int waited = wait_for_lists(s, &wait, e);
        if (waited != 0)
            return waited < 0 ? -1 : status;
    }
}

/* Removes what is found until nothing is: AWS may accept a removal that has no effect yet. */
int aws_down_run(struct aws_session *s, const char *run, struct err *e)
{
    struct search search = { .run = run };
    struct aws_wait wait = PATIENCE;
    int status;
    for (bool again = false;; again = true) {
        status = look(s, &search, e);
        if (status < 0 || count_left(&search.inventory, false) == 0)
            break;
        status = again ? wait_for_lists(s, &wait, e) : 0;
        if (status == 0)
            status = aws_remove(s, &search.inventory, e);
        if (status != 0 || count_left(&search.inventory, false) > 0)
            break;
    }
    if (status >= 0 && count_left(&search.inventory, true) > 0)
        status = report_left(s, &search.inventory, e);
    else if (status >= 0 && search.unread.kind != ERR_NONE) {
        *e = search.unread;
        status = err_prefix(e, "what could be listed is removed, and something may be left");
    }
    aws_inventory_fini(&search.inventory);
    aws_inventory_fini(&search.seen);
    return status < 0 ? -1 : 0;
}

int aws_down(struct provider_context *context, struct err *e)
{
    struct aws_session s;
    int status = aws_session_open(&s, context, NULL, e);
    context->deployment->state = DEPLOYMENT_REMOVING;
    if (status == 0)
        provider_save_if_possible(context);
    if (status == 0)
        status = aws_down_run(&s, context->deployment->run_id, e);
    if (status == 0)
        run_index_remove(context->deployment->run_id);
    if (status == 0)
        generator_remove_host_keys(context->deployment);
    aws_session_close(&s);
    return status;
}
