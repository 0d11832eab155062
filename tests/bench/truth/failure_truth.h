/* Two clusters whose good answers are alike, one of which also fails: by requests, through the percentiles
 * over attempts that the programs use. The one that fails more must never win. */
#ifndef TRUTH_FAILURE_H
#define TRUTH_FAILURE_H

#include "truth.h"

struct err;

/* Prints how often B is called faster or slower, and counts the promises that are not kept. */
int failure_truth(struct truth *truth, struct err *e);

#endif
