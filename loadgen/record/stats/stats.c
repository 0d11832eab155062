#include "stats.h"

#include "plan.h"

#include <stdlib.h>
#include <string.h>

static int samples_init(struct stats_samples *samples, const struct plan *plan, uint32_t least, uint32_t most)
{
    samples->most = least + (most - least) / share_count(&plan->share);
    samples->rows = malloc(samples->most * sizeof *samples->rows);
    return samples->rows ? 0 : -1;
}

struct stats *stats_new(const struct plan *plan)
{
    struct stats *stats = calloc(1, sizeof *stats);
    if (!stats)
        return NULL;
    stats->n_streams = (uint32_t)plan->n_streams;
    stats->n_cells = (uint32_t)plan->n_cells;
    stats->streams = calloc(plan->n_streams, sizeof *stats->streams);
    stats->cells = calloc(plan->n_cells, sizeof *stats->cells);
    stats->health.sends_per_wakeup = hist_new();
    if (stats->streams && stats->cells && stats->health.sends_per_wakeup &&
        samples_init(&stats->sys, plan, 2, STATS_SYS_SAMPLES_MOST) == 0 &&
        samples_init(&stats->slow, plan, 1, STATS_SLOW_SAMPLES_MOST) == 0 &&
        samples_init(&stats->err, plan, 1, STATS_ERR_SAMPLES_MOST) == 0)
        return stats;
    stats_free(stats);
    return NULL;
}

static void times_free(struct stats_times *times)
{
    if (!times)
        return;
    for (int m = 0; m < N_METRICS; m++)
        hist_free(times->metrics[m]);
    for (uint32_t i = 0; i < times->n_instances; i++)
        hist_free(times->instances[i]);
    free(times->instances);
    free(times);
}

static void remote_free(struct stats_remote *rows, uint32_t n_streams)
{
    for (uint32_t s = 0; rows && s < n_streams; s++)
        hist_free(rows[s].service);
    free(rows);
}

static void list_free(struct hist *list)
{
    while (list) {
        struct hist *next = list->next;
        hist_free(list);
        list = next;
    }
}

void stats_free(struct stats *stats)
{
    if (!stats)
        return;
    for (uint32_t i = 0; stats->cells && i < stats->n_cells; i++)
        for (int o = 0; o < N_OUTCOMES; o++)
            times_free(stats->cells[i].times[o]);
    for (uint32_t i = 0; i < STATS_REMOTES_MOST; i++)
        remote_free(stats->remotes[i], stats->n_streams);
    list_free(stats->spare);
    hist_free(stats->health.sends_per_wakeup);
    free(stats->streams);
    free(stats->cells);
    free(stats->sys.rows);
    free(stats->slow.rows);
    free(stats->err.rows);
    free(stats);
}

/* Clears a histogram that was used, and moves an unused one to the spare list. True if it was used. */
static bool slot_clear(struct stats *stats, struct hist **slot)
{
    struct hist *h = *slot;
    if (!h)
        return false;
    const bool was_used = h->n > 0;
    hist_clear(h);
    if (!was_used) {
        h->next = stats->spare;
        stats->spare = h;
        *slot = NULL;
    }
    return was_used;
}

static void times_clear(struct stats *stats, struct stats_times **times)
{
    struct stats_times *t = *times;
    bool was_used = false;
    for (int m = 0; m < N_METRICS; m++)
        was_used |= slot_clear(stats, &t->metrics[m]);
    for (uint32_t i = 0; i < t->n_instances; i++)
        was_used |= slot_clear(stats, &t->instances[i]);
    if (was_used)
        return;
    times_free(t);
    *times = NULL;
}

/* Writes only what was used, so that the phases of a long plan take no memory before their turn. */
static void cell_clear(struct stats *stats, struct stats_cell *cell)
{
    if (cell->n_late > 0)
        cell->n_late = 0;
    for (int o = 0; o < N_OUTCOMES; o++) {
        if (cell->n_outcomes[o] > 0)
            cell->n_outcomes[o] = 0;
        if (cell->times[o])
            times_clear(stats, &cell->times[o]);
    }
}

static void remotes_clear(struct stats *stats)
{
    for (uint32_t i = 0; i < STATS_REMOTES_MOST; i++)
        for (uint32_t s = 0; stats->remotes[i] && s < stats->n_streams; s++) {
            struct stats_remote *row = &stats->remotes[i][s];
            slot_clear(stats, &row->service);
            *row = (struct stats_remote){ .service = row->service };
        }
}

void stats_clear(struct stats *stats)
{
    memset(stats->streams, 0, stats->n_streams * sizeof *stats->streams);
    for (uint32_t i = 0; i < stats->n_cells; i++)
        cell_clear(stats, &stats->cells[i]);
    remotes_clear(stats);
    struct hist *sends_per_wakeup = stats->health.sends_per_wakeup;
    hist_clear(sends_per_wakeup);
    stats->health = (struct stats_health){ .sends_per_wakeup = sends_per_wakeup };
    stats->n_causes = 0;
    stats->sys.n = stats->slow.n = stats->err.n = 0;
    stats->start_ns = stats->end_ns = 0;
    stats->n_lost = 0;
    stats->is_last = false;
}

struct stats_times *stats_make_times(struct stats *stats, struct stats_times **times)
{
    *times = calloc(1, sizeof **times);
    if (*times)
        (*times)->stats = stats;
    else
        stats->n_lost++;
    return *times;
}

struct hist *stats_make_hist(struct stats *stats, struct hist **slot)
{
    if (*slot)
        return *slot;
    *slot = stats->spare ? stats->spare : hist_new_compact();
    if (stats->spare)
        stats->spare = stats->spare->next;
    if (*slot)
        (*slot)->next = NULL;
    else
        stats->n_lost++;
    return *slot;
}

struct hist **stats_make_instance(struct stats_times *times, uint32_t instance)
{
    uint32_t capacity = times->n_instances ? times->n_instances : 16;
    while (capacity <= instance)
        capacity *= 2;
    if (capacity > times->n_instances) {
        struct hist **larger = realloc(times->instances, capacity * sizeof *larger);
        if (!larger) {
            times->stats->n_lost++;
            return NULL;
        }
        memset(larger + times->n_instances, 0, (capacity - times->n_instances) * sizeof *larger);
        times->instances = larger;
        times->n_instances = capacity;
    }
    return &times->instances[instance];
}

struct stats_remote *stats_make_remote(struct stats *stats, uint32_t remote)
{
    if (!stats->remotes[remote])
        stats->remotes[remote] = calloc(stats->n_streams, sizeof *stats->remotes[remote]);
    if (!stats->remotes[remote])
        stats->n_lost++;
    return stats->remotes[remote];
}

struct stats_remote stats_remote_known(const struct stats *stats, uint32_t stream, uint32_t remote)
{
    return stats->remotes[remote] ? stats->remotes[remote][stream] : (struct stats_remote){ 0 };
}

static bool is_same_cause(const struct stats_cause *a, const struct stats_cause *b)
{
    return a->stream == b->stream && a->cell == b->cell && a->outcome == b->outcome &&
           a->status == b->status && (a->cause == b->cause || strcmp(a->cause, b->cause) == 0);
}

void stats_add_cause(struct stats *stats, const struct stats_cause *cause)
{
    for (uint32_t i = 0; i < stats->n_causes; i++)
        if (is_same_cause(&stats->causes[i], cause)) {
            stats->causes[i].count += cause->count;
            return;
        }
    if (stats->n_causes < STATS_CAUSES_MOST)
        stats->causes[stats->n_causes++] = *cause;
}

void stats_count_cause(struct stats *stats, uint32_t stream, uint32_t cell, enum outcome outcome,
                       uint16_t status, const char *cause)
{
    stats_add_cause(stats, &(struct stats_cause){ .stream = stream,
                                                  .cell = cell,
                                                  .outcome = outcome,
                                                  .status = status,
                                                  .cause = cause,
                                                  .count = 1 });
}
