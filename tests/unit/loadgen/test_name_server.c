#include "name_server.h"

#include "dns_thread.h"
#include "err.h"

static void ask(const char *server, int family, struct name_server_answer *answer, int status)
{
    struct err e = { 0 };
    if (name_server_ask(server, "balancer.test", family, answer, &e) != status)
        fail_msg("%s: %s", server, e.text);
}

static void a_server_is_asked_over_ipv4_and_ipv6(void **state)
{
    static const int kinds[] = { AF_INET, AF_INET6 };
    (void)state;
    for (size_t i = 0; i < N_OF(kinds); i++) {
        struct dns_thread server;
        struct name_server_answer answer;
        if (!dns_start(&server, kinds[i])) {
            print_message("this machine has no IPv6: that half is skipped\n");
            continue;
        }
        ask(server.address, 0, &answer, 0);
        assert_int_equal(answer.n, 2);
        assert_int_equal(answer.addresses[0].ss_family, AF_INET);
        assert_int_equal(answer.addresses[1].ss_family, AF_INET6);
        assert_int_equal(answer.ttl_s, 7);
        assert_false(answer.lacks_v4 || answer.lacks_v6);
        dns_end(&server);
    }
}

static void no_such_record_is_an_answer_and_no_answer_is_not(void **state)
{
    static const struct {
        enum dns_says v4, v6;
        int status;
        size_t n;
        bool lacks_v4, lacks_v6;
    } cases[] = {
        { DNS_ADDRESS, DNS_NONE, 0, 1, false, false },   { DNS_ADDRESS, DNS_REFUSES, 0, 1, false, true },
        { DNS_REFUSES, DNS_ADDRESS, 0, 1, true, false }, { DNS_NONE, DNS_NONE, -1, 0, false, false },
        { DNS_REFUSES, DNS_REFUSES, -1, 0, true, true },
    };
    struct dns_thread server;
    (void)state;
    assert_true(dns_start(&server, AF_INET));
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct name_server_answer answer;
        server.v4_says = cases[i].v4;
        server.v6_says = cases[i].v6;
        ask(server.address, 0, &answer, cases[i].status);
        assert_int_equal(answer.n, cases[i].n);
        assert_int_equal(answer.lacks_v4, cases[i].lacks_v4);
        assert_int_equal(answer.lacks_v6, cases[i].lacks_v6);
    }
    dns_end(&server);
}

static void what_is_not_asked_for_is_not_lacking(void **state)
{
    struct dns_thread server;
    struct name_server_answer answer;
    (void)state;
    assert_true(dns_start(&server, AF_INET));
    server.v6_says = DNS_REFUSES;
    ask(server.address, 4, &answer, 0);
    assert_int_equal(answer.n, 1);
    assert_false(answer.lacks_v6);
    dns_end(&server);
}

/* A chain of names lives as long as its shortest link, whichever question it came to light with. */
static void the_time_of_an_alias_counts(void **state)
{
    static const struct {
        enum dns_says v4, v6;
        uint32_t ttl_s;
    } cases[] = {
        { DNS_ADDRESS, DNS_ADDRESS, 7 }, { DNS_ALIAS, DNS_NONE, 2 },    { DNS_ALIAS, DNS_ALIAS, 2 },
        { DNS_ADDRESS, DNS_ALIAS, 2 },   { DNS_ALIAS, DNS_ADDRESS, 2 },
    };
    struct dns_thread server;
    (void)state;
    assert_true(dns_start(&server, AF_INET));
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct name_server_answer answer;
        server.v4_says = cases[i].v4;
        server.v6_says = cases[i].v6;
        ask(server.address, 0, &answer, 0);
        assert_int_equal(answer.n, cases[i].v6 == DNS_NONE ? 1 : 2);
        assert_int_equal(answer.ttl_s, cases[i].ttl_s);
    }
    dns_end(&server);
}

static void what_is_no_address_is_refused(void **state)
{
    static const char *const cases[] = { "name.test", "10.0.0.2:0", "10.0.0.2:70000", "[::1", "" };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct name_server_answer answer;
        struct err e;
        if (name_server_ask(cases[i], "balancer.test", 0, &answer, &e) == 0 || e.kind != ERR_INPUT)
            fail_msg("'%s' was taken", cases[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_is_asked_over_ipv4_and_ipv6),
        cmocka_unit_test(no_such_record_is_an_answer_and_no_answer_is_not),
        cmocka_unit_test(what_is_not_asked_for_is_not_lacking),
        cmocka_unit_test(the_time_of_an_alias_counts),
        cmocka_unit_test(what_is_no_address_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
