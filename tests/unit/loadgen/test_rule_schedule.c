#include "sound_run.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(r1_compares_what_was_sent_in_time_with_the_schedule),
        cmocka_unit_test(r1_blames_the_generator_only_where_it_was_late),
        cmocka_unit_test(r3_counts_late_sends_but_not_a_handful),
        cmocka_unit_test(r16_compares_the_curves_of_due_and_sent),
        cmocka_unit_test(r16_sees_a_stall_between_two_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
