/* Topologies: an accepted one has the properties that providers rely on; a refusal has a message with its
 * place. */
#include "err.h"
#include "fuzz.h"
#include "topology.h"
#include "topology_price.h"

#include <math.h>
#include <string.h>

static void check_clusters(const struct topology *t)
{
    FUZZ_HOLDS(t->n_clusters >= 1 && t->n_clusters <= TOPOLOGY_CLUSTERS_MOST);
    for (size_t i = 0; i < t->n_clusters; i++) {
        const struct topology_cluster *c = &t->clusters[i];
        FUZZ_HOLDS(c->count >= 1 && c->count <= TOPOLOGY_INSTANCES_MOST);
        FUZZ_HOLDS(c->type < t->n_types && strcmp(t->types[c->type].name, c->instance_type) == 0);
        FUZZ_HOLDS(c->path[0] == '/' && c->path[1] != '\0' && c->name[0] != '\0' && c->label[0] != '\0');
        for (size_t j = 0; j < i; j++)
            FUZZ_HOLDS(strcmp(c->name, t->clusters[j].name) != 0 &&
                       strcmp(c->path, t->clusters[j].path) != 0);
    }
}

static void check(const struct topology *t)
{
    check_clusters(t);
    FUZZ_HOLDS(t->n_zones >= 2);
    FUZZ_HOLDS(t->listener.n_defaults >= 1);
    for (size_t i = 0; i < t->listener.n_defaults; i++) {
        FUZZ_HOLDS(t->listener.defaults[i].cluster < t->n_clusters);
        FUZZ_HOLDS(t->listener.defaults[i].weight >= 1);
    }
    FUZZ_HOLDS(t->health_check.timeout_ns < t->health_check.interval_ns);
    FUZZ_HOLDS(isfinite(topology_price_usd_per_hour(t)) && topology_price_usd_per_hour(t) >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    static const enum topology_rules rules[] = { TOPOLOGY_RULES_LOCAL, TOPOLOGY_RULES_AWS };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct topology t;
        struct err e = { ERR_NONE, "" };
        if (topology_load_text(&t, "t.yaml", (const char *)data, length_bytes, rules[i], &e) == 0) {
            check(&t);
        } else {
            FUZZ_HOLDS(e.kind == ERR_INPUT);
            FUZZ_HOLDS(strncmp(e.text, "t.yaml", 6) == 0);
        }
    }
    return 0;
}
