#include "hist_rows.h"

#include "err.h"
#include "hlog.h"
#include "names.h"
#include "plan.h"
#include "stats.h"

#include <stdio.h>

enum { TAG_BYTES = 3 * PLAN_NAME_BYTES + NAMES_TEXT_BYTES + 64 };

struct walk {
    const struct plan *plan;
    const struct names *instances;
    hist_rows_fn *visit;
    void *payload;
    struct err *e;
};

/* The place of a cell in the plan. */
struct place {
    const struct plan_stream *stream;
    const struct plan_phase *phase;
    enum outcome outcome;
};

static int visit_one(const struct walk *walk, const struct place *place, enum metric metric,
                     const char *instance, const struct hist *h)
{
    char tag[TAG_BYTES];
    if (!h || h->n == 0)
        return 0;
    snprintf(tag, sizeof tag, "%s.%s.%s.%s.%s.%s", metric_name(metric), place->stream->name,
             place->stream->cluster, place->phase->name, outcome_name(place->outcome), instance);
    return walk->visit(walk->payload, tag, h, walk->e);
}

static int walk_cell(const struct walk *walk, const struct place *place, const struct stats_cell *cell)
{
    const enum metric headline = place->stream->model == PLAN_OPEN ? METRIC_RESPONSE : METRIC_SERVICE;
    for (int m = 0; m < N_METRICS; m++)
        if (visit_one(walk, place, (enum metric)m, "all", cell->metrics[m]))
            return -1;
    for (uint32_t i = 0; i < cell->n_instances; i++)
        if (cell->instances[i] &&
            visit_one(walk, place, headline, names_text(walk->instances, i), cell->instances[i]))
            return -1;
    return 0;
}

int hist_rows_walk(const struct stats *stats, const struct plan *plan, const struct names *instances,
                   hist_rows_fn *visit, void *payload, struct err *e)
{
    const struct walk walk = { plan, instances, visit, payload, e };
    for (size_t s = 0; s < plan->n_streams; s++) {
        const struct plan_stream *stream = &plan->streams[s];
        for (size_t k = 0; k < stream->n_phases; k++)
            for (int o = 0; o < N_OUTCOMES; o++) {
                const struct place place = { stream, &stream->phases[k], (enum outcome)o };
                const struct stats_cell *cell = stats->phases[stream->first_phase_index + k].cells[o];
                if (cell && walk_cell(&walk, &place, cell))
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
