/* Draws figures with gnuplot from their data. */
#ifndef FIGURE_DRAW_H
#define FIGURE_DRAW_H

#include <stdio.h>

struct err;

enum figure_drawn {
    FIGURE_DRAW_FAILED = -1, /* nothing could be done */
    FIGURE_DRAW_WHOLE = 0,   /* every picture exists and is fresh */
    FIGURE_DRAW_LACKING,     /* gnuplot failed on some */
    FIGURE_DRAW_NO_GNUPLOT,  /* some are stale, and gnuplot is missing */
};

/* Draws every picture that is missing or older than its data. `formats` is a list such as "svg,pdf". One that
 * cannot be drawn is left out, with a line per figure on `messages` and the first reason in `e`. */
enum figure_drawn figure_draw(const char *run_folder, const char *formats, FILE *messages, struct err *e);

/* -1 when the list is empty or names an unknown format. */
int figure_draw_check_formats(const char *list, struct err *e);

#endif
