/* What all figures share: a caption in lines, files that keep their date while unchanged, and no files for
 * a figure without data. */
#include "cm.h"

#include "made_run.h"
#include "made_text.h"

#include "figure_set.h"

#include <fcntl.h>
#include <sys/stat.h>

static const char *caption;
static const char *value;
static enum figure_result result;

static enum figure_result write_figure(const struct dataset *data, struct figure_file *out, struct err *e)
{
    (void)data;
    if (result == FIGURE_LEFT_OUT)
        return figure_leave_out(out, "no %s", "data");
    if (figure_begin(out, "a,b", e))
        return FIGURE_FAILED;
    csv_text(&out->csv, value);
    csv_u64(&out->csv, 7);
    csv_end_row(&out->csv);
    figure_title(out, "Title %d", 1);
    fputs(caption, out->caption);
    return result == FIGURE_DRAWN ? FIGURE_DRAWN : (enum figure_result)err_set(e, ERR_FAILED, "it failed");
}

static enum figure_result make(enum figure_result wanted, const char *v, const char *words, char *left_out)
{
    static const struct figure figure = { "it", write_figure };
    struct err e;
    value = v;
    caption = words;
    result = wanted;
    return figure_make(&figure, NULL, scratch_folder, left_out, &e);
}

static void check_file(const char *name, const char *wanted)
{
    char *text = scratch_read(scratch_path(name), NULL);
    assert_string_equal(text, wanted);
    free(text);
}

static bool is_there(const char *name)
{
    struct stat s;
    return stat(scratch_path(name), &s) == 0;
}

static void a_figure_has_rows_a_title_and_a_caption(void **state)
{
    char why[FIGURE_REASON_BYTES];
    (void)state;
    assert_int_equal(make(FIGURE_DRAWN, "x", "Some words. ", why), FIGURE_DRAWN);
    assert_string_equal(why, "");
    check_file("it.csv", "a,b\nx,7\n");
    check_file("it.txt", "Title 1\nSome words.\n");
    assert_false(is_there("it.csv.new"));
    assert_false(is_there("it.txt.new"));
}

/* 138 columns of characters, not of bytes. */
static void captions_are_broken_at_blanks(void **state)
{
    static const struct {
        int n_first, n_second;
        const char *letter;
        bool breaks;
    } cases[] = { { 100, 37, "a", false },
                  { 100, 38, "a", true },
                  { 100, 37, "é", false },
                  { 100, 38, "é", true },
                  { 138, 1, "a", true } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char why[FIGURE_REASON_BYTES], words[1024] = "", wanted[1024] = "Title 1\n";
        for (int k = 0; k < cases[i].n_first; k++)
            strcat(words, cases[i].letter);
        strcat(words, " ");
        for (int k = 0; k < cases[i].n_second; k++)
            strcat(words, cases[i].letter);
        strcat(words, " b c");
        strcat(wanted, words);
        strcat(wanted, "\n");
        char *const first = wanted + strlen("Title 1\n"), *const second = strchr(first, ' ');
        if (cases[i].breaks)
            *second = '\n';
        else
            *strchr(second + 1, ' ') = '\n'; /* the line is full */
        assert_int_equal(make(FIGURE_DRAWN, "x", words, why), FIGURE_DRAWN);
        check_file("it.txt", wanted);
    }
}

static void a_word_longer_than_a_line_is_broken_between_characters(void **state)
{
    char why[FIGURE_REASON_BYTES], words[1024] = "Run ", wanted[1024] = "Title 1\nRun\n";
    (void)state;
    for (int k = 0; k < 200; k++) {
        strcat(words, "é");
        strcat(wanted, k == 138 ? "\né" : "é");
    }
    strcat(words, ". end");
    strcat(wanted, ". end\n");
    assert_int_equal(make(FIGURE_DRAWN, "x", words, why), FIGURE_DRAWN);
    check_file("it.txt", wanted);
}

/* A picture is redrawn when its data is younger. */
static void files_that_stay_the_same_keep_their_date(void **state)
{
    static const struct {
        const char *value, *caption;
        bool rows_stay, words_stay;
    } cases[] = { { "x", "words", true, true },
                  { "y", "words", false, true },
                  { "x", "wards", true, false },
                  { "xx", "words", false, true } };
    char why[FIGURE_REASON_BYTES];
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        static const struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };
        struct stat rows, words;
        make(FIGURE_DRAWN, "x", "words", why);
        assert_int_equal(utimensat(AT_FDCWD, scratch_path("it.csv"), old, 0), 0);
        assert_int_equal(utimensat(AT_FDCWD, scratch_path("it.txt"), old, 0), 0);
        make(FIGURE_DRAWN, cases[i].value, cases[i].caption, why);
        assert_int_equal(stat(scratch_path("it.csv"), &rows), 0);
        assert_int_equal(stat(scratch_path("it.txt"), &words), 0);
        assert_int_equal(rows.st_mtime == 1000, cases[i].rows_stay);
        assert_int_equal(words.st_mtime == 1000, cases[i].words_stay);
        assert_false(is_there("it.csv.new"));
    }
}

static void a_figure_that_is_left_out_or_fails_leaves_nothing(void **state)
{
    static const char *const files[] = { "it.csv", "it.txt", "it.svg", "it.pdf" };
    char why[FIGURE_REASON_BYTES];
    (void)state;
    for (int i = 0; i < 2; i++) {
        const enum figure_result wanted = i == 0 ? FIGURE_LEFT_OUT : FIGURE_FAILED;
        make(FIGURE_DRAWN, "x", "words", why);
        made_file(scratch_folder, "it.svg", "drawn earlier");
        made_file(scratch_folder, "it.pdf", "drawn earlier");
        assert_int_equal(make(wanted, "x", "words", why), wanted);
        assert_string_equal(why, i == 0 ? "no data" : "");
        for (size_t k = 0; k < N_OF(files); k++)
            assert_false(is_there(files[k]));
        assert_false(is_there("it.csv.new"));
    }
}

static void a_folder_that_is_not_there_fails(void **state)
{
    static const struct figure figure = { "it", write_figure };
    char why[FIGURE_REASON_BYTES];
    struct err e = { 0 };
    (void)state;
    result = FIGURE_DRAWN;
    assert_int_equal(figure_make(&figure, NULL, "/nowhere/at/all", why, &e), FIGURE_FAILED);
    assert_says(e.text, "/nowhere/at/all/it.csv.new");
}

/* --- all of a run --- */

static void a_run_has_its_figures_and_says_what_is_left_out(void **state)
{
    struct err e = { 0 };
    char *said = NULL;
    size_t n = 0;
    (void)state;
    const char *folder = made_run("run");
    char path[256];
    FILE *say = open_memstream(&said, &n);
    made_remove(folder, "cloudwatch.csv");
    assert_int_equal(figure_set_write(folder, say, &e), 0);
    fclose(say);
    assert_int_equal(made_lines(said, ""), 1);
    assert_says(said, "cloudwatch: left out: there is no cloudwatch.csv");
    snprintf(path, sizeof path, "%s/figures/ratio.csv", folder);
    char *rows = scratch_read(path, NULL);
    assert_int_equal(made_lines(rows, "ab,0,p50,t2 (cluster2),2,4.000003,"), 1);
    free(rows);
    free(said);
    made_file(folder, "health.csv", "t_s\n19\n");
    assert_int_equal(figure_set_write(folder, stderr, &e), -1);
    assert_says(e.text, "figure health: ");
}

static void a_run_of_one_cluster_has_no_ratio(void **state)
{
    static const struct made_times times[] = { { 1, 3, "response.load1.cluster1.main.ok.all", MADE_MS1,
                                                 30 } };
    struct err e = { 0 };
    char *said = NULL;
    size_t n = 0;
    (void)state;
    const char *folder = made_run_of("one", times, N_OF(times));
    made_edit(folder, "run.json", "\"load2\", \"cluster\": \"cluster2\"",
              "\"load2\", \"cluster\": \"cluster1\"");
    made_edit(folder, "intervals.csv", "load2,cluster2", "load2,cluster1");
    FILE *say = open_memstream(&said, &n);
    assert_int_equal(figure_set_write(folder, say, &e), 0);
    fclose(say);
    assert_says(said, "ratio: left out: there are no two clusters");
    free(said);
}

static void a_folder_that_is_no_run_has_no_figures(void **state)
{
    struct err e = { 0 };
    (void)state;
    const char *folder = made_run("none");
    made_remove(folder, "run.json");
    assert_int_equal(figure_set_write(folder, stderr, &e), -1);
    assert_says(e.text, "run.json");
    made_file(folder, "loadcurve.csv", "cluster\n"); /* a sweep whose curve lacks columns */
    made_file(folder, "sweep.json", "{}");
    assert_int_equal(figure_set_write(folder, stderr, &e), -1);
    made_file(folder, "campaign.json", "{}");
    assert_int_equal(figure_set_write(folder, stderr, &e), -1);
    assert_says(e.text, "campaign.json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_figure_has_rows_a_title_and_a_caption),
        cmocka_unit_test(captions_are_broken_at_blanks),
        cmocka_unit_test(a_word_longer_than_a_line_is_broken_between_characters),
        cmocka_unit_test(files_that_stay_the_same_keep_their_date),
        cmocka_unit_test(a_figure_that_is_left_out_or_fails_leaves_nothing),
        cmocka_unit_test(a_folder_that_is_not_there_fails),
        cmocka_unit_test(a_run_has_its_figures_and_says_what_is_left_out),
        cmocka_unit_test(a_run_of_one_cluster_has_no_ratio),
        cmocka_unit_test(a_folder_that_is_no_run_has_no_figures),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
