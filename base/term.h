/* What the terminal can do: whether to use colour and rewriting in place, and how large it is. */
#ifndef BASE_TERM_H
#define BASE_TERM_H

#include <stdbool.h>
#include <stdio.h>

struct term {
    bool live;   /* a terminal that can rewrite lines */
    bool colour; /* live, NO_COLOR unset, TERM not dumb */
    int width;   /* columns; 80 when unknown */
    int height;  /* rows; 24 when unknown */
};

/* Looks at the stream, NO_COLOR and TERM. */
struct term term_look(FILE *stream);

#endif
