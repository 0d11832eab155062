/* The values that are made for each request. */
#include "made_request.h"

#include <inttypes.h>
#include <stdio.h>

static void values_are_made_from_the_requests_number(void **state)
{
    static const struct {
        const char *path, *body;
        uint64_t seq;
        const char *line, *length, *sent;
    } cases[] = {
        { "/{counter}", NULL, 0, "GET /0 ", NULL, "" },
        { "/{counter}/x", NULL, 18446744073709551615u, "GET /18446744073709551615/x ", NULL, "" },
        { "/{csv:id}", "{csv:name}", 0, "GET /7 ", "\r\nContent-Length: 1\r\n", "x" },
        { "/{csv:id}", "{csv:name}", 1, "GET /8 ", "\r\nContent-Length: 9\r\n", "long name" },
        { "/{csv:id}", "{csv:name}", 2, "GET /9 ", "\r\nContent-Length: 0\r\n", "" },
        { "/{csv:id}", "{csv:name}", 3, "GET /7 ", "\r\nContent-Length: 1\r\n", "x" },
        { "/{instance}", "{{{counter}}", 4, "GET /i-1 ", "\r\nContent-Length: 3\r\n", "{4}" },
        { "/{instance}", "a{counter}", 12345, "GET /i-22 ", "\r\nContent-Length: 6\r\n", "a12345" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        struct plan_request r;
        struct err e;
        set_up(&f);
        assert_int_equal(build(&f, "GET", cases[i].path, NULL, NULL, cases[i].body, &r, &e), 0);
        assert_true(request_is_rendered(&r));
        char *text = render(&f, &r, cases[i].seq);
        assert_memory_equal(text, cases[i].line, strlen(cases[i].line));
        assert_true(!cases[i].length || strstr(text, cases[i].length));
        assert_string_equal(strstr(text, "\r\n\r\n") + 4, cases[i].sent);
        free(text);
        plan_request_fini(&r);
        tear_down(&f);
    }
}

static void random_values_follow_from_seed_stream_and_number(void **state)
{
    struct fixture f;
    struct plan_request r;
    struct err e;
    unsigned version, variant, a, b, c;
    uint64_t d;
    (void)state;
    set_up(&f);
    assert_int_equal(build(&f, "GET", "/{random}/{uuid}", NULL, NULL, NULL, &r, &e), 0);
    char *first = render(&f, &r, 5);
    char *again = render(&f, &r, 5);
    char *other = render(&f, &r, 6);
    f.plan.seed = 43;
    char *reseeded = render(&f, &r, 5);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    assert_string_not_equal(first, reseeded);
    assert_int_equal(sscanf(first, "GET /%*16[0-9a-f]/%8x-%4x-%1x%3x-%4x-%12" SCNx64 " HTTP", &a, &b,
                            &version, &c, &variant, &d),
                     6);
    assert_int_equal(version, 4);
    assert_int_equal(variant >> 14, 2);
    assert_int_equal(strcspn(first + 5, " "), 16 + 1 + 36);
    free(first);
    free(again);
    free(other);
    free(reseeded);
    plan_request_fini(&r);
    tear_down(&f);
}

static void a_walk_through_the_requests_uses_one_row(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f);
    for (int i = 0; i < 3; i++)
        add_request(&f, "/{csv:id}", 1);
    for (int is_weighted = 0; is_weighted < 2; is_weighted++) {
        f.stream.mix = is_weighted ? PLAN_MIX_WEIGHTED : PLAN_MIX_SEQUENCE;
        for (uint64_t seq = 0; seq < 18; seq++) {
            char *text = render(&f, request_pick(&f.plan, &f.stream, seq), seq);
            const uint64_t row = (is_weighted ? seq : seq / 3) % 3;
            assert_int_equal(text[5], '7' + (int)row);
            free(text);
        }
    }
    tear_down(&f);
}

static struct plan_request with_basic_auth(struct fixture *f, const char *text)
{
    struct request_builder b;
    struct plan_request r = { 0 };
    struct err e;
    assert_int_equal(request_begin(&b, &f->plan.target, &f->scope, "GET", "/", &e), 0);
    assert_int_equal(request_add_basic_auth(&b, text, true, &e), 0);
    assert_int_equal(request_finish(&b, NULL, false, &r, &e), 0);
    return r;
}

static void credentials_may_come_from_a_feed(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f);
    struct plan_request r = with_basic_auth(&f, "{csv:name}:p{csv:id}");
    char *text = render(&f, &r, 1);
    assert_non_null(strstr(text, "\r\nAuthorization: Basic bG9uZyBuYW1lOnA4\r\n\r\n")); /* long name:p8 */
    free(text);
    plan_request_fini(&r);
    tear_down(&f);
}

static void secrets_are_sent_and_not_shown(void **state)
{
    struct fixture f;
    struct plan_request r;
    struct err e;
    (void)state;
    set_up(&f);
    setenv("LOADGEN_TEST_SECRET", "s3cret", 1);
    assert_int_equal(build(&f, "POST", "/", "x-key", "k {env:LOADGEN_TEST_SECRET}.",
                           "p={env:LOADGEN_TEST_SECRET}", &r, &e),
                     0);
    assert_false(request_is_rendered(&r));
    char *text = strndup(r.pieces[0].text, r.pieces[0].length_bytes);
    assert_string_equal(text, "POST / HTTP/1.1\r\nHost: h\r\n" AGENT
                              "x-key: k s3cret.\r\nContent-Length: 8\r\n\r\np=s3cret");
    free(text);
    assert_string_equal(r.shown, "POST / HTTP/1.1\r\nHost: h\r\n" AGENT
                                 "x-key: k (given).\r\nContent-Length: 8\r\n\r\np=(given)");
    plan_request_fini(&r);
    r = with_basic_auth(&f, "u:{env:LOADGEN_TEST_SECRET}");
    assert_false(request_is_rendered(&r));
    assert_non_null(strstr(r.shown, "\r\nAuthorization: Basic (given)\r\n\r\n"));
    plan_request_fini(&r);
    unsetenv("LOADGEN_TEST_SECRET");
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_made_from_the_requests_number),
        cmocka_unit_test(random_values_follow_from_seed_stream_and_number),
        cmocka_unit_test(a_walk_through_the_requests_uses_one_row),
        cmocka_unit_test(credentials_may_come_from_a_feed),
        cmocka_unit_test(secrets_are_sent_and_not_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
