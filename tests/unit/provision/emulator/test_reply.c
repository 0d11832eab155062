#include "reply.h"
#include "reply_message.h"

#include "units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct reply choose(const char *target)
{
    return reply_choose("/cluster1", target, strlen(target));
}

static void the_path_decides_the_page(void **state)
{
    static const struct {
        const char *target;
        enum reply_page page;
        unsigned status;
    } cases[] = {
        { "/", REPLY_HEALTHY, 200 },
        { "/?x=1", REPLY_HEALTHY, 200 },
        { "/cluster1", REPLY_RESPONDING, 200 },
        { "/cluster1/", REPLY_RESPONDING, 200 },
        { "/cluster1/a/b?c=d", REPLY_RESPONDING, 200 },
        { "/cluster1?", REPLY_RESPONDING, 200 },
        { "/cluster1?delay_ms", REPLY_RESPONDING, 200 },
        { "/cluster1?unknown=thing", REPLY_RESPONDING, 200 },
        { "/cluster1?status=503", REPLY_RESPONDING, 503 },
        { "/cluster12", REPLY_NOT_FOUND, 404 },
        { "/cluster", REPLY_NOT_FOUND, 404 },
        { "/cluster2", REPLY_NOT_FOUND, 404 },
        { "/Cluster1", REPLY_NOT_FOUND, 404 },
        { "", REPLY_NOT_FOUND, 404 },
        { "*", REPLY_NOT_FOUND, 404 },
        { "/cluster1?status=99", REPLY_BAD_QUERY, 400 },
        { "/cluster1?status=", REPLY_BAD_QUERY, 400 },
        { "/cluster1?delay_ms=-1", REPLY_BAD_QUERY, 400 },
        { "/cluster1?delay_ms=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", REPLY_BAD_QUERY, 400 },
        { "/cluster1?bytes=1e12", REPLY_BAD_QUERY, 400 },
        { "/cluster1?end=now", REPLY_BAD_QUERY, 400 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct reply a = choose(cases[i].target);
        if (a.page != cases[i].page || a.status != cases[i].status)
            fail_msg("%s: page %d, status %u", cases[i].target, (int)a.page, a.status);
    }
}

static void the_query_asks_for_misbehaviour(void **state)
{
    const struct reply a =
        choose("/cluster1/x?delay_ms=1.5&stall_ms=20&&work_us=9&spin_us=7&bytes=100&chunked=1&end=partial");
    (void)state;
    assert_int_equal(a.delay_ns, 1500 * NS_PER_US);
    assert_int_equal(a.stall_ns, 20 * NS_PER_MS);
    assert_int_equal(a.work_ns, 9 * NS_PER_US);
    assert_int_equal(a.spin_ns, 7 * NS_PER_US);
    assert_true(a.length_given);
    assert_int_equal(a.length_bytes, 100);
    assert_true(a.chunked);
    assert_int_equal(a.end, REPLY_PARTIAL);
    assert_int_equal(a.status, 200);
}

static void assert_message(const char *target, bool body_wanted, const char *right, size_t right_half)
{
    struct reply_message m;
    const struct reply a = choose(target);
    assert_int_equal(reply_message_init(&m, &a, "i-1", "X: y\r\n", body_wanted), 0);
    if (m.length != strlen(right) || memcmp(m.data, right, m.length) != 0)
        fail_msg("%s gave\n%.*s", target, (int)m.length, m.data);
    assert_int_equal(m.half, right_half);
    reply_message_fini(&m);
}

#define HEAD(status)                                                                                         \
    "HTTP/1.1 " status "\r\nServer: loadgen-emulator\r\nContent-Type: text/plain; charset=utf-8\r\n"

static void messages_are_valid_http(void **state)
{
    const size_t head = sizeof HEAD("200 OK") - 1;
    (void)state;
    assert_message("/", true, HEAD("200 OK") "Content-Length: 8\r\nX: y\r\n\r\nHealthy!", head + 27 + 4);
    assert_message("/", false, HEAD("200 OK") "Content-Length: 8\r\nX: y\r\n\r\n", head + 27);
    assert_message("/cluster1", true,
                   HEAD("200 OK") "Content-Length: 31\r\nX: y\r\n\r\nInstance i-1 is responding now!",
                   head + 28 + 15);
    assert_message("/cluster1?bytes=4&end=close", true,
                   HEAD("200 OK") "Content-Length: 4\r\nConnection: close\r\nX: y\r\n\r\nInst",
                   head + 46 + 2);
    assert_message("/cluster1?bytes=35", true,
                   HEAD("200 OK") "Content-Length: 35\r\nX: y\r\n\r\nInstance i-1 is responding now!....",
                   head + 28 + 17);
    assert_message("/cluster1?bytes=0&chunked=1", true,
                   HEAD("200 OK") "Transfer-Encoding: chunked\r\nX: y\r\n\r\n0\r\n\r\n", head + 36);
    assert_message("/cluster1?bytes=20&chunked=1", true,
                   HEAD("200 OK") "Transfer-Encoding: chunked\r\nX: y\r\n\r\na\r\nInstance i\r\na\r\n-1 is "
                                  "resp\r\n0\r\n\r\n",
                   head + 36 + 15);
    assert_message("/cluster1?status=204", true, HEAD("204 As Asked") "X: y\r\n\r\n", head + 6 + 8);
}

static void a_large_body_is_as_long_as_asked(void **state)
{
    struct reply_message m;
    const struct reply a = choose("/cluster1?bytes=1000000");
    (void)state;
    assert_int_equal(reply_message_init(&m, &a, "i-1", "", true), 0);
    assert_true(m.length > 1000000 && m.length < 1000512);
    assert_int_equal(m.data[m.length - 1], '.');
    reply_message_fini(&m);
}

static void faults_strike_as_often_as_their_ratio_and_never_the_health_check(void **state)
{
    enum { N = 100000 };
    const struct reply_faults f = {
        .fail_ratio = 0.1, .reset_ratio = 0.02, .drop_ratio = 0.05, .stall_ratio = 0.01, .stall_ns = 9
    };
    unsigned failed = 0, reset = 0, dropped = 0, stalled = 0;
    struct random r;
    (void)state;
    random_init(&r, 3, 1);
    for (int i = 1; i <= N; i++) {
        struct reply a = choose("/cluster1");
        reply_apply_faults(&a, &f, &r, 1);
        failed += a.status == 503;
        reset += a.end == REPLY_RESET;
        dropped += a.end == REPLY_DROP;
        stalled += a.stall_ns == 9;
        struct reply health = choose("/");
        reply_apply_faults(&health, &f, &r, 1);
        assert_int_equal(health.status, 200);
        assert_int_equal(health.end, REPLY_KEEP);
    }
    /* Five standard deviations of a binomial count. */
    assert_in_range(failed, 10000 - 475, 10000 + 475);
    assert_in_range(reset, 2000 - 222, 2000 + 222);
    assert_in_range(dropped, 4900 - 342, 4900 + 342);
    assert_in_range(stalled, 1000 - 158, 1000 + 158);
}

static void every_nth_answer_of_a_connection_closes_it(void **state)
{
    const struct reply_faults f = { .close_every = 7 };
    struct random r;
    (void)state;
    random_init(&r, 3, 1);
    for (uint64_t i = 1; i <= 21; i++) {
        struct reply a = choose("/cluster1");
        reply_apply_faults(&a, &f, &r, i);
        assert_int_equal(a.end, i % 7 == 0 ? REPLY_CLOSE : REPLY_KEEP);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_path_decides_the_page),
        cmocka_unit_test(the_query_asks_for_misbehaviour),
        cmocka_unit_test(messages_are_valid_http),
        cmocka_unit_test(a_large_body_is_as_long_as_asked),
        cmocka_unit_test(faults_strike_as_often_as_their_ratio_and_never_the_health_check),
        cmocka_unit_test(every_nth_answer_of_a_connection_closes_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
