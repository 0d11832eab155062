#include "balance.h"
#include "csv.h"
#include "derived.h"
#include "err.h"
#include "hist.h"
#include "tag_set.h"

#include <stdlib.h>
#include <string.h>

/* One row of instances.csv. */
struct answers {
    const char *instance;
    uint64_t n, n_ok;
    uint64_t p50_ns, p99_ns; /* of `ok`; meaningless when n_ok is 0 */
};

struct work {
    const struct derived_run *run;
    const struct derived_cluster *cluster;
    const struct tag_row **lines; /* the headline histograms of the cluster's instances, sorted by instance */
    size_t n_lines;
    struct answers *rows; /* named instances: declared ones first, then others by name */
    size_t n_rows;
    uint64_t *counts;         /* of `rows` */
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

/* There were more ids than are kept: the rows are only some of the instances, so a test of their evenness
 * would mean nothing. */
static bool lacks_instances(const struct work *work)
{
    return work->n_instances >= TAGS_INSTANCES_MOST && work->n_ok_unnamed > 0;
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
    struct answers *row = &work->rows[work->n_rows];
    *row = (struct answers){ .instance = instance };
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
    for (size_t i = 0; i < work->cluster->n_instances; i++)
        add_instance(work, work->cluster->instances[i]);
    for (size_t i = 0; i < work->n_lines; i++) {
        const char *instance = work->lines[i]->tag.instance;
        if (is_first_of_instance(work, i) && !is_declared(work->cluster, instance))
            add_instance(work, instance);
    }
}

static bool captures_instances(const struct work *work)
{
    for (size_t i = 0; i < work->run->n_streams; i++)
        if (work->run->streams[i].captures_instance &&
            strcmp(work->run->streams[i].cluster, work->cluster->name) == 0)
            return true;
    return work->n_rows > 0;
}

/* Answers that named no instance: the rest of the cluster's. */
static struct answers unnamed(const struct work *work)
{
    struct answers rest = { .instance = "", .n = work->n_all, .n_ok = work->n_ok_all };
    for (size_t i = 0; i < work->n_rows; i++) {
        rest.n -= work->rows[i].n < rest.n ? work->rows[i].n : rest.n;
        rest.n_ok -= work->rows[i].n_ok < rest.n_ok ? work->rows[i].n_ok : rest.n_ok;
    }
    return rest;
}

static void put_answers(struct csv_writer *w, const struct work *work, const struct answers *row)
{
    csv_text(w, work->cluster->name);
    csv_text(w, row->instance);
    csv_u64(w, row->n);
    csv_u64(w, row->n_ok);
    csv_u64(w, row->n - row->n_ok);
}

static void put_times(struct csv_writer *w, const struct answers *row)
{
    if (row->n_ok > 0) {
        csv_us(w, row->p50_ns);
        csv_us(w, row->p99_ns);
    } else {
        csv_empty(w);
        csv_empty(w);
    }
}

static void put_test(struct csv_writer *w, const struct balance *b)
{
    csv_real(w, b->chi2);
    csv_real(w, b->df);
    csv_real(w, b->p_value);
    csv_real(w, b->p_lower);
    csv_end_row(w);
}

static void write_cluster(struct work *work, struct csv_writer *w)
{
    work->n_rows = 0;
    collect_lines(work);
    add_instances(work);
    const struct balance b = balance_of(work->counts, lacks_instances(work) ? 0 : work->n_rows);
    for (size_t i = 0; i < work->n_rows; i++) {
        const struct answers *row = &work->rows[i];
        put_answers(w, work, row);
        csv_real(w, b.expected);
        csv_real(w, ((double)row->n - b.expected) / b.sd);
        csv_real(w, b.half_width > b.expected ? 0 : b.expected - b.half_width);
        csv_real(w, b.expected + b.half_width);
        put_times(w, row);
        put_test(w, &b);
    }
    const struct answers rest = unnamed(work);
    if (rest.n == 0 || !captures_instances(work))
        return;
    put_answers(w, work, &rest);
    for (int i = 0; i < 6; i++)
        csv_empty(w);
    put_test(w, &b);
}

int derived_instances(const struct derived_run *run, struct csv_writer *w, struct err *e)
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
        write_cluster(&work, w);
    }
    free(work.lines);
    free(work.rows);
    free(work.counts);
    hist_free(work.scratch);
    return has_memory ? 0 : err_set(e, ERR_FAILED, "out of memory for instances.csv");
}
