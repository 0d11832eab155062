/* The scanner finds what jansson finds, in documents that are changed at random and cut at every byte. With
 * LOADGEN_TRUTH=full: a million documents. */
#include "cm.h"
#include "err.h"
#include "json_query.h"
#include "json_scan.h"
#include "json_text.h"
#include "random.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { N_DOCUMENTS = 4000, N_DOCUMENTS_FULL = 1000000, DOCUMENT_BYTES_MOST = 600, CUT_EVERY = 50 };

static const char *const paths[] = {
    "$",
    "$.a",
    "$.auth.token",
    "$.items[0].id",
    "$.items[-1].id",
    "$['b c']",
    "$.items[-2]",
    "$[0]",
    "$[-1]",
    "$[1].a",
    "$.a.a.a",
    "$[0][0][0]",
    "$.\xc3\xa9",
    "$.hits[1]",
    "$['\"']",
    "$.a[-1][-1]",
    "$['\\ud83d\\ude00']",
};
enum { N_PATHS = N_OF(paths) };

static const char *const seeds[] = {
    "{\"auth\": {\"token\": \"abc\\u00e9\\uD83D\\uDE00\", \"expires_in\": 3600}, \"a\": [1, [2, 3.5e-7]]}",
    "{\"items\":[{\"id\":1,\"n\":\"x\"},{\"id\":\"two\",\"n\":null},{\"n\":[],\"id\":-0}],\"total\":3}",
    "[[[1],2],{\"a\":{\"a\":{\"a\":\"deep\"}}},true,false,null,\"\\\\\\\"\\/\\b\\f\\n\\r\\t\"]",
    "{\"b c\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\",\"\xc3\xa9\":12345678901234567890123,\"\\\"\":{}}",
    " {\n  \"hits\" : [ {} , { \"id\" : 17 } ] ,\r\n\t\"a\" : { \"a\" : { \"a\" : [ ] } } \n} ",
    "{\"a\":1,\"a\":2,\"\\u0061\":3,\"a\":{\"a\":1}}",
    "\"a long string that goes on for more than eight bytes, and has \\n in it\"",
    "{\"\\ud83d\\ude00\":[\"\\u0000\",\"\\ud83d\",\"\xed\xa0\x80\",\"\xc0\x80\"],\"a\":[[],[{}]]}",
    "-12.50E+12",
    "[1,2,3,4,5,6,7,8,9,[10,[11,[12,[13,{\"x\":[14]}]]]],\"\",{\"\":\"\"},0.1,1e5,1E-5,-1]",
};

static size_t change(char *text, size_t length, struct random *random)
{
    static const char telling[] = "{}[]:,\"\\ue0123456789-+.E \n\ttrflsn/\x80\xc3\xa9\xf0\xed\x1f\x7f";
    for (uint64_t n = random_below(random, 5); n > 0; n--) {
        const size_t at = random_below(random, length);
        switch (random_below(random, 4)) {
        case 0: /* another byte */
            text[at] = telling[random_below(random, sizeof telling - 1)];
            break;
        case 1: /* one more */
            if (length < DOCUMENT_BYTES_MOST) {
                memmove(text + at + 1, text + at, length++ - at);
                text[at] = telling[random_below(random, sizeof telling - 1)];
            }
            break;
        case 2: /* one less */
            if (length > 1)
                memmove(text + at, text + at + 1, --length - at);
            break;
        default: { /* a part twice */
            const size_t n_bytes = 1 + random_below(random, length - at);
            if (length + n_bytes <= DOCUMENT_BYTES_MOST) {
                memmove(text + at + n_bytes, text + at, length - at);
                length += n_bytes;
            }
        }
        }
    }
    return length;
}

/* NULL: there is no such place. */
static const json_t *follow(const json_t *at, const struct json_query *q)
{
    for (size_t i = 0; at && i < q->n; i++) {
        const struct json_query_segment *s = &q->segments[i];
        const int64_t n = (int64_t)json_array_size(at);
        const int64_t index = s->index < 0 ? n + s->index : s->index;
        if (s->name)
            at = json_object_getn(at, s->name, s->name_bytes);
        else
            at = index >= 0 && index < n ? json_array_get(at, (size_t)index) : NULL;
    }
    return at;
}

static void assert_same_value(const struct json_place *place, const json_t *wanted)
{
    if (!wanted || json_is_null(wanted)) {
        assert_int_equal(place->kind, PLACE_NOTHING);
    } else if (json_is_string(wanted)) {
        char text[DOCUMENT_BYTES_MOST];
        assert_int_equal(place->kind, PLACE_STRING);
        assert_int_equal(json_text_write(place->at, place->n_bytes, text), json_string_length(wanted));
        assert_memory_equal(text, json_string_value(wanted), json_string_length(wanted));
        assert_true(place->has_escapes || place->n_bytes == json_string_length(wanted));
        assert_true(json_text_is(place->at, place->n_bytes, text, json_string_length(wanted)));
    } else {
        json_t *found = json_loadb(place->at, place->n_bytes,
                                   JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);
        assert_int_equal(place->kind, PLACE_OTHER);
        assert_true(json_equal(found, wanted));
        json_decref(found);
    }
}

/* What jansson cannot hold, though it is JSON. */
static bool is_beyond_jansson(const json_error_t *error)
{
    const enum json_error_code code = json_error_code(error);
    return code == json_error_numeric_overflow || code == json_error_null_byte_in_key;
}

static void compare(const struct json_query *queries, const struct json_queries *arranged, const char *text,
                    size_t length)
{
    enum { FLAGS = JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL };
    struct json_place places[N_PATHS];
    json_error_t error;
    char *exact = malloc(length); /* no byte can be read behind it */
    assert_non_null(exact);
    memcpy(exact, text, length);
    const char *cause = json_scan(arranged, exact, length, places);
    json_t *tree = json_loadb(text, length, FLAGS, &error);
    if (tree ? cause != NULL : !cause && !is_beyond_jansson(&error))
        fail_msg("%.*s: %s, jansson: %s", (int)length, text, cause ? cause : "ok", tree ? "ok" : error.text);
    json_t *unique = tree ? json_loadb(text, length, FLAGS | JSON_REJECT_DUPLICATES, NULL) : NULL;
    for (size_t i = 0; unique && i < N_PATHS; i++)
        assert_same_value(&places[i], follow(unique, &queries[i]));
    json_decref(unique);
    json_decref(tree);
    free(exact);
}

static void the_scanner_finds_what_jansson_finds(void **state)
{
    struct json_query queries[N_PATHS];
    struct json_queries arranged;
    struct random random;
    struct err e;
    const char *effort = getenv("LOADGEN_TRUTH");
    const unsigned n = effort && strcmp(effort, "full") == 0 ? N_DOCUMENTS_FULL : N_DOCUMENTS;
    (void)state;
    for (size_t i = 0; i < N_PATHS; i++)
        if (json_query_parse(&queries[i], paths[i], &e))
            fail_msg("%s", e.text);
    json_queries_arrange(&arranged, queries, N_PATHS);
    random_init(&random, 1, 0);
    for (unsigned i = 0; i < n; i++) {
        char text[DOCUMENT_BYTES_MOST];
        const char *seed = seeds[i % N_OF(seeds)];
        memcpy(text, seed, strlen(seed));
        const size_t length = i < N_OF(seeds) ? strlen(seed) : change(text, strlen(seed), &random);
        compare(queries, &arranged, text, length);
        for (size_t cut = 0; i % CUT_EVERY < N_OF(seeds) && cut < length; cut++)
            compare(queries, &arranged, text, cut);
    }
    for (size_t i = 0; i < N_PATHS; i++)
        json_query_fini(&queries[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_scanner_finds_what_jansson_finds) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
