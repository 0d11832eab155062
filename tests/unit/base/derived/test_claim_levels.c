/* One test per rule by which a claim gets its level. */
#include "claimed.h"

static void spoil(const char *rule, const char *scope, const char *level, int stream, enum claim_what what,
                  enum claim_level wanted, const char *why)
{
    struct claimed x;
    claimed_init(&x);
    for (int s = 0; s < CLAIMED_STREAMS; s++)
        good(&x, s, 20000, 0);
    has_level(&x, stream, what, CLAIM_OK, "");
    check(&x, rule, scope, level, 1);
    has_level(&x, stream, what, wanted, why);
    claimed_fini(&x);
}

static void a_sound_run_is_ok(void **state)
{
    struct claimed x;
    (void)state;
    claimed_init(&x);
    for (int s = 0; s < CLAIMED_STREAMS; s++)
        good(&x, s, 20000, 20);
    check(&x, "R8", "open", "WARN", 3);
    check(&x, "R3", "open", "OK", 0.5);
    row_of(&x, "open");
    assert_int_equal(claims_worst(x.claims), CLAIM_OK);
    claimed_fini(&x);
}

static void the_share_of_a_time_sets_its_level(void **state)
{
    static const struct {
        uint64_t part_us;
        enum claim_level level;
    } cases[] = {
        { 0, CLAIM_OK }, { 240, CLAIM_OK }, { 300, CLAIM_WARN }, { 990, CLAIM_WARN }, { 1100, CLAIM_INVALID },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct claimed x;
        claimed_init(&x);
        good(&x, CLAIMED_STEADY, 2000, cases[i].part_us);
        has_level(&x, CLAIMED_STEADY, CLAIM_P99, cases[i].level,
                  cases[i].level == CLAIM_OK ? "" : "loadgen's own");
        claimed_fini(&x);
    }
}

static void a_short_part_softens_the_level_by_one_step(void **state)
{
    static const struct {
        uint64_t us, part_us;
        enum claim_level level;
    } cases[] = {
        { 200, 19, CLAIM_OK },   /* 9.5 % */
        { 300, 22, CLAIM_WARN }, /* 7 % */
        { 40, 15, CLAIM_WARN },  /* 38 % */
        { 500, 99, CLAIM_WARN }, /* 20 % */
        { 500, 105, CLAIM_INVALID },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct claimed x;
        claimed_init(&x);
        answers(&x, CLAIMED_STEADY, 2000, cases[i].us, cases[i].part_us);
        has_level(&x, CLAIMED_STEADY, CLAIM_P90, cases[i].level, "");
        claimed_fini(&x);
    }
}

static void fewer_than_ten_beyond_are_not_judged(void **state)
{
    struct claimed x;
    (void)state;
    claimed_init(&x);
    good(&x, CLAIMED_STEADY, 1000, 0);
    has_level(&x, CLAIMED_STEADY, CLAIM_P99, CLAIM_OK, "");
    has_level(&x, CLAIMED_STEADY, CLAIM_P999, CLAIM_NOT_JUDGED, "fewer than ten");
    assert_true(row_of(&x, "steady")->claims[CLAIM_P999].is_few);
    claimed_fini(&x);
}

static void times_without_receive_stamps_are_never_ok(void **state)
{
    struct claimed x;
    (void)state;
    claimed_init(&x);
    x.phases[CLAIMED_STEADY].all.n_outcomes[OUTCOME_OK] = 20000;
    put(&x, CLAIMED_STEADY, METRIC_SERVICE, OUTCOME_OK, 20000, 10 * NS_PER_MS);
    for (int what = CLAIM_P50; what < N_CLAIMS; what++)
        has_level(&x, CLAIMED_STEADY, (enum claim_what)what, CLAIM_NOT_JUDGED, "no receive timestamps");
    has_level(&x, CLAIMED_STEADY, CLAIM_RATE, CLAIM_OK, "");
    assert_true(isnan(row_of(&x, "steady")->claims[CLAIM_P50].generator_share));
    check(&x, "R21", "run", "WARN", 45);
    has_level(&x, CLAIMED_STEADY, CLAIM_P50, CLAIM_NOT_JUDGED, "no receive timestamps");
    check(&x, "R17", "steady", "INVALID", 1);
    has_level(&x, CLAIMED_STEADY, CLAIM_P50, CLAIM_INVALID, "not accounted for");
    claimed_fini(&x);
}

static void large_messages_hide_the_share_where_they_matter(void **state)
{
    struct claimed x;
    (void)state;
    claimed_init(&x);
    good(&x, CLAIMED_STEADY, 20000, 0);
    check(&x, "R22", "steady", "OK", .05);
    has_level(&x, CLAIMED_STEADY, CLAIM_P99, CLAIM_OK, "");
    has_level(&x, CLAIMED_STEADY, CLAIM_P999, CLAIM_NOT_JUDGED, "in pieces");
    x.checks[1].value = 100;
    has_level(&x, CLAIMED_STEADY, CLAIM_P50, CLAIM_NOT_JUDGED, "in pieces");
    has_level(&x, CLAIMED_STEADY, CLAIM_RATE, CLAIM_OK, "");
    claimed_fini(&x);
}

static void a_time_beyond_the_histogram_is_invalid(void **state)
{
    struct claimed x;
    (void)state;
    claimed_init(&x);
    good(&x, CLAIMED_STEADY, 1980, 0);
    answers(&x, CLAIMED_STEADY, 20, UINT64_C(3601000000), 0);
    has_level(&x, CLAIMED_STEADY, CLAIM_P90, CLAIM_OK, "");
    has_level(&x, CLAIMED_STEADY, CLAIM_P99, CLAIM_OK, "");
    answers(&x, CLAIMED_STEADY, 20, UINT64_C(3601000000), 0);
    has_level(&x, CLAIMED_STEADY, CLAIM_P99, CLAIM_INVALID, "range");
    has_level(&x, CLAIMED_STEADY, CLAIM_P90, CLAIM_OK, "");
    claimed_fini(&x);
}

static void a_percentile_without_a_time_takes_the_rates_level(void **state)
{
    struct claimed x;
    (void)state;
    claimed_init(&x);
    good(&x, CLAIMED_OPEN, 20000, 0);
    x.phases[CLAIMED_OPEN].all.n_outcomes[OUTCOME_TIMEOUT] = 1000;
    has_level(&x, CLAIMED_OPEN, CLAIM_P99, CLAIM_OK, "");
    check(&x, "R3", "open", "WARN", 3);
    has_level(&x, CLAIMED_OPEN, CLAIM_P99, CLAIM_WARN, "sent late");
    has_level(&x, CLAIMED_OPEN, CLAIM_P50, CLAIM_OK, "");
    x.run.n_checks--;
    check(&x, "R21", "run", "WARN", 45); /* it may have missed the answers itself */
    has_level(&x, CLAIMED_OPEN, CLAIM_P99, CLAIM_WARN, "kept from running");
    claimed_fini(&x);
}

static void answers_read_late_are_never_ok(void **state)
{
    struct claimed x;
    (void)state;
    claimed_init(&x);
    good(&x, CLAIMED_OPEN, 20000, 0);
    good(&x, CLAIMED_OPEN, 2100, 1500);
    has_level(&x, CLAIMED_OPEN, CLAIM_P50, CLAIM_OK, "");
    good(&x, CLAIMED_OPEN, 1000, 1500);
    has_level(&x, CLAIMED_OPEN, CLAIM_P50, CLAIM_WARN, "late");
    has_level(&x, CLAIMED_OPEN, CLAIM_RATE, CLAIM_OK, "");
    claimed_fini(&x);
}

static void a_delay_that_is_lost_in_the_times_is_not_late(void **state)
{
    struct claimed x;
    (void)state;
    claimed_init(&x);
    answers(&x, CLAIMED_OPEN, 20000, 500000, 9000);
    has_level(&x, CLAIMED_OPEN, CLAIM_P50, CLAIM_OK, "");
    claimed_fini(&x);
}

static void causes_of_the_whole_run_lift_every_claim(void **state)
{
    (void)state;
    for (int stream = 0; stream < CLAIMED_STREAMS; stream++)
        for (int what = 0; what < N_CLAIMS; what++)
            spoil("R15", "run", "INVALID", stream, (enum claim_what)what, CLAIM_INVALID, "clock source");
}

static void causes_of_a_stream_lift_its_claims_and_its_clusters(void **state)
{
    static const struct {
        const char *rule, *why;
    } cases[] = { { "R17", "not accounted" }, { "R8", "no port" }, { "R5", "dropped" } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        spoil(cases[i].rule, "open", "INVALID", CLAIMED_OPEN, CLAIM_RATE, CLAIM_INVALID, cases[i].why);
        spoil(cases[i].rule, "open", "INVALID", CLAIMED_OPEN, CLAIM_P50, CLAIM_INVALID, cases[i].why);
        spoil(cases[i].rule, "open", "INVALID", CLAIMED_OTHER, CLAIM_P50, CLAIM_OK, "");
    }
}

static void a_failed_or_killed_run_is_invalid(void **state)
{
    static const char *const ends[] = { "failed", "running" };
    (void)state;
    for (size_t i = 0; i < N_OF(ends); i++) {
        struct claimed x;
        claimed_init(&x);
        good(&x, CLAIMED_STEADY, 20000, 0);
        x.run.end = ends[i];
        has_level(&x, CLAIMED_STEADY, CLAIM_RATE, CLAIM_INVALID, "the run");
        has_level(&x, CLAIMED_STEADY, CLAIM_P999, CLAIM_INVALID, "the run");
        x.run.end = "interrupted";
        has_level(&x, CLAIMED_STEADY, CLAIM_P999, CLAIM_OK, "");
        claimed_fini(&x);
    }
}

static void an_open_rate_is_as_good_as_its_schedule(void **state)
{
    (void)state;
    spoil("R3", "open", "WARN", CLAIMED_OPEN, CLAIM_RATE, CLAIM_WARN, "late");
    spoil("R3", "open", "WARN", CLAIMED_OPEN, CLAIM_P50, CLAIM_OK, "");
    spoil("R3", "open", "INVALID", CLAIMED_OPEN, CLAIM_RATE, CLAIM_INVALID, "late");
    spoil("R3", "open", "INVALID", CLAIMED_OPEN, CLAIM_P50, CLAIM_INVALID, "late");
    spoil("R1", "open", "INVALID", CLAIMED_OPEN, CLAIM_RATE, CLAIM_INVALID, "rate");
    spoil("R1", "open", "WARN", CLAIMED_OPEN, CLAIM_RATE, CLAIM_OK, "");
    spoil("R4", "run", "WARN", CLAIMED_OPEN, CLAIM_RATE, CLAIM_OK, "");
}

static void a_closed_rate_at_full_speed_is_at_least(void **state)
{
    (void)state;
    spoil("R4", "run", "WARN", CLAIMED_STEADY, CLAIM_RATE, CLAIM_WARN, "limit");
    spoil("R4", "run", "WARN", CLAIMED_STEADY, CLAIM_P99, CLAIM_OK, "");
    spoil("R12", "run", "INVALID", CLAIMED_STEADY, CLAIM_RATE, CLAIM_WARN, "hypervisor");
    spoil("R12", "run", "WARN", CLAIMED_STEADY, CLAIM_RATE, CLAIM_OK, "");
}

static void a_closed_rate_of_less_than_a_second_is_not_judged(void **state)
{
    struct claimed x;
    (void)state;
    claimed_init(&x);
    good(&x, CLAIMED_STEADY, 20000, 0);
    good(&x, CLAIMED_OPEN, 20000, 0);
    x.checks[0].rule = "R1";
    has_level(&x, CLAIMED_STEADY, CLAIM_RATE, CLAIM_NOT_JUDGED, "no second");
    has_level(&x, CLAIMED_STEADY, CLAIM_P50, CLAIM_OK, "");
    has_level(&x, CLAIMED_OPEN, CLAIM_RATE, CLAIM_OK, "");
    claimed_fini(&x);
}

static void times_of_a_generator_that_was_kept_from_running_are_never_ok(void **state)
{
    (void)state;
    for (int what = CLAIM_P50; what < N_CLAIMS; what++) {
        spoil("R21", "run", "WARN", CLAIMED_STEADY, (enum claim_what)what, CLAIM_WARN, "kept from running");
        spoil("R21", "run", "WARN", CLAIMED_OPEN, (enum claim_what)what, CLAIM_WARN, "kept from running");
        spoil("R12", "run", "INVALID", CLAIMED_OPEN, (enum claim_what)what, CLAIM_WARN, "hypervisor");
        spoil("R15", "run", "WARN", CLAIMED_OPEN, (enum claim_what)what, CLAIM_WARN, "clock was set");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_run_is_ok),
        cmocka_unit_test(the_share_of_a_time_sets_its_level),
        cmocka_unit_test(a_short_part_softens_the_level_by_one_step),
        cmocka_unit_test(fewer_than_ten_beyond_are_not_judged),
        cmocka_unit_test(times_without_receive_stamps_are_never_ok),
        cmocka_unit_test(large_messages_hide_the_share_where_they_matter),
        cmocka_unit_test(a_time_beyond_the_histogram_is_invalid),
        cmocka_unit_test(a_percentile_without_a_time_takes_the_rates_level),
        cmocka_unit_test(answers_read_late_are_never_ok),
        cmocka_unit_test(a_delay_that_is_lost_in_the_times_is_not_late),
        cmocka_unit_test(causes_of_the_whole_run_lift_every_claim),
        cmocka_unit_test(causes_of_a_stream_lift_its_claims_and_its_clusters),
        cmocka_unit_test(a_failed_or_killed_run_is_invalid),
        cmocka_unit_test(an_open_rate_is_as_good_as_its_schedule),
        cmocka_unit_test(a_closed_rate_at_full_speed_is_at_least),
        cmocka_unit_test(a_closed_rate_of_less_than_a_second_is_not_judged),
        cmocka_unit_test(times_of_a_generator_that_was_kept_from_running_are_never_ok),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
