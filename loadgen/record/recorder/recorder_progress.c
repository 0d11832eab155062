#include "recorder_progress.h"

#include "phase_clock.h"
#include "recorder_state.h"
#include "stats_query.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

static const enum progress_mode modes[] = {
    [RECORDER_PROGRESS_AUTO] = PROGRESS_LIVE,
    [RECORDER_PROGRESS_PLAIN] = PROGRESS_PLAIN,
    [RECORDER_PROGRESS_NONE] = PROGRESS_NONE,
};

/* "local: 4 x m4.large, 5 x t2.large (emulated)" */
static void describe_place(const struct plan *plan, char *out, size_t out_bytes)
{
    const struct plan_deployment *d = &plan->deployment;
    size_t used = 0;
    out[0] = '\0';
    if (!d->present)
        return;
    used += (size_t)snprintf(out, out_bytes, "%s:", d->provider ? d->provider : "deployed");
    for (size_t i = 0; i < plan->n_clusters && used < out_bytes; i++) {
        const struct plan_cluster *c = &plan->clusters[i];
        used += (size_t)snprintf(out + used, out_bytes - used, "%s %zu x %s", i > 0 ? "," : "",
                                 c->n_instances, c->instance_type ? c->instance_type : c->name);
    }
    if (d->emulated && used < out_bytes)
        snprintf(out + used, out_bytes - used, " (emulated)");
}

int recorder_progress_init(struct recorder_progress_state *s, const struct recorder_params *params)
{
    *s = (struct recorder_progress_state){ .streams = calloc(params->plan->n_streams, sizeof *s->streams) };
    progress_init(&s->display, modes[params->progress], stderr);
    describe_place(params->plan, s->place, sizeof s->place);
    const struct attempt_time none_yet = { .state = ATTEMPT_NONE };
    s->sum.p50 = s->sum.p99 = none_yet;
    for (size_t i = 0; s->streams && i < params->plan->n_streams; i++)
        s->streams[i] = (struct progress_stream){ .name = params->plan->streams[i].name,
                                                  .p50 = none_yet,
                                                  .p99 = none_yet };
    return s->streams ? 0 : -1;
}

void recorder_progress_fini(struct recorder_progress_state *s)
{
    progress_end(&s->display);
    free(s->streams);
    *s = (struct recorder_progress_state){ 0 };
}

static void add_scope(struct recorder *r, const struct second *second, uint64_t streams, uint64_t length_ns,
                      struct progress_stream *out)
{
    const struct stats_scope scope = { .plan = r->params.plan, .streams = streams, .with_warmup = true };
    const struct attempts a = stats_attempts(second->sum, &scope, r->scratch);
    struct stats_counts ends;
    stats_count(second->sum, &scope, &ends);
    out->good_per_s = (double)ends.n_ok * 1e9 / (double)length_ns;
    out->n_done += ends.n_done;
    out->n_failed += ends.n_err;
    if (attempts_n(&a) > 0) {
        out->p50 = attempts_time(&a, 500000);
        out->p99 = attempts_time(&a, 990000);
    }
}

static void add_generator(struct recorder *r, const struct second *second, uint64_t length_ns)
{
    struct recorder_progress_state *s = &r->progress;
    uint64_t cpu_ns = 0;
    uint64_t lag_p99_ns = 0;
    bool has_lag = false;
    for (uint32_t t = 0; t < r->params.n_threads; t++) {
        const struct second_thread *about = &second->threads[t];
        const uint64_t lag_ns = hist_value_at_ppm(about->lag, 990000);
        cpu_ns += about->health.cpu_user_ns + about->health.cpu_sys_ns;
        has_lag |= about->lag->n > 0;
        lag_p99_ns = lag_ns > lag_p99_ns ? lag_ns : lag_p99_ns;
    }
    s->cpu_pct = 100.0 * (double)cpu_ns / (double)length_ns;
    s->has_lag |= has_lag;
    if (has_lag)
        s->lag_p99_ns = lag_p99_ns;
}

void recorder_progress_add(struct recorder *r, const struct second *second, uint64_t length_ns)
{
    if (r->progress.display.mode == PROGRESS_NONE)
        return;
    for (size_t i = 0; i < r->params.plan->n_streams; i++)
        add_scope(r, second, UINT64_C(1) << i, length_ns, &r->progress.streams[i]);
    add_scope(r, second, UINT64_MAX, length_ns, &r->progress.sum);
    add_generator(r, second, length_ns);
}

struct progress_course recorder_progress_course(const struct recorder *r, size_t stream, uint64_t now_ns)
{
    const struct plan_stream *about = &r->params.plan->streams[stream];
    const uint64_t active_ns =
        phase_active_ns(r->params.plan, r->params.phases, UINT64_C(1) << stream, now_ns);
    uint64_t n_done_in_phase[PLAN_PHASES_MOST] = { 0 };
    uint64_t n_measured = 0;
    for (size_t k = 0; k < about->n_phases; k++) {
        const struct stats_phase *phase = &r->run->phases[about->first_phase_index + k];
        for (int o = 0; o < N_OUTCOMES; o++)
            n_done_in_phase[k] += o != OUTCOME_RESET_IDLE ? phase->n_outcomes[o] : 0;
        n_measured += about->phases[k].warmup ? 0 : n_done_in_phase[k];
    }
    return progress_course_of(&(struct progress_moment){
        .stream = about,
        .phases = r->params.phases,
        .n_done_in_phase = n_done_in_phase,
        .t0_ns = r->t0_monotonic_ns,
        .now_ns = now_ns,
        .rate_per_s = active_ns > 0 ? (double)n_measured * 1e9 / (double)active_ns : 0,
    });
}

/* The rate of what was measured: more telling than 0 when nothing is sent any more. */
static double good_per_s(const struct recorder *r, uint64_t streams, uint64_t now_ns)
{
    const struct stats_scope scope = { .plan = r->params.plan, .streams = streams };
    const uint64_t active_ns = phase_active_ns(r->params.plan, r->params.phases, streams, now_ns);
    struct stats_counts ends;
    stats_count(r->run, &scope, &ends);
    return active_ns > 0 ? (double)(ends.n_ok - ends.n_late) * 1e9 / (double)active_ns : 0;
}

void recorder_progress_show(struct recorder *r, uint64_t now_ns)
{
    struct recorder_progress_state *s = &r->progress;
    const struct plan *plan = r->params.plan;
    const uint64_t elapsed_ns = now_ns > r->t0_monotonic_ns ? now_ns - r->t0_monotonic_ns : 0;
    uint64_t left_ns = 0;
    bool is_known = true;
    bool is_estimate = false;
    bool is_over = true;
    bool has_total = true; /* of all streams: else some run for a time */
    if (!progress_is_due(&s->display, elapsed_ns / NS_PER_S))
        return;
    s->sum.n_total = 0;
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct progress_course course = recorder_progress_course(r, i, now_ns);
        if (course.is_over)
            s->streams[i].good_per_s = good_per_s(r, UINT64_C(1) << i, now_ns);
        is_over &= course.is_over;
        s->streams[i].fraction = course.fraction;
        s->streams[i].n_total = course.n_total;
        memcpy(s->streams[i].phase, course.phase, sizeof course.phase);
        s->sum.n_total += course.n_total;
        has_total &= course.n_total > 0;
        is_known &= course.is_known;
        is_estimate |= course.is_estimate;
        left_ns = course.left_ns > left_ns ? course.left_ns : left_ns;
    }
    if (!has_total)
        s->sum.n_total = 0;
    if (is_over)
        s->sum.good_per_s = good_per_s(r, UINT64_MAX, now_ns);
    char targets[PLAN_TARGETS_TEXT_BYTES];
    const struct progress_view view = {
        .name = plan->name,
        .url = plan_targets_text(plan, targets),
        .place = s->place,
        .streams = s->streams,
        .n_streams = plan->n_streams,
        .sum = s->sum,
        .elapsed_s = elapsed_ns / NS_PER_S,
        .total_s = is_known ? (elapsed_ns + left_ns + NS_PER_S / 2) / NS_PER_S : 0,
        .is_estimate = is_estimate,
        .cpu_pct = s->cpu_pct,
        .has_lag = s->has_lag,
        .lag_p99_ns = s->lag_p99_ns,
        .trouble = r->folder.failure.kind == ERR_NONE ? NULL : r->folder.failure.text,
    };
    progress_show(&s->display, &view);
}
