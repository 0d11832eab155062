/* instances.csv of a run folder: how many requests each instance answered, against the even share. */
#ifndef INSTANCES_H
#define INSTANCES_H

#include <stddef.h>
#include <stdint.h>

struct arm;
struct err;

struct instance_row {
    char *instance; /* owned; "" for answers that name none */
    size_t arm;
    uint64_t requests_n, ok_n, err_n;
    double expected_n, residual, band_lo_n, band_hi_n; /* NAN where not known */
    double p50_us, p99_us;
    double chi2, df, p_value, p_lower; /* of the cluster */
};

struct instances {
    struct instance_row *rows; /* owned */
    size_t n;
};

/* Reads FOLDER/instances.csv; -1 names what is wrong. Call instances_fini in every case. */
int instances_read(struct instances *instances, const char *folder, const struct arm *arms, size_t n_arms,
                   struct err *e);
void instances_fini(struct instances *instances);

/* How many ok answers of an arm are in no instance because there were more ids than a run keeps; 0 when all
 * are there. */
uint64_t instances_unkept(const struct instances *instances, size_t arm);

/* What the test says in words: "as even as round robin makes it", "as even as chance", "uneven beyond
 * chance"; "" when unknown. */
const char *instances_words(const struct instance_row *row);

#endif
