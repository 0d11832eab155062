/* The values that a request is made of, one by one, so that each can become a word: segments of the path,
 * parameters of the query, headers, fields of a form, members of a JSON body. */
#ifndef IMPORT_PIECES_H
#define IMPORT_PIECES_H

#include "draft.h"

#include <stdbool.h>
#include <stdio.h>

enum piece_place {
    PIECE_SEGMENT,
    PIECE_PARAMETER,
    PIECE_HEADER, /* of `Bearer TOKEN` and the like: what follows the scheme */
    PIECE_FIELD,
    PIECE_MEMBER,
};

struct piece {
    enum piece_place place;
    const char *name;  /* of a segment: the one before it, or "" */
    const char *value; /* decoded */
};

/* 1: the piece becomes `{word}`, which the function sets; 0: it stays; -1 and a sentence. */
typedef int piece_fn(void *payload, const struct piece *p, const char **word, struct err *e);

/* Visits what is a fixed value. A word is put in with the filter that its place asks for. */
int pieces_visit(struct draft *d, struct draft_step *s, piece_fn *fn, void *payload, struct err *e);
/* Whether the step has a body whose pieces are not known: a file, XML, multipart. */
bool pieces_has_other_body(const struct draft_step *s);

#endif
