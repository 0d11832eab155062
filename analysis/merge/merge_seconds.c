#include "merge_seconds.h"

#include "csv.h"
#include "err.h"
#include "hist.h"
#include "hlog.h"
#include "merge_columns.h"
#include "merge_interval.h"
#include "merge_state.h"
#include "run_file.h"
#include "tag_set.h"

#include <stdbool.h>
#include <stdlib.h>

/* The two files of one run, each with its next line. */
struct source {
    const struct merge_run *run;
    struct hlog_reader log;
    struct hlog_line line;
    bool has_line;
    struct csv_reader intervals;
    int t_column;
    bool has_row;
    uint64_t line_second, row_second; /* of the next ones in the merged run */
};

struct seconds {
    struct source *sources; /* owned */
    size_t n_sources;
    struct tag_set tags; /* of the second */
    uint64_t length_ns;  /* of its longest line */
    struct hlog_writer log;
    struct csv_writer intervals;
    struct merge_interval rows; /* of the second */
};

static int next_line(struct source *s, struct err *e)
{
    const int more = hlog_next(&s->log, &s->line, e);
    s->has_line = more > 0;
    s->line_second = s->line.start_ns / 1000000000 + s->run->shift_s;
    return more < 0 ? -1 : 0;
}

static int next_row(struct source *s, struct err *e)
{
    const int more = csv_next(&s->intervals, e);
    s->has_row = more > 0;
    if (more <= 0)
        return more;
    if (csv_get_u64(&s->intervals, s->t_column, 0, &s->row_second, e))
        return -1;
    s->row_second += s->run->shift_s;
    return 0;
}

static int open_source(struct source *s, const struct merge_run *run, struct err *e)
{
    char path[PATH_MAX];
    s->run = run;
    if (run_file_path(run->folder, "hist.hlog", path, e) || hlog_open(&s->log, path, e) || next_line(s, e) ||
        run_file_open(&s->intervals, run->folder, "intervals.csv", e))
        return -1;
    s->t_column = csv_column(&s->intervals, "t_s", e);
    return s->t_column < 0 ? -1 : next_row(s, e);
}

static int open_all(struct seconds *x, const struct merge *m, struct err *e)
{
    char path[PATH_MAX];
    x->sources = calloc(m->n_runs, sizeof *x->sources);
    if (!x->sources)
        return err_set(e, ERR_FAILED, "out of memory for %zu runs", m->n_runs);
    for (; x->n_sources < m->n_runs; x->n_sources++) {
        struct source *s = &x->sources[x->n_sources];
        if (open_source(s, &m->runs[x->n_sources], e) ||
            merge_columns_same(&x->sources[0].intervals, &s->intervals, e)) {
            x->n_sources++;
            return -1;
        }
    }
    if (run_file_path(m->out, "hist.hlog", path, e) ||
        hlog_create(&x->log, path, m->runs[0].t0_realtime_ns, e) ||
        run_file_path(m->out, "intervals.csv", path, e) ||
        merge_columns_create(&x->intervals, path, &x->sources[0].intervals, e))
        return -1;
    return merge_interval_init(&x->rows, &m->first, m->n_runs, &x->sources[0].intervals, e);
}

/* The earliest second still to be read from any file; UINT64_MAX at the end. */
static uint64_t earliest(const struct seconds *x)
{
    uint64_t second = UINT64_MAX;
    for (size_t i = 0; i < x->n_sources; i++) {
        const struct source *s = &x->sources[i];
        if (s->has_line && s->line_second < second)
            second = s->line_second;
        if (s->has_row && s->row_second < second)
            second = s->row_second;
    }
    return second;
}

static int take_second(struct seconds *x, struct source *s, uint64_t second, struct err *e)
{
    while (s->has_line && s->line_second == second) {
        const size_t row = tag_set_row(&x->tags, s->line.tag, e);
        if (row == TAG_SET_NONE)
            return err_prefix(e, "%s/hist.hlog", s->run->folder);
        if (s->line.length_ns > x->length_ns)
            x->length_ns = s->line.length_ns;
        if (hlog_decode(&s->log, x->tags.rows[row].hist, e) || next_line(s, e))
            return -1;
    }
    while (s->has_row && s->row_second == second)
        if (merge_interval_add(&x->rows, &s->intervals, e) || next_row(s, e))
            return -1;
    return 0;
}

static void write_hists(struct seconds *x, uint64_t second)
{
    char tag[TAGS_TEXT_BYTES];
    for (size_t i = 0; i < x->tags.n; i++) {
        const struct tag_row *row = &x->tags.rows[i];
        hlog_write(&x->log, tags_format(&row->tag, tag), second * 1000000000, x->length_ns, row->hist);
    }
}

static int merge_all(struct seconds *x, struct err *e)
{
    for (uint64_t second; (second = earliest(x)) != UINT64_MAX;) {
        x->length_ns = 0;
        for (size_t i = 0; i < x->n_sources; i++)
            if (take_second(x, &x->sources[i], second, e))
                return -1;
        write_hists(x, second);
        merge_interval_write(&x->rows, &x->intervals, second, &x->tags);
        for (size_t i = 0; i < x->tags.n; i++)
            hist_clear(x->tags.rows[i].hist);
    }
    return 0;
}

int merge_seconds(const struct merge *m, struct err *e)
{
    struct seconds x = { 0 };
    struct err closing;
    int status = open_all(&x, m, e) ? -1 : merge_all(&x, e);
    if (hlog_close(&x.log, status ? &closing : e))
        status = -1;
    if (csv_close(&x.intervals, status ? &closing : e))
        status = -1;
    for (size_t i = 0; i < x.n_sources; i++) {
        hlog_reader_fini(&x.sources[i].log);
        csv_reader_fini(&x.sources[i].intervals);
    }
    free(x.sources);
    tag_set_fini(&x.tags);
    merge_interval_fini(&x.rows);
    return status;
}
