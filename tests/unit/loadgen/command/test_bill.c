#include "bill.h"
#include "err.h"
#include "units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define NOW_NS  UINT64_C(1795385404000000000) /* 2026-11-22T22:10:04Z */
#define HOUR_NS (3600 * NS_PER_S)

static char file[] = "my results/lab.json";
static char topology[] = "m4x4-t2x5";

static struct bill bill_until(uint64_t expires_ns)
{
    struct bill b;
    const struct plan plan = { .deployment = { .present = true,
                                               .file = file,
                                               .topology = topology,
                                               .usd_per_hour = 0.975,
                                               .expires_ns = expires_ns } };
    bill_init(&b, &plan);
    return b;
}

static int check(const struct bill *b, uint64_t length_ns, bool is_least, struct err *e)
{
    return bill_check(b, "the run", (struct plan_length){ length_ns, is_least }, NOW_NS, e);
}

static void what_ends_a_minute_before_the_instances_may_begin(void **state)
{
    struct err e;
    (void)state;
    const struct bill b = bill_until(NOW_NS + HOUR_NS);
    assert_int_equal(check(&b, HOUR_NS - 61 * NS_PER_S, false, &e), 0);
    assert_int_equal(check(&b, HOUR_NS - 60 * NS_PER_S, false, &e), -1);
    assert_int_equal(e.kind, ERR_INPUT);
    assert_string_equal(
        e.text, "the run takes 59 min 0 s, but the instances of m4x4-t2x5 end by themselves in 1 h 0 "
                "min, at 2026-11-22T23:10:04Z (up --expire): make it shorter, or take the deployment "
                "down with `loadgen provision down --deployment 'my results/lab.json'` and bring it up "
                "with a longer --expire");
    assert_int_equal(check(&b, UINT64_MAX - NOW_NS, false, &e), -1);
}

static void what_has_no_known_end_needs_ten_minutes_more(void **state)
{
    struct err e;
    (void)state;
    const struct bill b = bill_until(NOW_NS + HOUR_NS);
    assert_int_equal(check(&b, HOUR_NS - 601 * NS_PER_S, true, &e), 0);
    assert_int_equal(check(&b, HOUR_NS - 600 * NS_PER_S, true, &e), -1);
    assert_non_null(strstr(e.text, "takes more than 50 min 0 s, but"));
}

static void nothing_begins_after_the_expiry_and_anything_without_one(void **state)
{
    struct err e;
    (void)state;
    const struct bill expired = bill_until(NOW_NS);
    const struct bill endless = bill_until(0);
    assert_int_equal(check(&expired, 0, false, &e), -1);
    assert_non_null(strstr(e.text, "ended by themselves at 2026-11-22T22:10:04Z"));
    assert_int_equal(check(&endless, 1000 * HOUR_NS, true, &e), 0);
}

static void what_is_up_is_a_line_under_the_error_if_it_costs(void **state)
{
    struct err e;
    struct bill b = bill_until(0);
    const struct plan free_of_charge = { .deployment = { .present = true, .topology = topology } };
    (void)state;
    err_set(&e, ERR_FAILED, "it failed");
    bill_add(&b, &e);
    assert_string_equal(e.text,
                        "it failed\nm4x4-t2x5 is still up and costs about 0.97 USD an hour until `loadgen "
                        "provision down --deployment 'my results/lab.json'` ends that");
    b.expires_ns = 1;
    err_set(&e, ERR_FAILED, "it failed");
    bill_add(&b, &e);
    assert_string_equal(
        e.text, "it failed\nthe load balancer of m4x4-t2x5 did not end and costs money until `loadgen "
                "provision down --deployment 'my results/lab.json'` ends that");
    err_set(&e, ERR_FAILED, "it failed");
    bill_init(&b, &free_of_charge);
    bill_add(&b, &e);
    bill_init(&b, &(struct plan){ .n_threads = 1 });
    bill_add(&b, &e);
    assert_string_equal(e.text, "it failed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_ends_a_minute_before_the_instances_may_begin),
        cmocka_unit_test(what_has_no_known_end_needs_ten_minutes_more),
        cmocka_unit_test(nothing_begins_after_the_expiry_and_anything_without_one),
        cmocka_unit_test(what_is_up_is_a_line_under_the_error_if_it_costs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
