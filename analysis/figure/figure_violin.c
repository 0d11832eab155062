/* The distribution of each instance's good answers: a violin, with a box from quartile to quartile, the
 * median, and whiskers to the 5th and 95th percentile. Instances with too few have words in its place. */
#include "arms.h"
#include "caption.h"
#include "dataset.h"
#include "density.h"
#include "err.h"
#include "figure_set.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char columns[] =
    "kind,slot,cluster,series,style,instance,value_ms,half_width,p5_ms,p25_ms,p50_ms,p75_ms,p95_ms,n,note";
enum { SLOTS_MOST = 30, SHAPE_POINTS = 96, LEAST_N = 20, NOTE_BYTES = 24 };
#define HALF_WIDTH_MOST 0.42

struct slot {
    const char *instance;
    size_t arm;
    size_t place;      /* index in the deployment */
    struct hist *hist; /* owned */
    double value_ns[SHAPE_POINTS], density[SHAPE_POINTS];
};

struct slots {
    struct slot *rows; /* owned */
    size_t n, capacity;
    bool too_many;
};

static size_t place_in_deployment(const struct arm *arm, const char *instance)
{
    size_t i = 0;
    while (arm->def && i < arm->def->n_instances && strcmp(arm->def->instances[i], instance) != 0)
        i++;
    return i;
}

static struct slot *slot_of(const struct dataset *data, struct slots *slots, const char *instance, size_t arm)
{
    for (size_t i = 0; i < slots->n; i++)
        if (slots->rows[i].arm == arm && strcmp(slots->rows[i].instance, instance) == 0)
            return &slots->rows[i];
    if (slots->n == slots->capacity) {
        slots->too_many = true;
        return NULL;
    }
    struct slot *slot = &slots->rows[slots->n];
    *slot = (struct slot){ .instance = instance,
                           .arm = arm,
                           .place = place_in_deployment(&data->arms[arm], instance),
                           .hist = hist_new() };
    slots->n += slot->hist != NULL;
    return slot->hist ? slot : NULL;
}

/* Collects successes of each instance, without warm-up. */
static void collect(const struct dataset *data, struct slots *slots)
{
    for (size_t i = 0; i < data->tags.n && !slots->too_many; i++) {
        const struct tag *tag = &data->tags.rows[i].tag;
        const struct dataset_tag *role = &data->roles[i];
        if (tag->metric != data->headline || tag->outcome != OUTCOME_OK || tag_is_all_instances(tag) ||
            role->phase->warmup)
            continue;
        struct slot *slot = slot_of(data, slots, tag->instance, role->arm);
        if (slot)
            hist_merge(slot->hist, data->tags.rows[i].hist);
    }
}

static int by_arm_and_place(const void *a, const void *b)
{
    const struct slot *x = a, *y = b;
    if (x->arm != y->arm)
        return x->arm < y->arm ? -1 : 1;
    return x->place != y->place ? (x->place < y->place ? -1 : 1) : strcmp(x->instance, y->instance);
}

static void write_cells(struct csv_writer *csv, const struct dataset *data, const char *kind,
                        const struct slot *slot, size_t number)
{
    csv_text(csv, kind);
    csv_u64(csv, number);
    csv_text(csv, data->arms[slot->arm].cluster);
    csv_text(csv, data->arms[slot->arm].series);
    csv_i64(csv, data->arms[slot->arm].style);
    csv_text(csv, slot->instance);
}

static void write_shape_point(struct csv_writer *csv, const struct dataset *data, const struct slot *slot,
                              size_t number, size_t i, double half_width)
{
    write_cells(csv, data, "shape", slot, number);
    csv_fixed(csv, slot->value_ns[i] / 1e6, 6);
    csv_fixed(csv, half_width, 5);
    for (int k = 0; k < 7; k++)
        csv_empty(csv);
    csv_end_row(csv);
}

/* Writes the outline: up the right side, down the left. */
static void write_shape(struct csv_writer *csv, const struct dataset *data, const struct slot *slot,
                        size_t number, double scale)
{
    for (size_t i = 0; i < SHAPE_POINTS; i++)
        write_shape_point(csv, data, slot, number, i, slot->density[i] * scale);
    for (size_t i = SHAPE_POINTS; i-- > 0;)
        write_shape_point(csv, data, slot, number, i, -slot->density[i] * scale);
}

static void write_box(struct csv_writer *csv, const struct dataset *data, const struct slot *slot,
                      size_t number)
{
    static const uint32_t p_ppm[] = { 50000, 250000, 500000, 750000, 950000 };
    write_cells(csv, data, "box", slot, number);
    csv_empty(csv);
    csv_empty(csv);
    for (size_t i = 0; i < sizeof p_ppm / sizeof *p_ppm; i++)
        csv_fixed(csv, (double)hist_value_at_ppm(slot->hist, p_ppm[i]) / 1e6, 6);
    csv_u64(csv, slot->hist->n);
    csv_empty(csv);
    csv_end_row(csv);
}

/* "none" or "7 answers", where a shape would be made up. */
static void write_few(struct csv_writer *csv, const struct dataset *data, const struct slot *slot,
                      size_t number)
{
    char note[NOTE_BYTES] = "none";
    if (slot->hist->n > 0)
        snprintf(note, sizeof note, "%u answer%s", (unsigned)slot->hist->n, slot->hist->n == 1 ? "" : "s");
    write_cells(csv, data, "few", slot, number);
    for (int k = 0; k < 7; k++)
        csv_empty(csv);
    csv_u64(csv, slot->hist->n);
    csv_text(csv, note);
    csv_end_row(csv);
}

static bool has_shape(const struct slot *slot)
{
    return slot->hist->n >= LEAST_N;
}

/* Shapes end at the 1st and 99th percentile; beyond, violins are hair-thin. */
static void write_slots(struct csv_writer *csv, const struct dataset *data, struct slots *slots)
{
    double densest = 0;
    for (size_t i = 0; i < slots->n; i++) {
        struct slot *slot = &slots->rows[i];
        if (!has_shape(slot))
            continue;
        density_of_hist(slot->hist, (double)hist_value_at_ppm(slot->hist, 10000),
                        (double)hist_value_at_ppm(slot->hist, 990000) + 1, SHAPE_POINTS, slot->value_ns,
                        slot->density);
        for (size_t k = 0; k < SHAPE_POINTS; k++)
            densest = fmax(densest, slot->density[k]);
    }
    for (size_t i = 0; i < slots->n; i++)
        if (has_shape(&slots->rows[i]))
            write_shape(csv, data, &slots->rows[i], i + 1, HALF_WIDTH_MOST / densest);
    for (size_t i = 0; i < slots->n; i++)
        if (has_shape(&slots->rows[i]))
            write_box(csv, data, &slots->rows[i], i + 1);
        else
            write_few(csv, data, &slots->rows[i], i + 1);
}

/* Adds the instances of the deployment without a good answer as far as there is room, and drops instances of
 * no deployment with few good answers. */
static void complete(const struct dataset *data, struct slots *slots)
{
    size_t kept = 0;
    for (size_t i = 0; i < slots->n; i++) {
        const struct arm *arm = &data->arms[slots->rows[i].arm];
        if (has_shape(&slots->rows[i]) || (arm->def && slots->rows[i].place < arm->def->n_instances))
            slots->rows[kept++] = slots->rows[i];
        else
            hist_free(slots->rows[i].hist);
    }
    slots->n = kept;
    for (size_t arm = 0; arm < data->n_arms; arm++)
        for (size_t i = 0;
             data->arms[arm].def && i < data->arms[arm].def->n_instances && slots->n < slots->capacity; i++)
            slot_of(data, slots, data->arms[arm].def->instances[i], arm);
}

/* Whether an instance has enough answers. */
static bool has_any_shape(const struct slots *slots)
{
    size_t i = 0;
    while (i < slots->n && !has_shape(&slots->rows[i]))
        i++;
    return i < slots->n;
}

static enum figure_result draw(const struct dataset *data, struct slots *slots, struct figure_file *out,
                               struct err *e)
{
    collect(data, slots);
    if (has_any_shape(slots))
        complete(data, slots);
    if (slots->too_many)
        return figure_leave_out(out, "there are more than %d instances, too many to tell apart", SLOTS_MOST);
    if (!has_any_shape(slots))
        return figure_leave_out(out, "no instance is known to have answered %d requests", LEAST_N);
    if (figure_begin(out, columns, e))
        return FIGURE_FAILED;
    qsort(slots->rows, slots->n, sizeof *slots->rows, by_arm_and_place);
    write_slots(&out->csv, data, slots);
    figure_title(out, "%s time of each instance, good answers",
                 data->headline == METRIC_RESPONSE ? "Response" : "Service");
    fprintf(out->caption,
            "Of successes: width is how many took so long (1st to 99th percentile, the same scale for all). "
            "Box: lower "
            "to upper quartile, with the median; whiskers: 5th to 95th percentile. An instance with fewer "
            "than %d good "
            "answers has no shape. Below: the last characters of the instance's id. ",
            LEAST_N);
    caption_of_times(out->caption, data);
    return FIGURE_DRAWN;
}

enum figure_result figure_violin(const struct dataset *data, struct figure_file *out, struct err *e)
{
    struct slots slots = { .rows = calloc(SLOTS_MOST, sizeof *slots.rows), .capacity = SLOTS_MOST };
    if (!slots.rows) {
        err_set(e, ERR_FAILED, "out of memory for the shapes of instances");
        return FIGURE_FAILED;
    }
    const enum figure_result result = draw(data, &slots, out, e);
    for (size_t i = 0; i < slots.n; i++)
        hist_free(slots.rows[i].hist);
    free(slots.rows);
    return result;
}
