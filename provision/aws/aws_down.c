#include "aws.h"

#include "aws_inventory.h"
#include "aws_remove.h"
#include "aws_session.h"
#include "deployment.h"
#include "err.h"
#include "provider.h"
#include "settings.h"
#include "status_lines.h"
#include "units.h"

#include <stdio.h>
#include <string.h>

enum { ROUNDS_MOST = 3, RUNS_MOST = 32 };

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
                     f->id, f->name, *f->why ? f->why : "not tried");
    }
    return -1;
}

/* A resource whose creation got no reply may appear in lists only after some seconds: look again if one was
 * begun without an id. */
static bool has_unknown_outcome(const struct deployment *d)
{
    for (size_t i = 0; i < d->n_resources; i++) {
        const char *kind = deployment_resource_get(&d->resources[i], "kind");
        if (deployment_resource_get(&d->resources[i], "name") &&
            !deployment_resource_get(&d->resources[i], "id"))
            return true;
        if (kind && strcmp(kind, "launch") == 0 && d->n_instances == 0)
            return true;
    }
    return false;
}

static int remove_run(struct aws_session *s, const char *run, struct err *e)
{
    struct aws_inventory inventory = { 0 };
    int status = 0;
    for (int round = 0; round < ROUNDS_MOST; round++) {
        if (round > 0 && has_unknown_outcome(s->deployment) &&
            aws_client_pause(&s->client, 5 * NS_PER_S, e) < 0)
            status = -1;
        if (status == 0)
            status = read_inventory(s, run, &inventory, e);
        if (status < 0 ||
            (count_left(&inventory, false) == 0 && (round > 0 || !has_unknown_outcome(s->deployment))))
            break;
        status = aws_remove(s, &inventory, e);
        if (status < 0 || count_left(&inventory, false) > 0)
            break;
    }
    if (status == 0 && count_left(&inventory, true) > 0)
        status = report_left(&inventory, e);
    aws_inventory_fini(&inventory);
    return status;
}

int aws_down(struct provider_context *context, struct err *e)
{
    struct aws_session s;
    int status = aws_session_open(&s, context, NULL, e);
    if (status == 0) {
        context->deployment->state = DEPLOYMENT_REMOVING;
        status = aws_session_save(&s, e);
    }
    if (status == 0)
        status = remove_run(&s, context->deployment->run_id, e);
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
