#include "campaign_time.h"

#include "campaign.h"
#include "units.h"

static bool is_one_run(const struct campaign *c, const struct campaign_pair *pair)
{
    return c->is_side_by_side && pair->kind == CAMPAIGN_AB;
}

size_t campaign_time_runs(const struct campaign *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_pairs; i++)
        n += is_one_run(c, &c->pairs[i]) ? 1 : 2;
    return n;
}

uint64_t campaign_time_planned_ns(const struct campaign_time *t, const struct campaign *c)
{
    const size_t n_runs = campaign_time_runs(c);
    uint64_t sum_ns = n_runs > 1 ? (n_runs - 1) * t->gap_ns : 0;
    const uint64_t a_ns = t->arms[0].ns, b_ns = t->arms[1].ns;
    for (size_t i = 0; i < c->n_pairs; i++)
        if (is_one_run(c, &c->pairs[i]))
            sum_ns += a_ns > b_ns ? a_ns : b_ns;
        else
            sum_ns += a_ns + (c->pairs[i].kind == CAMPAIGN_AA ? a_ns : b_ns);
    return sum_ns;
}

uint64_t campaign_time_left_ns(const struct campaign_time *t)
{
    const size_t n_left = t->n_runs > t->n_done ? t->n_runs - t->n_done : 0;
    return t->n_made > 0 ? t->made_ns / t->n_made * n_left : 0;
}

void campaign_time_print(FILE *out, const struct campaign_time *t, const struct campaign *c)
{
    char gap[UNITS_TEXT_BYTES], all[UNITS_TEXT_BYTES];
    const size_t n_left = t->n_runs - t->n_done;
    const double share_left = (double)n_left / (double)(t->n_runs ? t->n_runs : 1);
    const uint64_t left_ns = (uint64_t)((double)campaign_time_planned_ns(t, c) * share_left);
    const bool is_least = t->arms[0].is_least || t->arms[1].is_least;
    fprintf(out, "  %zu run%s", n_left, n_left == 1 ? "" : "s");
    if (t->n_done > 0)
        fprintf(out, " of %zu still to be made", t->n_runs);
    fprintf(out, ", %s between two: ", t->gap_ns ? units_duration_text(t->gap_ns, gap) : "nothing");
    if (left_ns == 0)
        fputs("how long requests take shows with the first\n", out);
    else if (is_least)
        fprintf(out, "more than %s; how long requests take shows with the first\n",
                units_duration_text(left_ns, all));
    else
        fprintf(out, "about %s\n", units_duration_text(left_ns, all));
}
