#include "within_steps.h"

#include "derived.h"
#include "hist.h"
#include "units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const unsigned lengths_s[] = { 1, 2, 4, 12, 60, 120, 360, 720, 3600, 7200, 21600, 43200, 86400 };
enum { N_LENGTHS = sizeof lengths_s / sizeof *lengths_s };

unsigned within_step_s(double duration_s)
{
    for (size_t i = 0; i < N_LENGTHS; i++)
        if (duration_s / lengths_s[i] <= WITHIN_STEPS_MOST)
            return lengths_s[i];
    const unsigned last_s = lengths_s[N_LENGTHS - 1];
    return last_s * (unsigned)ceil(duration_s / WITHIN_STEPS_MOST / last_s);
}

static unsigned next_length_s(unsigned step_s)
{
    for (size_t i = 0; i + 1 < N_LENGTHS; i++)
        if (lengths_s[i] == step_s)
            return lengths_s[i + 1];
    return 2 * step_s;
}

void within_steps_fini(struct within_steps *s)
{
    for (size_t i = 0; s->steps && i < WITHIN_STEPS_MOST; i++)
        hist_free(s->steps[i].ok);
    free(s->steps);
    *s = (struct within_steps){ 0 };
}

static void add_times(struct within_steps *s, struct within_step *step, const struct hist *ok)
{
    if (!ok || ok->n == 0)
        return;
    if (!step->ok)
        step->ok = hist_new_compact();
    if (step->ok) {
        hist_merge(step->ok, ok);
        step->ok->max_ns = hist_highest_ns(hist_last(step->ok)); /* as in hist.hlog */
    }
    s->lacks_memory |= !step->ok || step->ok->n_lost > 0;
}

/* Adds a step to an earlier one, of which it becomes a part, and empties it. */
static void merge(struct within_steps *s, struct within_step *into, struct within_step *from,
                  uint64_t from_start_ns)
{
    if (into == from)
        return;
    if (!into->ok) {
        into->ok = from->ok;
        from->ok = NULL;
    }
    add_times(s, into, from->ok);
    into->n_bad += from->n_bad;
    into->n_good += from->n_good;
    into->is_partial |= from->is_partial;
    if (from->covered_ns > 0)
        into->covered_ns = from_start_ns + from->covered_ns;
    hist_free(from->ok);
    *from = (struct within_step){ 0 };
}

static void coarsen(struct within_steps *s)
{
    const unsigned longer_s = next_length_s(s->step_s),
                   n = s->step_s > 0 && longer_s > s->step_s ? longer_s / s->step_s : 1;
    for (size_t i = 0; i < WITHIN_STEPS_MOST; i++) {
        struct within_step *into = &s->steps[i / n];
        if (i % n == 0 && into != &s->steps[i]) {
            *into = s->steps[i];
            s->steps[i] = (struct within_step){ 0 };
        } else {
            merge(s, into, &s->steps[i], (i % n) * s->step_s * NS_PER_S);
        }
    }
    s->step_s = longer_s;
}

void within_steps_add(struct within_steps *s, const struct within_second *second)
{
    if (s->step_s == 0) {
        s->steps = calloc(WITHIN_STEPS_MOST, sizeof *s->steps);
        s->step_s = 1;
        s->lacks_memory = !s->steps;
    }
    if (!s->steps)
        return;
    while (second->index / s->step_s >= WITHIN_STEPS_MOST)
        coarsen(s);
    struct within_step *step = &s->steps[second->index / s->step_s];
    const uint64_t end_ns = second->index % s->step_s * NS_PER_S + second->length_ns;
    add_times(s, step, second->ok);
    step->n_bad += second->n_bad;
    step->n_good += second->n_good;
    step->is_partial |= second->is_partial;
    if (end_ns > step->covered_ns)
        step->covered_ns = end_ns;
}

/* Whether the cluster was active at that time, outside of warm-up. */
static bool is_measured(const struct derived_run *run, const char *cluster, uint64_t at_ns)
{
    bool is_active = false;
    for (size_t i = 0; i < run->n_phases; i++) {
        const struct derived_phase *phase = &run->phases[i];
        if (strcmp(phase->cluster, cluster) != 0 || phase->start_ns == DERIVED_NONE ||
            phase->start_ns > at_ns || at_ns >= phase->end_ns)
            continue;
        if (phase->warmup)
            return false;
        is_active |= strcmp(phase->kind, "pause") != 0;
    }
    return is_active;
}

size_t within_steps_list(struct within_steps *s, const struct derived_run *run, const char *cluster,
                         double duration_s, struct run_second *out)
{
    size_t n = 0;
    if (!s->steps || s->lacks_memory)
        return 0;
    while (s->step_s < within_step_s(duration_s))
        coarsen(s);
    const uint64_t step_ns = s->step_s * NS_PER_S;
    for (size_t i = 0; i < WITHIN_STEPS_MOST; i++) {
        const struct within_step *step = &s->steps[i];
        if (step->is_partial || step->covered_ns + 1000 <= step_ns ||
            !is_measured(run, cluster, i * step_ns + step_ns / 2))
            continue;
        out[n++] = (struct run_second){ .ok = step->ok,
                                        .n_attempts = (step->ok ? step->ok->n : 0) + step->n_bad,
                                        .n_good = step->n_good };
    }
    return n;
}
