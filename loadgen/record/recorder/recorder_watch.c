#include "recorder_watch.h"

#include "recorder_progress.h"
#include "recorder_state.h"
#include "run_json_write.h"
#include "units.h"
#include "verdict.h"
#include "version.h"
#include "watch.h"
#include "watch_facts.h"
#include "watch_fill.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define P99_PPM     990000
#define SHORTEST_NS (NS_PER_S / 2) /* the run may end soon after a second began: its rate says nothing */

static void fill_generator(const struct recorder *r, const struct second *second, struct watch_facts *f)
{
    for (uint32_t t = 0; t < r->params.n_threads; t++) {
        const struct second_thread *about = &second->threads[t];
        const double lag_s = (double)hist_value_at_ppm(about->lag, P99_PPM) / 1e9;
        const double rx_age_s = (double)hist_value_at_ppm(about->rx_age, P99_PPM) / 1e9;
        const uint64_t cpu_ns = about->health.cpu_user_ns + about->health.cpu_sys_ns;
        f->cpu_ratio[t] = about->span_ns > 0 ? (double)cpu_ns / (double)about->span_ns : 0;
        if (about->lag->n > 0)
            f->lag_p99_s = fmax(f->lag_p99_s, lag_s);
        if (about->rx_age->n > 0)
            f->rx_age_p99_s = fmax(f->rx_age_p99_s, rx_age_s);
    }
}

/* The run so far, and the last second if there is one. NULL when memory is short. */
static struct watch_facts *make_facts(const struct recorder *r, uint64_t now_ns, const struct second *second,
                                      uint64_t length_ns)
{
    const struct recorder_params *p = &r->params;
    const char *path = run_folder_is_kept(&r->folder) ? r->folder.path : p->plan->name;
    const char *run_id = strrchr(path, '/');
    const struct run_so_far run = { .stats = r->run, .t0_ns = r->t0_monotonic_ns, .now_ns = now_ns };
    const struct watch_source source = { .view = &r->progress,
                                         .run = &run,
                                         .scratch = r->scratch,
                                         .run_id = run_id ? run_id + 1 : path,
                                         .commit = p->build ? p->build->commit : "",
                                         .t0_realtime_ns = r->t0_realtime_ns };
    struct watch_facts *f = watch_fill(&source);
    if (!f)
        return NULL;
    f->n_threads = p->n_threads;
    f->rss_bytes = r->rule_input.host_end.rss_bytes;
    for (size_t i = 0; i < f->n_streams; i++)
        for (uint32_t t = 0; t < p->n_threads; t++)
            f->streams[i].n_in_flight += r->threads[t].n_inflight[i];
    if (second) {
        watch_fill_second(&source, second->sum, length_ns, f);
        fill_generator(r, second, f);
    }
    return f;
}

void recorder_watch_begin(struct recorder *r)
{
    struct watch_facts *f = r->params.watch ? make_facts(r, r->t0_monotonic_ns, NULL, 0) : NULL;
    if (!f)
        return;
    f->is_begin = true;
    watch_publish(r->params.watch, f);
}

void recorder_watch_second(struct recorder *r, const struct second *second, uint64_t length_ns)
{
    const uint64_t end_ns = r->t0_monotonic_ns + second->index * NS_PER_S + length_ns;
    const bool is_shown = r->params.watch && length_ns >= SHORTEST_NS;
    struct watch_facts *f = is_shown ? make_facts(r, end_ns, second, length_ns) : NULL;
    if (f)
        watch_publish(r->params.watch, f);
}

static void fill_claims(const struct claims *claims, struct watch_facts *f)
{
    f->claims = calloc(claims->n_rows + 1, sizeof *f->claims);
    for (size_t i = 0; f->claims && i < claims->n_rows; i++) {
        struct watch_claim *c = &f->claims[f->n_claims++];
        c->row = claims->rows[i];
        snprintf(c->cluster, sizeof c->cluster, "%s", c->row.cluster);
        snprintf(c->stream, sizeof c->stream, "%s", c->row.stream ? c->row.stream : "");
        c->row.cluster = c->row.stream = NULL;
    }
}

void recorder_watch_end(struct recorder *r, const struct recorder_ending *ending,
                        const struct verdict *verdict)
{
    struct watch_facts *f = r->params.watch ? make_facts(r, ending->end_ns, NULL, 0) : NULL;
    if (!f)
        return;
    f->end = run_json_end(ending->end);
    for (size_t i = 0; i < f->n_streams; i++)
        f->streams[i].is_over = true;
    if (verdict->claims)
        fill_claims(verdict->claims, f);
    watch_publish(r->params.watch, f);
}
