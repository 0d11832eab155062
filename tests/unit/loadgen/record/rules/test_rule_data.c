#include "rule.h"
#include "sound_run.h"

#include <math.h>

static void shares_of_failed_requests_have_limits(void **state)
{
    static const struct {
        const char *rule;
        enum outcome outcome;
        uint64_t n; /* of 10 000 and n */
        enum check_level want;
    } cases[] = {
        { "R5", OUTCOME_DROPPED, 0, CHECK_OK },       { "R5", OUTCOME_DROPPED, 1, CHECK_WARN },
        { "R5", OUTCOME_DROPPED, 20, CHECK_WARN },    { "R8", OUTCOME_STATUS_5XX, 5, CHECK_OK },
        { "R8", OUTCOME_STATUS_5XX, 20, CHECK_WARN }, { "R8", OUTCOME_STATUS_5XX, 9000, CHECK_WARN },
        { "R8", OUTCOME_PORTS, 20, CHECK_WARN },      { "R8", OUTCOME_PORTS, 200, CHECK_INVALID },
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
            rule_input_add(&x.in, CLOSED,
                           (struct rule_second){ .p50_ns = (s < 30 ? 1000 : cases[i].after_us) * NS_PER_US,
                                                 .is_whole = true });
        judge(&x);
        assert_int_equal(level_of(&x, "R11", "burst"), cases[i].want);
        sound_fini(&x);
    }
}

/* Seconds that wander have no level that could have changed. */
static void r11_does_not_judge_seconds_that_depend_on_each_other(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    for (uint32_t s = 0; s < 90; s++)
        rule_input_add(
            &x.in, CLOSED,
            (struct rule_second){ .p50_ns = (uint64_t)(1e6 * (1 + .1 * sin(s / 5.))), .is_whole = true });
    judge(&x);
    assert_int_equal(check_of(&x, "R11", "burst")->level, CHECK_NOT_JUDGED);
    assert_non_null(strstr(check_of(&x, "R11", "burst")->advice, "depend on each other"));
    sound_fini(&x);
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
        x.run->cells[CLOSED_P1].n_outcomes[OUTCOME_OK] += cases[i].n_lost; /* counted without a time */
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
    x.in.instances = &instances;
    add_ok(&x, CLOSED_P1, 100, 5);
    add_ok(&x, OPEN_MAIN, 100, 5);
    names_number(&instances, "i-a", 3);
    for (int i = 0; i < 90; i++)
        stats_times_add_instance(stats_times(x.run, CLOSED_P1, OUTCOME_OK), 0, 10 * NS_PER_MS);
    judge(&x);
    assert_int_equal(level_of(&x, "R20", "burst"), CHECK_OK); /* they named none */
    assert_false(has_check(&x, "R20", "open"));               /* captures none */
    names_number(&instances, "i-b", 3);
    judge(&x);
    assert_int_equal(level_of(&x, "R20", "burst"), CHECK_WARN);
    for (size_t i = 0; i < x.verdict.n_checks; i++)
        if (strcmp(x.verdict.checks[i].rule, "R20") == 0)
            assert_float_equal(x.verdict.checks[i].value, 10, 1e-9);
    names_fini(&instances);
    sound_fini(&x);
}

static void a_percentile_is_quoted_with_ten_samples_beyond_it(void **state)
{
    static const struct {
        uint64_t n;
        uint32_t want_ppm;
    } cases[] = { { 0, 0 },        { 19, 0 },       { 20, 500000 },   { 99, 500000 },
                  { 100, 900000 }, { 999, 900000 }, { 1000, 990000 }, { 1000000, 990000 } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        assert_int_equal(rule_quoted_ppm(cases[i].n), cases[i].want_ppm);
}

static void limits_follow_the_percentile_that_is_quoted(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_ok(&x, CLOSED_P1, 960, 5); /* p90 is quoted */
    add_failed(&x, CLOSED_P1, OUTCOME_CENSORED, 39);
    add_ok(&x, OPEN_MAIN, 10, 5); /* none is */
    judge(&x);
    assert_float_equal(check_of(&x, "R7", "burst")->invalid, 9.6, 1e-5);
    assert_true(isnan(check_of(&x, "R7", "open")->invalid));
    assert_float_equal(check_of(&x, "R8", "burst")->value, 0, 1e-9); /* cut off is not failed */
    assert_float_equal(check_of(&x, "R8", "open")->value, 0, 1e-9);
    sound_fini(&x);
}

static void a_stream_that_did_nothing_is_not_judged_by_its_data(void **state)
{
    static const char *const rules[] = { "R7", "R8", "R11", "R17" };
    struct sound x;
    (void)state;
    sound_init(&x);
    add_ok(&x, CLOSED_P1, 100, 5);
    judge(&x);
    for (size_t i = 0; i < N_OF(rules); i++)
        assert_false(has_check(&x, rules[i], "open"));
    for (size_t i = 0; i < N_OF(rules); i++)
        assert_int_equal(has_check(&x, rules[i], "burst"), strcmp(rules[i], "R11") != 0);
    sound_fini(&x);
}

static void r17_counts_what_is_lost_of_what_ended(void **state)
{
    static const struct {
        uint64_t n_ok, n_sent_more, n_sent_less, n_intended_more, n_intended_less;
        double want;
    } cases[] = {
        { 0, 3, 0, 0, 0, 300 }, /* of one, where nothing ended */
        { 0, 0, 0, 2, 0, 200 }, { 4, 0, 0, 0, 0, 0 },  { 4, 1, 0, 0, 0, 25 },  { 4, 0, 1, 0, 0, 25 },
        { 4, 0, 0, 3, 0, 75 },  { 4, 0, 0, 0, 3, 75 }, { 4, 0, 4, 0, 0, 100 }, /* as many lost as ended */
        { 4, 1, 0, 2, 0, 75 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        add_ok(&x, OPEN_MAIN, cases[i].n_ok, 5);
        x.run->streams[OPEN].n_sent += cases[i].n_sent_more - cases[i].n_sent_less;
        x.run->streams[OPEN].n_intended += cases[i].n_intended_more - cases[i].n_intended_less;
        judge(&x);
        if (fabs(check_of(&x, "R17", "open")->value - cases[i].want) > 1e-9)
            fail_msg("case %zu: %g", i, check_of(&x, "R17", "open")->value);
        x.in.is_whole = false; /* a run that was cut off lost what it lost */
        judge(&x);
        assert_false(has_check(&x, "R17", "open"));
        sound_fini(&x);
    }
}

static void r11_looks_at_each_steady_phase_by_itself(void **state)
{
    static const struct {
        const char *why;
        size_t stream;
        uint32_t phase;
        uint32_t n_before, n_after; /* whole seconds of 1 ms and of 1.5 ms */
        uint32_t n_cut;             /* and so many of 1.5 ms that are not whole */
        double want;                /* -1: not judged */
    } cases[] = {
        { "the first phase", CLOSED, 0, 40, 40, 0, 50 },
        { "the last phase", CLOSED, 2, 40, 40, 0, 50 },
        { "a pause", CLOSED, 1, 40, 40, 0, -1 },
        { "warm-up", OPEN, 0, 40, 40, 0, -1 },
        { "the open stream's main phase", OPEN, 1, 40, 40, 0, 50 },
        { "just enough seconds", CLOSED, 0, 30, 30, 0, 50 },
        { "one too few", CLOSED, 0, 30, 29, 0, -1 },
        { "enough, but not whole", CLOSED, 0, 30, 0, 40, -1 },
        { "enough whole ones before", CLOSED, 0, 60, 0, 30, 0 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        const char *name = small_plan_streams[cases[i].stream].name;
        sound_init(&x);
        for (uint32_t s = 0; s < cases[i].n_before + cases[i].n_after + cases[i].n_cut; s++)
            rule_input_add(
                &x.in, cases[i].stream,
                (struct rule_second){ .p50_ns = s < cases[i].n_before ? NS_PER_MS : 1500 * NS_PER_US,
                                      .phase = cases[i].phase,
                                      .is_whole = s < cases[i].n_before + cases[i].n_after });
        judge(&x);
        if (has_check(&x, "R11", name) != (cases[i].want >= 0))
            fail_msg("%s: judged or not", cases[i].why);
        if (cases[i].want >= 0 && fabs(check_of(&x, "R11", name)->value - cases[i].want) > 1e-3)
            fail_msg("%s: %g", cases[i].why, check_of(&x, "R11", name)->value);
        sound_fini(&x);
    }
}

static void r9_counts_beyond_the_scope_s_own_answers(void **state)
{
    struct threshold thresholds[] = {
        { .metric = THRESHOLD_PERCENTILE, .p_ppm = 900000, .scope = "burst" },
        { .metric = THRESHOLD_PERCENTILE, .p_ppm = 900000 },
        { .metric = THRESHOLD_MAX, .scope = "open" },
    };
    struct sound x;
    (void)state;
    sound_init(&x);
    x.plan.thresholds = thresholds;
    x.plan.n_thresholds = 3;
    add_ok(&x, CLOSED_P1, 99, 5);
    add(x.run, CLOSED_P1, OUTCOME_TIMEOUT, METRIC_SERVICE, 500, NS_PER_S); /* no answers */
    add_ok(&x, OPEN_MAIN, 101, 5);
    judge(&x);
    assert_int_equal(level_of(&x, "R9", "burst"), CHECK_WARN);
    assert_float_equal(check_of(&x, "R9", "burst")->value, 9, 1e-9);
    assert_int_equal(level_of(&x, "R9", "all"), CHECK_OK);
    assert_float_equal(check_of(&x, "R9", "all")->value, 20, 1e-9);
    assert_false(has_check(&x, "R9", "open"));
    add_ok(&x, CLOSED_P1, 1, 5);
    judge(&x);
    assert_int_equal(level_of(&x, "R9", "burst"), CHECK_OK); /* ten are enough */
    sound_fini(&x);
}

static void r11_looks_at_every_kind_of_steady_load(void **state)
{
    static const struct {
        enum plan_phase_kind kind;
        bool is_steady;
    } cases[] = { { PLAN_PHASE_REQUESTS, true }, { PLAN_PHASE_DURATION, true }, { PLAN_PHASE_RATE, true },
                  { PLAN_PHASE_RAMP, false },    { PLAN_PHASE_BURST, false },   { PLAN_PHASE_PAUSE, false } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        struct plan_stream streams[2] = { small_plan_streams[0], small_plan_streams[1] };
        struct plan_phase phases[3] = { { .kind = cases[i].kind },
                                        { .kind = PLAN_PHASE_PAUSE },
                                        { .kind = PLAN_PHASE_PAUSE } };
        sound_init(&x);
        streams[CLOSED].phases = phases;
        x.plan.streams = streams;
        for (uint32_t s = 0; s < 80; s++) {
            rule_input_add(
                &x.in, CLOSED,
                (struct rule_second){ .p50_ns = s < 40 ? NS_PER_MS : 2 * NS_PER_MS, .is_whole = true });
            rule_input_add(&x.in, CLOSED,
                           (struct rule_second){ .p50_ns = 0, .is_whole = true }); /* no answer */
        }
        judge(&x);
        assert_int_equal(has_check(&x, "R11", "burst"), cases[i].is_steady);
        if (cases[i].is_steady)
            assert_float_equal(check_of(&x, "R11", "burst")->value, 100, 1e-3);
        sound_fini(&x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_of_failed_requests_have_limits),
        cmocka_unit_test(r7_counts_times_above_the_range),
        cmocka_unit_test(r9_warns_when_a_threshold_hangs_on_a_few_requests),
        cmocka_unit_test(r11_finds_a_level_that_changed),
        cmocka_unit_test(r11_does_not_judge_seconds_that_depend_on_each_other),
        cmocka_unit_test(r17_wants_every_request_accounted_for),
        cmocka_unit_test(r17_wants_a_time_for_everything_that_was_sent),
        cmocka_unit_test(r20_counts_answers_of_ids_beyond_those_that_are_kept),
        cmocka_unit_test(a_percentile_is_quoted_with_ten_samples_beyond_it),
        cmocka_unit_test(limits_follow_the_percentile_that_is_quoted),
        cmocka_unit_test(a_stream_that_did_nothing_is_not_judged_by_its_data),
        cmocka_unit_test(r17_counts_what_is_lost_of_what_ended),
        cmocka_unit_test(r11_looks_at_each_steady_phase_by_itself),
        cmocka_unit_test(r9_counts_beyond_the_scope_s_own_answers),
        cmocka_unit_test(r11_looks_at_every_kind_of_steady_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
