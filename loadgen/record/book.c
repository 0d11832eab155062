#include "book.h"

#include "plan.h"

#include <stdlib.h>
#include <string.h>

static int samples_init(struct book_samples *samples, size_t capacity)
{
    samples->rows = malloc(capacity * sizeof *samples->rows);
    return samples->rows ? 0 : -1;
}

struct book *book_new(const struct plan *plan)
{
    struct book *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->n_streams = (uint32_t)plan->n_streams;
    b->n_phases = (uint32_t)plan->n_phases;
    b->streams = calloc(plan->n_streams, sizeof *b->streams);
    b->phases = calloc(plan->n_phases, sizeof *b->phases);
    b->remote_rows = calloc(plan->n_streams * BOOK_REMOTES_MOST, sizeof *b->remote_rows);
    b->health.sends_per_wakeup = hist_new();
    if (b->streams && b->phases && b->remote_rows && b->health.sends_per_wakeup &&
        samples_init(&b->sys, BOOK_SYS_SAMPLES_MOST) == 0 &&
        samples_init(&b->slow, BOOK_SLOW_SAMPLES_MOST) == 0 &&
        samples_init(&b->err, BOOK_ERR_SAMPLES_MOST) == 0)
        return b;
    book_free(b);
    return NULL;
}

static void cell_free(struct book_cell *cell)
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

void book_free(struct book *b)
{
    if (!b)
        return;
    for (uint32_t i = 0; b->phases && i < b->n_phases; i++)
        for (int o = 0; o < N_OUTCOMES; o++)
            cell_free(b->phases[i].cells[o]);
    for (size_t i = 0; b->remote_rows && i < (size_t)b->n_streams * BOOK_REMOTES_MOST; i++)
        hist_free(b->remote_rows[i].service);
    hist_free(b->health.sends_per_wakeup);
    free(b->streams);
    free(b->phases);
    free(b->remote_rows);
    free(b->sys.rows);
    free(b->slow.rows);
    free(b->err.rows);
    free(b);
}

static void clear_used(struct hist *h)
{
    if (h && h->n > 0)
        hist_clear(h);
}

static void cell_clear(struct book_cell *cell)
{
    for (int m = 0; m < N_METRICS; m++)
        clear_used(cell->metrics[m]);
    for (uint32_t i = 0; i < cell->n_instances; i++)
        clear_used(cell->instances[i]);
}

static void phase_clear(struct book_phase *phase)
{
    memset(phase->n_outcomes, 0, sizeof phase->n_outcomes);
    for (int o = 0; o < N_OUTCOMES; o++)
        if (phase->cells[o])
            cell_clear(phase->cells[o]);
}

static void remotes_clear(struct book *b)
{
    for (uint32_t s = 0; s < b->n_streams; s++)
        for (uint32_t i = 0; i < b->n_remotes; i++) {
            struct book_remote *remote = book_remote(b, s, i);
            clear_used(remote->service);
            *remote = (struct book_remote){ .service = remote->service };
        }
}

void book_clear(struct book *b)
{
    memset(b->streams, 0, b->n_streams * sizeof *b->streams);
    for (uint32_t i = 0; i < b->n_phases; i++)
        phase_clear(&b->phases[i]);
    remotes_clear(b);
    struct hist *sends_per_wakeup = b->health.sends_per_wakeup;
    clear_used(sends_per_wakeup);
    b->health = (struct book_health){ .sends_per_wakeup = sends_per_wakeup };
    b->n_causes = 0;
    b->sys.n = b->slow.n = b->err.n = 0;
    b->start_ns = b->end_ns = 0;
    b->is_last = false;
}

struct book_cell *book_cell(struct book *b, uint32_t phase_index, enum outcome outcome)
{
    struct book_cell **cell = &b->phases[phase_index].cells[outcome];
    if (!*cell)
        *cell = calloc(1, sizeof **cell);
    return *cell;
}

struct hist *book_make_hist(struct hist **slot)
{
    if (!*slot)
        *slot = hist_new();
    return *slot;
}

struct hist **book_make_instance(struct book_cell *cell, uint32_t instance)
{
    uint32_t capacity = cell->n_instances ? cell->n_instances : 16;
    while (capacity <= instance)
        capacity *= 2;
    if (capacity > cell->n_instances) {
        struct hist **larger = realloc(cell->instances, capacity * sizeof *larger);
        if (!larger)
            return NULL;
        memset(larger + cell->n_instances, 0, (capacity - cell->n_instances) * sizeof *larger);
        cell->instances = larger;
        cell->n_instances = capacity;
    }
    return &cell->instances[instance];
}

static bool is_same_cause(const struct book_cause *a, const struct book_cause *b)
{
    return a->stream == b->stream && a->outcome == b->outcome && a->status == b->status &&
           (a->cause == b->cause || strcmp(a->cause, b->cause) == 0);
}

void book_add_cause(struct book *b, const struct book_cause *cause)
{
    for (uint32_t i = 0; i < b->n_causes; i++)
        if (is_same_cause(&b->causes[i], cause)) {
            b->causes[i].count += cause->count;
            return;
        }
    if (b->n_causes < BOOK_CAUSES_MOST)
        b->causes[b->n_causes++] = *cause;
}

void book_count_cause(struct book *b, uint32_t stream, enum outcome outcome, uint16_t status,
                      const char *cause)
{
    book_add_cause(b,
                   &(struct book_cause){
                       .stream = stream, .outcome = outcome, .status = status, .cause = cause, .count = 1 });
}
