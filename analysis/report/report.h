/* The report of a run: one HTML page that needs nothing else, a LaTeX fragment, and a plain text. All three
 * begin with the answer and say the same; every number stands in a CSV beside them. */
#ifndef REPORT_H
#define REPORT_H

#include "instances.h"
#include "report_compare.h"
#include "report_deployment.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct dataset;
struct err;

enum { REPORT_REASON_BYTES = 400, REPORT_PATH_BYTES = 4096, REPORT_LACKS_BYTES = 2048 };

/* How the drawing of the figures went. */
struct report_drawn {
    char *left_out;                 /* owned; lines "NAME: left out: why" of figures that there are not */
    char lacks[REPORT_LACKS_BYTES]; /* why some could not be drawn; "" when each that has data was */
};

/* What a report is made of. */
struct report {
    const struct dataset
        *data;             /* borrowed; of a folder of many runs only `folder` and the first run's `run` */
    const char *first_run; /* borrowed; of a folder of many runs the name of the first, else NULL */
    bool has_deployment;
    struct deployment deployment;
    bool has_instances;
    struct instances instances;
    struct report_compare compare;        /* without rows where the folder has no comparison */
    const char *name_of_a, *name_of_b;    /* borrowed; the clusters compared, NULL without a comparison */
    const struct report_drawn *drawn;     /* borrowed */
    char no_diagram[REPORT_REASON_BYTES]; /* why there is none; "" when there is */
};

/* Gathers what the run folder of `data` holds besides; draws the diagram. Call
 * report_fini in every case. */
int report_init(struct report *report, const struct dataset *data, const struct report_drawn *drawn,
                struct err *e);
/* The same of a folder of many runs: `place` has its `folder` and the `run` of `first_run`, beside which the
 * deployment is looked for. */
int report_init_many(struct report *report, const struct dataset *place, const char *first_run,
                     const struct report_drawn *drawn, struct err *e);
void report_fini(struct report *report);

/* Write report.html, report.tex, report.txt into the run folder. */
int report_write_page(const struct report *report, struct err *e);
int report_write_tex(const struct report *report, struct err *e);
int report_write_text(const struct report *report, struct err *e);

/* The reports of a campaign and of a sweep: the same three files with the answer, the figures and the numbers
 * of each run, and links to the runs' own files. */
int report_write_campaign(const char *folder, const struct report_drawn *drawn, struct err *e);
int report_write_sweep(const char *folder, const struct report_drawn *drawn, struct err *e);

/* Opens report.html and writes everything up to the first section; NULL with a sentence. report_page_end
 * closes it. `kicker` says what kind of report it is. */
FILE *report_page_begin(const struct report *report, const char *kicker, struct err *e);
int report_page_end(const struct report *report, FILE *out, struct err *e);
/* <section id="answer"> with the sentence large and the doubts below; report_section_end closes it. */
void report_answer_begin(FILE *out, const char *answer, const char *doubts);
/* A cell that names a run of a folder of many, linked to the run's percentiles and, where it has one, its
 * report. */
void report_run_cell(FILE *out, const struct report *report, const char *run);

/* The answer as plain sentences: which cluster was slower by how much, or one cluster's times. */
void report_answer(FILE *out, const struct report *report);
/* How sure it is: what one run can prove, emulation, the verdict on the generator. */
void report_doubts(FILE *out, const struct report *report);
/* Runs a writer into memory; NULL when that is short. Owned. */
typedef void report_prose_fn(FILE *out, const struct report *report);
char *report_prose(report_prose_fn *write, const struct report *report);

/* Path of a file of the run folder; whether it is there and not empty. */
void report_path(const struct report *report, const char *name, char path[REPORT_PATH_BYTES]);
bool report_has(const struct report *report, const char *name);

/* The sections of the page, in its order; each writes one <section>. */
typedef void report_section_fn(FILE *out, const struct report *report);
report_section_fn report_setup_deployment; /* the part of report_section_setup about the target, no section */
report_section_fn report_section_answer, report_section_spectrum, report_section_ratio, report_section_setup,
    report_section_verdict, report_section_time, report_section_instances, report_section_health,
    report_section_files;

/* Opens and closes a section; `id` is its anchor. */
void report_section_begin(FILE *out, const char *id, const char *title);
void report_section_end(FILE *out);
/* "WHAT: a.csv, b.csv": links to those of the files that are there; names are separated by blanks. */
void report_sources(FILE *out, const struct report *report, const char *what, const char *names);

/* A figure of figures/NAME.svg within the page: title, drawing, caption, links; or why there is none. */
void report_figure(FILE *out, const struct report *report, const char *name);
/* The drawing figures/diagram.svg, or why there is none. */
void report_figure_diagram(FILE *out, const struct report *report);
/* Why there is no figure NAME, as an owned text; NULL where that was not said. */
char *report_figure_absence(const struct report *report, const char *name);
/* A paragraph of report.txt about figures that could not be drawn; nothing when each was. */
void report_text_lacks(FILE *out, const struct report *report);
/* Whether figures/NAME was drawn. */
bool report_figure_is_there(const struct report *report, const char *name);
/* First line (title) and the rest (caption) of figures/NAME.txt in one owned text each; -1 when it is not
 * there. */
int report_figure_text(const struct report *report, const char *name, char **title, char **caption);

#endif
