/* compare.csv of a folder: the ratio of two clusters per metric, with its interval and the decision. */
#ifndef REPORT_COMPARE_H
#define REPORT_COMPARE_H

#include <stddef.h>
#include <stdint.h>

struct err;

struct report_compare_row {
    char *metric, *decision, *method;       /* owned; "" where the file does not say */
    uint64_t p_ppm;                         /* 0: the metric is no percentile */
    double ratio, lo, hi, diff_us, p_value; /* NAN where unknown */
    uint64_t n_pairs;
};

struct report_compare {
    struct report_compare_row *rows; /* owned */
    size_t n;
};

/* Reads FOLDER/compare.csv; no such file is no row. -1 names what is wrong with it. Call report_compare_fini
 * in every case. */
int report_compare_read(struct report_compare *compare, const char *folder, struct err *e);
void report_compare_fini(struct report_compare *compare);

#endif
