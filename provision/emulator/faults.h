/* Misbehaviour by chance or by count, as the emulator's command line asks for it. Seeded: the same seed and
 * the same order of requests give the same faults. */
#ifndef PROVISION_FAULTS_H
#define PROVISION_FAULTS_H

#include "answer.h"
#include "random.h"

#include <stdint.h>

struct faults {
    double fail_ratio;  /* of answers: status 503 instead */
    double reset_ratio; /* reset instead of an answer */
    double drop_ratio;  /* connection closed after the answer without having said so */
    double stall_ratio; /* a pause of `stall_ns` after half of the body */
    uint64_t stall_ns;
    uint64_t close_every; /* every Nth answer of a connection closes it and says so; 0: never */
};

/* Changes the answer, number `n_on_connection` (from 1) on its connection. The health check's page is never
 * touched. */
void faults_apply(const struct faults *faults, struct random *random, uint64_t n_on_connection,
                  struct answer *answer);

#endif
