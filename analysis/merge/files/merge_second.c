#include "merge_second.h"

#include "csv.h"
#include "err.h"
#include "hist.h"
#include "hlog.h"
#include "merge_state.h"

#include <stdlib.h>
#include <string.h>

int merge_second_init(struct merge_second *s, const struct merge *m, const struct csv_reader *like,
                      struct err *e)
{
    *s = (struct merge_second){ 0 };
    return merge_interval_init(&s->rows, m, like, e);
}

void merge_second_fini(struct merge_second *s)
{
    tag_set_fini(&s->tags);
    merge_interval_fini(&s->rows);
    free(s->order);
    *s = (struct merge_second){ 0 };
}

int merge_second_add_line(struct merge_second *s, struct hlog_reader *log, const struct hlog_line *line,
                          struct err *e)
{
    const size_t row = tag_set_row(&s->tags, line->tag, e);
    if (row == TAG_SET_NONE)
        return err_prefix(e, "%s:%llu", log->path, (unsigned long long)log->line_number);
    if (line->length_ns > s->length_ns)
        s->length_ns = line->length_ns;
    return hlog_decode(log, s->tags.rows[row].hist, e);
}

int merge_second_add_row(struct merge_second *s, const struct merge_run *run, const struct csv_reader *row,
                         struct err *e)
{
    return merge_interval_add(&s->rows, run, row, e);
}

static void empty(struct merge_second *s)
{
    for (size_t i = 0; i < s->tags.n; i++)
        hist_clear(s->tags.rows[i].hist);
    s->length_ns = 0;
    merge_interval_clear(&s->rows);
}

int merge_second_take(struct merge_second *s, struct merge_second *later, struct err *e)
{
    char tag[TAGS_TEXT_BYTES];
    for (size_t i = 0; i < later->tags.n; i++) {
        const struct tag_row *row = &later->tags.rows[i];
        if (row->hist->n > 0 && tag_set_merge(&s->tags, tags_format(&row->tag, tag), row->hist, e))
            return -1;
    }
    if (later->length_ns > s->length_ns)
        s->length_ns = later->length_ns;
    merge_interval_take(&s->rows, &later->rows);
    empty(later);
    return 0;
}

static int by_tag(const void *a, const void *b)
{
    const struct tag *x = &(*(const struct tag_row *const *)a)->tag;
    const struct tag *y = &(*(const struct tag_row *const *)b)->tag;
    int order = strcmp(x->stream, y->stream);
    order = order ? order : strcmp(x->phase, y->phase);
    order = order ? order : (int)x->outcome - (int)y->outcome;
    order = order ? order : (int)x->metric - (int)y->metric;
    order = order ? order : strcmp(x->cluster, y->cluster);
    return order ? order : strcmp(x->instance, y->instance);
}

/* The order depends on neither the order of the generators nor on the threads that read them. */
static int put_in_order(struct merge_second *s, struct err *e)
{
    if (s->n_order == s->tags.n)
        return 0;
    free(s->order);
    s->order = calloc(s->tags.n, sizeof *s->order);
    s->n_order = s->order ? s->tags.n : 0;
    for (size_t i = 0; i < s->n_order; i++)
        s->order[i] = &s->tags.rows[i];
    if (!s->order)
        return err_set(e, ERR_FAILED, "out of memory for %zu tags", s->tags.n);
    qsort(s->order, s->n_order, sizeof *s->order, by_tag);
    return 0;
}

int merge_second_write(struct merge_second *s, uint64_t second, struct hlog_writer *log,
                       struct csv_writer *intervals, struct err *e)
{
    char tag[TAGS_TEXT_BYTES];
    if (put_in_order(s, e))
        return -1;
    for (size_t i = 0; i < s->n_order; i++)
        hlog_write(log, tags_format(&s->order[i]->tag, tag), second * 1000000000, s->length_ns,
                   s->order[i]->hist);
    merge_interval_write(&s->rows, intervals, second, &s->tags);
    empty(s);
    return 0;
}
