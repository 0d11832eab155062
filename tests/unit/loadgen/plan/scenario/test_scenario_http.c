/* The version of HTTP that a scenario's streams speak, and the requests that are open on a connection. */
#include "cm.h"
#include "err.h"
#include "plan.h"
#include "scenario.h"

#include <string.h>

static const struct scenario_overrides none;

#define STREAM(name, rest) "  - { name: " name ", request: /p, phases: [ { duration: 1s } ], " rest " }\n"
#define H2                                                                                                   \
    "target: { url: 'https://a:81', http: 2, h2_window: 128KiB }\nstreams:\n" STREAM("plain", "")            \
        STREAM("own", "target: { http: 1.1 }") STREAM("wide", "users: 60, streams_per_connection: 20")

static void read_with(struct plan *plan, const char *text, const struct scenario_overrides *o)
{
    struct err e = { 0 };
    if (scenario_parse(plan, "f.yaml", text, strlen(text), o, &e))
        fail_msg("%s", e.text);
}

static enum plan_http http_of(const struct plan *plan, size_t stream)
{
    return plan_target_of(plan, &plan->streams[stream])->http;
}

static void a_streams_target_takes_what_it_does_not_give_from_the_scenarios(void **state)
{
    struct plan plan;
    (void)state;
    read_with(&plan, "tls: { ca: /ca, server_name: s }\n" H2, &none);
    const struct plan_target *own = plan_target_of(&plan, &plan.streams[1]);
    assert_int_equal(http_of(&plan, 0), PLAN_HTTP_2);
    assert_int_equal(own->http, PLAN_HTTP_1);
    assert_string_equal(own->url, "https://a:81");
    assert_string_equal(own->host_header, "a:81");
    assert_string_equal(own->tls_options.ca_file, "/ca");
    assert_string_equal(own->tls_options.server_name, "s");
    assert_true(own->tls);
    assert_int_equal(own->port, 81);
    assert_int_equal(own->h2_window_bytes, 128 * 1024);
    plan_fini(&plan);
}

static void users_share_the_connections_of_http_2_alone(void **state)
{
    struct plan plan;
    (void)state;
    read_with(
        &plan,
        H2 STREAM(
            "piped",
            "target: { http: 1.1 }, users: 60, pipeline: 20") "  - { name: open, request: /, connections: 8, "
                                                              "streams_per_connection: 20, "
                                                              "phases: [ { rate: 1/s, duration: 1s } ] }\n",
        &none);
    assert_int_equal(plan.streams[0].n_connections, 1);
    assert_int_equal(plan.streams[2].n_users, 60);
    assert_int_equal(plan.streams[2].n_connections, 3);
    assert_int_equal(plan.streams[2].in_flight_most, 20);
    assert_int_equal(plan.streams[3].n_connections, 60);
    assert_int_equal(plan.streams[3].in_flight_most, 20);
    assert_int_equal(plan.streams[4].n_connections, 8);
    assert_int_equal(plan.streams[4].in_flight_most, 20);
    plan_fini(&plan);
}

static void the_command_lines_version_replaces_the_scenarios_alone(void **state)
{
    struct plan plan;
    (void)state;
    read_with(&plan,
              "target: http://a\nstreams:\n" STREAM("plain", "") STREAM("own", "target: { http: 1.1 }")
                  STREAM("away", "target: 'http://b'"),
              &(struct scenario_overrides){ .target = { .http2_prior = true } });
    assert_int_equal(http_of(&plan, 0), PLAN_HTTP_2_PRIOR);
    assert_int_equal(http_of(&plan, 1), PLAN_HTTP_1);
    assert_int_equal(http_of(&plan, 2), PLAN_HTTP_2_PRIOR);
    plan_fini(&plan);
}

static void the_command_lines_url_is_that_of_streams_that_have_only_a_version(void **state)
{
    struct plan plan;
    (void)state;
    read_with(&plan,
              "target: { http: 2 }\nstreams:\n" STREAM("own", "target: { http: 1.1 }") STREAM("plain", ""),
              &(struct scenario_overrides){ .target_url = "https://z" });
    assert_string_equal(plan_target_of(&plan, &plan.streams[0])->host, "z");
    assert_int_equal(http_of(&plan, 0), PLAN_HTTP_1);
    assert_int_equal(http_of(&plan, 1), PLAN_HTTP_2);
    plan_fini(&plan);
}

static void before_there_is_a_deployment_it_may_speak_any_version(void **state)
{
    static const char *const versions[] = { "1.1", "2", "2-prior-knowledge" };
    (void)state;
    for (int i = 0; i < 3; i++) {
        char text[256];
        struct plan plan;
        snprintf(text, sizeof text, "target: { url: deployment, http: %s }\nstreams:\n" STREAM("s", ""),
                 versions[i]);
        read_with(&plan, text, &(struct scenario_overrides){ .may_lack_deployment = true });
        assert_int_equal(http_of(&plan, 0), i);
        plan_fini(&plan);
    }
}

static void what_cannot_be_is_refused(void **state)
{
    static const struct {
        const char *text;
        struct target_options o;
        const char *sentence;
    } cases[] = {
        { "target: http://a\nstreams:\n" STREAM("s", ""),
          { .http1 = true, .http2 = true },
          "--http1.1 and --http2 exclude each other" },
        { "target: http://a\nstreams:\n" STREAM("s", ""),
          { .http2 = true },
          "HTTP/2 to an http:// URL is by prior knowledge: ask for it by --http2-prior-knowledge or `http: "
          "2-prior-knowledge`, or send to an https:// URL" },
        { "target: http://a\nstreams:\n" STREAM("s", "target: { http: 2-prior-knowledge }"),
          { .http1 = true },
          "--http1.1 has no effect: every stream of the scenario has its own 'http', which it keeps" },
        { H2,
          { .http1 = true },
          "f.yaml:5:73: error: 'streams_per_connection' needs HTTP/2, which --http1.1 replaces" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct plan plan;
        struct err e = { 0 };
        const struct scenario_overrides o = { .target = cases[i].o };
        assert_int_equal(scenario_parse(&plan, "f.yaml", cases[i].text, strlen(cases[i].text), &o, &e), -1);
        e.text[strcspn(e.text, "\n")] = '\0';
        assert_string_equal(e.text, cases[i].sentence);
        plan_fini(&plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_streams_target_takes_what_it_does_not_give_from_the_scenarios),
        cmocka_unit_test(users_share_the_connections_of_http_2_alone),
        cmocka_unit_test(the_command_lines_version_replaces_the_scenarios_alone),
        cmocka_unit_test(the_command_lines_url_is_that_of_streams_that_have_only_a_version),
        cmocka_unit_test(before_there_is_a_deployment_it_may_speak_any_version),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
