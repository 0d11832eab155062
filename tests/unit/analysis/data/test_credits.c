#include "credits.h"

#include "err.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "scratch.h"

#define HEADER "ts_utc,source,namespace,metric,statistic,cluster,instance,value,unit,period_s\n"
#define ROW(at, metric, cluster, instance, value)                                                            \
    at ",aws,AWS/EC2," metric ",Average," cluster "," instance "," value ",Count,300\n"

static struct credits read_text(const char *text)
{
    struct credits c;
    struct err e;
    scratch_write("cloudwatch.csv", text, strlen(text));
    assert_int_equal(credits_read(&c, scratch_folder, "cluster2", &e), 0);
    return c;
}

static void without_the_file_nothing_is_known(void **state)
{
    struct credits c;
    struct err e;
    (void)state;
    assert_int_equal(credits_read(&c, "/nowhere", "cluster2", &e), 0);
    assert_false(c.is_known);
    assert_true(isnan(c.first));
}

static void the_balance_is_the_mean_of_instances_and_its_least_that_of_any(void **state)
{
    (void)state;
    /* out of order, with another metric, another cluster and a missing value */
    const struct credits c = read_text(
        HEADER ROW("2026-11-21T22:15:00Z", "CPUCreditBalance", "cluster2", "i-1", "10")
            ROW("2026-11-21T22:10:00Z", "CPUCreditBalance", "cluster2", "i-1", "60")
                ROW("2026-11-21T22:10:00Z", "CPUCreditBalance", "cluster2", "i-2", "40")
                    ROW("2026-11-21T22:10:00Z", "CPUCreditBalance", "cluster1", "i-3", "900")
                        ROW("2026-11-21T22:10:00Z", "CPUCreditUsage", "cluster2", "i-1", "0")
                            ROW("2026-11-21T22:20:00Z", "CPUCreditBalance", "cluster2", "i-1", "")
                                ROW("2026-11-21T22:15:00Z", "CPUCreditBalance", "cluster2", "i-2", "20"));
    assert_true(c.is_known);
    assert_close(c.first, 50, 0);
    assert_close(c.last, 15, 0);
    assert_close(c.least, 10, 0);
}

static void a_cluster_without_credits_is_unknown(void **state)
{
    (void)state;
    assert_false(
        read_text(HEADER ROW("2026-11-21T22:10:00Z", "CPUCreditBalance", "cluster1", "i-1", "60")).is_known);
}

static void other_columns_and_values_are_told(void **state)
{
    struct credits c;
    struct err e;
    (void)state;
    scratch_write("cloudwatch.csv", "a,b\n1,2\n", 8);
    assert_int_equal(credits_read(&c, scratch_folder, "cluster2", &e), -1);
    assert_non_null(strstr(e.text, "ts_utc"));
    const char broken[] = HEADER ROW("2026-11-21T22:10:00Z", "CPUCreditBalance", "cluster2", "i-1", "many");
    scratch_write("cloudwatch.csv", broken, strlen(broken));
    assert_int_equal(credits_read(&c, scratch_folder, "cluster2", &e), -1);
    assert_non_null(strstr(e.text, "many"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_the_file_nothing_is_known),
        cmocka_unit_test(the_balance_is_the_mean_of_instances_and_its_least_that_of_any),
        cmocka_unit_test(a_cluster_without_credits_is_unknown),
        cmocka_unit_test(other_columns_and_values_are_told),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
