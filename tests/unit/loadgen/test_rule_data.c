#include "sound_run.h"

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

static void r20_counts_answers_of_ids_beyond_those_that_are_kept(void **state)
{
    struct sound x;
    struct names instances;
    (void)state;
    sound_init(&x);
    assert_int_equal(names_init(&instances, 2), 0);
    x.ev.instances = &instances;
    add_ok(&x, CLOSED_P1, 100, 5);
    add_ok(&x, OPEN_MAIN, 100, 5);
    names_number(&instances, "i-a", 3);
    for (int i = 0; i < 90; i++)
        book_cell_add_instance(book_cell(x.run, CLOSED_P1, OUTCOME_OK), 0, 10 * NS_PER_MS);
    judge(&x);
    assert_int_equal(level_of(&x, "R20", "burst"), CHECK_OK); /* they named none */
    assert_false(has_check(&x, "R20", "open"));               /* captures none */
    names_number(&instances, "i-b", 3);
    judge(&x);
    assert_int_equal(level_of(&x, "R20", "burst"), CHECK_WARN);
    for (size_t i = 0; i < x.j.n_checks; i++)
        if (strcmp(x.j.checks[i].rule, "R20") == 0)
            assert_float_equal(x.j.checks[i].value, 10, 1e-9);
    names_fini(&instances);
    sound_fini(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_of_failed_requests_have_limits),
        cmocka_unit_test(r7_counts_times_above_the_range),
        cmocka_unit_test(r9_warns_when_a_threshold_hangs_on_a_few_requests),
        cmocka_unit_test(r11_finds_a_level_that_changed),
        cmocka_unit_test(r17_wants_every_request_accounted_for),
        cmocka_unit_test(r17_wants_a_time_for_everything_that_was_sent),
        cmocka_unit_test(r20_counts_answers_of_ids_beyond_those_that_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
