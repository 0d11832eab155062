#include "junit.h"

#include "text_out.h"

#include "cm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *written(const struct junit_suite *suite)
{
    struct text_out t;
    assert_true(text_out_begin(&t));
    assert_int_equal(junit_write(t.file, suite), 0);
    return text_out_end(&t);
}

static void a_suite_counts_its_cases_and_says_why_they_did_not_pass(void **state)
{
    static const struct junit_case cases[] = {
        { .class_name = "tp1", .name = "p99 < 5ms", .time_s = 1.5 },
        { .class_name = "tp1", .name = "p50 < 1ms", .result = JUNIT_FAILED, .message = "it was 2.31 ms" },
        { .class_name = "tp1", .name = "p99.9 < 9ms", .result = JUNIT_SKIPPED, .message = "too few" },
        { .class_name = "tp1",
          .name = "rate",
          .result = JUNIT_ERROR,
          .message = "invalid",
          .system_out = "why" },
    };
    const struct junit_suite suite = {
        .name = "tp1", .started_utc = "2026-11-28T20:27:44Z", .time_s = 64.25, .cases = cases, .n_cases = 4
    };
    (void)state;
    char *text = written(&suite);
#define COUNTS "tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\" time=\"64.250\""
    assert_string_equal(
        text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              "<testsuites " COUNTS ">\n"
              "  <testsuite name=\"tp1\" " COUNTS " timestamp=\"2026-11-28T20:27:44Z\">\n"
              "    <testcase classname=\"tp1\" name=\"p99 &lt; 5ms\" time=\"1.500\"/>\n"
              "    <testcase classname=\"tp1\" name=\"p50 &lt; 1ms\" time=\"0.000\">\n"
              "      <failure message=\"it was 2.31 ms\" type=\"failure\">it was 2.31 ms</failure>\n"
              "    </testcase>\n"
              "    <testcase classname=\"tp1\" name=\"p99.9 &lt; 9ms\" time=\"0.000\">\n"
              "      <skipped message=\"too few\">too few</skipped>\n"
              "    </testcase>\n"
              "    <testcase classname=\"tp1\" name=\"rate\" time=\"0.000\">\n"
              "      <error message=\"invalid\" type=\"error\">invalid</error>\n"
              "      <system-out>why</system-out>\n"
              "    </testcase>\n"
              "  </testsuite>\n"
              "</testsuites>\n");
    free(text);
}

static void a_suite_may_be_empty(void **state)
{
    const struct junit_suite suite = { .name = "", .time_s = NAN };
    (void)state;
    char *text = written(&suite);
#define NONE "tests=\"0\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0.000\""
    assert_string_equal(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites " NONE ">\n"
                              "  <testsuite name=\"\" " NONE ">\n  </testsuite>\n</testsuites>\n");
    free(text);
}

static void a_text_is_escaped_and_holds_nothing_that_xml_cannot(void **state)
{
    static const struct junit_case one = { .class_name = "a<b>&\"'",
                                           .name = "\xC3\xBC\n\t\x1B[2J\x01\xE9\xEF\xBF\xBE\xE2\x80\xAE]]>",
                                           .system_out = "a\n\tb]]>" };
    const struct junit_suite suite = { .name = "x", .cases = &one, .n_cases = 1 };
    (void)state;
    char *text = written(&suite);
    assert_non_null(
        strstr(text, "classname=\"a&lt;b&gt;&amp;&quot;&#39;\" name=\"\xC3\xBC&#10;&#9;?[2J????]]&gt;\""));
    assert_non_null(strstr(text, "<system-out>a\n\tb]]&gt;</system-out>"));
    free(text);
}

static void a_full_disk_is_an_error(void **state)
{
    const struct junit_suite suite = { .name = "x" };
    FILE *full = fopen("/dev/full", "w");
    (void)state;
    setvbuf(full, NULL, _IONBF, 0);
    assert_int_equal(junit_write(full, &suite), -1);
    fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_suite_counts_its_cases_and_says_why_they_did_not_pass),
        cmocka_unit_test(a_suite_may_be_empty),
        cmocka_unit_test(a_text_is_escaped_and_holds_nothing_that_xml_cannot),
        cmocka_unit_test(a_full_disk_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
