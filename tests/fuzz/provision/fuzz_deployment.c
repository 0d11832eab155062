/* A deployment file, perhaps a damaged one: it is taken or refused, and what was taken is the same after
 * writing and reading it. */
#include "fuzz.h"

#include "deployment.h"
#include "err.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void check_round_trip(const struct deployment *d)
{
    char folder[] = "/tmp/loadgen-fuzz-XXXXXX", path[64];
    FUZZ_HOLDS(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/deployment.json", folder);
    struct deployment again;
    struct err e = { 0 };
    FUZZ_HOLDS(!deployment_save(d, path, &e) && deployment_load(&again, path, &e) == 1);
    FUZZ_HOLDS(again.n_instances == d->n_instances && again.n_resources == d->n_resources);
    FUZZ_HOLDS(again.n_clusters == d->n_clusters && again.state == d->state && !strcmp(again.url, d->url));
    deployment_fini(&again);
    unlink(path);
    rmdir(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[FUZZ_PATH_BYTES];
    const int fd = fuzz_file(data, size, path);
    struct deployment d;
    struct err e = { 0 };
    const int loaded = deployment_load(&d, path, &e);
    if (loaded == 1)
        check_round_trip(&d);
    else
        FUZZ_HOLDS(loaded == -1 && e.text[0]);
    deployment_fini(&d);
    close(fd);
    return 0;
}
