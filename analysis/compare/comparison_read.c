#include "comparison_read.h"

#include "arms.h"
#include "dataset.h"
#include "err.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void comparison_init(struct comparison *c)
{
    *c = (struct comparison){ .primary = SAMPLE_P99,
                              .margin = decide_defaults.margin,
                              .confidence = decide_defaults.confidence };
    c->ks.distance = NAN;
    for (int i = 0; i < N_SAMPLE_VALUES; i++)
        c->within[i].value = NAN;
}

void comparison_fini(struct comparison *c)
{
    free(c->pairs);
    free(c->answer);
    *c = (struct comparison){ 0 };
}

struct comparison_pair *comparison_add_pair(struct comparison *c, struct err *e)
{
    const size_t n = c->n_pairs + c->n_controls;
    if (n == c->capacity) {
        const size_t capacity = c->capacity ? 2 * c->capacity : 16;
        struct comparison_pair *larger = realloc(c->pairs, capacity * sizeof *larger);
        if (!larger) {
            err_set(e, ERR_FAILED, "out of memory for %zu pairs of runs", n);
            return NULL;
        }
        c->pairs = larger;
        c->capacity = capacity;
    }
    c->pairs[n] = (struct comparison_pair){ .number = (unsigned)n + 1 };
    return &c->pairs[n];
}

void comparison_count_pair(struct comparison *c, const struct comparison_pair *pair)
{
    if (pair->is_control)
        c->n_controls++;
    else
        c->n_pairs++;
}

int comparison_of_arms(struct comparison *c, const struct dataset *data, size_t a, size_t b, struct err *e)
{
    comparison_init(c);
    struct comparison_pair *pair = comparison_add_pair(c, e);
    if (!pair)
        return -1;
    snprintf(pair->order, sizeof pair->order, "side");
    sample_take(data, a, &pair->a);
    sample_take(data, b, &pair->b);
    comparison_count_pair(c, pair);
    comparison_within(c, data, a, b);
    comparison_name_clusters(c);
    return comparison_decide(c, e);
}

int comparison_of_run(struct comparison *c, const struct dataset *data, struct err *e)
{
    comparison_init(c);
    if (data->n_arms < 2)
        return err_set(e, ERR_INPUT, "%s has one cluster only; a comparison needs two, or two runs",
                       data->folder);
    if (comparison_of_arms(c, data, 0, 1, e))
        return -1;
    c->n_others = data->n_arms - 2;
    return 0;
}

void comparison_leave_out(struct comparison *c, const struct err *why)
{
    char *to = c->n_broken == 0                     ? c->why_broken
               : c->n_broken <= COMPARISON_WHY_MORE ? c->why_more[c->n_broken - 1]
                                                    : NULL;
    if (to)
        snprintf(to, COMPARISON_REASON_BYTES, "%.390s", why->text);
    c->n_broken++;
}

int comparison_sample(const char *folder, const char *cluster, struct sample *out,
                      struct comparison_sampled *about, struct err *e)
{
    struct dataset data = { 0 };
    int status = dataset_open(&data, folder, e);
    if (!status) {
        const size_t arm = cluster ? arms_index(data.arms, data.n_arms, cluster) : 0;
        if (arm == data.n_arms)
            status = err_set(e, ERR_INPUT, "%s sent nothing to cluster '%s'", folder, cluster ? cluster : "");
        else if (!cluster && data.n_arms > 1)
            status = err_set(e, ERR_INPUT, "%s has %zu clusters; say with --clusters A,B which to compare",
                             folder, data.n_arms);
        else
            sample_take(&data, arm, out);
        about->is_done = strcmp(data.run.end, "done") == 0;
        about->lacks.kind = ERR_NONE;
        whole_times(&data, &about->lacks);
    }
    dataset_fini(&data);
    return status;
}

/* Two clusters of one run ran side by side. */
static const char *order_of(const struct comparison_pair *pair)
{
    if (comparison_is_one_run(pair))
        return "side";
    return pair->b.started_ns < pair->a.started_ns ? "BA" : "AB";
}

int comparison_of_runs(struct comparison *c, const char *const *a, const char *const *b, size_t n,
                       const char *cluster_a, const char *cluster_b, struct err *e)
{
    comparison_init(c);
    for (size_t i = 0; i < n; i++) {
        struct comparison_sampled of_a, of_b;
        struct comparison_pair *pair = comparison_add_pair(c, e);
        if (!pair || comparison_sample(a[i], cluster_a, &pair->a, &of_a, e) ||
            comparison_sample(b[i], cluster_b, &pair->b, &of_b, e))
            return -1;
        const struct err *lacks = of_a.lacks.kind != ERR_NONE ? &of_a.lacks : &of_b.lacks;
        if (lacks->kind != ERR_NONE) {
            *e = *lacks;
            comparison_leave_out(c, lacks);
            continue;
        }
        snprintf(pair->order, sizeof pair->order, "%s", order_of(pair));
        if (pair->a.headline != pair->b.headline)
            return err_set(e, ERR_INPUT, "%s measured %s times and %s %s times; these cannot be compared",
                           a[i], metric_name(pair->a.headline), b[i], metric_name(pair->b.headline));
        comparison_count_pair(c, pair);
    }
    if (c->n_pairs == 0 && c->n_broken > 0)
        return -1;
    comparison_name_runs(c, a, b, n);
    return comparison_decide(c, e);
}
