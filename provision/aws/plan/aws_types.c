#include "aws_types.h"

#include "aws_plan.h"
#include "aws_session.h"
#include "ec2_catalogue.h"
#include "err.h"
#include "provider.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct ec2_type *find(const struct ec2_type *types, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(types[i].name, name) == 0)
            return &types[i];
    return NULL;
}

static int compare(const struct topology_type *said, const struct ec2_type *known, struct err *e)
{
    const double memory_gib = known->memory_mib / 1024.0;
    if (said->vcpus == known->vcpus && fabs(said->memory_gib - memory_gib) < 0.01 * memory_gib)
        return 0;
    return err_set(e, ERR_INPUT,
                   "the topology says that %s has %u vCPUs and %g GiB, and AWS says %u and %g: correct "
                   "'instance_types.%s'",
                   said->name, said->vcpus, said->memory_gib, known->vcpus, memory_gib, said->name);
}

struct used {
    const struct topology_type *types[TOPOLOGY_TYPES_MOST];
    const char *names[TOPOLOGY_TYPES_MOST];
    size_t n;
};

static void add_used(struct used *u, const struct topology_type *type)
{
    for (size_t i = 0; i < u->n; i++)
        if (u->types[i] == type)
            return;
    u->names[u->n] = type->name;
    u->types[u->n++] = type;
}

static int compare_all(const struct used *u, const struct ec2_type *known, size_t n_known,
                       struct aws_plan *plan, struct err *e)
{
    bool all_x86_64 = true;
    bool all_arm64 = true;
    for (size_t i = 0; i < u->n; i++) {
        const struct ec2_type *type = find(known, n_known, u->names[i]);
        if (!type)
            return err_set(e, ERR_FAILED, "EC2 DescribeInstanceTypes: the reply lacks %s", u->names[i]);
        if (compare(u->types[i], type, e) < 0)
            return -1;
        all_x86_64 = all_x86_64 && type->is_x86_64;
        all_arm64 = all_arm64 && type->is_arm64;
    }
    if (!all_x86_64 && !all_arm64)
        return err_set(e, ERR_INPUT,
                       "the instance types of the topology are partly x86_64 and partly arm64, and one image "
                       "cannot start on both: choose types of one architecture");
    snprintf(plan->architecture, sizeof plan->architecture, all_x86_64 ? "x86_64" : "arm64");
    return 0;
}

int aws_types_check(struct aws_session *s, struct aws_plan *plan, struct err *e)
{
    struct used used = { .n = 0 };
    struct ec2_type known[TOPOLOGY_TYPES_MOST];
    size_t n_known;
    for (size_t i = 0; i < plan->n_launches; i++)
        add_used(&used, aws_plan_type(s->context->topology, &plan->launches[i]));
    snprintf(plan->architecture, sizeof plan->architecture, "x86_64");
    if (ec2_catalogue_types(&s->client, used.names, used.n, known, TOPOLOGY_TYPES_MOST, &n_known, e) == 0)
        return compare_all(&used, known, n_known, plan, e);
    return aws_failure_is(&s->client.failure, "UnauthorizedOperation") ? 0 : -1;
}
