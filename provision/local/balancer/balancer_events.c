#include "balancer_events.h"

#include "deployment.h"
#include "err.h"
#include "units.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* "2026-11-21T23:38:18.361769+00:00 Server cluster1/i-0123 is DOWN, reason: ...", with the writer's offset
 * from UTC. */
bool balancer_events_parse(const char *line, uint64_t *unix_ms, char *instance, bool *up)
{
    struct tm when = { 0 };
    char state[8];
    unsigned us;
    int hours;
    unsigned minutes;
    const char *rest = strptime(line, "%Y-%m-%dT%H:%M:%S", &when);
    if (!rest || sscanf(rest, ".%6u%3d:%2u Server %*[^/ ]/%63s is %7[A-Z]", &us, &hours, &minutes, instance,
                        state) != 5)
        return false;
    const long offset_s = hours * 3600L + (rest[7] == '-' ? -(long)minutes : (long)minutes) * 60;
    *unix_ms = (uint64_t)(timegm(&when) - offset_s) * 1000 + us / 1000;
    *up = strcmp(state, "UP") == 0;
    return *up || strcmp(state, "DOWN") == 0;
}

static size_t cluster_of(const struct deployment *d, const char *instance)
{
    for (size_t i = 0; i < d->n_instances; i++)
        for (size_t k = 0; k < d->n_clusters && strcmp(d->instances[i].id, instance) == 0; k++)
            if (strcmp(d->clusters[k].is.name, d->instances[i].cluster) == 0)
                return k;
    return d->n_clusters;
}

/* The number of healthy targets of each cluster, and since when. */
struct walk {
    unsigned healthy[TOPOLOGY_CLUSTERS_MOST];
    uint64_t since_ms[TOPOLOGY_CLUSTERS_MOST];
};

/* Accounts for the time from `since_ms` to `until_ms`, when nothing changed. */
static void account(const struct walk *w, size_t cluster, uint64_t until_ms, const struct lab_grid *grid,
                    size_t n_clusters, struct balancer_health *health)
{
    const uint64_t period_ms = (uint64_t)grid->period_s * 1000;
    for (size_t p = 0; p < grid->n; p++) {
        const uint64_t start_ms = grid->first_s * 1000 + p * period_ms;
        const uint64_t from_ms = w->since_ms[cluster] > start_ms ? w->since_ms[cluster] : start_ms;
        const uint64_t to_ms = until_ms < start_ms + period_ms ? until_ms : start_ms + period_ms;
        struct balancer_health *h = &health[p * n_clusters + cluster];
        if (from_ms >= to_ms)
            continue;
        h->mean += w->healthy[cluster] * (double)(to_ms - from_ms) / (double)period_ms;
        if (w->healthy[cluster] < h->least)
            h->least = w->healthy[cluster];
    }
}

int balancer_events_read(const char *path, const struct deployment *d, const struct lab_grid *grid,
                         struct balancer_health *health, struct err *e)
{
    struct walk w = { .healthy = { 0 } };
    char line[1024];
    char instance[64];
    uint64_t when_ms;
    bool up;
    FILE *f = fopen(path, "re");
    if (!f)
        return err_errno(e, ERR_FAILED, "cannot open %s", path);
    for (size_t k = 0; k < d->n_clusters; k++)
        w.healthy[k] = d->clusters[k].is.count;
    for (size_t i = 0; i < grid->n * d->n_clusters; i++)
        health[i] = (struct balancer_health){ .least = TOPOLOGY_INSTANCES_MOST };
    while (fgets(line, sizeof line, f)) {
        const size_t k =
            balancer_events_parse(line, &when_ms, instance, &up) ? cluster_of(d, instance) : d->n_clusters;
        if (k == d->n_clusters)
            continue;
        account(&w, k, when_ms, grid, d->n_clusters, health);
        w.since_ms[k] = when_ms;
        if (up)
            w.healthy[k]++;
        else if (w.healthy[k] > 0)
            w.healthy[k]--;
    }
    fclose(f);
    for (size_t k = 0; k < d->n_clusters; k++)
        account(&w, k, UINT64_MAX, grid, d->n_clusters, health);
    return 0;
}
