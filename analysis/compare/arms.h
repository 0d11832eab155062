/* The arms of a comparison: the clusters of a run, each with the name and the line style that it has in every
 * table and figure. M4 is style 1 (solid blue), T2 style 2 (dashed vermilion), wherever they stand in the
 * file; others take what is free. */
#ifndef ARMS_H
#define ARMS_H

#include <stddef.h>

struct err;
struct run_json;
struct run_cluster;

struct arm {
    const char *cluster;           /* borrowed from run.json */
    const struct run_cluster *def; /* NULL for streams that belong to no cluster: `target` */
    char *series;                  /* owned; "m4 (cluster1)", or the cluster's name alone */
    const char *label;             /* "m4"; the cluster's name when it has no label */
    int style;                     /* 1, 2, ... */
};

/* One arm per cluster that a stream belongs to, in the order of run.json. Returns owned `*arms`, freed by
 * arms_free. */
int arms_of_run(const struct run_json *run, struct arm **arms, size_t *n, struct err *e);
void arms_free(struct arm *arms, size_t n);
/* The style of a label: that of its kind of instance, else `otherwise`. */
int arms_style(const char *label, int otherwise);
/* Index of the arm of a cluster, or n when there is none. */
size_t arms_index(const struct arm *arms, size_t n, const char *cluster);

#endif
