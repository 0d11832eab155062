/* compare.csv of a folder: the ratio of two clusters per metric, with interval and decision. */
#ifndef REPORT_COMPARE_H
#define REPORT_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

struct report_compare_row {
    char *metric, *decision, *reason, *unit;      /* owned; "" where the file lacks them */
    char *a_state, *b_state;                      /* owned; of attempts.h: "exact", ... */
    double a_least, b_least;                      /* a lower bound where it is not exact; NAN: none */
    double beyond;                                /* what the pairs prove of a ratio that is not known; NAN */
    uint64_t p_ppm;                               /* 0: the metric is no percentile */
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

/* A cluster's number with its unit: "2.63 ms", "> 1.00 s", "none", "368"; "" when unknown. `text` has
 * UNITS_TEXT_BYTES. */
const char *report_compare_typical(const struct report_compare_row *row, bool is_b, char *text);
/* "1.16", "> 7.7"; "" when unknown. */
const char *report_compare_ratio(const struct report_compare_row *row, char *text, size_t bytes);
/* "1.14 to 1.18", "1.14 or more"; "" when unknown. */
const char *report_compare_interval(const struct report_compare_row *row, char *text, size_t bytes);
/* The row's metric in words: "p99, without the generator's share". */
const char *report_compare_words(const struct report_compare_row *row, char *text, size_t bytes);
/* "slower", "undecided: interval (about 9 more pairs)"; "" for a row that decides nothing. */
const char *report_compare_decision(const struct report_compare_row *row, char *text, size_t bytes);

#endif
