#include "fleet_live.h"

#include "clock.h"
#include "err.h"
#include "fleet_phases.h"
#include "fleet_sum.h"
#include "fleet_watch.h"
#include "hist.h"
#include "plan.h"
#include "pulse.h"
#include "reduction.h"
#include "run_json_write.h"
#include "run_view.h"
#include "stats.h"
#include "stats_query.h"
#include "units.h"
#include "wire.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define WAIT_NS    (400 * NS_PER_MS)
#define SHOW_NS    (1500 * NS_PER_MS) /* without news the view is renewed after this time */
#define REFRESH_NS (100 * NS_PER_MS)  /* the phases */
#define P99_PPM    990000

struct fleet_live {
    struct fleet_live_params params;
    uint64_t t0_ns;
    struct reduction *reduction;
    struct pulse pulse;
    uint64_t cpu_ns, cpu_at_ns; /* of the process, when a pulse last went out */
    /* the collector's thread */
    struct hist *lag_scratch;
    _Atomic uint64_t lag_p99_ns;
    /* rank 0 */
    struct phase_clock *phases; /* of the fleet */
    uint64_t refresh_ns;        /* when they are due */
    struct fleet_sum sum;
    struct run_view view;
    struct fleet_watch watch;
    uint64_t shown_ns;
    bool has_news, misses_threshold;
};

static const enum progress_mode modes[] = {
    [RECORDER_PROGRESS_AUTO] = PROGRESS_LIVE,
    [RECORDER_PROGRESS_PLAIN] = PROGRESS_PLAIN,
    [RECORDER_PROGRESS_NONE] = PROGRESS_NONE,
};

static void take_second(void *payload, const struct reduced *second)
{
    struct fleet_live *l = payload;
    fleet_sum_add(&l->sum, second);
    if (second->is_late)
        run_view_count(&l->view, second->sum);
    else
        run_view_add(&l->view, second->sum, second->length_ns, l->sum.scratch);
    fleet_watch_second(&l->watch, second);
    l->has_news = true;
}

static int init(struct fleet_live *l, const struct fleet_live_params *params, struct err *e)
{
    const struct plan *plan = params->plan;
    l->params = *params;
    l->reduction = reduction_new(
        &(struct reduction_params){
            .wire = params->wire, .plan = plan, .wait_ns = WAIT_NS, .on_second = take_second, .payload = l },
        e);
    l->lag_scratch = hist_new();
    if (!l->reduction || pulse_init(&l->pulse, params->wire, e))
        return -1;
    l->phases = fleet_phases_new(plan);
    if (params->wire->rank == 0 && l->phases &&
        fleet_sum_init(&l->sum, plan, l->phases, params->wire->n_ranks, e))
        return -1;
    if (!l->lag_scratch || !l->phases ||
        (params->wire->rank == 0 && run_view_init(&l->view, plan, l->phases, modes[params->progress])))
        return err_set(e, ERR_FAILED, "out of memory for the live view");
    l->view.share = (struct share){ 0 }; /* it shows the sum of all */
    return 0;
}

struct fleet_live *fleet_live_new(const struct fleet_live_params *params, struct err *e)
{
    struct fleet_live *l = calloc(1, sizeof *l);
    if (!l) {
        err_set(e, ERR_FAILED, "out of memory for the live view");
        return NULL;
    }
    if (init(l, params, e) == 0)
        return l;
    fleet_live_free(l);
    return NULL;
}

void fleet_live_free(struct fleet_live *l)
{
    if (!l)
        return;
    if (l->view.streams)
        run_view_fini(&l->view);
    fleet_sum_fini(&l->sum);
    pulse_fini(&l->pulse);
    reduction_free(l->reduction);
    hist_free(l->lag_scratch);
    free(l->phases);
    free(l);
}

void fleet_live_begin(struct fleet_live *l, uint64_t t0_ns, uint64_t t0_realtime_ns)
{
    l->t0_ns = l->shown_ns = l->cpu_at_ns = t0_ns;
    l->cpu_ns = clock_read_ns(CLOCK_PROCESS_CPUTIME_ID);
    reduction_begin(l->reduction, t0_ns);
    pulse_begin(&l->pulse, t0_ns);
    if (l->params.wire->rank > 0)
        return;
    l->watch = (struct fleet_watch){ .watch = l->params.watch,
                                     .run_id = l->params.run_id,
                                     .t0_ns = t0_ns,
                                     .t0_realtime_ns = t0_realtime_ns,
                                     .view = &l->view,
                                     .sum = &l->sum,
                                     .pulse = &l->pulse };
    fleet_watch_begin(&l->watch);
}

void fleet_live_second(void *live, uint64_t index, const struct stats *sum, uint64_t length_ns)
{
    struct fleet_live *l = live;
    const struct stats_scope all = { .plan = l->params.plan, .streams = UINT64_MAX, .with_warmup = true };
    const struct hist *lag = stats_values(sum, &all, METRIC_LAG, l->lag_scratch);
    atomic_store_explicit(&l->lag_p99_ns, hist_value_at_ppm(lag, P99_PPM), memory_order_relaxed);
    reduction_add(l->reduction, index, sum, length_ns);
}

static void measure_self(struct fleet_live *l, uint64_t now_ns)
{
    const uint64_t cpu_ns = clock_read_ns(CLOCK_PROCESS_CPUTIME_ID);
    if (now_ns > l->cpu_at_ns)
        l->pulse.self.cpu_pct = 100.0 * (double)(cpu_ns - l->cpu_ns) / (double)(now_ns - l->cpu_at_ns);
    l->pulse.self.lag_p99_ns = atomic_load_explicit(&l->lag_p99_ns, memory_order_relaxed);
    l->cpu_ns = cpu_ns;
    l->cpu_at_ns = now_ns;
}

static void show(struct fleet_live *l, uint64_t now_ns)
{
    const struct run_so_far run = { .stats = l->sum.run, .t0_ns = l->t0_ns, .now_ns = now_ns };
    const uint32_t n_told = l->sum.n_seconds > 0 ? l->sum.n_told_last : l->params.wire->n_ranks;
    pulse_text(&l->pulse, l->params.hosts, n_told, now_ns, l->view.generators, sizeof l->view.generators);
    run_view_show(&l->view, &run);
    l->shown_ns = now_ns;
}

static void bridge_all(struct fleet_live *l)
{
    for (uint32_t i = 0; i < l->params.wire->n_ranks; i++)
        reduction_bridge(l->reduction, i, l->pulse.ranks[i].is_away);
}

void fleet_live_turn(struct fleet_live *l, uint64_t now_ns)
{
    if (pulse_is_due(&l->pulse, now_ns)) {
        measure_self(l, now_ns);
        bridge_all(l);
    }
    pulse_turn(&l->pulse, now_ns);
    if (l->params.wire->rank == 0 && now_ns >= l->refresh_ns) {
        fleet_phases_refresh(l->phases, l->params.plan, l->params.phases, l->t0_ns, now_ns);
        l->refresh_ns = now_ns + REFRESH_NS;
    }
    reduction_turn(l->reduction, now_ns);
    if (l->params.wire->rank > 0)
        return;
    if (l->has_news)
        l->misses_threshold |= fleet_sum_misses_threshold(&l->sum, l->t0_ns);
    if (l->has_news || now_ns >= l->shown_ns + SHOW_NS)
        show(l, now_ns);
    l->has_news = false;
}

bool fleet_live_message(struct fleet_live *l, const struct wire_message *m, uint64_t now_ns)
{
    if (m->tag == WIRE_SECOND)
        reduction_message(l->reduction, m);
    if (m->tag == WIRE_PULSE)
        pulse_message(&l->pulse, m, now_ns);
    return m->tag == WIRE_SECOND || m->tag == WIRE_PULSE;
}

void fleet_live_ended(struct fleet_live *l)
{
    reduction_end(l->reduction);
}

void fleet_live_flush(struct fleet_live *l)
{
    reduction_flush(l->reduction);
}

uint32_t fleet_live_n_flushed(const struct fleet_live *l)
{
    return reduction_n_flushed(l->reduction);
}

void fleet_live_conclude(struct fleet_live *l, enum recorder_end how, uint64_t now_ns)
{
    fleet_phases_refresh(l->phases, l->params.plan, l->params.phases, l->t0_ns, now_ns);
    reduction_flush(l->reduction);
    progress_end(&l->view.display);
    fleet_watch_end(&l->watch, run_json_end(how), now_ns);
}

void fleet_live_trouble(struct fleet_live *l, const char *sentence)
{
    snprintf(l->pulse.self.trouble, sizeof l->pulse.self.trouble, "%s", sentence);
}

bool fleet_live_misses_threshold(const struct fleet_live *l)
{
    return l->misses_threshold;
}

bool fleet_live_is_away(const struct fleet_live *l, uint32_t rank)
{
    return l->pulse.ranks[rank].is_away;
}

uint64_t fleet_live_silence_ns(const struct fleet_live *l, uint32_t rank, uint64_t now_ns)
{
    return pulse_silence_ns(&l->pulse, rank, now_ns);
}

uint64_t fleet_live_longest_silence_ns(const struct fleet_live *l, uint32_t rank)
{
    return l->pulse.ranks[rank].longest_silence_ns;
}

bool fleet_live_root_is_lost(const struct fleet_live *l)
{
    return l->params.wire->rank > 0 && l->pulse.ranks[0].is_lost;
}
