/* A topology file: it is taken with all that bringing it up needs, or refused in a sentence. */
#include "fuzz.h"

#include "err.h"
#include "topology.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct topology t;
    struct err e = { 0 };
    if (topology_load_text(&t, "fuzz.yaml", (const char *)data, size, &e)) {
        FUZZ_HOLDS(e.kind == ERR_INPUT && e.text[0]);
        return 0;
    }
    FUZZ_HOLDS(t.n_clusters > 0 && t.n_clusters <= TOPOLOGY_CLUSTERS_MOST && topology_n_instances(&t) > 0);
    for (size_t i = 0; i < t.n_clusters; i++)
        FUZZ_HOLDS(t.clusters[i].type < t.n_types && t.clusters[i].path[0] == '/');
    for (size_t i = 0; i < t.listener.n_defaults; i++)
        FUZZ_HOLDS(t.listener.defaults[i].cluster < t.n_clusters);
    return 0;
}
