/* The arms of a comparison: the clusters of a run, each with its name and line style in all tables and
 * figures. M4 always has style 1 (solid blue), T2 style 2 (dashed vermilion); others take what is free. */
#ifndef ARMS_H
#define ARMS_H

#include <stddef.h>

struct err;
struct run_json;
struct run_cluster;

struct arm {
    const char *cluster;           /* borrowed from run.json */
    const struct run_cluster *def; /* NULL for streams without a cluster: `target` */
    char *series;                  /* owned; "m4 (cluster1)", or just the cluster's name */
    const char *label;             /* "m4"; the cluster's name without a label */
    int style;                     /* 1, 2, ... */
};

/* One arm per cluster with a stream, in the order of run.json. `*arms` is owned; free it with arms_free. */
int arms_of_run(const struct run_json *run, struct arm **arms, size_t *n, struct err *e);
void arms_free(struct arm *arms, size_t n);
/* The style of a label's kind of instance, else `otherwise`. */
int arms_style(const char *label, int otherwise);
/* Index of a cluster's arm, or n. */
size_t arms_index(const struct arm *arms, size_t n, const char *cluster);

#endif
