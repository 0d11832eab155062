#include "err.h"
#include "plan.h"
#include "threshold_scope.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_scope_is_a_cluster_or_a_stream(void **state)
{
    struct plan_cluster clusters[] = { { .name = "cluster1" } };
    struct plan_stream streams[] = { { .name = "m4" }, { .name = "t2" } };
    const struct plan plan = { .clusters = clusters, .n_clusters = 1, .streams = streams, .n_streams = 2 };
    struct err e;
    (void)state;
    assert_int_equal(threshold_scope_check(&(struct threshold){ .scope = "" }, &plan, &e), 0);
    assert_int_equal(threshold_scope_check(&(struct threshold){ .scope = "cluster1" }, &plan, &e), 0);
    assert_int_equal(threshold_scope_check(&(struct threshold){ .scope = "t2" }, &plan, &e), 0);
    assert_int_equal(threshold_scope_check(&(struct threshold){ .scope = "t3" }, &plan, &e), -1);
    assert_string_equal(e.text, "there is no cluster or stream 't3'; there are cluster1, m4, t2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scope_is_a_cluster_or_a_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
