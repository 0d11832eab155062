#include "feed.h"

#include "csv.h"
#include "err.h"
#include "input_files.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int out_of_memory(const char *path, struct err *e)
{
    return err_set(e, ERR_FAILED, "out of memory while reading %s", path);
}

static int check_columns(const struct csv_reader *r, struct err *e)
{
    for (size_t i = 0; i < r->n_columns; i++)
        for (size_t k = 0; k < i; k++)
            if (*r->columns[i] && strcmp(r->columns[i], r->columns[k]) == 0)
                return err_set(e, ERR_INPUT, "%s:%" PRIu64 ": two columns are named '%.64s'", r->path,
                               r->line_number, r->columns[i]);
    return 0;
}

static int copy_columns(struct plan_feed *feed, const struct csv_reader *r, struct err *e)
{
    feed->columns = calloc(r->n_columns, sizeof *feed->columns);
    if (!feed->columns)
        return out_of_memory(r->path, e);
    for (; feed->n_columns < r->n_columns; feed->n_columns++) {
        feed->columns[feed->n_columns] = strdup(r->columns[feed->n_columns]);
        if (!feed->columns[feed->n_columns])
            return out_of_memory(r->path, e);
    }
    return 0;
}

static int copy_row(struct plan_feed *feed, const struct csv_reader *r, size_t *capacity, size_t *sum_bytes,
                    struct err *e)
{
    if (feed->n_rows == *capacity) {
        *capacity = *capacity ? *capacity * 2 : 64;
        char **larger = realloc(feed->cells, *capacity * feed->n_columns * sizeof *larger);
        if (!larger)
            return out_of_memory(r->path, e);
        feed->cells = larger;
    }
    char **row = feed->cells + feed->n_rows * feed->n_columns;
    memset(row, 0, feed->n_columns * sizeof *row);
    feed->n_rows++;
    for (size_t i = 0; i < feed->n_columns; i++) {
        row[i] = strdup(r->fields[i]);
        if (!row[i])
            return out_of_memory(r->path, e);
        *sum_bytes += strlen(row[i]) + sizeof *row;
    }
    if (*sum_bytes > FEED_BYTES_MOST)
        return err_set(e, ERR_INPUT, "%s is larger than the %d MiB that a feed may have", r->path,
                       FEED_BYTES_MOST / (1024 * 1024));
    return 0;
}

struct plan_feed *feed_add(struct plan *plan, struct err *e)
{
    struct plan_feed **larger = realloc(plan->feeds, (plan->n_feeds + 1) * sizeof(struct plan_feed *));
    struct plan_feed *feed = larger ? calloc(1, sizeof *feed) : NULL;
    if (larger)
        plan->feeds = larger;
    if (!feed) {
        plan_out_of_memory(e);
        return NULL;
    }
    feed->number = (uint32_t)plan->n_feeds;
    return larger[plan->n_feeds++] = feed;
}

int feed_load(struct plan_feed *feed, struct input_files *in, const char *path, struct err *e)
{
    struct csv_reader r;
    size_t capacity = 0;
    size_t sum_bytes = 0;
    FILE *file = input_files_open(in, path, FEED_BYTES_MOST, e);
    if (!file || csv_open_stream(&r, file, path, e))
        return -1;
    int status = check_columns(&r, e) || copy_columns(feed, &r, e) ? -1 : 0;
    while (status == 0) {
        const int got = csv_next(&r, e);
        if (got <= 0) {
            status = got;
            break;
        }
        status = copy_row(feed, &r, &capacity, &sum_bytes, e);
    }
    csv_reader_fini(&r);
    if (status == 0 && feed->n_rows == 0)
        return err_set(e, ERR_INPUT, "%s has no rows below its header", path);
    return status;
}
