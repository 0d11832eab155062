/* The pieces of a JSON body. Included by pieces.c alone. */
#ifndef IMPORT_PIECES_JSON_H
#define IMPORT_PIECES_JSON_H

#include "pieces.h"

/* Of a body that stays text: the members that are strings or whole numbers. */
int pieces_json_text(struct draft *d, struct draft_step *s, piece_fn *fn, void *payload, struct err *e);
/* Of a tree: every string and whole number. */
int pieces_json_tree(struct draft *d, json_t *value, piece_fn *fn, void *payload, struct err *e);

#endif
