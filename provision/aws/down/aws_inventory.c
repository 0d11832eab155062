#include "aws_inventory.h"

#include "aws_session.h"
#include "deployment.h"
#include "ec2_filter.h"
#include "ec2_groups.h"
#include "ec2_instances.h"
#include "elb_balancers.h"
#include "elb_groups.h"
#include "err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const aws_kind_names[AWS_N_KINDS] = { "instance", "security-group", "load-balancer",
                                                  "target-group" };

#define NAME_START "loadgen-"

static struct aws_found *find(const struct aws_inventory *inventory, const char *id)
{
    for (size_t i = 0; i < inventory->n; i++)
        if (strcmp(inventory->items[i].id, id) == 0)
            return &inventory->items[i];
    return NULL;
}

static int add(struct aws_inventory *inventory, const struct aws_found *found, struct err *e)
{
    if (find(inventory, found->id))
        return 0;
    struct aws_found *larger = realloc(inventory->items, (inventory->n + 1) * sizeof *larger);
    if (!larger)
        return err_set(e, ERR_FAILED, "out of memory");
    inventory->items = larger;
    inventory->items[inventory->n++] = *found;
    return 0;
}

/* `run` NULL accepts any run; `recorded` accepts the others as strangers. */
static int add_if_ours(struct aws_inventory *inventory, struct aws_found *found, const char *run,
                       bool recorded, struct err *e)
{
    const bool ours = *found->tags.run && (!run || strcmp(found->tags.run, run) == 0);
    if (!ours && !recorded)
        return 0;
    found->is_stranger = !ours;
    if (found->is_stranger)
        snprintf(found->why, sizeof found->why,
                 "it is recorded but does not carry this run's tag, and was left alone");
    return add(inventory, found, e);
}

static int add_instances(struct aws_session *s, const struct ec2_filter *filter, const char *run,
                         bool recorded, struct aws_inventory *inventory, struct err *e)
{
    struct ec2_instance_list list = { 0 };
    int status = ec2_instances_describe(&s->client, filter, 1, &list, e);
    for (size_t i = 0; status == 0 && i < list.n; i++) {
        struct aws_found found = { .kind = AWS_KIND_INSTANCE, .tags = list.items[i].tags };
        snprintf(found.id, sizeof found.id, "%s", list.items[i].id);
        snprintf(found.name, sizeof found.name, "%s", found.tags.name);
        if (strcmp(list.items[i].state, "running") != 0 && strcmp(list.items[i].state, "pending") != 0)
            found.tags.usd_per_hour = 0;
        found.gone = strcmp(list.items[i].state, "terminated") == 0;
        if (run || !found.gone)
            status = add_if_ours(inventory, &found, run, recorded, e);
    }
    free(list.items);
    return status;
}

static int add_security_groups(struct aws_session *s, const struct ec2_filter *filter, const char *run,
                               bool recorded, struct aws_inventory *inventory, struct err *e)
{
    struct ec2_group_list list = { 0 };
    int status = ec2_groups_describe(&s->client, filter, 1, &list, e);
    for (size_t i = 0; status == 0 && i < list.n; i++) {
        struct aws_found found = { .kind = AWS_KIND_SECURITY_GROUP, .tags = list.items[i].tags };
        snprintf(found.id, sizeof found.id, "%s", list.items[i].id);
        snprintf(found.name, sizeof found.name, "%s", list.items[i].name);
        status = add_if_ours(inventory, &found, run, recorded, e);
    }
    free(list.items);
    return status;
}

static bool is_recorded(const struct deployment *d, const char *id)
{
    for (size_t i = 0; i < d->n_resources; i++) {
        const char *own = deployment_resource_get(&d->resources[i], "id");
        if (own && strcmp(own, id) == 0)
            return true;
    }
    return false;
}

/* Load balancers and target groups are found by the prefix of their names, and chosen by their tags, which
 * take a call of their own. */
static int add_candidate(struct aws_inventory *candidates, enum aws_kind kind, const char *arn,
                         const char *name, struct err *e)
{
    struct aws_found found = { .kind = kind };
    if (strncmp(name, NAME_START, strlen(NAME_START)) != 0)
        return 0;
    snprintf(found.id, sizeof found.id, "%s", arn);
    snprintf(found.name, sizeof found.name, "%s", name);
    return add(candidates, &found, e);
}

static int add_tagged(struct aws_session *s, const struct aws_inventory *candidates, const char *run,
                      struct aws_inventory *inventory, struct err *e)
{
    const size_t n = candidates->n;
    const char **arns = calloc(n + 1, sizeof *arns);
    struct aws_tags *tags = calloc(n + 1, sizeof *tags);
    int status = arns && tags ? 0 : err_set(e, ERR_FAILED, "out of memory");
    for (size_t i = 0; status == 0 && i < n; i++)
        arns[i] = candidates->items[i].id;
    if (status == 0)
        status = elb_tags_describe(&s->client, arns, n, tags, e);
    for (size_t i = 0; status == 0 && i < n; i++) {
        struct aws_found found = candidates->items[i];
        found.tags = tags[i];
        status = add_if_ours(inventory, &found, run, is_recorded(s->deployment, found.id), e);
    }
    free(arns);
    free(tags);
    return status;
}

static int add_balancers(struct aws_session *s, const char *run, struct aws_inventory *inventory,
                         struct err *e)
{
    struct elb_balancer_list list = { 0 };
    struct aws_inventory candidates = { 0 };
    int status = elb_balancers_describe(&s->client, NULL, &list, e);
    for (size_t i = 0; status == 0 && i < list.n; i++)
        status = add_candidate(&candidates, AWS_KIND_BALANCER, list.items[i].arn, list.items[i].name, e);
    if (status == 0)
        status = add_tagged(s, &candidates, run, inventory, e);
    aws_inventory_fini(&candidates);
    free(list.items);
    return status;
}

static int add_target_groups(struct aws_session *s, const char *run, struct aws_inventory *inventory,
                             struct err *e)
{
    struct elb_group_list list = { 0 };
    struct aws_inventory candidates = { 0 };
    int status = elb_groups_describe(&s->client, NULL, &list, e);
    for (size_t i = 0; status == 0 && i < list.n; i++)
        status = add_candidate(&candidates, AWS_KIND_TARGET_GROUP, list.items[i].arn, list.items[i].name, e);
    if (status == 0)
        status = add_tagged(s, &candidates, run, inventory, e);
    aws_inventory_fini(&candidates);
    free(list.items);
    return status;
}

static int first_error(int before, int status, const struct err *mine, struct err *e)
{
    if (before == 0 && status < 0)
        *e = *mine;
    return before < 0 || status < 0 ? -1 : 0;
}

/* A list that fails does not keep the others from being read. */
int aws_inventory_read(struct aws_session *s, const char *run, struct aws_inventory *inventory, struct err *e)
{
    const struct ec2_filter of_run = EC2_FILTER_ONE("tag:" AWS_TAG_RUN, run);
    const struct ec2_filter of_any = EC2_FILTER_ONE("tag-key", AWS_TAG_RUN);
    const struct ec2_filter *filter = run ? &of_run : &of_any;
    struct err mine;
    int status = add_instances(s, filter, run, false, inventory, e);
    status = first_error(status, add_security_groups(s, filter, run, false, inventory, &mine), &mine, e);
    status = first_error(status, add_balancers(s, run, inventory, &mine), &mine, e);
    status = first_error(status, add_target_groups(s, run, inventory, &mine), &mine, e);
    inventory->is_partial = status < 0;
    return status;
}

int aws_inventory_add_recorded(struct aws_session *s, struct aws_inventory *inventory, struct err *e)
{
    const struct deployment *d = s->deployment;
    const char **ids = calloc(d->n_instances + d->n_resources + 2, sizeof *ids);
    size_t n = 0;
    if (!ids)
        return err_set(e, ERR_FAILED, "out of memory");
    for (size_t i = 0; i < d->n_instances; i++)
        if (!find(inventory, d->instances[i].id))
            ids[n++] = d->instances[i].id;
    if (*d->generator.id && !find(inventory, d->generator.id))
        ids[n++] = d->generator.id;
    int status =
        n ? add_instances(s, &(struct ec2_filter){ "instance-id", ids, n }, d->run_id, true, inventory, e)
          : 0;
    n = 0;
    for (size_t i = 0; i < d->n_resources; i++) {
        const char *kind = deployment_resource_get(&d->resources[i], "kind");
        const char *id = deployment_resource_get(&d->resources[i], "id");
        if (id && kind && strcmp(kind, aws_kind_names[AWS_KIND_SECURITY_GROUP]) == 0 && !find(inventory, id))
            ids[n++] = id;
    }
    if (status == 0 && n > 0)
        status =
            add_security_groups(s, &(struct ec2_filter){ "group-id", ids, n }, d->run_id, true, inventory, e);
    free(ids);
    return status;
}

int aws_inventory_merge(struct aws_inventory *inventory, const struct aws_inventory *more, struct err *e)
{
    for (size_t i = 0; i < more->n; i++)
        if (add(inventory, &more->items[i], e) < 0)
            return -1;
    return 0;
}

void aws_inventory_fini(struct aws_inventory *inventory)
{
    free(inventory->items);
    *inventory = (struct aws_inventory){ 0 };
}

size_t aws_inventory_count(const struct aws_inventory *inventory, enum aws_kind kind, bool gone)
{
    size_t n = 0;
    for (size_t i = 0; i < inventory->n; i++)
        n += inventory->items[i].kind == kind && !inventory->items[i].is_stranger &&
             inventory->items[i].gone == gone;
    return n;
}
