/* The comparison of a campaign: runs `loadgen analysis compare` and reads what it wrote. */
#ifndef COMMAND_CAMPAIGN_COMPARE_H
#define COMMAND_CAMPAIGN_COMPARE_H

#include <stdbool.h>

struct err;

struct campaign_compare_width {
    bool is_known;   /* there are enough pairs for an interval */
    double relative; /* (upper - lower) / ratio of the metric's ratio */
};

/* Compares the runs made so far and reads the interval of the primary metric, such as "p99", from
 * compare.csv. */
int campaign_compare_read_width(const char *folder, const char *primary, struct campaign_compare_width *width,
                                struct err *e);

/* Prints the comparison to stdout, as text or as the object of `compare --json`. Returns that program's exit
 * code, or -1 and a sentence when it cannot be run. */
int campaign_compare_print(const char *folder, bool is_json, struct err *e);

#endif
