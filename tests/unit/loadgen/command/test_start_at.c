#include "start_at.h"

#include "cm.h"
#include "err.h"
#include "units.h"

#include <stdio.h>

#define AT_NS (UINT64_C(1795902000) * NS_PER_S) /* 2026-11-28T21:40:00Z */

static void a_date_is_in_utc_or_has_an_offset(void **state)
{
    static const struct {
        const char *text;
        uint64_t ns;
    } cases[] = {
        { "2026-11-28T21:40:00Z", AT_NS },
        { "2026-11-28T22:40:00+01:00", AT_NS },
        { "2026-11-28T18:10:00-03:30", AT_NS },
        { "2026-11-29T07:40:00+10:00", AT_NS },
        { "2026-11-28T21:40:00.25Z", AT_NS + 250 * NS_PER_MS },
        { "2026-11-28T21:40:00.1234567891Z", AT_NS + 123456789 },
        { "2028-02-29T00:00:00Z", UINT64_C(1835395200) * NS_PER_S },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        uint64_t ns;
        struct err e;
        if (start_at_parse(&ns, cases[i].text, &e))
            fail_msg("%s: %s", cases[i].text, e.text);
        assert_int_equal(ns, cases[i].ns);
    }
}

static void anything_else_is_refused(void **state)
{
    static const char *const wrong[] = { "",
                                         "now",
                                         "21:40",
                                         "2026-11-28",
                                         "2026-11-28T21:40:00",
                                         "2026-11-28 21:40:00Z",
                                         "2026-11-28T21:40Z",
                                         "2026-11-28T21:40:00.Z",
                                         "2026-11-28T21:40:00+01",
                                         "2026-11-28T21:40:00+24:00",
                                         "2026-11-28T21:40:00Zx",
                                         "2026-11-31T21:40:00Z",
                                         "2027-02-29T21:40:00Z",
                                         "2026-13-28T21:40:00Z",
                                         "2026-11-28T24:40:00Z",
                                         "2026-11-28T21:60:00Z",
                                         "2026-11-28T21:40:60Z",
                                         "1969-12-31T23:59:59Z",
                                         "9999-01-01T00:00:00Z",
                                         "+026-11-28T21:40:00Z" };
    char sentence[256];
    (void)state;
    for (size_t i = 0; i < N_OF(wrong); i++) {
        uint64_t ns;
        struct err e;
        assert_int_equal(start_at_parse(&ns, wrong[i], &e), -1);
        snprintf(sentence, sizeof sentence,
                 "--start-at must be a date and time such as 2026-11-28T21:40:00Z, not '%s'", wrong[i]);
        assert_string_equal(e.text, sentence);
        assert_int_equal(e.kind, ERR_INPUT);
    }
}

static void a_start_that_has_passed_is_named(void **state)
{
    struct err e;
    (void)state;
    assert_int_equal(start_at_check(AT_NS, AT_NS - 1, "2026-11-28T21:40:00Z", "this share", &e), 0);
    assert_int_equal(start_at_check(AT_NS, AT_NS - UINT64_C(86400) * NS_PER_S, "", "", &e), 0);
    assert_int_equal(
        start_at_check(AT_NS, AT_NS + 12300 * NS_PER_MS, "2026-11-28T21:40:00Z", "this share", &e), -1);
    assert_string_equal(e.text,
                        "--start-at 2026-11-28T21:40:00Z was 12.3 s ago: this share would be sent late");
    assert_int_equal(e.kind, ERR_INPUT);
}

static void a_start_of_another_day_is_a_mistake(void **state)
{
    struct err e;
    (void)state;
    assert_int_equal(
        start_at_check(AT_NS, AT_NS - UINT64_C(86401) * NS_PER_S, "2026-11-28T21:40:00Z", "this run", &e),
        -1);
    assert_string_equal(e.text, "--start-at 2026-11-28T21:40:00Z is more than a day ahead");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_date_is_in_utc_or_has_an_offset),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(a_start_that_has_passed_is_named),
        cmocka_unit_test(a_start_of_another_day_is_a_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
