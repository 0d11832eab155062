/* The diagram of a deployment: listener, rules, target groups and instances, as a Graphviz description
 * and, with `dot` installed, a drawing. */
#ifndef DIAGRAM_H
#define DIAGRAM_H

#include <stddef.h>
#include <stdio.h>

struct deployment;
struct err;

/* Writes the description in the DOT language. Of large clusters only the first instances are shown. */
void diagram_write(FILE *out, const struct deployment *d);

/* Writes FOLDER/diagram.dot and draws diagram.svg and diagram.pdf from it, unless they exist and the
 * description is unchanged. 0 on success, 1 with a reason when dot is missing or fails, -1 when the
 * description cannot be written. */
int diagram_draw(const struct deployment *d, const char *folder, char *reason, size_t reason_bytes,
                 struct err *e);

#endif
