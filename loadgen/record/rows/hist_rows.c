#include "hist_rows.h"

#include "err.h"
#include "hlog.h"
#include "names.h"
#include "plan.h"
#include "stats_query.h"

#include <stdio.h>

enum { TAG_BYTES = 3 * PLAN_NAME_BYTES + PLAN_ROW_BYTES + NAMES_TEXT_BYTES + 64 };

struct walk {
    const struct plan *plan;
    const struct names *instances;
    hist_rows_fn *visit;
    void *payload;
    struct err *e;
};

/* The place of histograms in the plan. */
struct place {
    const struct plan_stream *stream;
    size_t row, phase;
    enum outcome outcome;
};

static int visit_one(const struct walk *walk, const struct place *place, enum metric metric,
                     const char *instance, const struct hist *h)
{
    char tag[TAG_BYTES];
    if (!h || h->n == 0)
        return 0;
    const char *row = plan_row_name(place->stream, place->row);
    snprintf(tag, sizeof tag, "%s.%s%s%s.%s.%s.%s.%s", metric_name(metric), place->stream->name,
             *row ? "/" : "", row, place->stream->cluster, place->stream->phases[place->phase].name,
             outcome_name(place->outcome), instance);
    return walk->visit(walk->payload, tag, h, walk->e);
}

static int walk_times(const struct walk *walk, const struct place *place, const struct stats_times *times)
{
    const enum metric headline = stats_row_headline(place->stream, place->row);
    for (int m = 0; m < N_METRICS; m++)
        if (visit_one(walk, place, (enum metric)m, "all", times->metrics[m]))
            return -1;
    for (uint32_t i = 0; i < times->n_instances; i++)
        if (times->instances[i] &&
            visit_one(walk, place, headline, names_text(walk->instances, i), times->instances[i]))
            return -1;
    return 0;
}

int hist_rows_walk(const struct stats *stats, const struct plan *plan, const struct names *instances,
                   hist_rows_fn *visit, void *payload, struct err *e)
{
    const struct walk walk = { plan, instances, visit, payload, e };
    for (size_t s = 0; s < plan->n_streams; s++) {
        const struct plan_stream *stream = &plan->streams[s];
        for (size_t c = 0; c < stream->n_rows * stream->n_phases; c++)
            for (int o = 0; o < N_OUTCOMES; o++) {
                const struct place place = { stream, c / stream->n_phases, c % stream->n_phases,
                                             (enum outcome)o };
                const struct stats_times *times = stats->cells[stream->first_cell_index + c].times[o];
                if (times && walk_times(&walk, &place, times))
                    return -1;
            }
    }
    return 0;
}

struct line {
    struct hlog_writer *writer;
    uint64_t start_ns, length_ns;
};

static int write_line(void *payload, const char *tag, const struct hist *h, struct err *e)
{
    const struct line *line = payload;
    (void)e;
    hlog_write(line->writer, tag, line->start_ns, line->length_ns, h);
    return 0;
}

void hist_rows_write(struct hlog_writer *w, const struct stats *sum, const struct plan *plan,
                     const struct names *instances, uint64_t start_ns, uint64_t length_ns)
{
    struct line line = { w, start_ns, length_ns };
    hist_rows_walk(sum, plan, instances, write_line, &line, NULL);
}
