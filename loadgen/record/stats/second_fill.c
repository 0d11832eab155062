#include "second_fill.h"

#include "seconds.h"
#include "stats_merge.h"

static void merge_if_any(struct stats *sum, struct hist *into, const struct hist *from)
{
    if (!from || from->n == 0)
        return;
    hist_merge(into, from);
    sum->n_lost += into->n_lost;
    into->n_lost = 0;
}

/* Lag and receive age of a thread are those of its requests, whatever their stream. */
static void add_times(struct stats *sum, struct second_thread *t, const struct stats *stats)
{
    for (uint32_t i = 0; i < stats->n_phases; i++)
        for (int o = 0; o < N_OUTCOMES; o++) {
            const struct stats_cell *cell = stats->phases[i].cells[o];
            if (!cell)
                continue;
            merge_if_any(sum, t->lag, cell->metrics[METRIC_LAG]);
            merge_if_any(sum, t->rx_age, cell->metrics[METRIC_RX_AGE]);
        }
}

static void add_health(struct stats *stats, struct stats_health *sum, const struct stats_health *health)
{
    sum->n_wakeups += health->n_wakeups;
    sum->n_sends += health->n_sends;
    sum->busy_ns += health->busy_ns;
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

/* Keeps the slowest over all threads. */
static void keep_if_slow(struct second *second, uint32_t thread, const struct stats_sample *sample)
{
    struct second_sample *place = &second->slow[second->n_slow];
    if (second->n_slow < STATS_SLOW_SAMPLES_MOST) {
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
                 struct name_map *instances)
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
