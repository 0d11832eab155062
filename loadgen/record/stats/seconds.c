#include "seconds.h"

#include "plan.h"
#include "stats_merge.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

static void second_free(struct second *second, uint32_t n_threads)
{
    for (uint32_t t = 0; second->threads && t < n_threads; t++) {
        hist_free(second->threads[t].health.sends_per_wakeup);
        hist_free(second->threads[t].lag);
        hist_free(second->threads[t].rx_age);
        free(second->threads[t].n_inflight);
    }
    free(second->threads);
    stats_free(second->sum);
    free(second);
}

static void list_free(struct second *list, uint32_t n_threads)
{
    while (list) {
        struct second *next = list->next;
        second_free(list, n_threads);
        list = next;
    }
}

static int thread_init(struct second_thread *t, uint32_t n_streams)
{
    t->health.sends_per_wakeup = hist_new_compact();
    t->lag = hist_new_compact();
    t->rx_age = hist_new_compact();
    t->n_inflight = calloc(n_streams, sizeof *t->n_inflight);
    return t->health.sends_per_wakeup && t->lag && t->rx_age && t->n_inflight ? 0 : -1;
}

static struct second *second_new(const struct seconds *s)
{
    struct second *second = calloc(1, sizeof *second);
    if (!second)
        return NULL;
    second->sum = stats_new(s->plan);
    second->threads = calloc(s->n_threads, sizeof *second->threads);
    bool is_whole = second->sum && second->threads;
    for (uint32_t t = 0; is_whole && t < s->n_threads; t++)
        is_whole = thread_init(&second->threads[t], s->n_streams) == 0;
    if (is_whole)
        return second;
    second_free(second, s->n_threads);
    return NULL;
}

int seconds_init(struct seconds *s, const struct plan *plan, uint32_t n_threads)
{
    *s = (struct seconds){ .plan = plan,
                           .n_threads = n_threads,
                           .n_streams = (uint32_t)plan->n_streams,
                           .reported_ns = calloc(n_threads, sizeof *s->reported_ns) };
    s->reserve = second_new(s);
    return s->reported_ns && s->reserve ? 0 : -1;
}

void seconds_fini(struct seconds *s)
{
    list_free(s->pending, s->n_threads);
    list_free(s->spare, s->n_threads);
    list_free(s->reserve, s->n_threads);
    free(s->reported_ns);
    *s = (struct seconds){ 0 };
}

static struct second *get_empty(struct seconds *s, uint64_t index)
{
    struct second *second = s->spare ? s->spare : second_new(s);
    if (s->spare)
        s->spare = second->next;
    if (second) {
        second->index = index;
        second->next = NULL;
    }
    return second;
}

static uint64_t index_of(const struct seconds *s, const struct stats *stats)
{
    const uint64_t index = stats->start_ns > s->t0_ns ? (stats->start_ns - s->t0_ns) / NS_PER_S : 0;
    return index < s->next_index ? s->next_index : index;
}

struct second *seconds_of(struct seconds *s, uint32_t thread, const struct stats *stats)
{
    s->reported_ns[thread] = stats->is_last ? UINT64_MAX : stats->end_ns;
    const uint64_t index = index_of(s, stats);
    struct second **at = &s->pending;
    while (*at && (*at)->index < index)
        at = &(*at)->next;
    if (*at && (*at)->index == index)
        return *at;
    struct second *second = get_empty(s, index);
    if (second) {
        second->next = *at;
        *at = second;
    }
    return second;
}

static void merge_if_any(struct stats *sum, struct hist *into, const struct hist *from)
{
    if (!from || from->n == 0)
        return;
    hist_merge(into, from);
    sum->n_lost += into->n_lost;
    into->n_lost = 0;
}

static void add_times(struct stats *sum, struct second_thread *t, const struct stats *stats)
{
    for (uint32_t i = 0; i < stats->n_cells; i++)
        for (int o = 0; o < N_OUTCOMES; o++) {
            const struct stats_times *times = stats->cells[i].times[o];
            if (!times)
                continue;
            merge_if_any(sum, t->lag, times->metrics[METRIC_LAG]);
            merge_if_any(sum, t->rx_age, times->metrics[METRIC_RX_AGE]);
        }
}

static void add_health(struct stats *stats, struct stats_health *sum, const struct stats_health *health)
{
    sum->n_wakeups += health->n_wakeups;
    sum->n_sends += health->n_sends;
    sum->busy_ns += health->busy_ns;
    sum->overslept_ns += health->overslept_ns;
    sum->cpu_user_ns += health->cpu_user_ns;
    sum->cpu_sys_ns += health->cpu_sys_ns;
    sum->n_switches_involuntary += health->n_switches_involuntary;
    if (health->iteration_max_ns > sum->iteration_max_ns)
        sum->iteration_max_ns = health->iteration_max_ns;
    merge_if_any(stats, sum->sends_per_wakeup, health->sends_per_wakeup);
}

static uint64_t time_of(const struct stats_sample *s)
{
    const uint64_t from_ns = s->due_ns ? s->due_ns : s->sent_ns;
    return s->done_ns > from_ns ? s->done_ns - from_ns : 0;
}

static void keep_if_slow(struct second *second, uint32_t thread, const struct stats_sample *sample)
{
    struct second_sample *place = &second->slow[second->n_slow];
    if (second->n_slow < second->sum->slow.most) {
        second->n_slow++;
    } else {
        place = &second->slow[0];
        for (uint32_t i = 1; i < second->n_slow; i++)
            if (time_of(&second->slow[i].sample) < time_of(&place->sample))
                place = &second->slow[i];
        if (time_of(sample) <= time_of(&place->sample))
            return;
    }
    *place = (struct second_sample){ .sample = *sample, .thread = thread };
}

void second_fill(struct second *second, uint32_t thread, const struct stats *stats,
                 struct names_map *instances)
{
    struct second_thread *t = &second->threads[thread];
    stats_merge(second->sum, stats, instances);
    add_times(second->sum, t, stats);
    add_health(second->sum, &t->health, &stats->health);
    t->span_ns += stats->end_ns > stats->start_ns ? stats->end_ns - stats->start_ns : 0;
    t->end_ns = stats->end_ns;
    for (uint32_t i = 0; i < stats->n_streams; i++)
        t->n_inflight[i] = stats->streams[i].n_inflight;
    for (uint32_t i = 0; i < stats->slow.n; i++)
        keep_if_slow(second, thread, &stats->slow.rows[i]);
}

/* After the last report of every thread, what is left waits for the end of the run, which sets the length of
 * the last second. */
static bool is_complete(const struct seconds *s, uint64_t end_ns)
{
    bool any_goes_on = false;
    for (uint32_t t = 0; t < s->n_threads; t++) {
        if (s->reported_ns[t] < end_ns)
            return false;
        any_goes_on |= s->reported_ns[t] != UINT64_MAX;
    }
    return any_goes_on;
}

/* Without a second for the gap, no later one could be written. */
static struct second *take_reserve(struct seconds *s)
{
    struct second *second = s->reserve;
    s->reserve = NULL;
    if (second) {
        second->index = s->next_index;
        second->next = NULL;
    }
    return second;
}

struct second *seconds_take(struct seconds *s, uint64_t until_ns)
{
    const uint64_t start_ns = s->t0_ns + s->next_index * NS_PER_S;
    if (until_ns > 0 ? start_ns >= until_ns && !s->pending : !is_complete(s, start_ns + NS_PER_S))
        return NULL;
    struct second *second = s->pending;
    if (second && second->index == s->next_index)
        s->pending = second->next;
    else
        second = take_reserve(s);
    if (second)
        s->next_index++;
    return second;
}

static void thread_clear(struct second_thread *t, uint32_t n_streams)
{
    hist_clear(t->health.sends_per_wakeup);
    hist_clear(t->lag);
    hist_clear(t->rx_age);
    memset(t->n_inflight, 0, n_streams * sizeof *t->n_inflight);
    t->health = (struct stats_health){ .sends_per_wakeup = t->health.sends_per_wakeup };
    t->span_ns = t->end_ns = 0;
}

void seconds_give_back(struct seconds *s, struct second *second)
{
    stats_clear(second->sum);
    for (uint32_t t = 0; t < s->n_threads; t++)
        thread_clear(&second->threads[t], s->n_streams);
    second->n_slow = second->n_err_samples = 0;
    struct second **list = s->reserve ? &s->spare : &s->reserve;
    second->next = *list;
    *list = second;
}
