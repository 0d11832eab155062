/* A scenario file becomes a plan, or one sentence that says what is wrong with it and where. Nothing is sent
 * and no name is resolved here. */
#ifndef PLAN_SCENARIO_H
#define PLAN_SCENARIO_H

#include "target.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct input_files;
struct plan;

/* What the command line overrides; zero leaves everything to the file. */
struct scenario_overrides {
    const char *target_url;      /* in place of the file's target */
    const char *deployment_file; /* the deployment to use, in place of the file's target */
    const char *only;            /* only the streams of this cluster */
    uint64_t timeout_ns;         /* of every stream */
    uint32_t n_threads;
    bool has_seed;
    uint64_t seed;
    bool may_lack_deployment; /* nothing will be sent, so the deployment need not exist */
    struct target_options target;
    struct input_files *inputs; /* where all files are read from; NULL: the disk */
};

/* Reads the file at `path`. The caller frees `out` with plan_fini in every case. */
int scenario_load(struct plan *out, const char *path, const struct scenario_overrides *o, struct err *e);
/* The same with the text given; files that it names are relative to `path`. */
int scenario_parse(struct plan *out, const char *path, const char *text, size_t text_bytes,
                   const struct scenario_overrides *o, struct err *e);

#endif
