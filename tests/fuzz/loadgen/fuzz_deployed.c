/* A deployment file as a target: what is accepted has a URL and clusters with names that tags can hold. */
#include "deployed.h"
#include "err.h"
#include "fuzz.h"
#include "plan.h"
#include "tags.h"
#include "target.h"

#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    char path[FUZZ_PATH_BYTES];
    struct plan plan = { 0 };
    struct err e = { ERR_NONE, "" };
    const int fd = fuzz_file(data, length_bytes, path);
    target_init(&plan.target);
    if (deployed_load(&plan, NULL, path, &e)) {
        FUZZ_HOLDS(*e.text != '\0');
    } else {
        FUZZ_HOLDS(plan.n_clusters > 0 && plan.target.host && *plan.target.host);
        for (size_t i = 0; i < plan.n_clusters; i++) {
            FUZZ_HOLDS(tags_is_name(plan.clusters[i].name) && tags_is_name(plan.clusters[i].label));
            for (size_t k = 0; k < plan.clusters[i].n_instances; k++)
                FUZZ_HOLDS(plan.clusters[i].instances[k] && *plan.clusters[i].instances[k]);
        }
    }
    plan_fini(&plan);
    close(fd);
    return 0;
}
