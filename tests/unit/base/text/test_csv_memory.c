#include "csv.h"
#include "err.h"

#include "cm.h"
#include "scratch.h"
#include "short_memory.h"

static void short_memory_within_a_row_is_not_its_fault(void **state)
{
    char text[2000] = "a\n\"\n";
    struct csv_reader r;
    struct err e;
    (void)state;
    memset(text + 4, 'x', sizeof text - 5);
    const char *path = scratch_write("row.csv", text, sizeof text - 1);
    assert_int_equal(csv_open(&r, path, &e), 0);
    short_memory_arm(1, true);
    assert_int_equal(csv_next(&r, &e), -1);
    short_memory_disarm();
    assert_int_equal(e.kind, ERR_FAILED);
    assert_memory_equal(e.text, "out of memory while reading ", 28);
    csv_reader_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_memory_within_a_row_is_not_its_fault),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
