#include "run_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int make_folder(void **state)
{
    static char folder[] = "/tmp/loadgen-run-index-XXXXXX";
    *state = mkdtemp(folder);
    return *state && setenv("XDG_STATE_HOME", folder, 1) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    char command[200];
    snprintf(command, sizeof command, "rm -r %s", (const char *)*state);
    return system(command); // NOLINT(cert-env33-c,concurrency-mt-unsafe): a test's own folder
}

static struct deployment deployment_of(const char *run_id)
{
    struct deployment d = { .account = "123456789012", .region = "us-west-2" };
    snprintf(d.run_id, sizeof d.run_id, "%s", run_id);
    return d;
}

static void make_file(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
}

static void count_entry(void *payload, const struct run_index_entry *entry)
{
    (void)entry;
    ++*(size_t *)payload;
}

static void a_run_is_found_until_it_is_removed(void **state)
{
    char path[200];
    struct run_index_entry entry;
    size_t n = 0;
    const struct deployment d = deployment_of("7f3a19c2");
    snprintf(path, sizeof path, "%s/a file\nof two lines.json", (const char *)*state);
    make_file(path);
    assert_false(run_index_find("7f3a19c2", &entry));
    run_index_add(&d, path);
    assert_true(run_index_find("7f3a19c2", &entry));
    assert_string_equal(entry.run_id, "7f3a19c2");
    assert_string_equal(entry.account, "123456789012");
    assert_string_equal(entry.region, "us-west-2");
    assert_string_equal(entry.path, path);
    run_index_visit(count_entry, &n);
    assert_int_equal(n, 1);
    run_index_remove("7f3a19c2");
    assert_false(run_index_find("7f3a19c2", &entry));
}

static void a_path_is_kept_absolute(void **state)
{
    struct run_index_entry entry;
    const struct deployment d = deployment_of("0a");
    assert_int_equal(chdir(*state), 0);
    make_file("here.json");
    run_index_add(&d, "here.json");
    assert_true(run_index_find("0a", &entry));
    assert_int_equal(entry.path[0], '/');
    assert_non_null(strstr(entry.path, "/here.json"));
    run_index_remove("0a");
}

static void an_id_that_no_run_has_names_no_file(void **state)
{
    static const char *const ids[] = { "", "../../etc/passwd", "7F3A", "7f3a19c27f3a19c2", "7f3a 9c2", "." };
    struct run_index_entry entry;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        assert_false(run_index_find(ids[i], &entry));
        run_index_remove(ids[i]);
    }
    assert_int_equal(access(*state, F_OK), 0);
}

static void a_file_of_another_form_is_no_run(void **state)
{
    static const char *const texts[] = { "", "1", "1\nus-east-1\n", "1\nus-east-1\nrelative\n", "\n\n\n" };
    char path[200];
    struct run_index_entry entry;
    snprintf(path, sizeof path, "%s/loadgen/run-0b", (const char *)*state);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(texts[i], file);
        fclose(file);
        assert_false(run_index_find("0b", &entry));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_found_until_it_is_removed),
        cmocka_unit_test(a_path_is_kept_absolute),
        cmocka_unit_test(an_id_that_no_run_has_names_no_file),
        cmocka_unit_test(a_file_of_another_form_is_no_run),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
