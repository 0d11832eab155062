/* What the rules look at: the run as a whole and what was noted second by second. */
#ifndef RECORD_EVIDENCE_H
#define RECORD_EVIDENCE_H

#include "host_counters.h"
#include "host_facts.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stats;
struct dns_log;
struct hist;
struct names;
struct plan;

/* One second of a stream. */
struct evidence_point {
    uint64_t n_intended; /* so far */
    uint64_t n_sent;     /* so far, with those that the target did not let connect */
    uint64_t n_backlog;  /* most that were due and not sent at any moment of the second */
    uint64_t p50_ns;     /* of the headline in the second; 0: nothing was done */
    uint32_t phase;      /* within the stream */
    bool is_whole;       /* one phase filled it */
};

struct evidence_course {
    struct evidence_point *points; /* owned, by second */
    size_t n, capacity;
};

struct evidence {
    const struct plan *plan;
    const struct stats *run;       /* everything, with the run's numbers */
    const struct names *remotes;   /* the run's */
    const struct names *instances; /* the run's; may be NULL */
    struct dns_log *dns;           /* may be NULL */
    uint64_t duration_ns;
    bool is_whole;                   /* the run was not cut off by a failure of ours */
    struct evidence_course *courses; /* [streams], owned */
    double utilisation_max;          /* busiest second of a thread while measuring; 0 to 1 */
    uint64_t iteration_max_ns;       /* while measuring */
    struct host_counters host_start, host_end;
    uint64_t clock_step_max_ns; /* largest step between the clocks from one second to the next */
    char clocksource_start[HOST_FACT_BYTES], clocksource_end[HOST_FACT_BYTES];
    struct hist *scratch[2]; /* owned */
};

/* -1 when memory is short. Reads the machine's counters and its clock source. */
int evidence_init(struct evidence *ev, const struct plan *plan);
void evidence_fini(struct evidence *ev);
/* Adds a second of a stream; n_intended and n_sent are those of the second alone. -1 when memory is short: it
 * is lost. */
int evidence_add_point(struct evidence *ev, size_t stream, struct evidence_point point);

#endif
