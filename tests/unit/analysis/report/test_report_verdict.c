/* The verdict's section: rules that warned come first; of those that held, the one nearest to its limit is
 * shown. */
#include "cm.h"

#include "made_text.h"

#include "report_sections.h"
#include "text_out.h"

#include <math.h>

/* The section as text: cells end with "|", other markup is left out. */
static char *verdict_of(struct derived_check *checks, size_t n, const char *verdict)
{
    struct threshold_result thresholds[] = {
        { .text = "p99 < 5ms", .held = THRESHOLD_HELD },
        { .text = "c.errors < 1%", .scope = "c", .held = THRESHOLD_MISSED }
    };
    const struct dataset data = { .folder = (char[]){ "/nowhere" },
                                  .run = { .checks = checks,
                                           .n_checks = n,
                                           .verdict = verdict,
                                           .thresholds = thresholds,
                                           .n_thresholds = n % 2 ? 2 : 0 } };
    const struct report report = { .data = &data };
    struct text_out text;
    assert_true(text_out_begin(&text));
    report_section_verdict(text.file, &report);
    char *html = text_out_end(&text), *to = html;
    assert_non_null(html);
    for (const char *from = html; *from;) {
        if (strncmp(from, "</td>", 5) == 0)
            *to++ = '|';
        if (*from == '<')
            from += strcspn(from, ">") + 1;
        else
            *to++ = *from++;
    }
    *to = '\0';
    return html;
}

#define CHECK(r, s, l, v, w, i)                                                                              \
    {                                                                                                        \
        .rule = r, .scope = s, .level = l, .value = v, .warn = w, .invalid = i, .unit = "%", .what = "it",   \
        .advice = "Do so for " r "."                                                                         \
    }

static void what_went_wrong_comes_first(void **state)
{
    struct derived_check checks[] = {
        CHECK("R1", "a", "OK", 1, 2, 10),       CHECK("R2", "a", "WARN", 3, 2, 10),
        CHECK("R3", "a", "INVALID", 30, 2, 10), CHECK("R2", "b", "WARN", 4, 2, 10),
        CHECK("R4", "a", "OK", NAN, 2, 10),
    };
    static const char *const rows[] = { "INVALID|R3|a: it|30.0 %|2.00 |10.0 |",
                                        "WARN|R2|a: it|3.00 %|2.00 |10.0 |",
                                        "WARN|R2|b: it|4.00 %|2.00 |10.0 |",
                                        "OK|R1|a: it|1.00 %|2.00 |10.0 |", "OK|R4|a: it| |2.00 |10.0 |" };
    (void)state;
    char *text = verdict_of(checks, N_OF(checks), "INVALID");
    const char *at = text;
    for (size_t i = 0; i < N_OF(rows); i++) {
        assert_says(at, rows[i]);
        at = strstr(at, rows[i]);
    }
    assert_says(text, "INVALID R3 a: it: 30.0 %, limit 10 %. Do so for R3.");
    assert_says(text, "WARN R2 b: it: 4.00 %, limit 2 %, and 1 more of its kind. Do so for R2.");
    assert_says(text, "cannot be excluded as the cause");
    assert_says(text, "p99 &lt; 5ms|all|held|");
    assert_says(text, "c.errors &lt; 1%|c|missed|");
    free(text);
}

/* For rules that limit low values, the lower value is nearer. */
static void rules_that_held_are_told_by_the_nearest(void **state)
{
    struct derived_check checks[] = {
        CHECK("R1", "far", "OK", 1, 5, 10),         CHECK("R1", "near", "OK", 4, 5, 10),
        CHECK("R1", "as near", "OK", 4, 5, 10),     CHECK("R1", "over", "WARN", 6, 5, 10),
        CHECK("R9", "high", "OK", 900, 100, 10),    CHECK("R9", "low", "OK", 200, 100, 10),
        CHECK("R10", "like high", "OK", 9, 10, 10), CHECK("R10", "like low", "OK", 2, 10, 10),
    };
    (void)state;
    char *text = verdict_of(checks, N_OF(checks), "WARN");
    assert_int_equal(made_lines(text, "OK|"), 3);
    assert_line(text, "OK|R1|near: it (the nearest to its limit of 3)|4.00 %|5.00 |10.0 |");
    assert_line(text, "OK|R9|low: it (the nearest to its limit of 2)|200 %|100 |10.0 |");
    assert_line(text, "OK|R10|like high: it (the nearest to its limit of 2)|9.00 %|10.0 |10.0 |");
    assert_line(text, "WARN|R1|over: it|6.00 %|5.00 |10.0 |");
    assert_says(text, "Some rules warned");
    assert_says_not(text, "Thresholds");
    free(text);
}

static void a_run_that_held_says_whether_it_knows(void **state)
{
    struct derived_check checks[] = { CHECK("R1", "a", "OK", 1, 5, 10), CHECK("R2", "a", "OK", NAN, 5, 10),
                                      CHECK("R2", "b", "OK", 1, 5, 10) };
    (void)state;
    char *text = verdict_of(checks, 2, "OK");
    assert_says(text, "too few requests were sent to tell");
    assert_says_not(text, "limit");
    free(text);
    text = verdict_of(checks, 3, "OK");
    assert_says(text, "Every rule held");
    free(text);
    text = verdict_of(checks, 0, "OK");
    assert_says(text, "too few requests were sent to tell");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_went_wrong_comes_first),
        cmocka_unit_test(rules_that_held_are_told_by_the_nearest),
        cmocka_unit_test(a_run_that_held_says_whether_it_knows),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
