/* The figures of a run: which there are, and the data of all that the run folder has something to show in. */
#ifndef FIGURES_H
#define FIGURES_H

#include "figure.h"

/* Writes figures/NAME.csv and NAME.txt in the folder of a run, campaign or sweep for each figure; one without
 * data is left out, with the reason on `say`. */
int figures_write_data(const char *run_folder, FILE *say, struct err *e);

/* Draws what is older than its data, by Makefile.plots. `formats` is a list such as "svg,pdf". */
int figures_draw(const char *run_folder, const char *formats, struct err *e);

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
