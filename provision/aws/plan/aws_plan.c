#include "aws_plan.h"

#include "aws_session.h"
#include "deployment.h"
#include "err.h"
#include "provider.h"

#include <stdio.h>
#include <string.h>

void aws_plan_move_zone(const char *zone, const char *written_for, const char *region, char *out,
                        size_t out_bytes)
{
    const size_t length = strlen(written_for);
    if (strncmp(zone, written_for, length) == 0)
        snprintf(out, out_bytes, "%s%s", region, zone + length);
    else
        snprintf(out, out_bytes, "%s", zone);
}

static void add_launch(struct aws_plan *p, const char *name, unsigned cluster, unsigned subnet,
                       unsigned count)
{
    if (count == 0 || p->n_launches == AWS_PLAN_LAUNCHES_MOST)
        return;
    struct aws_plan_launch l = { .cluster = cluster, .subnet = subnet, .count = count };
    snprintf(l.role, sizeof l.role, "%.32s/%.28s", name, p->subnets[subnet].zone);
    p->launches[p->n_launches++] = l;
}

static int add_in_zone(struct aws_plan *p, const char *name, unsigned cluster, const char *zone,
                       unsigned count, struct err *e)
{
    unsigned k = 0;
    while (k < p->n_subnets && strcmp(p->subnets[k].zone, zone) != 0)
        k++;
    if (k == p->n_subnets)
        return err_set(
            e, ERR_INPUT,
            "%s is to be in %s, but none of the load balancer's subnets is in that zone: name a "
            "subnet there with --subnets, or another zone in the topology file (its `zones` and the "
            "`zone` of %s)",
            name, zone, name);
    add_launch(p, name, cluster, k, count);
    return 0;
}

int aws_plan_spread(struct aws_plan *p, const struct aws_session *s, struct err *e)
{
    const struct deployment *d = s->deployment;
    p->n_launches = 0;
    for (unsigned i = 0; i < d->n_clusters; i++) {
        const struct topology_cluster *c = &d->clusters[i].is;
        const unsigned n = (unsigned)p->n_subnets;
        if (strcmp(c->zone, d->region) == 0) {
            for (unsigned k = 0; k < n; k++)
                add_launch(p, c->name, i, k, c->count / n + (k < c->count % n));
            continue;
        }
        if (add_in_zone(p, c->name, i, c->zone, c->count, e) < 0)
            return -1;
    }
    return *d->generator.instance_type
               ? add_in_zone(p, "generator", AWS_PLAN_GENERATOR, d->generator.zone, 1, e)
               : 0;
}

unsigned aws_plan_n_instances(const struct aws_plan *p)
{
    unsigned n = 0;
    for (size_t i = 0; i < p->n_launches; i++)
        n += p->launches[i].count;
    return n;
}

const struct topology_type *aws_plan_type(const struct topology *t, const struct aws_plan_launch *l)
{
    return &t->types[l->cluster == AWS_PLAN_GENERATOR ? t->generator.type : t->clusters[l->cluster].type];
}

/* What the options that were left out stand for. */
static int record_asked(const struct aws_plan *p, struct deployment *d, struct err *e)
{
    char subnets[TOPOLOGY_ZONES_MOST * sizeof p->subnets[0].id] = "";
    char address[sizeof p->caller_cidr];
    size_t used = 0;
    for (size_t i = 0; i < p->n_subnets; i++)
        used +=
            (size_t)snprintf(subnets + used, sizeof subnets - used, "%s%s", i ? "," : "", p->subnets[i].id);
    snprintf(address, sizeof address, "%.*s", (int)strcspn(p->caller_cidr, "/"), p->caller_cidr);
    const struct {
        const char *option;
        const char *value;
    } rows[] = { { "--ami", p->image_id },
                 { "--vpc", p->vpc_id },
                 { "--subnets", subnets },
                 { "--key", p->key_pair },
                 { "--my-address", address } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!deployment_resource_get(&d->asked, rows[i].option) &&
            deployment_resource_set(&d->asked, rows[i].option, rows[i].value, e) < 0)
            return -1;
    return 0;
}

int aws_plan_record(const struct aws_plan *p, struct aws_session *s, struct err *e)
{
    snprintf(s->deployment->image, sizeof s->deployment->image, "%s%s%s", p->image_id,
             *p->image_about ? ", " : "", p->image_about);
    int status = record_asked(p, s->deployment, e);
    if (status == 0)
        status = aws_session_remember(s, "vpc", "network", "id", p->vpc_id, e);
    for (size_t i = 0; status == 0 && i < p->n_subnets; i++)
        status = aws_session_remember(s, "subnet", p->subnets[i].zone, "id", p->subnets[i].id, e);
    if (status == 0)
        status = aws_session_remember(s, "image", "instances", "id", p->image_id, e);
    if (status == 0 && *p->key_pair)
        status = aws_session_remember(s, "key-pair", "instances", "id", p->key_pair, e);
    if (status == 0 && *p->caller_cidr)
        status = aws_session_remember(s, "caller", "ingress", "id", p->caller_cidr, e);
    return status;
}

int aws_plan_recall(struct aws_plan *p, const struct aws_session *s, struct err *e)
{
    const struct deployment *d = s->deployment;
    *p = (struct aws_plan){ 0 };
    snprintf(p->vpc_id, sizeof p->vpc_id, "%s", aws_session_recall(s, "vpc", "network", "id"));
    snprintf(p->image_id, sizeof p->image_id, "%s", aws_session_recall(s, "image", "instances", "id"));
    snprintf(p->key_pair, sizeof p->key_pair, "%s", aws_session_recall(s, "key-pair", "instances", "id"));
    snprintf(p->caller_cidr, sizeof p->caller_cidr, "%s", aws_session_recall(s, "caller", "ingress", "id"));
    for (size_t i = 0; i < d->n_resources && p->n_subnets < TOPOLOGY_ZONES_MOST; i++) {
        const struct deployment_resource *r = &d->resources[i];
        const char *kind = deployment_resource_get(r, "kind");
        const char *zone = deployment_resource_get(r, "role");
        const char *id = deployment_resource_get(r, "id");
        if (!kind || strcmp(kind, "subnet") != 0 || !zone || !id)
            continue;
        struct aws_plan_subnet *subnet = &p->subnets[p->n_subnets++];
        snprintf(subnet->zone, sizeof subnet->zone, "%s", zone);
        snprintf(subnet->id, sizeof subnet->id, "%s", id);
    }
    if (!*p->vpc_id || !*p->image_id || p->n_subnets < 2)
        return err_set(e, ERR_INPUT,
                       "%s does not record the network or the image that it was made with: run `loadgen "
                       "provision down`, "
                       "then `up` again",
                       s->context->path);
    return aws_plan_spread(p, s, e);
}

static void print_rules(const struct aws_plan *p, const struct topology *t, FILE *out)
{
    fprintf(out, "  ingress          ");
    for (size_t i = 0; i < t->n_ingress; i++) {
        const struct topology_ingress *rule = &t->ingress[i];
        const char *from = rule->source == TOPOLOGY_FROM_CALLER ? p->caller_cidr : rule->from;
        fprintf(out, "%s %u from %s", i ? "," : "", rule->port, from);
    }
    fprintf(out, " (22 at the instances, the rest at the balancer); 80 at the instances from the balancer\n");
}

static void print_launches(const struct aws_plan *p, const struct aws_session *s, FILE *out)
{
    for (size_t i = 0; i < p->n_launches; i++) {
        const struct aws_plan_launch *l = &p->launches[i];
        fprintf(out, "  %-16s  %u x %s in %s (%s)%s\n", i ? "" : "instances", l->count,
                aws_plan_type(s->context->topology, l)->name, p->subnets[l->subnet].zone,
                p->subnets[l->subnet].id, l->cluster == AWS_PLAN_GENERATOR ? ", the generator" : "");
    }
}

static void print_tags(const struct deployment *d, FILE *out)
{
    fprintf(out, "  tags              loadgen-owner=%s", d->owner);
    for (size_t i = 0; i < d->n_resources; i++)
        if (strcmp(deployment_resource_get(&d->resources[i], "kind"), "tag") == 0)
            fprintf(out, ", %s=%s", deployment_resource_get(&d->resources[i], "role"),
                    deployment_resource_get(&d->resources[i], "value"));
    fputc('\n', out);
}

void aws_plan_print(const struct aws_plan *p, const struct aws_session *s, FILE *out)
{
    const struct deployment *d = s->deployment;
    fprintf(out, "plan: %s in %s (from %s), account %s, run %s\n", d->topology, d->region,
            s->config.region_source, s->caller.account, d->run_id);
    fprintf(out, "  as                %s, credentials of %s\n", s->caller.arn, s->config.credentials.source);
    print_tags(d, out);
    print_launches(p, s, out);
    fprintf(out, "  image             %s%s%s\n", p->image_id, *p->image_about ? ", " : "", p->image_about);
    fprintf(out, "  key pair          %s\n", *p->key_pair ? p->key_pair : "none");
    print_rules(p, s->context->topology, out);
    fprintf(out, "  security groups   2: %s-balancer, %s-instances\n", d->balancer.name, d->balancer.name);
    fprintf(out, "  target groups     %zu:", d->n_clusters);
    for (size_t i = 0; i < d->n_clusters; i++)
        fprintf(out, "%s %s-%s", i ? "," : "", d->balancer.name, d->clusters[i].is.name);
    fprintf(out, "\n  load balancer     %s, application, %s, %s, in", d->balancer.name,
            topology_schemes[s->context->topology->scheme],
            topology_ip_address_types[s->context->topology->ip_address_type]);
    for (size_t i = 0; i < p->n_subnets; i++)
        fprintf(out, "%s %s", i ? "," : "", p->subnets[i].zone);
    fprintf(out, "\n  listener          %s port %u, %sdefault to", topology_protocols[d->listener.protocol],
            d->listener.port,
            d->listener.protocol != TOPOLOGY_HTTPS ? ""
            : d->listener.is_http2                 ? "with HTTP/2, "
                                                   : "without HTTP/2, ");
    for (size_t i = 0; i < d->listener.n_defaults; i++)
        fprintf(out, "%s %s", i ? " and" : "", d->listener.defaults[i].cluster_name);
    fprintf(out, "; %zu path rules\n", d->n_clusters);
    if (*d->listener.certificate)
        fprintf(out, "  certificate       %s, for %s\n", d->listener.certificate,
                *d->listener.server_name ? d->listener.server_name : "the load balancer's own name");
    if (p->n_vcpus > 0)
        fprintf(
            out,
            "  running already   %u instances of this account in this region, %u vCPUs; this adds %u vCPUs\n",
            p->n_running, p->n_vcpus_running, p->n_vcpus);
    fprintf(out, "  expires           %s\n",
            *d->expires_utc ? d->expires_utc : "never: --expire 4h ends the instances after four hours");
    fprintf(out, "  cost              about %.2f USD per hour (prices of %s, without traffic)\n",
            d->price_usd_per_hour, d->prices_as_of);
}
