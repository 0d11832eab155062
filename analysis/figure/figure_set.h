/* The figures of a run, campaign or sweep: which there are, and writing the data of all of them. */
#ifndef FIGURE_SET_H
#define FIGURE_SET_H

#include "figure.h"

/* Writes figures/NAME.csv and NAME.txt into the folder of a run, campaign or sweep for each figure that it
 * has data for. The reasons why figures are left out go to `messages`, a line each. */
int figure_set_write(const char *run_folder, FILE *messages, struct err *e);

/* The figures that such a folder may have; ends with a row without a name. */
const struct figure *figure_set_of(const char *run_folder);

figure_fn figure_bands;
figure_fn figure_cloudwatch;
figure_fn figure_ecdf;
figure_fn figure_health;
figure_fn figure_heatmap;
figure_fn figure_instances;
figure_fn figure_loadcurve;
figure_fn figure_pairs;
figure_fn figure_ratio;
figure_fn figure_spectrum;
figure_fn figure_summary;
figure_fn figure_throughput;
figure_fn figure_violin;

#endif
