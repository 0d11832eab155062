#include "input_files.h"

#include "scratch.h"

#include "cm.h"

#include <sys/stat.h>
#include <unistd.h>

static const char content[] = "a,b\n1,2\n\0c,d\n";
enum { LENGTH = sizeof content - 1 };

static void keep(struct input_files *in, const char *path)
{
    struct err e;
    char *bytes = malloc(LENGTH + 1);
    memcpy(bytes, content, LENGTH + 1);
    assert_int_equal(input_files_add(in, path, bytes, LENGTH, &e), 0);
}

static void without_a_list_files_are_on_disk(void **state)
{
    const char *path = scratch_write("plain", content, LENGTH);
    char opened[PATH_MAX], *data;
    size_t length;
    struct err e;
    (void)state;
    assert_int_equal(input_files_read(NULL, path, 1024, &data, &length, &e), 0);
    assert_int_equal(length, LENGTH);
    assert_memory_equal(data, content, LENGTH);
    free(data);
    assert_int_equal(input_files_path(NULL, path, opened, &e), 0);
    assert_string_equal(opened, path);
    assert_int_equal(input_files_keep(NULL, "/no/such/file", 1, &e), 0);
    assert_true(input_files_has(NULL, path));
    assert_null(input_files_open(NULL, "/no/such/file", 1024, &e));
    assert_non_null(strstr(e.text, "cannot open /no/such/file: No such file"));
}

static void a_file_on_disk_is_read_once(void **state)
{
    const char *path = scratch_write("once", content, LENGTH);
    struct input_files in = { 0 };
    char *data;
    size_t length;
    struct err e;
    (void)state;
    assert_int_equal(input_files_keep(&in, path, 1024, &e), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(input_files_read(&in, path, 1024, &data, &length, &e), 0);
    assert_int_equal(length, LENGTH);
    assert_int_equal(data[length], '\0');
    free(data);
    assert_int_equal(in.n, 1);
    assert_string_equal(in.list[0].path, path);
    input_files_fini(&in);
}

static void mistakes_of_the_disk_are_those_of_files_read(void **state)
{
    const char *path = scratch_write("large", content, LENGTH);
    struct input_files in = { 0 };
    char *data;
    size_t length;
    struct err e, plain;
    (void)state;
    assert_int_equal(input_files_read(&in, path, 4, &data, &length, &e), -1);
    assert_int_equal(files_read(path, 4, &data, &length, &plain), -1);
    assert_string_equal(e.text, plain.text);
    assert_int_equal(input_files_keep(&in, scratch_folder, 4, &e), -1);
    assert_non_null(strstr(e.text, "it is a folder"));
    assert_int_equal(in.n, 0);
    input_files_fini(&in);
}

static void a_complete_list_hides_the_disk(void **state)
{
    const char *path = scratch_write("hidden", "other", 5);
    struct input_files in = { .is_complete = true };
    char opened[PATH_MAX], *data;
    size_t length;
    struct err e;
    (void)state;
    assert_false(input_files_has(&in, path));
    assert_int_equal(input_files_read(&in, path, 1024, &data, &length, &e), -1);
    assert_non_null(strstr(e.text, "cannot open "));
    assert_int_equal(input_files_path(&in, path, opened, &e), -1);
    keep(&in, path);
    assert_true(input_files_has(&in, path));
    assert_int_equal(input_files_read(&in, path, 1024, &data, &length, &e), 0);
    assert_int_equal(length, LENGTH);
    free(data);
    input_files_fini(&in);
}

static void streams_and_paths_give_the_bytes(void **state)
{
    struct input_files in = { .is_complete = true };
    char opened[PATH_MAX], again[PATH_MAX], read[LENGTH + 2];
    size_t length;
    struct err e;
    (void)state;
    keep(&in, "feed.csv");
    FILE *stream = input_files_open(&in, "feed.csv", 1024, &e);
    assert_non_null(stream);
    assert_int_equal(fread(read, 1, sizeof read, stream), LENGTH);
    assert_memory_equal(read, content, LENGTH);
    fclose(stream);
    assert_int_equal(input_files_path(&in, "feed.csv", opened, &e), 0);
    assert_int_equal(input_files_path(&in, "feed.csv", again, &e), 0);
    assert_string_equal(opened, again);
    for (int i = 0; i < 2; i++) {
        char *data = scratch_read(opened, &length);
        assert_int_equal(length, LENGTH);
        assert_memory_equal(data, content, LENGTH);
        free(data);
    }
    input_files_fini(&in);
    assert_int_equal(access(opened, F_OK), -1);
}

static void an_empty_file_is_a_file(void **state)
{
    struct input_files in = { .is_complete = true };
    char opened[PATH_MAX];
    struct err e;
    (void)state;
    assert_int_equal(input_files_add(&in, "empty", calloc(1, 1), 0, &e), 0);
    FILE *stream = input_files_open(&in, "empty", 1024, &e);
    assert_non_null(stream);
    assert_int_equal(fgetc(stream), EOF);
    fclose(stream);
    assert_int_equal(input_files_path(&in, "empty", opened, &e), 0);
    input_files_fini(&in);
}

static void a_shipped_file_is_found_by_its_word(void **state)
{
    struct input_files here = { 0 }, there = { .is_complete = true };
    char path[PATH_MAX], found[PATH_MAX];
    struct err e;
    (void)state;
    assert_int_equal(mkdir(scratch_path("scenarios"), 0777), 0);
    scratch_write("scenarios/one.yaml", content, LENGTH);
    setenv("LOADGEN_DATA_DIR", scratch_folder, 1);
    assert_int_equal(input_files_shipped(&here, "scenario", "scenarios", "one", path, &e), 0);
    assert_non_null(strstr(path, "/scenarios/one.yaml"));
    assert_int_equal(here.n, 1);
    keep(&there, here.list[0].path);
    there.list[0].word = strdup(here.list[0].word);
    setenv("LOADGEN_DATA_DIR", "/no/such/folder", 1);
    assert_int_equal(input_files_shipped(&there, "scenario", "scenarios", "one", found, &e), 0);
    assert_string_equal(found, path);
    unsetenv("LOADGEN_DATA_DIR");
    assert_int_equal(input_files_shipped(&there, "scenario", "scenarios", "own.yaml", found, &e), 0);
    assert_string_equal(found, "own.yaml");
    input_files_fini(&here);
    input_files_fini(&there);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_list_files_are_on_disk),
        cmocka_unit_test(a_file_on_disk_is_read_once),
        cmocka_unit_test(mistakes_of_the_disk_are_those_of_files_read),
        cmocka_unit_test(a_complete_list_hides_the_disk),
        cmocka_unit_test(streams_and_paths_give_the_bytes),
        cmocka_unit_test(an_empty_file_is_a_file),
        cmocka_unit_test(a_shipped_file_is_found_by_its_word),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
