/* The rules by which a run is judged: the rows of rule_table.c and the functions that measure. */
#ifndef RECORD_RULE_H
#define RECORD_RULE_H

#include "rule_input.h"
#include "verdict.h"

struct err;

enum rule_scope {
    RULE_RUN,
    RULE_STREAM,
    RULE_OPEN_STREAM,
    RULE_DUE_STREAM, /* its requests have due times */
    RULE_SESSION_STREAM,
    RULE_HTTP2_STREAM,
    RULE_CLUSTER,
    RULE_THRESHOLD,
};

/* One application of a rule. */
struct rule_case {
    const struct rule_input *in;
    size_t stream;                      /* of the scopes that are streams */
    const struct threshold *threshold;  /* RULE_THRESHOLD */
    const struct plan_cluster *cluster; /* RULE_CLUSTER */
    struct err *failure;                /* ERR_NONE unless a rule lacked memory */
};

/* Sets check->value, and looser limits than the row's where those would raise false alarms: few samples, very
 * short times. NAN: the rule applies but cannot be judged; `advice` may say why. Returns false if the rule
 * does not apply. */
typedef bool rule_measure_fn(const struct rule_case *c, struct check *check);

struct rule {
    const char *name;
    enum rule_scope scope;
    double warn, invalid; /* NAN: none */
    bool is_least;        /* values below the limits are bad */
    const char *unit;
    const char *what;
    rule_measure_fn *measure;
    const char *advice;     /* what to do, or why it cannot be judged; "": the numbers speak for themselves */
    const char *own_advice; /* instead, if the generator was at its limit; NULL: the same */
    bool is_symptom;        /* no advice if a cause is known, whose rule gives it */
};

extern const struct rule rule_table[];
extern const size_t rule_table_n;

/* The highest percentile up to p99 with enough of n samples beyond it; 0 if there is none. */
uint32_t rule_quoted_ppm(uint64_t n);
static inline double rule_larger(double a, double b)
{
    return a > b ? a : b;
}

/* rule_schedule.c: was the load sent as planned? */
/* The stream's requests waited for the generator, because a thread was busy (R4) or many were sent late (R3):
 * missing ones say nothing about the target. */
bool rule_is_own_limit(const struct rule_case *c);
rule_measure_fn rule_measure_rate, rule_measure_late, rule_measure_dropped, rule_measure_arrivals;
/* rule_generator.c: how much of the times did the generator cause? */
rule_measure_fn rule_measure_stopped, rule_measure_large, rule_measure_iteration;
/* rule_data.c: is every request accounted for, and are there enough? */
rule_measure_fn rule_measure_overflow, rule_measure_errors, rule_measure_ports, rule_measure_beyond,
    rule_measure_unexplained, rule_measure_drift, rule_measure_unkept;
/* rule_session.c: did sessions go on as planned? */
rule_measure_fn rule_measure_cut, rule_measure_pool, rule_measure_paces;
/* rule_http2.c: did the peer let HTTP/2 connections carry what was asked? */
rule_measure_fn rule_measure_allowed, rule_measure_goaway_errors, rule_measure_refused, rule_measure_calm,
    rule_measure_held_up;
/* rule_cause.c: who kept the generator from running? */
/* One of these rules or R12 names who. */
bool rule_has_cause(const struct rule_input *in);
rule_measure_fn rule_measure_busy, rule_measure_others, rule_measure_quota;
/* rule_host.c: how did machine, network and name server behave? */
rule_measure_fn rule_measure_again, rule_measure_steal, rule_measure_addresses, rule_measure_balance,
    rule_measure_step, rule_measure_clocksource, rule_measure_credits, rule_measure_round_trip,
    rule_measure_allowances, rule_measure_start, rule_measure_clock_drift;

#endif
