#include "stats.h"

#include "plan.h"

#include <stdlib.h>
#include <string.h>

static int samples_init(struct stats_samples *samples, size_t capacity)
{
    samples->rows = malloc(capacity * sizeof *samples->rows);
    return samples->rows ? 0 : -1;
}

struct stats *stats_new(const struct plan *plan)
{
    struct stats *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->n_streams = (uint32_t)plan->n_streams;
    b->n_phases = (uint32_t)plan->n_phases;
    b->streams = calloc(plan->n_streams, sizeof *b->streams);
    b->phases = calloc(plan->n_phases, sizeof *b->phases);
    b->health.sends_per_wakeup = hist_new();
    if (b->streams && b->phases && b->health.sends_per_wakeup &&
        samples_init(&b->sys, STATS_SYS_SAMPLES_MOST) == 0 &&
        samples_init(&b->slow, STATS_SLOW_SAMPLES_MOST) == 0 &&
        samples_init(&b->err, STATS_ERR_SAMPLES_MOST) == 0)
        return b;
    stats_free(b);
    return NULL;
}

static void cell_free(struct stats_cell *cell)
{
    if (!cell)
        return;
    for (int m = 0; m < N_METRICS; m++)
        hist_free(cell->metrics[m]);
    for (uint32_t i = 0; i < cell->n_instances; i++)
        hist_free(cell->instances[i]);
    free(cell->instances);
    free(cell);
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

void stats_free(struct stats *b)
{
    if (!b)
        return;
    for (uint32_t i = 0; b->phases && i < b->n_phases; i++)
        for (int o = 0; o < N_OUTCOMES; o++)
            cell_free(b->phases[i].cells[o]);
    for (uint32_t i = 0; i < STATS_REMOTES_MOST; i++)
        remote_free(b->remotes[i], b->n_streams);
    list_free(b->spare);
    hist_free(b->health.sends_per_wakeup);
    free(b->streams);
    free(b->phases);
    free(b->sys.rows);
    free(b->slow.rows);
    free(b->err.rows);
    free(b);
}

/* Empties what was used, for it will be again, and gives back what was not. True if it was. */
static bool slot_clear(struct stats *b, struct hist **slot)
{
    struct hist *h = *slot;
    if (!h)
        return false;
    const bool was_used = h->n > 0;
    hist_clear(h);
    if (!was_used) {
        h->next = b->spare;
        b->spare = h;
        *slot = NULL;
    }
    return was_used;
}

static void cell_clear(struct stats *b, struct stats_cell **cell)
{
    struct stats_cell *c = *cell;
    bool was_used = false;
    for (int m = 0; m < N_METRICS; m++)
        was_used |= slot_clear(b, &c->metrics[m]);
    for (uint32_t i = 0; i < c->n_instances; i++)
        was_used |= slot_clear(b, &c->instances[i]);
    if (was_used)
        return;
    cell_free(c);
    *cell = NULL;
}

/* Phases that were not used are not touched: most of a long plan never costs memory. */
static void phase_clear(struct stats *b, struct stats_phase *phase)
{
    for (int o = 0; o < N_OUTCOMES; o++) {
        if (phase->n_outcomes[o] > 0)
            phase->n_outcomes[o] = 0;
        if (phase->cells[o])
            cell_clear(b, &phase->cells[o]);
    }
}

static void remotes_clear(struct stats *b)
{
    for (uint32_t i = 0; i < STATS_REMOTES_MOST; i++)
        for (uint32_t s = 0; b->remotes[i] && s < b->n_streams; s++) {
            struct stats_remote *row = &b->remotes[i][s];
            slot_clear(b, &row->service);
            *row = (struct stats_remote){ .service = row->service };
        }
}

void stats_clear(struct stats *b)
{
    memset(b->streams, 0, b->n_streams * sizeof *b->streams);
    for (uint32_t i = 0; i < b->n_phases; i++)
        phase_clear(b, &b->phases[i]);
    remotes_clear(b);
    struct hist *sends_per_wakeup = b->health.sends_per_wakeup;
    hist_clear(sends_per_wakeup);
    b->health = (struct stats_health){ .sends_per_wakeup = sends_per_wakeup };
    b->n_causes = 0;
    b->sys.n = b->slow.n = b->err.n = 0;
    b->start_ns = b->end_ns = 0;
    b->n_lost = 0;
    b->is_last = false;
}

struct stats_cell *stats_cell(struct stats *b, uint32_t phase_index, enum outcome outcome)
{
    struct stats_cell **cell = &b->phases[phase_index].cells[outcome];
    if (*cell)
        return *cell;
    *cell = calloc(1, sizeof **cell);
    if (*cell)
        (*cell)->stats = b;
    else
        b->n_lost++;
    return *cell;
}

struct hist *stats_make_hist(struct stats *b, struct hist **slot)
{
    if (*slot)
        return *slot;
    *slot = b->spare ? b->spare : hist_new_compact();
    if (b->spare)
        b->spare = b->spare->next;
    if (*slot)
        (*slot)->next = NULL;
    else
        b->n_lost++;
    return *slot;
}

struct hist **stats_make_instance(struct stats_cell *cell, uint32_t instance)
{
    uint32_t capacity = cell->n_instances ? cell->n_instances : 16;
    while (capacity <= instance)
        capacity *= 2;
    if (capacity > cell->n_instances) {
        struct hist **larger = realloc(cell->instances, capacity * sizeof *larger);
        if (!larger) {
            cell->stats->n_lost++;
            return NULL;
        }
        memset(larger + cell->n_instances, 0, (capacity - cell->n_instances) * sizeof *larger);
        cell->instances = larger;
        cell->n_instances = capacity;
    }
    return &cell->instances[instance];
}

struct stats_remote *stats_make_remote(struct stats *b, uint32_t remote)
{
    if (!b->remotes[remote])
        b->remotes[remote] = calloc(b->n_streams, sizeof *b->remotes[remote]);
    if (!b->remotes[remote])
        b->n_lost++;
    return b->remotes[remote];
}

struct stats_remote stats_remote_known(const struct stats *b, uint32_t stream, uint32_t remote)
{
    return b->remotes[remote] ? b->remotes[remote][stream] : (struct stats_remote){ 0 };
}

static bool is_same_cause(const struct stats_cause *a, const struct stats_cause *b)
{
    return a->stream == b->stream && a->outcome == b->outcome && a->status == b->status &&
           (a->cause == b->cause || strcmp(a->cause, b->cause) == 0);
}

void stats_add_cause(struct stats *b, const struct stats_cause *cause)
{
    for (uint32_t i = 0; i < b->n_causes; i++)
        if (is_same_cause(&b->causes[i], cause)) {
            b->causes[i].count += cause->count;
            return;
        }
    if (b->n_causes < STATS_CAUSES_MOST)
        b->causes[b->n_causes++] = *cause;
}

void stats_count_cause(struct stats *b, uint32_t stream, enum outcome outcome, uint16_t status,
                       const char *cause)
{
    stats_add_cause(b,
                    &(struct stats_cause){
                        .stream = stream, .outcome = outcome, .status = status, .cause = cause, .count = 1 });
}
