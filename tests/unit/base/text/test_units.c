#include "units.h"

#include "cm.h"

#include <math.h>
#include <string.h>

struct whole_case {
    const char *text;
    uint64_t right;
};

typedef int whole_fn(const char *text, uint64_t *out);

static void assert_accepts(whole_fn *parse, const struct whole_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t got = 77;
        if (parse(cases[i].text, &got) || got != cases[i].right)
            fail_msg("'%s' gave %llu", cases[i].text, (unsigned long long)got);
    }
}

static void assert_refuses(whole_fn *parse, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t got = 77;
        if (parse(texts[i], &got) == 0)
            fail_msg("'%s' was taken for %llu", texts[i], (unsigned long long)got);
        assert_int_equal(got, 77);
    }
}

static void durations_are_read(void **state)
{
    static const struct whole_case accepted[] = {
        { "500ms", 500000000 },
        { "10s", UINT64_C(10000000000) },
        { "1h30m", UINT64_C(5400000000000) },
        { "1h30min", UINT64_C(5400000000000) },
        { "1m30s500ms", UINT64_C(90500000000) },
        { "1.5s", 1500000000 },
        { ".5s", 500000000 },
        { "250us", 250000 },
        { "100ns", 100 },
        { "0", 0 },
        { "0s", 0 },
        { "1e3ms", 1000000000 },
        { "2500000h", UINT64_C(9000000000000000000) },
    };
    static const char *const refused[] = {
        "",    "10",    "1.5",  "-1s",          "+1s",  " 1s",    "1s ",  "1 s",  "s",    "ms",
        "10S", "10sec", "1d",   "1s1s",         "1s1m", "1h1h",   "5s10", "0x1s", "infs", "nans",
        "1e",  "1..5s", "1,5s", "99999999999h", "1s\n", "1e400s", "--1s", "1m1h"
    };
    (void)state;
    assert_accepts(units_parse_duration_ns, accepted, N_OF(accepted));
    assert_refuses(units_parse_duration_ns, refused, N_OF(refused));
}

static void counts_are_read_to_the_last_digit(void **state)
{
    static const struct whole_case accepted[] = {
        { "0", 0 },
        { "500", 500 },
        { "5k", 5000 },
        { "5K", 5000 },
        { "2M", 2000000 },
        { "2.3M", 2300000 },
        { "1.1k", 1100 },
        { "4.35k", 4350 },
        { "1G", 1000000000 },
        { "1e6", 1000000 },
        { "9007199254740993", UINT64_C(9007199254740993) },
        { "18446744073709551615", UINT64_MAX },
    };
    static const char *const refused[] = { "",
                                           "-1",
                                           "+1",
                                           "1.5",
                                           "1.0005k",
                                           "1.0000005",
                                           "0.0000000001",
                                           "k",
                                           "5kk",
                                           "5 k",
                                           "5m",
                                           "0x10",
                                           "inf",
                                           "nan",
                                           "1e400",
                                           "5k5",
                                           "1_000",
                                           "1,000",
                                           "18446744073709551616",
                                           "18446744073709551.616k",
                                           "99999999999G",
                                           "1e-1",
                                           "." };
    (void)state;
    assert_accepts(units_parse_count, accepted, N_OF(accepted));
    assert_refuses(units_parse_count, refused, N_OF(refused));
}

static void sizes_are_read(void **state)
{
    static const struct whole_case accepted[] = {
        { "4096", 4096 },      { "64KiB", 65536 }, { "1MiB", 1048576 }, { "1.5KiB", 1536 },
        { "10kB", 10000 },     { "10KB", 10000 },  { "2MB", 2000000 },  { "1GiB", 1073741824 },
        { "1GB", 1000000000 }, { "0", 0 },         { "7B", 7 },
    };
    static const char *const refused[] = { "",   "64k",       "64K",   "64kib", "KiB",
                                           "-1", "1.0001KiB", "1 KiB", "1TiB",  "1KiBs" };
    (void)state;
    assert_accepts(units_parse_size_bytes, accepted, N_OF(accepted));
    assert_refuses(units_parse_size_bytes, refused, N_OF(refused));
}

static void rates_are_read(void **state)
{
    static const struct {
        const char *text;
        double right;
    } accepted[] = { { "500/s", 500 },    { "2k/s", 2000 },  { "100/ms", 100000 }, { "6000/m", 100 },
                     { "6000/min", 100 }, { "36000/h", 10 }, { "250", 250 },       { "2k", 2000 },
                     { "0.5/s", .5 },     { "1e3/s", 1000 } };
    static const char *const zero[] = { "0", "0/s", "0k/ms", "0.0/h" };
    static const char *const refused[] = { "",    "0",  "0/s",  "-5/s", "5/",    "5/x", "5 /s",
                                           "k/s", "/s", "5/ss", "inf",  "5k5/s", "5s" };
    (void)state;
    for (size_t i = 0; i < N_OF(accepted); i++) {
        double got = 77;
        if (units_parse_rate_per_s(accepted[i].text, &got) || fabs(got - accepted[i].right) > 1e-12 * got)
            fail_msg("'%s' gave %g", accepted[i].text, got);
    }
    for (size_t i = 0; i < N_OF(zero); i++) {
        double got = 77;
        assert_int_equal(units_parse_rate_or_0_per_s(zero[i], &got), 0);
        assert_true(got == 0);
    }
    for (size_t i = 0; i < N_OF(refused); i++) {
        double got = 77;
        if (units_parse_rate_per_s(refused[i], &got) == 0 || got != 77)
            fail_msg("'%s' was taken for %g", refused[i], got);
        if (refused[i][0] != '0' && (units_parse_rate_or_0_per_s(refused[i], &got) == 0 || got != 77))
            fail_msg("'%s' was taken for %g", refused[i], got);
    }
}

static void real_numbers_are_read(void **state)
{
    static const char *const refused[] = { "",    "-",    "--1", "1x", "0x1", "inf",
                                           "nan", "-inf", " 1",  "1 ", "+1",  "1e400" };
    double got;
    (void)state;
    assert_int_equal(units_parse_real("-1.25e2", &got), 0);
    assert_true(got == -125);
    assert_int_equal(units_parse_real("0", &got), 0);
    assert_true(got == 0);
    for (size_t i = 0; i < N_OF(refused); i++)
        assert_int_equal(units_parse_real(refused[i], &got), -1);
}

static void numbers_are_written_with_three_digits(void **state)
{
    static const struct {
        double value;
        const char *right;
    } cases[] = { { 2.314, "2.31" },   { 14.66, "14.7" },   { 397.6, "398" },
                  { 12500, "12 500" }, { 999.4, "999" },    { 999.5, "1 000" },
                  { 99.95, "100" },    { 99.94, "99.9" },   { 9.995, "10.0" },
                  { 9.994, "9.99" },   { .9995, "1.00" },   { .9994, "0.999" },
                  { .5, "0.500" },     { .1, "0.100" },     { .0123, "0.0123" },
                  { 0, "0.00" },       { -2.5, "-2.50" },   { -12500, "-12 500" },
                  { NAN, "n/a" },      { INFINITY, "n/a" }, { 1e300, "1e+300" },
                  { 1e15, "1e+15" },   { 1e-9, "1e-09" },   { 123456789, "123 456 789" } };
    char out[UNITS_TEXT_BYTES];
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        assert_string_equal(units_number_text(cases[i].value, out), cases[i].right);
}

static void limits_are_written_without_digits_that_nobody_set(void **state)
{
    static const struct {
        double value;
        const char *right;
    } cases[] = { { 10, "10" },   { 2.5, "2.5" },    { .1, "0.1" },       { 0, "0" },
                  { 999, "999" }, { 1000, "1 000" }, { 12500, "12 500" }, { NAN, "n/a" } };
    char out[UNITS_TEXT_BYTES];
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        assert_string_equal(units_limit_text(cases[i].value, out), cases[i].right);
}

static void durations_are_written_in_the_unit_that_fits(void **state)
{
    static const struct {
        uint64_t ns;
        const char *right;
    } cases[] = { { 0, "0 s" },
                  { 999, "999 ns" },
                  { 1000, "1.00 us" },
                  { 999499, "999 us" },
                  { 999500, "1.00 ms" },
                  { 999600, "1.00 ms" },
                  { 999499999, "999 ms" },
                  { 999500000, "1.00 s" },
                  { 2310000, "2.31 ms" },
                  { 999600000, "1.00 s" },
                  { UINT64_C(41000000000), "41.0 s" },
                  { UINT64_C(59999999999), "60.0 s" },
                  { UINT64_C(60000000000), "1 min 0 s" },
                  { UINT64_C(90000000000), "1 min 30 s" },
                  { UINT64_C(3599000000000), "59 min 59 s" },
                  { UINT64_C(3600000000000), "1 h 0 min" },
                  { UINT64_C(93600000000000), "26 h 0 min" },
                  { UINT64_MAX, "5124095 h 34 min" } };
    char out[UNITS_TEXT_BYTES];
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        assert_string_equal(units_duration_text(cases[i].ns, out), cases[i].right);
}

static void a_duration_is_written_as_it_is_read(void **state)
{
    static const struct {
        uint64_t ns;
        const char *text;
    } cases[] = {
        { 0, "0s" },
        { 1, "1ns" },
        { 1500, "1500ns" },
        { 250000, "250us" },
        { 1500000000, "1500ms" },
        { UINT64_C(10000000000), "10s" },
        { UINT64_C(7200000000000), "7200s" },
    };
    char out[UNITS_TEXT_BYTES];
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        uint64_t ns = 1;
        assert_string_equal(units_duration_exact(cases[i].ns, out), cases[i].text);
        assert_int_equal(units_parse_duration_ns(out, &ns), 0);
        assert_true(ns == cases[i].ns);
    }
}

static void counts_and_sizes_are_written_for_people(void **state)
{
    char out[UNITS_TEXT_BYTES];
    (void)state;
    assert_string_equal(units_count_text(0, out), "0");
    assert_string_equal(units_count_text(999, out), "999");
    assert_string_equal(units_count_text(12500, out), "12 500");
    assert_string_equal(units_count_text(UINT64_MAX, out), "18 446 744 073 709 551 615");
    assert_string_equal(units_bytes_text(0, out), "0 B");
    assert_string_equal(units_bytes_text(1000, out), "1000 B");
    assert_string_equal(units_bytes_text(1023, out), "1023 B");
    assert_string_equal(units_bytes_text(1024, out), "1.00 KiB");
    assert_string_equal(units_bytes_text(65536, out), "64.0 KiB");
    assert_string_equal(units_bytes_text(1048063, out), "1 023 KiB");
    assert_string_equal(units_bytes_text(1048064, out), "1.00 MiB"); /* which three digits make of it */
    assert_string_equal(units_bytes_text(1048575, out), "1.00 MiB");
    assert_string_equal(units_bytes_text(UINT64_MAX, out), "16 777 216 TiB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_read),
        cmocka_unit_test(counts_are_read_to_the_last_digit),
        cmocka_unit_test(sizes_are_read),
        cmocka_unit_test(rates_are_read),
        cmocka_unit_test(real_numbers_are_read),
        cmocka_unit_test(numbers_are_written_with_three_digits),
        cmocka_unit_test(limits_are_written_without_digits_that_nobody_set),
        cmocka_unit_test(durations_are_written_in_the_unit_that_fits),
        cmocka_unit_test(a_duration_is_written_as_it_is_read),
        cmocka_unit_test(counts_and_sizes_are_written_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
