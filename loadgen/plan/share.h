/* A share: one generator's part of the whole plan, when several generators send it together. Connections are
 * numbered through the whole plan, and number c belongs to share c mod `count` (division.h). A plan always
 * describes the whole; its share selects what this generator sends. */
#ifndef PLAN_SHARE_H
#define PLAN_SHARE_H

#include <stdint.h>

struct err;

enum {
    SHARE_COUNT_MOST = 100000,
    SHARE_TEXT_BYTES = 32, /* "3/8" */
};

/* Zeroed, or with a count of 1: the whole plan. */
struct share {
    uint32_t index, count; /* the index is from 0; people read it from 1 */
};

static inline uint32_t share_count(const struct share *s)
{
    return s->count > 0 ? s->count : 1;
}

/* Reads the value of --shard: "I/N", I from 1; "auto", the task number that the launcher put into the
 * environment; or "auto/N" where it puts only the index there. Sets `*source` to where the share is from:
 * "given", "openmpi", "pmi", "slurm" or "kubernetes". -1 and a sentence when there is none. */
int share_parse(struct share *out, const char **source, const char *text, struct err *e);

/* "3/8"; returns `out`. */
const char *share_text(const struct share *s, char out[static SHARE_TEXT_BYTES]);

#endif
