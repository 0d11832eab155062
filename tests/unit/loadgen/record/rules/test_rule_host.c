#include "sound_run.h"

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

static void a_stolen_tick_of_a_few_is_no_evidence(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    x.ev.host_end.cpu_ticks = x.ev.host_start.cpu_ticks + 4;
    x.ev.host_end.steal_ticks = x.ev.host_start.steal_ticks + 1;
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

static void add_answer(struct sound *x, const char *address)
{
    dns_log_add(&x->dns, &(struct dns_answer){ .name = "lb", .address = address });
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
    for (size_t i = 0; i < x.j.n_checks; i++)
        if (strcmp(x.j.checks[i].rule, "R14") == 0)
            assert_string_equal(check_level_name(x.j.checks[i].level), "NOT JUDGED");
    assert_int_equal(x.j.verdict, CHECK_OK);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(r12_looks_at_the_machine),
        cmocka_unit_test(a_stolen_tick_of_a_few_is_no_evidence),
        cmocka_unit_test(r13_wants_all_addresses_of_a_balancer_used_evenly),
        cmocka_unit_test(r13_says_nothing_of_a_single_address),
        cmocka_unit_test(r14_is_said_to_be_not_judged_where_credits_matter),
        cmocka_unit_test(r15_notices_steps_and_another_clock_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
