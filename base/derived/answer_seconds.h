/* How even each whole second of a run was: answers per instance of every cluster, second by second. It shows
 * round robin where the counts of the whole run cannot, as with two instances (balance.h). `run` feeds it as
 * seconds are written, `analysis` as it reads them from hist.hlog. */
#ifndef BASE_ANSWER_SECONDS_H
#define BASE_ANSWER_SECONDS_H

#include "balance.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

enum { ANSWER_SECONDS_INSTANCES_MOST = 64 }; /* a cluster with more is not judged by its seconds */

struct answer_seconds_cluster;

struct answer_seconds {
    struct answer_seconds_cluster *clusters; /* owned */
    size_t n_clusters;
};

void answer_seconds_fini(struct answer_seconds *s);
/* Makes the cluster and the instance known, which may have answered nothing. -1 when memory is short. */
int answer_seconds_declare(struct answer_seconds *s, const char *cluster, const char *instance,
                           struct err *e);
/* Adds n answers of the current second. -1 when memory is short. */
int answer_seconds_add(struct answer_seconds *s, const char *cluster, const char *instance, uint64_t n,
                       struct err *e);
/* Ends the current second. */
void answer_seconds_end(struct answer_seconds *s);
/* Whether a second of that length, which files round to milliseconds, is a whole one; others are not added.
 */
bool answer_seconds_is_whole(uint64_t length_ns);
/* The sum over the seconds that ended, borrowed. NULL: the cluster is not judged by its seconds. */
const struct balance_seconds *answer_seconds_of(const struct answer_seconds *s, const char *cluster);

#endif
