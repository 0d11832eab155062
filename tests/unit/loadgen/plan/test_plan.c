#include "err.h"
#include "plan.h"

#include "cm.h"

static void the_scope_of_a_threshold_is_a_cluster_or_a_stream(void **state)
{
    struct plan_cluster clusters[] = { { .name = "cluster1" } };
    struct plan_stream streams[] = { { .name = "m4" }, { .name = "t2" } };
    struct plan plan = { .clusters = clusters, .n_clusters = 1, .streams = streams, .n_streams = 2 };
    struct err e;
    (void)state;
    assert_int_equal(plan_add_threshold(&plan, "p99 < 1s", &e), 0);
    assert_int_equal(plan_add_threshold(&plan, "cluster1.p99 < 1s", &e), 0);
    assert_int_equal(plan_add_threshold(&plan, "t2.p99 < 1s", &e), 0);
    assert_int_equal(plan_add_threshold(&plan, "t3.p99 < 1s", &e), -1);
    assert_string_equal(e.text, "there is no cluster or stream 't3'; there are cluster1, m4, t2");
    plan_fini(&(struct plan){ .thresholds = plan.thresholds, .n_thresholds = plan.n_thresholds });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scope_of_a_threshold_is_a_cluster_or_a_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
