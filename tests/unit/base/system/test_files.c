#include "err.h"
#include "files.h"

#include "cm.h"
#include "scratch.h"

#include <dirent.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static void what_is_written_is_read(void **state)
{
    const size_t n = 200000; /* more than one buffer */
    char *data = malloc(n);
    char *again;
    size_t length;
    struct err e;
    (void)state;
    for (size_t i = 0; i < n; i++)
        data[i] = (char)(i * 31);
    assert_int_equal(files_write(scratch_path("data"), data, n, 0600, &e), 0);
    assert_int_equal(files_read(scratch_path("data"), n, &again, &length, &e), 0);
    assert_int_equal(length, n);
    assert_memory_equal(again, data, n);
    assert_int_equal(again[n], '\0');
    free(again);
    free(data);
}

static void writing_replaces_and_sets_the_mode(void **state)
{
    struct stat about;
    struct err e;
    (void)state;
    const char *path = scratch_path("state.json");
    assert_int_equal(files_write(path, "first", 5, 0644, &e), 0);
    assert_int_equal(files_write(path, "2nd", 3, 0600, &e), 0);
    char *text = scratch_read(path, NULL);
    assert_string_equal(text, "2nd");
    free(text);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
}

static unsigned n_entries(const char *path)
{
    unsigned n = 0;
    DIR *folder = opendir(path);
    while (readdir(folder))
        n++;
    closedir(folder);
    return n - 2;
}

static void a_failed_write_leaves_nothing_behind(void **state)
{
    struct err e;
    (void)state;
    const char *folder = scratch_path("taken");
    assert_int_equal(files_make_folders(scratch_path("taken/by-a-folder"), &e), 0);
    assert_int_equal(files_write(scratch_path("taken/by-a-folder"), "x", 1, 0600, &e), -1);
    assert_non_null(strstr(e.text, "cannot write "));
    assert_int_equal(n_entries(folder), 1);
    assert_int_equal(files_write(scratch_path("no/such/file"), "x", 1, 0600, &e), -1);
    assert_non_null(strstr(e.text, "No such file"));
}

static void a_file_that_is_too_large_is_refused(void **state)
{
    char *text;
    size_t length;
    struct err e;
    (void)state;
    const char *path = scratch_write("five", "12345", 5);
    assert_int_equal(files_read(path, 5, &text, &length, &e), 0);
    free(text);
    assert_int_equal(files_read(path, 4, &text, &length, &e), -1);
    assert_int_equal(e.kind, ERR_INPUT);
    assert_non_null(strstr(e.text, "five is larger than"));
    assert_int_equal(files_read("/dev/zero", 1000000, &text, &length, &e), -1);
    assert_non_null(strstr(e.text, "/dev/zero is larger than the 976 KiB"));
}

static void what_cannot_be_read_says_why(void **state)
{
    char *text;
    size_t length;
    struct err e;
    (void)state;
    assert_int_equal(files_read(scratch_path("missing"), 100, &text, &length, &e), -1);
    assert_non_null(strstr(e.text, "missing: No such file or directory"));
    assert_int_equal(files_read(scratch_folder, 100, &text, &length, &e), -1);
    assert_non_null(strstr(e.text, "it is a folder"));
    assert_int_equal(files_read(scratch_write("empty", "", 0), 100, &text, &length, &e), 0);
    assert_string_equal(text, "");
    free(text);
}

static void folders_are_made_with_their_parents(void **state)
{
    struct stat about;
    struct err e;
    (void)state;
    assert_int_equal(files_make_folders(scratch_path("a/b//c/"), &e), 0);
    assert_int_equal(files_make_folders(scratch_path("a/b/c"), &e), 0);
    assert_int_equal(stat(scratch_path("a/b/c"), &about), 0);
    assert_true(S_ISDIR(about.st_mode));
    scratch_write("a/file", "x", 1);
    assert_int_equal(files_make_folders(scratch_path("a/file"), &e), -1);
    assert_non_null(strstr(e.text, "a file of that name is there"));
    assert_int_equal(files_make_folders(scratch_path("a/file/b"), &e), -1);
    assert_non_null(strstr(e.text, "Not a directory"));
    assert_int_equal(files_make_folders("", &e), -1);
}

static void trees_are_removed_without_following_links(void **state)
{
    struct err e;
    (void)state;
    assert_int_equal(files_make_folders(scratch_path("tree/deep/er"), &e), 0);
    assert_int_equal(files_make_folders(scratch_path("precious"), &e), 0);
    scratch_write("tree/deep/file", "x", 1);
    scratch_write("precious/file", "x", 1);
    assert_int_equal(symlink(scratch_path("precious"), scratch_path("tree/link")), 0);
    assert_int_equal(files_remove_tree(scratch_path("tree"), &e), 0);
    assert_int_equal(access(scratch_path("tree"), F_OK), -1);
    assert_int_equal(access(scratch_path("precious/file"), F_OK), 0);
    assert_int_equal(files_remove_tree(scratch_path("tree"), &e), 0);
    assert_int_equal(files_remove_tree(scratch_path("precious/file"), &e), 0);
    assert_int_equal(access(scratch_path("precious"), F_OK), 0);
}

/* Nothing planted in a folder from elsewhere redirects the writing out of it. */
static void a_file_is_written_where_its_name_is(void **state)
{
    const char *const names[] = { "link", "dangling", "second-name", "pipe", "plain", "new" };
    struct err e;
    (void)state;
    scratch_write("outside", "precious", 8);
    scratch_write("plain", "old and longer", 14);
    assert_int_equal(symlink(scratch_path("outside"), scratch_path("link")), 0);
    assert_int_equal(symlink(scratch_path("nowhere"), scratch_path("dangling")), 0);
    assert_int_equal(link(scratch_path("outside"), scratch_path("second-name")), 0);
    assert_int_equal(mkfifo(scratch_path("pipe"), 0600), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *path = scratch_path(names[i]);
        FILE *f = files_create(path, &e);
        assert_non_null(f);
        fputs("new", f);
        assert_int_equal(files_close(f, path, &e), 0);
        char *text = scratch_read(path, NULL);
        assert_string_equal(text, "new");
        free(text);
    }
    char *text = scratch_read(scratch_path("outside"), NULL);
    assert_string_equal(text, "precious");
    free(text);
    assert_int_equal(access(scratch_path("nowhere"), F_OK), -1);
    assert_null(files_create(scratch_folder, &e));
    assert_non_null(strstr(e.text, "Is a directory"));
    assert_null(files_create(scratch_path("no/such/file"), &e));
    assert_non_null(strstr(e.text, "cannot create "));
}

static void only_a_regular_file_is_one(void **state)
{
    struct err e = { ERR_NONE, "" };
    (void)state;
    assert_int_equal(mkfifo(scratch_path("a-pipe"), 0600), 0);
    assert_int_equal(symlink("/dev/zero", scratch_path("endless")), 0);
    assert_int_equal(files_want_regular(scratch_write("a-file", "x", 1), &e), 0);
    assert_int_equal(files_want_regular(scratch_path("missing"), &e), 0);
    assert_int_equal(files_want_regular(scratch_path("a-pipe"), &e), -1);
    assert_non_null(strstr(e.text, "a-pipe is no regular file"));
    assert_int_equal(files_want_regular(scratch_path("endless"), &e), -1);
}

static void one_folder_is_made_and_no_link_to_one_is_taken(void **state)
{
    struct err e;
    (void)state;
    assert_int_equal(files_make_folder(scratch_path("one"), &e), 0);
    assert_int_equal(files_make_folder(scratch_path("one"), &e), 0);
    assert_int_equal(symlink(scratch_path("one"), scratch_path("to-one")), 0);
    assert_int_equal(files_make_folder(scratch_path("to-one"), &e), -1);
    assert_non_null(strstr(e.text, "to-one: a file or a link of that name is there"));
    assert_int_equal(files_make_folder(scratch_path("no/parent"), &e), -1);
    assert_non_null(strstr(e.text, "No such file"));
}

static void closing_reports_an_earlier_error(void **state)
{
    struct err e;
    (void)state;
    FILE *f = fopen("/dev/full", "w");
    fputs("x", f);
    assert_int_equal(files_close(f, "/dev/full", &e), -1);
    assert_string_equal(e.text, "cannot write /dev/full: No space left on device");
    f = fopen(scratch_path("fine"), "w");
    fputs("x", f);
    assert_int_equal(files_close(f, "fine", &e), 0);
    f = fopen("/dev/full", "w");
    setvbuf(f, NULL, _IONBF, 0);
    fputs("x", f); /* it fails here, and nothing is left to fail later */
    assert_int_equal(files_close(f, "/dev/full", &e), -1);
    assert_string_equal(e.text, "cannot write /dev/full: Input/output error");
    f = fopen(scratch_path("lost"), "w");
    close(fileno(f)); /* the closing alone fails */
    assert_int_equal(files_close(f, "lost", &e), -1);
    assert_string_equal(e.text, "cannot write lost: Bad file descriptor");
}

static void a_path_that_is_too_long_is_refused(void **state)
{
    char path[PATH_MAX + 1];
    struct err e;
    (void)state;
    for (size_t length = PATH_MAX - 8; length <= PATH_MAX; length++) {
        memset(path, 'x', length);
        path[length] = '\0';
        assert_int_equal(files_write(path, "x", 1, 0600, &e), -1);
        assert_int_equal(files_make_folders(path, &e), -1);
    }
}

static void a_folder_of_which_there_is_one_is_kept(void **state)
{
    struct err e;
    (void)state;
    assert_int_equal(files_make_folder(scratch_path("one"), &e), 0);
    assert_int_equal(files_make_folder(scratch_path("one"), &e), 0);
    assert_int_equal(files_make_folder(scratch_path("none/two"), &e), -1);
    assert_non_null(strstr(e.text, "No such file or directory"));
    scratch_write("plain", "x", 1);
    assert_int_equal(files_make_folder(scratch_path("plain"), &e), -1);
    assert_non_null(strstr(e.text, "a file or a link of that name is there"));
    assert_int_equal(symlink(scratch_folder, scratch_path("led")), 0);
    assert_int_equal(files_make_folder(scratch_path("led"), &e), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(writing_replaces_and_sets_the_mode),
        cmocka_unit_test(a_failed_write_leaves_nothing_behind),
        cmocka_unit_test(a_file_that_is_too_large_is_refused),
        cmocka_unit_test(what_cannot_be_read_says_why),
        cmocka_unit_test(folders_are_made_with_their_parents),
        cmocka_unit_test(trees_are_removed_without_following_links),
        cmocka_unit_test(a_file_is_written_where_its_name_is),
        cmocka_unit_test(only_a_regular_file_is_one),
        cmocka_unit_test(one_folder_is_made_and_no_link_to_one_is_taken),
        cmocka_unit_test(closing_reports_an_earlier_error),
        cmocka_unit_test(a_path_that_is_too_long_is_refused),
        cmocka_unit_test(a_folder_of_which_there_is_one_is_kept),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
