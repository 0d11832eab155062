/* What the rules are applied to: the whole run, and measurements taken second by second. */
#ifndef RECORD_RULE_INPUT_H
#define RECORD_RULE_INPUT_H

#include "clock_watch.h"
#include "host_allowances.h"
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
struct round_trips;

/* One second of a stream. */
struct rule_second {
    uint64_t n_intended; /* so far */
    uint64_t n_sent;     /* so far, including those that could not connect */
    uint64_t n_backlog;  /* most requests due and unsent at any moment of it */
    uint64_t p50_ns;     /* of the headline metric; 0: nothing was done */
    uint32_t phase;      /* within the stream */
    bool is_whole;       /* a single phase filled it, and every thread reported in time */
};

struct rule_series {
    struct rule_second *seconds; /* owned, by second */
    size_t n, capacity;
};

struct rule_input {
    const struct plan *plan;
    const struct round_trips *round_trips; /* may be NULL */
    const struct stats *run;               /* the sum of all seconds, with the run's numbers */
    const struct names *remotes;           /* the run's */
    const struct names *instances;         /* the run's; may be NULL */
    struct dns_log *dns;                   /* may be NULL */
    uint64_t duration_ns;
    bool is_whole;              /* no failure of loadgen cut the run short */
    struct rule_series *series; /* [streams], owned */
    uint64_t n_seconds;         /* while measuring, */
    uint64_t n_busy_seconds;    /* and those in which a thread had hardly any time to spare */
    uint64_t thread_ns;         /* time of all threads in them, */
    uint64_t cpu_ns;            /* how much of it they used a processor, */
    uint64_t stopped_ns;        /* and how much of it they had work and did not run, at least */
    uint64_t iteration_max_ns;  /* while measuring */
    struct host_counters host_start, host_end;
    struct host_counters host_loaded; /* what happened while measuring */
    struct host_allowances allowances_start, allowances_end;
    struct clock_watch clocks;
    double start_late_ms, clock_drift_ms; /* of a share (shard_facts.h); NAN: unknown */
    char clocksource_start[HOST_FACT_BYTES], clocksource_end[HOST_FACT_BYTES];
    struct hist *scratch[2]; /* owned */
};

/* Reads the machine's counters and clock source. -1 when memory is short. */
int rule_input_init(struct rule_input *in, const struct plan *plan);
void rule_input_fini(struct rule_input *in);
/* Adds a second of a stream, with n_intended and n_sent of that second alone. -1 when memory is short. */
int rule_input_add(struct rule_input *in, size_t stream, struct rule_second second);

#endif
