#include "lookup.h"

#include "cm.h"
#include "err.h"
#include "plan.h"
#include "target.h"

#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

static void init(struct plan_target *t, const char *url)
{
    struct err e;
    target_init(t);
    assert_int_equal(target_parse_url(t, url, &e), 0);
}

static void drop(struct plan_target *t)
{
    struct plan plan = { .target = *t };
    plan_fini(&plan);
}

/* Names are case-insensitive (RFC 4343), and a final dot is not part of them. */
static void overrides_know_names_as_dns_does(void **state)
{
    static const struct {
        const char *url, *resolve, *connect_to;
        const char *host;
        uint16_t port;
    } cases[] = {
        { "http://EXAMPLE.test:81/", "example.test:81:10.0.0.1", NULL, "10.0.0.1", 81 },
        { "http://example.test./", "Example.Test:80:10.0.0.1", NULL, "10.0.0.1", 80 },
        { "http://example.test/", "example.test.:80:10.0.0.1", NULL, "10.0.0.1", 80 },
        { "http://Example.test/", NULL, "example.TEST:80:other:82", "other", 82 },
        { "http://Example.test/", "OTHER.:82:10.0.0.2", "example.TEST:80:other:82", "10.0.0.2", 82 },
        { "http://example.test/", "example.tes:80:10.0.0.1", NULL, "example.test", 80 },
        { "http://example.tes/", "example.test:80:10.0.0.1", NULL, "example.tes", 80 },
        { "http://example.test/", "example.test:81:10.0.0.1", NULL, "example.test", 80 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct plan_target t;
        struct lookup_question q;
        struct err e;
        init(&t, cases[i].url);
        if (cases[i].resolve)
            assert_int_equal(target_add_resolve(&t, cases[i].resolve, &e), 0);
        if (cases[i].connect_to)
            assert_int_equal(target_add_connect_to(&t, cases[i].connect_to, &e), 0);
        assert_int_equal(lookup_question_init(&q, &t, &e), 0);
        assert_string_equal(q.host, cases[i].host);
        assert_int_equal(q.port, cases[i].port);
        lookup_question_fini(&q);
        drop(&t);
    }
}

/* Parts that an override leaves open match everything, and stay unchanged. */
static void an_override_may_leave_names_and_ports_open(void **state)
{
    static const struct {
        const char *from;
        uint16_t from_port;
        const char *to;
        uint16_t to_port;
        const char *host;
        uint16_t port;
    } cases[] = {
        { "", 0, "other", 82, "other", 82 },
        { "", 80, "other", 82, "other", 82 },
        { "", 81, "other", 82, "example.test", 80 },
        { "example.test", 0, "other", 82, "other", 82 },
        { "another.test", 0, "other", 82, "example.test", 80 },
        { "example.test", 80, "", 82, "example.test", 82 },
        { "example.test", 80, "other", 0, "other", 80 },
        { ".", 0, "other", 82, "example.test", 80 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char host[] = "example.test", from[16], to[16];
        snprintf(from, sizeof from, "%s", cases[i].from);
        snprintf(to, sizeof to, "%s", cases[i].to);
        struct plan_override o = {
            .host = from, .port = cases[i].from_port, .to_host = to, .to_port = cases[i].to_port
        };
        const struct plan_target t = { .host = host, .port = 80, .connect_to = &o, .n_connect_to = 1 };
        struct lookup_question q;
        struct err e;
        assert_int_equal(lookup_question_init(&q, &t, &e), 0);
        assert_string_equal(q.host, cases[i].host);
        assert_int_equal(q.port, cases[i].port);
        lookup_question_fini(&q);
    }
}

static void an_address_with_a_zone_is_that_of_an_interface(void **state)
{
    struct plan_target t;
    struct lookup_question q;
    struct lookup_answer answer;
    struct err e;
    (void)state;
    init(&t, "http://[fe80::1%25lo]:81/");
    assert_int_equal(lookup_question_init(&q, &t, &e), 0);
    assert_true(lookup_is_fixed(&q));
    if (lookup_ask(&q, &answer, &e))
        fail_msg("%s", e.text);
    assert_int_equal(answer.set->n, 1);
    const struct sockaddr_in6 *a = (const struct sockaddr_in6 *)(const void *)&answer.set->list[0].sockaddr;
    assert_int_equal(a->sin6_family, AF_INET6);
    assert_int_equal(a->sin6_scope_id, if_nametoindex("lo"));
    assert_int_equal(ntohs(a->sin6_port), 81);
    address_set_free(answer.set);
    lookup_question_fini(&q);
    drop(&t);
}

/* --- where the answer comes from --- */

static void a_path_fits_to_its_last_byte(void **state)
{
    const struct sockaddr_un name = { 0 };
    char path[sizeof name.sun_path + 1];
    (void)state;
    for (size_t length = sizeof name.sun_path - 2; length <= sizeof name.sun_path; length++) {
        struct lookup_question q = { .unix_socket = path };
        struct lookup_answer answer;
        struct err e = { 0 };
        memset(path, 'a', length);
        path[length] = '\0';
        assert_true(lookup_is_fixed(&q));
        const int status = lookup_ask(&q, &answer, &e);
        if (length == sizeof name.sun_path) {
            assert_int_equal(status, -1);
            assert_int_equal(e.kind, ERR_INPUT);
            assert_non_null(strstr(e.text, "is longer than 107 bytes: aaa"));
            assert_null(answer.set);
            continue;
        }
        assert_int_equal(status, 0);
        assert_int_equal(answer.set->n, 1);
        assert_string_equal(answer.set->list[0].text, "unix");
        assert_string_equal(
            ((const struct sockaddr_un *)(const void *)&answer.set->list[0].sockaddr)->sun_path, path);
        address_set_free(answer.set);
    }
}

/* An address needs no server, and only matches the wanted family. */
static void an_address_is_its_own_answer(void **state)
{
    static const struct {
        const char *host;
        int family;
        bool is_right;
    } cases[] = { { "127.0.0.1", 0, true }, { "127.0.0.1", 4, true }, { "127.0.0.1", 6, false },
                  { "::1", 0, true },       { "::1", 6, true },       { "::1", 4, false } };
    static char nobody[] = "127.0.0.1:1";
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char host[16];
        snprintf(host, sizeof host, "%s", cases[i].host);
        struct lookup_question q = {
            .host = host, .port = 81, .family = cases[i].family, .name_server = nobody
        };
        struct lookup_answer answer;
        struct err e = { 0 };
        assert_true(lookup_is_fixed(&q));
        const int status = lookup_ask(&q, &answer, &e);
        assert_int_equal(status, cases[i].is_right ? 0 : -1);
        if (!cases[i].is_right)
            continue;
        assert_int_equal(answer.set->n, 1);
        assert_string_equal(answer.set->list[0].text, cases[i].host);
        assert_false(answer.has_ttl);
        address_set_free(answer.set);
    }
}

static void a_name_may_have_another_answer_tomorrow(void **state)
{
    char host[] = "example.test";
    const struct lookup_question q = { .host = host };
    (void)state;
    assert_false(lookup_is_fixed(&q));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overrides_know_names_as_dns_does),
        cmocka_unit_test(an_override_may_leave_names_and_ports_open),
        cmocka_unit_test(an_address_with_a_zone_is_that_of_an_interface),
        cmocka_unit_test(a_path_fits_to_its_last_byte),
        cmocka_unit_test(an_address_is_its_own_answer),
        cmocka_unit_test(a_name_may_have_another_answer_tomorrow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
