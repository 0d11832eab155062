/* A text in memory that is written like a file. */
#ifndef BASE_TEXT_OUT_H
#define BASE_TEXT_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct text_out {
    FILE *file; /* to write to; NULL when there is no memory */
    char *text;
    size_t length_bytes; /* known after the end */
};

/* False when memory is short. Call text_out_end in every case. */
bool text_out_begin(struct text_out *t);
/* Returns the owned text; NULL when memory was short at any time. */
char *text_out_end(struct text_out *t);

#endif
