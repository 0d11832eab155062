/* The figures of a run: which there are, and the data of all that the run folder has something to show in. */
#ifndef FIGURES_H
#define FIGURES_H

#include "figure.h"

/* Writes figures/NAME.csv and NAME.txt in the folder of a run, campaign or sweep for each figure; one without
 * data is left out, with the reason on `say`. */
int figures_write_data(const char *run_folder, FILE *say, struct err *e);

/* The figures that such a folder may have; the row after the last has no name. */
const struct figure *figures_of(const char *run_folder);

enum figures_drawn {
    FIGURES_FAILED = -1, /* nothing more can be done */
    FIGURES_WHOLE = 0,   /* every picture is there and fresh */
    FIGURES_LACKING,     /* gnuplot failed on some */
    FIGURES_NO_GNUPLOT,  /* some are stale, and gnuplot is not there */
};

/* Draws what is missing or older than its data, with gnuplot. A picture that cannot be drawn is left out: a
 * line on `say` tells the reason for each figure, a sentence in `e` that of the first. `formats` is a list
 * such as "svg,pdf". */
enum figures_drawn figures_draw(const char *run_folder, const char *formats, FILE *say, struct err *e);

/* -1 with a sentence when the list names another format. */
int figures_formats_check(const char *list, struct err *e);

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
