#include "err.h"
#include "feed.h"

#include "cm.h"
#include "scratch.h"

static void assert_refused(const char *text, const char *reason)
{
    struct plan plan = { 0 };
    struct err e;
    const char *path = scratch_write("feed.csv", text, strlen(text));
    assert_int_equal(feed_load(feed_add(&plan, &e), NULL, path, &e), -1);
    assert_memory_equal(e.text, path, strlen(path));
    assert_string_equal(e.text + strlen(path), reason);
    plan_fini(&plan);
}

static void a_feed_without_rows_is_refused(void **state)
{
    (void)state;
    assert_refused("id,name\n", " has no rows below its header");
}

static void two_columns_of_one_name_are_refused(void **state)
{
    (void)state;
    assert_refused("p,q,p\n1,2,3\n", ":1: two columns are named 'p'");
}

/* As spreadsheets export them. */
static void columns_without_a_name_are_no_use_and_no_fault(void **state)
{
    (void)state;
    static const char text[] = "a,,\n1,2,3\n";
    struct plan plan = { 0 };
    struct err e;
    assert_int_equal(feed_load(feed_add(&plan, &e), NULL, scratch_write("feed.csv", text, strlen(text)), &e),
                     0);
    plan_fini(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_feed_without_rows_is_refused),
        cmocka_unit_test(two_columns_of_one_name_are_refused),
        cmocka_unit_test(columns_without_a_name_are_no_use_and_no_fault),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
