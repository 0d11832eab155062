#include "clock.h"
#include "deployment.h"
#include "err.h"
#include "expiry.h"
#include "units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define CREATED_NS UINT64_C(1795385404000000000) /* 2026-11-22T22:10:04Z */
#define HOUR_NS    (3600 * NS_PER_S)

static struct deployment created(void)
{
    struct deployment d = { .topology = "m4x4-t2x5" };
    clock_utc_text(CREATED_NS, d.created_utc);
    return d;
}

static void a_fresh_deployment_records_its_expiry(void **state)
{
    struct deployment d = created();
    struct err e;
    (void)state;
    assert_int_equal(expiry_settle(&d, false, 4 * HOUR_NS, CREATED_NS + NS_PER_S / 2, &e), 0);
    assert_string_equal(d.expires_utc, "2026-11-23T02:10:04Z");
    assert_true(expiry_ns(&d) == CREATED_NS + 4 * HOUR_NS);
}

static void without_one_nothing_is_recorded(void **state)
{
    struct deployment d = created();
    struct err e;
    (void)state;
    assert_int_equal(expiry_settle(&d, false, 0, CREATED_NS, &e), 0);
    assert_string_equal(d.expires_utc, "");
    assert_true(expiry_ns(&d) == 0);
}

static void the_same_command_goes_on_and_another_expiry_is_refused(void **state)
{
    struct deployment d = created();
    struct err e;
    (void)state;
    expiry_settle(&d, false, 4 * HOUR_NS, CREATED_NS, &e);
    assert_int_equal(expiry_settle(&d, true, 4 * HOUR_NS, CREATED_NS + HOUR_NS, &e), 0);
    assert_int_equal(expiry_settle(&d, true, 0, CREATED_NS + HOUR_NS, &e), 0);
    assert_int_equal(expiry_settle(&d, true, 8 * HOUR_NS, CREATED_NS + HOUR_NS, &e), -1);
    assert_non_null(strstr(e.text, "with --expire 4 h 0 min, and --expire asks for 8 h 0 min"));
    d.expires_utc[0] = '\0';
    assert_int_equal(expiry_settle(&d, true, 8 * HOUR_NS, CREATED_NS + HOUR_NS, &e), -1);
    assert_non_null(strstr(e.text, "was begun without --expire"));
}

static void an_expired_deployment_is_refused(void **state)
{
    struct deployment d = created();
    struct err e;
    (void)state;
    expiry_settle(&d, false, HOUR_NS, CREATED_NS, &e);
    assert_int_equal(expiry_settle(&d, true, 0, CREATED_NS + HOUR_NS, &e), -1);
    assert_non_null(strstr(e.text, "expired at 2026-11-22T23:10:04Z"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_deployment_records_its_expiry),
        cmocka_unit_test(without_one_nothing_is_recorded),
        cmocka_unit_test(the_same_command_goes_on_and_another_expiry_is_refused),
        cmocka_unit_test(an_expired_deployment_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
