/* Path groups: requests whose paths differ in numbers and identifiers alone belong together. Each group is a
 * row of the results; the most frequent ones get one of their own, the rest share `other`. */
#ifndef IMPORT_LOG_GROUPS_H
#define IMPORT_LOG_GROUPS_H

#include "plan.h"

#include <stddef.h>
#include <stdint.h>

struct err;

enum {
    LOG_GROUP_BYTES = 256,  /* of a group's pattern; longer ones are cut */
    LOG_GROUPS_MOST = 4096, /* that are counted; requests of later ones are `other` */
    LOG_GROUP_SLOTS = 8192, /* a power of two */
};

struct log_group {
    char pattern[LOG_GROUP_BYTES]; /* "GET /v1/items/{n}" */
    uint64_t n;
    char name[PLAN_NAME_BYTES]; /* of its row; "" until log_groups_name, and for `other` */
};

struct log_groups {
    struct log_group *list; /* owned */
    size_t n, capacity;
    uint16_t slots[LOG_GROUP_SLOTS]; /* index + 1; 0: free */
    uint64_t n_other;                /* requests without a row of their own */
    size_t n_named;
};

void log_groups_fini(struct log_groups *g);
/* Counts a request. -1 when memory is short. */
int log_groups_count(struct log_groups *g, const char *method, const char *path, struct err *e);
/* Gives the most frequent groups names. */
void log_groups_name(struct log_groups *g);
/* The row of a request that was counted. */
const char *log_groups_row(const struct log_groups *g, const char *method, const char *path);

/* The pattern of a request; cut if it is long. */
void log_groups_pattern(const char *method, const char *path, char out[static LOG_GROUP_BYTES]);

#endif
