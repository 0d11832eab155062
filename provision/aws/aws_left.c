#include "aws_left.h"

#include "deployment.h"
#include "err.h"
#include "expiry.h"
#include "provider.h"
#include "units.h"

#include <stdio.h>
#include <string.h>

struct left {
    size_t n_begun;      /* resources of any kind */
    size_t n_instances;  /* at most */
    bool has_balancer;   /* perhaps */
    double usd_per_hour; /* at most */
};

static uint64_t number_of(const struct deployment_resource *r, const char *key, uint64_t otherwise)
{
    uint64_t number = otherwise;
    const char *text = deployment_resource_get(r, key);
    if (text)
        units_parse_count(text, &number);
    return number;
}

static void add_resource(struct left *left, const struct deployment_resource *r)
{
    double price = 0;
    const char *kind = deployment_resource_get(r, "kind");
    const char *text = deployment_resource_get(r, "usd_per_hour");
    const uint64_t count = number_of(r, "count", 1);
    if (!deployment_resource_get(r, "begun_unix_s"))
        return;
    left->n_begun++;
    left->has_balancer |= kind && strcmp(kind, "load-balancer") == 0;
    left->n_instances += kind && strcmp(kind, "launch") == 0 ? count : 0;
    if (text && units_parse_real(text, &price) == 0)
        left->usd_per_hour += price * (double)count;
}

static struct left look(const struct deployment *d)
{
    struct left left = { 0 };
    for (size_t i = 0; i < d->n_resources; i++)
        add_resource(&left, &d->resources[i]);
    return left;
}

double aws_left_balancer_usd_per_hour(const struct deployment *d)
{
    double price = 0;
    const struct deployment_resource *r = deployment_find_resource(d, "load-balancer", NULL);
    const char *text = r ? deployment_resource_get(r, "usd_per_hour") : NULL;
    if (text)
        units_parse_real(text, &price);
    return price;
}

static void describe(const struct left *left, const struct deployment *d, char *out, size_t out_bytes)
{
    char instances[64] = "";
    const size_t n_known = d->n_instances + (*d->generator.id != '\0');
    if (left->n_instances > n_known)
        snprintf(instances, sizeof instances, "%zu to %zu instances", n_known, left->n_instances);
    else if (left->n_instances > 0)
        snprintf(instances, sizeof instances, "%zu instance%s", left->n_instances,
                 left->n_instances == 1 ? "" : "s");
    snprintf(out, out_bytes, "%s%s%s", instances, *instances && left->has_balancer ? " and " : "",
             left->has_balancer ? "a load balancer" : "");
}

void aws_left_add(const struct provider_context *c, uint64_t realtime_ns, struct err *e)
{
    char what[128];
    const struct deployment *d = c->deployment;
    const struct left left = look(d);
    if (left.n_begun == 0 || c->left_is_said)
        return;
    describe(&left, d, what, sizeof what);
    if (!*what)
        err_append(e, "what was made of %s costs nothing by itself: `%s` removes it", d->topology, c->down);
    else if (*d->expires_utc && expiry_ns(d) <= realtime_ns)
        err_append(e,
                   "the instances of %s were to end by themselves at %s; what is left costs %.2f USD an hour "
                   "until `%s` ends that",
                   d->topology, d->expires_utc, aws_left_balancer_usd_per_hour(d), c->down);
    else if (*d->expires_utc)
        err_append(e,
                   "%s of %s may be running and cost up to %.2f USD an hour: `%s` ends that; without it the "
                   "instances end by themselves at %s, the load balancer never",
                   what, d->topology, left.usd_per_hour, c->down, d->expires_utc);
    else
        err_append(e, "%s of %s may be running and cost up to %.2f USD an hour until `%s` ends that", what,
                   d->topology, left.usd_per_hour, c->down);
}
