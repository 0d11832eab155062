/* The streams and phases of a plan as a table that is as wide as a terminal at most. */
#include "plan_view.h"
#include "recording.h"
#include "table.h"
#include "units.h"
#include "wrap.h"

#include <string.h>

enum { CELL_BYTES = 96, GAP = 2 };

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static const char *const arrivals_names[] = {
    [PLAN_CONSTANT] = "constant", [PLAN_POISSON] = "poisson", [PLAN_RECORDED] = "recorded"
};

static void load_text(const struct plan_stream *s, bool is_http2, char *out)
{
    char count[UNITS_TEXT_BYTES];
    char time[UNITS_TEXT_BYTES];
    char each[32] = "";
    if (is_http2 && s->in_flight_most > 1)
        snprintf(each, sizeof each, s->model == PLAN_OPEN ? " of %u streams" : ", %u per connection",
                 s->in_flight_most);
    if (s->model == PLAN_OPEN)
        snprintf(out, CELL_BYTES, "%s, %s connection%s%s", arrivals_names[s->arrivals],
                 units_count_text(s->n_connections, count), plural(s->n_connections), each);
    else
        snprintf(out, CELL_BYTES, "%s user%s%s%s%s", units_count_text(s->n_users, count), plural(s->n_users),
                 each, s->think_ns ? ", think " : "",
                 s->think_ns ? units_duration_text(s->think_ns, time) : "");
}

static void rate_text(const struct plan_phase *p, char *out, size_t out_bytes)
{
    char from[UNITS_TEXT_BYTES];
    char to[UNITS_TEXT_BYTES];
    units_limit_text(p->rate_per_s, from);
    if (p->kind == PLAN_PHASE_RAMP)
        snprintf(out, out_bytes, "%s/s to %s/s", from, units_limit_text(p->rate_end_per_s, to));
    else
        snprintf(out, out_bytes, "%s/s", from);
}

static void replay_text(const struct plan_phase *p, char *out)
{
    const struct recording_part *part = p->replay;
    const char *slash = strrchr(part->name, '/');
    char rate[UNITS_TEXT_BYTES];
    int used =
        snprintf(out, CELL_BYTES, "%s%.24s", p->warmup ? "warm-up, " : "", slash ? slash + 1 : part->name);
    if (part->speed != 1)
        used += snprintf(out + used, CELL_BYTES - (size_t)used, " at speed %g", part->speed);
    snprintf(out + used, CELL_BYTES - (size_t)used, ", at most %s/s",
             units_limit_text((double)part->n_busiest * part->speed, rate));
}

static void what_text(const struct plan_stream *s, const struct plan_phase *p, char *out)
{
    char rate[2 * UNITS_TEXT_BYTES + 8];
    const char *what = rate;
    switch (p->kind) {
    case PLAN_PHASE_REQUESTS:
    case PLAN_PHASE_DURATION:
        what = s->n_users > 1 ? "each one after the other" : "one after the other";
        break;
    case PLAN_PHASE_RATE:
    case PLAN_PHASE_RAMP:
        rate_text(p, rate, sizeof rate);
        break;
    case PLAN_PHASE_BURST:
        what = "all at once";
        break;
    case PLAN_PHASE_REPLAY:
        replay_text(p, out);
        return;
    case PLAN_PHASE_PAUSE:
        what = "pause";
        break;
    }
    snprintf(out, CELL_BYTES, "%s%s", p->warmup ? "warm-up, " : "", what);
}

/* Words for the phase, its number of requests, and its length. */
static void phase_cells(struct table *t, const struct plan_stream *s, const struct plan_phase *p)
{
    char what[CELL_BYTES], text[UNITS_TEXT_BYTES];
    const bool is_about =
        s->arrivals == PLAN_POISSON && (p->kind == PLAN_PHASE_RATE || p->kind == PLAN_PHASE_RAMP);
    const bool is_limit = p->kind == PLAN_PHASE_REQUESTS;
    what_text(s, p, what);
    table_cell(t, "%s", p->name);
    table_cell(t, "%s", what);
    if (p->n_requests)
        table_cell(t, "%s%s%s", is_about ? "about " : "", units_count_text(p->n_requests, text),
                   !s->session          ? ""
                   : p->n_requests == 1 ? " pass"
                                        : " passes");
    else
        table_cell(t, "%s", "");
    if (p->duration_ns)
        table_cell(t, "%s%s", is_limit ? "at most " : "", units_duration_text(p->duration_ns, text));
    else
        table_cell(t, "%s", is_limit ? "until done" : "at once");
}

static void stream_cells(struct table *t, const struct plan *plan, const struct plan_stream *s)
{
    char load[CELL_BYTES];
    load_text(s, plan_is_http2(plan, s), load);
    table_cell(t, "%s (%s)", s->name, s->cluster);
    table_cell(t, "%s", load);
}

static void columns(struct table *t, unsigned indent, size_t n_left)
{
    for (size_t i = 0; i < n_left; i++)
        table_column(t, TABLE_LEFT, i == 0 ? indent : GAP);
}

static void phase_columns(struct table *t, unsigned indent)
{
    columns(t, indent, 2);
    table_column(t, TABLE_RIGHT, GAP);
    table_column(t, TABLE_LEFT, GAP);
}

static void headings(struct table *t, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        table_cell(t, "%s", words[i]);
}

static const char *const stream_headings[] = { "stream", "load" };
static const char *const phase_headings[] = { "phase", "", "requests", "for" };

/* A row for each phase; a stream's name and load stand beside its first. */
static void beside(const struct plan *plan, struct table *t)
{
    columns(t, GAP, 2);
    phase_columns(t, GAP);
    headings(t, stream_headings, 2);
    headings(t, phase_headings, 4);
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct plan_stream *s = &plan->streams[i];
        for (size_t k = 0; k < s->n_phases; k++) {
            if (k == 0)
                stream_cells(t, plan, s);
            else
                headings(t, (const char *const[]){ "", "" }, 2);
            phase_cells(t, s, &s->phases[k]);
        }
    }
}

/* The stream's name and load: a row of the table, or, where that is too wide, a line each. */
static void print_stream(const struct plan *plan, size_t stream, const struct table *streams, FILE *out)
{
    if (table_width(streams) <= WRAP_COLUMNS) {
        table_print_row(streams, stream + 1, out);
        return;
    }
    const struct plan_stream *s = &plan->streams[stream];
    char load[CELL_BYTES];
    load_text(s, plan_is_http2(plan, s), load);
    fprintf(out, "  %s (%s)\n    %s\n", s->name, s->cluster, load);
}

/* Where that is too wide: the phases below their stream. */
static void below(const struct plan *plan, FILE *out)
{
    struct table streams = { 0 }, phases = { 0 };
    columns(&streams, GAP, 2);
    headings(&streams, stream_headings, 2);
    phase_columns(&phases, 2 * GAP);
    headings(&phases, phase_headings, 4);
    for (size_t i = 0; i < plan->n_streams; i++) {
        stream_cells(&streams, plan, &plan->streams[i]);
        for (size_t k = 0; k < plan->streams[i].n_phases; k++)
            phase_cells(&phases, &plan->streams[i], &plan->streams[i].phases[k]);
    }
    if (!streams.failed && !phases.failed) {
        size_t row = 0;
        fputs(table_width(&streams) <= WRAP_COLUMNS ? "" : "  stream\n    load\n", out);
        if (table_width(&streams) <= WRAP_COLUMNS)
            table_print_row(&streams, 0, out);
        table_print_row(&phases, row++, out);
        for (size_t i = 0; i < plan->n_streams; i++) {
            print_stream(plan, i, &streams, out);
            for (size_t k = 0; k < plan->streams[i].n_phases; k++)
                table_print_row(&phases, row++, out);
        }
    }
    table_fini(&streams);
    table_fini(&phases);
}

void plan_view_table(const struct plan *plan, FILE *out)
{
    struct table t = { 0 };
    beside(plan, &t);
    if (table_width(&t) <= WRAP_COLUMNS)
        table_print(&t, out);
    else
        below(plan, out);
    table_fini(&t);
}
