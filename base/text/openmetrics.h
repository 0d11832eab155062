/* Metrics as text: OpenMetrics 1.0 (https://openmetrics.io), or the text format 0.0.4 that came before it and
 * that every scraper reads. Families come one after the other, each with all its samples. */
#ifndef BASE_OPENMETRICS_H
#define BASE_OPENMETRICS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum openmetrics_type {
    OPENMETRICS_COUNTER,
    OPENMETRICS_GAUGE,
    OPENMETRICS_HISTOGRAM,
    OPENMETRICS_SUMMARY,
    OPENMETRICS_INFO,
};

struct openmetrics {
    FILE *out;       /* borrowed */
    bool is_classic; /* 0.0.4 */
    /* the current family */
    const char *name;
    enum openmetrics_type type;
};

/* Content-Type of the format. Constant. */
const char *openmetrics_content_type(bool is_classic);

/* Begins a family. `name` has no `_total` or `_info`, and ends in the unit unless that is ""; all borrowed
 * until the next family. */
void openmetrics_family(struct openmetrics *m, const char *name, enum openmetrics_type type, const char *unit,
                        const char *help);

/* Labels are pairs of a name and a value, ended by NULL; values may be any text, and one that is NULL leaves
 * its label out. `suffix` is "_bucket", "_sum" or "_count" for histograms and summaries, else "": the type
 * adds its own. */
void openmetrics_count(const struct openmetrics *m, const char *suffix, const char *const *labels,
                       uint64_t n);
void openmetrics_real(const struct openmetrics *m, const char *suffix, const char *const *labels,
                      double value);

/* After the last family. */
void openmetrics_end(const struct openmetrics *m);

/* Whether the client that sent this Accept header ("" when none) wants OpenMetrics. */
bool openmetrics_is_accepted(const char *accept);

#endif
