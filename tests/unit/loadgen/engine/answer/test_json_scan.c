#include "cm.h"
#include "err.h"
#include "json_query.h"
#include "json_scan.h"
#include "json_skip.h"
#include "json_text.h"

#include <stdlib.h>
#include <string.h>

enum { QUERIES_MOST = 8 };

struct scanned {
    struct json_query queries[QUERIES_MOST];
    struct json_queries arranged;
    struct json_place places[QUERIES_MOST];
};

static const char *scan(struct scanned *s, const char *text, size_t length, const char *const *paths)
{
    struct err e;
    size_t n = 0;
    for (; paths[n]; n++)
        if (json_query_parse(&s->queries[n], paths[n], &e))
            fail_msg("%s", e.text);
    json_queries_arrange(&s->arranged, s->queries, n);
    char *exact = malloc(length + 1); /* no byte can be read behind it */
    assert_non_null(exact);
    memcpy(exact + 1, text, length);
    const char *cause = json_scan(&s->arranged, exact + 1, length, s->places);
    for (size_t i = 0; i < n; i++) {
        if (s->places[i].at)
            s->places[i].at = text + (s->places[i].at - exact - 1);
        json_query_fini(&s->queries[i]);
    }
    free(exact);
    return cause;
}

static void assert_place(const struct json_place *place, const char *wanted)
{
    if (!wanted) {
        assert_int_equal(place->kind, PLACE_NOTHING);
        return;
    }
    assert_int_not_equal(place->kind, PLACE_NOTHING);
    assert_int_equal(place->n_bytes, strlen(wanted));
    assert_memory_equal(place->at, wanted, place->n_bytes);
}

static void assert_found(const char *text, const char *path, const char *wanted)
{
    struct scanned s;
    assert_null(scan(&s, text, strlen(text), (const char *[]){ path, NULL }));
    assert_place(&s.places[0], wanted);
}

static void several_paths_are_found_in_one_walk(void **state)
{
    static const char text[] = " { \"a\" : [ 1, {\"b\": \"x\"}, [] ] , \"c\": {\"a\": -1.5e3}, \"d\":true } ";
    struct scanned s;
    (void)state;
    assert_null(scan(&s, text, sizeof text - 1,
                     (const char *[]){ "$.a[1].b", "$.c.a", "$.a", "$.d", "$.a[-1]", "$.e", "$.a.b", NULL }));
    assert_place(&s.places[0], "x");
    assert_int_equal(s.places[0].kind, PLACE_STRING);
    assert_place(&s.places[1], "-1.5e3");
    assert_place(&s.places[2], "[ 1, {\"b\": \"x\"}, [] ]");
    assert_place(&s.places[3], "true");
    assert_place(&s.places[4], "[]");
    assert_place(&s.places[5], NULL);
    assert_place(&s.places[6], NULL);
    assert_null(scan(&s, text, sizeof text - 1, (const char *[]){ "$", NULL }));
    assert_int_equal(s.places[0].n_bytes, sizeof text - 3);
}

static void the_first_of_equal_names_counts(void **state)
{
    (void)state;
    assert_found("{\"a\":1,\"a\":2}", "$.a", "1");
    assert_found("{\"a\":{},\"a\":{\"b\":2}}", "$.a.b", NULL);
    assert_found("{\"\\u0061\":1,\"a\":2}", "$.a", "1");
}

static void null_is_nothing(void **state)
{
    (void)state;
    assert_found("{\"a\":null}", "$.a", NULL);
    assert_found("null", "$", NULL);
    assert_found("{\"a\":\"null\"}", "$.a", "null");
}

static void elements_are_counted_from_either_end(void **state)
{
    (void)state;
    assert_found("[1,2,3]", "$[0]", "1");
    assert_found("[1,2,3]", "$[2]", "3");
    assert_found("[1,2,3]", "$[3]", NULL);
    assert_found("[1,2,3]", "$[-1]", "3");
    assert_found("[1,2,3]", "$[-3]", "1");
    assert_found("[1,2,3]", "$[-4]", NULL);
    assert_found("[]", "$[-1]", NULL);
    assert_found("[[1],[2,[3,\"x\"]]]", "$[-1][-1][-1]", "x");
    assert_found("{\"0\":1}", "$[0]", NULL);
}

static void a_bare_value_and_a_byte_order_mark_are_taken(void **state)
{
    (void)state;
    assert_found("\"abc\"", "$", "abc");
    assert_found(" 12 ", "$", "12");
    assert_found("\xef\xbb\xbf{\"a\":1}", "$.a", "1");
}

static void escapes_are_undone(void **state)
{
    static const char text[] = "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83d\\ude00\\u0000x\"";
    static const char wanted[] = "\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x98\x80\0x";
    struct scanned s;
    char out[sizeof text];
    (void)state;
    assert_null(scan(&s, text, sizeof text - 1, (const char *[]){ "$", NULL }));
    assert_true(s.places[0].has_escapes);
    assert_int_equal(json_text_write(s.places[0].at, s.places[0].n_bytes, out), sizeof wanted - 1);
    assert_memory_equal(out, wanted, sizeof wanted - 1);
    assert_true(json_text_is(s.places[0].at, s.places[0].n_bytes, wanted, sizeof wanted - 1));
    assert_false(json_text_is(s.places[0].at, s.places[0].n_bytes, wanted, sizeof wanted - 2));
    assert_false(json_text_is(s.places[0].at, s.places[0].n_bytes - 1, wanted, sizeof wanted - 1));
}

static void what_is_no_json_is_named(void **state)
{
    static const struct {
        const char *text, *cause;
    } wrong[] = {
        { "", "the body's JSON ends too soon" },
        { "{\"a\":1", "the body's JSON ends too soon" },
        { "[1,", "the body's JSON ends too soon" },
        { "\"\\u12", "the body's JSON ends too soon" },
        { "tru", "the body's JSON ends too soon" },
        { "-", "the body's JSON ends too soon" },
        { "1e", "the body's JSON ends too soon" },
        { "<html>", "the body is not JSON" },
        { "[1,]", "the body is not JSON" },
        { "{\"a\":1,}", "the body is not JSON" },
        { "{a:1}", "the body is not JSON" },
        { "[01]", "the body is not JSON" },
        { "[1.]", "the body is not JSON" },
        { "[+1]", "the body is not JSON" },
        { "[.5]", "the body is not JSON" },
        { "[1}", "the body is not JSON" },
        { "\"\n\"", "the body is not JSON" },
        { "\"\\x\"", "the body is not JSON" },
        { "nulL", "the body is not JSON" },
        { "1 2", "the body has more bytes behind its JSON" },
        { "\"\xff\"", "the body's JSON has a string that is not UTF-8" },
        { "\"\xc0\xaf\"", "the body's JSON has a string that is not UTF-8" },
        { "\"\xed\xa0\x80\"", "the body's JSON has a string that is not UTF-8" },
        { "\"\xf4\x90\x80\x80\"", "the body's JSON has a string that is not UTF-8" },
        { "\"\\ud800\"", "the body's JSON has half a surrogate pair" },
        { "\"\\udc00\"", "the body's JSON has half a surrogate pair" },
        { "\"\\ud800\\u0041\"", "the body's JSON has half a surrogate pair" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(wrong); i++)
        for (unsigned with_path = 0; with_path < 2; with_path++) {
            struct scanned s;
            const char *cause =
                scan(&s, wrong[i].text, strlen(wrong[i].text),
                     with_path ? (const char *[]){ "$.a[-1]", "$[0].b", NULL } : (const char *[]){ NULL });
            if (!cause || strcmp(cause, wrong[i].cause) != 0)
                fail_msg("%s: %s", wrong[i].text, cause);
        }
}

static void depth_has_a_limit(void **state)
{
    enum { N = 1024 * 1024 };
    char *text = malloc(N);
    struct scanned s;
    (void)state;
    assert_non_null(text);
    memset(text, '[', N);
    for (unsigned with_path = 0; with_path < 2; with_path++) {
        const char *const *paths =
            with_path ? (const char *[]){ "$[0][-1][0][-1]", NULL } : (const char *[]){ NULL };
        memset(text + JSON_DEPTH_MOST, '[', JSON_DEPTH_MOST);
        assert_string_equal(scan(&s, text, N, paths), "the body's JSON is nested deeper than 2048");
        memset(text + JSON_DEPTH_MOST, ']', JSON_DEPTH_MOST);
        assert_null(scan(&s, text, (size_t)2 * JSON_DEPTH_MOST, paths));
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_paths_are_found_in_one_walk),
        cmocka_unit_test(the_first_of_equal_names_counts),
        cmocka_unit_test(null_is_nothing),
        cmocka_unit_test(elements_are_counted_from_either_end),
        cmocka_unit_test(a_bare_value_and_a_byte_order_mark_are_taken),
        cmocka_unit_test(escapes_are_undone),
        cmocka_unit_test(what_is_no_json_is_named),
        cmocka_unit_test(depth_has_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
