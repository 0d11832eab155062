#include "campaign_plan.h"

#include "campaign.h"
#include "err.h"
#include "plan.h"
#include "run_options.h"
#include "stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int plan_arm(struct plan *out, const char *cluster, const struct run_options *run, struct err *e)
{
    struct run_options only = *run;
    only.only = cluster;
    return plan_from_options(out, &only, e);
}

/* Moves the cluster of that name from `from` to `to`, under its new name. */
static int move_cluster(struct plan *to, struct plan *from, const char *name, const char *new_name,
                        struct err *e)
{
    const size_t i = plan_find_cluster(from, name);
    if (plan_find_cluster(to, new_name) < to->n_clusters)
        return err_set(e, ERR_INPUT, "the controls side by side need the name '%s'; rename that cluster",
                       new_name);
    struct plan_cluster *larger = realloc(to->clusters, (to->n_clusters + 1) * sizeof *larger);
    if (!larger)
        return plan_out_of_memory(e);
    to->clusters = larger;
    struct plan_cluster *moved = &larger[to->n_clusters++];
    *moved = from->clusters[i];
    from->clusters[i] = (struct plan_cluster){ 0 };
    memcpy(moved->name, new_name, PLAN_NAME_BYTES);
    return 0;
}

/* "m4-steady" becomes "m4-steady-again", and is cut or numbered where that is too long or taken. */
static void rename_stream(const struct plan *plan, struct plan_stream *s)
{
    char name[PLAN_NAME_BYTES];
    bool is_taken = true;
    for (uint32_t i = 1; is_taken; i++) {
        char ending[24] = "-again";
        if (i > 1)
            snprintf(ending, sizeof ending, "-again%" PRIu32, i);
        snprintf(name, sizeof name, "%.*s%s", (int)(sizeof name - 1 - strlen(ending)), s->name, ending);
        is_taken = false;
        for (size_t k = 0; k < plan->n_streams; k++)
            is_taken |= strcmp(plan->streams[k].name, name) == 0;
    }
    memcpy(s->name, name, sizeof name);
}

/* Moves the streams of `from` to the end of `to`. With a name for their cluster they are a second set of
 * streams that `to` has already. */
static int move_streams(struct plan *to, struct plan *from, const char *cluster, struct err *e)
{
    const size_t n = to->n_streams + from->n_streams;
    if (n > PLAN_STREAMS_MOST)
        return err_set(e, ERR_INPUT, "side by side a run would have %zu streams; %d are the most", n,
                       PLAN_STREAMS_MOST);
    struct plan_stream *larger = realloc(to->streams, n * sizeof *larger);
    if (!larger)
        return plan_out_of_memory(e);
    to->streams = larger;
    for (size_t i = 0; i < from->n_streams; i++) {
        if (cluster) {
            rename_stream(to, &from->streams[i]);
            memcpy(from->streams[i].cluster, cluster, PLAN_NAME_BYTES);
        }
        larger[to->n_streams++] = from->streams[i];
    }
    from->n_streams = 0;
    stream_number_phases(to);
    return 0;
}

/* The scenario's thresholds on arm B alone; those on all streams came with arm A. */
static int add_thresholds(struct plan *to, const struct plan *from, struct err *e)
{
    for (size_t i = 0; i < from->n_thresholds; i++) {
        const struct threshold *t = &from->thresholds[i];
        if (*t->scope == '\0')
            continue;
        if (plan_add_threshold(to, t->text, e))
            return -1;
        to->thresholds[to->n_thresholds - 1].aborts = t->aborts;
    }
    return 0;
}

static int join(struct plan *to, struct plan *from, const struct campaign *c,
                const struct campaign_pair *pair, struct err *e)
{
    char again[PLAN_NAME_BYTES];
    if (pair->kind == CAMPAIGN_AB)
        return move_streams(to, from, NULL, e) || add_thresholds(to, from, e) ? -1 : 0;
    campaign_arm_name(c, pair, true, again);
    return move_cluster(to, from, c->arms[0], again, e) || move_streams(to, from, again, e) ? -1 : 0;
}

int campaign_plan(struct plan *out, const struct campaign *c, const struct campaign_pair *pair, bool is_b,
                  const struct run_options *run, struct err *e)
{
    struct plan second;
    const char *b = c->arms[pair->kind == CAMPAIGN_AB];
    if (!c->is_side_by_side)
        return plan_arm(out, is_b ? b : c->arms[0], run, e);
    int status = plan_arm(out, c->arms[0], run, e);
    if (status == 0) {
        status = plan_arm(&second, b, run, e) || join(out, &second, c, pair, e) ? -1 : 0;
        plan_fini(&second);
    }
    return status;
}
