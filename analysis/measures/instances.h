/* instances.csv of a run folder: requests that each instance answered, against the even share. */
#ifndef INSTANCES_H
#define INSTANCES_H

#include "balance.h"

#include <stddef.h>
#include <stdint.h>

struct arm;
struct err;

struct instance_row {
    char *instance; /* owned; "" for answers that name none */
    size_t arm;
    uint64_t requests_n, ok_n, err_n;
    double expected_n, residual, band_lo_n, band_hi_n; /* NAN where unknown */
    double p50_us, p99_us;
    double chi2, df, p_uneven, p_even; /* of the cluster */
};

struct instances {
    struct instance_row *rows; /* owned */
    size_t n;
};

/* Reads FOLDER/instances.csv. Call instances_fini even on failure. */
int instances_read(struct instances *instances, const char *folder, const struct arm *arms, size_t n_arms,
                   struct err *e);
void instances_fini(struct instances *instances);

/* Number of ok answers of an arm that belong to no instance because there were more ids than a run keeps;
 * 0 when all do. */
uint64_t instances_unkept(const struct instances *instances, size_t arm);

/* How even the answers of the row's cluster are, and in words; "" when not judged. */
enum balance_answer instances_answer(const struct instance_row *row);
const char *instances_words(const struct instance_row *row);

#endif
