#include "aws_left.h"
#include "deployment.h"
#include "err.h"
#include "provider.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static void begin(struct deployment *d, const char *kind, const char *role, const char *count,
                  const char *usd_per_hour)
{
    struct err e;
    struct deployment_resource *r = deployment_add_resource(d, kind, role, NULL, &e);
    assert_non_null(r);
    assert_int_equal(deployment_resource_set(r, "begun_unix_s", "1795385404", &e), 0);
    assert_int_equal(deployment_resource_set(r, "count", count, &e), 0);
    assert_int_equal(deployment_resource_set(r, "usd_per_hour", usd_per_hour, &e), 0);
}

static const char *line_at(struct deployment *d, uint64_t realtime_ns)
{
    static struct err e;
    const struct provider_context c = { .deployment = d, .down = "loadgen provision down" };
    err_set(&e, ERR_FAILED, "it failed");
    aws_left_add(&c, realtime_ns, &e);
    return strchr(e.text, '\n') ? strchr(e.text, '\n') + 1 : "";
}

static const char *line_of(struct deployment *d)
{
    return line_at(d, 0);
}

static void nothing_begun_is_nothing_left(void **state)
{
    struct deployment d = { .topology = "two" };
    struct err e;
    (void)state;
    assert_non_null(deployment_add_resource(&d, "vpc", "network", "vpc-1", &e));
    assert_string_equal(line_of(&d), "");
    begin(&d, "security-group", "balancer", NULL, NULL);
    assert_string_equal(line_of(&d),
                        "what was made of two costs nothing by itself: `loadgen provision down` removes it");
    deployment_fini(&d);
}

static void a_launch_without_a_reply_counts_at_most(void **state)
{
    struct deployment d = { .topology = "two" };
    struct err e;
    (void)state;
    begin(&d, "launch", "one/a", "4", "0.1");
    begin(&d, "launch", "two/b", "5", "0.09");
    for (int i = 0; i < 4; i++)
        assert_int_equal(deployment_add_instance(&d, &(struct deployment_instance){ .cluster = "one" }, &e),
                         0);
    assert_string_equal(line_of(&d), "4 to 9 instances of two may be running and cost up to 0.85 USD an hour "
                                     "until `loadgen provision down` ends that");
    deployment_fini(&d);
}

static void a_generator_is_one_of_the_instances(void **state)
{
    struct deployment d = { .topology = "two",
                            .generator = { .id = "i-1" },
                            .expires_utc = "2026-11-23T02:10:04Z" };
    (void)state;
    begin(&d, "launch", "generator/a", "1", "0.1");
    begin(&d, "load-balancer", "", NULL, "0.0325");
    assert_string_equal(
        line_of(&d),
        "1 instance and a load balancer of two may be running and cost up to 0.13 USD an hour: `loadgen "
        "provision down` ends that; without it the instances end by themselves at 2026-11-23T02:10:04Z, the "
        "load balancer never");
    assert_string_equal(line_at(&d, UINT64_C(1800000000000000000)),
                        "the instances of two were to end by themselves at 2026-11-23T02:10:04Z; what is "
                        "left costs 0.03 USD an hour until `loadgen provision down` ends that");
    assert_true(aws_left_balancer_usd_per_hour(&d) > 0.0324 && aws_left_balancer_usd_per_hour(&d) < 0.0326);
    deployment_fini(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_begun_is_nothing_left),
        cmocka_unit_test(a_launch_without_a_reply_counts_at_most),
        cmocka_unit_test(a_generator_is_one_of_the_instances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
