/* The numbers of a cluster or of a session's step, over all attempts, as the tables of every form of a run's
 * report show them, and the legend of their marks. */
#ifndef REPORT_NUMBERS_H
#define REPORT_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct claim;
struct claim_row;
struct dataset;

enum { REPORT_NUMBERS_TIMES = 4, REPORT_NUMBERS_BYTES = 48 };

typedef char report_number[REPORT_NUMBERS_BYTES];

/* p50, p90, p99 and p99.9. */
extern const uint32_t report_numbers_ppm[REPORT_NUMBERS_TIMES];

struct report_numbers {
    const char *series; /* borrowed */
    report_number attempts, failed, cut_off, rate, times[REPORT_NUMBERS_TIMES];
    /* Of clusters alone. Of good answers alone, where some attempts failed or were cut off. */
    report_number slowest;
    bool has_good_times;
    report_number good_times[REPORT_NUMBERS_TIMES];
};

/* Numbers with their marks, such as "2.98 ms~", "> 1.00 s" or "none"; `slowest` is of good answers. */
void report_numbers_of(const struct dataset *data, size_t arm, struct report_numbers *out);
/* The same of a row of a session stream, whose name is the series. */
void report_numbers_of_step(const struct claim_row *step, struct report_numbers *out);
/* "8.3 %", "0"; "-" of no attempts. */
const char *report_numbers_share(uint64_t part, uint64_t n, report_number out);
/* "", "~", "!", "?", or "*" for a number that rests on fewer than ten requests; constant. */
const char *report_numbers_mark(const struct claim *claim);

/* What the times are and what the marks mean, in sentences. */
void report_numbers_legend(FILE *out, const struct dataset *data);

#endif
