#include "recorded_rows.h"

#include "cm.h"
#include "full_disk.h"

#include <fcntl.h>
#include <unistd.h>

static int teardown(void **state)
{
    disk_takes(RLIM_INFINITY);
    return recorded_teardown(state);
}

static int make(void **state)
{
    static struct recorded x;
    recorded_init(&x);
    *state = &x;
    return 0;
}

/* A second of the closed stream, reported by both threads. */
static enum recorder_end second(struct recorded *x, uint64_t s)
{
    atomic_store(&x->phases[CLOSED_P1].start_ns, at_ms(0));
    closed_ok(x, 0, CLOSED_P1, "i-a", 10, 2000);
    hand_over(x, 0, 1000 * s, 1000 * s + 1000);
    hand_over(x, 1, 1000 * s, 1000 * s + 1000);
    return recorder_tick(x->recorder, at_ms(1000 * s + 1010));
}

static int finish_after(struct recorded *x, uint64_t s)
{
    hand_over_last(x, 0, 1000 * s, 1000 * s);
    hand_over_last(x, 1, 1000 * s, 1000 * s);
    return recorder_finish(x->recorder, RECORDER_FAILED, at_ms(1000 * s), &x->e);
}

/* What a tick prints to stderr; the caller frees it. */
static char *said_in_second(struct recorded *x, uint64_t s, enum recorder_end *end)
{
    char path[128];
    char *text = NULL;
    size_t length;
    const int kept = dup(STDERR_FILENO);
    snprintf(path, sizeof path, "%s/stderr", x->parent);
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(dup2(file, STDERR_FILENO) >= 0);
    *end = second(x, s);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    close(file);
    close(kept);
    assert_int_equal(files_read(path, 65536, &text, &length, &x->e), 0);
    return text;
}

static const char *end_of(json_t *run)
{
    return json_string_value(json_object_get(run, "end"));
}

static void assert_end(struct recorded *x, const char *want)
{
    json_t *run = run_json(x);
    assert_string_equal(end_of(run), want);
    json_decref(run);
}

static void what_cannot_be_written_is_said_at_once_and_ends_the_run(void **state)
{
    struct recorded *x = *state;
    enum recorder_end end;
    recorded_start(x);
    assert_int_equal(second(x, 0), RECORDER_RUNNING);
    disk_takes(300);
    char *said = said_in_second(x, 1, &end);
    assert_int_equal(end, RECORDER_FAILED);
    assert_non_null(strstr(said, "loadgen: cannot write "));
    assert_non_null(strstr(said, ": File too large; the run ends\n"));
    free(said);
    disk_takes(RLIM_INFINITY);
    assert_int_equal(finish_after(x, 2), -1);
    assert_int_equal(x->e.kind, ERR_FAILED);
    assert_end(x, "failed");
}

/* Full for two seconds, then free: nothing is lost, neither headers nor rows, and the run has failed. */
static void keep_going_writes_what_waited_when_there_is_room(void **state)
{
    static const char *const files[] = { "intervals.csv", "health.csv", "samples.csv", "errors.csv" };
    struct recorded *x = *state;
    x->params.keeps_going = true;
    recorded_start(x);
    disk_takes(0);
    assert_int_equal(second(x, 0), RECORDER_RUNNING);
    assert_int_equal(second(x, 1), RECORDER_RUNNING);
    disk_takes(RLIM_INFINITY);
    assert_int_equal(second(x, 2), RECORDER_RUNNING);
    assert_int_equal(finish_after(x, 3), -1);
    assert_end(x, "failed");
    assert_int_equal(column_sum(x, "intervals.csv", "done_n"), 30);
    for (size_t i = 0; i < N_OF(files); i++) {
        struct csv_reader rows;
        uint64_t n = 0;
        open_rows(x, &rows, files[i]);
        while (csv_next(&rows, &x->e) == 1)
            n++;
        assert_string_equal(rows.columns[0], i == 2 ? "why" : "t_s");
        assert_true(i > 1 || n >= 6); /* two streams, two threads, three seconds */
        csv_reader_fini(&rows);
    }
}

static void count_sent(void *payload, uint64_t index, const struct stats *sum, uint64_t length_ns)
{
    (void)index;
    (void)length_ns;
    *(uint64_t *)payload += sum->streams[CLOSED].n_sent;
}

/* What a fleet shows and judges while a generator's disk is full. */
static void seconds_that_cannot_be_written_are_handed_on(void **state)
{
    struct recorded *x = *state;
    uint64_t n_sent = 0;
    x->params.keeps_going = true;
    x->params.on_second = count_sent;
    x->params.on_second_payload = &n_sent;
    recorded_start(x);
    disk_takes(0);
    assert_int_equal(second(x, 0), RECORDER_RUNNING);
    assert_int_equal(second(x, 1), RECORDER_RUNNING);
    assert_int_equal(n_sent, 20);
}

static void the_trouble_is_said_once(void **state)
{
    struct recorded *x = *state;
    enum recorder_end end;
    x->params.keeps_going = true;
    recorded_start(x);
    disk_takes(300);
    char *first = said_in_second(x, 0, &end), *then = said_in_second(x, 1, &end);
    assert_non_null(strstr(first, "the run goes on (--keep-going)"));
    assert_string_equal(then, "");
    free(first);
    free(then);
}

static void a_folder_that_is_removed_is_said_at_once(void **state)
{
    struct recorded *x = *state;
    enum recorder_end end;
    recorded_start(x);
    assert_int_equal(second(x, 0), RECORDER_RUNNING);
    assert_int_equal(files_remove_tree(x->folder, &x->e), 0);
    char *said = said_in_second(x, 1, &end);
    assert_int_equal(end, RECORDER_FAILED);
    assert_non_null(
        strstr(said, "2026-11-21T22-10-04Z-small was removed or renamed while the run wrote to it"));
    free(said);
    assert_int_equal(finish_after(x, 2), -1);
}

static void a_file_that_is_removed_is_said_at_once(void **state)
{
    struct recorded *x = *state;
    char path[256];
    enum recorder_end end;
    recorded_start(x);
    snprintf(path, sizeof path, "%s/health.csv", x->folder);
    assert_int_equal(unlink(path), 0);
    char *said = said_in_second(x, 0, &end);
    assert_int_equal(end, RECORDER_FAILED);
    assert_non_null(strstr(said, "health.csv was removed while the run wrote to it"));
    free(said);
}

/* Whenever the run is killed, run.json can be read and says that it had not ended. */
static void a_run_that_was_killed_has_its_run_json(void **state)
{
    struct recorded *x = *state;
    x->recorder = recorder_new(&x->params, &x->e);
    assert_non_null(x->recorder);
    assert_end(x, "running");
    recorder_start(x->recorder, RECORDED_T0_NS, RECORDED_T0_REALTIME_NS);
    assert_int_equal(second(x, 0), RECORDER_RUNNING);
    json_t *run = run_json(x);
    assert_string_equal(end_of(run), "running");
    assert_true(json_integer_value(json_object_get(run, "t0_realtime_ns")) == RECORDED_T0_REALTIME_NS);
    assert_float_equal(json_number_value(json_object_get(run, "duration_s")), 1.01, 1e-9);
    json_decref(run);
    assert_int_equal(recorder_finish(x->recorder, RECORDER_DONE, at_ms(1000), &x->e), 0);
    assert_end(x, "done");
}

static void nothing_is_sent_when_the_disk_is_full_already(void **state)
{
    struct recorded *x = *state;
    disk_takes(0);
    assert_null(recorder_new(&x->params, &x->e));
    assert_int_equal(x->e.kind, ERR_FAILED);
    assert_non_null(strstr(x->e.text, "cannot write"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_cannot_be_written_is_said_at_once_and_ends_the_run, make,
                                        teardown),
        cmocka_unit_test_setup_teardown(keep_going_writes_what_waited_when_there_is_room, make, teardown),
        cmocka_unit_test_setup_teardown(seconds_that_cannot_be_written_are_handed_on, make, teardown),
        cmocka_unit_test_setup_teardown(the_trouble_is_said_once, make, teardown),
        cmocka_unit_test_setup_teardown(a_folder_that_is_removed_is_said_at_once, make, teardown),
        cmocka_unit_test_setup_teardown(a_file_that_is_removed_is_said_at_once, make, teardown),
        cmocka_unit_test_setup_teardown(a_run_that_was_killed_has_its_run_json, make, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_sent_when_the_disk_is_full_already, make, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
