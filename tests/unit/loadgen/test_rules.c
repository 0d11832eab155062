#include "rules.h"

#include "../cm.h"
#include "book.h"
#include "dns_log.h"
#include "err.h"
#include "evidence.h"
#include "names.h"
#include "small_plan.h"
#include "units.h"

#include <string.h>

/* Evidence that every rule is content with; each test spoils one thing. */
struct sound {
    struct plan plan;
    struct book *run;
    struct names remotes;
    struct dns_log dns;
    struct evidence ev;
    struct judgement j;
};

static void add(struct book *b, uint32_t phase, enum outcome outcome, enum metric metric, uint64_t n,
                uint64_t ns)
{
    struct book_cell *cell = book_cell(b, phase, outcome);
    for (uint64_t i = 0; i < n; i++)
        book_cell_add(cell, metric, ns);
}

/* n requests of 10 ms, of which the generator's part is `g_us`. */
static void add_ok(struct sound *x, uint32_t phase, uint64_t n, uint64_t g_us)
{
    const bool is_open = phase >= OPEN_WARM;
    x->run->phases[phase].n_outcomes[OUTCOME_OK] += n;
    x->run->streams[is_open ? OPEN : CLOSED].n_sent += n;
    add(x->run, phase, OUTCOME_OK, METRIC_SERVICE, n, 10 * NS_PER_MS);
    add(x->run, phase, OUTCOME_OK, METRIC_SERVICE_LESS_G, n, 10 * NS_PER_MS - g_us * NS_PER_US);
    if (is_open) {
        x->run->streams[OPEN].n_intended += n;
        add(x->run, phase, OUTCOME_OK, METRIC_RESPONSE, n, 10 * NS_PER_MS);
        add(x->run, phase, OUTCOME_OK, METRIC_RESPONSE_LESS_G, n, 10 * NS_PER_MS - g_us * NS_PER_US);
        add(x->run, phase, OUTCOME_OK, METRIC_LAG, n, 20 * NS_PER_US);
    }
}

static void add_failed(struct sound *x, uint32_t phase, enum outcome outcome, uint64_t n)
{
    x->run->phases[phase].n_outcomes[outcome] += n;
    if (phase >= OPEN_WARM)
        x->run->streams[OPEN].n_intended += n;
}

static struct sound *sound_init(struct sound *x)
{
    *x = (struct sound){ .plan = small_plan };
    x->run = book_new(&x->plan);
    assert_non_null(x->run);
    assert_int_equal(names_init(&x->remotes, 16), 0);
    dns_log_init(&x->dns);
    assert_int_equal(evidence_init(&x->ev, &x->plan), 0);
    x->ev.run = x->run;
    x->ev.remotes = &x->remotes;
    x->ev.dns = &x->dns;
    x->ev.duration_ns = 60 * NS_PER_S;
    x->ev.is_whole = true;
    x->ev.utilisation_max = 0.2;
    x->ev.iteration_max_ns = NS_PER_MS;
    x->ev.host_start = (struct host_counters){ .has_cpu = true, .has_tcp = true };
    x->ev.host_end = (struct host_counters){
        .has_cpu = true, .has_tcp = true, .cpu_ticks = 10000, .segments_out = 100000
    };
    return x;
}

static void sound_fini(struct sound *x)
{
    book_free(x->run);
    names_fini(&x->remotes);
    dns_log_fini(&x->dns);
    evidence_fini(&x->ev);
    judgement_fini(&x->j);
}

static void judge(struct sound *x)
{
    struct err e;
    judgement_fini(&x->j);
    assert_int_equal(rules_judge(&x->ev, &x->j, &e), 0);
}

/* The worst level of a rule in a scope; fails when the rule said nothing. */
static enum check_level level_of(const struct sound *x, const char *rule, const char *scope)
{
    int worst = -1;
    for (size_t i = 0; i < x->j.n_checks; i++) {
        const struct check *c = &x->j.checks[i];
        if (strcmp(c->rule, rule) == 0 && strcmp(c->scope, scope) == 0 && (int)c->level > worst)
            worst = (int)c->level;
    }
    if (worst < 0)
        fail_msg("%s said nothing of %s", rule, scope);
    return (enum check_level)worst;
}

static bool has_check(const struct sound *x, const char *rule, const char *scope)
{
    for (size_t i = 0; i < x->j.n_checks; i++)
        if (strcmp(x->j.checks[i].rule, rule) == 0 && strcmp(x->j.checks[i].scope, scope) == 0)
            return true;
    return false;
}

static void a_sound_run_is_ok(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_ok(&x, CLOSED_P1, 5000, 5);
    add_ok(&x, OPEN_MAIN, 5000, 5);
    judge(&x);
    for (size_t i = 0; i < x.j.n_checks; i++)
        if (x.j.checks[i].level != CHECK_OK)
            fail_msg("%s %s: %g", x.j.checks[i].rule, x.j.checks[i].scope, x.j.checks[i].value);
    assert_int_equal(x.j.verdict, CHECK_OK);
    assert_true(x.j.share.is_known);
    assert_int_equal(x.j.share.p_ppm, 990000);
    sound_fini(&x);
}

static void closed_streams_skip_what_needs_due_times(void **state)
{
    static const char *const rules[] = { "R1", "R3", "R5", "R16" };
    struct sound x;
    (void)state;
    sound_init(&x);
    add_ok(&x, CLOSED_P1, 5000, 5);
    judge(&x);
    for (size_t i = 0; i < N_OF(rules); i++)
        assert_false(has_check(&x, rules[i], "burst"));
    sound_fini(&x);
}

static void r1_compares_what_was_sent_in_time_with_the_schedule(void **state)
{
    static const struct {
        uint64_t n_sent;
        enum check_level want;
    } cases[] = { { 10000, CHECK_OK }, { 9950, CHECK_OK }, { 9800, CHECK_WARN }, { 9000, CHECK_WARN } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        evidence_add_point(&x.ev, OPEN,
                           (struct evidence_point){ .n_intended = 10000, .n_sent = cases[i].n_sent });
        evidence_add_point(&x.ev, OPEN,
                           (struct evidence_point){ .n_sent = 10000 - cases[i].n_sent }); /* too late */
        judge(&x);
        assert_int_equal(level_of(&x, "R1", "open"), cases[i].want);
        sound_fini(&x);
    }
}

static void r1_blames_the_generator_only_where_it_was_late(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_ok(&x, OPEN_MAIN, 900, 5);
    add(x.run, OPEN_MAIN, OUTCOME_OK, METRIC_LAG, 100, 200 * NS_PER_MS);
    evidence_add_point(&x.ev, OPEN, (struct evidence_point){ .n_intended = 1000, .n_sent = 900 });
    evidence_add_point(&x.ev, OPEN, (struct evidence_point){ .n_sent = 100 });
    judge(&x);
    assert_int_equal(level_of(&x, "R1", "open"), CHECK_INVALID);
    sound_fini(&x);
}

static void r14_is_said_to_be_not_judged_where_credits_matter(void **state)
{
    struct plan_cluster clusters[2];
    struct sound x;
    (void)state;
    sound_init(&x);
    memcpy(clusters, small_plan_clusters, sizeof clusters);
    clusters[0].instance_type = (char[]){ "m4.large" };
    clusters[1].instance_type = (char[]){ "t2.large" };
    x.plan.clusters = clusters;
    add_ok(&x, CLOSED_P1, 1000, 5);
    judge(&x);
    assert_false(has_check(&x, "R14", "cluster1"));
    assert_true(has_check(&x, "R14", "cluster2"));
    for (size_t i = 0; i < x.j.n_checks; i++)
        if (strcmp(x.j.checks[i].rule, "R14") == 0)
            assert_string_equal(check_level_name(x.j.checks[i].level), "NOT JUDGED");
    assert_int_equal(x.j.verdict, CHECK_OK);
    sound_fini(&x);
}

static void r2_is_the_generators_share_of_a_percentile(void **state)
{
    static const struct {
        uint64_t g_us;
        enum check_level want;
    } cases[] = { { 100, CHECK_OK }, { 500, CHECK_WARN }, { 2000, CHECK_INVALID } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        add_ok(&x, CLOSED_P1, 2000, cases[i].g_us);
        add_ok(&x, OPEN_MAIN, 2000, cases[i].g_us);
        judge(&x);
        assert_int_equal(level_of(&x, "R2", "burst"), cases[i].want);
        assert_int_equal(level_of(&x, "R2", "open"), cases[i].want);
        assert_int_equal(x.j.verdict, cases[i].want);
        assert_in_range((uint64_t)(x.j.share.pct * 100), cases[i].g_us - 20, cases[i].g_us + 20);
        sound_fini(&x);
    }
}

static void the_share_that_is_told_is_the_one_that_matters(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    x.run->phases[CLOSED_P1].n_outcomes[OUTCOME_OK] = 2000;
    x.run->streams[CLOSED].n_sent = 2000;
    add(x.run, CLOSED_P1, OUTCOME_OK, METRIC_SERVICE, 1900, 10 * NS_PER_MS);
    add(x.run, CLOSED_P1, OUTCOME_OK, METRIC_SERVICE, 100, 90 * NS_PER_MS);
    add(x.run, CLOSED_P1, OUTCOME_OK, METRIC_SERVICE_LESS_G, 1900,
        8 * NS_PER_MS); /* a fifth of p50 and p90 */
    add(x.run, CLOSED_P1, OUTCOME_OK, METRIC_SERVICE_LESS_G, 100, 90 * NS_PER_MS); /* nothing of p99 */
    judge(&x);
    assert_int_equal(x.j.share.level, CHECK_INVALID);
    assert_int_equal(x.j.share.p_ppm, 900000);
    assert_in_range((uint64_t)x.j.share.pct, 19, 20);
    sound_fini(&x);
}

static void r2_forgives_what_waking_a_program_costs(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    x.run->phases[CLOSED_P1].n_outcomes[OUTCOME_OK] = 2000;
    x.run->streams[CLOSED].n_sent = 2000;
    add(x.run, CLOSED_P1, OUTCOME_OK, METRIC_SERVICE, 2000, 60 * NS_PER_US);
    add(x.run, CLOSED_P1, OUTCOME_OK, METRIC_SERVICE_LESS_G, 2000, 45 * NS_PER_US); /* a quarter, but 15 us */
    judge(&x);
    assert_int_equal(level_of(&x, "R2", "burst"), CHECK_OK);
    assert_true(x.j.share.pct > 20);
    sound_fini(&x);
}

static void r2_says_nothing_without_samples_beyond_or_receive_times(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_ok(&x, CLOSED_P1, 15, 5000);
    x.run->phases[OPEN_MAIN].n_outcomes[OUTCOME_OK] = 2000;
    add(x.run, OPEN_MAIN, OUTCOME_OK, METRIC_RESPONSE, 2000, NS_PER_MS);
    judge(&x);
    assert_false(has_check(&x, "R2", "burst"));
    assert_false(has_check(&x, "R2", "open"));
    assert_false(x.j.share.is_known);
    sound_fini(&x);
}

static void r3_counts_late_sends_but_not_a_handful(void **state)
{
    static const struct {
        uint64_t n_late, late_ms;
        enum check_level want;
    } cases[] = {
        { 10, 60, CHECK_OK },       /* half a per cent */
        { 60, 60, CHECK_WARN },     /* 3 % */
        { 200, 60, CHECK_INVALID }, /* 9 % */
        { 200, 40, CHECK_OK },      /* within a mean gap of 50 ms */
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        add_ok(&x, OPEN_MAIN, 2000, 5);
        add(x.run, OPEN_MAIN, OUTCOME_OK, METRIC_LAG, cases[i].n_late, cases[i].late_ms * NS_PER_MS);
        judge(&x);
        assert_int_equal(level_of(&x, "R3", "open"), cases[i].want);
        sound_fini(&x);
    }
    struct sound few;
    sound_init(&few);
    add(few.run, OPEN_MAIN, OUTCOME_OK, METRIC_LAG, 40, 1000);
    add(few.run, OPEN_MAIN, OUTCOME_OK, METRIC_LAG, 9, NS_PER_S); /* 18 %, but nine requests */
    judge(&few);
    assert_int_equal(level_of(&few, "R3", "open"), CHECK_OK);
    sound_fini(&few);
}

static void warm_up_is_not_judged(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_ok(&x, OPEN_MAIN, 2000, 5);
    add_ok(&x, OPEN_WARM, 2000, 5000);
    add(x.run, OPEN_WARM, OUTCOME_OK, METRIC_LAG, 500, NS_PER_S);
    add_failed(&x, OPEN_WARM, OUTCOME_TIMEOUT, 500);
    judge(&x);
    assert_int_equal(level_of(&x, "R2", "open"), CHECK_OK);
    assert_int_equal(level_of(&x, "R3", "open"), CHECK_OK);
    assert_int_equal(level_of(&x, "R8", "open"), CHECK_OK);
    sound_fini(&x);
}

static void r4_a_busy_thread_is_worse_in_an_open_run(void **state)
{
    static struct plan_stream closed_only[1];
    static const struct {
        double utilisation;
        enum check_level open, closed;
    } cases[] = { { 0.5, CHECK_OK, CHECK_OK },
                  { 0.8, CHECK_WARN, CHECK_OK },
                  { 0.95, CHECK_INVALID, CHECK_WARN },
                  { 1.0, CHECK_INVALID, CHECK_WARN } };
    (void)state;
    closed_only[0] = small_plan.streams[CLOSED];
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        x.ev.utilisation_max = cases[i].utilisation;
        judge(&x);
        assert_int_equal(level_of(&x, "R4", "run"), cases[i].open);
        x.ev.spins = true; /* then being busy is the purpose */
        judge(&x);
        assert_false(has_check(&x, "R4", "run"));
        x.plan.streams = closed_only;
        x.plan.n_streams = 1;
        judge(&x);
        assert_int_equal(level_of(&x, "R4", "run"), cases[i].closed);
        x.plan.n_streams = small_plan.n_streams;
        sound_fini(&x);
    }
}

static void shares_of_failed_requests_have_limits(void **state)
{
    static const struct {
        const char *rule;
        enum outcome outcome;
        uint64_t n; /* of 10 000 and n */
        enum check_level want;
    } cases[] = {
        { "R5", OUTCOME_DROPPED, 0, CHECK_OK },         { "R5", OUTCOME_DROPPED, 1, CHECK_WARN },
        { "R5", OUTCOME_DROPPED, 20, CHECK_INVALID },   { "R8", OUTCOME_STATUS_5XX, 5, CHECK_OK },
        { "R8", OUTCOME_STATUS_5XX, 20, CHECK_WARN },   { "R8", OUTCOME_STATUS_5XX, 9000, CHECK_WARN },
        { "R8", OUTCOME_PORTS, 20, CHECK_WARN },        { "R8", OUTCOME_PORTS, 200, CHECK_INVALID },
        { "R10", OUTCOME_CENSORED, 5, CHECK_OK },       { "R10", OUTCOME_CENSORED, 20, CHECK_WARN },
        { "R10", OUTCOME_CENSORED, 80, CHECK_INVALID },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        add_ok(&x, OPEN_MAIN, 10000, 5);
        add_failed(&x, OPEN_MAIN, cases[i].outcome, cases[i].n);
        judge(&x);
        if (level_of(&x, cases[i].rule, "open") != cases[i].want)
            fail_msg("case %zu: %s", i, check_level_name(level_of(&x, cases[i].rule, "open")));
        sound_fini(&x);
    }
}

static void r6_a_long_stretch_matters_by_what_it_touches(void **state)
{
    static const struct {
        uint64_t stretch_ms, duration_s;
        enum check_level want;
    } cases[] = {
        { 9, 1, CHECK_OK },          /* short */
        { 50, 60, CHECK_WARN },      /* longer than the longest time of 10 ms, but one in 1200 */
        { 1000, 60, CHECK_INVALID }, /* one in 60: p99 is the generator's */
        { 50, 1, CHECK_INVALID },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        add_ok(&x, CLOSED_P1, 2000, 5);
        x.ev.iteration_max_ns = cases[i].stretch_ms * NS_PER_MS;
        x.ev.duration_ns = cases[i].duration_s * NS_PER_S;
        judge(&x);
        assert_int_equal(level_of(&x, "R6", "run"), cases[i].want);
        sound_fini(&x);
    }
}

static void r7_counts_times_above_the_range(void **state)
{
    static const struct {
        uint64_t n;
        enum check_level want;
    } cases[] = { { 0, CHECK_OK }, { 1, CHECK_WARN }, { 3, CHECK_INVALID } }; /* p99 of 2000 has 20 beyond */
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        add_ok(&x, CLOSED_P1, 2000 - cases[i].n, 5);
        add(x.run, CLOSED_P1, OUTCOME_TIMEOUT, METRIC_SERVICE, cases[i].n, HIST_HIGHEST_NS + 1);
        judge(&x);
        assert_int_equal(level_of(&x, "R7", "burst"), cases[i].want);
        sound_fini(&x);
    }
}

static void r9_warns_when_a_threshold_hangs_on_a_few_requests(void **state)
{
    struct threshold p999 = { .metric = THRESHOLD_PERCENTILE, .p_ppm = 999000, .scope = "cluster1" };
    struct sound x;
    (void)state;
    sound_init(&x);
    x.plan.thresholds = &p999;
    x.plan.n_thresholds = 1;
    add_ok(&x, CLOSED_P1, 2000, 5);
    judge(&x);
    assert_int_equal(level_of(&x, "R9", "cluster1"), CHECK_WARN);
    p999.p_ppm = 990000;
    judge(&x);
    assert_int_equal(level_of(&x, "R9", "cluster1"), CHECK_OK);
    sound_fini(&x);
}

static void r11_finds_a_level_that_changed(void **state)
{
    static const struct {
        uint64_t after_us;
        uint32_t seconds;
        enum check_level want;
    } cases[] = { { 1000, 60, CHECK_OK }, { 1020, 60, CHECK_OK }, { 1500, 60, CHECK_WARN } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        for (uint32_t s = 0; s < cases[i].seconds; s++)
            evidence_add_point(
                &x.ev, CLOSED,
                (struct evidence_point){ .p50_ns = (s < 30 ? 1000 : cases[i].after_us) * NS_PER_US,
                                         .is_whole = true });
        judge(&x);
        assert_int_equal(level_of(&x, "R11", "burst"), cases[i].want);
        sound_fini(&x);
    }
}

static void r12_looks_at_the_machine(void **state)
{
    static const struct {
        uint64_t again, steal;
        enum check_level want;
    } cases[] = {
        { 0, 0, CHECK_OK },       { 50, 50, CHECK_OK },   { 500, 0, CHECK_WARN },
        { 50000, 0, CHECK_WARN }, { 0, 200, CHECK_WARN }, { 0, 1000, CHECK_INVALID },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        x.ev.host_end.segments_again = cases[i].again;
        x.ev.host_end.steal_ticks = cases[i].steal;
        judge(&x);
        assert_int_equal(level_of(&x, "R12", "run"), cases[i].want);
        sound_fini(&x);
    }
}

static void add_remote(struct sound *x, const char *address, uint64_t n_connections, uint64_t n_done)
{
    const uint32_t i = names_number(&x->remotes, address, strlen(address));
    x->run->n_remotes = i + 1;
    book_remote(x->run, CLOSED, i)->n_connections = n_connections;
    book_remote(x->run, CLOSED, i)->n_done = n_done;
}

static void add_answer(struct sound *x, const char *address)
{
    struct dns_answer answer = { .name = "lb" };
    strcpy(answer.address, address);
    dns_log_add(&x->dns, &answer);
}

static void r13_wants_all_addresses_of_a_balancer_used_evenly(void **state)
{
    static const struct {
        uint64_t n_first, n_second; /* connections */
        enum check_level want;
    } cases[] = {
        { 20, 20, CHECK_OK },
        { 1, 0, CHECK_WARN }, /* one user cannot be in two places */
        { 8, 0, CHECK_INVALID },
        { 36, 4, CHECK_WARN },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        add_answer(&x, "10.0.0.1");
        add_answer(&x, "10.0.0.2");
        add_answer(&x, "fd00::1"); /* of a family that this machine does not have */
        add_remote(&x, "10.0.0.1", cases[i].n_first, cases[i].n_first);
        add_remote(&x, "10.0.0.2", cases[i].n_second, cases[i].n_second);
        judge(&x);
        if (level_of(&x, "R13", "run") != cases[i].want)
            fail_msg("case %zu: %s", i, check_level_name(level_of(&x, "R13", "run")));
        sound_fini(&x);
    }
}

static void r13_says_nothing_of_a_single_address(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_answer(&x, "127.0.0.1");
    add_answer(&x, "::1");
    add_remote(&x, "127.0.0.1", 50, 50);
    judge(&x);
    assert_false(has_check(&x, "R13", "run"));
    sound_fini(&x);
}

static void r15_notices_steps_and_another_clock_source(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    x.ev.clock_step_max_ns = NS_PER_MS / 2;
    judge(&x);
    assert_int_equal(level_of(&x, "R15", "run"), CHECK_OK);
    x.ev.clock_step_max_ns = 2 * NS_PER_MS;
    judge(&x);
    assert_int_equal(level_of(&x, "R15", "run"), CHECK_WARN);
    strcpy(x.ev.clocksource_start, "tsc");
    strcpy(x.ev.clocksource_end, "hpet");
    judge(&x);
    assert_int_equal(level_of(&x, "R15", "run"), CHECK_INVALID);
    sound_fini(&x);
}

static void r16_compares_the_curves_of_due_and_sent(void **state)
{
    static const struct {
        uint64_t stalled; /* requests of second 5 that are sent in second 6 */
        enum check_level want;
    } cases[] = { { 10, CHECK_OK }, { 90, CHECK_WARN } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        for (uint64_t s = 0; s < 20; s++)
            evidence_add_point(&x.ev, OPEN,
                               (struct evidence_point){ .n_intended = 100,
                                                        .n_sent = s == 5   ? 100 - cases[i].stalled
                                                                  : s == 6 ? 100 + cases[i].stalled
                                                                           : 100 });
        judge(&x);
        assert_int_equal(level_of(&x, "R16", "open"), cases[i].want);
        sound_fini(&x);
    }
}

static void r16_sees_a_stall_between_two_edges(void **state)
{
    static const struct {
        uint64_t n_backlog;
        enum plan_phase_kind kind;
        enum check_level want;
    } cases[] = { { 90, PLAN_PHASE_RATE, CHECK_WARN },
                  { 30, PLAN_PHASE_RATE, CHECK_OK }, /* of 2000: could be chance */
                  { 90, PLAN_PHASE_BURST, CHECK_OK } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        struct plan_stream streams[2] = { small_plan_streams[0], small_plan_streams[1] };
        struct plan_phase phases[2] = { small_plan_open_phases[0], small_plan_open_phases[1] };
        phases[1].kind = cases[i].kind;
        streams[OPEN].phases = phases;
        x.plan.streams = streams;
        for (uint64_t s = 0; s < 20; s++)
            evidence_add_point(&x.ev, OPEN,
                               (struct evidence_point){ .n_intended = 100,
                                                        .n_sent = 100,
                                                        .n_backlog = s == 5 ? cases[i].n_backlog : 1 });
        judge(&x);
        assert_int_equal(level_of(&x, "R16", "open"), cases[i].want);
        sound_fini(&x);
    }
}

static void r17_wants_every_request_accounted_for(void **state)
{
    static const struct {
        uint64_t n_lost;
        enum check_level want;
    } cases[] = { { 0, CHECK_OK }, { 1, CHECK_WARN }, { 5, CHECK_INVALID } }; /* of 20 000 */
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        add_ok(&x, OPEN_MAIN, 20000, 5);
        x.run->streams[OPEN].n_intended += cases[i].n_lost; /* due and never heard of again */
        add_ok(&x, CLOSED_P1, 20000, 5);
        x.run->phases[CLOSED_P1].n_outcomes[OUTCOME_OK] += cases[i].n_lost; /* counted without a time */
        judge(&x);
        assert_int_equal(level_of(&x, "R17", "open"), cases[i].want);
        assert_int_equal(level_of(&x, "R17", "burst"), cases[i].want);
        sound_fini(&x);
    }
}

static void r17_wants_a_time_for_everything_that_was_sent(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_ok(&x, OPEN_MAIN, 20000, 5);
    add_ok(&x, CLOSED_P1, 20000, 5);
    x.run->streams[CLOSED].n_sent += 5; /* and never ended */
    x.run->streams[OPEN].n_sent -= 5;
    judge(&x);
    assert_int_equal(level_of(&x, "R17", "open"), CHECK_INVALID);
    assert_int_equal(level_of(&x, "R17", "burst"), CHECK_INVALID);
    sound_fini(&x);
}

static void a_dead_target_does_not_make_a_closed_run_invalid(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_ok(&x, CLOSED_P1, 1000, 5);
    add_failed(&x, CLOSED_P1, OUTCOME_RESET, 4);
    add_failed(&x, CLOSED_P1, OUTCOME_CONNECT, 5000);
    add_ok(&x, OPEN_MAIN, 1000, 5);
    judge(&x);
    assert_int_equal(x.j.verdict, CHECK_WARN);
    sound_fini(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_run_is_ok),
        cmocka_unit_test(closed_streams_skip_what_needs_due_times),
        cmocka_unit_test(r1_compares_what_was_sent_in_time_with_the_schedule),
        cmocka_unit_test(r1_blames_the_generator_only_where_it_was_late),
        cmocka_unit_test(r14_is_said_to_be_not_judged_where_credits_matter),
        cmocka_unit_test(r2_is_the_generators_share_of_a_percentile),
        cmocka_unit_test(the_share_that_is_told_is_the_one_that_matters),
        cmocka_unit_test(r2_forgives_what_waking_a_program_costs),
        cmocka_unit_test(r2_says_nothing_without_samples_beyond_or_receive_times),
        cmocka_unit_test(r3_counts_late_sends_but_not_a_handful),
        cmocka_unit_test(warm_up_is_not_judged),
        cmocka_unit_test(r4_a_busy_thread_is_worse_in_an_open_run),
        cmocka_unit_test(shares_of_failed_requests_have_limits),
        cmocka_unit_test(r6_a_long_stretch_matters_by_what_it_touches),
        cmocka_unit_test(r7_counts_times_above_the_range),
        cmocka_unit_test(r9_warns_when_a_threshold_hangs_on_a_few_requests),
        cmocka_unit_test(r11_finds_a_level_that_changed),
        cmocka_unit_test(r12_looks_at_the_machine),
        cmocka_unit_test(r13_wants_all_addresses_of_a_balancer_used_evenly),
        cmocka_unit_test(r13_says_nothing_of_a_single_address),
        cmocka_unit_test(r15_notices_steps_and_another_clock_source),
        cmocka_unit_test(r16_compares_the_curves_of_due_and_sent),
        cmocka_unit_test(r16_sees_a_stall_between_two_edges),
        cmocka_unit_test(r17_wants_every_request_accounted_for),
        cmocka_unit_test(r17_wants_a_time_for_everything_that_was_sent),
        cmocka_unit_test(a_dead_target_does_not_make_a_closed_run_invalid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
