#include "plan_view.h"

#include "recording.h"
#include "units.h"

#include <inttypes.h>
#include <string.h>

enum { CELL_BYTES = 96, COLUMNS = 6 };

struct row {
    char cells[COLUMNS][CELL_BYTES];
};

static const bool is_right[COLUMNS] = { [4] = true };

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

static void phase_cells(const struct plan_stream *s, const struct plan_phase *p, struct row *row)
{
    char text[UNITS_TEXT_BYTES];
    const bool is_about =
        s->arrivals == PLAN_POISSON && (p->kind == PLAN_PHASE_RATE || p->kind == PLAN_PHASE_RAMP);
    const bool is_limit = p->kind == PLAN_PHASE_REQUESTS;
    snprintf(row->cells[2], CELL_BYTES, "%s", p->name);
    what_text(s, p, row->cells[3]);
    if (p->n_requests)
        snprintf(row->cells[4], CELL_BYTES, "%s%s%s", is_about ? "about " : "",
                 units_count_text(p->n_requests, text),
                 !s->session          ? ""
                 : p->n_requests == 1 ? " pass"
                                      : " passes");
    if (p->duration_ns)
        snprintf(row->cells[5], CELL_BYTES, "%s%s", is_limit ? "at most " : "",
                 units_duration_text(p->duration_ns, text));
    else
        snprintf(row->cells[5], CELL_BYTES, "%s", is_limit ? "until done" : "at once");
}

/* Calls `take` for the heading and for each phase; a stream's name stands beside its first. */
typedef void take_row_fn(void *payload, const struct row *row);
static void each_row(const struct plan *plan, take_row_fn *take, void *payload)
{
    static const struct row heading = { { "stream", "load", "phase", "", "requests", "for" } };
    take(payload, &heading);
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct plan_stream *s = &plan->streams[i];
        for (size_t k = 0; k < s->n_phases; k++) {
            struct row row = { { "" } };
            if (k == 0) {
                snprintf(row.cells[0], CELL_BYTES, "%s (%s)", s->name, s->cluster);
                load_text(s, plan_is_http2(plan, s), row.cells[1]);
            }
            phase_cells(s, &s->phases[k], &row);
            take(payload, &row);
        }
    }
}

static void measure_row(void *payload, const struct row *row)
{
    int *widths = payload;
    for (int i = 0; i < COLUMNS; i++) {
        const int width = (int)strlen(row->cells[i]);
        widths[i] = width > widths[i] ? width : widths[i];
    }
}

struct printing {
    FILE *out;
    int widths[COLUMNS];
};

static void print_row(void *payload, const struct row *row)
{
    const struct printing *p = payload;
    for (int i = 0; i < COLUMNS - 1; i++)
        fprintf(p->out, "  %*s", is_right[i] ? p->widths[i] : -p->widths[i], row->cells[i]);
    fprintf(p->out, "  %s\n", row->cells[COLUMNS - 1]);
}

static void print_heading(const struct plan *plan, FILE *out)
{
    char targets[PLAN_TARGETS_TEXT_BYTES];
    const struct plan_deployment *d = &plan->deployment;
    fprintf(out, "%s   %zu stream%s   %s", plan->name, plan->n_streams, plural(plan->n_streams),
            plan_targets_text(plan, targets));
    if (d->present)
        fprintf(out, "   %s: %s%s", d->provider ? d->provider : "deployment", d->topology ? d->topology : "",
                d->emulated ? " (emulated)" : "");
    fputs("\n\n", out);
}

/* How much is sent in all; `is_about`: not all of it is known in advance. */
struct amount {
    uint64_t n_requests, n_passes;
    bool is_about;
};

static struct amount total_of(const struct plan *plan)
{
    struct amount a = { 0 };
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct plan_stream *s = &plan->streams[i];
        a.is_about = a.is_about || (s->model == PLAN_OPEN && s->arrivals == PLAN_POISSON);
        for (size_t k = 0; k < s->n_phases; k++) {
            *(s->session ? &a.n_passes : &a.n_requests) += s->phases[k].n_requests;
            a.is_about = a.is_about || s->phases[k].kind == PLAN_PHASE_DURATION;
        }
    }
    return a;
}

static void print_total(const struct plan *plan, FILE *out)
{
    char text[UNITS_TEXT_BYTES];
    char share[SHARE_TEXT_BYTES];
    const struct plan_length length = plan_length(plan);
    const struct amount total = total_of(plan);
    const uint64_t n_connections = plan_n_connections(plan);
    const char *about = total.is_about ? "about " : "";
    fputs("\n  in total    ", out);
    if (total.n_requests > 0)
        fprintf(out, "%s%s request%s, ", about, units_count_text(total.n_requests, text),
                plural(total.n_requests));
    if (total.n_passes > 0)
        fprintf(out, "%s%s pass%s, ", about, units_count_text(total.n_passes, text),
                total.n_passes == 1 ? "" : "es");
    if (length.ns > 0)
        fprintf(out, "%s%s, ", length.is_least ? "more than " : "", units_duration_text(length.ns, text));
    fprintf(out, "at most %s connection%s, ", units_count_text(n_connections, text), plural(n_connections));
    if (share_count(&plan->share) > 1)
        fprintf(out, "%u shares, this one (%s) with ", share_count(&plan->share),
                share_text(&plan->share, share));
    fprintf(out, "%u thread%s, seed %" PRIu64 "\n", plan->n_threads, plural(plan->n_threads), plan->seed);
}

void plan_view_print(const struct plan *plan, FILE *out)
{
    struct printing p = { .out = out };
    print_heading(plan, out);
    each_row(plan, measure_row, p.widths);
    each_row(plan, print_row, &p);
    plan_view_requests(plan, out);
    plan_view_sessions(plan, out);
    plan_view_feeds(plan, out);
    for (size_t i = 0; i < plan->n_thresholds; i++)
        fprintf(out, "%s%s%s\n", i ? "              " : "\n  thresholds  ", plan->thresholds[i].text,
                plan->thresholds[i].aborts ? "   (ends the run at once)" : "");
    plan_view_shares(plan, out);
    plan_view_threads(plan, out);
    print_total(plan, out);
}
