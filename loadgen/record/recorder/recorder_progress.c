#include "recorder_progress.h"

#include "recorder_state.h"

static const enum progress_mode modes[] = {
    [RECORDER_PROGRESS_AUTO] = PROGRESS_LIVE,
    [RECORDER_PROGRESS_PLAIN] = PROGRESS_PLAIN,
    [RECORDER_PROGRESS_NONE] = PROGRESS_NONE,
};

int recorder_progress_init(struct recorder *r)
{
    return run_view_init(&r->progress, r->params.plan, r->params.phases, modes[r->params.progress]);
}

static void add_generator(struct recorder *r, const struct second *second, uint64_t length_ns)
{
    struct run_view *v = &r->progress;
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
    v->cpu_pct = 100.0 * (double)cpu_ns / (double)length_ns;
    v->has_lag |= has_lag;
    if (has_lag)
        v->lag_p99_ns = lag_p99_ns;
}

void recorder_progress_add(struct recorder *r, const struct second *second, uint64_t length_ns)
{
    if (r->progress.display.mode == PROGRESS_NONE)
        return;
    run_view_add(&r->progress, second->sum, length_ns, r->scratch);
    add_generator(r, second, length_ns);
}

static struct run_so_far so_far(const struct recorder *r, uint64_t now_ns)
{
    return (struct run_so_far){
        .stats = r->run,
        .t0_ns = r->t0_monotonic_ns,
        .now_ns = now_ns,
        .trouble = r->folder.failure.kind == ERR_NONE ? NULL : r->folder.failure.text,
    };
}

struct progress_course recorder_progress_course(const struct recorder *r, size_t stream, uint64_t now_ns)
{
    const struct run_so_far run = so_far(r, now_ns);
    return run_view_course(&r->progress, &run, stream);
}

void recorder_progress_show(struct recorder *r, uint64_t now_ns)
{
    const struct run_so_far run = so_far(r, now_ns);
    run_view_show(&r->progress, &run);
}
