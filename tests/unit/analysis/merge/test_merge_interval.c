#include "csv.h"
#include "err.h"
#include "hist.h"
#include "merge_interval.h"
#include "merge_state.h"
#include "tag_set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"

#define HEADER "t_s,stream,err_n,p50_us,p99_us,max_us,service_p99_us,lag_p99_us,lag_max_us\n"

/* As the reader of a log does, which knows the bin and not the value. */
static void add_bin(struct tag_set *tags, const char *tag, uint64_t value_ns)
{
    struct err e;
    const size_t row = tag_set_row(tags, tag, &e);
    assert_true(row != TAG_SET_NONE);
    hist_add_bin(tags->rows[row].hist, hist_index(value_ns), 1);
}

/* Merges rows of one second by two generators; returns owned text. */
static char *merged(const char *rows, const struct tag_set *tags)
{
    static struct run_stream stream = { .name = "s", .headline = "response" };
    struct merge_run runs[2] = { { .streams = UINT64_MAX }, { .streams = UINT64_MAX } };
    const struct merge merge = { .runs = runs, .n_runs = 2, .first = { .streams = &stream, .n_streams = 1 } };
    struct merge_interval m;
    struct csv_reader from;
    struct csv_writer to;
    struct err e;
    assert_int_equal(csv_open(&from, scratch_write("rows.csv", rows, strlen(rows)), &e), 0);
    assert_int_equal(merge_interval_init(&m, &merge, &from, &e), 0);
    while (csv_next(&from, &e) > 0)
        assert_int_equal(merge_interval_add(&m, &runs[0], &from, &e), 0);
    assert_int_equal(csv_create(&to, scratch_path("merged.csv"), "t", &e), 0);
    merge_interval_write(&m, &to, 0, tags);
    assert_int_equal(csv_close(&to, &e), 0);
    merge_interval_fini(&m);
    csv_reader_fini(&from);
    return scratch_read(scratch_path("merged.csv"), NULL);
}

static void a_percentile_is_no_more_than_the_maximum(void **state)
{
    struct tag_set tags = { 0 };
    (void)state;
    add_bin(&tags, "response.s.c.p.ok.all", 10000001);
    add_bin(&tags, "response.s.c.q.ok.all", 20000001);
    add_bin(&tags, "service.s.c.p.ok.all", 20000000);
    add_bin(&tags, "lag.s.c.p.ok.all", 3000001);
    char *text = merged(HEADER "0,s,0,1,1,10000.001,1,1,3000.001\n"
                               "0,s,0,1,1,20000.001,1,,\n",
                        &tags);
    assert_string_equal(text, "t\n0,s,0,10002.431,20000.001,20000.001,20000.001,3000.001,3000.001\n");
    free(text);
    tag_set_fini(&tags);
}

static void without_a_maximum_the_bin_stands(void **state)
{
    struct tag_set tags = { 0 };
    (void)state;
    add_bin(&tags, "response.s.c.p.ok.all", 10000001);
    char *text = merged(HEADER "0,s,0,1,1,,,,\n", &tags);
    assert_string_equal(text, "t\n0,s,0,10002.431,10002.431,10002.431,,,\n");
    free(text);
    tag_set_fini(&tags);
}

/* The first generator's maximum is not that of both. */
static void a_rank_among_failures_of_either_has_no_time(void **state)
{
    struct tag_set tags = { 0 };
    (void)state;
    add_bin(&tags, "response.s.c.p.ok.all", 10000001);
    add_bin(&tags, "response.s.c.q.ok.all", 20000001);
    add_bin(&tags, "response.s.c.p.timeout.all", 30000001);
    char *text = merged(HEADER "0,s,0,1,1,10000.001,,,\n"
                               "0,s,1,1,,,,,\n",
                        &tags);
    assert_string_equal(text, "t\n0,s,1,20004.863,,,,,\n");
    free(text);
    tag_set_fini(&tags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_percentile_is_no_more_than_the_maximum),
        cmocka_unit_test(a_rank_among_failures_of_either_has_no_time),
        cmocka_unit_test(without_a_maximum_the_bin_stands),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
