/* The diagram of a deployment: listener, rules, target groups and instances, as a Graphviz description and,
 * where `dot` is installed, as a drawing. */
#ifndef DIAGRAM_H
#define DIAGRAM_H

#include <stddef.h>
#include <stdio.h>

struct deployment;
struct err;

/* Writes the description in the DOT language. Clusters of many instances show the first few. */
void diagram_write(FILE *out, const struct deployment *d);

/* Writes FOLDER/diagram.dot and draws diagram.svg and diagram.pdf from it. 0 when they are drawn or are newer
 * than an unchanged description, 1 with the reason in `reason` when dot is not there or fails, -1 with a
 * sentence when the description cannot be written. */
int diagram_draw(const struct deployment *d, const char *folder, char *reason, size_t reason_bytes,
                 struct err *e);

#endif
