/* Names of the instances, "loadgen-7f3a19c2-cluster1-2". One launch gives all of its instances the same tags,
 * so each is named afterwards. Names are a convenience: a refusal is noted and `up` goes on. */
#include "aws_call.h"
#include "aws_up.h"
#include "deployment.h"
#include "ec2_filter.h"
#include "ec2_instances.h"
#include "ec2_tags.h"
#include "err.h"
#include "status_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The number of an instance in its cluster, from 1, by the order of the deployment file; 0: not recorded. */
static unsigned number_of(const struct deployment *d, const char *id, const char **cluster)
{
    for (size_t i = 0; i < d->n_instances; i++) {
        unsigned n = 1;
        if (strcmp(d->instances[i].id, id) != 0)
            continue;
        *cluster = d->instances[i].cluster;
        for (size_t k = 0; k < i; k++)
            n += strcmp(d->instances[k].cluster, *cluster) == 0;
        return n;
    }
    return 0;
}

/* Prepares the naming of those that still have the name of their launch, and so keeps names that the user
 * gave. */
static size_t prepare(const struct deployment *d, const struct ec2_instance_list *list,
                      struct aws_call *calls)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        const struct ec2_instance *instance = &list->items[i];
        const char *cluster;
        char launched[96];
        char name[128];
        const unsigned number = number_of(d, instance->id, &cluster);
        aws_tags_name(instance->tags.run, instance->tags.role, launched, sizeof launched);
        if (number == 0 || strcmp(instance->tags.name, launched) != 0)
            continue;
        snprintf(name, sizeof name, "%s-%u", launched, number);
        ec2_tags_set(&calls[n++], instance->id, "Name", name);
    }
    return n;
}

static int send(struct aws_session *s, const struct ec2_instance_list *list, struct err *e)
{
    struct aws_call *calls = calloc(list->n + 1, sizeof *calls);
    if (!calls)
        return err_set(e, ERR_FAILED, "out of memory");
    const size_t n = prepare(s->deployment, list, calls);
    const int status = aws_client_send_all(&s->client, calls, n, e);
    for (size_t i = 0; i < n; i++)
        aws_call_fini(&calls[i]);
    free(calls);
    return status;
}

int aws_up_names(struct aws_up *up, struct err *e)
{
    struct aws_session *s = &up->session;
    const struct ec2_filter filter = EC2_FILTER_ONE("tag:" AWS_TAG_RUN, s->deployment->run_id);
    struct ec2_instance_list list = { 0 };
    int status = ec2_instances_describe(&s->client, &filter, 1, &list, e);
    if (status == 0)
        status = send(s, &list, e);
    free(list.items);
    if (status == 0 || *s->client.stop)
        return status;
    status_lines_print(s->lines, "note: the instances of a cluster share one name: %s", e->text);
    return 0;
}
