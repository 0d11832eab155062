/* The clusters of a run: those of the deployment, then those that only streams name. */
#ifndef RECORD_RUN_CLUSTERS_H
#define RECORD_RUN_CLUSTERS_H

#include <stddef.h>
#include <stdint.h>

struct plan;
struct plan_cluster;

enum { RUN_CLUSTERS_MOST = 128 };

struct run_cluster {
    const char *name;
    const char *label;                  /* the short name; = name if it has none */
    const struct plan_cluster *planned; /* NULL: only streams name it */
    uint64_t streams;                   /* bit i: stream i belongs to it; may be 0 */
};

/* Lists them in `out`, of RUN_CLUSTERS_MOST rows, which borrow from the plan; returns their number. */
size_t run_clusters(const struct plan *plan, struct run_cluster *out);

#endif
