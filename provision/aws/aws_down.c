#include "aws.h"

#include "aws_inventory.h"
#include "aws_remove.h"
#include "aws_session.h"
#include "aws_unseen.h"
#include "clock.h"
#include "deployment.h"
#include "err.h"
#include "provider.h"
#include "settings.h"
#include "status_lines.h"
#include "units.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { RUNS_MOST = 32 };

static int read_inventory(struct aws_session *s, const char *run, struct aws_inventory *inventory,
                          struct err *e)
{
    aws_inventory_fini(inventory);
    if (aws_inventory_read(s, run, inventory, e) < 0)
        return -1;
    return aws_inventory_add_recorded(s, inventory, e);
}

static size_t count_left(const struct aws_inventory *inventory, bool strangers_too)
{
    size_t n = 0;
    for (size_t i = 0; i < inventory->n; i++)
        n += !inventory->items[i].gone && (strangers_too || !inventory->items[i].is_stranger);
    return n;
}

static int report_left(const struct aws_inventory *inventory, struct err *e)
{
    err_set(e, ERR_FAILED, "%zu resources are left; they stay recorded, run the same command again:",
            count_left(inventory, true));
    for (size_t i = 0; i < inventory->n; i++) {
        const struct aws_found *f = &inventory->items[i];
        const size_t used = strlen(e->text);
        if (!f->gone && used < sizeof e->text)
            snprintf(e->text + used, sizeof e->text - used, "\n  %s %s %s: %s", aws_kind_names[f->kind],
                     f->id, f->name, *f->why ? f->why : "it was removed, but AWS still lists it");
    }
    return -1;
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
        if (status < 0 && s->client.failure.class != AWS_CLASS_MISSING)
            return -1;
        if (status == 0 && aws_inventory_merge(&search->seen, &search->inventory, e) < 0)
            return -1;
        const size_t n_unseen = aws_unseen_count(s->deployment, &search->seen, clock_realtime_ns());
        if (status == 0 && n_unseen == 0)
            return 0;
        status_lines_set(s->lines, "lists", 0, 0, "waiting", clock_monotonic_ns(),
                         "%zu begun less than two minutes ago may appear", n_unseen);
        const int waited = wait_for_lists(s, &wait, e);
        if (waited != 0)
            return waited < 0 ? -1 : status;
    }
}

/* Removes what is found until nothing is: AWS may accept a removal that has no effect yet. */
static int remove_run(struct aws_session *s, const char *run, struct err *e)
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
        status = report_left(&search.inventory, e);
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
        status = remove_run(&s, context->deployment->run_id, e);
    if (status == 0 && *context->deployment->generator.host_keys_file)
        unlink(context->deployment->generator.host_keys_file);
    aws_session_close(&s);
    return status;
}

/* The distinct runs of an inventory, and how many resources each has. */
struct run_list {
    char names[RUNS_MOST][16];
    size_t n_resources[RUNS_MOST];
    size_t n;
};

static void list_runs(const struct aws_inventory *inventory, struct run_list *runs)
{
    for (size_t i = 0; i < inventory->n; i++) {
        size_t k = 0;
        while (k < runs->n && strcmp(runs->names[k], inventory->items[i].tags.run) != 0)
            k++;
        if (k == RUNS_MOST)
            continue;
        if (k == runs->n)
            snprintf(runs->names[runs->n++], sizeof runs->names[0], "%s", inventory->items[i].tags.run);
        runs->n_resources[k]++;
    }
}

static int choose_run(const struct aws_session *s, const struct run_list *runs, const char **run,
                      struct err *e)
{
    const char *asked = s->context->settings->run_id;
    *run = NULL;
    for (size_t i = 0; i < runs->n; i++)
        if (!asked || strcmp(asked, runs->names[i]) == 0)
            *run = runs->names[i];
    if (runs->n == 0 || (asked && !*run)) {
        printf("nothing of ours%s%s is in %s of account %s\n", asked ? " of run " : "", asked ? asked : "",
               s->config.region, s->caller.account);
        return 0;
    }
    if (asked || runs->n == 1)
        return 0;
    err_set(e, ERR_INPUT,
            "there are several runs in %s of account %s, perhaps of several people; name one by --run-id:",
            s->config.region, s->caller.account);
    for (size_t i = 0; i < runs->n; i++) {
        const size_t used = strlen(e->text);
        if (used < sizeof e->text)
            snprintf(e->text + used, sizeof e->text - used, "\n  %s  %zu resources", runs->names[i],
                     runs->n_resources[i]);
    }
    return -1;
}

int aws_down_lost(struct provider_context *context, struct err *e)
{
    struct aws_session s;
    struct aws_inventory inventory = { 0 };
    struct run_list runs = { .n = 0 };
    const char *run = NULL;
    int status = aws_session_open(&s, context, NULL, e);
    if (status == 0)
        status = aws_inventory_read(&s, NULL, &inventory, e);
    list_runs(&inventory, &runs);
    if (status == 0)
        status = choose_run(&s, &runs, &run, e);
    aws_inventory_fini(&inventory);
    if (status == 0 && run) {
        status_lines_print(s.lines, "removing run %s in %s of account %s", run, s.config.region,
                           s.caller.account);
        status = remove_run(&s, run, e);
        if (status == 0)
            puts("nothing is left");
    }
    aws_session_close(&s);
    return status;
}
