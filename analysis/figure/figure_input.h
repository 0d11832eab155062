/* Writes a figure's CSV and text in a form without meaning to gnuplot. Names from outside reach gnuplot only
 * through these two files, never as part of a command. */
#ifndef FIGURE_INPUT_H
#define FIGURE_INPUT_H

struct err;

/* Writes `data` and `text` into the folder `to` from NAME.csv and NAME.txt in `figures`. Cells of `data` are
 * separated by tabs; each line of `text` begins with '|', so that gnuplot keeps empty ones. Double quotes
 * become byte 1, backslashes byte 2, and a text "NaN", which gnuplot takes for a missing number, gets byte 3
 * in front; style.gp reverts this. */
int figure_input_write(const char *figures, const char *name, const char *to, struct err *e);

#endif
