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

/* Writes the name of a file or folder: made safe for a terminal, else byte for byte, for programs. */
void term_name(FILE *out, const char *name);

/* Writes it as one shell word, for a command to be copied: quoted where necessary, and never taken for an
 * option. */
void term_word(FILE *out, const char *name);

/* "FOLDER     next: COMMAND FOLDER", the end of a summary, on two lines where a terminal is too narrow for
 * one. */
void term_next(FILE *out, const char *folder, const char *command);

/* With the number of a descriptor at its end: the size of the terminal to which another program passes on
 * what is written there. */
#define TERM_ELSEWHERE_VARIABLE "LOADGEN_TERMINAL_"

/* Looks at the stream, NO_COLOR and TERM. */
struct term term_look(FILE *stream);

/* Colour only adds to what the text says. */
enum term_style { TERM_BOLD, TERM_RED, TERM_YELLOW, TERM_GREEN };

/* What begins a style and what ends it; "" where there is no colour. Constant. */
const char *term_begin(const struct term *t, enum term_style style);
const char *term_end(const struct term *t);

#endif
