/* Runs on a disk of a few KiB: a tmpfs in a private mount namespace. Where that is not allowed, the tests are
 * skipped with a message. */
#include "recorded_rows.h"

#include "cm.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static int own_mounts_errno; /* 0: this program may mount */

static int get_mounts(void **state)
{
    (void)state;
    if (unshare(CLONE_NEWNS) && unshare(CLONE_NEWUSER | CLONE_NEWNS))
        own_mounts_errno = errno;
    else if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
        own_mounts_errno = errno;
    return 0;
}

/* A recorder with its results on a disk of that size; skips the test if there can be none. */
static void recorded_on(struct recorded *x, const char *size)
{
    char results[128], options[32];
    recorded_init(x);
    snprintf(results, sizeof results, "%s/results", x->parent);
    snprintf(options, sizeof options, "size=%s", size);
    assert_int_equal(mkdir(results, 0700), 0);
    if (own_mounts_errno == 0 && mount("tmpfs", results, "tmpfs", 0, options))
        own_mounts_errno = errno;
    if (own_mounts_errno == 0)
        return;
    print_message("skipped: a tmpfs cannot be mounted here: %s\n", strerror(own_mounts_errno));
    recorded_fini(x);
    skip();
}

static void done_on_disk(struct recorded *x)
{
    char results[128];
    snprintf(results, sizeof results, "%s/results", x->parent);
    recorder_free(x->recorder);
    x->recorder = NULL;
    assert_int_equal(umount(results), 0);
    recorded_fini(x);
}

/* Another program takes the rest of the space. */
static void fill(struct recorded *x)
{
    static const char block[512] = "x";
    char path[128];
    snprintf(path, sizeof path, "%s/results/filler", x->parent);
    const int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    assert_true(fd >= 0);
    while (write(fd, block, sizeof block) > 0)
        continue;
    assert_int_equal(errno, ENOSPC);
    close(fd);
}

/* A second with more rows than fit into the last pages of the files. */
static enum recorder_end second(struct recorded *x, uint64_t s)
{
    atomic_store(&x->phases[CLOSED_P1].start_ns, at_ms(0));
    for (int i = 0; i < 100; i++)
        failed(x, CLOSED, CLOSED_P1, OUTCOME_STATUS_5XX, "status");
    for (uint64_t us = 1; us < 3000; us++)
        closed_ok(x, 0, CLOSED_P1, "i-a", 1, us);
    hand_over(x, 0, 1000 * s, 1000 * s + 1000);
    hand_over(x, 1, 1000 * s, 1000 * s + 1000);
    return recorder_tick(x->recorder, at_ms(1000 * s + 1010));
}

static void finish_failed(struct recorded *x)
{
    assert_int_equal(recorder_finish(x->recorder, RECORDER_FAILED, at_ms(1500), &x->e), -1);
    assert_non_null(strstr(x->e.text, "No space left on device"));
    json_t *run = run_json(x);
    assert_string_equal(json_string_value(json_object_get(run, "end")), "failed");
    assert_true(total(run, "ok_n") >= 2999);
    json_decref(run);
    assert_true(column_sum(x, "intervals.csv", "ok_n") >= 2999);
}

static void a_disk_that_fills_up_has_room_for_how_the_run_ended(void **state)
{
    struct recorded x;
    (void)state;
    recorded_on(&x, "200k");
    recorded_start(&x);
    fill(&x);
    enum recorder_end end = RECORDER_RUNNING;
    for (uint64_t s = 0; s < 8 && end == RECORDER_RUNNING; s++)
        end = second(&x, s);
    assert_int_equal(end, RECORDER_FAILED);
    finish_failed(&x);
    done_on_disk(&x);
}

static void a_disk_too_small_to_begin_is_said_before_anything_is_sent(void **state)
{
    struct recorded x;
    (void)state;
    recorded_on(&x, "16k");
    assert_null(recorder_new(&x.params, &x.e));
    assert_int_equal(x.e.kind, ERR_FAILED);
    assert_non_null(strstr(x.e.text, "cannot set aside 32 KiB for the results in "));
    assert_non_null(strstr(x.e.text, ": No space left on device"));
    done_on_disk(&x);
}

static void the_log_of_requests_leaves_room_for_the_rest(void **state)
{
    struct recorded x;
    (void)state;
    recorded_on(&x, "2m");
    x.params.log_form = REQUEST_LOG_CSV;
    x.params.keeps_going = true;
    recorded_start(&x);
    for (int i = 0; i < 40000; i++)
        request_log_put(
            recorder_log_ring(x.recorder, 0),
            &(struct stats_sample){ .seq = (uint64_t)i, .sent_ns = at_ms(1), .done_ns = at_ms(2) });
    for (uint64_t s = 0; s < 2; s++)
        assert_int_equal(second(&x, s), RECORDER_RUNNING);
    assert_int_equal(recorder_finish(x.recorder, RECORDER_DONE, at_ms(2000), &x.e), -1);
    assert_non_null(strstr(x.e.text, "requests.csv ends early: the disk is full but for the"));
    json_t *run = run_json(&x), *log = json_object_get(run, "request_log");
    const json_int_t n_rows = json_integer_value(json_object_get(log, "rows_n"));
    assert_true(n_rows > 0);
    assert_int_equal(json_integer_value(json_object_get(log, "dropped_n")), 0);
    assert_int_equal(n_rows + json_integer_value(json_object_get(log, "unwritten_n")), 40000);
    json_decref(run);
    struct csv_reader rows;
    json_int_t n_read = 0;
    open_rows(&x, &rows, "requests.csv");
    while (csv_next(&rows, &x.e) == 1)
        n_read++;
    csv_reader_fini(&rows);
    assert_int_equal(n_read, n_rows);
    assert_int_equal(column_sum(&x, "intervals.csv", "ok_n"), 2 * 2999);
    free(file_text(&x, "percentiles.csv"));
    done_on_disk(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_disk_that_fills_up_has_room_for_how_the_run_ended),
        cmocka_unit_test(a_disk_too_small_to_begin_is_said_before_anything_is_sent),
        cmocka_unit_test(the_log_of_requests_leaves_room_for_the_rest),
    };
    return cmocka_run_group_tests(tests, get_mounts, NULL);
}
