/* Streams with a target of their own. */
#include "cm.h"
#include "err.h"
#include "plan.h"
#include "scenario.h"

#include <string.h>

static const struct scenario_overrides none;

#define STREAM(name, rest) "  - { name: " name ", request: /p, phases: [ { requests: 1 } ], " rest " }\n"
#define MIXED                                                                                                \
    "target: http://a:81/base\nstreams:\n" STREAM("own", "cluster: x, target: 'https://b:82/other/'")        \
        STREAM("plain", "cluster: y")
#define ALL_OWN                                                                                              \
    "streams:\n" STREAM("one", "cluster: x, target: 'http://b:82'")                                          \
        STREAM("two", "cluster: y, target: 'http://c:83'")

static void read_with(struct plan *plan, const char *text, const struct scenario_overrides *o)
{
    struct err e = { 0 };
    if (scenario_parse(plan, "f.yaml", text, strlen(text), o, &e))
        fail_msg("%s", e.text);
}

static const char *request_of(const struct plan *plan, size_t stream)
{
    return plan->streams[stream].requests[0].pieces[0].text;
}

static void a_stream_with_a_target_sends_there_and_the_others_to_the_scenarios(void **state)
{
    struct plan plan;
    (void)state;
    read_with(&plan, MIXED, &none);
    assert_true(plan_target_of(&plan, &plan.streams[0])->tls);
    assert_int_equal(plan_target_of(&plan, &plan.streams[0])->port, 82);
    assert_ptr_equal(plan_target_of(&plan, &plan.streams[1]), &plan.target);
    assert_non_null(strstr(request_of(&plan, 0), "GET /other/p HTTP/1.1\r\nHost: b:82\r\n"));
    assert_non_null(strstr(request_of(&plan, 1), "GET /base/p HTTP/1.1\r\nHost: a:81\r\n"));
    plan_fini(&plan);
}

static void all_but_the_url_counts_for_every_target(void **state)
{
    static const char *to[] = { "b:82:d:1" };
    struct plan plan;
    (void)state;
    read_with(&plan, "host: h\nip: 4\nbind: 127.0.0.1\ntls: { verify: false }\n" MIXED,
              &(struct scenario_overrides){ .target = { .connect_to = { to, 1 }, .no_resume = true } });
    for (size_t i = 0; i < 2; i++) {
        const struct plan_target *t = plan_target_of(&plan, &plan.streams[i]);
        assert_string_equal(t->host_header, "h");
        assert_int_equal(t->family, 4);
        assert_string_equal(t->bind_addresses[0], "127.0.0.1");
        assert_false(t->tls_options.verify || t->tls_options.resume);
        assert_string_equal(t->connect_to[0].to_host, "d");
    }
    plan_fini(&plan);
}

static void the_command_lines_target_replaces_the_scenarios_alone(void **state)
{
    struct plan plan;
    (void)state;
    read_with(&plan, MIXED, &(struct scenario_overrides){ .target_url = "http://z" });
    assert_string_equal(plan_target_of(&plan, &plan.streams[0])->host, "b");
    assert_string_equal(plan_target_of(&plan, &plan.streams[1])->host, "z");
    plan_fini(&plan);
}

static void a_target_without_effect_is_refused(void **state)
{
    static const struct {
        struct scenario_overrides o;
        const char *text, *sentence;
    } cases[] = {
        { { .target_url = "http://z" },
          ALL_OWN,
          "--target has no effect: every stream of the scenario has its own 'target', which it keeps" },
        { { .deployment_file = "/nowhere", .may_lack_deployment = true },
          ALL_OWN,
          "--deployment has no effect: every stream of the scenario has its own 'target', which it keeps" },
        { { .target = { .ca_file = "ca.pem" } },
          ALL_OWN,
          "TLS settings need a target that begins with https://, not http://b:82" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plan plan;
        struct err e = { 0 };
        assert_int_equal(
            scenario_parse(&plan, "f.yaml", cases[i].text, strlen(cases[i].text), &cases[i].o, &e), -1);
        assert_string_equal(e.text, cases[i].sentence);
        plan_fini(&plan);
    }
}

static void the_first_streams_target_stands_for_a_scenarios_that_none_uses(void **state)
{
    static const struct {
        const char *text, *only, *url;
    } cases[] = {
        { MIXED, NULL, "http://a:81/base" }, { MIXED, "x", "https://b:82/other/" },
        { MIXED, "y", "http://a:81/base" },  { ALL_OWN, NULL, "http://b:82" },
        { ALL_OWN, "y", "http://c:83" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plan plan;
        read_with(&plan, cases[i].text, &(struct scenario_overrides){ .only = cases[i].only });
        assert_string_equal(plan_main_target(&plan)->url, cases[i].url);
        plan_fini(&plan);
    }
}

static void targets_are_listed_once_each(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        { "target: http://a\nstreams:\n" STREAM("s", "") STREAM("t", "target: 'http://a'"), "http://a" },
        { MIXED, "http://a:81/base and https://b:82/other/" },
        { ALL_OWN STREAM("three", "target: 'http://c:83'"), "http://b:82 and http://c:83" },
        { ALL_OWN STREAM("three", "target: 'http://d'") STREAM("four", "target: 'http://d'"), "3 targets" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[PLAN_TARGETS_TEXT_BYTES];
        struct plan plan;
        read_with(&plan, cases[i].text, &none);
        assert_string_equal(plan_targets_text(&plan, text), cases[i].want);
        plan_fini(&plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_with_a_target_sends_there_and_the_others_to_the_scenarios),
        cmocka_unit_test(all_but_the_url_counts_for_every_target),
        cmocka_unit_test(the_command_lines_target_replaces_the_scenarios_alone),
        cmocka_unit_test(a_target_without_effect_is_refused),
        cmocka_unit_test(the_first_streams_target_stands_for_a_scenarios_that_none_uses),
        cmocka_unit_test(targets_are_listed_once_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
