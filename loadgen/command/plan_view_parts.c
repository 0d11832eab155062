/* What each generator of several, and each of its threads, gets of each stream: those that get the same stand
 * together. */
#include "division.h"
#include "plan_view.h"
#include "units.h"
#include "wrap.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { PART_BYTES = 160, INDENT = 14, NUMBERS_SHOWN_MOST = 3 };

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static bool is_random(const struct plan_stream *s)
{
    return s->model == PLAN_OPEN && s->arrivals == PLAN_POISSON;
}

static uint64_t n_requests(const struct plan_stream *s, const struct division *part)
{
    uint64_t sum = 0;
    for (size_t k = 0; k < s->n_phases; k++)
        sum += division_n_from(part, plan_first_number(s, k), s->phases[k].n_requests);
    return sum;
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

static void part_text(const struct plan *plan, const struct plan_stream *s, const struct division *part,
                      char *out)
{
    char text[UNITS_TEXT_BYTES];
    bool varies;
    const uint64_t own = division_n_connections(part);
    const uint64_t n_users = plan_is_http2(plan, s) ? own * s->in_flight_most : own;
    const uint64_t n_shown = s->model == PLAN_OPEN ? own : n_users;
    const uint64_t n = n_requests(s, part);
    const double rate_per_s = highest_rate_per_s(s, &varies) * (double)own / (double)part->n_connections;
    int used = snprintf(out, PART_BYTES, "%s %s%s", units_count_text(n_shown, text),
                        s->model == PLAN_OPEN ? "connection" : "user", plural(n_shown));
    if (n > 0)
        used += snprintf(out + used, PART_BYTES - (size_t)used, ", %s%s request%s",
                         is_random(s) ? "about " : "", units_count_text(n, text), plural(n));
    if (rate_per_s > 0)
        snprintf(out + used, PART_BYTES - (size_t)used, ", %s%s/s", varies ? "at most " : "",
                 units_limit_text(rate_per_s, text));
}

/* Of which kind the parts are: those of all generators, or those of this one's threads. */
struct kind {
    const char *heading, *name;
    bool is_share;
    uint32_t n;
};

struct printing {
    const struct plan *plan;
    struct kind kind;
    FILE *out;
    int name_width;
    const char *stream; /* its name is still to be printed; it stands beside its first line */
    bool has_begun;
};

static struct division part_of(const struct printing *p, size_t stream, uint32_t k)
{
    return p->kind.is_share ? division_of_share(p->plan, stream, (struct share){ k, p->kind.n })
                            : division_of(p->plan, stream, k);
}

static void print_line(const char *heading, const char *stream, int name_width, const char *line, FILE *out)
{
    const size_t column = INDENT + (size_t)name_width + 2;
    fprintf(out, "%*s%-*s  ", INDENT, heading, name_width, stream);
    wrap_print(out, line, column, column);
}

static void print_part(struct printing *p, uint32_t first, uint32_t last, const char *text)
{
    char line[PART_BYTES + 64];
    if (first == last)
        snprintf(line, sizeof line, "%s %u: %s", p->kind.name, first + 1, text);
    else
        snprintf(line, sizeof line, "%ss %u to %u: %s each", p->kind.name, first + 1, last + 1, text);
    print_line(p->has_begun ? "" : p->kind.heading, p->stream, p->name_width, line, p->out);
    p->has_begun = true;
    p->stream = "";
}

/* Runs of parts that are the same; those without a connection of the stream are left out. */
static void print_stream(struct printing *p, size_t stream)
{
    const struct plan_stream *s = &p->plan->streams[stream];
    char text[PART_BYTES] = "";
    uint32_t first = 0;
    p->stream = s->name;
    for (uint32_t k = 0; k <= p->kind.n; k++) {
        char next[PART_BYTES] = "";
        if (k < p->kind.n) {
            const struct division part = part_of(p, stream, k);
            if (division_n_connections(&part) > 0)
                part_text(p->plan, s, &part, next);
        }
        if (k > 0 && k < p->kind.n && strcmp(text, next) == 0)
            continue;
        if (text[0])
            print_part(p, first, k - 1, text);
        first = k;
        memcpy(text, next, sizeof text);
    }
}

static bool is_idle(const struct printing *p, uint32_t k)
{
    for (size_t i = 0; i < p->plan->n_streams; i++) {
        const struct division part = part_of(p, i, k);
        if (division_n_connections(&part) > 0)
            return false;
    }
    return true;
}

static void print_idle(const struct printing *p)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < p->kind.n; k++)
        n += is_idle(p, k);
    if (n > 0)
        fprintf(p->out, "%*s%u %s%s without a connection: nothing to do\n", INDENT,
                p->has_begun ? "" : p->kind.heading, n, p->kind.name, plural(n));
}

static int name_width(const struct plan *plan)
{
    int most = 0;
    for (size_t i = 0; i < plan->n_streams; i++) {
        const int width = (int)strlen(plan->streams[i].name);
        most = width > most ? width : most;
    }
    return most;
}

static void print_parts(const struct plan *plan, struct kind kind, FILE *out)
{
    struct printing p = { .plan = plan, .kind = kind, .out = out, .name_width = name_width(plan) };
    for (size_t i = 0; i < plan->n_streams; i++)
        print_stream(&p, i);
    print_idle(&p);
}

void plan_view_threads(const struct plan *plan, FILE *out)
{
    if (plan->n_threads > 1)
        print_parts(plan, (struct kind){ "\n  by thread   ", "thread", false, plan->n_threads }, out);
}

/* Which requests of the stream this share sends, as far as they are known to be sent. */
static void numbers_text(const struct plan_stream *s, const struct division *part,
                         char out[static PART_BYTES])
{
    const uint64_t n_known = is_random(s) ? 0 : n_requests(s, part);
    const uint64_t n_shown = n_known > 0 && n_known < NUMBERS_SHOWN_MOST ? n_known : NUMBERS_SHOWN_MOST;
    struct division_walk own = division_walk_begin(part);
    int used = snprintf(out, PART_BYTES, "numbers ");
    for (uint64_t i = 0; i < n_shown; i++, division_walk_next(&own))
        used += snprintf(out + used, PART_BYTES - (size_t)used, "%s%" PRIu64, i > 0 ? ", " : "", own.number);
    snprintf(out + used, PART_BYTES - (size_t)used, "%s", n_known == n_shown ? "" : ", ...");
}

static void print_own_share(const struct plan *plan, FILE *out)
{
    const char *heading = "  this share  ";
    char text[PART_BYTES], numbers[PART_BYTES], line[2 * PART_BYTES + 4];
    fputc('\n', out);
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct division part = division_of_share(plan, i, plan->share);
        if (division_n_connections(&part) == 0)
            continue;
        part_text(plan, &plan->streams[i], &part, text);
        numbers_text(&plan->streams[i], &part, numbers);
        snprintf(line, sizeof line, "%s; %s", text, numbers);
        print_line(heading, plan->streams[i].name, name_width(plan), line, out);
        heading = "";
    }
    if (*heading)
        fprintf(out, "%snothing to do: no stream has a connection for it\n", heading);
}

void plan_view_shares(const struct plan *plan, FILE *out)
{
    const uint32_t n = share_count(&plan->share);
    if (n == 1)
        return;
    print_parts(plan, (struct kind){ "\n  by share    ", "share", true, n }, out);
    print_own_share(plan, out);
}
