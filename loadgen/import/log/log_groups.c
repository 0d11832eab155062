#include "log_groups.h"

#include "draft_names.h"
#include "err.h"
#include "fnv.h"
#include "recording.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char other[] = "other";

void log_groups_fini(struct log_groups *g)
{
    free(g->list);
    g->list = NULL;
    g->n = 0;
}

/* Numbers, UUIDs and hex, and long texts with several digits, such as keys. */
static bool is_identifier(const char *segment, size_t n)
{
    size_t n_digits = 0, n_hex = 0;
    for (size_t i = 0; i < n; i++) {
        n_digits += isdigit((unsigned char)segment[i]) != 0;
        n_hex += isxdigit((unsigned char)segment[i]) || segment[i] == '-';
    }
    return n > 0 && (n_digits == n || (n_hex == n && n >= 8 && n_digits > 0) || (n >= 16 && n_digits >= 4));
}

void log_groups_pattern(const char *method, const char *path, char out[static LOG_GROUP_BYTES])
{
    int used = snprintf(out, LOG_GROUP_BYTES, "%.32s ", method);
    const size_t length = strcspn(path, "?");
    for (size_t at = 0; at < length && used < LOG_GROUP_BYTES;) {
        const size_t n = strcspn(path + at + 1, "/?"); /* of the segment behind the slash */
        if (is_identifier(path + at + 1, n))
            used += snprintf(out + used, (size_t)(LOG_GROUP_BYTES - used), "/{n}");
        else
            used += snprintf(out + used, (size_t)(LOG_GROUP_BYTES - used), "/%.*s", (int)(n < 256 ? n : 256),
                             path + at + 1);
        at += n + 1;
    }
}

static uint16_t *find_slot(const struct log_groups *g, const char *pattern)
{
    for (uint32_t at = fnv_hash(pattern, strlen(pattern));; at++) {
        const uint16_t *slot = &g->slots[at % LOG_GROUP_SLOTS];
        if (*slot == 0 || strcmp(g->list[*slot - 1].pattern, pattern) == 0)
            return (uint16_t *)(uintptr_t)slot;
    }
}

static int add(struct log_groups *g, uint16_t *slot, const char *pattern, struct err *e)
{
    if (g->n == g->capacity) {
        const size_t capacity = g->capacity ? g->capacity * 2 : 64;
        struct log_group *larger = realloc(g->list, capacity * sizeof *larger);
        if (!larger)
            return plan_out_of_memory(e);
        g->list = larger;
        g->capacity = capacity;
    }
    struct log_group *group = &g->list[g->n++];
    *group = (struct log_group){ .n = 1 };
    snprintf(group->pattern, sizeof group->pattern, "%s", pattern);
    *slot = (uint16_t)g->n;
    return 0;
}

int log_groups_count(struct log_groups *g, const char *method, const char *path, struct err *e)
{
    char pattern[LOG_GROUP_BYTES];
    log_groups_pattern(method, path, pattern);
    uint16_t *slot = find_slot(g, pattern);
    if (*slot == 0 && g->n < LOG_GROUPS_MOST)
        return add(g, slot, pattern, e);
    if (*slot == 0)
        g->n_other++;
    else
        g->list[*slot - 1].n++;
    return 0;
}

static bool is_taken(const struct log_groups *g, size_t n_before, const char *name)
{
    bool is = strcmp(name, other) == 0;
    for (size_t i = 0; i < n_before; i++)
        is = is || strcmp(g->list[i].name, name) == 0;
    return is;
}

/* "items-n" for GET /items/{n}, "post-items" for POST /items. */
static void name_group(struct log_groups *g, size_t i)
{
    struct log_group *group = &g->list[i];
    char made[PLAN_NAME_BYTES];
    const bool is_get = strncmp(group->pattern, "GET ", 4) == 0;
    const bool is_root = strcmp(group->pattern, "GET /") == 0;
    draft_names_make(is_root ? "root" : group->pattern + (is_get ? 5 : 0), made);
    for (char *p = made; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    snprintf(group->name, sizeof group->name, "%s", made);
    for (unsigned k = 2; is_taken(g, i, group->name); k++)
        snprintf(group->name, sizeof group->name, "%.26s-%u", made, k);
}

static int compare(const void *x, const void *y)
{
    const struct log_group *a = x, *b = y;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    return strcmp(a->pattern, b->pattern);
}

void log_groups_name(struct log_groups *g)
{
    if (g->n > 0)
        qsort(g->list, g->n, sizeof *g->list, compare);
    memset(g->slots, 0, sizeof g->slots);
    const bool all = g->n <= RECORDING_ROWS_MOST && g->n_other == 0;
    g->n_named = all ? g->n : RECORDING_ROWS_MOST - 1;
    g->n_named = g->n_named < g->n ? g->n_named : g->n;
    for (size_t i = 0; i < g->n; i++) {
        *find_slot(g, g->list[i].pattern) = (uint16_t)(i + 1);
        if (i < g->n_named)
            name_group(g, i);
        else
            g->n_other += g->list[i].n;
    }
}

const char *log_groups_row(const struct log_groups *g, const char *method, const char *path)
{
    char pattern[LOG_GROUP_BYTES];
    log_groups_pattern(method, path, pattern);
    const uint16_t slot = *find_slot(g, pattern);
    return slot && g->list[slot - 1].name[0] ? g->list[slot - 1].name : other;
}
