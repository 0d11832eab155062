/* What scenario files mean. */
#include "err.h"
#include "files.h"
#include "plan.h"
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define S_NS UINT64_C(1000000000)

static const struct scenario_overrides none = { 0 };

static void read_with(struct plan *plan, const char *path, const char *text,
                      const struct scenario_overrides *o)
{
    struct err e = { 0 };
    if (scenario_parse(plan, path, text, strlen(text), o, &e))
        fail_msg("%s", e.text);
}

static void read_plan(struct plan *plan, const char *text)
{
    read_with(plan, "folder/file.yaml", text, &none);
}

/* A scenario with one stream, of which `rest` holds everything but name and target. */
static void read_stream(struct plan *plan, const char *rest)
{
    char text[2048];
    snprintf(text, sizeof text, "target: http://h\nstreams:\n  - name: s\n%s", rest);
    read_plan(plan, text);
}

static const char *bytes_of(const struct plan_request *r)
{
    assert_int_equal(r->n_pieces, 1);
    static char text[2048];
    snprintf(text, sizeof text, "%.*s", (int)r->pieces[0].length_bytes, r->pieces[0].text);
    return text;
}

static void a_stream_is_closed_with_one_user_unless_it_says_more(void **state)
{
    struct plan plan;
    (void)state;
    read_stream(&plan, "    request: /x\n    phases: [ { requests: 5k } ]\n");
    const struct plan_stream *s = &plan.streams[0];
    assert_string_equal(plan.name, "file");
    assert_string_equal(plan.scenario_file, "folder/file.yaml");
    assert_int_equal(plan.n_threads, 1);
    assert_string_equal(s->cluster, "target");
    assert_int_equal(s->model, PLAN_CLOSED);
    assert_int_equal(s->n_users, 1);
    assert_int_equal(s->n_connections, 1);
    assert_int_equal(s->timeout_ns, 10 * S_NS);
    assert_int_equal(s->connect_timeout_ns, 5 * S_NS);
    assert_int_equal(s->idle_limit_ns, 50 * S_NS);
    assert_int_equal(s->requests_per_connection, 0);
    assert_int_equal(s->in_flight_most, 1);
    assert_int_equal(s->phases[0].kind, PLAN_PHASE_REQUESTS);
    assert_int_equal(s->phases[0].n_requests, 5000);
    assert_string_equal(s->phases[0].name, "p1");
    assert_true(plan_expects_status(&s->expect, 200) && plan_expects_status(&s->expect, 299));
    assert_false(plan_expects_status(&s->expect, 199) || plan_expects_status(&s->expect, 300));
    assert_false(s->expect.checks_body);
    assert_true(plan.target.tls_options.verify && plan.target.tls_options.resume);
    assert_int_equal(plan.target.resolve_every_ns, 60 * S_NS);
    plan_fini(&plan);
}

static void phases_of_users(void **state)
{
    struct plan plan;
    (void)state;
    read_stream(&plan,
                "    request: /\n    users: 20\n    think: 100ms\n    phases:\n"
                "      - { name: warm, duration: 5s, warmup: true }\n      - { requests: 10, duration: 1m }\n"
                "      - { pause: 1m30s }\n");
    const struct plan_stream *s = &plan.streams[0];
    assert_int_equal(s->n_users, 20);
    assert_int_equal(s->n_connections, 20);
    assert_int_equal(s->think_ns, S_NS / 10);
    assert_string_equal(s->phases[0].name, "warm");
    assert_int_equal(s->phases[0].kind, PLAN_PHASE_DURATION);
    assert_true(s->phases[0].warmup);
    assert_int_equal(s->phases[1].kind, PLAN_PHASE_REQUESTS);
    assert_int_equal(s->phases[1].duration_ns, 60 * S_NS);
    assert_string_equal(s->phases[1].name, "p2");
    assert_int_equal(s->phases[2].kind, PLAN_PHASE_PAUSE);
    assert_int_equal(s->phases[2].duration_ns, 90 * S_NS);
    assert_int_equal(plan.n_phases, 3);
    plan_fini(&plan);
}

static void a_rate_makes_a_stream_open(void **state)
{
    struct plan plan;
    (void)state;
    read_stream(&plan, "    request: /\n    phases:\n      - { rate: 500/s, duration: 5s }\n      - { rate: "
                       "2k/s, ramp_to: 5k/s, "
                       "duration: 60s }\n      - { burst: 100 }\n      - { rate: 100, requests: 50 }\n");
    const struct plan_stream *s = &plan.streams[0];
    assert_int_equal(s->model, PLAN_OPEN);
    assert_int_equal(s->arrivals, PLAN_CONSTANT);
    assert_int_equal(s->n_users, 0);
    assert_int_equal(s->n_connections, 256);
    assert_int_equal(s->queue_most, 50000); /* the highest rate for as long as the timeout */
    assert_int_equal(s->phases[0].kind, PLAN_PHASE_RATE);
    assert_int_equal(s->phases[0].n_requests, 2500);
    assert_int_equal(s->phases[1].kind, PLAN_PHASE_RAMP);
    assert_int_equal(s->phases[1].n_requests, 210000);
    assert_int_equal(s->phases[2].kind, PLAN_PHASE_BURST);
    assert_int_equal(s->phases[2].n_requests, 100);
    assert_int_equal(s->phases[3].duration_ns, S_NS / 2);
    assert_int_equal(s->phases[3].n_requests, 50);
    plan_fini(&plan);
}

static void a_ramp_may_begin_or_end_at_0(void **state)
{
    struct plan plan;
    (void)state;
    read_stream(&plan, "    request: /\n    phases:\n      - { rate: 0/s, ramp_to: 100/s, duration: 2s }\n"
                       "      - { rate: 100/s, ramp_to: 0, requests: 50 }\n");
    const struct plan_phase *up = &plan.streams[0].phases[0];
    const struct plan_phase *down = &plan.streams[0].phases[1];
    assert_int_equal(up->kind, PLAN_PHASE_RAMP);
    assert_int_equal(up->n_requests, 100);
    assert_int_equal(down->kind, PLAN_PHASE_RAMP);
    assert_true(down->rate_per_s == 100 && down->rate_end_per_s == 0);
    assert_int_equal(down->duration_ns, S_NS);
    plan_fini(&plan);
}

static void the_keys_of_a_stream_reach_the_plan(void **state)
{
    struct plan plan;
    (void)state;
    read_stream(
        &plan, "    cluster: c\n    request: /\n    arrivals: poisson\n    connections: 7\n    queue: 0\n    "
               "timeout: 3s\n"
               "    connect_timeout: 4s\n    idle_limit: 0\n    requests_per_connection: 9\n    pipeline: 4\n"
               "    phases: [ { rate: 1, duration: 1s } ]\n");
    const struct plan_stream *s = &plan.streams[0];
    assert_string_equal(s->cluster, "c");
    assert_int_equal(s->arrivals, PLAN_POISSON);
    assert_int_equal(s->n_connections, 7);
    assert_int_equal(s->queue_most, 0);
    assert_int_equal(s->timeout_ns, 3 * S_NS);
    assert_int_equal(s->connect_timeout_ns, 3 * S_NS); /* never above the timeout */
    assert_int_equal(s->idle_limit_ns, 0);
    assert_int_equal(s->requests_per_connection, 9);
    assert_int_equal(s->in_flight_most, 4);
    assert_string_equal(plan.clusters[0].name, "c");
    assert_string_equal(plan.clusters[0].label, "c");
    plan_fini(&plan);
}

static void a_request_is_rendered_with_the_targets_host_and_base(void **state)
{
    struct plan plan;
    (void)state;
    read_plan(&plan,
              "target: https://[::1]:8443/api/\nstreams:\n  - name: s\n    keep_alive: false\n    request:\n"
              "      method: PATCH\n      path: /x?a=b\n      headers: { accept: text/plain, X-N: 5 }\n"
              "      cookies: { a: 1, b: two }\n      basic_auth: joe:pw\n      body: |\n        hello\n"
              "    phases: [ { requests: 1 } ]\n");
    assert_string_equal(
        bytes_of(&plan.streams[0].requests[0]),
        "PATCH /api/x?a=b HTTP/1.1\r\nHost: [::1]:8443\r\nUser-Agent: loadgen/" LOADGEN_VERSION
        "\r\naccept: text/plain\r\nX-N: 5\r\nCookie: a=1; b=two\r\nAuthorization: Basic am9lOnB3\r\n"
        "Connection: close\r\nContent-Length: 6\r\n\r\nhello\n");
    assert_string_equal(plan.streams[0].requests[0].path, "/x?a=b");
    assert_true(plan.target.tls);
    plan_fini(&plan);
}

static void requests_may_be_a_sequence_or_a_weighted_mix(void **state)
{
    struct plan plan;
    (void)state;
    read_stream(
        &plan,
        "    requests: [ /a, { method: HEAD, path: /b, weight: 3 } ]\n    phases: [ { requests: 1 } ]\n");
    assert_int_equal(plan.streams[0].mix, PLAN_MIX_SEQUENCE);
    assert_int_equal(plan.streams[0].n_requests, 2);
    assert_true(plan.streams[0].requests[1].is_head);
    plan_fini(&plan);
    read_stream(&plan, "    mix: weighted\n    requests: [ /a, { method: HEAD, path: /b, weight: 3 } ]\n"
                       "    phases: [ { requests: 1 } ]\n");
    assert_int_equal(plan.streams[0].mix, PLAN_MIX_WEIGHTED);
    assert_int_equal(plan.streams[0].requests[0].weight, 1);
    assert_int_equal(plan.streams[0].requests[1].weight, 3);
    plan_fini(&plan);
}

static void what_is_expected_of_a_response(void **state)
{
    struct plan plan;
    (void)state;
    read_stream(
        &plan, "    request: /\n    expect:\n      status: [ 200, 3xx, 410-412 ]\n"
               "      body: \"Instance {instance} is responding now!\"\n      headers: { server: x, etag: }\n"
               "    phases: [ { requests: 1 } ]\n");
    const struct plan_expect *x = &plan.streams[0].expect;
    static const unsigned right[] = { 200, 300, 399, 410, 411, 412 };
    static const unsigned wrong[] = { 99, 100, 201, 299, 400, 409, 413, 699, 700 };
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        assert_true(plan_expects_status(x, right[i]));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(plan_expects_status(x, wrong[i]));
    assert_true(x->checks_body && x->has_instance);
    assert_string_equal(x->body_before, "Instance ");
    assert_string_equal(x->body_after, " is responding now!");
    assert_int_equal(x->n_headers, 2);
    assert_string_equal(x->headers[0].value, "x");
    assert_null(x->headers[1].value);
    plan_fini(&plan);
}

static void the_way_to_the_target_can_be_changed(void **state)
{
    struct plan plan;
    (void)state;
    read_plan(&plan,
              "target: https://example.org\nhost: other.org\nip: 6\nresolve: [ \"example.org:443:[::1]\" ]\n"
              "connect_to: a:1:b:2\nbind: [ 127.0.0.1, 127.0.0.2 ]\nname_server: 127.0.0.1:5353\n"
              "tls: { verify: false, resume: false, ca: ca.pem, cert: /c.pem, key: k.pem, server_name: n, "
              "min_version: "
              "1.3 }\nstreams: [ { name: s, request: /, phases: [ { requests: 1 } ] } ]\n");
    const struct plan_target *t = &plan.target;
    assert_string_equal(t->host, "example.org");
    assert_int_equal(t->port, 443);
    assert_string_equal(t->host_header, "other.org");
    assert_int_equal(t->family, 6);
    assert_string_equal(t->resolve[0].to_host, "::1");
    assert_string_equal(t->connect_to[0].to_host, "b");
    assert_int_equal(t->connect_to[0].to_port, 2);
    assert_int_equal(t->n_bind_addresses, 2);
    assert_string_equal(t->name_server, "127.0.0.1:5353");
    assert_false(t->tls_options.verify || t->tls_options.resume);
    assert_string_equal(t->tls_options.ca_file, "folder/ca.pem"); /* beside the scenario */
    assert_string_equal(t->tls_options.cert_file, "/c.pem");
    assert_string_equal(t->tls_options.server_name, "n");
    assert_int_equal(t->tls_options.min_version, 13);
    plan_fini(&plan);
}

static void seeds_differ_unless_one_is_given(void **state)
{
    struct plan a, b;
    (void)state;
    read_stream(&a, "    request: /\n    phases: [ { requests: 1 } ]\n");
    read_stream(&b, "    request: /\n    phases: [ { requests: 1 } ]\n");
    assert_true(a.seed != b.seed);
    assert_true(a.seed < UINT64_C(1) << 53 && b.seed < UINT64_C(1) << 53);
    plan_fini(&a);
    plan_fini(&b);
}

static void secrets_are_masked_in_the_text_that_is_kept(void **state)
{
    static const char *const secrets[] = { "SECRET1", "SECRET2", "SECRET3", "SECRET4",
                                           "SECRET5", "SECRET6", "SECRET7" };
    struct plan plan;
    (void)state;
    read_stream(&plan,
                "    # a comment\n    request:\n      path: /x\n      headers:\n        Authorization: "
                "Bearer SECRET1\n"
                "        x-api-key: \"SECRET2\"\n        My-Token: |-\n          SECRET3SECRET3\n        "
                "accept: '*/*'\n"
                "      cookies: { sid: SECRET4, b: 'SECRET5' }\n      basic_auth: >-\n        joe:SECRET6\n"
                "    expect: { headers: { set-cookie: SECRET7 } }\n    phases: [ { requests: 1 } ]\n"
                "# \xC3\xA4 the end\n");
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        assert_null(strstr(plan.scenario_text, secrets[i]));
    assert_string_equal(
        plan.scenario_text,
        "target: http://h\nstreams:\n  - name: s\n    # a comment\n    request:\n      path: /x\n      "
        "headers:\n"
        "        Authorization: (given)\n        x-api-key: \"(given)\"\n        My-Token: |-\n"
        "          (given)\n        accept: '*/*'\n      cookies: { sid: (given), b: '(given)' }\n"
        "      basic_auth: >-\n        (given)\n    expect: { headers: { set-cookie: (given) } }\n"
        "    phases: [ { requests: 1 } ]\n# \xC3\xA4 the end\n");
    plan_fini(&plan);
}

static void the_text_that_is_kept_shows_what_a_session_says_of_secrets(void **state)
{
    struct plan plan;
    (void)state;
    read_stream(&plan, "    users: 1\n    session:\n      cookies: none\n      steps:\n"
                       "        - name: login\n          method: POST\n          path: '/login?pin=SECRET1'\n"
                       "          json: { pass: SECRET2, word: '{user}' }\n"
                       "          capture: { token: { json: $.t }, jwt: { cookie: j, or: SECRET3 } }\n"
                       "        - name: form\n          method: POST\n          path: /f\n"
                       "          form: { token: '{token}' }\n"
                       "        - name: raw\n          method: POST\n          path: /r\n"
                       "          body: '{\"pwd\": \"SECRET4\"}'\n"
                       "    phases: [ { passes: 1 } ]\n");
    assert_string_equal(plan.scenario_text,
                        "target: http://h\nstreams:\n  - name: s\n    users: 1\n    session:\n      cookies: "
                        "none\n      steps:\n"
                        "        - name: login\n          method: POST\n          path: '(given)'\n"
                        "          json: { pass: (given), word: '{user}' }\n"
                        "          capture: { token: { json: $.t }, jwt: { cookie: j, or: (given) } }\n"
                        "        - name: form\n          method: POST\n          path: /f\n"
                        "          form: { token: '{token}' }\n"
                        "        - name: raw\n          method: POST\n          path: /r\n"
                        "          body: '(given)'\n"
                        "    phases: [ { passes: 1 } ]\n");
    plan_fini(&plan);
}

static void files_are_looked_for_beside_the_scenario(void **state)
{
    static const char text[] =
        "target: http://h\nstreams:\n  - name: s\n    feed: f.csv\n"
        "    requests: [ { path: '/{csv:id}' }, { path: /, body_file: b.bin, method: POST } ]\n"
        "    phases: [ { requests: 1 } ]\n";
    char folder[] = "/tmp/loadgen-test-XXXXXX";
    char path[64];
    struct plan plan;
    struct err e;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/f.csv", folder);
    assert_int_equal(files_write(path, "id,name\n7,x\n8,\"a, b\"\n", 21, 0600, &e), 0);
    snprintf(path, sizeof path, "%s/b.bin", folder);
    assert_int_equal(files_write(path, "a\0{counter}", 11, 0600, &e), 0);
    snprintf(path, sizeof path, "%s/s.yaml", folder);
    read_with(&plan, path, text, &none);
    const struct plan_stream *s = &plan.streams[0];
    assert_int_equal(s->feeds[0]->n_rows, 2);
    assert_string_equal(s->feeds[0]->cells[3], "a, b");
    assert_int_equal(s->requests[0].pieces[1].kind, PLAN_PIECE_FEED);
    const struct plan_piece *p = &s->requests[1].pieces[0];
    assert_int_equal(s->requests[1].n_pieces, 1); /* a file is sent as it is */
    assert_memory_equal(p->text + p->length_bytes - 11, "a\0{counter}", 11);
    plan_fini(&plan);
    assert_int_equal(files_remove_tree(folder, &e), 0);
}

static void thresholds_belong_to_everything_a_cluster_or_a_stream(void **state)
{
    struct plan plan;
    (void)state;
    read_stream(&plan,
                "    cluster: c\n    request: /\n    phases: [ { requests: 1 } ]\n"
                "thresholds: [ 'p99 < 1s', { that: 'c.errors < 1%', abort: true }, 's.rate > 5/s' ]\n");
    assert_int_equal(plan.n_thresholds, 3);
    assert_string_equal(plan.thresholds[0].scope, "");
    assert_false(plan.thresholds[0].aborts);
    assert_string_equal(plan.thresholds[1].scope, "c");
    assert_true(plan.thresholds[1].aborts);
    assert_string_equal(plan.thresholds[2].text, "s.rate > 5/s");
    plan_fini(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_is_closed_with_one_user_unless_it_says_more),
        cmocka_unit_test(phases_of_users),
        cmocka_unit_test(a_rate_makes_a_stream_open),
        cmocka_unit_test(a_ramp_may_begin_or_end_at_0),
        cmocka_unit_test(the_keys_of_a_stream_reach_the_plan),
        cmocka_unit_test(a_request_is_rendered_with_the_targets_host_and_base),
        cmocka_unit_test(requests_may_be_a_sequence_or_a_weighted_mix),
        cmocka_unit_test(what_is_expected_of_a_response),
        cmocka_unit_test(the_way_to_the_target_can_be_changed),
        cmocka_unit_test(seeds_differ_unless_one_is_given),
        cmocka_unit_test(secrets_are_masked_in_the_text_that_is_kept),
        cmocka_unit_test(the_text_that_is_kept_shows_what_a_session_says_of_secrets),
        cmocka_unit_test(files_are_looked_for_beside_the_scenario),
        cmocka_unit_test(thresholds_belong_to_everything_a_cluster_or_a_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
