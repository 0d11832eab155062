/* What a report is made of: the dataset, and what else lies in its folder. */
#ifndef REPORT_MODEL_H
#define REPORT_MODEL_H

#include "instances.h"
#include "report_compare.h"
#include "run_deployment.h"

#include <stdbool.h>
#include <stdio.h>

struct dataset;
struct err;

enum { REPORT_REASON_BYTES = 400, REPORT_PATH_BYTES = 4096, REPORT_LACKS_BYTES = 2048 };

/* The outcome of drawing the figures. */
struct report_drawn {
    char *left_out;                 /* owned; a line "NAME: left out: why" per figure that is missing */
    char lacks[REPORT_LACKS_BYTES]; /* why some could not be drawn; "" when all with data were */
};

struct report {
    const struct dataset *data; /* borrowed; of many runs only `folder` and the `run` of the first */
    const char *first_run;      /* borrowed; folder name of the first of many runs, else NULL */
    bool has_deployment;
    struct deployment deployment;
    bool has_instances;
    struct instances instances;
    struct report_compare compare;        /* no rows when the folder has no comparison */
    const char *name_of_a, *name_of_b;    /* borrowed; labels of the clusters compared; NULL: unknown */
    const struct report_drawn *drawn;     /* borrowed */
    char no_diagram[REPORT_REASON_BYTES]; /* why there is no diagram; "" when there is one */
};

/* Reads what lies beside `data` and draws the diagram. Call report_fini even on failure. */
int report_init(struct report *report, const struct dataset *data, const struct report_drawn *drawn,
                struct err *e);
/* The same for a campaign or sweep. `place` has its `folder` and the `run` of `first_run`, the folder with
 * the deployment. */
int report_init_many(struct report *report, const struct dataset *place, const char *first_run,
                     const struct report_drawn *drawn, struct err *e);
void report_fini(struct report *report);

/* Path of a file in the report's folder. */
void report_path(const struct report *report, const char *name, char path[REPORT_PATH_BYTES]);
/* Whether that file exists and is not empty. */
bool report_has(const struct report *report, const char *name);

/* Writes a part of the report, such as a section. */
typedef void report_part_fn(FILE *out, const struct report *report);
/* Returns the output of `write` as an owned text; NULL when out of memory. */
char *report_prose(report_part_fn *write, const struct report *report);

#endif
