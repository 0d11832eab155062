/* What a run's report reads and links, and its page, LaTeX and text, worked out by hand from made_run.h. */
#include "made_report.h"

#include "report_figure.h"
#include "report_page.h"

#include <math.h>

static void everything_else_is_listed(void **state)
{
    static const char *const wanted[] = {
        "loadgen run duo.yaml",
        "threads1",
        "name: duo\n",
        "\nhist.hlog|one histogram per second and tag (HdrHistogram log)|",
        "\nhealth.csv|the generator&#39;s own health|",
    };
    (void)state;
    check_section(report_section_files, wanted, N_OF(wanted));
    made_file(duo.folder, ".hidden", "x");
    made_file(duo.folder, "report.html", "x");
    made_file(duo.folder, "notes", "x");
    char *text = plain(section_of(report_section_files, &report));
    assert_says_not(text, ".hidden");
    assert_says_not(text, "report.html");
    assert_says(text, "\nnotes||1 B|");
    assert_says_not(text, "of the first run");
    free(text);
    struct dataset many = duo;
    struct report of_many = { .data = &many, .drawn = &drawn, .first_run = "r1" };
    text = plain(section_of(report_section_files, &of_many));
    assert_says(text, "Settings and scenario of the first run, r1;");
    free(text);
    many.run.root = NULL; /* it is gone */
    text = plain(section_of(report_section_files, &of_many));
    assert_says_not(text, "of the first run");
    assert_says_not(text, "Settings");
    free(text);
}

/* Without dot a report has no diagram, and gives the reason; a broken comparison fails it. */
static void a_report_gathers_what_lies_beside_the_run(void **state)
{
    struct report with = { 0 };
    struct err e = { 0 };
    char folder[200];
    (void)state;
    snprintf(folder, sizeof folder, "%s", made_run("deployed"));
    made_file(folder, "deployment.json",
              "{\"emulated\": true, \"provider\": \"local\", \"topology\": null, \"url\": "
              "\"http://127.0.0.1\", \"load_balancer\": null,"
              " \"clusters\": [{\"name\": \"cluster1\", \"path\": \"/\", \"count\": 2}], \"instances\": []}");
    made_file(folder, "compare.csv", "pairs_more_n,p_ppm,ratio,lo,hi,decision\n7,990000,2,1,3,undecided\n");
    struct dataset data = duo;
    data.folder = folder;
    setenv("PATH", "/nowhere", 1);
    if (report_init(&with, &data, &drawn, &e))
        fail_msg("%s", e.text);
    assert_true(with.has_deployment);
    assert_says(with.no_diagram, "dot");
    assert_int_equal(with.compare.n, 1);
    assert_int_equal(with.compare.rows[0].pairs_more_n, 7);
    assert_int_equal(with.compare.rows[0].n_pairs, 0);
    report_fini(&with);
    made_file(folder, "compare.csv", "n_pairs,p_ppm,ratio,lo,hi\n8,990000,2,,\n");
    assert_int_equal(report_init(&with, &data, &drawn, &e), 0);
    assert_int_equal(with.compare.rows[0].n_pairs, 8);
    assert_true(isnan(with.compare.rows[0].lo));
    report_fini(&with);
    made_file(folder, "compare.csv", "p_ppm\n");
    assert_int_equal(report_init(&with, &data, &drawn, &e), -1);
    assert_says(e.text, "'ratio'");
    report_fini(&with);
    made_remove(folder, "compare.csv");
    struct err ignored;
    files_remove_tree(scratch_path("deployed/figures"), &ignored);
    made_file(folder, "figures", "in the way");
    assert_int_equal(report_init(&with, &data, &drawn, &e), -1);
    assert_says(e.text, "figures");
    report_fini(&with);
}

static void names_of_files_are_links_to_those_that_are_there(void **state)
{
    struct text_out text;
    (void)state;
    assert_true(text_out_begin(&text));
    report_sources(text.file, &report, "Data", "nothing.csv health.csv none run.json");
    report_sources(text.file, &report, "More", "nothing.csv");
    char *got = text_out_end(&text);
    assert_string_equal(got, "<p class=\"source\">Data: <a href=\"health.csv\">health.csv</a>, <a "
                             "href=\"run.json\">run.json</a></p>\n");
    free(got);
    made_file(duo.folder, "empty.csv", "");
    assert_false(report_has(&report, "empty.csv"));
    assert_false(report_has(&report, "."));
    assert_true(report_has(&report, "health.csv"));
}

static void figures_are_shown_or_their_absence_explained(void **state)
{
    struct text_out text;
    char folder[256];
    (void)state;
    snprintf(folder, sizeof folder, "%s/figures", duo.folder);
    mkdir(folder, 0777);
    made_file(folder, "ecdf.svg", "<svg/>");
    made_file(folder, "ecdf.csv", "a\n");
    made_file(folder, "ecdf.web.svg", "<?xml?><svg><g id=\"a\"/></svg>");
    made_file(folder, "ecdf.txt", "Title & all\nfirst\nsecond\n");
    assert_true(text_out_begin(&text));
    report_figure(text.file, &report, "ecdf");
    report_figure(text.file, &report, "bands");
    report_figure(text.file, &report, "health"); /* nobody says why */
    char *got = text_out_end(&text);
    assert_says(got, "<figure id=\"fig-ecdf\">\n<h3>Title &amp; all</h3>\n");
    assert_says(got, "<svg><g id=\"ecdf-a\"/></svg>");
    assert_says(got, "<figcaption><p>first second </p>\n<p class=\"source\">Drawn from <a "
                     "href=\"figures/ecdf.csv\">figures/ecdf.csv</a>; as a file: <a "
                     "href=\"figures/ecdf.svg\">svg</a></p>");
    assert_says(got, "<p class=\"note\">No figure \"bands\": why not.</p>\n");
    assert_says_not(got, "health");
    free(got);
}

static void latex_and_text_have_the_same_numbers(void **state)
{
    static const char *const lines[] = {
        "    m4 (cluster1) & 11 028 & 0.254 \\% & 1 058 & 1.05 ms? & 2.10 ms? & 4.19 ms? & none \\\\",
        "    t2 (cluster2) & 6 004 & 0.0666 \\% & 526 & 4.19 ms? & 8.39 ms? & 16.8 ms? & 16.8 ms* \\\\",
        "    of successes & & & & 2.10 ms & 4.19 ms & 8.39 ms & 16.8 ms \\\\",
    };
    struct err e;
    char path[512];
    (void)state;
    assert_int_equal(report_write_tex(&report, &e), 0);
    snprintf(path, sizeof path, "%s/report.tex", duo.folder);
    char *text = scratch_read(path, NULL);
    assert_lines(text, lines);
    assert_says(text, "\\section*{Load test duo}");
    assert_says(text, "Response times, from when a request was due to its answer.");
    assert_says(text, "of 19.4 s, begun 2026-{}11-{}21T22:10:04Z, by loadgen 0.1.0 with seed 42. The "
                      "instances were emulated on one machine.");
    free(text);
    assert_int_equal(report_write_text(&report, &e), 0);
    snprintf(path, sizeof path, "%s/report.txt", duo.folder);
    text = scratch_read(path, NULL);
    assert_int_equal(strncmp(text, "m4 failed 0.254 % of its requests, t2", 36), 0);
    assert_says(text, "\n  processor ");
    free(text);
    struct dataset gone = duo;
    gone.folder = (char[]){ "/nowhere/at/all" };
    const struct report of_gone = { .data = &gone };
    assert_int_equal(report_write_text(&of_gone, &e), -1);
    assert_int_equal(report_write_tex(&of_gone, &e), -1);
    assert_int_equal(report_write_page(&of_gone, &e), -1);
}

static void the_page_has_all_sections_in_order(void **state)
{
    static const char *const ids[] = { "answer", "spectrum",  "setup",  "claims",
                                       "time",   "instances", "health", "files" };
    struct err e;
    char path[512];
    (void)state;
    assert_int_equal(report_write_page(&report, &e), 0);
    snprintf(path, sizeof path, "%s/report.html", duo.folder);
    char *text = scratch_read(path, NULL);
    const char *at = text;
    for (size_t i = 0; i < N_OF(ids); i++) {
        char wanted[64];
        snprintf(wanted, sizeof wanted, "<section id=\"%s\">", ids[i]);
        assert_says(at, wanted);
        at = strstr(at, wanted);
    }
    assert_says(text, "<title>duo, Load test, 2026-11-21T22:10:04Z</title>");
    assert_says(text, "emulated instances</span>");
    assert_says(text, "measured by loadgen 0.1.0.");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_else_is_listed),
        cmocka_unit_test(a_report_gathers_what_lies_beside_the_run),
        cmocka_unit_test(names_of_files_are_links_to_those_that_are_there),
        cmocka_unit_test(figures_are_shown_or_their_absence_explained),
        cmocka_unit_test(latex_and_text_have_the_same_numbers),
        cmocka_unit_test(the_page_has_all_sections_in_order),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
