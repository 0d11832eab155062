#include "recorded_rows.h"

#include <sys/stat.h>
#include <unistd.h>

static void latest_points_at_the_newest_run(void **state)
{
    struct recorded *x = *state;
    char link[128], target[128] = "";
    small_run(x);
    snprintf(link, sizeof link, "%s/results/latest", x->parent);
    assert_true(readlink(link, target, sizeof target - 1) > 0);
    assert_string_equal(target, "2026-11-21T22-10-04Z-small");
}

static void a_folder_elsewhere_gets_no_link(void **state)
{
    struct recorded *x = *state;
    struct recorder *other;
    char link[256];
    snprintf(x->folder, sizeof x->folder, "%s/elsewhere/run-1", x->parent);
    other = recorder_new(&x->params, &x->e);
    assert_non_null(other);
    recorder_start(other, RECORDED_T0_NS, RECORDED_T0_REALTIME_NS);
    assert_int_equal(recorder_finish(other, RECORDER_DONE, at_ms(100), &x->e), 1);
    recorder_free(other);
    snprintf(link, sizeof link, "%s/elsewhere/latest", x->parent);
    assert_int_not_equal(access(link, F_OK), 0);
}

static void phases_that_never_began_have_no_times(void **state)
{
    struct recorded *x = *state;
    phase_lasts(x, CLOSED_P1, 250, 750);
    atomic_store(&x->phases[OPEN_WARM].start_ns, at_ms(0)); /* still running when the run ends */
    hand_over_last(x, 0, 0, 1000);
    hand_over_last(x, 1, 0, 1000);
    assert_int_equal(recorder_finish(x->recorder, RECORDER_INTERRUPTED, at_ms(1000), &x->e), 130);
    json_t *run = run_json(x);
    json_t *phases = json_object_get(run, "phases");
    assert_string_equal(json_string_value(json_object_get(run, "end")), "interrupted");
    assert_float_equal(json_number_value(json_object_get(json_array_get(phases, CLOSED_P1), "start_s")), 0.25,
                       1e-9);
    assert_float_equal(json_number_value(json_object_get(json_array_get(phases, CLOSED_P1), "end_s")), 0.75,
                       1e-9);
    assert_true(json_is_null(json_object_get(json_array_get(phases, CLOSED_P3), "start_s")));
    assert_true(json_is_null(json_object_get(json_array_get(phases, CLOSED_P3), "end_s")));
    assert_float_equal(json_number_value(json_object_get(json_array_get(phases, OPEN_WARM), "end_s")), 1.0,
                       1e-9);
    json_decref(run);
}

/* Each file in turn cannot be written, because a folder has its name. */
static void a_run_of_which_a_part_is_lost_has_failed(void **state)
{
    static const char *const files[] = { "dns.csv", "remotes.csv", "percentiles.csv", "checks.csv" };
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        static struct recorded x;
        char path[256];
        recorded_init(&x);
        recorded_start(&x);
        snprintf(path, sizeof path, "%s/%s", x.folder, files[i]);
        assert_int_equal(mkdir(path, 0700), 0);
        closed_ok(&x, 0, CLOSED_P1, "i-a", 10, 2000);
        hand_over_last(&x, 0, 0, 1000);
        hand_over_last(&x, 1, 0, 1000);
        assert_int_equal(recorder_finish(x.recorder, RECORDER_DONE, at_ms(1000), &x.e), -1);
        assert_non_null(strstr(x.e.text, files[i]));
        json_t *run = run_json(&x);
        assert_string_equal(json_string_value(json_object_get(run, "end")), "failed");
        json_decref(run);
        recorded_fini(&x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(latest_points_at_the_newest_run, recorded_setup, recorded_teardown),
        cmocka_unit_test_setup_teardown(a_folder_elsewhere_gets_no_link, recorded_setup, recorded_teardown),
        cmocka_unit_test_setup_teardown(phases_that_never_began_have_no_times, recorded_setup,
                                        recorded_teardown),
        cmocka_unit_test(a_run_of_which_a_part_is_lost_has_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
