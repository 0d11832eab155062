/* What the three forms of a sweep's report share. */
#ifndef REPORT_SWEEP_H
#define REPORT_SWEEP_H

struct err;
struct report;
struct sweep;

struct report_sweep {
    char *sentence, *doubts; /* owned by the caller */
};

/* Writes report.tex into the sweep's folder. */
int report_sweep_write_tex(const struct report *report, const struct sweep *s,
                           const struct report_sweep *words, struct err *e);

#endif
