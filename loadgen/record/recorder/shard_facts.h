/* What run.json says of a share: which part of the whole plan this generator sends, and how well its clocks
 * and its start agree with those of the others. */
#ifndef RECORD_SHARD_FACTS_H
#define RECORD_SHARD_FACTS_H

#include <jansson.h>
#include <stdint.h>

/* Texts are borrowed. A number that is not known is NAN, null in run.json. */
struct shard_facts {
    uint32_t index, count;     /* from 0; run.json counts from 1 */
    const char *source;        /* who gave the index: "given", "openmpi", "pmi", "slurm", "kubernetes" */
    const char *start_at;      /* the common start as given, ISO 8601; NULL: none was given */
    double clock_max_error_us; /* of the wall clock, as the kernel estimates it (adjtimex) */
    double clock_offset_us; /* of the wall clock, ahead of the first generator's; measured by a fleet only */
    double clock_error_us;  /* what clock_offset_us may be wrong by */
    double clock_drift_us;  /* how much clock_offset_us changed during the run */
    double start_late_us;   /* how long after the common start the first thread began */
};

/* For one share of `count`, of which nothing is measured yet. */
struct shard_facts shard_facts_new(uint32_t index, uint32_t count, const char *source);

/* The member `shard`, a new object; NULL when memory is short. */
json_t *shard_facts_json(const struct shard_facts *facts);

#endif
