#include "clock.h"

#include "cm.h"

static void dates_are_utc_and_iso_8601(void **state)
{
    static const struct {
        uint64_t ns;
        const char *text, *name;
    } cases[] = {
        { 0, "1970-01-01T00:00:00Z", "1970-01-01T00-00-00Z" },
        { UINT64_C(1795299004999999999), "2026-11-21T22:10:04Z", "2026-11-21T22-10-04Z" },
        { UINT64_C(951782400000000000), "2000-02-29T00:00:00Z", "2000-02-29T00-00-00Z" },
    };
    char out[CLOCK_UTC_TEXT_BYTES];
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        assert_string_equal(clock_utc_text(cases[i].ns, out), cases[i].text);
        assert_string_equal(clock_utc_name(cases[i].ns, out), cases[i].name);
        uint64_t back_ns = 1;
        assert_int_equal(clock_utc_parse(cases[i].text, &back_ns), 0);
        assert_true(back_ns == cases[i].ns / 1000000000u * 1000000000u);
    }
}

static void only_whole_dates_are_read(void **state)
{
    static const char *const texts[] = { "",
                                         "never",
                                         "2026-11-21",
                                         "2026-11-21T22:10:04",
                                         "2026-11-21T22:10:04Z ",
                                         "2026-13-21T22:10:04Z",
                                         "1969-12-31T23:59:59Z",
                                         "2555-01-01T00:00:00Z", /* in nanoseconds, more than 64 bits */
                                         "9999-12-31T23:59:59Z" };
    uint64_t ns = 7;
    (void)state;
    for (size_t i = 0; i < N_OF(texts); i++)
        assert_int_equal(clock_utc_parse(texts[i], &ns), -1);
    assert_true(ns == 7);
}

static void the_monotonic_clock_never_goes_back(void **state)
{
    uint64_t before_ns = clock_monotonic_ns();
    (void)state;
    for (int i = 0; i < 1000; i++) {
        const uint64_t now_ns = clock_monotonic_ns();
        assert_true(now_ns >= before_ns);
        before_ns = now_ns;
    }
    assert_true(clock_realtime_ns() > UINT64_C(1700000000000000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_utc_and_iso_8601),
        cmocka_unit_test(only_whole_dates_are_read),
        cmocka_unit_test(the_monotonic_clock_never_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
