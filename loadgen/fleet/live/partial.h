/* The sums of seconds that a rank still gathers. A part stays as it came, in bytes, until a second one joins
 * it: the leaves of the tree, half of all ranks, never decode anything. */
#ifndef FLEET_PARTIAL_H
#define FLEET_PARTIAL_H

#include "pack.h"
#include "second_codec.h"

#include <stdint.h>

struct plan;
struct stats;

struct partial {
    uint64_t second, length_ns;
    uint32_t n_told;   /* shares in it */
    struct pack bytes; /* the only part */
    struct stats *sum; /* of several parts; NULL until there are */
    struct partial *next;
};

struct partials {
    const struct plan *plan;
    struct partial *first; /* by second */
    struct stats *spare;
    uint64_t n_bad;
    struct second_scratch *scratch; /* once something is decoded */
};

void partials_fini(struct partials *p);

/* Adds a part; `n_bad` counts one that is damaged or finds no memory. The bytes are copied. */
void partials_add(struct partials *p, uint64_t second, uint64_t length_ns, uint32_t n_told,
                  const uint8_t *bytes, size_t n_bytes);

/* The sum as statistics, which belong to the partial; NULL when it is damaged or memory is short. */
const struct stats *partial_stats(struct partials *p, struct partial *partial);
/* Appends the sum in bytes, preceded by their number. */
void partial_put(struct partials *p, struct partial *partial, uint32_t more_metrics, struct pack *out);

/* Removes the first. */
void partials_drop(struct partials *p);

#endif
