/* Which deployment file of this machine records which run: a small file for each run of this user on AWS, in
 * the state folder, from before anything is created until everything is removed. `down --lost` finds by it
 * whether a run is in use here. It is a help only: nothing fails when it cannot be written. */
#ifndef PROVISION_RUN_INDEX_H
#define PROVISION_RUN_INDEX_H

#include "deployment.h"

#include <limits.h>
#include <stdbool.h>

struct run_index_entry {
    char run_id[DEPLOYMENT_RUN_ID_BYTES];
    char account[DEPLOYMENT_WORD_BYTES];
    char region[TOPOLOGY_NAME_BYTES];
    char path[PATH_MAX]; /* of the deployment file, absolute; it may be gone */
};

/* `path` is that of the deployment's file, which exists. */
void run_index_add(const struct deployment *d, const char *path);
void run_index_remove(const char *run_id);
/* False when the run is not one of this machine. */
bool run_index_find(const char *run_id, struct run_index_entry *entry);

/* Calls `visit` for each run of this machine. */
typedef void run_index_visit_fn(void *payload, const struct run_index_entry *entry);
void run_index_visit(run_index_visit_fn *visit, void *payload);

#endif
