/* One run of one arm as the numbers that comparisons use. The unit of observation is the run, not the
 * request, so a comparison keeps no more of it. Percentiles are those of attempts (attempts.h). */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "attempts.h"
#include "claims.h"
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
    SAMPLE_OF_ALL,         /* the cluster's attempts */
    SAMPLE_LESS_GENERATOR, /* the same without schedule lag and receive age, the generator's own share */
    SAMPLE_PER_INSTANCE, /* geometric mean over the instances' percentiles of good answers: the typical one */
};

enum { SAMPLE_REASON_BYTES = 200, N_SAMPLE_CLAIMS = SAMPLE_RATE + 1 };

/* How many attempts were good answers within a limit that the scenario declared as a threshold. */
struct sample_goodput {
    double limit_s; /* NAN: the scenario declared none */
    double share;   /* of the attempts */
};

struct sample {
    /* In ns, or per second for the rate; NAN unless the state is ATTEMPT_EXACT. */
    double value[N_SAMPLE_VALUES];
    enum attempt_state state[N_SAMPLE_VALUES]; /* ATTEMPT_NONE: unknown, or fewer than 10 attempts beyond */
    double at_least[N_SAMPLE_VALUES];          /* the bound of other states, in ns; 0: none */
    enum claim_level level[N_SAMPLE_CLAIMS];   /* how far the arm's own numbers can be quoted */
    double generator_share[N_SAMPLE_CLAIMS];   /* what can be seen of it; NAN: unknown, as for the rate */
    uint64_t attempts_n, failed_n;             /* ok, failed and cut off; failed */
    struct sample_goodput goodput;
    uint64_t ok_n;
    size_t n_instances;
    enum metric headline;
    int style;
    bool emulated;
    bool is_burstable;                    /* of a type with CPU credits */
    struct credits credits;               /* of its instances during the run */
    char no_credits[SAMPLE_REASON_BYTES]; /* why they could not be read; "" */
    double round_trip_ns;                 /* to the target, before the run; NAN: not measured */
    bool is_far;                          /* most of its median is that, by rule R25 */
    struct steadiness steadiness;
    char load[LOAD_TEXT_BYTES]; /* as load_words */
    char load_without_connections[LOAD_TEXT_BYTES];
    char protocol[24];   /* as load_protocol */
    double timed_s;      /* load_timed_s */
    uint64_t started_ns; /* since the epoch */
    char machine[96];    /* that made the load: "AMD EPYC, 2 CPUs"; "" when unknown */
    double duration_s;
    char cluster[40], label[96], series[96], run_id[96], end[16];
};

void sample_take(const struct dataset *data, size_t arm, struct sample *out);
const char *sample_value_name(enum sample_value value);
uint32_t sample_value_ppm(enum sample_value value);
enum sample_of sample_value_of(enum sample_value value);
/* The number as a time: a bound or none where it is not exact. */
struct attempt_time sample_time(const struct sample *s, enum sample_value value);
/* Share of the attempts that failed; NAN without attempts. */
double sample_failed_share(const struct sample *s);

#endif
