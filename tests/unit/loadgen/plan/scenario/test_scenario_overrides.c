/* What the command line changes about a scenario. */
#include "err.h"
#include "plan.h"
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define S_NS UINT64_C(1000000000)

static void read_with(struct plan *plan, const char *text, const struct scenario_overrides *o)
{
    struct err e = { 0 };
    if (scenario_parse(plan, "f.yaml", text, strlen(text), o, &e))
        fail_msg("%s", e.text);
}

static void the_command_line_wins(void **state)
{
    static const char text[] =
        "target: http://a\nseed: 5\nthreads: 2\nconnect_to: [ \"a:1:b:2\", \"c:1:d:2\" ]\nhost: a\n"
        "streams:\n  - { name: s, cluster: x, request: /, timeout: 3s, phases: [ { requests: 1 } ] }\n"
        "  - { name: t, cluster: y, request: /, phases: [ { requests: 1 }, { pause: 1s } ] }\n";
    static const char *items[] = { "e:1:f:2" };
    const struct scenario_overrides o = {
        .target_url = "http://b:81",
        .only = "y",
        .timeout_ns = 7 * S_NS,
        .n_threads = 4,
        .has_seed = true,
        .seed = 9,
        .target = { .connect_to = { items, 1 }, .host = "h" },
    };
    struct plan plan;
    (void)state;
    read_with(&plan, text, &(struct scenario_overrides){ 0 });
    assert_int_equal(plan.seed, 5);
    assert_int_equal(plan.n_threads, 2);
    assert_int_equal(plan.n_streams, 2);
    assert_int_equal(plan.streams[0].timeout_ns, 3 * S_NS);
    assert_int_equal(plan.streams[1].first_phase_index, 1);
    plan_fini(&plan);
    read_with(&plan, text, &o);
    assert_int_equal(plan.target.port, 81);
    assert_string_equal(plan.target.host_header, "h");
    assert_int_equal(plan.n_streams, 1);
    assert_string_equal(plan.streams[0].name, "t");
    assert_int_equal(plan.streams[0].first_phase_index, 0);
    assert_int_equal(plan.streams[0].timeout_ns, 7 * S_NS);
    assert_int_equal(plan.n_threads, 4);
    assert_int_equal(plan.seed, 9);
    assert_int_equal(plan.n_phases, 2);
    assert_int_equal(plan.target.n_connect_to, 1);
    assert_string_equal(plan.target.connect_to[0].to_host, "f");
    plan_fini(&plan);
}

static void lists_of_the_command_line_take_the_place_of_the_files(void **state)
{
    static const char text[] =
        "target: http://a\nconnect_to: a:1:b:2\nresolve: a:1:127.0.0.1\nbind: [ 127.0.0.1, 127.0.0.2 ]\n"
        "streams: [ { name: s, request: /, phases: [ { requests: 1 } ] } ]\n";
    static const char *to[] = { "e:1:f:2" }, *from[] = { "e:1:127.0.0.5", "g:1:::1" },
                      *own[] = { "127.0.0.9" };
    struct plan plan;
    (void)state;
    for (unsigned given = 0; given < 8; given++) {
        const struct scenario_overrides o = { .target = { .connect_to = { to, given & 1 },
                                                          .resolve = { from, given & 2 },
                                                          .bind = { own, given >> 2 } } };
        read_with(&plan, text, &o);
        const struct plan_target *t = &plan.target;
        assert_int_equal(t->n_connect_to, 1);
        assert_string_equal(t->connect_to[0].to_host, given & 1 ? "f" : "b");
        assert_int_equal(t->n_resolve, given & 2 ? 2 : 1);
        assert_string_equal(t->resolve[t->n_resolve - 1].to_host, given & 2 ? "::1" : "127.0.0.1");
        assert_int_equal(t->n_bind_addresses, given & 4 ? 1 : 2);
        assert_string_equal(t->bind_addresses[0], given & 4 ? "127.0.0.9" : "127.0.0.1");
        plan_fini(&plan);
    }
}

static void what_is_wrong_in_any_list_of_the_command_line_is_refused(void **state)
{
    static const char text[] =
        "target: http://a\nstreams: [ { name: s, request: /, phases: [ { requests: 1 } ] } ]\n";
    static const char *wrong[] = { "x" };
    static const struct scenario_overrides cases[] = {
        { .target = { .connect_to = { wrong, 1 } } },
        { .target = { .resolve = { wrong, 1 } } },
        { .target = { .bind = { wrong, 1 } } },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plan plan;
        struct err e = { 0 };
        assert_int_equal(scenario_parse(&plan, "f.yaml", text, strlen(text), &cases[i], &e), -1);
        assert_non_null(strstr(e.text, "not 'x'"));
        plan_fini(&plan);
    }
}

static void only_names_a_cluster_that_some_stream_has(void **state)
{
    static const char text[] =
        "target: http://a\nstreams: [ { name: s, cluster: x, request: /, phases: [ { requests: 1 } ] } ]";
    struct plan plan;
    struct err e;
    (void)state;
    assert_int_equal(scenario_parse(&plan, "f.yaml", text, sizeof text - 1,
                                    &(struct scenario_overrides){ .only = "y" }, &e),
                     -1);
    assert_string_equal(e.text, "no stream of the scenario belongs to cluster 'y'; there are x");
    plan_fini(&plan);
}

static void only_keeps_the_thresholds_of_what_is_left(void **state)
{
    static const char text[] =
        "target: http://a\nstreams:\n  - { name: s, cluster: x, request: /, phases: [ { requests: 1 } ] }\n"
        "  - { name: t, cluster: y, request: /, phases: [ { requests: 1 } ] }\n"
        "thresholds: [ errors < 1%, x.p99 < 1s, y.p99 < 1s, s.p99 < 1s, t.p99 < 1s ]\n";
    struct plan plan;
    (void)state;
    read_with(&plan, text, &(struct scenario_overrides){ .only = "y" });
    assert_int_equal(plan.n_thresholds, 3);
    assert_string_equal(plan.thresholds[0].text, "errors < 1%");
    assert_string_equal(plan.thresholds[1].text, "y.p99 < 1s");
    assert_string_equal(plan.thresholds[2].text, "t.p99 < 1s");
    plan_fini(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_command_line_wins),
        cmocka_unit_test(lists_of_the_command_line_take_the_place_of_the_files),
        cmocka_unit_test(what_is_wrong_in_any_list_of_the_command_line_is_refused),
        cmocka_unit_test(only_names_a_cluster_that_some_stream_has),
        cmocka_unit_test(only_keeps_the_thresholds_of_what_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
