#include "err.h"
#include "plan.h"
#include "plan_view.h"
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *view_share(const char *scenario, uint32_t index, uint32_t count)
{
    struct plan plan;
    struct err e = { 0 };
    char *text = NULL;
    size_t length;
    if (scenario_parse(&plan, "x.yaml", scenario, strlen(scenario), &(struct scenario_overrides){ 0 }, &e))
        fail_msg("%s", e.text);
    plan.share = (struct share){ index, count };
    FILE *out = open_memstream(&text, &length);
    plan_view_print(&plan, out);
    fclose(out);
    plan_fini(&plan);
    return text;
}

static char *view(const char *scenario)
{
    return view_share(scenario, 0, 0);
}

static const char three_streams[] =
    "target: https://example.org:8443/base\nseed: 7\nthreads: 2\nstreams:\n"
    "  - name: mix\n    cluster: a\n    mix: weighted\n    requests:\n"
    "      - path: /a?n={counter}\n        weight: 3\n        headers: { Authorization: Bearer abc, "
    "x: '{uuid}' }\n"
    "        cookies: { sid: 123 }\n"
    "      - { method: POST, path: /b, body: '{\"id\": {counter}}', basic_auth: 'joe:secret' }\n"
    "    arrivals: poisson\n    phases:\n      - { warmup: true, rate: 500/s, duration: 5s }\n"
    "      - { pause: 1s }\n      - { rate: 2k/s, ramp_to: 5k/s, duration: 60s }\n      - { burst: "
    "100 }\n"
    "  - { name: one, request: /x, phases: [ { requests: 1, duration: 90s } ], timeout: 3s }\n"
    "  - { name: two, request: /x, users: 10, think: 100ms, phases: [ { duration: 10s } ], timeout: "
    "3s }\n"
    "thresholds: [ 'p99 < 250ms', { that: 'a.errors < 0.1%', abort: true } ]\n";

static void a_plan_is_a_table_the_requests_and_a_sum(void **state)
{
    char *text = view(three_streams);
    (void)state;
    assert_string_equal(text,
                        "x   3 streams   https://example.org:8443/base\n"
                        "\n"
                        "  stream        load\n"
                        "    phase                                 requests  for\n"
                        "  mix (a)       poisson, 256 connections\n"
                        "    p1     warm-up, 500/s              about 2 500  5.00 s\n"
                        "    p2     pause                                    1.00 s\n"
                        "    p3     2 000/s to 5 000/s        about 210 000  1 min 0 s\n"
                        "    p4     all at once                         100  at once\n"
                        "  one (target)  1 user\n"
                        "    p1     one after the other                   1  at most 1 min 30 s\n"
                        "  two (target)  10 users, think 100 ms\n"
                        "    p1     each one after the other                 10.0 s\n"
                        "\n"
                        "  request     GET /base/a?n={counter} HTTP/1.1   weight 3   mix\n"
                        "              Host: example.org:8443\n"
                        "              User-Agent: loadgen/" LOADGEN_VERSION "\n"
                        "              Authorization: (given)\n"
                        "              x: {uuid}\n"
                        "              Cookie: (given)\n"
                        "\n"
                        "  request     POST /base/b HTTP/1.1   weight 1   mix\n"
                        "              Host: example.org:8443\n"
                        "              User-Agent: loadgen/" LOADGEN_VERSION "\n"
                        "              Authorization: (given)\n"
                        "              Content-Length: (computed)\n"
                        "              {\"id\": {counter}}\n"
                        "              expects 2xx within 10.0 s\n"
                        "\n"
                        "  request     GET /base/x HTTP/1.1   one, two\n"
                        "              Host: example.org:8443\n"
                        "              User-Agent: loadgen/" LOADGEN_VERSION "\n"
                        "              expects 2xx within 3.00 s\n"
                        "\n"
                        "  thresholds  p99 < 250ms\n"
                        "              a.errors < 0.1%   (ends the run at once)\n"
                        "\n"
                        "  by thread   mix  threads 1 to 2: 128 connections, about 106 300 requests, at\n"
                        "                   most 2 500/s each\n"
                        "              one  thread 1: 1 user, 1 request\n"
                        "              two  threads 1 to 2: 5 users each\n"
                        "\n"
                        "  in total    about 212 601 requests, more than 1 min 6 s, at most 267\n"
                        "              connections, 2 threads, seed 7\n");
    free(text);
}

static void long_lists_and_bodies_are_cut(void **state)
{
    char scenario[1024] = "target: http://h\nstreams:\n  - name: s\n    requests: [ /1, /2, /3, /4, /5 ]\n"
                          "    phases: [ { requests: 1 } ]\n  - name: t\n    phases: [ { requests: 1 } ]\n"
                          "    request:\n      path: /\n      method: PUT\n      body: ";
    (void)state;
    for (int i = 0; i < 10; i++)
        strcat(scenario, "0123456789");
    char *text = view(scenario);
    assert_non_null(strstr(text, "GET /3 "));
    assert_null(strstr(text, "GET /4 "));
    assert_non_null(strstr(text, "\n              and 2 more requests of s\n"));
    assert_non_null(strstr(
        text, "\n              012345678901234567890123456789012345678901234567890123456789...   (100 B)\n"));
    free(text);
}

/* In proportion to the connections, which are numbered from stream to stream. */
static void over_http_2_the_fields_that_are_sent_are_shown(void **state)
{
    (void)state;
    char *text = view("target: { url: https://a:81, http: 2 }\nthreads: 2\nseed: 7\nstreams:\n"
                      "  - { name: h2, users: 60, streams_per_connection: 20, phases: [ { requests: 60 } ], "
                      "request: { path: '/p?token=x', method: POST, body: '{counter}', headers: { X-Id: "
                      "'{uuid}', X-Secret: s } } }\n"
                      "  - { name: open, request: /, connections: 8, streams_per_connection: 20, phases: [ { "
                      "burst: 1 } ] }\n"
                      "  - { name: h1, target: { http: 1.1 }, request: /, phases: [ { requests: 1 } ] }\n");
    assert_non_null(strstr(text, "  stream         load\n"
                                 "    phase                            requests  for\n"
                                 "  h2 (target)    60 users, 20 per connection\n"
                                 "    p1     each one after the other        60  until done\n"
                                 "  open (target)  constant, 8 connections of 20 streams\n"));
    assert_non_null(strstr(text, "\n  request     POST /p?token=(given) HTTP/2   h2\n"
                                 "              :authority: a:81\n"
                                 "              user-agent: loadgen/" LOADGEN_VERSION "\n"
                                 "              x-id: {uuid}\n"
                                 "              x-secret: (given)\n"
                                 "              content-length: (computed)\n"
                                 "              {counter}\n"
                                 "              expects 2xx within 10.0 s\n"));
    assert_non_null(strstr(text, "\n  request     GET / HTTP/2   open\n              :authority: a:81\n"));
    assert_non_null(strstr(text, "\n  request     GET / HTTP/1.1   h1   to https://a:81\n"));
    assert_non_null(strstr(text, "h2    thread 1: 40 users, 40 requests\n"
                                 "                    thread 2: 20 users, 20 requests\n"));
    free(text);
}

static void what_each_thread_gets_is_shown(void **state)
{
    (void)state;
    char *text =
        view("target: http://h\nthreads: 4\nstreams:\n"
             "  - { name: users, request: /, users: 10, phases: [ { requests: 15 }, { requests: 400 } ] }\n"
             "  - { name: open, request: /, arrivals: constant, connections: 5, phases: [ { rate: 80/s, "
             "duration: 8s } ] }\n"
             "  - { name: one, request: /, phases: [ { requests: 1k } ] }\n");
    assert_non_null(strstr(text,
                           "\n"
                           "  by thread   users  thread 1: 3 users, 125 requests\n"
                           "                     thread 2: 3 users, 124 requests\n"
                           "                     threads 3 to 4: 2 users, 83 requests each\n"
                           "              open   threads 1 to 2: 1 connection, 128 requests, 16/s each\n"
                           "                     thread 3: 2 connections, 256 requests, 32/s\n"
                           "                     thread 4: 1 connection, 128 requests, 16/s\n"
                           "              one    thread 4: 1 user, 1 000 requests\n"
                           "\n"
                           "  in total"));
    free(text);
    text = view(
        "target: http://h\nthreads: 4\nstreams:\n  - { name: s, request: /, phases: [ { requests: 9 } ] }\n");
    assert_non_null(strstr(text, "\n  by thread   s  thread 1: 1 user, 9 requests\n"
                                 "              3 threads without a connection: nothing to do\n"));
    free(text);
}

static const char of_generators[] = "target: http://h\nseed: 7\nthreads: 2\nstreams:\n"
                                    "  - { name: users, request: /, users: 10, phases: [ { requests: 15 }, { "
                                    "duration: 3s }, { requests: 3 } ] }\n"
                                    "  - { name: open, request: /, arrivals: constant, connections: 5, "
                                    "phases: [ { rate: 80/s, duration: 8s } ] }\n"
                                    "  - { name: one, request: /, phases: [ { requests: 2 } ] }\n";

/* Whatever its number of threads; what it sends by number is the same on every machine. */
static void what_each_generator_gets_is_shown(void **state)
{
    (void)state;
    char *text = view_share(of_generators, 2, 4);
    assert_non_null(strstr(text,
                           "\n"
                           "  by share    users  share 1: 3 users, 6 requests\n"
                           "                     share 2: 3 users, 5 requests\n"
                           "                     share 3: 2 users, 4 requests\n"
                           "                     share 4: 2 users, 3 requests\n"
                           "              open   shares 1 to 2: 1 connection, 128 requests, 16/s each\n"
                           "                     share 3: 2 connections, 256 requests, 32/s\n"
                           "                     share 4: 1 connection, 128 requests, 16/s\n"
                           "              one    share 4: 1 user, 2 requests\n"
                           "\n"
                           "  this share  users  2 users, 4 requests; numbers 2, 6, 12, ...\n"
                           "              open   2 connections, 256 requests, 32/s; numbers 0, 4, 5, ...\n"
                           "\n"
                           "  by thread   users  thread 1: 1 user, 3 requests\n"
                           "                     thread 2: 1 user, 1 request\n"
                           "              open   threads 1 to 2: 1 connection, 128 requests, 16/s each\n"
                           "\n"
                           "  in total    about 660 requests, more than 8.00 s, at most 16 connections, 4\n"
                           "              shares, this one (3/4) with 2 threads, seed 7\n"));
    free(text);
    text = view_share(of_generators, 19, 20);
    assert_non_null(strstr(text, "              4 shares without a connection: nothing to do\n"
                                 "\n"
                                 "  this share  nothing to do: no stream has a connection for it\n"));
    free(text);
}

static void what_is_narrow_enough_stands_in_one_table(void **state)
{
    (void)state;
    char *text = view("target: { url: http://h, http: 2-prior-knowledge }\nstreams:\n"
                      "  - { name: s, request: /, users: 6, phases: [ { requests: 9 }, { pause: 1s } ] }\n");
    assert_non_null(strstr(text,
                           "  stream      load     phase                            requests  for\n"
                           "  s (target)  6 users  p1     each one after the other         9  until done\n"
                           "                       p2     pause                               1.00 s\n"));
    free(text);
}

/* Streams, phases and loads with long names and large numbers, over both protocols, divided among generators
 * and threads, and sessions. */
static void no_line_is_wider_than_a_terminal(void **state)
{
    static const char *const scenarios[] = {
        "target: { url: https://127.0.0.1:8443, http: 2 }\nseed: 1482179498048114\nthreads: 4\nstreams:\n"
        "  - { name: m4-users, cluster: cluster1, request: /cluster1, users: 64, streams_per_connection: 16, "
        "think: 1500ms, phases: [ { duration: 6s } ] }\n"
        "  - { name: open, request: /, arrivals: poisson, connections: 1000, streams_per_connection: 128, "
        "phases: [ { warmup: true, rate: 100/s, duration: 1s }, { rate: 1k/s, ramp_to: 20k/s, duration: "
        "1h30m "
        "} ] }\n",
        "target: { url: https://h, http: 2 }\nseed: 1482179498048114\nthreads: 3\nstreams:\n"
        "  - { name: checkout-of-the-whole-basket-ab, cluster: a-cluster-with-a-very-long-name, request: /, "
        "users: 65536, streams_per_connection: 128, phases: [ { requests: 1M, duration: 1h } ] }\n",
        "target: http://h\nseed: 1482179498048114\n"
        "streams:\n"
        "  - name: buyers\n    users: 20\n    ramp_users: 5s\n    session:\n      pace: 3s\n"
        "      steps:\n"
        "        - { name: search, path: /search, think: { uniform: [1s, 5s] }, chance: 0.5, repeat: 3, "
        "follow: 3, expect: { contains: 'is responding now, and will be for long, long after' } }\n"
        "    phases: [ { duration: 10s } ]\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        for (uint32_t count = 0; count <= 8; count += 8) {
            char *text = view_share(scenarios[i], 2, count);
            for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
                if (strcspn(line, "\n") > 80)
                    fail_msg("%zu columns: %s", strcspn(line, "\n"), line);
            free(text);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_a_table_the_requests_and_a_sum),
        cmocka_unit_test(over_http_2_the_fields_that_are_sent_are_shown),
        cmocka_unit_test(what_each_thread_gets_is_shown),
        cmocka_unit_test(what_each_generator_gets_is_shown),
        cmocka_unit_test(long_lists_and_bodies_are_cut),
        cmocka_unit_test(what_is_narrow_enough_stands_in_one_table),
        cmocka_unit_test(no_line_is_wider_than_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
