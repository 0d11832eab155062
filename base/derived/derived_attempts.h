/* The attempts of a part of a run, as percentiles and rates count them: a stream, or the streams of a cluster
 * that belong together; one phase, or all that are measured. `run` and `analysis` both count here, one from
 * memory, one from files, and so get the same numbers. */
#ifndef BASE_DERIVED_ATTEMPTS_H
#define BASE_DERIVED_ATTEMPTS_H

#include "attempts.h"
#include "derived.h"

struct derived_scope {
    const struct derived_cluster *cluster;
    const struct derived_stream *stream; /* NULL: those of the cluster that belong together, see below */
    const struct derived_row *row;       /* of the stream; NULL: all but `session` */
    const struct derived_phase *phase;   /* NULL: all but warm-up */
};

/* Whether a stream of the cluster has that headline. */
bool derived_has_headline(const struct derived_run *run, const struct derived_scope *scope,
                          enum metric metric);

/* The metric in which clusters are compared and claimed: response times if every cluster has a stream with
 * due times, else service times, which all have. */
enum metric derived_headline(const struct derived_run *run);
/* That of the scope: the row's, the stream's, or the one in which clusters are compared. */
enum metric derived_scope_headline(const struct derived_run *run, const struct derived_scope *scope);

/* Whether the stream is of the scope and its times of that metric are merged there, see derived_times. */
bool derived_is_merged(const struct derived_run *run, const struct derived_scope *scope,
                       const struct derived_stream *stream, enum metric metric);

/* Adds the times of a metric and an outcome. Over a whole cluster, a headline metric merges the streams whose
 * headline it is: response times and service times answer different questions. Any other metric merges all
 * streams that have it. */
void derived_times(const struct derived_run *run, const struct derived_scope *scope, enum metric metric,
                   enum outcome outcome, struct hist *into);

/* The attempts of the streams with this headline. Fills `ok` and `ages`, which are cleared first and then
 * borrowed by the result. The good times are those of `times`: the headline itself, or the same without the
 * generator's share. */
struct attempts derived_attempts(const struct derived_run *run, const struct derived_scope *scope,
                                 enum metric headline, enum metric times, struct hist *ok, struct hist *ages);

/* How what is in the scope ended in the phase of the stream, which is in the scope as well. */
const struct derived_cell *derived_cell_of(const struct derived_scope *scope,
                                           const struct derived_phase *phase);

/* What a rate is made of; the streams are those of derived_attempts. */
struct derived_count {
    uint64_t n_ok;
    uint64_t n_late;    /* of these, after the planned end of their phase: in no rate */
    uint64_t active_ns; /* how long they sent, without pauses and warm-up; shared time counts once */
};

/* -1 when memory is short. */
int derived_count(const struct derived_run *run, const struct derived_scope *scope, enum metric headline,
                  struct derived_count *out);

#endif
