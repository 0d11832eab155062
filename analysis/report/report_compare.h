/* compare.csv of a folder: the ratio of two clusters per metric, with interval and decision. */
#ifndef REPORT_COMPARE_H
#define REPORT_COMPARE_H

#include <stddef.h>
#include <stdint.h>

struct err;

struct report_compare_row {
    char *metric, *decision, *reason, *method, *unit; /* owned; "" where the file lacks them */
    uint64_t p_ppm;                                   /* 0: the metric is no percentile */
    double a, b, ratio, lo, hi, diff_us, p_value; /* NAN where unknown; a and b in `unit`, "us" or "per_s" */
    uint64_t n_pairs, pairs_more_n;               /* more pairs that would probably decide; 0: unknown */
};

struct report_compare {
    struct report_compare_row *rows; /* owned */
    size_t n;
};

/* Reads FOLDER/compare.csv; no rows without that file. -1 when it is broken. Call report_compare_fini even
 * on failure. */
int report_compare_read(struct report_compare *compare, const char *folder, struct err *e);
void report_compare_fini(struct report_compare *compare);

/* The row's metric in words: "p99, without the generator's share". */
const char *report_compare_words(const struct report_compare_row *row, char *text, size_t bytes);
/* "slower", "undecided, about 9 more pairs". */
const char *report_compare_decision(const struct report_compare_row *row, char *text, size_t bytes);

#endif
