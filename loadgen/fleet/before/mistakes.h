/* What is wrong on which ranks: one list, in which ranks with the same sentence share a line. */
#ifndef FLEET_MISTAKES_H
#define FLEET_MISTAKES_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct fleet;

struct mistake {
    char *text;      /* owned: a clause about the host, or a sentence */
    uint32_t *ranks; /* owned, ascending */
    size_t n_ranks;
};

/* Zeroed: empty. */
struct mistakes {
    struct mistake *list; /* owned */
    size_t n;
    enum err_kind kind; /* ERR_FAILED if any is */
    bool is_short;      /* of memory */
};

void mistakes_add(struct mistakes *m, uint32_t rank, const struct err *what);
void mistakes_fini(struct mistakes *m);

/* 0 when there are none; else -1 and the list, a line each. */
int mistakes_error(const struct mistakes *m, const struct fleet *f, struct err *e);
/* A line each, after this word: "warning". */
void mistakes_print(const struct mistakes *m, const struct fleet *f, const char *word, FILE *out);

#endif
