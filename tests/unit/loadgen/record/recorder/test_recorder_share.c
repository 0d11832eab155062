/* The recorder of a share: what run.json says of it, what it leaves to the sum of all shares, and the seconds
 * that it hands on. */
#include "exit_code.h"
#include "recorded_rows.h"
#include "shard_facts.h"

#include "cm.h"

static struct threshold never_held = { .text = (char[]){ "rate > 1M/s" },
                                       .metric = THRESHOLD_RATE,
                                       .limit = 1e6 };

struct sharing {
    struct recorded x;
    struct plan plan;
    struct shard_facts facts;
};

static int make(void **state)
{
    static struct sharing s;
    recorded_init(&s.x);
    s.plan = small_plan;
    s.plan.thresholds = &never_held;
    s.plan.n_thresholds = 1;
    s.facts = shard_facts_new(2, 8, "slurm");
    s.x.params.plan = &s.plan;
    s.x.params.shard = &s.facts;
    s.x.params.judges_nothing = true;
    *state = &s;
    return 0;
}

static int unmake(void **state)
{
    recorded_fini(&((struct sharing *)*state)->x);
    return 0;
}

static void run_json_says_which_share_it_is(void **state)
{
    struct sharing *s = *state;
    s->facts.start_at = "2026-11-28T21:40:00Z";
    s->facts.clock_max_error_us = 210;
    recorded_start(&s->x);
    json_t *run = run_json(&s->x), *shard = json_object_get(run, "shard");
    assert_int_equal(json_integer_value(json_object_get(shard, "index")), 3);
    assert_int_equal(json_integer_value(json_object_get(shard, "count")), 8);
    assert_string_equal(json_string_value(json_object_get(shard, "source")), "slurm");
    assert_string_equal(json_string_value(json_object_get(shard, "start_at")), "2026-11-28T21:40:00Z");
    assert_int_equal((int)json_number_value(json_object_get(shard, "clock_max_error_us")), 210);
    assert_true(json_is_null(json_object_get(shard, "clock_offset_us")));
    json_decref(run);
}

static void the_whole_plan_is_no_share(void **state)
{
    struct sharing *s = *state;
    s->x.params.shard = NULL;
    recorded_start(&s->x);
    json_t *run = run_json(&s->x);
    assert_null(json_object_get(run, "shard"));
    json_decref(run);
}

static void facts_measured_in_the_run_are_in_run_json(void **state)
{
    struct sharing *s = *state;
    recorded_start(&s->x);
    phase_lasts(&s->x, CLOSED_P1, 0, 1000);
    hand_over_last(&s->x, 0, 0, 1000);
    hand_over_last(&s->x, 1, 0, 1000);
    s->facts.start_late_us = 61;
    finish(&s->x, 1000);
    json_t *run = run_json(&s->x);
    assert_int_equal((int)json_number_value(json_object_get(json_object_get(run, "shard"), "start_late_us")),
                     61);
    json_decref(run);
}

static json_t *held_of(const json_t *run)
{
    const json_t *thresholds = json_object_get(run, "thresholds");
    assert_int_equal(json_array_size(thresholds), 1);
    return json_object_get(json_array_get(thresholds, 0), "held");
}

static void a_share_leaves_thresholds_open_from_the_start_to_the_end(void **state)
{
    struct sharing *s = *state;
    recorded_start(&s->x);
    json_t *begun = run_json(&s->x);
    assert_true(json_is_null(held_of(begun)));
    json_decref(begun);
    recorder_free(s->x.recorder);
    assert_int_equal(recorded_code(&s->x, 10, 0, RECORDER_DONE), EXIT_CODE_DONE);
    json_t *run = run_json(&s->x);
    assert_true(json_is_null(held_of(run)));
    json_decref(run);
}

static void a_share_ends_for_no_threshold_with_abort(void **state)
{
    struct sharing *s = *state;
    struct threshold aborting = never_held;
    aborting.aborts = true;
    s->plan.thresholds = &aborting;
    for (int judges = 0; judges < 2; judges++) {
        s->x.params.judges_nothing = judges == 0;
        recorded_start(&s->x);
        atomic_store(&s->x.phases[CLOSED_P1].start_ns, at_ms(0));
        closed_ok(&s->x, 0, CLOSED_P1, "i-a", 10, 2000);
        hand_over(&s->x, 0, 0, 1000);
        hand_over(&s->x, 1, 0, 1000);
        assert_int_equal(recorder_tick(s->x.recorder, at_ms(1000)),
                         judges == 0 ? RECORDER_RUNNING : RECORDER_ABORTED);
        recorder_free(s->x.recorder);
        s->x.recorder = NULL;
    }
}

/* A launcher ends all generators when one of them ends with another code than 0. */
static void a_share_s_code_does_not_depend_on_its_answers(void **state)
{
    static const struct {
        int n_ok, n_failed;
        enum recorder_end end;
        int code;
    } cases[] = {
        { 10, 0, RECORDER_DONE, EXIT_CODE_DONE },
        { 0, 9, RECORDER_DONE, EXIT_CODE_DONE },
        { 0, 0, RECORDER_DONE, EXIT_CODE_DONE },
        { 10, 0, RECORDER_ABORTED, EXIT_CODE_DONE },
        { 10, 0, RECORDER_INTERRUPTED, EXIT_CODE_INTERRUPTED },
        { 10, 0, RECORDER_FAILED, EXIT_CODE_FAILED },
    };
    struct sharing *s = *state;
    s->x.params.is_strict = true;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const int code = recorded_code(&s->x, cases[i].n_ok, cases[i].n_failed, cases[i].end);
        if (code != cases[i].code)
            fail_msg("case %zu: %d", i, code);
        recorder_free(s->x.recorder);
        s->x.recorder = NULL;
    }
}

struct seen {
    uint64_t n, n_sent, last_index, length_ns;
};

static void see(void *payload, uint64_t index, const struct stats *sum, uint64_t length_ns)
{
    struct seen *seen = payload;
    seen->n++;
    seen->n_sent += sum->streams[CLOSED].n_sent + sum->streams[OPEN].n_sent;
    seen->last_index = index;
    seen->length_ns += length_ns;
}

static void each_second_is_handed_on_once(void **state)
{
    struct sharing *s = *state;
    struct seen seen = { 0 };
    s->x.params.on_second = see;
    s->x.params.on_second_payload = &seen;
    recorded_start(&s->x);
    small_run(&s->x);
    json_t *run = run_json(&s->x);
    assert_int_equal(seen.n, 4);
    assert_int_equal(seen.last_index, 3);
    assert_int_equal(seen.length_ns, 3500 * NS_PER_MS);
    assert_int_equal(seen.n_sent, total(run, "sent_n"));
    json_decref(run);
}

static void inputs_are_listed_with_their_hashes(void **state)
{
    static const struct recorder_input inputs[] = {
        { "scenario", "a.yaml", "9f86d081" },
        { "file", "-", "" },
    };
    struct sharing *s = *state;
    s->x.params.inputs = inputs;
    s->x.params.n_inputs = N_OF(inputs);
    recorded_start(&s->x);
    json_t *run = run_json(&s->x), *list = json_object_get(run, "inputs");
    assert_int_equal(json_array_size(list), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "sha256")), "9f86d081");
    assert_true(json_is_null(json_object_get(json_array_get(list, 1), "sha256")));
    json_decref(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(run_json_says_which_share_it_is, make, unmake),
        cmocka_unit_test_setup_teardown(the_whole_plan_is_no_share, make, unmake),
        cmocka_unit_test_setup_teardown(facts_measured_in_the_run_are_in_run_json, make, unmake),
        cmocka_unit_test_setup_teardown(a_share_leaves_thresholds_open_from_the_start_to_the_end, make,
                                        unmake),
        cmocka_unit_test_setup_teardown(a_share_ends_for_no_threshold_with_abort, make, unmake),
        cmocka_unit_test_setup_teardown(a_share_s_code_does_not_depend_on_its_answers, make, unmake),
        cmocka_unit_test_setup_teardown(each_second_is_handed_on_once, make, unmake),
        cmocka_unit_test_setup_teardown(inputs_are_listed_with_their_hashes, make, unmake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
