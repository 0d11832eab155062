/* Entries of a HAR file one by one, whatever their size. */
#include "cm.h"
#include "err.h"
#include "har_stream.h"

#include <stdlib.h>
#include <string.h>

static FILE *file_of(const char *text)
{
    FILE *in = fmemopen((void *)text, strlen(text), "r");
    assert_non_null(in);
    return in;
}

static void entries_come_one_by_one(void **state)
{
    (void)state;
    FILE *in = file_of("\xEF\xBB\xBF{\"entries\": [{}], \"log\": {\"pages\": [{\"entries\": [{\"no\": 1}]}],"
                       "\"entries\" : [ {\"a\": \"}\\\"\"} , {\"b\": [{}]} ], \"x\": 1}}");
    struct har_stream s;
    struct err e;
    har_stream_begin(&s, in, "x.har");
    assert_int_equal(har_stream_next(&s, &e), 1);
    assert_memory_equal(s.entry, "{\"a\": \"}\\\"\"}", s.length_bytes);
    assert_int_equal(har_stream_next(&s, &e), 1);
    assert_memory_equal(s.entry, "{\"b\": [{}]}", s.length_bytes);
    assert_int_equal(har_stream_next(&s, &e), 0);
    har_stream_fini(&s);
    fclose(in);
}

static void a_file_that_is_cut_anywhere_is_refused(void **state)
{
    (void)state;
    static const char whole[] = "{\"log\":{\"entries\":[{\"a\":\"\\\\\"},{\"b\":1}]}}";
    const size_t end = (size_t)(strchr(whole, ']') - whole);
    for (size_t n = 1; n <= end; n++) {
        char *part = strndup(whole, n);
        FILE *in = file_of(part);
        struct har_stream s;
        struct err e;
        int status;
        har_stream_begin(&s, in, "x.har");
        while ((status = har_stream_next(&s, &e)) > 0)
            ;
        assert_int_equal(status, -1);
        har_stream_fini(&s);
        fclose(in);
        free(part);
    }
}

static void long_strings_read_as_null(void **state)
{
    (void)state;
    const size_t length = HAR_STRING_BYTES_MOST + 10;
    char *text = malloc(length + 64);
    const int begin = sprintf(text, "{\"log\":{\"entries\":[{\"text\":\"");
    memset(text + begin, 'x', length);
    strcpy(text + (size_t)begin + length, "\",\"b\":1}]}}");
    FILE *in = file_of(text);
    struct har_stream s;
    struct err e;
    har_stream_begin(&s, in, "x.har");
    assert_int_equal(har_stream_next(&s, &e), 1);
    assert_int_equal(s.length_bytes, strlen("{\"text\":null,\"b\":1}"));
    assert_memory_equal(s.entry, "{\"text\":null,\"b\":1}", s.length_bytes);
    assert_int_equal(s.n_too_large, 0);
    har_stream_fini(&s);
    fclose(in);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_come_one_by_one),
        cmocka_unit_test(a_file_that_is_cut_anywhere_is_refused),
        cmocka_unit_test(long_strings_read_as_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
