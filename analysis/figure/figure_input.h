/* What gnuplot reads: a figure's CSV and text written again so that nothing in them means anything to it.
 * Every name that came from outside reaches gnuplot through these two files, and never as a part of a
 * command. */
#ifndef FIGURE_INPUT_H
#define FIGURE_INPUT_H

struct err;

/* Writes `data` and `text` into the folder `to`, from NAME.csv and NAME.txt of the folder `figures`. `data`
 * has its cells separated by tabs; each line of `text` begins with '|', so that an empty one is a line too.
 * In both a double quote is the byte 1 and a backslash the byte 2, and a text "NaN", which would be a missing
 * number, has the byte 3 in front: style.gp turns them back. */
int figure_input_write(const char *figures, const char *name, const char *to, struct err *e);

#endif
