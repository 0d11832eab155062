#include "kept_file.h"

#include "cm.h"
#include "scratch.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <unistd.h>

/* A disk that takes files of this many bytes: EFBIG instead of ENOSPC, and no right to mount needed. */
static void disk_takes(rlim_t most_bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = most_bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int restore(void **state)
{
    (void)state;
    disk_takes(RLIM_INFINITY);
    return 0;
}

static int setup(void **state)
{
    signal(SIGXFSZ, SIG_IGN);
    return scratch_setup(state);
}

static FILE *create(const char *name, struct kept_file **kept)
{
    FILE *f = kept_file_create(scratch_path(name), kept);
    assert_non_null(f);
    return f;
}

static void assert_holds(const char *name, const char *want)
{
    size_t length;
    char *text = scratch_read(scratch_path(name), &length);
    assert_string_equal(text, want);
    free(text);
}

static void a_disk_with_room_gets_all(void **state)
{
    struct kept_file *kept;
    FILE *f = create("room", &kept);
    (void)state;
    fputs("a,b\n1,2\n", f);
    assert_int_equal(fflush(f), 0);
    assert_int_equal(kept_file_cause(kept), 0);
    assert_false(kept_file_is_removed(kept));
    assert_int_equal(fclose(f), 0);
    assert_holds("room", "a,b\n1,2\n");
}

/* The disk cuts a line, then has room again: the line is whole, and the ones behind it follow. */
static void what_a_full_disk_did_not_take_comes_when_there_is_room(void **state)
{
    struct kept_file *kept;
    FILE *f = create("later", &kept);
    (void)state;
    disk_takes(6);
    fputs("a,b\n1,2\n3,4\n", f);
    fflush(f);
    assert_int_equal(kept_file_cause(kept), EFBIG);
    fputs("5,6\n", f);
    fflush(f);
    assert_int_equal(kept_file_cause(kept), EFBIG);
    disk_takes(RLIM_INFINITY);
    assert_holds("later", "a,b\n1,");
    fputs("7,8\n", f);
    fflush(f);
    assert_int_equal(kept_file_cause(kept), 0);
    assert_int_equal(fclose(f), 0);
    assert_holds("later", "a,b\n1,2\n3,4\n5,6\n7,8\n");
}

/* A little more each time, in whatever pieces. */
static void what_waits_goes_in_pieces(void **state)
{
    static const char text[] = "one,two,three\nfour,five,six\n";
    struct kept_file *kept;
    FILE *f = create("pieces", &kept);
    (void)state;
    disk_takes(0);
    fputs(text, f);
    fflush(f);
    for (rlim_t most_bytes = 5; most_bytes < sizeof text - 1; most_bytes += 7) {
        char so_far[sizeof text] = "";
        disk_takes(most_bytes);
        putc('.', f);
        fflush(f);
        assert_int_equal(kept_file_cause(kept), EFBIG);
        memcpy(so_far, text, most_bytes);
        assert_holds("pieces", so_far);
    }
    disk_takes(RLIM_INFINITY);
    assert_int_equal(fclose(f), 0);
    assert_holds("pieces", "one,two,three\nfour,five,six\n....");
}

static void closing_tries_once_more(void **state)
{
    struct kept_file *kept;
    FILE *f = create("closing", &kept);
    (void)state;
    disk_takes(0);
    fputs("a\n", f);
    fflush(f);
    disk_takes(RLIM_INFINITY);
    assert_int_equal(fclose(f), 0);
    assert_holds("closing", "a\n");
}

static void a_disk_that_stays_full_is_an_error_of_closing(void **state)
{
    struct kept_file *kept;
    FILE *f = create("full", &kept);
    (void)state;
    disk_takes(0);
    fputs("a\n", f);
    assert_int_equal(fclose(f), EOF);
    assert_int_equal(errno, EFBIG);
}

/* Beyond what memory may hold, whole lines are lost, in one piece, and the error is reported to the end. */
static void too_much_loses_whole_lines_and_is_an_error(void **state)
{
    enum { LINE_BYTES = 1000, N_LINES = KEPT_FILE_MOST_BYTES / LINE_BYTES + 500, N_MORE = 10 };
    struct kept_file *kept;
    FILE *f = create("much", &kept);
    (void)state;
    disk_takes(10);
    for (int i = 0; i < N_LINES; i++)
        fprintf(f, "%0*d\n", LINE_BYTES - 1, i);
    fflush(f);
    disk_takes(RLIM_INFINITY);
    for (int i = N_LINES; i < N_LINES + N_MORE; i++) {
        fprintf(f, "%0*d\n", LINE_BYTES - 1, i);
        fflush(f);
    }
    assert_int_equal(kept_file_cause(kept), EFBIG);
    assert_int_equal(fclose(f), EOF);
    size_t length;
    char *text = scratch_read(scratch_path("much"), &length);
    assert_int_equal(length % LINE_BYTES, 0);
    int last = -1, n_gaps = 0;
    for (size_t at = 0; at < length; at += LINE_BYTES) {
        assert_int_equal(text[at + LINE_BYTES - 1], '\n');
        const int number = atoi(text + at);
        assert_true(number > last);
        n_gaps += number != last + 1;
        last = number;
    }
    assert_int_equal(n_gaps, 1);
    assert_int_equal(last, N_LINES + N_MORE - 1);
    free(text);
}

static void as_much_as_memory_may_hold_waits_and_no_byte_more(void **state)
{
    (void)state;
    for (size_t more = 0; more <= 1; more++) {
        struct kept_file *kept;
        FILE *f = create("most", &kept);
        disk_takes(0);
        for (size_t i = 0; i < KEPT_FILE_MOST_BYTES + more; i++)
            putc('x', f);
        fflush(f);
        disk_takes(RLIM_INFINITY);
        assert_int_equal(fclose(f), more ? EOF : 0);
        size_t length;
        free(scratch_read(scratch_path("most"), &length));
        assert_int_equal(length, KEPT_FILE_MOST_BYTES);
    }
}

static void a_file_that_was_removed_is_known(void **state)
{
    struct kept_file *kept;
    FILE *f = create("gone", &kept);
    (void)state;
    assert_int_equal(unlink(scratch_path("gone")), 0);
    assert_true(kept_file_is_removed(kept));
    assert_int_equal(fclose(f), 0);
}

static void a_place_that_is_not_there_has_a_cause(void **state)
{
    struct kept_file *kept;
    (void)state;
    assert_null(kept_file_create("/nowhere/x", &kept));
    assert_int_equal(errno, ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_disk_with_room_gets_all),
        cmocka_unit_test_teardown(what_a_full_disk_did_not_take_comes_when_there_is_room, restore),
        cmocka_unit_test_teardown(what_waits_goes_in_pieces, restore),
        cmocka_unit_test_teardown(closing_tries_once_more, restore),
        cmocka_unit_test_teardown(a_disk_that_stays_full_is_an_error_of_closing, restore),
        cmocka_unit_test_teardown(too_much_loses_whole_lines_and_is_an_error, restore),
        cmocka_unit_test_teardown(as_much_as_memory_may_hold_waits_and_no_byte_more, restore),
        cmocka_unit_test(a_file_that_was_removed_is_known),
        cmocka_unit_test(a_place_that_is_not_there_has_a_cause),
    };
    return cmocka_run_group_tests(tests, setup, scratch_teardown);
}
