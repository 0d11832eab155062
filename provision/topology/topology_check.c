#include "topology_check.h"

#include "err.h"
#include "nearest.h"
#include "topology.h"
#include "yaml_tree.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* "us-east-1" + one letter. */
static bool zone_is_in(const char *zone, const char *region)
{
    const size_t length = strlen(region);
    return strncmp(zone, region, length) == 0 && zone[length] >= 'a' && zone[length] <= 'z' &&
           zone[length + 1] == '\0';
}

/* These nodes exist: they have been read. */
static const struct yaml_node *zone_node(const struct yaml_file *f, size_t index)
{
    return yaml_item(yaml_find(f->root, "zones"), index);
}

static const struct yaml_node *cluster_node(const struct yaml_file *f, size_t index, const char *key)
{
    return yaml_find(yaml_item(yaml_find(f->root, "clusters"), index), key);
}

static const struct yaml_node *default_node(const struct yaml_file *f, size_t index)
{
    return yaml_find(yaml_item(yaml_find(yaml_find(f->root, "listener"), "default"), index), "cluster");
}

static int check_zones(const struct topology *t, const struct yaml_file *f, struct err *e)
{
    if (t->n_zones < 2)
        return yaml_mistake(f, yaml_find(f->root, "zones"), e,
                            "'zones' must list at least two zones, since a load balancer spans two");
    for (size_t i = 0; i < t->n_zones; i++) {
        if (!zone_is_in(t->zones[i], t->region))
            return yaml_mistake(f, zone_node(f, i), e, "'%s' is no zone of the region %s", t->zones[i],
                                t->region);
        for (size_t j = 0; j < i; j++)
            if (strcmp(t->zones[i], t->zones[j]) == 0)
                return yaml_mistake(f, zone_node(f, i), e, "the zone %s is listed twice", t->zones[i]);
    }
    return 0;
}

static bool has_zone(const struct topology *t, const char *zone)
{
    for (size_t i = 0; i < t->n_zones; i++)
        if (strcmp(zone, t->zones[i]) == 0)
            return true;
    return false;
}

static int check_cluster_zone(const struct topology *t, size_t index, const struct yaml_file *f,
                              struct err *e)
{
    const char *zone = t->clusters[index].zone;
    if (strcmp(zone, t->region) == 0 || has_zone(t, zone))
        return 0;
    return yaml_mistake(
        f, cluster_node(f, index, "zone"), e,
        "'zone' must be one of the 'zones' of this file, or the region %s for any of them, not %s", t->region,
        zone);
}

static int resolve_type(const struct topology *t, const char *wanted, unsigned *type,
                        const struct yaml_file *f, const struct yaml_node *node, struct err *e)
{
    const char *names[TOPOLOGY_TYPES_MOST];
    for (unsigned i = 0; i < t->n_types; i++) {
        names[i] = t->types[i].name;
        if (strcmp(wanted, names[i]) == 0) {
            *type = i;
            return 0;
        }
    }
    const char *near = nearest_word(wanted, names, t->n_types);
    return yaml_mistake(f, node, e, "'instance_types' does not describe %s%s%s%s", wanted,
                        near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

/* One path lies within the other when it equals it or continues with a slash. */
static bool paths_overlap(const char *a, const char *b)
{
    const size_t length = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
    return strncmp(a, b, length) == 0 && (a[length] == '\0' || a[length] == '/') &&
           (b[length] == '\0' || b[length] == '/');
}

static int check_distinct(const struct topology *t, size_t index, const struct yaml_file *f, struct err *e)
{
    const struct topology_cluster *c = &t->clusters[index];
    for (size_t i = 0; i < index; i++) {
        if (strcmp(c->name, t->clusters[i].name) == 0)
            return yaml_mistake(f, cluster_node(f, index, "name"), e, "there is already a cluster named %s",
                                c->name);
        if (paths_overlap(c->path, t->clusters[i].path))
            return yaml_mistake(f, cluster_node(f, index, "path"), e,
                                "the path %s is that of %s too: each request must have one cluster", c->path,
                                t->clusters[i].name);
    }
    if (paths_overlap(c->path, t->health_check.path))
        return yaml_mistake(f, cluster_node(f, index, "path"), e,
                            "the path %s is that of the health check too", c->path);
    return 0;
}

static int resolve_default(struct topology *t, size_t index, const struct yaml_file *f, struct err *e)
{
    struct topology_forward *forward = &t->listener.defaults[index];
    const char *names[TOPOLOGY_CLUSTERS_MOST];
    for (size_t i = 0; i < index; i++)
        if (strcmp(forward->cluster_name, t->listener.defaults[i].cluster_name) == 0)
            return yaml_mistake(f, default_node(f, index), e, "%s is listed twice", forward->cluster_name);
    for (unsigned i = 0; i < t->n_clusters; i++) {
        names[i] = t->clusters[i].name;
        if (strcmp(forward->cluster_name, names[i]) == 0) {
            forward->cluster = i;
            return 0;
        }
    }
    const char *near = nearest_word(forward->cluster_name, names, t->n_clusters);
    return yaml_mistake(f, default_node(f, index), e, "there is no cluster '%s'%s%s%s", forward->cluster_name,
                        near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

/* Loadgen is installed and started over ssh. */
static int check_generator(struct topology *t, const struct yaml_file *f, struct err *e)
{
    enum { SSH_PORT = 22 };
    const struct yaml_node *node = yaml_find(f->root, "generator");
    struct topology_generator *g = &t->generator;
    if (!t->has_generator)
        return 0;
    if (!has_zone(t, g->zone))
        return yaml_mistake(f, yaml_find(node, "zone"), e,
                            "'zone' must be one of the 'zones' of this file, not %s", g->zone);
    for (size_t i = 0; i < t->n_ingress; i++)
        if (t->ingress[i].port == SSH_PORT)
            return resolve_type(t, g->instance_type, &g->type, f, yaml_find(node, "type"), e);
    return yaml_mistake(f, node, e,
                        "a generator is used over ssh: 'ingress' must open port %d, as in "
                        "`{ port: %d, from: caller }`",
                        SSH_PORT, SSH_PORT);
}

/* Both apps answer `/` with 200, and any path that is no cluster's with 404. */
static int check_health(const struct topology *t, const struct yaml_file *f, struct err *e)
{
    const struct topology_health_check *h = &t->health_check;
    const unsigned answered = strcmp(h->path, "/") == 0 ? 200 : 404;
    const struct yaml_node *check = yaml_find(f->root, "health_check");
    if (h->expect_status == answered)
        return 0;
    const struct yaml_node *status = yaml_find(check, "expect_status");
    return yaml_mistake(f, status ? status : yaml_find(check, "path"), e,
                        "the app answers %s with status %u, so that no instance would be healthy with %u",
                        h->path, answered, h->expect_status);
}

static int check_ingress(const struct topology *t, const struct yaml_file *f, struct err *e)
{
    for (size_t i = 0; i < t->n_ingress; i++)
        for (size_t j = 0; j < i; j++)
            if (t->ingress[i].port == t->ingress[j].port &&
                strcmp(t->ingress[i].from, t->ingress[j].from) == 0)
                return yaml_mistake(f, yaml_item(yaml_find(f->root, "ingress"), i), e,
                                    "port %u from %s is listed twice", t->ingress[i].port,
                                    t->ingress[i].from);
    return 0;
}

int topology_check(struct topology *t, const struct yaml_file *f, struct err *e)
{
    if (check_zones(t, f, e))
        return -1;
    for (size_t i = 0; i < t->n_clusters; i++)
        if (check_distinct(t, i, f, e) || check_cluster_zone(t, i, f, e) ||
            resolve_type(t, t->clusters[i].instance_type, &t->clusters[i].type, f,
                         cluster_node(f, i, "instance_type"), e))
            return -1;
    for (size_t i = 0; i < t->listener.n_defaults; i++)
        if (resolve_default(t, i, f, e))
            return -1;
    return check_health(t, f, e) || check_ingress(t, f, e) || check_generator(t, f, e) ? -1 : 0;
}

/* A block as AWS writes it, so that it is known again in what AWS lists: in the shortest form, without bits
 * beyond its length. */
static bool is_block(const char *text)
{
    char address[INET6_ADDRSTRLEN];
    char canonical[TOPOLOGY_BLOCK_BYTES];
    unsigned char bytes[16] = { 0 };
    unsigned bits;
    const int family = strchr(text, ':') ? AF_INET6 : AF_INET;
    const unsigned most = family == AF_INET6 ? 128 : 32;
    if (sscanf(text, "%45[0-9a-f.:]/%3u", address, &bits) != 2 || bits > most ||
        inet_pton(family, address, bytes) != 1)
        return false;
    for (unsigned i = bits; i < most; i++)
        if (bytes[i / 8] & (0x80 >> i % 8))
            return false;
    inet_ntop(family, bytes, address, sizeof address);
    snprintf(canonical, sizeof canonical, "%s/%u", address, bits);
    return strcmp(canonical, text) == 0;
}

int topology_check_source(struct topology_ingress *rule)
{
    if (strcmp(rule->from, "0.0.0.0/0") == 0)
        memcpy(rule->from, "anywhere", sizeof "anywhere");
    rule->source = strcmp(rule->from, "anywhere") == 0 ? TOPOLOGY_FROM_ANYWHERE
                   : strcmp(rule->from, "caller") == 0 ? TOPOLOGY_FROM_CALLER
                                                       : TOPOLOGY_FROM_CIDR;
    return rule->source != TOPOLOGY_FROM_CIDR || is_block(rule->from) ? 0 : -1;
}
