/* The load balancer's access log and event log, and the window of a run. Each file follows a line
 * `=== NAME`. */
#include "balancer_events.h"
#include "balancer_log.h"
#include "deployment.h"
#include "err.h"
#include "fuzz.h"
#include "lab_grid.h"
#include "run_window.h"

#include <math.h>
#include <string.h>

static struct deployment deployment(void)
{
    static struct deployment_instance instances[] = { { .id = "i-1", .cluster = "one" },
                                                      { .id = "i-2", .cluster = "two" } };
    struct deployment d = { .n_clusters = 2, .instances = instances, .n_instances = 2 };
    strcpy(d.clusters[0].is.name, "one");
    strcpy(d.clusters[1].is.name, "two");
    d.clusters[0].is.count = d.clusters[1].is.count = 1;
    return d;
}

static void check_log(const char *folder, const struct deployment *d, const struct lab_grid *grid)
{
    char path[128];
    struct balancer_log log;
    struct err e = { ERR_NONE, "" };
    snprintf(path, sizeof path, "%s/access.csv", folder);
    if (balancer_log_read(&log, path, d, grid, &e))
        FUZZ_HOLDS(*e.text != '\0');
    balancer_log_fini(&log);
}

static void check_events(const char *folder, const struct deployment *d, const struct lab_grid *grid)
{
    char path[128];
    struct err e = { ERR_NONE, "" };
    struct balancer_health *health = calloc(grid->n * d->n_clusters, sizeof *health);
    snprintf(path, sizeof path, "%s/events.log", folder);
    FUZZ_HOLDS(health != NULL);
    if (balancer_events_read(path, d, grid, health, &e))
        FUZZ_HOLDS(*e.text != '\0');
    else
        for (size_t i = 0; i < grid->n * d->n_clusters; i++)
            FUZZ_HOLDS(isfinite(health[i].mean) && health[i].mean >= 0);
    free(health);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    static const char *const names[] = { "access.csv", "events.log", "run.json", NULL };
    const char *folder = fuzz_folder(data, length_bytes, names);
    const struct deployment d = deployment();
    struct run_window w = { 0 };
    struct lab_grid grid;
    struct err e = { ERR_NONE, "" };
    lab_grid_init(&grid, UINT64_C(1795299004000000000), UINT64_C(1795299064000000000));
    check_log(folder, &d, &grid);
    check_events(folder, &d, &grid);
    if (run_window_read(folder, "0badc0de", &w, &e))
        FUZZ_HOLDS(*e.text != '\0');
    else
        FUZZ_HOLDS(w.end_ns >= w.start_ns);
    return 0;
}
