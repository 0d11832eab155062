#include "err.h"
#include "hist.h"
#include "hlog.h"
#include "tag_set.h"

#include "cm.h"
#include "scratch.h"

static void rows_come_into_being_on_first_use_and_keep_their_numbers(void **state)
{
    struct tag_set set = { 0 };
    struct err e;
    char text[TAGS_TEXT_BYTES];
    (void)state;
    for (unsigned round = 0; round < 2; round++)
        for (unsigned i = 0; i < 1000; i++) {
            snprintf(text, sizeof text, "service.s%u.c.p%u.ok.i-%u", i % 7, i % 3, i);
            assert_int_equal(tag_set_row(&set, text, &e), i);
            hist_add(set.rows[i].hist, i);
        }
    assert_int_equal(set.n, 1000);
    for (unsigned i = 0; i < 1000; i++) {
        assert_int_equal(set.rows[i].hist->n, 2);
        assert_int_equal(set.rows[i].hist->max_ns, i);
        assert_int_equal(tag_set_find(&set, &set.rows[i].tag), i);
    }
    tag_set_fini(&set);
    tag_set_fini(&set);
}

static void what_is_not_there_is_not_found(void **state)
{
    struct tag_set set = { 0 };
    struct tag tag;
    struct err e;
    (void)state;
    assert_int_equal(tags_parse("service.s.c.p.ok.all", &tag, &e), 0);
    assert_int_equal(tag_set_find(&set, &tag), TAG_SET_NONE);
    assert_int_equal(tag_set_row(&set, "service.s.c.p.ok.i", &e), 0);
    assert_int_equal(tag_set_find(&set, &tag), TAG_SET_NONE);
    assert_int_equal(tag_set_row(&set, "no tag", &e), TAG_SET_NONE);
    assert_int_equal(set.n, 1);
    tag_set_fini(&set);
}

static void a_log_adds_up_by_tag(void **state)
{
    struct hist *h = hist_new();
    struct tag_set set = { 0 };
    struct hlog_writer w;
    struct err e;
    bool truncated = true;
    (void)state;
    const char *path = scratch_path("sum.hlog");
    assert_int_equal(hlog_create(&w, path, 0, &e), 0);
    for (unsigned s = 0; s < 10; s++) {
        hist_clear(h);
        hist_add(h, 100 + s);
        hlog_write(&w, "service.s.c.p1.ok.all", s * UINT64_C(1000000000), 1000000000, h);
        hlog_write(&w, "service.s.c.p1.reset.all", s * UINT64_C(1000000000), 1000000000, h);
    }
    assert_int_equal(hlog_close(&w, &e), 0);
    assert_int_equal(tag_set_read(&set, path, &truncated, &e), 0);
    assert_false(truncated);
    assert_int_equal(set.n, 2);
    assert_int_equal(set.rows[0].hist->n, 10);
    assert_int_equal(hist_count(set.rows[0].hist, 105), 1);
    assert_int_equal(tag_set_merge(&set, "service.s.c.p1.ok.all", h, &e), 0);
    assert_int_equal(hist_count(set.rows[0].hist, 109), 2);
    assert_int_equal(tag_set_merge(&set, "service", h, &e), -1);
    tag_set_fini(&set);
    hist_free(h);
}

static void a_log_with_a_bad_tag_is_named(void **state)
{
    static const char text[] =
        "#[Histogram log format version 1.3]\n"
        "Tag=a,0.127,1.007,2.769,HISTFAAAAB542pNpmSzMwMDAxAABzFCaEUoz2X+AMIKZAEARAtM=\n";
    struct tag_set set = { 0 };
    struct err e;
    bool truncated;
    (void)state;
    const char *path = scratch_write("bad.hlog", text, sizeof text - 1);
    assert_int_equal(tag_set_read(&set, path, &truncated, &e), -1);
    assert_non_null(strstr(e.text, "bad.hlog:2: a tag must be"));
    assert_int_equal(tag_set_read(&set, scratch_path("missing.hlog"), &truncated, &e), -1);
    tag_set_fini(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_into_being_on_first_use_and_keep_their_numbers),
        cmocka_unit_test(what_is_not_there_is_not_found),
        cmocka_unit_test(a_log_adds_up_by_tag),
        cmocka_unit_test(a_log_with_a_bad_tag_is_named),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
