#include "upload.h"

#include "cm.h"
#include "err.h"
#include "scratch.h"

#include <sys/stat.h>
#include <unistd.h>

/* Content of the file at this path below the upload's folder; NULL: there is none. The caller frees it. */
static char *content(const struct upload *u, const char *path)
{
    char whole[3 * PATH_MAX];
    snprintf(whole, sizeof whole, "%s/files%s", u->folder, path);
    return access(whole, R_OK) ? NULL : scratch_read(whole, NULL);
}

static void begin(struct upload *u)
{
    struct err e;
    assert_int_equal(chdir(scratch_folder), 0);
    assert_int_equal(setenv("TMPDIR", scratch_folder, 1), 0);
    if (upload_init(u, &e))
        fail_msg("%s", e.text);
}

static void files_lie_at_their_own_places_and_relative_paths_between_them_hold(void **state)
{
    struct upload u;
    struct err e;
    char path[2 * PATH_MAX];
    (void)state;
    begin(&u);
    scratch_write("feed.csv", "a\n", 2);
    assert_int_equal(mkdir(scratch_path("deep"), 0700), 0);
    assert_int_equal(upload_add(&u, "deep/../feed.csv", &e), 0);
    assert_int_equal(upload_add(&u, "feed.csv", &e), 0);
    snprintf(path, sizeof path, "%s/deep/../feed.csv", u.current);
    char *text = content(&u, path);
    assert_string_equal(text, "a\n");
    free(text);
    upload_fini(&u);
    assert_string_equal(u.folder, "");
}

static void a_path_that_leads_above_the_root_is_refused(void **state)
{
    struct upload u;
    struct err e;
    char place[PATH_MAX];
    (void)state;
    begin(&u);
    assert_int_equal(upload_place(&u, "/etc/../../x", place, &e), -1);
    assert_int_equal(upload_place(&u, "../../../../../../../../x", place, &e), -1);
    assert_int_equal(e.kind, ERR_INPUT);
    assert_int_equal(upload_place(&u, "/etc/../x", place, &e), 0);
    assert_string_equal(place, "files/etc/../x");
    upload_fini(&u);
}

static void what_is_not_there_is_named_and_nothing_stays(void **state)
{
    struct upload u;
    struct err e;
    char folder[PATH_MAX];
    (void)state;
    begin(&u);
    snprintf(folder, sizeof folder, "%s", u.folder);
    assert_int_equal(upload_add(&u, "missing.csv", &e), -1);
    assert_non_null(strstr(e.text, "cannot read missing.csv"));
    upload_fini(&u);
    assert_int_equal(access(folder, F_OK), -1);
}

static void a_copy_can_have_another_name(void **state)
{
    struct upload u;
    struct err e;
    char path[2 * PATH_MAX];
    (void)state;
    begin(&u);
    FILE *from = fopen(scratch_write("shipped.yaml", "name: x\n", 8), "r");
    assert_int_equal(upload_copy(&u, from, "tp1", &e), 0);
    fclose(from);
    snprintf(path, sizeof path, "%s/tp1", u.current);
    char *text = content(&u, path);
    assert_string_equal(text, "name: x\n");
    free(text);
    upload_fini(&u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_lie_at_their_own_places_and_relative_paths_between_them_hold),
        cmocka_unit_test(a_path_that_leads_above_the_root_is_refused),
        cmocka_unit_test(what_is_not_there_is_named_and_nothing_stays),
        cmocka_unit_test(a_copy_can_have_another_name),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
