/* How a comparison is put together from runs, pair by pair, and decided; for the files that read runs and
 * campaigns. */
#ifndef COMPARISON_READ_H
#define COMPARISON_READ_H

#include "comparison.h"
#include "err.h"

void comparison_init(struct comparison *c);
/* A new pair after the others; NULL when memory is short. It is overwritten by the next unless it is counted.
 */
struct comparison_pair *comparison_add_pair(struct comparison *c, struct err *e);
void comparison_count_pair(struct comparison *c, const struct comparison_pair *pair);
/* Counts a pair that cannot be compared, and keeps the reason. */
void comparison_leave_out(struct comparison *c, const struct err *why);

/* What else is known of a run that was read. */
struct comparison_sampled {
    bool is_done;
    struct err lacks; /* its log lacks times, so it must not be compared; ERR_NONE: it is whole */
};

/* Samples the arm of that cluster, or the only arm when `cluster` is NULL. */
int comparison_sample(const char *folder, const char *cluster, struct sample *out,
                      struct comparison_sampled *about, struct err *e);

/* Gives both arms names that differ: of clusters, "m4 (cluster1)" if both are labelled m4; of runs whose
 * clusters have the same name, that of the folder, or what the n folders' names begin with. */
void comparison_name_clusters(struct comparison *c);
void comparison_name_runs(struct comparison *c, const char *const *a, const char *const *b, size_t n);

/* The question that the comparison asks of one number, on pairs and controls from the caller, which each have
 * room for all. */
void comparison_question(const struct comparison *c, enum sample_value value, struct decide_pair *pairs,
                         struct decide_pair *controls, struct decide_question *q);
/* Decides every number, and the primary once more without invalid runs. */
int comparison_decide(struct comparison *c, struct err *e);

#endif
