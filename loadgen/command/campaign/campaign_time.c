#include "campaign_time.h"

#include "campaign.h"
#include "units.h"

size_t campaign_time_runs(const struct campaign *c)
{
    return c->n_pairs * (size_t)campaign_runs_per_pair(c);
}

uint64_t campaign_time_planned_ns(const struct campaign_time *t, const struct campaign *c)
{
    const size_t n_runs = campaign_time_runs(c);
    uint64_t sum_ns = n_runs > 1 ? (n_runs - 1) * t->gap_ns : 0;
    for (size_t i = 0; i < c->n_pairs; i++)
        for (int is_b = 0; is_b < campaign_runs_per_pair(c); is_b++)
            sum_ns += t->lengths[c->pairs[i].kind][is_b].ns;
    return sum_ns;
}

uint64_t campaign_time_left_ns(const struct campaign_time *t)
{
    const size_t n_left = t->n_runs > t->n_done ? t->n_runs - t->n_done : 0;
    return t->n_made > 0 ? t->made_ns / t->n_made * n_left : 0;
}

/* An estimate: no fractions of a second from ten seconds on. */
static const char *about_text(uint64_t ns, char *out)
{
    if (ns >= 10 * NS_PER_S && ns < 60 * NS_PER_S)
        snprintf(out, UNITS_TEXT_BYTES, "%.0f s", (double)ns / 1e9);
    else
        units_duration_text(ns, out);
    return out;
}

static bool is_least(const struct campaign_time *t)
{
    bool is = false;
    for (int kind = 0; kind < 2; kind++)
        for (int is_b = 0; is_b < 2; is_b++)
            is = is || t->lengths[kind][is_b].is_least;
    return is;
}

struct plan_length campaign_time_ahead(const struct campaign_time *t, const struct campaign *c)
{
    const double share_left = t->n_runs > 0 ? (double)(t->n_runs - t->n_done) / (double)t->n_runs : 0;
    return (struct plan_length){ .ns = (uint64_t)((double)campaign_time_planned_ns(t, c) * share_left),
                                 .is_least = is_least(t) };
}

void campaign_time_print(FILE *out, const struct campaign_time *t, const struct campaign *c)
{
    char text[UNITS_TEXT_BYTES];
    const size_t n_left = t->n_runs - t->n_done;
    if (n_left == 0) {
        fprintf(out, "  all %zu runs are there\n", t->n_runs);
        return;
    }
    const uint64_t left_ns = campaign_time_ahead(t, c).ns;
    fprintf(out, "  %zu run%s", n_left, n_left == 1 ? "" : "s");
    if (t->n_done > 0)
        fprintf(out, " of %zu left", t->n_runs);
    if (t->gap_ns > 0)
        fprintf(out, " with a gap of %s", units_duration_text(t->gap_ns, text));
    else
        fputs(" without a gap", out);
    if (left_ns > 0)
        fprintf(out, ", %s %s", is_least(t) ? "more than" : "about", about_text(left_ns, text));
    fputs(is_least(t) ? "; the first shows how long\n" : "\n", out);
}
