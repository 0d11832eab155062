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

static char before[] = "Instance ";
static char after[] = " is responding now!";
static char healthy[] = "Healthy!";

static struct plan_expect expect_instance(void)
{
    struct plan_expect x = expect_2xx();
    x.checks_body = x.has_instance = true;
    x.body_before = before;
    x.before_bytes = 9;
    x.body_after = after;
    x.after_bytes = 19;
    return x;
}

/* The result of a response that arrived in pieces of `step` bytes and, if `ends`, was followed by the
 * connection's end. */
struct seen {
    enum http1_state state;
    size_t used;
    enum outcome outcome;
    bool keeps_alive;
    char instance[PLAN_INSTANCE_BYTES];
};

static struct seen read_response_knowing(const struct plan_expect *x, const char *bytes, size_t step,
                                         bool is_head, bool ends, struct http1_known *known)
{
    struct seen seen = { .state = HTTP1_MORE };
    struct reading r;
    char tail[PLAN_INSTANCE_BYTES + 64];
    const size_t length = strlen(bytes);
    size_t at = 0;

    assert_true(response_tail_bytes(x) <= sizeof tail);
    reading_init(&r, x, response_tail_bytes(x) ? tail : NULL, known);
    http1_begin(&r.http1, is_head);
    while (at < length && seen.state == HTTP1_MORE) {
        const size_t n = length - at < step ? length - at : step;
        size_t used = 0;
        seen.state = http1_feed(&r.http1, bytes + at, n, &used);
        at += used;
    }
    if (ends && seen.state == HTTP1_MORE)
        seen.state = http1_end(&r.http1);
    seen.used = at;
    if (seen.state != HTTP1_DONE)
        return seen;
    size_t n = 0;
    const char *id = response_instance(&r.response, &n);
    if (id)
        memcpy(seen.instance, id, n);
    seen.outcome = response_outcome(&r.response);
    seen.keeps_alive = r.http1.keeps_alive;
    return seen;
}

/* Three times: parsed; parsed and remembered; known. */
static struct seen read_response(const struct plan_expect *x, const char *bytes, size_t step, bool is_head,
                                 bool ends)
{
    const struct seen parsed = read_response_knowing(x, bytes, step, is_head, ends, NULL);
    struct http1_known known = { 0 };
    for (int i = 0; i < 2; i++) {
        const struct seen again = read_response_knowing(x, bytes, step, is_head, ends, &known);
        assert_int_equal(again.state, parsed.state);
        assert_int_equal(again.used, parsed.used);
        assert_int_equal(again.outcome, parsed.outcome);
        assert_int_equal(again.keeps_alive, parsed.keeps_alive);
        assert_string_equal(again.instance, parsed.instance);
    }
    return parsed;
}

static void a_response_ends_where_its_framing_says(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool is_head, ends;
        enum http1_state state;
        size_t left; /* bytes behind the response */
        bool keeps_alive;
    } cases[] = {
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", false, false, HTTP1_DONE, 0, true },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP", false, false, HTTP1_DONE, 4, true },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi", false, false, HTTP1_DONE, 0,
          false },
        { "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi", false, true, HTTP1_MORE, 0, false },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", false, false,
          HTTP1_DONE, 0, true },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\n", false, false,
          HTTP1_DONE, 0, true },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", false, true, HTTP1_MORE, 0,
          false },
        { "HTTP/1.1 200 OK\r\n\r\nuntil the end", false, true, HTTP1_DONE, 0, false },
        { "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", false, false, HTTP1_DONE, 0, false },
        { "HTTP/1.1 204 No Content\r\n\r\n", false, false, HTTP1_DONE, 0, true },
        { "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", false, false, HTTP1_DONE, 0, true },
        { "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", true, false, HTTP1_DONE, 0, true },
        { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", false, false,
          HTTP1_DONE, 0, true },
        { "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false,
          false, HTTP1_DONE, 0, true },
        { "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n", false, false,
          HTTP1_DONE, 0, false },
    };
    const struct plan_expect x = expect_2xx();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t step = 1; step <= 64; step *= 4) {
            const struct seen seen = read_response(&x, cases[i].bytes, step, cases[i].is_head, cases[i].ends);
            if (seen.state != cases[i].state ||
                (seen.state == HTTP1_DONE && seen.keeps_alive != cases[i].keeps_alive))
                fail_msg("case %zu, step %zu: state %d, keeps alive %d", i, step, (int)seen.state,
                         seen.keeps_alive);
            if (seen.state == HTTP1_DONE)
                assert_int_equal(seen.used, strlen(cases[i].bytes) - cases[i].left);
        }
}

static void what_breaks_the_rules_is_broken(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "HTTP/1.1 200 OK\r\xCF\nContent-Length: 8\r\n\r\n12345678", /* not an end */
        "HTTP/1.1 200 OK\rContent-Length: 0\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    };
    const struct plan_expect x = expect_2xx();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t step = 1; step <= 64; step *= 8)
            if (read_response(&x, cases[i], step, false, false).state != HTTP1_BROKEN)
                fail_msg("case %zu, step %zu is not broken", i, step);
}

static void endless_headers_are_broken(void **state)
{
    (void)state;
    const struct plan_expect x = expect_2xx();
    struct reading r;
    char line[1024];
    size_t used;
    enum http1_state s = HTTP1_MORE;
    memset(line, 'a', sizeof line);
    memcpy(line, "X: ", 3);
    memcpy(line + sizeof line - 2, "\r\n", 2);
    reading_init(&r, &x, NULL, NULL);
    http1_begin(&r.http1, false);
    http1_feed(&r.http1, "HTTP/1.1 200 OK\r\n", 17, &used);
    size_t fed = 0;
    for (; s == HTTP1_MORE && fed < 1024 * 1024; fed += sizeof line)
        s = http1_feed(&r.http1, line, sizeof line, &used);
    assert_int_equal(s, HTTP1_BROKEN);
    assert_in_range(fed, HTTP1_HEADERS_MOST_BYTES - 2048, HTTP1_HEADERS_MOST_BYTES + 2048);
    assert_string_equal(response_cause(&r.response), "headers longer than 256 KiB");
}

static void the_instance_is_captured_however_the_body_is_cut(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        enum outcome outcome;
        const char *instance;
    } cases[] = {
        { "Instance i-0123456789abcdef0 is responding now!", OUTCOME_OK, "i-0123456789abcdef0" },
        { "Instance x is responding now!", OUTCOME_OK, "x" },
        { "Instance  is responding now!", OUTCOME_EXPECT, "" },
        { "Instance i-1 is responding now?", OUTCOME_EXPECT, "" },
        { "instance i-1 is responding now!", OUTCOME_EXPECT, "" },
        { "Inst", OUTCOME_EXPECT, "" },
        { "Instance i-1 is responding now! And more of it, and more of it, and more of it, and more of it, "
          "and more",
          OUTCOME_EXPECT, "" },
    };
    const struct plan_expect x = expect_instance();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t step = 1; step <= 256; step *= 2) {
            char bytes[512];
            snprintf(bytes, sizeof bytes, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
                     strlen(cases[i].body), cases[i].body);
            const struct seen seen = read_response(&x, bytes, step, false, false);
            assert_int_equal(seen.state, HTTP1_DONE);
            assert_int_equal(seen.outcome, cases[i].outcome);
            assert_string_equal(seen.instance, cases[i].instance);
        }
}

/* In a session, the connection has room for the instance of another step. */
static void no_instance_is_captured_where_none_is_expected(void **state)
{
    (void)state;
    static const char bytes[] = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    const struct plan_expect x = expect_2xx();
    struct reading r;
    char tail[PLAN_INSTANCE_BYTES];
    size_t n;
    reading_init(&r, &x, tail, NULL);
    http1_begin(&r.http1, false);
    assert_int_equal(http1_feed(&r.http1, bytes, strlen(bytes), &n), HTTP1_DONE);
    assert_null(response_instance(&r.response, &n));
}

static void an_exact_body_must_match_whole(void **state)
{
    (void)state;
    struct plan_expect x = expect_2xx();
    x.checks_body = true;
    x.body_before = healthy;
    x.before_bytes = 8;
    static const struct {
        const char *bytes;
        enum outcome outcome;
    } cases[] = {
        { "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nHealthy!", OUTCOME_OK },
        { "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHealthy!!", OUTCOME_EXPECT },
        { "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nHealthy", OUTCOME_EXPECT },
        { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", OUTCOME_EXPECT },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t step = 1; step <= 64; step *= 4)
            assert_int_equal(read_response(&x, cases[i].bytes, step, false, false).outcome, cases[i].outcome);
}

static void the_status_and_its_origin_give_the_class(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        enum outcome outcome;
    } cases[] = {
        { "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", OUTCOME_STATUS },
        { "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", OUTCOME_STATUS_4XX },
        { "HTTP/1.1 500 Oops\r\nServer: gunicorn\r\nContent-Length: 0\r\n\r\n", OUTCOME_STATUS_5XX },
        { "HTTP/1.1 503 Service Temporarily Unavailable\r\nServer: awselb/2.0\r\nContent-Length: 0\r\n\r\n",
          OUTCOME_BALANCER_5XX },
        { "HTTP/1.1 503 Service Unavailable\r\nServer: haproxy\r\nContent-Length: 0\r\n\r\n",
          OUTCOME_BALANCER_5XX },
        { "HTTP/1.1 503 \r\nserver: AWSELB/2.0\r\nContent-Length: 0\r\n\r\n", OUTCOME_BALANCER_5XX },
    };
    const struct plan_expect x = expect_2xx();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t step = 1; step <= 64; step *= 4)
            assert_int_equal(read_response(&x, cases[i].bytes, step, false, false).outcome, cases[i].outcome);
}

static void expected_headers_must_be_there_with_their_values(void **state)
{
    (void)state;
    char version[] = "X-Version";
    char any[] = "X-Any";
    char seven[] = "7";
    struct plan_header wanted[] = { { version, seven }, { any, NULL } };
    struct plan_expect x = expect_2xx();
    x.headers = wanted;
    x.n_headers = 2;
    static const struct {
        const char *bytes;
        enum outcome outcome;
    } cases[] = {
        { "HTTP/1.1 200 OK\r\nx-version: 7\r\nX-ANY: z\r\nContent-Length: 0\r\n\r\n", OUTCOME_OK },
        { "HTTP/1.1 200 OK\r\nx-version: 8\r\nX-Any: z\r\nContent-Length: 0\r\n\r\n", OUTCOME_EXPECT },
        { "HTTP/1.1 200 OK\r\nx-version: 7\r\nContent-Length: 0\r\n\r\n", OUTCOME_EXPECT },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t step = 1; step <= 64; step *= 4)
            assert_int_equal(read_response(&x, cases[i].bytes, step, false, false).outcome, cases[i].outcome);
}

static void responses_follow_each_other_on_one_connection(void **state)
{
    (void)state;
    const struct plan_expect x = expect_instance();
    char tail[PLAN_INSTANCE_BYTES + 64];
    struct reading r;
    const char *two = "HTTP/1.1 200 OK\r\nContent-Length: 31\r\n\r\nInstance i-1 is responding now!"
                      "HTTP/1.1 503 No\r\nServer: awselb/2.0\r\nContent-Length: 0\r\n\r\n"
                      "HTTP/1.1 200 OK\r\nContent-Length: 31\r\n\r\nInstance i-2 is responding now!";
    static const enum outcome wanted[] = { OUTCOME_OK, OUTCOME_BALANCER_5XX, OUTCOME_OK };
    size_t at = 0;
    reading_init(&r, &x, tail, NULL);
    for (size_t i = 0; i < 3; i++) {
        size_t used;
        http1_begin(&r.http1, false);
        assert_int_equal(http1_feed(&r.http1, two + at, strlen(two) - at, &used), HTTP1_DONE);
        assert_int_equal(response_outcome(&r.response), wanted[i]);
        at += used;
    }
    assert_int_equal(at, strlen(two));
}

static void a_header_block_is_known_again_with_another_body(void **state)
{
    (void)state;
    const struct plan_expect x = expect_instance();
    static const struct {
        const char *bytes;
        size_t known_bytes; /* of the block that is remembered afterwards */
    } cases[] = {
        { "HTTP/1.1 200 OK\r\nContent-Length: 31\r\n\r\nInstance i-1 is responding now!", 39 },
        { "HTTP/1.1 200 OK\r\nContent-Length: 31\r\n\r\nInstance i-2 is responding now!", 39 },
        { "HTTP/1.1 503 No\r\nServer: awselb/2.0\r\nContent-Length: 0\r\n\r\n", 39 },
        { "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 32\r\n\r\nInstance i-03 is responding now!", 45 },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\nInstance i-04 is responding "
          "now!\r\n0\r\n\r\n",
          45 },
    };
    static const char *const instances[] = { "i-1", "i-2", "", "i-03", "i-04" };
    struct http1_known known = { 0 };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct seen seen = read_response_knowing(&x, cases[i].bytes, SIZE_MAX, false, false, &known);
        assert_int_equal(seen.used, strlen(cases[i].bytes));
        assert_string_equal(seen.instance, instances[i]);
        assert_int_equal(known.head_bytes, cases[i].known_bytes);
    }
    assert_int_equal(known.status, 200);
    assert_true(known.keeps_alive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_response_ends_where_its_framing_says),
        cmocka_unit_test(what_breaks_the_rules_is_broken),
        cmocka_unit_test(endless_headers_are_broken),
        cmocka_unit_test(the_instance_is_captured_however_the_body_is_cut),
        cmocka_unit_test(no_instance_is_captured_where_none_is_expected),
        cmocka_unit_test(an_exact_body_must_match_whole),
        cmocka_unit_test(the_status_and_its_origin_give_the_class),
        cmocka_unit_test(expected_headers_must_be_there_with_their_values),
        cmocka_unit_test(responses_follow_each_other_on_one_connection),
        cmocka_unit_test(a_header_block_is_known_again_with_another_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
