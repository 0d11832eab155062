/* Evidence that every rule is content with; each test spoils one thing. */
#ifndef TESTS_SOUND_RUN_H
#define TESTS_SOUND_RUN_H

#include "cm.h"
#include "dns_log.h"
#include "err.h"
#include "names.h"
#include "rule_input.h"
#include "small_plan.h"
#include "stats.h"
#include "units.h"
#include "verdict.h"

#include <string.h>

struct sound {
    struct plan plan;
    struct stats *run;
    struct names remotes;
    struct dns_log dns;
    struct rule_input in;
    struct verdict verdict;
};

static inline void add(struct stats *b, uint32_t phase, enum outcome outcome, enum metric metric, uint64_t n,
                       uint64_t ns)
{
    struct stats_times *cell = stats_times(b, phase, outcome);
    for (uint64_t i = 0; i < n; i++)
        stats_times_add(cell, metric, ns);
}

/* n requests of 10 ms, of which the generator's part is `g_us`. */
static inline void add_ok(struct sound *x, uint32_t phase, uint64_t n, uint64_t g_us)
{
    const bool is_open = phase >= OPEN_WARM;
    x->run->cells[phase].n_outcomes[OUTCOME_OK] += n;
    x->run->streams[is_open ? OPEN : CLOSED].n_sent += n;
    add(x->run, phase, OUTCOME_OK, METRIC_SERVICE, n, 10 * NS_PER_MS);
    add(x->run, phase, OUTCOME_OK, METRIC_SERVICE_LESS_G, n, 10 * NS_PER_MS - g_us * NS_PER_US);
    add(x->run, phase, OUTCOME_OK, METRIC_RX_AGE, n, g_us * NS_PER_US);
    if (is_open) {
        x->run->streams[OPEN].n_intended += n;
        add(x->run, phase, OUTCOME_OK, METRIC_CONN_WAIT, n, NS_PER_US);
        add(x->run, phase, OUTCOME_OK, METRIC_RESPONSE, n, 10 * NS_PER_MS);
        add(x->run, phase, OUTCOME_OK, METRIC_RESPONSE_LESS_G, n, 10 * NS_PER_MS - g_us * NS_PER_US);
        add(x->run, phase, OUTCOME_OK, METRIC_LAG, n, 20 * NS_PER_US);
    }
}

static inline void add_failed(struct sound *x, uint32_t phase, enum outcome outcome, uint64_t n)
{
    x->run->cells[phase].n_outcomes[outcome] += n;
    if (phase >= OPEN_WARM)
        x->run->streams[OPEN].n_intended += n;
}

static inline struct sound *sound_init(struct sound *x)
{
    *x = (struct sound){ .plan = small_plan };
    x->run = stats_new(&x->plan);
    assert_non_null(x->run);
    assert_int_equal(names_init(&x->remotes, 16), 0);
    dns_log_init(&x->dns);
    assert_int_equal(rule_input_init(&x->in, &x->plan), 0);
    x->in.run = x->run;
    x->in.remotes = &x->remotes;
    x->in.dns = &x->dns;
    x->in.duration_ns = 60 * NS_PER_S;
    x->in.is_whole = true;
    x->in.n_seconds = 1000;
    x->in.thread_ns = 1000 * NS_PER_S;
    x->in.iteration_max_ns = NS_PER_MS;
    x->in.host_start = (struct host_counters){ .has_cpu = true, .has_tcp = true };
    x->in.host_end = (struct host_counters){
        .has_cpu = true, .has_tcp = true, .cpu_ticks = 10000, .segments_out = 100000
    };
    return x;
}

static inline void sound_fini(struct sound *x)
{
    stats_free(x->run);
    names_fini(&x->remotes);
    dns_log_fini(&x->dns);
    rule_input_fini(&x->in);
    verdict_fini(&x->verdict);
}

static inline void judge(struct sound *x)
{
    struct err e;
    verdict_fini(&x->verdict);
    assert_int_equal(verdict_apply_rules(&x->in, &x->verdict, &e), 0);
}

/* The worst level of a rule in a scope; fails when the rule said nothing. */
static inline enum check_level level_of(const struct sound *x, const char *rule, const char *scope)
{
    int worst = -1;
    for (size_t i = 0; i < x->verdict.n_checks; i++) {
        const struct check *c = &x->verdict.checks[i];
        if (strcmp(c->rule, rule) == 0 && strcmp(c->scope, scope) == 0 && (int)c->level > worst)
            worst = (int)c->level;
    }
    if (worst < 0)
        fail_msg("%s said nothing of %s", rule, scope);
    return (enum check_level)worst;
}

/* The check of a rule; fails when there is none. */
static inline const struct check *check_of(const struct sound *x, const char *rule, const char *scope)
{
    for (size_t i = 0; i < x->verdict.n_checks; i++)
        if (strcmp(x->verdict.checks[i].rule, rule) == 0 && strcmp(x->verdict.checks[i].scope, scope) == 0)
            return &x->verdict.checks[i];
    fail_msg("%s said nothing of %s", rule, scope);
    return NULL;
}

/* "" when the rule is content. */
static inline const char *advice_of(const struct sound *x, const char *rule, const char *scope)
{
    return check_of(x, rule, scope)->advice;
}

static inline bool has_check(const struct sound *x, const char *rule, const char *scope)
{
    for (size_t i = 0; i < x->verdict.n_checks; i++)
        if (strcmp(x->verdict.checks[i].rule, rule) == 0 && strcmp(x->verdict.checks[i].scope, scope) == 0)
            return true;
    return false;
}

/* Of all checks. */
static inline enum check_level worst_level(const struct sound *x)
{
    enum check_level worst = CHECK_OK;
    for (size_t i = 0; i < x->verdict.n_checks; i++)
        worst = (int)x->verdict.checks[i].level > (int)worst ? x->verdict.checks[i].level : worst;
    return worst;
}

/* The check that a rule makes of this. */
static inline const struct check *check_in(const struct sound *x, const char *rule, const char *unit)
{
    for (size_t i = 0; i < x->verdict.n_checks; i++)
        if (strcmp(x->verdict.checks[i].rule, rule) == 0 && strstr(x->verdict.checks[i].what, unit))
            return &x->verdict.checks[i];
    return NULL;
}

#endif
