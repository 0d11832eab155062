/* What the summary of a run folder is made of, from run.json, hist.hlog and errors.csv. */
#ifndef SUMMARY_INPUT_H
#define SUMMARY_INPUT_H

#include "dataset_derived.h"
#include "summary.h"
#include "within_sides.h"

enum { SUMMARY_INPUT_CAUSES_MOST = 64 }; /* as many as a run keeps */

struct summary_input {
    struct summary summary;
    /* What it points at; owned, but for texts that are the dataset's. */
    struct dataset_derived derived;
    struct within_sides within;
    struct summary_cause causes[SUMMARY_INPUT_CAUSES_MOST];
    struct summary_generator *generators;
};

/* -1 when memory is short. Without errors.csv the summary names no errors. Call summary_input_fini in every
 * case. */
int summary_input_init(struct summary_input *in, const struct dataset *data, struct err *e);
void summary_input_fini(struct summary_input *in);

#endif
