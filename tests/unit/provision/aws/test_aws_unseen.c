#include "aws_inventory.h"
#include "aws_unseen.h"
#include "deployment.h"
#include "err.h"
#include "units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#define BEGUN_S          1800000000
#define BEGUN            "1800000000"
#define AFTER_S(seconds) ((BEGUN_S + (uint64_t)(seconds)) * NS_PER_S)

static void add(struct deployment *d, const char *kind, const char *role, const char *key, const char *value)
{
    struct err e;
    struct deployment_resource *r = deployment_add_resource(d, kind, role, NULL, &e);
    assert_non_null(r);
    assert_int_equal(deployment_resource_set(r, "begun_unix_s", BEGUN, &e), 0);
    assert_int_equal(deployment_resource_set(r, key, value, &e), 0);
}

static void what_no_list_shows_is_unseen_until_it_is_two_minutes_old(void **state)
{
    struct deployment d = { 0 };
    const struct aws_inventory none = { 0 };
    (void)state;
    add(&d, "load-balancer", "", "name", "loadgen-1");
    add(&d, "security-group", "balancer", "name", "loadgen-1-balancer");
    assert_int_equal(aws_unseen_count(&d, &none, AFTER_S(0)), 2);
    assert_int_equal(aws_unseen_count(&d, &none, AFTER_S(119)), 2);
    assert_int_equal(aws_unseen_count(&d, &none, AFTER_S(120)), 0);
    assert_int_equal(aws_unseen_count(&d, &none, AFTER_S(-3600)), 0); /* the clock was set back */
    deployment_fini(&d);
}

static void what_a_list_has_shown_is_seen(void **state)
{
    struct deployment d = { 0 };
    struct aws_found items[] = { { .kind = AWS_KIND_SECURITY_GROUP, .name = "loadgen-1-balancer" },
                                 { .kind = AWS_KIND_TARGET_GROUP, .name = "loadgen-1-balancer" } };
    (void)state;
    add(&d, "security-group", "balancer", "name", "loadgen-1-balancer");
    assert_int_equal(aws_unseen_count(&d, &(struct aws_inventory){ .items = items, .n = 1 }, AFTER_S(1)), 0);
    assert_int_equal(aws_unseen_count(&d, &(struct aws_inventory){ .items = items + 1, .n = 1 }, AFTER_S(1)),
                     1);
    deployment_fini(&d);
}

static void each_instance_of_a_launch_counts(void **state)
{
    struct deployment d = { 0 };
    struct aws_found items[] = {
        { .kind = AWS_KIND_INSTANCE, .id = "i-1", .gone = true, .tags.role = "cluster1/us-east-1b" },
        { .kind = AWS_KIND_INSTANCE, .id = "i-2", .tags.role = "cluster2/us-east-1a" },
    };
    (void)state;
    add(&d, "launch", "cluster1/us-east-1b", "count", "4");
    assert_int_equal(aws_unseen_count(&d, &(struct aws_inventory){ .items = items, .n = 2 }, AFTER_S(1)), 3);
    deployment_fini(&d);
}

static void what_goes_with_the_balancer_or_was_refused_does_not_count(void **state)
{
    struct deployment d = { 0 };
    const struct aws_inventory none = { 0 };
    struct err e;
    (void)state;
    add(&d, "listener", "", "name", "loadgen-1");
    add(&d, "rule", "cluster1", "name", "loadgen-1-cluster1");
    add(&d, "target-group", "cluster1", "name", "loadgen-1-cluster1");
    assert_int_equal(deployment_resource_set(&d.resources[2], "begun_unix_s", NULL, &e), 0);
    assert_int_equal(aws_unseen_count(&d, &none, AFTER_S(1)), 0);
    deployment_fini(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_no_list_shows_is_unseen_until_it_is_two_minutes_old),
        cmocka_unit_test(what_a_list_has_shown_is_seen),
        cmocka_unit_test(each_instance_of_a_launch_counts),
        cmocka_unit_test(what_goes_with_the_balancer_or_was_refused_does_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
