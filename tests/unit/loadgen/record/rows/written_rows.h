/* A file to write rows to, and what was written. */
#ifndef TESTS_WRITTEN_ROWS_H
#define TESTS_WRITTEN_ROWS_H

#include "csv.h"
#include "err.h"
#include "files.h"
#include "small_plan.h"
#include "stats.h"

#include "cm.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct rows {
    char path[64];
    struct csv_writer w;
    struct stats *stats;
    struct hist *scratch[2];
    char *text;
    struct err e;
};

static int make(void **state)
{
    static struct rows x;
    x = (struct rows){ .path = "/tmp/loadgen-rows-XXXXXX",
                       .stats = stats_new(&small_plan),
                       .scratch = { hist_new(), hist_new() } };
    const int fd = mkstemp(x.path);
    *state = &x;
    if (fd < 0 || close(fd) || !x.stats || !x.scratch[0] || !x.scratch[1])
        return -1;
    return csv_create(&x.w, x.path, "head", &x.e);
}

static int drop(void **state)
{
    struct rows *x = *state;
    csv_close(&x->w, &x->e);
    stats_free(x->stats);
    hist_free(x->scratch[0]);
    hist_free(x->scratch[1]);
    free(x->text);
    return unlink(x->path);
}

/* What was written after the header row. */
static inline const char *written(struct rows *x)
{
    size_t length;
    assert_int_equal(csv_close(&x->w, &x->e), 0);
    free(x->text);
    x->text = NULL;
    assert_int_equal(files_read(x->path, 1 << 20, &x->text, &length, &x->e), 0);
    return strchr(x->text, '\n') + 1;
}

#endif
