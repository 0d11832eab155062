#include "fleet_watch.h"

#include "build_facts.h"
#include "fleet_sum.h"
#include "plan.h"
#include "pulse.h"
#include "reduction.h"
#include "run_view.h"
#include "units.h"
#include "version.h"
#include "watch.h"
#include "watch_facts.h"
#include "watch_fill.h"
#include "wire.h"

#include <math.h>

#define SHORTEST_NS (NS_PER_S / 2) /* the rate of a shorter second says nothing */

static void fill_generators(const struct pulse *p, struct watch_facts *f)
{
    const uint32_t n = p->wire->n_ranks;
    f->n_threads = n < PLAN_THREADS_MOST ? n : PLAN_THREADS_MOST;
    for (uint32_t i = 0; i < n; i++) {
        const struct pulse_state *state = &p->ranks[i].state;
        if (i < f->n_threads)
            f->cpu_ratio[i] = state->cpu_pct / 100;
        if (state->lag_p99_ns > 0)
            f->lag_p99_s = fmax(f->lag_p99_s, (double)state->lag_p99_ns / 1e9);
    }
}

/* The run until `now_ns`, and the last second unless `second` is NULL. NULL when memory is short. */
static struct watch_facts *make_facts(const struct fleet_watch *w, uint64_t now_ns,
                                      const struct reduced *second)
{
    const struct run_so_far run = { .stats = w->sum->run, .t0_ns = w->t0_ns, .now_ns = now_ns };
    const struct watch_source source = { .view = w->view,
                                         .run = &run,
                                         .scratch = w->sum->scratch,
                                         .run_id = w->run_id,
                                         .commit = build_facts.commit,
                                         .t0_realtime_ns = w->t0_realtime_ns };
    struct watch_facts *f = watch_fill(&source);
    if (!f)
        return NULL;
    fill_generators(w->pulse, f);
    if (second)
        watch_fill_second(&source, second->sum, second->length_ns, f);
    return f;
}

void fleet_watch_begin(const struct fleet_watch *w)
{
    struct watch_facts *f = w->watch ? make_facts(w, w->t0_ns, NULL) : NULL;
    if (!f)
        return;
    f->is_begin = true;
    watch_publish(w->watch, f);
}

void fleet_watch_second(const struct fleet_watch *w, const struct reduced *second)
{
    const uint64_t end_ns = w->t0_ns + second->second * NS_PER_S + second->length_ns;
    const bool is_shown = w->watch && !second->is_late && second->length_ns >= SHORTEST_NS;
    struct watch_facts *f = is_shown ? make_facts(w, end_ns, second) : NULL;
    if (f)
        watch_publish(w->watch, f);
}

void fleet_watch_end(const struct fleet_watch *w, const char *end, uint64_t now_ns)
{
    struct watch_facts *f = w->watch ? make_facts(w, now_ns, NULL) : NULL;
    if (!f)
        return;
    f->end = end;
    for (size_t i = 0; i < f->n_streams; i++)
        f->streams[i].is_over = true;
    watch_publish(w->watch, f);
}
