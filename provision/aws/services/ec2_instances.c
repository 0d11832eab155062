#include "ec2_instances.h"

#include "aws_call.h"
#include "aws_client.h"
#include "aws_user_tags.h"
#include "ec2_filter.h"
#include "err.h"
#include "units.h"
#include "xml_tree.h"

#include <stdlib.h>
#include <string.h>

void ec2_instances_launch(struct aws_call *call, const struct ec2_launch *l)
{
    struct aws_tags without_price = l->tags;
    without_price.usd_per_hour = 0;
    aws_call_init(call, AWS_EC2, "RunInstances", true);
    struct form *f = &call->form;
    form_add(f, "ImageId", l->image_id);
    form_add(f, "InstanceType", l->type);
    if (*l->key_pair)
        form_add(f, "KeyName", l->key_pair);
    form_add_number(f, "MinCount", l->count);
    form_add_number(f, "MaxCount", l->count);
    form_add(f, "SubnetId", l->subnet_id);
    if (l->is_dry_run)
        form_add(f, "DryRun", "true");
    if (l->group_id)
        form_add(f, "SecurityGroupId.1", l->group_id);
    if (l->token)
        form_add(f, "ClientToken", l->token);
    form_add(f, "UserData", l->user_data);
    form_add(f, "Monitoring.Enabled", l->detailed_monitoring ? "true" : "false");
    form_add(f, "MetadataOptions.HttpTokens", "required");
    form_add(f, "InstanceInitiatedShutdownBehavior", "terminate");
    if (l->credits)
        form_add(f, "CreditSpecification.CpuCredits", l->credits);
    aws_tags_add_specification(f, 1, "instance", &l->tags);
    aws_tags_add_specification(f, 2, "volume", &without_price);
    if (aws_user_tags_are_given(l->tags.user))
        aws_tags_add_specification(f, 3, "network-interface", &without_price);
}

static unsigned number_at(const struct xml_node *item, const char *path)
{
    char text[16];
    uint64_t number;
    const size_t length = xml_tree_text(item, path, text, sizeof text);
    return length > 0 && length < sizeof text && units_parse_count(text, &number) == 0 && number < 10000
               ? (unsigned)number
               : 0;
}

static int append(struct ec2_instance_list *list, const struct xml_node *item, struct err *e)
{
    struct ec2_instance *larger = realloc(list->items, (list->n + 1) * sizeof *larger);
    if (!larger)
        return err_set(e, ERR_FAILED, "out of memory");
    list->items = larger;
    struct ec2_instance *i = &list->items[list->n];
    const size_t id_length = xml_tree_text(item, "instanceId", i->id, sizeof i->id);
    if (id_length == 0 || id_length >= sizeof i->id)
        return err_set(e, ERR_FAILED, "EC2 lists an instance without an id");
    xml_tree_text(item, "instanceState/name", i->state, sizeof i->state);
    if (xml_tree_text(item, "stateReason/message", i->reason, sizeof i->reason) == 0)
        xml_tree_text(item, "reason", i->reason, sizeof i->reason);
    i->vcpus = number_at(item, "cpuOptions/coreCount") * number_at(item, "cpuOptions/threadsPerCore");
    xml_tree_text(item, "launchTime", i->launched_utc, sizeof i->launched_utc);
    if (xml_tree_text(item, "ipAddress", i->address, sizeof i->address) == 0)
        xml_tree_text(item, "privateIpAddress", i->address, sizeof i->address);
    aws_tags_read(item, "tagSet", &i->tags);
    list->n++;
    return 0;
}

int ec2_instances_read_launched(const struct xml_node *reply, struct ec2_instance_list *list, struct err *e)
{
    for (const struct xml_node *item = xml_tree_first(reply, "instancesSet"); item;
         item = xml_tree_next(item))
        if (append(list, item, e) < 0)
            return -1;
    return 0;
}

static int take_page(void *payload, const struct xml_node *reply, struct err *e)
{
    for (const struct xml_node *r = xml_tree_first(reply, "reservationSet"); r; r = xml_tree_next(r))
        if (ec2_instances_read_launched(r, payload, e) < 0)
            return -1;
    return 0;
}

int ec2_instances_describe(struct aws_client *c, const struct ec2_filter *filters, size_t n_filters,
                           struct ec2_instance_list *list, struct err *e)
{
    struct aws_call call;
    aws_call_init(&call, AWS_EC2, "DescribeInstances", true);
    ec2_filter_add(&call.form, filters, n_filters);
    const int status = aws_client_pages(c, &call, "NextToken", "nextToken", take_page, list, e);
    aws_call_fini(&call);
    return status;
}

static void prepare(struct aws_call *call, const char *action, const char *const *ids, size_t n)
{
    aws_call_init(call, AWS_EC2, action, true);
    for (size_t i = 0; i < n; i++)
        form_addf(&call->form, ids[i], "InstanceId.%zu", i + 1);
}

void ec2_instances_start(struct aws_call *call, const char *const *ids, size_t n)
{
    prepare(call, "StartInstances", ids, n);
}

void ec2_instances_terminate(struct aws_call *call, const char *const *ids, size_t n)
{
    prepare(call, "TerminateInstances", ids, n);
    call->may_be_missing = true;
}

bool ec2_instance_is_alive(const struct ec2_instance *i)
{
    return strcmp(i->state, "terminated") != 0 && strcmp(i->state, "shutting-down") != 0;
}

const struct ec2_instance *ec2_instances_find(const struct ec2_instance_list *list, const char *id)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->items[i].id, id) == 0)
            return &list->items[i];
    return NULL;
}
