#include "sound_run.h"

#include <math.h>

/* A second of the open stream, whose schedule lasts three. */
static void add_second(struct sound *x, uint64_t n_intended, uint64_t n_sent)
{
    rule_input_add(&x->in, OPEN, (struct rule_second){ .n_intended = n_intended, .n_sent = n_sent });
}

static void r1_compares_what_was_sent_in_time_with_the_schedule(void **state)
{
    static const struct {
        const char *why;
        uint64_t n_intended[5], n_sent[5]; /* by second */
        enum check_level want;
    } cases[] = {
        { "all", { 10, 4990, 5000 }, { 10, 4990, 5000 }, CHECK_OK },
        { "half a per cent too late", { 10, 4990, 5000 }, { 10, 4990, 4950, 50 }, CHECK_OK },
        { "2 % too late", { 10, 4990, 5000 }, { 10, 4990, 4800, 200 }, CHECK_WARN },
        { "10 % too late, over two seconds", { 10, 4990, 5000 }, { 10, 4990, 4000, 500, 500 }, CHECK_WARN },
        { "2 % picked up too late", { 10, 4990, 4800, 200 }, { 10, 4990, 4800, 200 }, CHECK_WARN },
        { "a few picked up too late, 40 % sent too late",
          { 10, 4990, 4999, 1 },
          { 10, 2990, 3000, 4000 },
          CHECK_WARN },
        { "slow at first, made up for in time", { 10, 4990, 5000 }, { 10, 2000, 7990 }, CHECK_OK },
        { "ended in the second second", { 10, 4000 }, { 10, 4000 }, CHECK_OK },
        { "never sent", { 10, 4990, 5000 }, { 10, 4990, 4000 }, CHECK_WARN },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        for (size_t s = 0; s < 5 && (s < 2 || cases[i].n_intended[s] + cases[i].n_sent[s] > 0); s++)
            add_second(&x, cases[i].n_intended[s], cases[i].n_sent[s]);
        judge(&x);
        if (level_of(&x, "R1", "open") != cases[i].want)
            fail_msg("%s", cases[i].why);
        sound_fini(&x);
    }
}

/* The last due time is in the last phase with requests. */
static void r1_knows_when_the_last_request_is_due(void **state)
{
    static const struct {
        const char *why;
        struct plan_phase phases[2];
        enum check_level want;
    } cases[] = {
        { "sent in the pause",
          { { .kind = PLAN_PHASE_RATE, .duration_ns = NS_PER_S },
            { .kind = PLAN_PHASE_PAUSE, .duration_ns = NS_PER_S } },
          CHECK_WARN },
        { "a burst at the end of the first second is the second one's",
          { { .kind = PLAN_PHASE_RATE, .duration_ns = NS_PER_S }, { .kind = PLAN_PHASE_BURST } },
          CHECK_OK },
        { "a burst within the first second",
          { { .kind = PLAN_PHASE_RATE, .duration_ns = NS_PER_S - 1 }, { .kind = PLAN_PHASE_BURST } },
          CHECK_WARN },
        { "a ramp over a second and a bit",
          { { .kind = PLAN_PHASE_PAUSE, .duration_ns = 1 },
            { .kind = PLAN_PHASE_RAMP, .duration_ns = NS_PER_S } },
          CHECK_OK },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        struct plan_stream streams[2] = { small_plan_streams[0], small_plan_streams[1] };
        struct plan_phase phases[2] = { cases[i].phases[0], cases[i].phases[1] };
        sound_init(&x);
        streams[OPEN].phases = phases;
        x.plan.streams = streams;
        add_second(&x, 100, 80);
        add_second(&x, 0, 20);
        judge(&x);
        if (level_of(&x, "R1", "open") != cases[i].want)
            fail_msg("%s", cases[i].why);
        sound_fini(&x);
    }
}

static void a_generator_at_its_limit_does_not_blame_the_target(void **state)
{
    static const struct {
        const char *why;
        uint64_t n_busy, n_late;
        enum check_level r1;
        bool is_own;
    } cases[] = {
        { "neither late nor busy", 0, 0, CHECK_WARN, false },
        { "busy now and then", 90, 0, CHECK_WARN, false },
        { "no time left", 110, 0, CHECK_INVALID, true },
        { "one in ten is late", 0, 100, CHECK_INVALID, true },
    };
    static const char *const rules[] = { "R1", "R5", "R16" };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        x.in.n_busy_seconds = cases[i].n_busy;
        add_ok(&x, OPEN_MAIN, 900, 5);
        add_failed(&x, OPEN_MAIN, OUTCOME_DROPPED, 10);
        add(x.run, OPEN_MAIN, OUTCOME_OK, METRIC_LAG, cases[i].n_late, 200 * NS_PER_MS);
        for (int s = 0; s < 3; s++)
            add_second(&x, 1000, 600);
        add_second(&x, 0, 1200);
        judge(&x);
        if (level_of(&x, "R1", "open") != cases[i].r1 || level_of(&x, "R5", "open") != cases[i].r1)
            fail_msg("%s", cases[i].why);
        for (size_t k = 0; k < N_OF(rules); k++) {
            const char *advice = advice_of(&x, rules[k], "open");
            if ((*advice == '\0') != cases[i].is_own)
                fail_msg("%s: %s: %s", cases[i].why, rules[k], advice);
        }
        sound_fini(&x);
    }
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
            rule_input_add(&x.in, OPEN,
                           (struct rule_second){ .n_intended = 100,
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
            rule_input_add(&x.in, OPEN,
                           (struct rule_second){ .n_intended = 100,
                                                 .n_sent = 100,
                                                 .n_backlog = s == 5 ? cases[i].n_backlog : 1 });
        judge(&x);
        assert_int_equal(level_of(&x, "R16", "open"), cases[i].want);
        sound_fini(&x);
    }
}

static void r1_is_not_judged_where_nothing_was_due(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_second(&x, 0, 0);
    add_second(&x, 0, 0);
    judge(&x);
    assert_false(has_check(&x, "R1", "open"));
    sound_fini(&x);
}

static void r1_tells_by_how_much_it_was_missed(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    for (int s = 0; s < 3; s++)
        add_second(&x, 100, 110); /* more than was due */
    judge(&x);
    assert_float_equal(check_of(&x, "R1", "open")->value, 10, 1e-9);
    sound_fini(&x);
}

static void r16_needs_a_hundred_requests_due_and_sent(void **state)
{
    static const struct {
        uint64_t n_intended, n_sent;
        bool want;
    } cases[] = { { 0, 0, false }, { 99, 100, false }, { 100, 99, false }, { 100, 100, true } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        add_second(&x, cases[i].n_intended, cases[i].n_sent);
        judge(&x);
        if (has_check(&x, "R16", "open") != cases[i].want)
            fail_msg("case %zu", i);
        sound_fini(&x);
    }
}

/* The fewer requests, the further apart they may be by chance. */
static void r16_has_a_limit_by_the_number_of_requests(void **state)
{
    static const struct {
        uint64_t n;
        double warn;
    } cases[] = { { 400, 1.63 / 20 }, { 10000, 0.02 } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        add_second(&x, cases[i].n, 3 * cases[i].n / 4);
        add_second(&x, 0, cases[i].n / 4);
        judge(&x);
        assert_float_equal(check_of(&x, "R16", "open")->value, 0.25, 1e-9);
        assert_float_equal(check_of(&x, "R16", "open")->warn, cases[i].warn, 1e-6);
        sound_fini(&x);
    }
}

static void r5_is_the_share_of_what_ended(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    judge(&x);
    assert_false(has_check(&x, "R5", "open")); /* nothing did */
    add_ok(&x, OPEN_MAIN, 30, 5);
    add_failed(&x, OPEN_MAIN, OUTCOME_DROPPED, 10);
    judge(&x);
    assert_float_equal(check_of(&x, "R5", "open")->value, 25, 1e-9);
    sound_fini(&x);
}

/* Late is more than a mean gap and more than a millisecond. */
static void r3_takes_the_gap_from_the_phase(void **state)
{
    static const struct {
        const char *why;
        struct plan_phase phase;
        uint64_t lag_us;
        double want; /* per cent */
    } cases[] = {
        { "within 50 ms", { .rate_per_s = 10, .rate_end_per_s = 30 }, 49000, 0 },
        { "beyond 50 ms", { .rate_per_s = 10, .rate_end_per_s = 30 }, 52000, 50 },
        { "falling", { .rate_per_s = 30, .rate_end_per_s = 10 }, 49000, 0 },
        { "a millisecond at a high rate", { .rate_per_s = 5000, .rate_end_per_s = 5000 }, 900, 0 },
        { "more at a high rate", { .rate_per_s = 5000, .rate_end_per_s = 5000 }, 1100, 50 },
        { "a millisecond of a burst", { .kind = PLAN_PHASE_BURST }, 900, 0 },
        { "more of a burst", { .kind = PLAN_PHASE_BURST }, 1100, 50 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        struct plan_stream streams[2] = { small_plan_streams[0], small_plan_streams[1] };
        struct plan_phase phases[2] = { small_plan_open_phases[0], cases[i].phase };
        sound_init(&x);
        streams[OPEN].phases = phases;
        x.plan.streams = streams;
        add(x.run, OPEN_MAIN, OUTCOME_OK, METRIC_LAG, 20, 1000);
        add(x.run, OPEN_MAIN, OUTCOME_TIMEOUT, METRIC_LAG, 20, cases[i].lag_us * NS_PER_US);
        judge(&x);
        const struct check *c = check_of(&x, "R3", "open");
        if (fabs(c->value - cases[i].want) > 1e-9)
            fail_msg("%s: %g", cases[i].why, c->value);
        assert_float_equal(c->warn, 25, 1e-9); /* ten of forty */
        assert_float_equal(c->invalid, 25, 1e-9);
        sound_fini(&x);
    }
}

/* The generator is at its limit when busy in more than a tenth of the seconds, or with more than 5 % late. */
static void the_generator_s_own_limits_are_those_of_r4_and_r3(void **state)
{
    static const struct {
        uint64_t n_busy; /* of 1000 seconds */
        uint64_t n_late; /* of 100 requests */
        enum check_level r1;
    } cases[] = {
        { 100, 0, CHECK_WARN }, { 101, 0, CHECK_INVALID }, { 0, 5, CHECK_WARN }, { 0, 6, CHECK_INVALID }
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        x.in.n_busy_seconds = cases[i].n_busy;
        add(x.run, OPEN_MAIN, OUTCOME_OK, METRIC_LAG, 100 - cases[i].n_late, 1000);
        add(x.run, OPEN_MAIN, OUTCOME_OK, METRIC_LAG, cases[i].n_late, NS_PER_S);
        for (int s = 0; s < 3; s++)
            add_second(&x, 100, 50);
        judge(&x);
        if (level_of(&x, "R1", "open") != cases[i].r1)
            fail_msg("case %zu", i);
        sound_fini(&x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(r1_compares_what_was_sent_in_time_with_the_schedule),
        cmocka_unit_test(r1_knows_when_the_last_request_is_due),
        cmocka_unit_test(a_generator_at_its_limit_does_not_blame_the_target),
        cmocka_unit_test(r3_counts_late_sends_but_not_a_handful),
        cmocka_unit_test(r16_compares_the_curves_of_due_and_sent),
        cmocka_unit_test(r16_sees_a_stall_between_two_edges),
        cmocka_unit_test(r1_is_not_judged_where_nothing_was_due),
        cmocka_unit_test(r1_tells_by_how_much_it_was_missed),
        cmocka_unit_test(r16_needs_a_hundred_requests_due_and_sent),
        cmocka_unit_test(r16_has_a_limit_by_the_number_of_requests),
        cmocka_unit_test(r5_is_the_share_of_what_ended),
        cmocka_unit_test(r3_takes_the_gap_from_the_phase),
        cmocka_unit_test(the_generator_s_own_limits_are_those_of_r4_and_r3),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
