/* Deployment files: an accepted one is the same after saving and loading. */
#include "deployment.h"
#include "err.h"
#include "fuzz.h"

#include <string.h>
#include <unistd.h>

static void check_same(const struct deployment *a, const struct deployment *b)
{
    FUZZ_HOLDS(strcmp(a->run_id, b->run_id) == 0 && strcmp(a->url, b->url) == 0 && a->state == b->state);
    FUZZ_HOLDS(a->n_clusters == b->n_clusters && a->n_instances == b->n_instances &&
               a->n_resources == b->n_resources);
    for (size_t i = 0; i < a->n_instances; i++)
        FUZZ_HOLDS(memcmp(&a->instances[i], &b->instances[i], sizeof a->instances[i]) == 0);
    for (size_t i = 0; i < a->n_resources; i++) {
        FUZZ_HOLDS(a->resources[i].n_members == b->resources[i].n_members);
        for (size_t k = 0; k < a->resources[i].n_members; k++) {
            const char *other = deployment_resource_get(&b->resources[i], a->resources[i].members[k].key);
            FUZZ_HOLDS(other && strcmp(other, a->resources[i].members[k].value) == 0);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    struct deployment d;
    struct deployment again;
    struct err e = { ERR_NONE, "" };
    char path[FUZZ_PATH_BYTES];
    char saved[] = "/tmp/fuzz_deployment.XXXXXX";
    const int fd = fuzz_file(data, length_bytes, path);
    const int found = deployment_load(&d, path, &e);
    close(fd);
    if (found != 1) {
        FUZZ_HOLDS(found == -1 && e.text[0] != '\0');
        return 0;
    }
    close(mkstemp(saved));
    FUZZ_HOLDS(deployment_save(&d, saved, &e) == 0);
    FUZZ_HOLDS(deployment_load(&again, saved, &e) == 1);
    check_same(&d, &again);
    unlink(saved);
    deployment_fini(&d);
    deployment_fini(&again);
    return 0;
}
