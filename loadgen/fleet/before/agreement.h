/* A step that the ranks take together: each tells rank 0 what is wrong with it, if anything, and all go on
 * only if nothing is. Rank 0 then has all mistakes in one list. */
#ifndef FLEET_AGREEMENT_H
#define FLEET_AGREEMENT_H

#include "err.h"

#include <jansson.h>

struct fleet;

struct agreement {
    struct err own;   /* ERR_NONE: nothing is wrong here */
    json_t *warnings; /* an array of sentences, which rank 0 prints; borrowed; NULL: none */
    json_t *word;     /* rank 0's, given to all if they agree; borrowed at rank 0; elsewhere new, or NULL */
};

/* -1 when anything is wrong anywhere: at rank 0 with the list, elsewhere without it. The kind of the error is
 * the same on all ranks: ERR_INPUT if all mistakes are. */
int agreement_reach(struct fleet *f, struct agreement *a, struct err *e);

#endif
