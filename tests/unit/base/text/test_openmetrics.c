#include "openmetrics.h"

#include "cm.h"
#include "text_out.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *written(bool is_classic)
{
    struct text_out t;
    assert_true(text_out_begin(&t));
    struct openmetrics m = { .out = t.file, .is_classic = is_classic };
    openmetrics_family(&m, "x_bytes", OPENMETRICS_COUNTER, "bytes", "bytes sent");
    openmetrics_count(&m, "", (const char *const[]){ "to", "a\"b\\c\nd", "left", NULL, NULL }, 7);
    openmetrics_family(&m, "x", OPENMETRICS_INFO, "", "what runs");
    openmetrics_count(&m, "", NULL, 1);
    openmetrics_family(&m, "x_time_seconds", OPENMETRICS_HISTOGRAM, "seconds", "times");
    openmetrics_count(&m, "_bucket", (const char *const[]){ "le", "+Inf", NULL }, 2);
    openmetrics_real(&m, "_sum", NULL, 0.25);
    openmetrics_real(&m, "_sum", NULL, INFINITY);
    openmetrics_real(&m, "_sum", NULL, NAN);
    openmetrics_end(&m);
    return text_out_end(&t);
}

static void openmetrics_names_families_and_ends(void **state)
{
    char *text = written(false);
    (void)state;
    assert_string_equal(text, "# TYPE x_bytes counter\n"
                              "# UNIT x_bytes bytes\n"
                              "# HELP x_bytes bytes sent\n"
                              "x_bytes_total{to=\"a\\\"b\\\\c\\nd\"} 7\n"
                              "# TYPE x info\n"
                              "# HELP x what runs\n"
                              "x_info 1\n"
                              "# TYPE x_time_seconds histogram\n"
                              "# UNIT x_time_seconds seconds\n"
                              "# HELP x_time_seconds times\n"
                              "x_time_seconds_bucket{le=\"+Inf\"} 2\n"
                              "x_time_seconds_sum 0.25\n"
                              "x_time_seconds_sum +Inf\n"
                              "x_time_seconds_sum NaN\n"
                              "# EOF\n");
    free(text);
}

static void the_older_format_names_samples(void **state)
{
    char *text = written(true);
    (void)state;
    assert_non_null(strstr(text, "# TYPE x_bytes_total counter\n# HELP x_bytes_total bytes sent\n"));
    assert_non_null(strstr(text, "# TYPE x_info gauge\n"));
    assert_null(strstr(text, "# UNIT"));
    assert_null(strstr(text, "# EOF"));
    free(text);
}

static void a_client_gets_the_format_that_it_prefers(void **state)
{
    static const struct {
        const char *accept;
        bool is_open;
    } cases[] = {
        { "", false },
        { "*/*", false },
        { "text/plain", false },
        { "application/openmetrics-text", true },
        { "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true },
        { "application/openmetrics-text;version=1.0.0;q=0.5, text/plain;version=0.0.4;q=0.8", false },
        { "text/html,APPLICATION/OpenMetrics-Text; version=0.0.1 ; q=0.75", true },
        { "application/openmetrics-text;q=0", false },
        { ",,;q=;,", false },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        if (openmetrics_is_accepted(cases[i].accept) != cases[i].is_open)
            fail_msg("%s", cases[i].accept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(openmetrics_names_families_and_ends),
        cmocka_unit_test(the_older_format_names_samples),
        cmocka_unit_test(a_client_gets_the_format_that_it_prefers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
