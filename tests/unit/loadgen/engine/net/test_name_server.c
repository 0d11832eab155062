#include "name_server.h"

#include "dns_thread.h"
#include "err.h"

#define SIXTY_THREE "123456789012345678901234567890123456789012345678901234567890123"

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
        assert_false(answer.unanswered_v4 || answer.unanswered_v6);
        dns_end(&server);
    }
}

static void no_such_record_is_an_answer_and_no_answer_is_not(void **state)
{
    static const struct {
        enum dns_says v4, v6;
        int status;
        size_t n;
        bool unanswered_v4, unanswered_v6;
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
        assert_int_equal(answer.unanswered_v4, cases[i].unanswered_v4);
        assert_int_equal(answer.unanswered_v6, cases[i].unanswered_v6);
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
    assert_int_equal(answer.addresses[0].ss_family, AF_INET);
    assert_false(answer.unanswered_v6);
    server.v6_says = DNS_ADDRESS;
    server.v4_says = DNS_REFUSES;
    ask(server.address, 6, &answer, 0);
    assert_int_equal(answer.n, 1);
    assert_int_equal(answer.addresses[0].ss_family, AF_INET6);
    assert_false(answer.unanswered_v4);
    dns_end(&server);
}

/* A chain of aliases is valid as long as its shortest link, in whichever reply that came. */
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
    static const char *const cases[] = {
        "name.test",  "10.0.0.2:0",    "10.0.0.2:65536", "[::1",        "",
        "[::1]53",    "[::1]x:53",     "[::1]:0",        "[::1]:65536", "10.0.0.2:",
        "10.0.0.2:x", "[10.0.0.2:53",  "::1]:53",        "::g",         "[]:53",
        SIXTY_THREE,  SIXTY_THREE "8", SIXTY_THREE "89"
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct name_server_answer answer;
        struct err e;
        if (name_server_ask(cases[i], "balancer.test", 0, &answer, &e) == 0 || e.kind != ERR_INPUT)
            fail_msg("'%s' was taken", cases[i]);
        assert_false(answer.unanswered_v4 || answer.unanswered_v6); /* no server was asked */
    }
}

/* Nothing listens there, which is known at once. */
static void what_is_an_address_is_asked(void **state)
{
    static const char *const cases[] = { "127.0.0.1:65535", "127.0.0.1:1", "[127.0.0.1]:1", "[::1]:65535" };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct name_server_answer answer;
        struct err e;
        assert_int_equal(name_server_ask(cases[i], "balancer.test", 4, &answer, &e), -1);
        if (e.kind != ERR_FAILED)
            fail_msg("'%s': %s", cases[i], e.text);
        assert_true(answer.unanswered_v4);
        assert_false(answer.unanswered_v6);
    }
}

/* --- answers --- */

/* An answer of `n` records, without the question. */
static size_t begin_packet(unsigned char *packet, unsigned n)
{
    memset(packet, 0, 12);
    packet[2] = 0x84;
    packet[7] = (unsigned char)n;
    return 12;
}

static size_t add_record(unsigned char *packet, size_t at, unsigned type, uint32_t ttl_s, unsigned data_bytes)
{
    const uint32_t ttl = htonl(ttl_s);
    unsigned char *p = packet + at;
    memset(p, 0, 11 + data_bytes);
    p[2] = (unsigned char)type;
    p[4] = 1; /* IN */
    memcpy(p + 5, &ttl, sizeof ttl);
    p[10] = (unsigned char)data_bytes;
    return at + 11 + data_bytes;
}

static struct name_server_answer take(const unsigned char *packet, size_t length)
{
    struct name_server_answer answer = { .ttl_s = UINT32_MAX };
    assert_true(name_server_take(&answer, packet, length));
    return answer;
}

static void as_many_addresses_are_taken_as_there_is_room_for(void **state)
{
    unsigned char packet[2048];
    (void)state;
    for (unsigned n = 0; n <= NAME_SERVER_ADDRESSES_MOST + 2; n++) {
        size_t length = begin_packet(packet, n);
        for (unsigned i = 0; i < n; i++)
            length = add_record(packet, length, 1, 100 - i, 4);
        const struct name_server_answer answer = take(packet, length);
        assert_int_equal(answer.n, n < NAME_SERVER_ADDRESSES_MOST ? n : NAME_SERVER_ADDRESSES_MOST);
        assert_int_equal(answer.ttl_s, n ? 101 - n : UINT32_MAX);
    }
}

static void only_what_has_an_address_s_length_is_one(void **state)
{
    static const struct {
        unsigned type, data_bytes;
        int family; /* 0: none */
    } cases[] = { { 1, 4, AF_INET }, { 1, 3, 0 },          { 1, 5, 0 },  { 1, 16, 0 },
                  { 1, 0, 0 },       { 28, 16, AF_INET6 }, { 28, 4, 0 }, { 28, 15, 0 },
                  { 28, 17, 0 },     { 16, 4, 0 },         { 16, 16, 0 } };
    unsigned char packet[64];
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        size_t length = begin_packet(packet, 1);
        length = add_record(packet, length, cases[i].type, 5, cases[i].data_bytes);
        const struct name_server_answer answer = take(packet, length);
        assert_int_equal(answer.n, cases[i].family ? 1 : 0);
        if (cases[i].family)
            assert_int_equal(answer.addresses[0].ss_family, cases[i].family);
    }
}

/* RFC 2181 section 8. */
static void a_time_beyond_31_bits_is_none(void **state)
{
    static const struct {
        uint32_t told_s, ttl_s;
    } cases[] = { { 0, 0 }, { 1, 1 }, { INT32_MAX, INT32_MAX }, { INT32_MAX + 1u, 0 }, { UINT32_MAX, 0 } };
    unsigned char packet[64];
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        size_t length = begin_packet(packet, 1);
        length = add_record(packet, length, 1, cases[i].told_s, 4);
        assert_int_equal(take(packet, length).ttl_s, cases[i].ttl_s);
    }
}

static void what_is_no_answer_is_refused(void **state)
{
    struct name_server_answer answer = { 0 };
    unsigned char packet[64];
    (void)state;
    const size_t length = add_record(packet, begin_packet(packet, 1), 1, 5, 4);
    for (size_t n = 0; n < length; n++)
        assert_false(name_server_take(&answer, packet, n));
    assert_false(name_server_take(&answer, packet, (size_t)INT32_MAX + 1));
    assert_int_equal(answer.n, 0);
    assert_true(name_server_take(&answer, packet, length));
    assert_int_equal(answer.n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_is_asked_over_ipv4_and_ipv6),
        cmocka_unit_test(no_such_record_is_an_answer_and_no_answer_is_not),
        cmocka_unit_test(what_is_not_asked_for_is_not_lacking),
        cmocka_unit_test(the_time_of_an_alias_counts),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(what_is_an_address_is_asked),
        cmocka_unit_test(as_many_addresses_are_taken_as_there_is_room_for),
        cmocka_unit_test(only_what_has_an_address_s_length_is_one),
        cmocka_unit_test(a_time_beyond_31_bits_is_none),
        cmocka_unit_test(what_is_no_answer_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
