/* How a run ends: its exit code, its summary, its log of requests. */
#include "exit_code.h"
#include "recorded_rows.h"
#include "version.h"

#include "cm.h"
#include "recorder_state.h"

#include <fcntl.h>
#include <unistd.h>

static int make(void **state)
{
    static struct recorded x;
    recorded_init(&x);
    *state = &x;
    return 0;
}

static void a_run_s_code_is_of_its_end_and_its_answers(void **state)
{
    static const struct {
        const char *why;
        int n_ok, n_failed;
        enum recorder_end end;
        int code;
    } cases[] = {
        { "answers", 10, 0, RECORDER_DONE, EXIT_CODE_DONE },
        { "some answers", 1, 9, RECORDER_DONE, EXIT_CODE_DONE },
        { "no answer", 0, 9, RECORDER_DONE, EXIT_CODE_FAILED },
        { "no request", 0, 0, RECORDER_DONE, EXIT_CODE_FAILED },
        { "a stop", 10, 0, RECORDER_INTERRUPTED, EXIT_CODE_INTERRUPTED },
        { "a threshold that ends it", 10, 0, RECORDER_ABORTED, EXIT_CODE_THRESHOLD },
        { "a failure", 10, 0, RECORDER_FAILED, EXIT_CODE_FAILED },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        static struct recorded x;
        recorded_init(&x);
        const int code = recorded_code(&x, cases[i].n_ok, cases[i].n_failed, cases[i].end);
        if (code != cases[i].code)
            fail_msg("%s: %d", cases[i].why, code);
        if (code == EXIT_CODE_FAILED && cases[i].n_failed > 0)
            assert_non_null(strstr(x.e.text, "no request succeeded; "));
        recorded_fini(&x);
    }
}

static void a_missed_threshold_may_be_allowed(void **state)
{
    struct threshold p50 = { .text = (char[]){ "p50 < 1ms" },
                             .metric = THRESHOLD_PERCENTILE,
                             .p_ppm = 500000,
                             .at_most = true,
                             .limit = 0.001 };
    struct plan plan = small_plan;
    (void)state;
    plan.thresholds = &p50;
    plan.n_thresholds = 1;
    for (int is_allowed = 0; is_allowed < 2; is_allowed++)
        for (int is_missed = 0; is_missed < 2; is_missed++) {
            static struct recorded x;
            recorded_init(&x);
            x.params.plan = &plan;
            x.params.allows_missed = is_allowed;
            p50.limit = is_missed ? 0.001 : 1;
            assert_int_equal(recorded_code(&x, 10, 0, RECORDER_DONE),
                             is_missed && !is_allowed ? EXIT_CODE_THRESHOLD : EXIT_CODE_DONE);
            recorded_fini(&x);
        }
}

/* Ends the run and returns its exit code; `said` is what went to stderr, to be freed. */
static int code_and_stderr(struct recorded *x, char **said)
{
    char path[128];
    size_t length;
    struct err e;
    snprintf(path, sizeof path, "%s/stderr", x->parent);
    fflush(stderr);
    const int kept = dup(STDERR_FILENO);
    const int file = open(path, O_WRONLY | O_CREAT, 0600);
    assert_true(dup2(file, STDERR_FILENO) >= 0);
    const int code = recorder_finish(x->recorder, RECORDER_DONE, at_ms(1000), &x->e);
    fflush(stderr);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    close(file);
    close(kept);
    assert_int_equal(files_read(path, 65536, said, &length, &e), 0);
    return code;
}

/* One request in eleven found no port: R8. */
static void an_invalid_claim_counts_where_something_rests_on_it(void **state)
{
    struct threshold p50 = { .text = (char[]){ "p50 < 1s" },
                             .metric = THRESHOLD_PERCENTILE,
                             .p_ppm = 500000,
                             .at_most = true,
                             .limit = 1 };
    struct plan plan = small_plan;
    static const struct {
        bool is_strict, has_threshold, allows_missed;
        int code;
        const char *said;
    } cases[] = {
        { false, false, false, EXIT_CODE_DONE, "" },
        { true, false, false, EXIT_CODE_INVALID,
          "loadgen: --strict: numbers marked ! may be loadgen's own doing\n" },
        { false, true, false, EXIT_CODE_INVALID,
          "loadgen: threshold p50 < 1s rests on a number that may be loadgen's own doing\n" },
        { false, true, true, EXIT_CODE_DONE, "" },
        { true, true, true, EXIT_CODE_INVALID, "" },
    };
    (void)state;
    plan.thresholds = &p50;
    for (size_t i = 0; i < N_OF(cases); i++) {
        static struct recorded x;
        recorded_init(&x);
        plan.n_thresholds = cases[i].has_threshold;
        x.params.plan = &plan;
        x.params.is_strict = cases[i].is_strict;
        x.params.allows_missed = cases[i].allows_missed;
        recorded_start(&x);
        phase_lasts(&x, CLOSED_P1, 0, 1000);
        closed_ok(&x, 0, CLOSED_P1, "i-a", 100, 2000);
        for (int k = 0; k < 10; k++)
            failed(&x, CLOSED, CLOSED_P1, OUTCOME_PORTS, "no port");
        hand_over_last(&x, 0, 0, 1000);
        hand_over_last(&x, 1, 0, 1000);
        char *said = NULL;
        assert_int_equal(code_and_stderr(&x, &said), cases[i].code);
        assert_string_equal(said, cases[i].said);
        free(said);
        recorded_fini(&x);
    }
}

static void times_that_are_missing_make_the_run_fail(void **state)
{
    struct recorded *x = *state;
    recorded_start(x);
    for (int i = 0; i < 3; i++)
        stats_count_outcome(x->stats, CLOSED_P1, OUTCOME_OK); /* counted without a time */
    hand_over_last(x, 0, 0, 1000);
    hand_over_last(x, 1, 0, 1000);
    assert_int_equal(recorder_finish(x->recorder, RECORDER_DONE, at_ms(1000), &x->e), -1);
    assert_string_equal(x->e.text, "3 times of the stream 'burst' were not recorded");
}

static void the_summary_is_printed_unless_the_run_is_quiet(void **state)
{
    (void)state;
    for (int is_quiet = 0; is_quiet < 2; is_quiet++) {
        static struct recorded x;
        char path[128];
        char *text = NULL;
        size_t length;
        recorded_init(&x);
        x.params.is_quiet = is_quiet;
        snprintf(path, sizeof path, "%s/stdout", x.parent);
        fflush(stdout);
        const int kept = dup(STDOUT_FILENO);
        const int file = open(path, O_WRONLY | O_CREAT, 0600);
        assert_true(dup2(file, STDOUT_FILENO) >= 0);
        const int code = recorded_code(&x, 10, 0, RECORDER_DONE);
        assert_true(dup2(kept, STDOUT_FILENO) >= 0);
        close(file);
        close(kept);
        assert_int_equal(code, EXIT_CODE_DONE);
        assert_int_equal(files_read(path, 65536, &text, &length, &x.e), 0);
        assert_int_equal(length == 0, is_quiet);
        assert_true(is_quiet || strstr(text, "burst"));
        free(text);
        recorded_fini(&x);
    }
}

static void requests_are_logged_where_that_is_asked_for(void **state)
{
    struct recorded *x = *state;
    x->params.log_form = REQUEST_LOG_CSV;
    recorded_start(x);
    for (uint32_t t = 0; t < RECORDED_THREADS; t++)
        for (uint64_t i = 0; i <= t; i++)
            request_log_put(recorder_log_ring(x->recorder, t),
                            &(struct stats_sample){ .seq = 100 * t + i,
                                                    .sent_ns = at_ms(1),
                                                    .done_ns = at_ms(2),
                                                    .stream = CLOSED,
                                                    .remote = STATS_REMOTES_MOST,
                                                    .status = 200 });
    hand_over_last(x, 0, 0, 1000);
    hand_over_last(x, 1, 0, 1000);
    finish(x, 1000);
    char *text = file_text(x, "requests.csv");
    assert_non_null(strstr(text, "all,burst,,cluster1,p1,0,,,,1000000,,2000000,,0,0,200,ok,,\n"));
    assert_non_null(strstr(text, "all,burst,,cluster1,p1,100,"));
    assert_non_null(strstr(text, "all,burst,,cluster1,p1,101,"));
    free(text);
    json_t *run = run_json(x);
    const json_t *log = json_object_get(run, "request_log");
    assert_int_equal(json_integer_value(json_object_get(log, "rows_n")), 3);
    assert_int_equal(json_integer_value(json_object_get(log, "dropped_n")), 0);
    assert_int_equal(json_integer_value(json_object_get(log, "unwritten_n")), 0);
    json_decref(run);
}

static void no_log_has_no_ring(void **state)
{
    struct recorded *x = *state;
    recorded_start(x);
    assert_null(recorder_log_ring(x->recorder, 0));
    hand_over_last(x, 0, 0, 1000);
    hand_over_last(x, 1, 0, 1000);
    finish(x, 1000);
    json_t *run = run_json(x);
    assert_null(json_object_get(run, "request_log"));
    json_decref(run);
}

static void a_log_that_cannot_be_created_is_said_before_anything_is_sent(void **state)
{
    struct recorded *x = *state;
    char path[256];
    x->params.log_form = REQUEST_LOG_CSV;
    snprintf(path, sizeof path, "%s/requests.csv", x->folder);
    assert_int_equal(files_make_folders(path, &x->e), 0);
    assert_null(recorder_new(&x->params, &x->e));
    assert_non_null(strstr(x->e.text, "cannot create "));
    assert_non_null(strstr(x->e.text, "requests.csv: Is a directory"));
}

static void failed_samples_are_bounded_by_second(void **state)
{
    struct recorded *x = *state;
    unsigned n = 0;
    recorded_start(x);
    for (uint32_t t = 0; t < RECORDED_THREADS; t++) {
        for (uint64_t i = 0; i < STATS_ERR_SAMPLES_MOST - 1; i++)
            x->stats->err.rows[x->stats->err.n++] = (struct stats_sample){ .seq = 1000 * t + i,
                                                                           .outcome = OUTCOME_TIMEOUT,
                                                                           .stream = CLOSED,
                                                                           .remote = STATS_REMOTES_MOST };
        hand_over_last(x, t, 0, 1000);
    }
    finish(x, 1000);
    char *text = file_text(x, "samples.csv");
    for (const char *p = text; (p = strstr(p, "\nerr,burst,")) != NULL; p++)
        n++;
    assert_int_equal(n, STATS_ERR_SAMPLES_MOST);
    assert_non_null(strstr(text, ",p1,1000,"));
    assert_null(strstr(text, ",p1,1001,"));
    free(text);
}

static void versions_of_libraries_are_named(void **state)
{
    static const struct build_library libraries[] = { { "one", "1.0" }, { "two", "2.0" }, { NULL, NULL } };
    struct recorded *x = *state;
    x->params.libraries = libraries;
    assert_int_equal(recorded_code(x, 1, 0, RECORDER_DONE), 0);
    json_t *run = run_json(x);
    const json_t *versions = json_object_get(run, "versions");
    assert_string_equal(json_string_value(json_object_get(versions, "one")), "1.0");
    assert_string_equal(json_string_value(json_object_get(versions, "two")), "2.0");
    assert_string_equal(json_string_value(json_object_get(run, "run_id")), "2026-11-21T22-10-04Z-small");
    assert_float_equal(json_number_value(json_object_get(run, "duration_s")), 1, 1e-9);
    json_decref(run);
}

/* A stream whose cluster is not in the deployment still has rows. */
static void clusters_that_were_not_deployed_are_listed(void **state)
{
    struct recorded *x = *state;
    static struct plan plan; /* the recorder outlives this function */
    plan = small_plan;
    plan.n_clusters = 1;
    plan.deployment = (struct plan_deployment){ .present = true,
                                                .emulated = true,
                                                .provider = (char[]){ "local" },
                                                .run_id = (char[]){ "lab-1" },
                                                .app = (char[]){ "shop" } };
    x->params.plan = &plan;
    assert_int_equal(recorded_code(x, 1, 0, RECORDER_DONE), 0);
    json_t *run = run_json(x);
    const json_t *clusters = json_object_get(run, "clusters");
    assert_int_equal(json_array_size(clusters), 2);
    assert_int_equal(json_array_size(json_object_get(json_array_get(clusters, 0), "instances")), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(clusters, 1), "name")), "cluster2");
    assert_int_equal(json_array_size(json_object_get(json_array_get(clusters, 1), "instances")), 0);
    const json_t *deployment = json_object_get(run, "deployment");
    assert_string_equal(json_string_value(json_object_get(deployment, "provider")), "local");
    assert_true(json_is_true(json_object_get(deployment, "emulated")));
    assert_string_equal(json_string_value(json_object_get(deployment, "run_id")), "lab-1");
    assert_true(json_is_null(json_object_get(deployment, "topology")));
    assert_string_equal(json_string_value(json_object_get(deployment, "app")), "shop");
    json_decref(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_s_code_is_of_its_end_and_its_answers),
        cmocka_unit_test(a_missed_threshold_may_be_allowed),
        cmocka_unit_test(an_invalid_claim_counts_where_something_rests_on_it),
        cmocka_unit_test_setup_teardown(times_that_are_missing_make_the_run_fail, make, recorded_teardown),
        cmocka_unit_test(the_summary_is_printed_unless_the_run_is_quiet),
        cmocka_unit_test_setup_teardown(requests_are_logged_where_that_is_asked_for, make, recorded_teardown),
        cmocka_unit_test_setup_teardown(no_log_has_no_ring, make, recorded_teardown),
        cmocka_unit_test_setup_teardown(a_log_that_cannot_be_created_is_said_before_anything_is_sent, make,
                                        recorded_teardown),
        cmocka_unit_test_setup_teardown(failed_samples_are_bounded_by_second, make, recorded_teardown),
        cmocka_unit_test_setup_teardown(versions_of_libraries_are_named, make, recorded_teardown),
        cmocka_unit_test_setup_teardown(clusters_that_were_not_deployed_are_listed, make, recorded_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
