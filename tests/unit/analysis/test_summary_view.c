/* The terminal view of a run, worked out by hand from made_run.h. */
#include "cm.h"

#include "made_duo.h"
#include "made_text.h"

#include "summary.h"
#include "text_out.h"

static char *summary_of(const struct dataset *data)
{
    struct text_out text;
    assert_true(text_out_begin(&text));
    assert_int_equal(summary_print(text.file, data), 0);
    char *result = text_out_end(&text);
    assert_non_null(result);
    return result;
}

/* Each run of blanks as one. */
static char *squeezed(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++)
        if (*from != ' ' || to == text || to[-1] != ' ')
            *to++ = *from;
    *to = '\0';
    return text;
}

static char *summary_of_edited(const char *file, const char *from, const char *to)
{
    struct dataset data;
    made_open_edited(&data, file, from, to);
    char *text = squeezed(summary_of(&data));
    dataset_fini(&data);
    return text;
}

static void the_table_has_counts_rates_and_times(void **state)
{
    (void)state;
    char *text = squeezed(summary_of(&duo));
    assert_says(text, "duo 2026-11-21T22:10:04Z 19.4 s emulated\n");
    assert_says(text, " cluster1 m4 11 028 28 965/s 1.05 2.10 2.10 4.19 4.19");
    assert_says(text, " cluster2 t2 6 004 4 526/s 2.10 4.19 8.39 16.8* 16.8"); /* 6 lie beyond */
    assert_says(text, " * fewer than 10 samples beyond\n");
    assert_says(text, " ms, response time");
    assert_says(text, " verdict WARN\n");
    assert_says(text, " threshold missed: cluster1.errors < 0.1%; it was 0.250 %\n");
    assert_says_not(text, "p99 < 250ms");
    assert_says_not(text, "hist.hlog lacks");
    assert_says(
        text,
        " WARN R2 load1: the generator's share of p99: 3.10 %, limit 2 %; 1 more in checks.csv\n use more "
        "threads\n");
    free(text);
}

static void what_rests_on_few_samples_has_a_star(void **state)
{
    static const struct made_times enough[] = {
        { 1, 1, "response.load1.cluster1.main.ok.all", MADE_MS1, 10000 },
        { 1, 1, "response.load2.cluster2.main.ok.all", MADE_MS1, 10000 }
    };
    static const struct made_times one[] = { { 1, 1, "response.load1.cluster1.main.ok.all", MADE_MS1,
                                               9999 } };
    struct dataset data;
    (void)state;
    made_open_dataset(&data, made_run_of("enough", enough, N_OF(enough)));
    char *text = squeezed(summary_of(&data));
    assert_says_not(text, "*");
    free(text);
    dataset_fini(&data);
    made_open_dataset(&data, made_run_of("one", one, N_OF(one)));
    text = squeezed(summary_of(&data));
    assert_says(text, " 1.05 1.05 1.05 1.05* 1.05");
    assert_says(text, " cluster2 t2 4 4 0.00/s - - - - -");
    free(text);
    dataset_fini(&data);
}

static void the_slowest_is_exact_where_run_json_has_it(void **state)
{
    (void)state;
    char *text = summary_of_edited("run.json", "\"max_ns\": 16777215", "\"max_ns\": 16770000");
    assert_says(text, " 8.39 16.8* 16.8");
    free(text);
    text =
        summary_of_edited("run.json", "main.ok.all\", \"n\": 2500, \"min_ns\": 2097151, \"max_ns\": 16777215",
                          "main.ok.all\", \"n\": 2500, \"min_ns\": 2097151, \"max_ns\": 99000000");
    assert_says(text, " 8.39 16.8* 99.0");
    free(text);
    text =
        summary_of_edited("run.json", "warm.ok.all\", \"n\": 100, \"min_ns\": 16777215, \"max_ns\": 16777215",
                          "warm.ok.all\", \"n\": 100, \"min_ns\": 16777215, \"max_ns\": 99000000");
    assert_says(text, " 2.10 2.10 4.19 4.19"); /* warm-up is not told */
    free(text);
    text = summary_of_edited("run.json", "\"max_ns\": ", "\"most_ns\": ");
    assert_says(text, " 2.10 2.10 4.19 4.19"); /* the bin's end */
    free(text);
}

/* From 1.05 to 16.8 ms on a log scale: MS1 in the first of 48 cells, MS2 in the 13th, MS4 in the 25th, MS8 in
 * the 37th, MS16 in the last; heights are eighths of the highest. */
static void shapes_share_an_axis(void **state)
{
    (void)state;
    char *text = summary_of(&duo);
    static const char *const eleven = "           ";
    char a[512], b[512];
    snprintf(a, sizeof a, "  shape       1.05 ms █%s▂%s▁%s%s  16.8 ms   m4\n", eleven, eleven, eleven,
             eleven);
    snprintf(b, sizeof b, "              1.05 ms  %s█%s▆%s▂%s▁ 16.8 ms   t2\n", eleven, eleven, eleven,
             "          ");
    assert_says(text, a);
    assert_says(text, b);
    free(text);
}

static void instances_are_listed_or_summed_up(void **state)
{
    char many[4096] = "cluster,instance,requests_n,ok_n,err_n,expected_n,residual,band_lo_n,band_hi_n,p50_us,"
                      "p99_us,chi2,df,"
                      "p_value,p_lower\n";
    struct dataset data;
    (void)state;
    char *text = squeezed(summary_of(&duo));
    assert_says(text, " instances cluster1 6107 4028 more uneven than chance makes it\n");
    assert_says(text, "\n cluster2 6000 4 as even as round robin makes it\n");
    free(text);
    for (int i = 0; i < 12; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "cluster1,i-%d,%d,1,0,,,,,,,,,,\n", i,
                 100 + (i + 5) % 12);
    const char *folder = made_run("many");
    made_open_dataset(&data, folder);
    made_file(folder, "instances.csv", many);
    text = squeezed(summary_of(&data));
    assert_says(text, " instances cluster1 105 106 107 108 109 110 111 100 101 102 103 104\n");
    free(text);
    strcat(many, "cluster1,i-99,99,1,0,,,,,,,,,,\ncluster2,i-c,7,7,0,,,,,,,,,,\n");
    made_file(folder, "instances.csv", many);
    text = squeezed(summary_of(&data));
    assert_says(text, " instances cluster1 13 of them, 99 to 111 each\n cluster2 7\n");
    free(text);
    made_remove(folder, "instances.csv");
    text = squeezed(summary_of(&data));
    assert_says_not(text, "instances");
    free(text);
    dataset_fini(&data);
}

static void what_is_wrong_with_the_run_is_told(void **state)
{
    (void)state;
    char *text = summary_of_edited("run.json", "\"end\": \"done\"", "\"end\": \"interrupted\"");
    assert_says(text, "19.4 s emulated ended early\n");
    free(text);
    text = summary_of_edited("run.json", "\"verdict\": \"WARN\"", "\"verdict\": \"INVALID\"");
    assert_says(text, " verdict INVALID the generator cannot be excluded as the cause\n");
    free(text);
    text = summary_of_edited("run.json", "\"n\": 7,", "\"n\": 9,");
    assert_says(text, " files hist.hlog lacks 2 values that run.json counted");
    free(text);
    text = summary_of_edited("run.json", "\"emulated\": true", "\"emulated\": false");
    assert_says(text, " 19.4 s\n");
    free(text);
}

/* Advice stands in lines of at most 86 columns. */
static void advice_is_wrapped(void **state)
{
    static const struct {
        int n_first, n_second;
        bool breaks;
    } cases[] = { { 40, 45, false }, { 40, 46, true }, { 86, 5, true }, { 100, 0, true } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char advice[256] = "", wanted[512];
        memset(advice, 'a', (size_t)cases[i].n_first);
        if (cases[i].n_second > 0) {
            advice[cases[i].n_first] = ' ';
            memset(advice + cases[i].n_first + 1, 'b', (size_t)cases[i].n_second);
        }
        struct run_check check = { .rule = "R1",
                                   .scope = "all",
                                   .level = "WARN",
                                   .unit = "%",
                                   .what = "w",
                                   .advice = advice,
                                   .value = 3,
                                   .warn = 2,
                                   .invalid = 10 };
        struct dataset data = duo;
        data.run.checks = &check;
        data.run.n_checks = 1;
        char *text = summary_of(&data);
        const int n_line = cases[i].n_first > 86 ? 86 : cases[i].n_first;
        if (cases[i].breaks)
            snprintf(wanted, sizeof wanted, "\n%14s%.*s\n%14s%s\n", "", n_line, advice, "",
                     advice + n_line + (advice[n_line] == ' '));
        else
            snprintf(wanted, sizeof wanted, "\n%14s%s\n", "", advice);
        assert_says(text, wanted);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_has_counts_rates_and_times),
        cmocka_unit_test(what_rests_on_few_samples_has_a_star),
        cmocka_unit_test(the_slowest_is_exact_where_run_json_has_it),
        cmocka_unit_test(shapes_share_an_axis),
        cmocka_unit_test(instances_are_listed_or_summed_up),
        cmocka_unit_test(what_is_wrong_with_the_run_is_told),
        cmocka_unit_test(advice_is_wrapped),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
