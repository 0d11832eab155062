/* Which pictures are drawn, with a script for gnuplot: those that are missing or older than their data. */
#include "cm.h"

#include "made_run.h"
#include "made_text.h"

#include "figure_draw.h"
#include "figure_set.h"

#include <fcntl.h>
#include <unistd.h>

static struct err e;
static char run[200], figures[220], *said;

/* "gnuplot -d -c SCRIPT FOLDER NAME FORMAT OUT" writes its arguments to OUT. */
static void install(const char *gnuplot)
{
    char path[300];
    made_file(scratch_folder, "gnuplot", gnuplot);
    snprintf(path, sizeof path, "%s/gnuplot", scratch_folder);
    assert_int_equal(chmod(path, 0755), 0);
    assert_int_equal(setenv("PATH", scratch_folder, 1), 0);
}

#define DRAWS "#!/bin/sh\necho \"$5 $6\" >\"$7\"\n[ $6 != tex ] || echo \"$5\" >\"$5-latex.pdf\"\n"

static int setup(void **state)
{
    if (scratch_setup(state))
        return -1;
    snprintf(run, sizeof run, "%s", made_run("run"));
    snprintf(figures, sizeof figures, "%s/figures", run);
    return 0;
}

/* Two figures with data. */
static int begin(void **state)
{
    struct err ignored;
    (void)state;
    files_remove_tree(figures, &ignored);
    mkdir(figures, 0777);
    for (int i = 0; i < 2; i++) {
        made_file(figures, i == 0 ? "bands.csv" : "ecdf.csv", "a,b\n1,2\n");
        made_file(figures, i == 0 ? "bands.txt" : "ecdf.txt", "Title\nwords\n");
    }
    install(DRAWS);
    return 0;
}

static int end(void **state)
{
    (void)state;
    free(said);
    said = NULL;
    return 0;
}

static enum figure_drawn draw(const char *formats)
{
    size_t n;
    free(said);
    FILE *say = open_memstream(&said, &n);
    const enum figure_drawn result = figure_draw(run, formats, say, &e);
    fclose(say);
    return result;
}

static bool is_there(const char *name)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", figures, name);
    return access(path, F_OK) == 0;
}

static void check_file(const char *name, const char *wanted)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", figures, name);
    char *text = scratch_read(path, NULL);
    assert_string_equal(text, wanted);
    free(text);
}

enum { OLD = 1000, FUTURE = INT32_MAX }; /* before and after the scripts were written */

static void set_time(const char *name, long s, long ns)
{
    char path[300];
    const struct timespec times[2] = { { s, ns }, { s, ns } };
    snprintf(path, sizeof path, "%s/%s", figures, name);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void each_format_has_its_files(void **state)
{
    (void)state;
    assert_int_equal(draw("svg, tex"), FIGURE_DRAW_WHOLE);
    assert_string_equal(said, "");
    check_file("bands.svg", "bands svg\n");
    check_file("ecdf.svg", "ecdf svg\n");
    check_file("ecdf-latex.tex", "ecdf tex\n");
    check_file("ecdf-latex.pdf", "ecdf\n");
    assert_false(is_there("bands.png"));
    assert_false(is_there("bands.web.svg"));
    assert_false(is_there("heatmap.svg")); /* which has no data */
    assert_false(is_there(".new"));
    assert_int_equal(draw("web,png,pdf"), FIGURE_DRAW_WHOLE);
    check_file("bands.web.svg", "bands web\n");
    check_file("bands.png", "bands png\n");
    check_file("ecdf.pdf", "ecdf pdf\n");
}

static void what_is_not_stale_stays(void **state)
{
    static const struct {
        long csv[2], txt[2], svg[2]; /* seconds and nanoseconds */
        bool is_drawn;
    } cases[] = {
        { { OLD, 0 }, { OLD, 0 }, { OLD, 0 }, true }, /* older than the scripts, whatever its data */
        { { OLD, 0 }, { OLD, 0 }, { FUTURE, 5 }, false },
        { { FUTURE, 5 }, { FUTURE, 5 }, { FUTURE, 5 }, false },
        { { FUTURE, 6 }, { OLD, 0 }, { FUTURE, 5 }, true },
        { { OLD, 0 }, { FUTURE, 6 }, { FUTURE, 5 }, true },
        { { OLD, 9 }, { FUTURE, 4 }, { FUTURE, 5 }, false },
        { { FUTURE, 0 }, { OLD, 0 }, { FUTURE - 1, 5 }, true },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        made_file(figures, "bands.svg", "old");
        set_time("bands.csv", cases[i].csv[0], cases[i].csv[1]);
        set_time("bands.txt", cases[i].txt[0], cases[i].txt[1]);
        set_time("bands.svg", cases[i].svg[0], cases[i].svg[1]);
        assert_int_equal(draw("svg"), FIGURE_DRAW_WHOLE);
        check_file("bands.svg", cases[i].is_drawn ? "bands svg\n" : "old");
    }
    made_file(figures, "bands.svg", "");
    set_time("bands.svg", FUTURE, 0);
    assert_int_equal(draw("svg"), FIGURE_DRAW_WHOLE);
    check_file("bands.svg", "bands svg\n"); /* an empty picture is none */
}

static void a_picture_in_two_files_stands_or_falls_as_one(void **state)
{
    char path[300];
    (void)state;
    assert_int_equal(draw("tex"), FIGURE_DRAW_WHOLE);
    snprintf(path, sizeof path, "%s/bands-latex.pdf", figures);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(draw("tex"), FIGURE_DRAW_WHOLE);
    check_file("bands-latex.pdf", "bands\n");
    set_time("bands-latex.tex", OLD, 0);
    install("#!/bin/sh\nexit 1\n");
    assert_int_equal(draw("tex"), FIGURE_DRAW_LACKING);
    assert_false(is_there("bands-latex.tex"));
    assert_false(is_there("bands-latex.pdf"));
    assert_true(is_there("ecdf-latex.pdf"));
}

static void a_picture_that_fails_is_left_out_with_the_reason(void **state)
{
    (void)state;
    made_file(figures, "bands.svg", "drawn earlier");
    set_time("bands.svg", OLD, 0);
    install("#!/bin/sh\n[ $5 = ecdf ] || { echo 'line 3: no' >&2; exit 1; }\necho \"$5 $6\" >\"$7\"\n");
    assert_int_equal(draw("svg"), FIGURE_DRAW_LACKING);
    assert_string_equal(said, "bands: left out: gnuplot failed on bands.svg: line 3: no\n");
    assert_string_equal(e.text, "bands: gnuplot failed on bands.svg: line 3: no");
    assert_false(is_there("bands.svg"));
    assert_true(is_there("ecdf.svg"));
    assert_int_equal(draw("svg,png"), FIGURE_DRAW_LACKING);
    assert_int_equal(made_lines(said, ""), 1); /* a figure is told once */
    assert_string_equal(
        e.text, "bands: gnuplot failed on bands.svg: line 3: no (and 1 more pictures were not drawn)");
    install("#!/bin/sh\ntrue\n");
    begin(state);
    install("#!/bin/sh\ntrue\n");
    assert_int_equal(draw("svg"), FIGURE_DRAW_LACKING);
    assert_says(said, "bands: left out: gnuplot failed on bands.svg: it drew nothing\n");
}

static void a_missing_gnuplot_is_noted_only_where_it_is_missed(void **state)
{
    (void)state;
    assert_int_equal(draw("svg"), FIGURE_DRAW_WHOLE);
    setenv("PATH", "/nowhere", 1);
    set_time("bands.svg", FUTURE, 0);
    set_time("ecdf.svg", FUTURE, 0);
    assert_int_equal(draw("svg"), FIGURE_DRAW_WHOLE); /* nothing is to be drawn */
    set_time("bands.svg", OLD, 0);
    assert_int_equal(draw("svg"), FIGURE_DRAW_NO_GNUPLOT);
    assert_says(said, "bands: left out: gnuplot is not installed");
    assert_int_equal(made_lines(said, ""), 1);
    assert_says(e.text, "install gnuplot-nox, version 5.4 or later");
}

static void a_list_of_formats_is_checked(void **state)
{
    static const char *const good[] = { "svg", "svg,png", " svg , web", "pdf tex" };
    static const char *const bad[] = { "", ",", "gif", "svg,gif", "sv", "svgs", "svg,p" };
    (void)state;
    for (size_t i = 0; i < N_OF(good); i++)
        assert_int_equal(figure_draw_check_formats(good[i], &e), 0);
    for (size_t i = 0; i < N_OF(bad); i++) {
        assert_int_equal(figure_draw_check_formats(bad[i], &e), -1);
        assert_says(e.text, "--formats must list some of");
        assert_int_equal(draw(bad[i]), FIGURE_DRAW_FAILED);
    }
    assert_int_equal(figure_draw_check_formats("svg,0123456789012345678901234567890123456789x", &e), -1);
    assert_says(e.text, "there is no '0123456789012345678901234567890123456789'");
}

static void data_that_cannot_be_read_fails(void **state)
{
    (void)state;
    made_file(figures, "bands.csv", "a,b\n1\n");
    assert_int_equal(draw("svg"), FIGURE_DRAW_FAILED);
    assert_says(e.text, "bands.csv");
    assert_false(is_there(".new"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_format_has_its_files, begin, end),
        cmocka_unit_test_setup_teardown(what_is_not_stale_stays, begin, end),
        cmocka_unit_test_setup_teardown(a_picture_in_two_files_stands_or_falls_as_one, begin, end),
        cmocka_unit_test_setup_teardown(a_picture_that_fails_is_left_out_with_the_reason, begin, end),
        cmocka_unit_test_setup_teardown(a_missing_gnuplot_is_noted_only_where_it_is_missed, begin, end),
        cmocka_unit_test_setup_teardown(a_list_of_formats_is_checked, begin, end),
        cmocka_unit_test_setup_teardown(data_that_cannot_be_read_fails, begin, end),
    };
    return cmocka_run_group_tests(tests, setup, scratch_teardown);
}
