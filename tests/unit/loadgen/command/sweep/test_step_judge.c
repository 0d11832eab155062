/* Whether a step of a sweep held, was too much for the target, or says nothing because of loadgen. */
#include "cm.h"

#include "err.h"
#include "scratch.h"
#include "step_judge.h"

#include <stdio.h>
#include <string.h>

struct made {
    int ok_n, failed_n, censored_n;
    const char *held;       /* of the threshold, as in the file; NULL: there is none */
    const char *threshold;  /* its text */
    const char *rate, *p99; /* levels of the cluster's claims */
    enum sweep_result result;
};

static void write_step(const struct made *m)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    fprintf(
        out,
        "{\"end\": \"done\", \"phases\": ["
        "{\"warmup\": true, \"ok_n\": 7, \"done_n\": 9, \"errors\": {\"censored\": 1}, \"start_s\": 0, "
        "\"end_s\": 1},"
        "{\"warmup\": false, \"ok_n\": %d, \"done_n\": %d, \"errors\": {\"censored\": %d}, \"start_s\": 1, "
        "\"end_s\": 3}],",
        m->ok_n, m->ok_n + m->failed_n, m->censored_n);
    fprintf(
        out,
        "\"claims\": ["
        "{\"scope\": \"c\", \"stream\": \"s\", \"what\": \"p99\", \"level\": \"ok\"},"
        "{\"scope\": \"c\", \"stream\": null, \"what\": \"rate\", \"value_per_s\": 49.5, \"level\": \"%s\"},"
        "{\"scope\": \"c\", \"stream\": null, \"what\": \"p99\", \"level\": \"%s\"}],",
        m->rate, m->p99);
    fprintf(out, "\"thresholds\": [");
    if (m->held)
        fprintf(out, "{\"text\": \"%s\", \"held\": %s}", m->threshold, m->held);
    fprintf(out, "]}");
    fclose(out);
    scratch_write("run.json", text, length);
    free(text);
}

static struct step_judged judged(const struct made *m)
{
    struct step_judged step;
    struct err e;
    write_step(m);
    if (step_judge(&step, scratch_folder, "c", &e))
        fail_msg("%s", e.text);
    return step;
}

static void a_step_ends_as_its_claims_allow(void **state)
{
    (void)state;
    static const struct made cases[] = {
        { 100, 0, 0, NULL, "", "ok", "ok", SWEEP_HELD },
        { 100, 1, 0, NULL, "", "ok", "ok", SWEEP_HELD },
        { 100, 2, 0, NULL, "", "ok", "ok", SWEEP_SATURATED },
        { 100, 0, 2, NULL, "", "ok", "ok", SWEEP_SATURATED },
        { 0, 9, 0, NULL, "", "ok", "ok", SWEEP_SATURATED },
        { 100, 0, 0, "false", "p99 < 1ms", "ok", "warn", SWEEP_THRESHOLD },
        { 100, 0, 0, "false", "p99 < 1ms", "ok", "invalid", SWEEP_GENERATOR },
        { 100, 0, 0, "false", "p97 < 1ms", "ok", "invalid", SWEEP_GENERATOR },
        { 100, 0, 0, "false", "s.p99 < 1ms", "ok", "invalid", SWEEP_THRESHOLD },
        { 100, 9, 0, "false", "errors < 1%", "ok", "invalid", SWEEP_THRESHOLD },
        { 100, 9, 0, "false", "p99 < 1ms", "ok", "invalid", SWEEP_SATURATED },
        { 100, 0, 0, "null", "p99 < 1ms", "ok", "ok", SWEEP_THRESHOLD },
        { 100, 0, 0, "true", "p99 < 1ms", "ok", "invalid", SWEEP_HELD }, /* loadgen only adds to times */
        { 100, 0, 0, NULL, "", "invalid", "ok", SWEEP_GENERATOR },
        { 100, 9, 0, NULL, "", "invalid", "ok", SWEEP_GENERATOR },
        { 100, 0, 0, NULL, "", "warn", "ok", SWEEP_HELD },
    };
    scratch_write("intervals.csv", "t_s,intended_n,inflight_n\n", 26);
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct step_judged step = judged(&cases[i]);
        if (step.result != cases[i].result)
            fail_msg("case %zu ended as %s", i, sweep_result_name(step.result));
        assert_int_equal(step.is_held, !cases[i].held || strcmp(cases[i].held, "true") == 0);
    }
}

static void attempts_and_levels_are_those_of_the_measured_phase_and_the_cluster(void **state)
{
    static const struct made made = { 90, 5, 3, NULL, "", "warn", "invalid", SWEEP_SATURATED };
    (void)state;
    const struct step_judged step = judged(&made);
    assert_int_equal(step.n_ok, 90);
    assert_int_equal(step.n_failed, 5);
    assert_int_equal(step.n_censored, 3);
    assert_true(step.rate_per_s > 49.4 && step.rate_per_s < 49.6);
    assert_int_equal(step.levels[CLAIM_RATE], CLAIM_WARN);
    assert_int_equal(step.levels[CLAIM_P99], CLAIM_INVALID);
    assert_int_equal(step.levels[CLAIM_P50], CLAIM_NOT_JUDGED);
}

static void a_run_that_cannot_be_read_is_an_error(void **state)
{
    struct step_judged step;
    struct err e;
    (void)state;
    scratch_write("run.json", "{", 1);
    assert_int_equal(step_judge(&step, scratch_folder, "c", &e), -1);
    assert_non_null(strstr(e.text, "run.json"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_ends_as_its_claims_allow),
        cmocka_unit_test(attempts_and_levels_are_those_of_the_measured_phase_and_the_cluster),
        cmocka_unit_test(a_run_that_cannot_be_read_is_an_error),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
