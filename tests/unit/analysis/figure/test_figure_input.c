#include "figure_input.h"

#include "err.h"

#include "cm.h"
#include "scratch.h"

static void expect_file(const char *name, const char *wanted)
{
    char *text = scratch_read(scratch_path(name), NULL);
    assert_string_equal(text, wanted);
    free(text);
}

static void cells_are_separated_by_tabs_and_hold_nothing_that_gnuplot_interprets(void **state)
{
    static const char csv[] = "kind,note,n\n"
                              "a,\"x, \"\"q\"\" \\n `id` $(id) %d #\",1\n"
                              "b,\"two\nlines\tand \x1B[1m\",\n"
                              ",'=1+1,3\n"
                              "NaNa,NaN,nan\n";
    static const char text[] = "A \"title\" \\ of it\n\n# no comment\n  \x07 \xFF\n";
    struct err e;
    (void)state;
    scratch_write("x.csv", csv, sizeof csv - 1);
    scratch_write("x.txt", text, sizeof text - 1);
    assert_int_equal(figure_input_write(scratch_folder, "x", scratch_folder, &e), 0);
    expect_file("data", "kind\tnote\tn\n"
                        "a\tx, \1q\1 \2n `id` $(id) %d #\t1\n"
                        "b\ttwo lines and ?[1m\t\n"
                        "\t=1+1\t3\n"
                        "NaNa\t\3NaN\t\3nan\n");
    expect_file("text", "|A \1title\1 \2 of it\n|\n|# no comment\n|  ? ?\n");
}

static void a_figure_without_files_is_noted(void **state)
{
    struct err e;
    (void)state;
    assert_int_equal(figure_input_write(scratch_folder, "none", scratch_folder, &e), -1);
    assert_non_null(strstr(e.text, "none.csv"));
}

/* Arguments of eval must hold no text from the data: without these, no script can do that. */
static void no_script_formats_a_text_into_a_command(void **state)
{
    static const char *const scripts[] = { "bands",     "cloudwatch", "draw",  "ecdf",  "health",   "heatmap",
                                           "instances", "loadcurve",  "pairs", "ratio", "spectrum", "style",
                                           "summary",   "throughput", "time",  "violin" };
    (void)state;
    for (size_t i = 0; i < N_OF(scripts); i++) {
        char path[400];
        snprintf(path, sizeof path, "%s/analysis/figures/%s.gp", SOURCE_DIR, scripts[i]);
        char *text = scratch_read(path, NULL);
        for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
            if (strncmp(line, "tics_in(", 8) == 0) /* names of arrays, fixed in the scripts */
                continue;
            assert_null(strstr(line, "%s"));
            assert_null(strstr(line, "system("));
            assert_null(strstr(line, "popen"));
        }
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_separated_by_tabs_and_hold_nothing_that_gnuplot_interprets),
        cmocka_unit_test(a_figure_without_files_is_noted),
        cmocka_unit_test(no_script_formats_a_text_into_a_command),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
