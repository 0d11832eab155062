#include "aws_unseen.h"

#include "aws_client.h"
#include "aws_inventory.h"
#include "aws_session.h"
#include "deployment.h"
#include "units.h"

#include <stdbool.h>
#include <string.h>

static const char *get(const struct deployment_resource *r, const char *key)
{
    const char *value = deployment_resource_get(r, key);
    return value ? value : "";
}

static size_t count_unseen_instances(const struct deployment_resource *launch,
                                     const struct aws_inventory *seen)
{
    uint64_t n_asked;
    size_t n_seen = 0;
    if (units_parse_count(get(launch, "count"), &n_asked) < 0)
        return 0;
    for (size_t i = 0; i < seen->n; i++)
        n_seen += seen->items[i].kind == AWS_KIND_INSTANCE &&
                  strcmp(seen->items[i].tags.role, get(launch, "role")) == 0;
    return n_seen < n_asked ? (size_t)n_asked - n_seen : 0;
}

static bool has_kind_of_its_own(const struct deployment_resource *r)
{
    for (int kind = 0; kind < AWS_N_KINDS; kind++)
        if (strcmp(aws_kind_names[kind], get(r, "kind")) == 0)
            return true;
    return false;
}

static bool is_among(const struct deployment_resource *r, const struct aws_inventory *seen)
{
    for (size_t i = 0; i < seen->n; i++)
        if (strcmp(aws_kind_names[seen->items[i].kind], get(r, "kind")) == 0 &&
            strcmp(seen->items[i].name, get(r, "name")) == 0)
            return true;
    return false;
}

size_t aws_unseen_count(const struct deployment *d, const struct aws_inventory *seen, uint64_t realtime_ns)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n_resources; i++) {
        const struct deployment_resource *r = &d->resources[i];
        if (!aws_client_is_young(aws_session_begun_ns(r), realtime_ns))
            continue;
        if (strcmp(get(r, "kind"), "launch") == 0)
            n += count_unseen_instances(r, seen);
        else
            n += has_kind_of_its_own(r) && !is_among(r, seen);
    }
    return n;
}
