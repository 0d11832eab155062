#include "topology.h"
#include "topology_price.h"

#include "err.h"
#include "topology_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A whole file in which each line can be replaced by its number. */
static const char *const good_lines[] = {
    "name: small",
    "region: us-east-1",
    "zones: [us-east-1a, us-east-1b]",
    "clusters:",
    "  - { name: one, path: /one, instance_type: m4.large, zone: us-east-1a, count: 2 }",
    "  - { name: two, path: /two, instance_type: t2.large, zone: us-east-1, count: 3, label: burst }",
    "listener: { default: [ { cluster: one } ] }",
    "instance_types:",
    "  m4.large: { vcpus: 2, memory_gib: 8, specification: a, price_usd_per_hour: 0.1, emulation: { "
    "service_time: 2ms } }",
    "  t2.large: { vcpus: 2, memory_gib: 8, specification: b, price_usd_per_hour: 0.09, emulation: { "
    "service_time: 1ms },",
    "              credits: { launch: 60, earned_per_hour: 36, most: 864, baseline_pct: 30 } }",
    "prices: { as_of: 2024-02-01, load_balancer_usd_per_hour: 0.02, public_ipv4_usd_per_hour: 0.005 }",
};
enum { N_LINES = sizeof good_lines / sizeof good_lines[0] };

static int load_with(unsigned line, const char *instead, struct topology *t, struct err *e)
{
    char text[4096];
    size_t used = 0;
    for (unsigned i = 0; i < N_LINES; i++) {
        const char *content = i + 1 == line ? instead : good_lines[i];
        used += (size_t)snprintf(text + used, sizeof text - used, "%s\n", content);
    }
    return topology_load_text(t, "t.yaml", text, used, TOPOLOGY_RULES_LOCAL, e);
}

static void a_good_file_is_read_whole(void **state)
{
    struct topology t;
    struct err e;
    (void)state;
    if (load_with(0, "", &t, &e))
        fail_msg("%s", e.text);
    assert_string_equal(t.name, "small");
    assert_int_equal(t.n_zones, 2);
    assert_int_equal(t.n_clusters, 2);
    assert_string_equal(t.clusters[0].label, "m4");
    assert_string_equal(t.clusters[1].label, "burst");
    assert_int_equal(t.clusters[1].type, 1);
    assert_int_equal(t.clusters[1].count, 3);
    assert_int_equal(topology_n_instances(&t), 5);
    assert_int_equal(t.listener.port, 80);
    assert_int_equal(t.listener.n_defaults, 1);
    assert_int_equal(t.listener.defaults[0].weight, 1);
    assert_false(t.types[0].credits.limited);
    assert_true(t.types[1].credits.limited);
    assert_true(t.types[1].credits.launch > 59.9 && t.types[1].credits.launch < 60.1);
    assert_int_equal(t.types[0].emulation.service_time_ns, 2000000);
    assert_string_equal(t.health_check.path, "/");
    assert_int_equal(t.health_check.expect_status, 200);
    const double price = topology_price_usd_per_hour(&t);
    assert_true(price > 0.5249 && price < 0.5251); /* 2 x 0.1 + 3 x 0.09 + 0.02 + 7 x 0.005 */
}

static const struct {
    unsigned line;
    const char *instead;
    const char *message;
} bad_files[] = {
    { 1, "nmae: small",
      "t.yaml:1:1: error: a topology has no key 'nmae'; did you mean 'name'?\nnmae: small\n^~~~" },
    { 1, "name: [a]", "t.yaml:1:7: error: 'name' must be 1 to 32 of A-Z a-z 0-9 _ -, not a list" },
    { 1, "name: 'a b'", "t.yaml:1:8: error: 'name' must be 1 to 32 of A-Z a-z 0-9 _ -, not 'a b'" },
    { 1, "name: a234567890b234567890c234567890d23",
      "t.yaml:1:7: error: 'name' must be 1 to 32 of A-Z a-z 0-9 _ -, not "
      "'a234567890b234567890c234567890d23'" },
    { 1, "name: {", "t.yaml:3:6: error: not YAML: a ',' or the '}' that ends the map was expected here" },
    { 1, "name: a\nname: b", "t.yaml:2:1: error: 'name' is given twice; the first is in line 1" },
    { 1, "name: a\nkey_pair: *x", "t.yaml:2:11: error: aliases are not allowed here" },
    { 1, "# nothing", "error: a topology needs the key 'name'" },
    { 1, "name: a\nimage: ubuntu",
      "'image' must be an image id such as ami-08c40ec9ead489470, not 'ubuntu'" },
    { 1, "name: a\nalgorithm: random",
      "t.yaml:2:12: error: 'algorithm' must be round_robin, least_outstanding_requests or "
      "weighted_random, not 'random'" },
    { 1, "name: a\nmonitoring: on", "'monitoring' must be basic or detailed, not 'on'" },
    { 1, "name: a\nhealth_check: { interval: 5s, timeout: 10s }",
      "t.yaml:2:1: error: the 'timeout' of the health check must be below its 'interval'" },
    { 1, "name: a\nhealth_check: { interval: 1s }",
      "'interval' must be a duration from 5s to 300s, not '1s'" },
    { 1, "name: a\nhealth_check: { interval: 10 }",
      "'interval' must be a duration such as 500ms, 10s or 1h30m, not 10" },
    { 1, "name: a\nhealth_check: { path: '/one' }", "the path /one is that of the health check too" },
    { 1, "name: a\ningress: [ { port: 22, from: me } ]",
      "'from' must be anywhere, caller or a block such as 10.0.0.0/8, without bits "
      "beyond its length, not 'me'" },
    { 1, "name: a\ningress: [ { port: 22, from: 300.0.0.0/8 } ]",
      "'from' must be anywhere, caller or a block" },
    { 1, "name: a\ningress: [ { port: 0, from: anywhere } ]",
      "'port' must be a whole number from 1 to 65535, not 0" },
    { 1, "name: a\ningress: []",
      "t.yaml:2:10: error: 'ingress' must be a list of 1 to 16 ingress rules, not 0" },
    { 3, "zones: [us-east-1a]",
      "t.yaml:3:8: error: 'zones' must list at least two zones, since a load balancer spans two" },
    { 3, "zones: [us-east-1a, us-west-2a]",
      "t.yaml:3:21: error: 'us-west-2a' is no zone of the region us-east-1" },
    { 3, "zones: [us-east-1a, us-east-1a]", "the zone us-east-1a is listed twice" },
    { 3, "zones: us-east-1a", "t.yaml:3:8: error: 'zones' must be a list of 1 to 6 zones, not 'us-east-1a'" },
    { 5, "  - { name: one, path: /one, instance_type: m4.large, zone: us-east-1a, count: -3 }",
      "t.yaml:5:80: error: 'count' must be a whole number from 1 to 64, not -3\n"
      "  - { name: one, path: /one, instance_type: m4.large, zone: us-east-1a, count: -3 }\n"
      "                                                                               ^~" },
    { 5, "  - { name: one, path: /one, instance_type: m4.large, zone: us-east-1a, count: 0 }",
      "from 1 to 64, not 0" },
    { 5, "  - { name: one, path: /one, instance_type: m4.large, zone: us-east-1a }",
      "a cluster needs the key 'count'" },
    { 5, "  - { name: one, path: /one, instance_type: m5.large, zone: us-east-1a, count: 1 }",
      "t.yaml:5:45: error: 'instance_types' does not describe m5.large; did you mean 'm4.large'?" },
    { 5, "  - { name: one, path: /one, instance_type: m4.large, zone: us-east-1c, count: 1 }",
      "'zone' must be one of the 'zones' of this file, or the region us-east-1 for any of them, not "
      "us-east-1c" },
    { 5, "  - { name: one, path: one, instance_type: m4.large, zone: us-east-1a, count: 1 }",
      "'path' must be a path such as /cluster1" },
    { 5, "  - { name: one, path: /a/../one, instance_type: m4.large, zone: us-east-1a, count: 1 }",
      "'path' must be a path such as /cluster1" },
    { 5, "  - { name: one, path: /., instance_type: m4.large, zone: us-east-1a, count: 1 }",
      "'path' must be a path such as /cluster1" },
    { 5, "  - { name: one, path: /, instance_type: m4.large, zone: us-east-1a, count: 1 }",
      "'path' must be a path such as /cluster1" },
    { 6, "  - { name: one, path: /two, instance_type: t2.large, zone: us-east-1a, count: 1 }",
      "t.yaml:6:13: error: there is already a cluster named one" },
    { 6, "  - { name: two, path: /one/more, instance_type: t2.large, zone: us-east-1a, count: 1 }",
      "the path /one/more is that of one too: each request must have one cluster" },
    { 7, "listener: { default: [ { cluster: onne } ] }",
      "t.yaml:7:35: error: there is no cluster 'onne'; did you mean 'one'?" },
    { 7, "listener: { default: [ { cluster: one }, { cluster: one } ] }", "one is listed twice" },
    { 7, "listener: { default: [ { cluster: one, weight: 0 } ] }",
      "'weight' must be a whole number from 1 to 999, not 0" },
    { 7, "listener: {}", "t.yaml:7:11: error: the listener needs the key 'default'" },
    { 7, "listener: { protocol: https, default: [ { cluster: one } ] }",
      "t.yaml:7:23: error: 'protocol' must be HTTP or HTTPS, not 'https'" },
    { 7,
      "listener: { certificate: 'arn:aws:acm:us-east-1:123456789012:certificate/a', default: [ { cluster: "
      "one } ] }",
      "t.yaml:7:27: error: 'certificate' needs `protocol: HTTPS`" },
    { 7, "listener: { server_name: a.example.org, default: [ { cluster: one } ] }",
      "'server_name' needs `protocol: HTTPS`" },
    { 7, "listener: { http2: true, default: [ { cluster: one } ] }",
      "t.yaml:7:20: error: 'http2' needs `protocol: HTTPS`" },
    { 7, "listener: { protocol: HTTPS, certificate: mine.pem, default: [ { cluster: one } ] }",
      "'certificate' must be the ARN of a certificate such as arn:aws:acm:" },
    { 7, "listener: { protocol: HTTPS, server_name: localhost, default: [ { cluster: one } ] }",
      "'server_name' must be a host name such as bench.example.org, not 'localhost'" },
    { 7, "listener: 5", "t.yaml:7:11: error: 'listener' must be a map of keys and values, not 5" },
    { 9,
      "  m4.large: { vcpus: two, memory_gib: 8, specification: a, price_usd_per_hour: 0.1, emulation: { "
      "service_time: 2 } }",
      "'vcpus' must be a whole number from 1 to 128, not 'two'" },
    { 9,
      "  m4.large: { vcpus: 2, memory_gib: x, specification: a, price_usd_per_hour: 0.1, emulation: { "
      "service_time: 2 } }",
      "'memory_gib' must be a number from 0.25 to 4096, not 'x'" },
    { 12, "prices: { as_of: today, load_balancer_usd_per_hour: 0.02, public_ipv4_usd_per_hour: 0.005 }",
      "'as_of' must be a date such as 2024-02-01, not 'today'" },
    { 7,
      "ingress: [ { port: 22, from: caller } ]\n"
      "generator: { type: m5.large, zone: us-east-1a }\n"
      "listener: { default: [ { cluster: one } ] }",
      "t.yaml:8:20: error: 'instance_types' does not describe m5.large; did you mean 'm4.large'?" },
    { 7,
      "ingress: [ { port: 22, from: caller } ]\n"
      "generator: { type: m4.large, zone: us-east-1 }\n"
      "listener: { default: [ { cluster: one } ] }",
      "t.yaml:8:36: error: 'zone' must be one of the 'zones' of this file, not us-east-1" },
    { 7,
      "ingress: [ { port: 80, from: anywhere } ]\n"
      "generator: { type: m4.large, zone: us-east-1a }\n"
      "listener: { default: [ { cluster: one } ] }",
      "a generator is used over ssh: 'ingress' must open port 22" },
};

static void a_bad_file_is_refused_at_its_place_with_what_would_be_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_files / sizeof bad_files[0]; i++) {
        struct topology t;
        struct err e = { ERR_NONE, "" };
        assert_int_equal(load_with(bad_files[i].line, bad_files[i].instead, &t, &e), -1);
        assert_int_equal(e.kind, ERR_INPUT);
        if (!strstr(e.text, bad_files[i].message))
            fail_msg("%s\ngave:  %s\nright: %s", bad_files[i].instead, e.text, bad_files[i].message);
    }
}

static void https_has_port_443_unless_another_is_given(void **state)
{
    static const struct {
        const char *listener;
        int protocol;
        unsigned port;
    } cases[] = {
        { "listener: { protocol: HTTP, default: [ { cluster: one } ] }", TOPOLOGY_HTTP, 80 },
        { "listener: { protocol: HTTPS, default: [ { cluster: one } ] }", TOPOLOGY_HTTPS, 443 },
        { "listener: { protocol: HTTPS, port: 8443, default: [ { cluster: one } ] }", TOPOLOGY_HTTPS, 8443 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct topology t;
        struct err e;
        if (load_with(7, cases[i].listener, &t, &e))
            fail_msg("%s", e.text);
        assert_int_equal(t.listener.protocol, cases[i].protocol);
        assert_int_equal(t.listener.port, cases[i].port);
    }
}

static void a_certificate_is_one_of_acm_or_iam_in_any_partition(void **state)
{
    static const struct {
        const char *arn;
        bool is_right;
    } cases[] = {
        { "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012", true },
        { "arn:aws-cn:acm:cn-north-1:123456789012:certificate/1", true },
        { "arn:aws:iam::123456789012:server-certificate/path/to/mine.example", true },
        { "arn:aws:acm:us-east-1:123456789012:certificate/", false },
        { "arn:aws:acm::123456789012:certificate/1", false },
        { "arn:aws:s3:us-east-1:123456789012:certificate/1", false },
        { "arn:aws:acm:us-east-1:123456789012:certificate/a b", false },
        { "arn:aws:acm:us-east-1:12345678901", false },
        { "", false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (topology_is_certificate(cases[i].arn) != cases[i].is_right)
            fail_msg("'%s'", cases[i].arn);
}

static void what_is_no_mapping_is_no_topology(void **state)
{
    static const char *const texts[] = { "",   "# only a comment\n", "just words\n", "[1, 2]\n",  "a: b: c\n",
                                         "\"", "name: \x01\n",       "%\xa0",        "name: \xff" };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct topology t;
        struct err e = { ERR_NONE, "" };
        assert_int_equal(
            topology_load_text(&t, "t.yaml", texts[i], strlen(texts[i]), TOPOLOGY_RULES_LOCAL, &e), -1);
        assert_int_equal(e.kind, ERR_INPUT);
        assert_non_null(strstr(e.text, "t.yaml"));
    }
}

static void load_shipped(const char *name, struct topology *t)
{
    struct err e;
    char path[512];
    snprintf(path, sizeof path, "%s/provision/topologies/%s.yaml", SOURCE_DIR, name);
    if (topology_load(t, path, TOPOLOGY_RULES_AWS, &e))
        fail_msg("%s", e.text);
    assert_string_equal(t->name, name);
    assert_int_equal(topology_n_instances(t) + t->has_generator, 9);
}

static void assert_cluster(const struct topology *t, unsigned i, const char *name, const char *type,
                           const char *zone, unsigned count)
{
    assert_string_equal(t->clusters[i].name, name);
    assert_string_equal(t->clusters[i].instance_type, type);
    assert_string_equal(t->clusters[i].zone, zone);
    assert_int_equal(t->clusters[i].count, count);
}

static void the_first_report_is_four_against_five_with_the_default_to_cluster1(void **state)
{
    struct topology t;
    (void)state;
    load_shipped("m4x4-t2x5", &t);
    assert_cluster(&t, 0, "cluster1", "m4.large", "us-east-1b", 4);
    assert_cluster(&t, 1, "cluster2", "t2.large", "us-east-1a", 5);
    assert_int_equal(t.listener.n_defaults, 1);
    assert_int_equal(t.listener.defaults[0].cluster, 0);
    assert_true(t.monitoring_detailed);
}

static void the_second_report_is_five_against_four_with_equal_weight(void **state)
{
    struct topology t;
    (void)state;
    load_shipped("m4x5-t2x4", &t);
    assert_cluster(&t, 0, "cluster1", "m4.large", "us-east-1", 5);
    assert_cluster(&t, 1, "cluster2", "t2.large", "us-east-1", 4);
    assert_int_equal(t.n_zones, 2);
    assert_int_equal(t.listener.n_defaults, 2);
    assert_int_equal(t.listener.defaults[0].weight, t.listener.defaults[1].weight);
    assert_int_equal(t.ingress[0].port, 22);
    assert_int_equal(t.ingress[0].source, TOPOLOGY_FROM_CALLER);
    assert_int_equal(t.ingress[1].source, TOPOLOGY_FROM_ANYWHERE);
}

static void a_generator_takes_the_place_of_one_instance_within_the_cap(void **state)
{
    struct topology t;
    (void)state;
    load_shipped("m4x4-t2x4", &t);
    assert_true(t.has_generator);
    assert_string_equal(t.generator.instance_type, "m4.large");
    assert_string_equal(t.types[t.generator.type].name, "m4.large");
    assert_string_equal(t.generator.zone, "us-east-1b");
    assert_string_equal(t.generator.user, "ubuntu");
    assert_int_equal(
        (int)(topology_price_usd_per_hour(&t) * 1e4 + 0.5),
        (int)((5 * 0.1 + 4 * 0.0928 + 9 * (0.005 + 0.000877 + 0.002877) + 0.0225 + 2 * 0.005) * 1e4 + 0.5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_is_read_whole),
        cmocka_unit_test(a_bad_file_is_refused_at_its_place_with_what_would_be_right),
        cmocka_unit_test(https_has_port_443_unless_another_is_given),
        cmocka_unit_test(a_certificate_is_one_of_acm_or_iam_in_any_partition),
        cmocka_unit_test(what_is_no_mapping_is_no_topology),
        cmocka_unit_test(the_first_report_is_four_against_five_with_the_default_to_cluster1),
        cmocka_unit_test(the_second_report_is_five_against_four_with_equal_weight),
        cmocka_unit_test(a_generator_takes_the_place_of_one_instance_within_the_cap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
