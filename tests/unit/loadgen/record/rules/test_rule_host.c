#include "sound_run.h"

#include <math.h>

#define COUNTERS(cpu, tcp, ticks, steal, out, again)                                                         \
    {                                                                                                        \
        .has_cpu = (cpu), .has_tcp = (tcp), .cpu_ticks = (ticks), .steal_ticks = (steal),                    \
        .segments_out = (out), .segments_again = (again)                                                     \
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
        x.in.host_end.segments_again = cases[i].again;
        x.in.host_end.steal_ticks = cases[i].steal;
        judge(&x);
        assert_int_equal(level_of(&x, "R12", "run"), cases[i].want);
        sound_fini(&x);
    }
}

static void a_stolen_tick_of_a_few_is_not_judged(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    x.in.host_end.cpu_ticks = x.in.host_start.cpu_ticks + 4;
    x.in.host_end.steal_ticks = x.in.host_start.steal_ticks + 1;
    judge(&x);
    assert_int_equal(level_of(&x, "R12", "run"), CHECK_OK);
    sound_fini(&x);
}

static void add_remote(struct sound *x, const char *address, uint64_t n_connections, uint64_t n_done)
{
    const uint32_t i = names_number(&x->remotes, address, strlen(address));
    x->run->n_remotes = i + 1;
    stats_remote(x->run, CLOSED, i)->n_connections = n_connections;
    stats_remote(x->run, CLOSED, i)->n_done = n_done;
}

static void add_answer_for(struct sound *x, const char *name, const char *address)
{
    dns_log_add(&x->dns, &(struct dns_answer){ .name = name, .address = address });
}

static void add_answer(struct sound *x, const char *address)
{
    add_answer_for(x, "lb", address);
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
    for (size_t i = 0; i < x.verdict.n_checks; i++)
        if (strcmp(x.verdict.checks[i].rule, "R14") == 0)
            assert_string_equal(check_level_name(x.verdict.checks[i].level), "NOT JUDGED");
    assert_int_equal(worst_level(&x), CHECK_OK);
    sound_fini(&x);
}

static void r15_notices_steps_and_another_clock_source(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    x.in.clocks.step_max_ns = NS_PER_MS / 2;
    judge(&x);
    assert_int_equal(level_of(&x, "R15", "run"), CHECK_OK);
    x.in.clocks.step_max_ns = 2 * NS_PER_MS;
    judge(&x);
    assert_int_equal(level_of(&x, "R15", "run"), CHECK_WARN);
    strcpy(x.in.clocksource_start, "tsc");
    strcpy(x.in.clocksource_end, "hpet");
    judge(&x);
    assert_int_equal(level_of(&x, "R15", "run"), CHECK_INVALID);
    sound_fini(&x);
}

/* The check that a rule makes of this. */
static const struct check *check_in(const struct sound *x, const char *rule, const char *unit)
{
    for (size_t i = 0; i < x->verdict.n_checks; i++)
        if (strcmp(x->verdict.checks[i].rule, rule) == 0 && strstr(x->verdict.checks[i].what, unit))
            return &x->verdict.checks[i];
    return NULL;
}

static void r12_counts_from_the_run_s_start(void **state)
{
    static const struct {
        const char *why;
        struct host_counters from, to;
        double want, warn; /* want < 0: not judged */
    } cases[] = {
        { "a tenth", COUNTERS(true, true, 0, 0, 1000, 100), COUNTERS(true, true, 0, 0, 3000, 300), 10, 0.5 },
        { "many sent", COUNTERS(true, true, 0, 0, 0, 100), COUNTERS(true, true, 0, 0, 100000, 300), 0.2,
          0.1 },
        { "none sent", COUNTERS(true, true, 0, 0, 1000, 100), COUNTERS(true, true, 0, 0, 1000, 100), -1, 0 },
        { "one sent", COUNTERS(true, true, 0, 0, 1000, 100), COUNTERS(true, true, 0, 0, 1001, 100), 0, 1000 },
        { "counted anew", COUNTERS(true, true, 0, 0, 1000, 100), COUNTERS(true, true, 0, 0, 10, 100), -1, 0 },
        { "unknown at first", COUNTERS(true, false, 0, 0, 0, 0), COUNTERS(true, true, 0, 0, 3000, 300), -1,
          0 },
        { "unknown at last", COUNTERS(true, true, 0, 0, 0, 0), COUNTERS(true, false, 0, 0, 3000, 300), -1,
          0 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        x.in.host_start = cases[i].from;
        x.in.host_end = cases[i].to;
        judge(&x);
        const struct check *c = check_in(&x, "R12", "sent again");
        if ((c != NULL) != (cases[i].want >= 0))
            fail_msg("%s: judged or not", cases[i].why);
        if (c && (fabs(c->value - cases[i].want) > 1e-9 || fabs(c->warn - cases[i].warn) > 1e-9))
            fail_msg("%s: %g, limit %g", cases[i].why, c->value, c->warn);
        sound_fini(&x);
    }
}

static void stolen_time_needs_a_hundred_ticks(void **state)
{
    (void)state;
    for (uint64_t n = 99; n <= 100; n++) {
        struct sound x;
        sound_init(&x);
        x.in.host_start.cpu_ticks = 5000;
        x.in.host_end.cpu_ticks = 5000 + n;
        judge(&x);
        assert_int_equal(check_in(&x, "R12", "hypervisor") != NULL, n == 100);
        sound_fini(&x);
    }
}

/* Resolved addresses, connections and requests by remote address, and what R13 finds. */
struct spread {
    const char *why;
    const char *answers[4];
    struct {
        const char *address;
        uint64_t n_connections, n_done;
    } remotes[4];
    double used_pct, used_invalid; /* < 0: not judged; invalid 0: never */
    double share;                  /* < 0: not judged */
};

static void check_spread(const struct spread *c)
{
    struct sound x;
    sound_init(&x);
    for (size_t i = 0; i < N_OF(c->answers) && c->answers[i]; i++)
        add_answer(&x, c->answers[i]);
    for (size_t i = 0; i < N_OF(c->remotes) && c->remotes[i].address; i++)
        add_remote(&x, c->remotes[i].address, c->remotes[i].n_connections, c->remotes[i].n_done);
    judge(&x);
    const struct check *used = check_in(&x, "R13", "addresses that the name");
    const struct check *share = check_in(&x, "R13", "busiest");
    if ((used != NULL) != (c->used_pct >= 0) || (share != NULL) != (c->share >= 0))
        fail_msg("%s: judged or not", c->why);
    if (used && fabs(used->value - c->used_pct) > 1e-3)
        fail_msg("%s: %g %% used", c->why, used->value);
    if (used &&
        (c->used_invalid > 0 ? !(fabs(used->invalid - c->used_invalid) < 1e-9) : !isnan(used->invalid)))
        fail_msg("%s: INVALID below %g", c->why, used->invalid);
    if (share && fabs(share->value - c->share) > 1e-3)
        fail_msg("%s: share %g", c->why, share->value);
    sound_fini(&x);
}

static void r13_knows_an_address_by_its_text(void **state)
{
    static const struct spread cases[] = {
        { "with a port",
          { "10.0.0.1", "10.0.0.2" },
          { { "10.0.0.1:80", 1, 1 }, { "10.0.0.2:81", 1, 1 } },
          100,
          0,
          -1 },
        { "in brackets",
          { "fd00::1", "fd00::2" },
          { { "[fd00::1]:80", 1, 1 }, { "[fd00::2]:80", 1, 1 } },
          100,
          0,
          -1 },
        { "IPv6 alone", { "fd00::1", "fd00::2" }, { { "fd00::1", 1, 1 } }, 50, 0, -1 },
        { "the beginning of another",
          { "10.0.0.1", "10.0.0.2" },
          { { "10.0.0.12:80", 1, 1 }, { "10.0.0.2", 1, 1 } },
          50,
          0,
          -1 },
        { "the beginning of another, of IPv6",
          { "fd00::1", "fd00::2" },
          { { "fd00::1:3", 1, 1 }, { "fd00::2", 1, 1 } },
          50,
          0,
          -1 },
        { "two ports of one",
          { "10.0.0.1", "10.0.0.2" },
          { { "10.0.0.1:80", 15, 1 }, { "10.0.0.1:81", 15, 1 } },
          50,
          75,
          2 },
        { "told twice",
          { "10.0.0.1", "10.0.0.2", "10.0.0.1" },
          { { "10.0.0.1", 1, 1 }, { "10.0.0.2", 1, 1 } },
          100,
          0,
          -1 },
        { "no address", { "", "10.0.0.2" }, { { "10.0.0.2", 9, 9 } }, -1, 0, -1 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        check_spread(&cases[i]);
}

static void r13_has_limits_by_the_connections(void **state)
{
    static const struct spread cases[] = {
        { "three would not have done", { "10.0.0.1", "10.0.0.2" }, { { "10.0.0.1", 3, 1 } }, 50, 0, -1 },
        { "four would", { "10.0.0.1", "10.0.0.2" }, { { "10.0.0.1", 4, 1 } }, 50, 75, -1 },
        { "just too few for shares",
          { "10.0.0.1", "10.0.0.2" },
          { { "10.0.0.1", 10, 1 }, { "10.0.0.2", 9, 1 } },
          100,
          75,
          -1 },
        { "just enough",
          { "10.0.0.1", "10.0.0.2" },
          { { "10.0.0.1", 12, 1 }, { "10.0.0.2", 8, 1 } },
          100,
          75,
          1.2 },
        { "the last is the busiest",
          { "10.0.0.1", "10.0.0.2" },
          { { "10.0.0.1", 10, 1 }, { "10.0.0.2", 30, 1 } },
          100,
          75,
          1.5 },
        { "connected, and nothing answered",
          { "10.0.0.1", "10.0.0.2" },
          { { "10.0.0.1", 4, 4 }, { "10.0.0.2", 4, 0 } },
          50,
          75,
          -1 },
        { "a family that is not used",
          { "10.0.0.1", "fd00::1", "10.0.0.2" },
          { { "10.0.0.1", 15, 1 }, { "10.0.0.2", 15, 1 }, { "fd00::1", 70, 0 } },
          100,
          75,
          1 },
        { "both families",
          { "10.0.0.1", "fd00::1" },
          { { "10.0.0.1", 1, 1 }, { "fd00::1", 1, 1 } },
          100,
          0,
          -1 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        check_spread(&cases[i]);
}

static void r13_adds_up_the_streams(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_answer(&x, "10.0.0.1");
    add_answer(&x, "10.0.0.2");
    add_remote(&x, "10.0.0.1", 10, 1);
    add_remote(&x, "10.0.0.2", 0, 0);
    stats_remote(x.run, OPEN, 1)->n_connections = 30;
    stats_remote(x.run, OPEN, 1)->n_done = 1;
    judge(&x);
    assert_float_equal(check_in(&x, "R13", "addresses that the name")->value, 100, 1e-9);
    assert_float_equal(check_in(&x, "R13", "busiest")->value, 1.5, 1e-9);
    sound_fini(&x);
}

/* Two targets get different loads, which says nothing of either's balance. */
static void r13_judges_each_name_alone(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_answer_for(&x, "even", "10.0.0.1");
    add_answer_for(&x, "even", "10.0.0.2");
    add_answer_for(&x, "uneven", "10.0.0.3");
    add_answer_for(&x, "uneven", "10.0.0.4");
    add_answer_for(&x, "single", "10.0.0.5");
    add_remote(&x, "10.0.0.1", 10, 10);
    add_remote(&x, "10.0.0.2", 10, 10);
    add_remote(&x, "10.0.0.3", 120, 10);
    add_remote(&x, "10.0.0.4", 80, 10);
    add_remote(&x, "10.0.0.5", 900, 10);
    judge(&x);
    assert_float_equal(check_in(&x, "R13", "addresses that the name")->value, 100, 1e-9);
    assert_float_equal(check_in(&x, "R13", "busiest")->value, 1.2, 1e-9);
    sound_fini(&x);
}

/* In whatever order: of one name a single address was used, of the other even less, by a single connection.
 */
static void r13_names_first_what_is_the_generator_s_doing(void **state)
{
    static const char *const answers[][2] = {
        { "stuck", "10.0.0.1" }, { "stuck", "10.0.0.2" }, { "idle", "10.0.1.1" },
        { "idle", "10.0.1.2" },  { "idle", "10.0.1.3" },
    };
    (void)state;
    for (size_t turn = 0; turn < 2; turn++) {
        struct sound x;
        sound_init(&x);
        for (size_t i = 0; i < N_OF(answers); i++) {
            const size_t k = turn == 0 ? i : N_OF(answers) - 1 - i;
            add_answer_for(&x, answers[k][0], answers[k][1]);
        }
        add_remote(&x, "10.0.0.1", 20, 20);
        add_remote(&x, "10.0.1.1", 1, 1);
        judge(&x);
        assert_float_equal(check_in(&x, "R13", "addresses that the name")->value, 50, 1e-9);
        assert_int_equal(level_of(&x, "R13", "run"), CHECK_INVALID);
        sound_fini(&x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(r12_looks_at_the_machine),
        cmocka_unit_test(a_stolen_tick_of_a_few_is_not_judged),
        cmocka_unit_test(r13_wants_all_addresses_of_a_balancer_used_evenly),
        cmocka_unit_test(r13_says_nothing_of_a_single_address),
        cmocka_unit_test(r14_is_said_to_be_not_judged_where_credits_matter),
        cmocka_unit_test(r15_notices_steps_and_another_clock_source),
        cmocka_unit_test(r12_counts_from_the_run_s_start),
        cmocka_unit_test(stolen_time_needs_a_hundred_ticks),
        cmocka_unit_test(r13_knows_an_address_by_its_text),
        cmocka_unit_test(r13_judges_each_name_alone),
        cmocka_unit_test(r13_names_first_what_is_the_generator_s_doing),
        cmocka_unit_test(r13_has_limits_by_the_connections),
        cmocka_unit_test(r13_adds_up_the_streams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
