#include "aws_remove.h"

#include "aws_call.h"
#include "aws_inventory.h"
#include "aws_removal.h"
#include "aws_session.h"
#include "aws_terminate.h"
#include "clock.h"
#include "ec2_groups.h"
#include "ec2_network.h"
#include "elb_balancers.h"
#include "elb_groups.h"
#include "err.h"
#include "status_lines.h"
#include "units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Deletes all of a kind, by one call each, sent together. Returns how many to retry because something else
 * must go first, or -1 to stop. */
static int delete_all(struct aws_session *s, struct aws_inventory *inventory, enum aws_kind kind,
                      void (*prepare)(struct aws_call *call, const char *arn), struct err *e)
{
    int n_again = 0;
    struct aws_call *calls = calloc(inventory->n + 1, sizeof *calls);
    struct aws_found **of = calloc(inventory->n + 1, sizeof *of);
    size_t n = 0;
    for (size_t i = 0; calls && of && i < inventory->n; i++)
        if (aws_removal_is_left(&inventory->items[i], kind)) {
            of[n] = &inventory->items[i];
            prepare(&calls[n++], inventory->items[i].id);
        }
    int status = calls && of ? 0 : err_set(e, ERR_FAILED, "out of memory");
    if (status == 0 && aws_client_send_all(&s->client, calls, n, e) < 0 && aws_removal_must_end(s))
        status = -1;
    for (size_t i = 0; i < n; i++) {
        struct err mine;
        const enum aws_class class = calls[i].failure.class;
        of[i]->gone = class == AWS_CLASS_NONE || class == AWS_CLASS_MISSING;
        if (!of[i]->gone) {
            aws_call_error(&calls[i], &mine);
            aws_removal_note(of[i], &mine);
            of[i]->is_refused = aws_removal_is_refusal(class);
        }
        n_again += class == AWS_CLASS_ORDERING;
        aws_call_fini(&calls[i]);
    }
    free(calls);
    free(of);
    return status < 0 ? -1 : n_again;
}

/* What is in use by an instance or a load balancer that stays, or is not known, will stay in use: nothing is
 * waited for. */
static bool has_staying(const struct aws_inventory *inventory)
{
    if (inventory->is_partial)
        return true;
    bool stays = false;
    for (size_t i = 0; i < inventory->n; i++) {
        const struct aws_found *f = &inventory->items[i];
        stays |= f->is_refused && !f->gone && (f->kind == AWS_KIND_INSTANCE || f->kind == AWS_KIND_BALANCER);
    }
    return stays;
}

static int remove_target_groups(struct aws_session *s, struct aws_inventory *inventory, struct err *e)
{
    struct aws_wait wait = { .delay_ns = 5 * NS_PER_S, .n_most = has_staying(inventory) ? 1 : 60 };
    for (;;) {
        struct err ignored;
        const int n_again = delete_all(s, inventory, AWS_KIND_TARGET_GROUP, elb_groups_delete, e);
        aws_removal_show(s, inventory, AWS_KIND_TARGET_GROUP, "in use");
        if (n_again <= 0)
            return n_again;
        if (aws_session_wait(s, &wait, "deleting the target groups", &ignored) < 0)
            return *s->client.stop ? -1 : 0;
    }
}

static int delete_again(struct aws_session *s, const struct aws_found *balancer)
{
    struct err ignored;
    struct aws_call call;
    elb_balancers_delete(&call, balancer->id);
    const int status = aws_client_send(&s->client, &call, &ignored);
    aws_call_fini(&call);
    return status;
}

/* DeleteLoadBalancer succeeds at once, even for one that is not known yet: only the list shows when it is
 * gone, and while it does not, the call is repeated. */
static int wait_for_balancer(struct aws_session *s, struct aws_found *balancer, struct err *e)
{
    struct aws_wait wait = { .delay_ns = 15 * NS_PER_S, .n_most = 40 };
    for (;;) {
        struct elb_balancer_list list = { 0 };
        const int status = elb_balancers_describe(&s->client, balancer->name, &list, e);
        const bool is_gone = status == 0 && (list.n == 0 || strcmp(list.items[0].arn, balancer->id) != 0);
        free(list.items);
        balancer->gone = is_gone;
        if (is_gone)
            return 0;
        if (status < 0)
            aws_removal_note(balancer, e);
        else
            snprintf(balancer->why, sizeof balancer->why, "it is still listed");
        if (status < 0 && aws_removal_must_end(s))
            return -1;
        if (status < 0 || aws_session_wait(s, &wait, "deleting the load balancer", e) < 0)
            return *s->client.stop ? -1 : 0;
        if (delete_again(s, balancer) < 0 && aws_removal_must_end(s))
            return -1;
    }
}

/* Its network interfaces stay for seconds to minutes and keep the security groups in use, until AWS removes
 * them. */
static int wait_for_interfaces(struct aws_session *s, const char *arn, struct err *e)
{
    char description[ELB_ARN_BYTES + 8];
    struct aws_wait wait = { .delay_ns = 5 * NS_PER_S, .n_most = 180 };
    snprintf(description, sizeof description, "ELB %s", elb_balancers_tail(arn));
    for (;;) {
        size_t n;
        if (ec2_network_count_interfaces(&s->client, description, &n, e) < 0)
            return aws_removal_must_end(s) ? -1 : 0;
        status_lines_set(s->lines, "interfaces", 0, 0, n ? "lingering" : "removed", clock_monotonic_ns(),
                         n ? "%zu left" : " ", n);
        if (n == 0)
            return 0;
        if (aws_session_wait(s, &wait, "the load balancer's network interfaces", e) < 0)
            return *s->client.stop ? -1 : 0;
    }
}

static int remove_balancers(struct aws_session *s, struct aws_inventory *inventory, struct err *e)
{
    for (size_t i = 0; i < inventory->n; i++) {
        struct aws_found *f = &inventory->items[i];
        /* `gone` so far means that AWS accepted the deletion. */
        if (f->kind != AWS_KIND_BALANCER || f->is_stranger || !f->gone)
            continue;
        f->gone = false;
        aws_removal_show(s, inventory, AWS_KIND_BALANCER, "deleting");
        if (wait_for_balancer(s, f, e) < 0)
            return -1;
        aws_removal_show(s, inventory, AWS_KIND_BALANCER, "deleting");
    }
    return 0;
}

/* 1 if something else must go first. */
static int remove_security_group(struct aws_session *s, struct aws_found *group, struct err *e)
{
    const int status = ec2_groups_delete(&s->client, group->id, e);
    const enum aws_class class = status < 0 ? s->client.failure.class : AWS_CLASS_NONE;
    group->gone = class == AWS_CLASS_NONE || class == AWS_CLASS_MISSING;
    if (group->gone)
        return 0;
    aws_removal_note(group, e);
    return aws_removal_must_end(s) ? -1 : class == AWS_CLASS_ORDERING;
}

/* The instances' group goes first, since it refers to the balancer's. Returns how many must wait. */
static int remove_each_security_group(struct aws_session *s, struct aws_inventory *inventory, struct err *e)
{
    int n_again = 0;
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < inventory->n; i++) {
            struct aws_found *f = &inventory->items[i];
            if (f->kind != AWS_KIND_SECURITY_GROUP || f->is_stranger ||
                (strcmp(f->tags.role, "instances") == 0) != (turn == 0))
                continue;
            const int again = remove_security_group(s, f, e);
            if (again < 0)
                return -1;
            n_again += again;
            aws_removal_show(s, inventory, AWS_KIND_SECURITY_GROUP, "in use");
        }
    return n_again;
}

/* While one is in use, all are removed again: one that was not found may be what uses it. */
static int remove_security_groups(struct aws_session *s, struct aws_inventory *inventory, struct err *e)
{
    struct aws_wait wait = { .delay_ns = 5 * NS_PER_S, .n_most = has_staying(inventory) ? 1 : 180 };
    for (;;) {
        struct err ignored;
        const int n_again = remove_each_security_group(s, inventory, e);
        if (n_again <= 0)
            return n_again;
        if (aws_session_wait(s, &wait, "deleting", &ignored) < 0)
            return *s->client.stop ? -1 : 0;
    }
}

/* Includes those of the recorded load balancer, which an earlier attempt may have deleted. */
static int wait_for_all_interfaces(struct aws_session *s, const struct aws_inventory *inventory,
                                   struct err *e)
{
    const char *recorded = aws_session_recall(s, aws_kind_names[AWS_KIND_BALANCER], NULL, "id");
    for (size_t i = 0; i < inventory->n; i++) {
        const struct aws_found *f = &inventory->items[i];
        if (strcmp(f->id, recorded) == 0)
            recorded = "";
        if (f->kind == AWS_KIND_BALANCER && f->gone && wait_for_interfaces(s, f->id, e) < 0)
            return -1;
    }
    return *recorded && !inventory->is_partial ? wait_for_interfaces(s, recorded, e) : 0;
}

int aws_remove(struct aws_session *s, struct aws_inventory *inventory, struct err *e)
{
    aws_removal_show(s, inventory, AWS_KIND_INSTANCE, "terminating");
    if (delete_all(s, inventory, AWS_KIND_BALANCER, elb_balancers_delete, e) < 0 ||
        aws_terminate(s, inventory, e) < 0)
        return -1;
    if (remove_balancers(s, inventory, e) < 0 || remove_target_groups(s, inventory, e) < 0)
        return -1;
    if (aws_terminate_wait(s, inventory, e) < 0 || wait_for_all_interfaces(s, inventory, e) < 0)
        return -1;
    return remove_security_groups(s, inventory, e);
}
