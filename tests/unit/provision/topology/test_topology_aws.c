#include "err.h"
#include "topology.h"

#include "cm.h"

#include <stdio.h>
#include <string.h>

/* The parts of a file; NULL: the good one. */
struct parts {
    const char *region;
    const char *name;         /* of the first cluster */
    const char *listener;     /* what its map holds */
    const char *health_check; /* the same */
    const char *ingress;
    const char *type; /* the second type, named in `type_name` */
    const char *type_name;
};

static const char *or_good(const char *part, const char *good)
{
    return part ? part : good;
}

static int load(const struct parts *p, enum topology_rules rules, struct topology *t, struct err *e)
{
    char text[4096];
    const char *type_name = or_good(p->type_name, "t2.large");
    const char *region = or_good(p->region, "us-east-1");
    snprintf(text, sizeof text,
             "name: small\nregion: %s\nzones: [%sa, %sb]\nclusters:\n"
             "  - { name: %s, path: /one, instance_type: m4.large, zone: %s, count: 2 }\n"
             "  - { name: two, path: /two, instance_type: %s, zone: %s, count: 3 }\n"
             "listener: { %s, default: [ { cluster: two } ] }\n"
             "health_check: { %s }\n"
             "ingress: [ %s ]\n"
             "instance_types:\n"
             "  m4.large: { vcpus: 2, memory_gib: 8, specification: a, price_usd_per_hour: 0.1, emulation: { "
             "service_time: 2ms } }\n"
             "  %s: { vcpus: 2, memory_gib: 8, specification: b, price_usd_per_hour: 0.1, emulation: { "
             "service_time: 1ms }%s }\n"
             "prices: { as_of: 2024-02-01, load_balancer_usd_per_hour: 0.02, public_ipv4_usd_per_hour: 0.005 "
             "}\n",
             region, region, region, or_good(p->name, "one"), region, type_name, region,
             or_good(p->listener, "port: 80"), or_good(p->health_check, "path: /"),
             or_good(p->ingress, "{ port: 22, from: caller }, { port: 80, from: anywhere }"), type_name,
             or_good(p->type, ", credits: { launch: 60, earned_per_hour: 36, most: 864, baseline_pct: 30 }"));
    return topology_load_text(t, "t.yaml", text, strlen(text), rules, e);
}

#define ARN(region) "'arn:aws:acm:" region ":123456789012:certificate/a'"

static void what_aws_accepts_is_accepted(void **state)
{
    static const struct parts good[] = {
        { 0 },
        { .name = "a23456789-12345" },
        { .region = "us-gov-west-1", .name = "A-b-9" },
        { .health_check = "interval: 300s, timeout: 2min, healthy_after: 10, unhealthy_after: 2" },
        { .listener = "port: 8080", .ingress = "{ port: 8080, from: 10.0.0.0/8 }" },
        { .listener = "protocol: HTTPS, certificate: " ARN("us-east-1"),
          .ingress = "{ port: 443, from: anywhere }" },
        { .listener = "protocol: HTTPS, certificate: 'arn:aws:iam::123456789012:server-certificate/a'",
          .ingress = "{ port: 443, from: 2001:db8::/32 } ]\nip_address_type: dualstack\n#" },
        { .type_name = "t4g.small" },
        { .type_name = "c5.large", .type = "" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(good); i++) {
        struct topology t;
        struct err e;
        if (load(&good[i], TOPOLOGY_RULES_AWS, &t, &e))
            fail_msg("%s", e.text);
    }
}

static const struct {
    struct parts parts;
    const char *message;
} bad[] = {
    { { .region = "us-east1" }, "t.yaml:2:9: error: on AWS a region is named like us-east-1, not us-east1" },
    { { .region = "us-east" }, "t.yaml:2:9: error: on AWS a region is named like us-east-1" },
    { { .region = "us-1" }, "t.yaml:2:9: error: on AWS a region is named like us-east-1" },
    { { .region = "US-east-1" }, "t.yaml:2:9: error: on AWS a region is named like us-east-1" },
    { { .name = "generator",
        .ingress = "{ port: 22, from: caller }, { port: 80, from: anywhere } ]\ngenerator: { "
                   "type: m4.large, zone: us-east-1a }\n#" },
      "t.yaml:5:13: error: on AWS this is the generator's name" },
    { { .name = "m4_cluster" },
      "t.yaml:5:13: error: on AWS, where it becomes part of a target group's name, a cluster's name must be "
      "1 to 15 of A-Z a-z 0-9 with single hyphens between them, not m4_cluster" },
    { { .name = "a234567890123456" }, "t.yaml:5:13: error: on AWS, where it" },
    { { .name = "one-" }, "t.yaml:5:13: error: on AWS, where it" },
    { { .name = "'-one'" }, "t.yaml:5:14: error: on AWS, where it" },
    { { .name = "o--ne" }, "t.yaml:5:13: error: on AWS, where it" },
    { { .health_check = "interval: 5500ms, timeout: 5200ms" },
      "t.yaml:8:27: error: on AWS the 'interval' of a health check is a whole number of seconds" },
    { { .health_check = "interval: 6s, timeout: 5200ms" },
      "t.yaml:8:40: error: on AWS the 'timeout' of a health check is a whole number of seconds" },
    { { .listener = "port: 8080" },
      "t.yaml:9:48: error: nothing listens on port 80: the load balancer's listener has port 8080, and the" },
    { { .ingress = "{ port: 22, from: caller }" },
      "t.yaml:7:19: error: no ingress rule opens the listener's port: add `{ port: 80, from: anywhere }` to "
      "'ingress'" },
    { { .ingress = "{ port: 80, from: anywhere }, { port: 443, from: anywhere }" },
      "t.yaml:9:50: error: nothing listens on port 443" },
    { { .ingress = "{ port: 80, from: 2001:db8::/32 }" },
      "t.yaml:9:30: error: the load balancer has IPv4 addresses only, and 2001:db8::/32 is of IPv6: add" },
    { { .ingress = "{ port: 80, from: caller } ]\nscheme: internal\n#" },
      "t.yaml:9:30: error: an internal load balancer is not reached from a public address" },
    { { .listener = "port: 22", .ingress = "{ port: 22, from: anywhere }" },
      "t.yaml:7:19: error: on AWS port 22 is opened at the instances, for ssh" },
    { { .listener = "protocol: HTTPS", .ingress = "{ port: 443, from: anywhere }" },
      "t.yaml:7:23: error: on AWS an HTTPS listener needs a 'certificate'" },
    { { .listener = "protocol: HTTPS, certificate: " ARN("eu-west-1") },
      "t.yaml:7:44: error: the certificate is in eu-west-1, and a load balancer in us-east-1 takes only "
      "those "
      "of its region" },
    { { .listener = "protocol: HTTPS, certificate: " ARN("us-east-1") }, "nothing listens on port 80" },
    { { .type_name = "t3.large", .type = "" },
      "t.yaml:12:3: error: on AWS t3.large has CPU credits: describe them with 'credits'" },
    { { .type_name = "c5.large" }, "t.yaml:12:126: error: on AWS c5.large has no CPU credits" },
};

static void what_only_aws_refuses_is_refused_for_aws_alone_and_at_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(bad); i++) {
        struct topology t;
        struct err e = { ERR_NONE, "" };
        if (load(&bad[i].parts, TOPOLOGY_RULES_LOCAL, &t, &e))
            fail_msg("%s", e.text);
        assert_int_equal(load(&bad[i].parts, TOPOLOGY_RULES_AWS, &t, &e), -1);
        assert_int_equal(e.kind, ERR_INPUT);
        if (!strstr(e.text, bad[i].message))
            fail_msg("gave:  %s\nright: %s", e.text, bad[i].message);
    }
}

static const struct {
    struct parts parts;
    const char *message;
} bad_anywhere[] = {
    { { .health_check = "expect_status: 204" },
      "t.yaml:8:32: error: the app answers / with status 200, so that no instance would be healthy with "
      "204" },
    { { .health_check = "path: /healthz" },
      "t.yaml:8:23: error: the app answers /healthz with status 404, so that no instance would be healthy" },
    { { .health_check = "path: /one" }, "the path /one is that of the health check too" },
    { { .ingress = "{ port: 80, from: anywhere }, { port: 80, from: 0.0.0.0/0 }" },
      "t.yaml:9:42: error: port 80 from anywhere is listed twice" },
    { { .ingress = "{ port: 80, from: 10.0.0.1/8 }" }, "'from' must be anywhere, caller or a block" },
    { { .ingress = "{ port: 80, from: 10.0.0.0/08 }" }, "'from' must be anywhere, caller or a block" },
    { { .ingress = "{ port: 80, from: 10.0.0.0/33 }" }, "'from' must be anywhere, caller or a block" },
    { { .ingress = "{ port: 80, from: 2001:db8:0::/32 }" }, "'from' must be anywhere, caller or a block" },
    { { .ingress = "{ port: 80, from: 2001:db8::1/64 }" }, "'from' must be anywhere, caller or a block" },
};

static void what_works_nowhere_is_refused_everywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(bad_anywhere); i++) {
        struct topology t;
        struct err e = { ERR_NONE, "" };
        assert_int_equal(load(&bad_anywhere[i].parts, TOPOLOGY_RULES_LOCAL, &t, &e), -1);
        if (!strstr(e.text, bad_anywhere[i].message))
            fail_msg("gave:  %s\nright: %s", e.text, bad_anywhere[i].message);
    }
}

static void aws_forwards_by_default_to_at_most_five_clusters(void **state)
{
    char text[4096];
    size_t used = (size_t)snprintf(
        text, sizeof text, "name: many\nregion: us-east-1\nzones: [us-east-1a, us-east-1b]\nclusters:\n");
    struct topology t;
    struct err e = { ERR_NONE, "" };
    (void)state;
    for (int i = 0; i < 6; i++)
        used += (size_t)snprintf(
            text + used, sizeof text - used,
            "  - { name: c%d, path: /c%d, instance_type: m4.large, zone: us-east-1, count: 1 }\n", i, i);
    snprintf(text + used, sizeof text - used,
             "listener:\n  default: [ { cluster: c0 }, { cluster: c1 }, { cluster: c2 }, { cluster: c3 }, { "
             "cluster: c4 }, { cluster: c5 } ]\n"
             "ingress: [ { port: 80, from: anywhere } ]\n"
             "instance_types: { m4.large: { vcpus: 2, memory_gib: 8, specification: a, price_usd_per_hour: "
             "0.1, emulation: { service_time: 2ms } } }\n"
             "prices: { as_of: 2024-02-01, load_balancer_usd_per_hour: 0.02, public_ipv4_usd_per_hour: 0.005 "
             "}\n");
    if (topology_load_text(&t, "t.yaml", text, strlen(text), TOPOLOGY_RULES_LOCAL, &e))
        fail_msg("%s", e.text);
    assert_int_equal(topology_load_text(&t, "t.yaml", text, strlen(text), TOPOLOGY_RULES_AWS, &e), -1);
    assert_non_null(
        strstr(e.text, "t.yaml:12:99: error: on AWS the default rule forwards to at most 5 clusters"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_aws_accepts_is_accepted),
        cmocka_unit_test(what_only_aws_refuses_is_refused_for_aws_alone_and_at_its_place),
        cmocka_unit_test(what_works_nowhere_is_refused_everywhere),
        cmocka_unit_test(aws_forwards_by_default_to_at_most_five_clusters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
