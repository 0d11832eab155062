/* A thread's ways to the endpoints of a plan, and which streams share one. */
#include "route.h"

#include "cm.h"
#include "dns_log.h"
#include "endpoints.h"
#include "err.h"
#include "scenario.h"

#include <string.h>

static struct plan plan;
static struct dns_log dns;
static struct endpoints endpoints;

static void make(const char *text)
{
    struct err e;
    dns_log_init(&dns);
    if (scenario_parse(&plan, "x.yaml", text, strlen(text), &(struct scenario_overrides){ 0 }, &e) ||
        endpoints_init(&endpoints, &plan, &dns, NULL, &e))
        fail_msg("%s", e.text);
}

static void drop(void)
{
    endpoints_fini(&endpoints);
    dns_log_fini(&dns);
    plan_fini(&plan);
}

#define STREAM(name, target) "  - { name: " name ", " target "request: /, phases: [ { requests: 1 } ] }\n"

static void streams_of_one_host_and_port_share_an_endpoint(void **state)
{
    (void)state;
    make("target: http://127.0.0.1:8080/base\nstreams:\n" STREAM("a", "")
             STREAM("b", "target: 'http://127.0.0.1:8081', ")
                 STREAM("c", "target: 'http://127.0.0.1:8080/other', ")
                     STREAM("d", "target: 'https://127.0.0.1:8080', ")
                         STREAM("e", "target: 'http://127.0.0.2:8080', "));
    static const uint32_t want[] = { 0, 1, 0, 2, 3 };
    assert_int_equal(endpoints.n, 4);
    assert_memory_equal(endpoints.of_stream, want, sizeof want);
    assert_ptr_equal(endpoints.list[0].target, &plan.target);
    assert_string_equal(addresses_now(&endpoints.list[3].addresses)->list[0].text, "127.0.0.2");
    drop();
}

static void a_target_that_no_stream_uses_is_not_looked_up(void **state)
{
    (void)state;
    make("target: http://does-not-exist.invalid\nstreams:\n" STREAM("a", "target: 'http://127.0.0.1', "));
    assert_int_equal(endpoints.n, 1);
    assert_string_equal(plan_main_target(&plan)->url, "http://127.0.0.1");
    drop();
}

static void each_route_is_plain_or_tls_as_its_target(void **state)
{
    struct route routes[2];
    struct err e;
    (void)state;
    make("streams:\n" STREAM("a", "target: 'http://127.0.0.1', ")
             STREAM("b", "target: 'https://127.0.0.1', ") "tls: { verify: false }\n");
    assert_int_equal(endpoints.n, 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(route_init(&routes[i], &endpoints.list[i], 1, &e), 0);
        assert_int_equal(routes[i].transport.has_handshake, i == 1);
        assert_ptr_equal(routes[i].addresses, &endpoints.list[i].addresses);
        route_fini(&routes[i]);
    }
    drop();
}

static void addresses_are_recorded_where_there_are_several(void **state)
{
    const struct plan_target target = { .tls = false };
    (void)state;
    for (uint32_t n = 1; n <= 3; n++) {
        struct endpoint to = { .target = &target };
        struct address_set set = { .n = n };
        struct route route;
        struct err e;
        atomic_store(&to.addresses.current, &set);
        assert_int_equal(route_init(&route, &to, 1, &e), 0);
        assert_int_equal(route.records_remotes, n > 1);
        route_fini(&route);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_of_one_host_and_port_share_an_endpoint),
        cmocka_unit_test(a_target_that_no_stream_uses_is_not_looked_up),
        cmocka_unit_test(each_route_is_plain_or_tls_as_its_target),
        cmocka_unit_test(addresses_are_recorded_where_there_are_several),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
