/* Responses at the limits: the longest instance id, the longest header block that is remembered, and the
 * statuses between two classes. */
#include "plan.h"
#include "reading.h"

#include "cm.h"

#include <stdio.h>
#include <string.h>

static struct plan_expect expect_2xx(void)
{
    struct plan_expect x = { 0 };
    for (unsigned status = 200; status < 300; status++)
        x.status_ok[(status - 100) / 8] |= (uint8_t)(1u << ((status - 100) % 8));
    return x;
}

/* All of it, in pieces. */
static enum http1_state read_one(struct reading *r, const char *bytes, size_t piece, bool is_head)
{
    enum http1_state state = HTTP1_MORE;
    const size_t length = strlen(bytes);
    http1_begin(&r->http1, is_head);
    for (size_t at = 0; at < length && state == HTTP1_MORE;) {
        size_t used;
        state = http1_feed(&r->http1, bytes + at, length - at < piece ? length - at : piece, &used);
        at += used;
    }
    return state;
}

static void the_longest_instance_has_127_bytes(void **state)
{
    static char before[] = "<", after[] = ">";
    struct plan_expect x = expect_2xx();
    (void)state;
    assert_int_equal(response_tail_bytes(&x), 0);
    x.checks_body = true;
    assert_int_equal(response_tail_bytes(&x), 0);
    x.has_instance = true;
    x.body_before = before;
    x.body_after = after;
    x.before_bytes = x.after_bytes = 1;
    assert_int_equal(response_tail_bytes(&x), PLAN_INSTANCE_BYTES);
    for (size_t n = 0; n < PLAN_INSTANCE_BYTES + 3; n++)
        for (size_t piece = 1; piece < 1000; piece *= 7) {
            char tail[PLAN_INSTANCE_BYTES], bytes[512], id[PLAN_INSTANCE_BYTES + 3] = "";
            struct reading r;
            size_t length = 0;
            memset(id, 'i', n);
            snprintf(bytes, sizeof bytes, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n<%s>", n + 2, id);
            reading_init(&r, &x, tail, NULL);
            assert_int_equal(read_one(&r, bytes, piece, false), HTTP1_DONE);
            const char *seen = response_instance(&r.response, &length);
            const bool fits = n > 0 && n < PLAN_INSTANCE_BYTES;
            assert_int_equal(response_outcome(&r.response), fits ? OUTCOME_OK : OUTCOME_EXPECT);
            assert_int_equal(seen != NULL, fits);
            if (fits)
                assert_int_equal(length, n);
        }
}

static void the_longest_header_block_that_is_remembered_has_1024_bytes(void **state)
{
    const struct plan_expect x = expect_2xx();
    (void)state;
    for (size_t n = HTTP1_KNOWN_BYTES - 2; n <= HTTP1_KNOWN_BYTES + 2; n++) {
        static const char begin[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: ";
        struct http1_known known = { 0 };
        struct reading r;
        char bytes[HTTP1_KNOWN_BYTES + 16];
        memset(bytes, 'x', sizeof bytes);
        memcpy(bytes, begin, strlen(begin));
        memcpy(bytes + n - 4, "\r\n\r\nok", 7);
        reading_init(&r, &x, NULL, &known);
        assert_int_equal(read_one(&r, bytes, sizeof bytes, false), HTTP1_DONE);
        assert_int_equal(known.head_bytes, n <= HTTP1_KNOWN_BYTES ? n : 0);
        assert_int_equal(read_one(&r, bytes, sizeof bytes, false), HTTP1_DONE);
        assert_int_equal(r.response.body_bytes, 2);
    }
}

/* Responses in pieces, without a body or its length, or whose headers mattered. */
static void only_what_is_the_same_again_is_remembered(void **state)
{
    static const struct {
        const char *bytes;
        size_t piece;
        bool is_head, is_remembered;
    } cases[] = {
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 100, false, true },
        { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 100, false, true },
        { "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", 100, false, true },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 20, false, false },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 100, true, false },
        { "HTTP/1.1 204 OK\r\n\r\n", 100, false, false },
        { "HTTP/1.1 304 OK\r\nContent-Length: 2\r\n\r\n", 100, false, false },
        { "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", 100, false, false },
        { "HTTP/1.1 302 No\r\nContent-Length: 0\r\n\r\n", 100, false, false },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 100, false, false },
    };
    const struct plan_expect x = expect_2xx();
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct http1_known known = { 0 };
        struct reading r;
        reading_init(&r, &x, NULL, &known);
        assert_int_equal(read_one(&r, cases[i].bytes, cases[i].piece, cases[i].is_head), HTTP1_DONE);
        if ((known.head_bytes > 0) != cases[i].is_remembered)
            fail_msg("case %zu", i);
    }
}

static void each_class_of_statuses_ends_where_the_next_begins(void **state)
{
    static const struct {
        unsigned status;
        enum outcome outcome;
    } cases[] = {
        { 200, OUTCOME_OK },         { 299, OUTCOME_OK },         { 300, OUTCOME_STATUS },
        { 399, OUTCOME_STATUS },     { 400, OUTCOME_STATUS_4XX }, { 499, OUTCOME_STATUS_4XX },
        { 500, OUTCOME_STATUS_5XX }, { 599, OUTCOME_STATUS_5XX },
    };
    const struct plan_expect x = expect_2xx();
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct reading r;
        char bytes[64];
        snprintf(bytes, sizeof bytes, "HTTP/1.1 %u X\r\nContent-Length: 0\r\n\r\n", cases[i].status);
        reading_init(&r, &x, NULL, NULL);
        assert_int_equal(read_one(&r, bytes, 100, false), HTTP1_DONE);
        assert_int_equal(response_outcome(&r.response), cases[i].outcome);
        if (cases[i].outcome != OUTCOME_OK)
            assert_string_equal(response_cause(&r.response), "unexpected status");
    }
}

static void line_ends_are_blank_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(http1_blank_bytes("\r\n\n\rx\n", 6), 4);
    assert_int_equal(http1_blank_bytes("\r\n\n\rx\n", 3), 3);
    assert_int_equal(http1_blank_bytes("\r\n", 0), 0);
    assert_int_equal(http1_blank_bytes(" \r\n", 3), 0);
}

/* The known block has status 299, which shows which path was taken. */
static void a_known_header_block_is_not_parsed_again(void **state)
{
#define KNOWN "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
    static const struct {
        const char *bytes;
        bool is_head;
        unsigned status;
        size_t used;
    } cases[] = {
        { KNOWN "ok", false, 299, sizeof KNOWN + 1 },
        { KNOWN "ok and more", false, 299, sizeof KNOWN + 1 },
        { "\r\n" KNOWN "ok", false, 299, sizeof KNOWN + 3 },
        { KNOWN "o", false, 200, sizeof KNOWN },
        { KNOWN, false, 200, sizeof KNOWN - 1 },
        { KNOWN, true, 200, sizeof KNOWN - 1 },
        { "HTTP/1.1 201 OK\r\nContent-Length: 2\r\n\r\nok", false, 201, sizeof KNOWN + 1 },
    };
    const struct plan_expect x = expect_2xx();
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct http1_known known = {
            .head_bytes = sizeof KNOWN - 1, .body_bytes = 2, .status = 299, .head = KNOWN
        };
        struct reading r;
        size_t used;
        reading_init(&r, &x, NULL, &known);
        http1_begin(&r.http1, cases[i].is_head);
        http1_feed(&r.http1, cases[i].bytes, strlen(cases[i].bytes), &used);
        assert_int_equal(r.response.status, cases[i].status);
        assert_int_equal(used, cases[i].used);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_instance_has_127_bytes),
        cmocka_unit_test(the_longest_header_block_that_is_remembered_has_1024_bytes),
        cmocka_unit_test(only_what_is_the_same_again_is_remembered),
        cmocka_unit_test(each_class_of_statuses_ends_where_the_next_begins),
        cmocka_unit_test(line_ends_are_blank_and_nothing_else),
        cmocka_unit_test(a_known_header_block_is_not_parsed_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
