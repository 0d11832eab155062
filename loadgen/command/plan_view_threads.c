/* What each thread gets of each stream: threads that get the same stand together. */
#include "division.h"
#include "plan_view.h"
#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { PART_BYTES = 160, INDENT = 14 };

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static bool is_random(const struct plan_stream *s)
{
    return s->model == PLAN_OPEN && s->arrivals == PLAN_POISSON;
}

/* Arrivals are divided over the phases as one, requests of users phase by phase. */
static uint64_t n_requests(const struct plan_stream *s, const struct division *part)
{
    uint64_t all = 0;
    uint64_t sum = 0;
    for (size_t k = 0; k < s->n_phases; k++) {
        all += s->phases[k].n_requests;
        sum += division_n_of(part, s->phases[k].n_requests);
    }
    return s->model == PLAN_OPEN ? division_n_of(part, all) : sum;
}

/* The highest rate of the stream; `*varies` says whether there are others. */
static double highest_rate_per_s(const struct plan_stream *s, bool *varies)
{
    double least = INFINITY;
    double most = 0;
    for (size_t k = 0; k < s->n_phases; k++) {
        const struct plan_phase *p = &s->phases[k];
        if (p->kind != PLAN_PHASE_RATE && p->kind != PLAN_PHASE_RAMP)
            continue;
        least = fmin(least, fmin(p->rate_per_s, p->rate_end_per_s));
        most = fmax(most, fmax(p->rate_per_s, p->rate_end_per_s));
    }
    *varies = least < most;
    return most;
}

static void part_text(const struct plan_stream *s, const struct division *part, char *out)
{
    char text[UNITS_TEXT_BYTES];
    bool varies;
    const uint64_t own = division_n_connections(part);
    const uint64_t n = n_requests(s, part);
    const double rate_per_s = highest_rate_per_s(s, &varies) * (double)own / (double)part->n_connections;
    int used = snprintf(out, PART_BYTES, "%s %s%s", units_count_text(own, text),
                        s->model == PLAN_OPEN ? "connection" : "user", plural(own));
    if (n > 0)
        used += snprintf(out + used, PART_BYTES - (size_t)used, ", %s%s request%s",
                         is_random(s) ? "about " : "", units_count_text(n, text), plural(n));
    if (rate_per_s > 0)
        snprintf(out + used, PART_BYTES - (size_t)used, ", %s%s/s", varies ? "at most " : "",
                 units_limit_text(rate_per_s, text));
}

struct printing {
    FILE *out;
    int name_width;
    const char *stream; /* its name is still to be printed; it stands beside its first line */
    bool has_begun;
};

static void print_part(struct printing *p, uint32_t first, uint32_t last, const char *text)
{
    fprintf(p->out, "%*s%-*s  ", INDENT, p->has_begun ? "" : "\n  by thread   ", p->name_width, p->stream);
    if (first == last)
        fprintf(p->out, "thread %u: %s\n", first + 1, text);
    else
        fprintf(p->out, "threads %u to %u: %s each\n", first + 1, last + 1, text);
    p->has_begun = true;
    p->stream = "";
}

/* Runs of threads that get the same; those without a connection of the stream are left out. */
static void print_stream(struct printing *p, const struct plan *plan, size_t stream)
{
    const struct plan_stream *s = &plan->streams[stream];
    char text[PART_BYTES] = "";
    uint32_t first = 0;
    p->stream = s->name;
    for (uint32_t k = 0; k <= plan->n_threads; k++) {
        char next[PART_BYTES] = "";
        const struct division part = division_of(plan, stream, k);
        if (k < plan->n_threads && division_n_connections(&part) > 0)
            part_text(s, &part, next);
        if (k > 0 && k < plan->n_threads && strcmp(text, next) == 0)
            continue;
        if (text[0])
            print_part(p, first, k - 1, text);
        first = k;
        memcpy(text, next, sizeof text);
    }
}

static void print_idle(struct printing *p, const struct plan *plan)
{
    const uint64_t n = plan_n_connections(plan);
    if (n < plan->n_threads)
        fprintf(p->out, "%*s%" PRIu64 " thread%s without a connection: nothing to do\n", INDENT, "",
                plan->n_threads - n, plural(plan->n_threads - n));
}

void plan_view_threads(const struct plan *plan, FILE *out)
{
    struct printing p = { .out = out };
    if (plan->n_threads == 1)
        return;
    for (size_t i = 0; i < plan->n_streams; i++) {
        const int width = (int)strlen(plan->streams[i].name);
        p.name_width = width > p.name_width ? width : p.name_width;
    }
    for (size_t i = 0; i < plan->n_streams; i++)
        print_stream(&p, plan, i);
    print_idle(&p, plan);
}
