/* One run of one arm as the numbers that comparisons use. The unit of observation is the run, not the
 * request, so a comparison keeps no more of it. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "credits.h"
#include "load.h"
#include "metric.h"
#include "steadiness.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dataset;
struct err;

/* X(constant, name, percentile in ppm or 0, what is measured) */
#define SAMPLE_VALUES(X)                                                                                     \
    X(SAMPLE_P50, "p50", 500000, SAMPLE_OF_ALL)                                                              \
    X(SAMPLE_P90, "p90", 900000, SAMPLE_OF_ALL)                                                              \
    X(SAMPLE_P99, "p99", 990000, SAMPLE_OF_ALL)                                                              \
    X(SAMPLE_P999, "p99.9", 999000, SAMPLE_OF_ALL)                                                           \
    X(SAMPLE_RATE, "rate", 0, SAMPLE_OF_ALL)                                                                 \
    X(SAMPLE_LESS_P50, "p50", 500000, SAMPLE_LESS_GENERATOR)                                                 \
    X(SAMPLE_LESS_P99, "p99", 990000, SAMPLE_LESS_GENERATOR)                                                 \
    X(SAMPLE_EACH_P50, "p50", 500000, SAMPLE_PER_INSTANCE)                                                   \
    X(SAMPLE_EACH_P99, "p99", 990000, SAMPLE_PER_INSTANCE)

enum sample_value {
#define SAMPLE_CONSTANT(constant, name, p_ppm, of) constant,
    SAMPLE_VALUES(SAMPLE_CONSTANT)
#undef SAMPLE_CONSTANT
        N_SAMPLE_VALUES
};

enum sample_of {
    SAMPLE_OF_ALL,         /* the cluster's successful requests */
    SAMPLE_LESS_GENERATOR, /* the same without schedule lag and receive age, the generator's own share */
    SAMPLE_PER_INSTANCE,   /* geometric mean over the instances' percentiles: the typical instance */
};

enum { SAMPLE_REASON_BYTES = 200 };

struct sample {
    double value[N_SAMPLE_VALUES]; /* ns, or per second for the rate; NAN: unknown, or fewer than 10 samples
                                      beyond */
    uint64_t ok_n, err_n;
    bool err_known; /* false: intervals.csv cannot be read, err_n is 0 */
    size_t n_instances;
    enum metric headline;
    int style;
    bool emulated;
    bool is_burstable;                    /* of a type with CPU credits */
    struct credits credits;               /* of its instances during the run */
    char no_credits[SAMPLE_REASON_BYTES]; /* why they could not be read; "" */
    struct steadiness steadiness;
    char load[LOAD_TEXT_BYTES]; /* as load_words */
    double timed_s;             /* load_timed_s */
    uint64_t started_ns;        /* since the epoch */
    double duration_s;
    char cluster[40], label[40], series[96], run_id[96], verdict[16], end[16];
};

void sample_take(const struct dataset *data, size_t arm, struct sample *out);
const char *sample_value_name(enum sample_value value);
uint32_t sample_value_ppm(enum sample_value value);
enum sample_of sample_value_of(enum sample_value value);
/* The generator's share of the 99th percentile, 0 to 1; NAN when unknown. */
double sample_generator_share(const struct sample *s);

#endif
