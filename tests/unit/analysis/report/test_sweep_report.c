/* A sweep's folder: its names from the first run, its table, its figure and its report. */
#include "cm.h"

#include "close.h"
#include "made_run.h"
#include "made_text.h"

#include "figure_set.h"
#include "report.h"
#include "sweep.h"
#include "text_out.h"

#define HEADER                                                                                               \
    "cluster,offered_per_s,achieved_per_s,p_ppm,value_us,at_least_us,state,lo_us,hi_us,n,failed_n,censored_" \
    "n,"                                                                                                     \
    "held,result,level,rate_level,run\n"

static struct sweep s;
static struct err e;
static const struct report_drawn drawn = { .left_out = (char[]){ "loadcurve: left out: why not\n" } };

/* Two clusters; the second has no label in the first run's run.json. */
static const char curve[] =
    HEADER "cluster1,100,99.5,500000,1000,,exact,900,1100,9,0,0,1,held,ok,ok,first\n"
           "cluster1,100,99.5,990000,2000,,exact,,2200,9,0,0,1,held,ok,ok,first\n"
           "cluster1,100,99.5,999000,9000,,exact,,,9,0,0,1,held,ok,ok,first\n"
           "cluster1,200,150,990000,3000,,exact,,,9,0,0,0,threshold,invalid,invalid,c1-200\n"
           "cluster3,100,0,990000,,,,,,0,0,0,0,generator,invalid,invalid,c3-100\n";

static int setup(void **state)
{
    if (scratch_setup(state))
        return -1;
    made_run("first");
    made_file(scratch_folder, "loadcurve.csv", curve);
    return sweep_open(&s, scratch_folder, &e);
}

static int teardown(void **state)
{
    sweep_fini(&s);
    return scratch_teardown(state);
}

static char *text_of(void (*write)(FILE *, const struct sweep *), const struct sweep *what)
{
    struct text_out text;
    assert_true(text_out_begin(&text));
    write(text.file, what);
    return text_out_end(&text);
}

static void names_come_from_the_first_run(void **state)
{
    (void)state;
    assert_int_equal(s.n_clusters, 2);
    assert_int_equal(s.n_steps, 3);
    assert_string_equal(s.clusters[0].series, "m4 (cluster1)");
    assert_int_equal(s.clusters[0].style, 1);
    assert_string_equal(s.clusters[1].series, "cluster3");
    assert_int_equal(s.clusters[1].style, 2);
    assert_close(s.steps[0].times[SWEEP_P50].value_ms, 1, 0);
    assert_close(s.steps[0].times[SWEEP_P99].value_ms, 2, 0);
    assert_close(s.steps[1].times[SWEEP_P99].value_ms, 3, 0);
    assert_true(isnan(s.steps[1].times[SWEEP_P50].value_ms));
    assert_int_equal(s.steps[1].rate_level, CLAIM_INVALID);
    assert_int_equal(s.steps[1].times[SWEEP_P99].level, CLAIM_INVALID);
    assert_close(s.clusters[0].sustains_per_s, 100, 0);
    assert_close(s.clusters[0].fails_per_s, 200, 0);
    assert_close(s.clusters[1].first_per_s, 100, 0);
}

static void the_words_name_thresholds_doubts_and_the_lab(void **state)
{
    (void)state;
    char *text = text_of(sweep_sentence, &s);
    assert_string_equal(text,
                        "m4 (cluster1) sustains 100/s and nothing is known of cluster3, with p99 < 250ms and "
                        "cluster1.errors < 0.1%.");
    free(text);
    text = text_of(sweep_doubts, &s);
    assert_string_equal(
        text,
        "The limit of m4 (cluster1) lies between 100/s, which held, and 200/s, at which a threshold was "
        "missed. Of cluster3 only 100/s was tried: loadgen was the limit. In 1 of the 3 steps "
        "loadgen was the limit; they say nothing about the target. p99 rests on fewer than ten requests in 2 "
        "of 3 steps: make them longer (-d). Each step measured 4.00 s at "
        "one rate; a second sweep would show how far a limit moves. The instances are emulated on one "
        "machine: the numbers describe the emulation and not AWS.");
    free(text);
    struct sweep three = s;
    struct sweep_cluster clusters[3] = { s.clusters[0], s.clusters[0], s.clusters[0] };
    three.clusters = clusters;
    three.n_clusters = 3;
    three.first.n_thresholds = 0;
    three.first.emulated = false;
    three.first.n_phases = 0;
    three.n_steps = 1;
    text = text_of(sweep_sentence, &three);
    assert_string_equal(
        text, "m4 (cluster1) sustains 100/s, m4 (cluster1) sustains 100/s and m4 (cluster1) sustains 100/s.");
    free(text);
    text = text_of(sweep_doubts, &three);
    assert_says(
        text,
        "missed. p99 rests on fewer than ten requests in 1 of 1 step: make them longer (-d). A second sweep "
        "would show how far a limit moves. No threshold was set");
    assert_says_not(text, "emulated");
    free(text);
    struct run_phase phase = { .start_s = 3, .end_s = 3 }; /* of no length */
    three.first.phases = &phase;
    three.first.n_phases = 1;
    text = text_of(sweep_doubts, &three);
    assert_says(text, "(-d). A second sweep would show");
    free(text);
    three.first.root = NULL;
    text = text_of(sweep_doubts, &three);
    assert_says_not(text, "No threshold was set");
    free(text);
}

static void print(FILE *out, const struct sweep *what)
{
    assert_int_equal(sweep_print(out, what), 0);
}

static void the_table_has_a_row_for_each_step(void **state)
{
    static const char *const rows[] = { "m4 (cluster1)|100/s|99.5/s|1.00|2.00|held",
                                        "m4 (cluster1)|200/s|150/s!|-|3.00!|",
                                        "cluster3|100/s|0.00/s!|-|-|" };
    (void)state;
    char *text = text_of(print, &s), *to = text;
    assert_int_equal(made_lines(text, "  m4 (cluster1)  "), 2);
    for (const char *from = text; *from; from++) { /* two or more spaces separate cells */
        const size_t n = strspn(from, " ");
        if (n >= 2 && to > text && to[-1] != '\n')
            *to++ = '|';
        else if (n == 1)
            *to++ = ' ';
        if (n > 0)
            from += n - 1;
        else
            *to++ = *from;
    }
    *to = '\0';
    for (size_t i = 0; i < N_OF(rows); i++)
        assert_int_equal(made_lines(text, rows[i]), 1);
    free(text);
}

static void the_figure_has_two_points_for_each_step(void **state)
{
    static const char *const lines[] = {
        "cluster1,m4 "
        "(cluster1),1,100.000,99.500,500000,1.000000,100.000,held,exact,ok,,0,9,first",
        "cluster1,m4 (cluster1),1,100.000,99.500,990000,2.000000,100.000,held,exact,ok,,0,9,first",
        "cluster1,m4 "
        "(cluster1),1,200.000,150.000,990000,3.000000,100.000,threshold,exact,invalid,!,0,9,c1-200",
        "cluster3,cluster3,2,100.000,0.000,500000,,,generator,,not_judged,?,0,0,c3-100",
    };
    const struct dataset place = { .folder = scratch_folder };
    (void)state;
    struct made_figure f = made_figure(figure_loadcurve, &place);
    assert_lines(f.rows, lines);
    assert_int_equal(made_lines(f.rows, ""), 7);
    assert_says(f.words, "a cluster sustained with p99 < 250ms and cluster1.errors < 0.1%. Hollow");
    assert_says(f.words, "Marks: ~ p99 is rough, ! do not quote it, ? not judged. 3 steps of one run each; "
                         "failed attempts: none of 18. "
                         "First run: ");
    made_figure_fini(&f);
}

static void a_sweep_that_nobody_answered_has_no_figure(void **state)
{
    const struct dataset place = { .folder = scratch_folder };
    (void)state;
    made_file(scratch_folder, "loadcurve.csv", HEADER "c,100,0,990000,,,,,,0,0,0,0,generator,ok,ok,c-100\n");
    struct made_figure f = made_figure(figure_loadcurve, &place);
    assert_int_equal(f.result, FIGURE_LEFT_OUT);
    made_file(scratch_folder, "loadcurve.csv", HEADER "c,100,1,990000,,,,,,0,0,0,1,held,ok,ok,c-100\n");
    f = made_figure(figure_loadcurve, &place);
    assert_says(f.words, "1 step of one run each; failed attempts: none of 0.");
    assert_says_not(f.words, "emulated"); /* whose first run is gone */
    made_figure_fini(&f);
    made_file(scratch_folder, "loadcurve.csv", "cluster\n");
    f = made_figure(figure_loadcurve, &place);
    assert_int_equal(f.result, FIGURE_FAILED);
    made_file(scratch_folder, "loadcurve.csv", curve);
}

static void the_report_has_a_table_for_each_cluster(void **state)
{
    (void)state;
    assert_int_equal(report_write_sweep(scratch_folder, &drawn, &e), 0);
    char *text = scratch_read(scratch_path("report.html"), NULL);
#define NUMBERS(a, b, c, d, f)                                                                               \
    "<td class=\"n\">" a "</td><td class=\"n\">" b "</td><td class=\"n\">" c "</td><td class=\"n\">" d       \
    "</td><td class=\"n\">" f "</"                                                                           \
    "td>"
    assert_says(text, "<h3>m4 (cluster1)</h3>");
    assert_says(text, "<tr><td><a href=\"first/run.json\">first</a></td>" NUMBERS("100", "99.5", "0", "1.00",
                                                                                  "2.00"));
    assert_says(text, "<tr><td>c1-200</td>" NUMBERS("200", "150!", "0", "-", "3.00!"));
    const char *third = strstr(text, "<h3>cluster3</h3>");
    assert_non_null(third);
    assert_says(third, "<tr><td>c3-100</td>" NUMBERS("100", "0.00!", "0", "-", "-"));
    assert_says_not(third, "c1-200");
    assert_says(text, "First of the runs: first, begun");
    free(text);
    text = scratch_read(scratch_path("report.tex"), NULL);
    assert_says(text, "    m4 (cluster1) & 100 & 99.5 & 1.00 & 2.00 & held");
    assert_says(text, "    m4 (cluster1) & 200 & 150 & -{} & 3.00! & ");
    assert_says(text, "    cluster3 & 100 & 0.00 & -{} & -{} & ");
    assert_says(text, "{Steps of the sweep;");
    assert_says(text, "The sweep began 2026-{}11-{}21T22:10:04Z, by loadgen 0.1.0.");
    free(text);
    text = scratch_read(scratch_path("report.txt"), NULL);
    assert_int_equal(strncmp(text, "m4 (cluster1) sustains 100/s", 28), 0);
    free(text);
}

static void latex_holds_forty_steps(void **state)
{
    (void)state;
    for (int n = 40; n <= 41; n++) {
        FILE *f = made_open(scratch_folder, "loadcurve.csv", "w");
        fputs(HEADER, f);
        for (int i = 1; i <= n; i++)
            fprintf(f, "c,%d,%d,990000,5,,exact,,,9,0,0,1,held,ok,ok,c-%d\n", i, i, i);
        fclose(f);
        assert_int_equal(report_write_sweep(scratch_folder, &drawn, &e), 0);
        char *text = scratch_read(scratch_path("report.tex"), NULL);
        assert_int_equal(made_lines(text, "    c & "), 40);
        assert_says(text, n == 40 ? "Steps of the sweep;" : "The first steps of the sweep;");
        free(text);
    }
    made_file(scratch_folder, "loadcurve.csv", curve);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_come_from_the_first_run),
        cmocka_unit_test(the_words_name_thresholds_doubts_and_the_lab),
        cmocka_unit_test(the_table_has_a_row_for_each_step),
        cmocka_unit_test(the_figure_has_two_points_for_each_step),
        cmocka_unit_test(a_sweep_that_nobody_answered_has_no_figure),
        cmocka_unit_test(the_report_has_a_table_for_each_cluster),
        cmocka_unit_test(latex_holds_forty_steps),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
