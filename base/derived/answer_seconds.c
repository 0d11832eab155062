#include "answer_seconds.h"

#include "err.h"
#include "tags.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

struct answer_seconds_cluster {
    char name[TAGS_INSTANCE_BYTES];
    char (*instances)[TAGS_INSTANCE_BYTES]; /* owned; ANSWER_SECONDS_INSTANCES_MOST */
    uint64_t counts[ANSWER_SECONDS_INSTANCES_MOST];
    size_t n_instances;
    bool has_too_many;
    struct balance_seconds sum;
};

void answer_seconds_fini(struct answer_seconds *s)
{
    for (size_t i = 0; i < s->n_clusters; i++)
        free(s->clusters[i].instances);
    free(s->clusters);
    *s = (struct answer_seconds){ 0 };
}

static struct answer_seconds_cluster *find(const struct answer_seconds *s, const char *cluster)
{
    for (size_t i = 0; i < s->n_clusters; i++)
        if (strcmp(s->clusters[i].name, cluster) == 0)
            return &s->clusters[i];
    return NULL;
}

static struct answer_seconds_cluster *find_or_add(struct answer_seconds *s, const char *cluster)
{
    struct answer_seconds_cluster *found = find(s, cluster);
    if (found)
        return found;
    struct answer_seconds_cluster *larger = realloc(s->clusters, (s->n_clusters + 1) * sizeof *s->clusters);
    if (!larger)
        return NULL;
    s->clusters = larger;
    found = &s->clusters[s->n_clusters];
    *found = (struct answer_seconds_cluster){ 0 };
    found->instances = calloc(ANSWER_SECONDS_INSTANCES_MOST, sizeof *found->instances);
    if (!found->instances)
        return NULL;
    strncpy(found->name, cluster, sizeof found->name - 1);
    s->n_clusters++;
    return found;
}

/* The count of an instance; NULL if there is no room for it. One that appears after others have answered was
 * silent before, so the seconds before it were uneven. */
static uint64_t *count_of(struct answer_seconds_cluster *c, const char *instance)
{
    for (size_t i = 0; i < c->n_instances; i++)
        if (strcmp(c->instances[i], instance) == 0)
            return &c->counts[i];
    c->has_too_many |= c->n_instances == ANSWER_SECONDS_INSTANCES_MOST;
    if (c->has_too_many)
        return NULL;
    if (c->sum.p_even > 0)
        c->sum.n_uneven++;
    strncpy(c->instances[c->n_instances], instance, TAGS_INSTANCE_BYTES - 1);
    return &c->counts[c->n_instances++];
}

void answer_seconds_end(struct answer_seconds *s)
{
    for (size_t i = 0; i < s->n_clusters; i++) {
        struct answer_seconds_cluster *c = &s->clusters[i];
        balance_seconds_add(&c->sum, c->counts, c->n_instances);
        memset(c->counts, 0, sizeof c->counts);
    }
}

int answer_seconds_declare(struct answer_seconds *s, const char *cluster, const char *instance, struct err *e)
{
    struct answer_seconds_cluster *c = find_or_add(s, cluster);
    if (!c)
        return err_set(e, ERR_FAILED, "out of memory for the answers by instance");
    count_of(c, instance);
    return 0;
}

int answer_seconds_add(struct answer_seconds *s, const char *cluster, const char *instance, uint64_t n,
                       struct err *e)
{
    struct answer_seconds_cluster *c = find_or_add(s, cluster);
    if (!c)
        return err_set(e, ERR_FAILED, "out of memory for the answers by instance");
    uint64_t *count = count_of(c, instance);
    if (count)
        *count += n;
    return 0;
}

bool answer_seconds_is_whole(uint64_t length_ns)
{
    return (length_ns + NS_PER_MS / 2) / NS_PER_MS == NS_PER_S / NS_PER_MS;
}

const struct balance_seconds *answer_seconds_of(const struct answer_seconds *s, const char *cluster)
{
    const struct answer_seconds_cluster *c = find(s, cluster);
    return c && !c->has_too_many ? &c->sum : NULL;
}
