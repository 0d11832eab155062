#include "tag_set.h"

#include "err.h"
#include "hist.h"
#include "hlog.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void tag_set_fini(struct tag_set *set)
{
    for (size_t i = 0; i < set->n; i++)
        hist_free(set->rows[i].hist);
    free(set->rows);
    free(set->slots);
    *set = (struct tag_set){ 0 };
}

static uint64_t hash_more(uint64_t hash, const char *text)
{
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return hash * UINT64_C(1099511628211);
}

/* FNV-1a, with a zero byte between the parts. */
static uint64_t hash_of(const struct tag *tag)
{
    uint64_t hash = UINT64_C(14695981039346656037) + (uint64_t)tag->metric * N_OUTCOMES + tag->outcome;
    hash = hash_more(hash, tag->stream);
    hash = hash_more(hash, tag->step);
    hash = hash_more(hash, tag->cluster);
    hash = hash_more(hash, tag->phase);
    hash = hash_more(hash, tag->instance);
    return hash ^ hash >> 32;
}

static bool is_same(const struct tag *a, const struct tag *b)
{
    return a->metric == b->metric && a->outcome == b->outcome && strcmp(a->stream, b->stream) == 0 &&
           strcmp(a->step, b->step) == 0 && strcmp(a->cluster, b->cluster) == 0 &&
           strcmp(a->phase, b->phase) == 0 && strcmp(a->instance, b->instance) == 0;
}

/* The slot that holds the tag, or the empty one where it belongs. */
static uint32_t *slot_of(const struct tag_set *set, const struct tag *tag)
{
    const size_t mask = 2 * set->capacity - 1;
    size_t i = hash_of(tag) & mask;
    while (set->slots[i] && !is_same(&set->rows[set->slots[i] - 1].tag, tag))
        i = (i + 1) & mask;
    return &set->slots[i];
}

static int grow(struct tag_set *set)
{
    const size_t capacity = set->capacity ? 2 * set->capacity : 64;
    uint32_t *slots = calloc(2 * capacity, sizeof *slots);
    struct tag_row *rows = realloc(set->rows, capacity * sizeof *rows);
    if (rows)
        set->rows = rows;
    if (!rows || !slots) {
        free(slots);
        return -1;
    }
    free(set->slots);
    set->slots = slots;
    set->capacity = capacity;
    for (size_t i = 0; i < set->n; i++)
        *slot_of(set, &set->rows[i].tag) = (uint32_t)i + 1;
    return 0;
}

static int no_memory(size_t n_tags, struct err *e)
{
    return err_set(e, ERR_FAILED, "out of memory for the histograms of %zu tags", n_tags);
}

size_t tag_set_row(struct tag_set *set, const char *text, struct err *e)
{
    struct tag_row row = { .hist = NULL };
    if (tags_parse(text, &row.tag, e))
        return TAG_SET_NONE;
    uint32_t *slot = NULL;
    if (set->n < set->capacity || grow(set) == 0)
        slot = slot_of(set, &row.tag);
    if (slot && *slot)
        return *slot - 1;
    row.hist = slot ? hist_new_compact() : NULL;
    if (!row.hist) {
        no_memory(set->n + 1, e);
        return TAG_SET_NONE;
    }
    set->rows[set->n] = row;
    *slot = (uint32_t)++set->n;
    return set->n - 1;
}

size_t tag_set_find(const struct tag_set *set, const struct tag *tag)
{
    const uint32_t *slot = set->capacity ? slot_of(set, tag) : NULL;
    return slot && *slot ? *slot - 1 : TAG_SET_NONE;
}

int tag_set_merge(struct tag_set *set, const char *text, const struct hist *from, struct err *e)
{
    const size_t row = tag_set_row(set, text, e);
    if (row == TAG_SET_NONE)
        return -1;
    hist_merge(set->rows[row].hist, from);
    return set->rows[row].hist->n_lost == 0 ? 0 : no_memory(set->n, e);
}

static int read_lines(struct tag_set *set, struct hlog_reader *log, const char *path, struct err *e)
{
    struct hlog_line line;
    int more;
    while ((more = hlog_next(log, &line, e)) > 0) {
        const size_t row = tag_set_row(set, line.tag, e);
        if (row == TAG_SET_NONE)
            return err_prefix(e, "%s:%" PRIu64, path, log->line_number);
        if (hlog_decode(log, set->rows[row].hist, e))
            return -1;
    }
    return more;
}

int tag_set_read(struct tag_set *set, const char *path, bool *truncated, struct err *e)
{
    struct hlog_reader log;
    if (hlog_open(&log, path, e))
        return -1;
    const int status = read_lines(set, &log, path, e);
    *truncated = log.truncated;
    hlog_reader_fini(&log);
    return status;
}
