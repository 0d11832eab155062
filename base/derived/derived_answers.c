#include "derived_answers.h"

#include "derived.h"
#include "err.h"
#include "hist.h"
#include "tag_set.h"

#include <stdlib.h>
#include <string.h>

struct work {
    const struct derived_run *run;
    const struct derived_cluster *cluster;
    const struct tag_row **lines; /* the headline histograms of the cluster's instances, sorted by instance */
    size_t n_lines;
    struct derived_instance *rows;
    uint64_t *counts; /* of `rows` */
    size_t n_rows;
    uint64_t n_all, n_ok_all; /* of the cluster, whichever instance answered */
    uint64_t n_ok_unnamed;    /* of the streams that capture instances: in no instance */
    size_t n_instances;       /* that answered, over all clusters */
    struct hist *scratch;
};

/* The stream whose headline the tag holds; NULL when it holds another metric. */
static const struct derived_stream *headline_of(const struct work *work, const struct tag *tag)
{
    for (size_t i = 0; i < work->run->n_streams; i++) {
        const struct derived_stream *s = &work->run->streams[i];
        if (strcmp(s->name, tag->stream) == 0 && strcmp(s->cluster, tag->cluster) == 0)
            return s->headline == tag->metric ? s : NULL;
    }
    return NULL;
}

static int by_instance(const void *a, const void *b)
{
    const struct tag_row *const *x = a;
    const struct tag_row *const *y = b;
    return strcmp((*x)->tag.instance, (*y)->tag.instance);
}

static void collect_lines(struct work *work)
{
    work->n_lines = 0;
    work->n_all = work->n_ok_all = work->n_ok_unnamed = 0;
    for (size_t i = 0; i < work->run->tags->n; i++) {
        const struct tag_row *row = &work->run->tags->rows[i];
        const struct derived_stream *stream = headline_of(work, &row->tag);
        const uint64_t n_ok = row->tag.outcome == OUTCOME_OK ? row->hist->n : 0;
        if (strcmp(row->tag.cluster, work->cluster->name) != 0 || !stream)
            continue;
        if (!tag_is_all_instances(&row->tag)) {
            work->lines[work->n_lines++] = row;
            work->n_ok_unnamed -= stream->captures_instance ? n_ok : 0;
            continue;
        }
        work->n_all += row->hist->n;
        work->n_ok_all += n_ok;
        work->n_ok_unnamed += stream->captures_instance ? n_ok : 0;
    }
    qsort(work->lines, work->n_lines, sizeof(const struct tag_row *), by_instance);
}

static bool is_first_of_instance(const struct work *work, size_t line)
{
    return line == 0 || by_instance(&work->lines[line - 1], &work->lines[line]) != 0;
}

static void count_instances(struct work *work)
{
    collect_lines(work);
    for (size_t i = 0; i < work->n_lines; i++)
        work->n_instances += is_first_of_instance(work, i);
}

/* The first line whose instance is not before `instance`. */
static size_t first_line(const struct work *work, const char *instance)
{
    size_t low = 0;
    size_t high = work->n_lines;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(work->lines[middle]->tag.instance, instance) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_instance(struct work *work, const char *instance)
{
    struct derived_instance *row = &work->rows[work->n_rows];
    *row = (struct derived_instance){ .name = instance };
    hist_clear(work->scratch);
    for (size_t i = first_line(work, instance);
         i < work->n_lines && strcmp(work->lines[i]->tag.instance, instance) == 0; i++) {
        row->n += work->lines[i]->hist->n;
        if (work->lines[i]->tag.outcome == OUTCOME_OK)
            hist_merge(work->scratch, work->lines[i]->hist);
    }
    row->n_ok = work->scratch->n;
    row->p50_ns = hist_value_at_ppm(work->scratch, 500000);
    row->p99_ns = hist_value_at_ppm(work->scratch, 990000);
    work->counts[work->n_rows++] = row->n;
}

static bool is_declared(const struct derived_cluster *cluster, const char *instance)
{
    for (size_t i = 0; i < cluster->n_instances; i++)
        if (strcmp(cluster->instances[i], instance) == 0)
            return true;
    return false;
}

static void add_instances(struct work *work)
{
    work->n_rows = 0;
    for (size_t i = 0; i < work->cluster->n_instances; i++)
        add_instance(work, work->cluster->instances[i]);
    for (size_t i = 0; i < work->n_lines; i++) {
        const char *instance = work->lines[i]->tag.instance;
        if (is_first_of_instance(work, i) && !is_declared(work->cluster, instance))
            add_instance(work, instance);
    }
}

static bool captures_instance(const struct work *work)
{
    for (size_t i = 0; i < work->run->n_streams; i++)
        if (work->run->streams[i].captures_instance &&
            strcmp(work->run->streams[i].cluster, work->cluster->name) == 0)
            return true;
    return false;
}

static void visit_cluster(struct work *work, derived_answers_fn *visit, void *payload)
{
    collect_lines(work);
    add_instances(work);
    struct derived_answers answers = { .cluster = work->cluster,
                                       .captures_instance = captures_instance(work),
                                       .instances = work->rows,
                                       .counts = work->counts,
                                       .n_instances = work->n_rows,
                                       .n_unnamed = work->n_all,
                                       .n_ok_unnamed = work->n_ok_all,
                                       .n_unkept =
                                           work->n_instances < TAGS_INSTANCES_MOST ? 0 : work->n_ok_unnamed };
    for (size_t i = 0; i < work->n_rows; i++) {
        const struct derived_instance *row = &work->rows[i];
        answers.n_unnamed -= row->n < answers.n_unnamed ? row->n : answers.n_unnamed;
        answers.n_ok_unnamed -= row->n_ok < answers.n_ok_unnamed ? row->n_ok : answers.n_ok_unnamed;
    }
    answers.balance =
        balance_of(work->counts, answers.n_unkept > 0 ? 0 : work->n_rows, work->cluster->seconds);
    visit(payload, &answers);
}

int derived_answers(const struct derived_run *run, derived_answers_fn *visit, void *payload, struct err *e)
{
    size_t n_most = run->tags->n;
    for (size_t i = 0; i < run->n_clusters; i++)
        n_most += run->clusters[i].n_instances;
    struct work work = {
        .run = run,
        .lines = calloc(n_most + 1, sizeof(const struct tag_row *)),
        .rows = calloc(n_most + 1, sizeof *work.rows),
        .counts = calloc(n_most + 1, sizeof *work.counts),
        .scratch = hist_new(),
    };
    const bool has_memory = work.lines && work.rows && work.counts && work.scratch;
    for (size_t i = 0; has_memory && i < run->n_clusters; i++) {
        work.cluster = &run->clusters[i];
        count_instances(&work);
    }
    for (size_t i = 0; has_memory && i < run->n_clusters; i++) {
        work.cluster = &run->clusters[i];
        visit_cluster(&work, visit, payload);
    }
    free(work.lines);
    free(work.rows);
    free(work.counts);
    hist_free(work.scratch);
    return has_memory ? 0 : err_set(e, ERR_FAILED, "out of memory for the answers by instance");
}
