/* What the report says of shares and of merged generators. */
#include "cm.h"

#include "dataset.h"
#include "report_model.h"
#include "report_sections.h"
#include "run_generators.h"
#include "text_out.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static char *page_of(const char *run_json, uint64_t share, uint64_t n_shares)
{
    struct dataset data = {
        .run = { .root = json_loads(run_json, 0, NULL), .share = share, .n_shares = n_shares }
    };
    const struct report report = { .data = &data };
    struct text_out text;
    assert_non_null(data.run.root);
    assert_true(text_out_begin(&text));
    report_setup_generators(text.file, &report);
    char *page = text_out_end(&text);
    assert_non_null(page);
    json_decref(data.run.root);
    return page;
}

static void holds(char *page, const char *wanted)
{
    if (!strstr(page, wanted))
        fail_msg("no '%s' in\n%s", wanted, page);
}

static void a_run_of_one_generator_has_no_such_part(void **state)
{
    (void)state;
    char *page = page_of("{}", 0, 0);
    assert_string_equal(page, "");
    free(page);
}

static void a_share_says_which_it_is(void **state)
{
    (void)state;
    char *page = page_of("{}", 3, 8);
    holds(page, "<p>This is share 3 of 8 of the plan.");
    free(page);
}

static void each_merged_generator_has_a_row(void **state)
{
    (void)state;
    char *page =
        page_of("{ \"merged_from\": [ { \"host\": \"c<1\", \"shard\": 1, \"sent_n\": 12345, \"end\": "
                "\"done\", \"level\": \"OK\", \"cpu_pct\": 12.3, \"lag_p99_us\": 61.2, "
                "\"clock_offset_us\": -250000 }, { \"end\": \"running\", \"level\": \"OK\" } ] }",
                0, 0);
    holds(page, "<h3>The generators</h3>");
    holds(page, "c&lt;1");
    holds(page, "12 345");
    holds(page, "61.2 us");
    holds(page, "12 %");
    holds(page, "-250 ms");
    holds(page, "<p>The plan was divided among 2 generators.</p>");
    holds(page, "<tr class=\"fine\"><td>OK</td>");
    holds(page, "unknown");
    holds(page, "killed");
    free(page);
}

static void missing_shares_have_rows_among_the_others(void **state)
{
    (void)state;
    char *page = page_of("{ \"merged_from\": [ { \"shard\": 3, \"end\": \"done\", \"level\": \"WARN\", "
                         "\"clock_offset_us\": 250000, \"clock_error_us\": 21, \"start_late_us\": 1500 } ], "
                         "\"shards\": { \"count\": 4, \"missing\": [ 2, 4 ] } }",
                         0, 0);
    holds(page, "<p>The plan was divided among 3 generators, of which 2 are missing.</p>");
    holds(page, "<tr class=\"invalid\"><td>missing</td><td class=\"n\">2</td>");
    holds(strstr(page, "<td class=\"n\">2</td>"), "<tr class=\"warn\"><td>WARN</td><td class=\"n\">3</td>");
    holds(strstr(page, "<td class=\"n\">3</td>"), "<td>missing</td><td class=\"n\">4</td>");
    holds(page, "250 ms ± 21.0 us");
    holds(page, "1.50 ms");
    free(page);
}

static void of_many_generators_only_those_that_stand_out_have_rows(void **state)
{
    enum { N = 1000 };
    json_t *list = json_array(), *run = json_pack("{s:o}", "merged_from", list);
    (void)state;
    for (int i = 1; i <= N; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:i, s:s, s:s}", "host", i == 500 ? "late" : "fine", "shard",
                                        i, "end", "done", "level", i == 500 ? "INVALID" : "OK"));
    char *text = json_dumps(run, 0);
    char *page = page_of(text, 0, 0);
    holds(page, "<p>The plan was divided among 1 000 generators.</p>");
    holds(page, "late");
    holds(page, "999 more are in run.json.");
    assert_null(strstr(page, "fine</td>"));
    free(page);
    free(text);
    json_decref(run);
}

static void members_of_other_types_are_unknown(void **state)
{
    struct run_json run = { .root = json_loads("{ \"merged_from\": [ 7, { \"host\": 1, \"sent_n\": -1 } ] }",
                                               0, NULL) };
    size_t n;
    (void)state;
    struct summary_generator *rows = run_generators(&run, &n);
    assert_int_equal(n, 2);
    assert_null(rows[1].host);
    assert_int_equal(rows[1].n_sent, 0);
    assert_string_equal(rows[0].level, "");
    free(rows);
    json_decref(run.root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_of_one_generator_has_no_such_part),
        cmocka_unit_test(a_share_says_which_it_is),
        cmocka_unit_test(each_merged_generator_has_a_row),
        cmocka_unit_test(missing_shares_have_rows_among_the_others),
        cmocka_unit_test(of_many_generators_only_those_that_stand_out_have_rows),
        cmocka_unit_test(members_of_other_types_are_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
