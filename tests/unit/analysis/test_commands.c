/* The subcommands of `loadgen analysis`: which folder they take, what they print, and their exit codes. */
#include "cm.h"

#include "made_run.h"
#include "made_text.h"

#include "analysis_commands.h"
#include "exit_code.h"

#include <fcntl.h>
#include <unistd.h>

enum { WORDS_MOST = 8 };

static struct err e;
static char *said; /* what the last command printed */
static char duo[200], one[200], two[200],
    folder[200]; /* of a run, of two runs of one cluster, of a campaign or something else */

static int forget(void **state)
{
    (void)state;
    free(said);
    said = NULL;
    return 0;
}

/* Runs a command with its standard output in a file. */
static int run(subcommand_fn *command, const char *const *words)
{
    char copies[WORDS_MOST][300], *argv[WORDS_MOST + 1];
    int argc = 0;
    for (; words[argc]; argc++) {
        snprintf(copies[argc], sizeof copies[0], "%s", words[argc]);
        argv[argc] = copies[argc];
    }
    argv[argc] = NULL;
    fflush(stdout);
    const int kept = dup(STDOUT_FILENO),
              file = open(scratch_path("stdout"), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    assert_true(kept >= 0 && file >= 0 && dup2(file, STDOUT_FILENO) >= 0);
    e.text[0] = '\0';
    const int code = command(argc, argv, &e);
    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(file);
    free(said);
    said = scratch_read(scratch_path("stdout"), NULL);
    return code;
}

#define RUN(command, ...) run(command, (const char *const[]){ __VA_ARGS__, NULL })

static void make_run_of_one(const char *name, char out[200])
{
    snprintf(out, 200, "%s", made_run(name));
    made_edit(out, "run.json", "\"load2\", \"cluster\": \"cluster2\"",
              "\"load2\", \"cluster\": \"cluster1\"");
    made_edit(out, "run.json", ".load2.cluster2.", ".load2.cluster1.");
    made_edit(out, "hist.hlog", "load2.cluster2", "load2.cluster1");
    made_edit(out, "intervals.csv", "load2,cluster2", "load2,cluster1");
}

/* The made run, and two with one cluster, which needs no name. */
static void make_runs(void)
{
    snprintf(duo, sizeof duo, "%s", made_run("duo"));
    make_run_of_one("one", one);
    make_run_of_one("two", two);
    made_edit(two, "run.json", "1795299004000000000", "1795299004400000000");
}

static void make_campaign(void)
{
    struct err ignored;
    snprintf(folder, sizeof folder, "%s", scratch_path("campaign"));
    files_remove_tree(folder, &ignored);
    mkdir(folder, 0777);
    made_file(folder, "campaign.json",
              "{\"schema_version\": 1, \"primary\": \"p99\", \"margin\": 0.05, \"pairs\": []}");
}

static void compare_takes_a_run_a_pair_or_a_campaign(void **state)
{
    (void)state;
    make_runs();
    assert_int_equal(RUN(command_compare_run, duo), EXIT_CODE_DONE);
    assert_int_equal(strncmp(said, "m4 failed 0.254 % of its requests, t2", 36), 0);
    char path[300];
    snprintf(path, sizeof path, "%s/compare.csv", duo);
    assert_int_equal(access(path, F_OK), 0); /* beside the run that was compared */
    assert_int_equal(RUN(command_compare_run, one, two), EXIT_CODE_DONE);
    assert_says(said, "that of one 8.39 ms: 1.00 times");
    snprintf(path, sizeof path, "%s/compare.csv", one);
    assert_int_not_equal(access(path, F_OK), 0); /* no folder is that of the pair */
    assert_int_equal(RUN(command_compare_run, one, two, "--out", one), EXIT_CODE_DONE);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(RUN(command_compare_run, duo, duo, "--clusters", "cluster2,cluster1"), EXIT_CODE_DONE);
    assert_says(said, "m4 failed 0.3 % of its requests, t2 0.07 %: their times do not compare.");
    assert_int_equal(RUN(command_compare_run, "--a", one, "--b", two, "--out", one), EXIT_CODE_DONE);
    make_campaign();
    assert_int_equal(RUN(command_compare_run, folder), EXIT_CODE_DONE);
    assert_int_equal(strncmp(said, "No pair of runs is complete yet.\n", 33), 0);
}

static void compare_refuses_what_it_cannot_pair(void **state)
{
    (void)state;
    make_runs();
    make_campaign();
    unlink(scratch_path("campaign/campaign.json"));
    const struct {
        const char *words[7], *says;
    } cases[] = {
        { { one }, "has one cluster only" },
        { { one, one, one }, "one run folder is expected, not 3" },
        { { one, "--a", one, "--b", one }, "not both" },
        { { "--a", one, "--a", two, "--b", duo }, "there are 2 runs with --a and 1 with --b" },
        { { one, one }, "are the same run" },
        { { one, folder }, "neither a run nor a series" },
        { { one, two, "--fail-undecided" }, "--fail-undecided is about --fail-if" },
        { { one, two, "--fail-if", "p99" }, "--fail-if wants" },
        { { duo, "--clusters", "cluster1,cluster1" }, "not one twice" },
        { { duo, "--clusters", "cluster1,cluster9" }, "sent nothing to cluster 'cluster9'" },
        { { one, one, "--clusters", "cluster1" }, "--clusters wants two names" },
        { { one, one, "--clusters", ",cluster1" }, "--clusters wants two names" },
        { { one, one, "--clusters", "cluster1," }, "--clusters wants two names" },
        { { one, "--nonsense" }, "--nonsense" },
        { { "/nowhere/at/all" }, "/nowhere/at/all" },
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        assert_int_equal(run(command_compare_run, cases[i].words), -1);
        assert_says(e.text, cases[i].says);
    }
    char names[160]; /* two names that just fit the buffer, and one more byte */
    memset(names, 'a', sizeof names);
    names[60] = ',';
    for (int length = 127; length <= 128; length++) {
        names[length] = '\0';
        assert_int_equal(RUN(command_compare_run, one, one, "--clusters", names), -1);
        assert_says(e.text, length == 127 ? "sent nothing to cluster" : "--clusters wants two names");
        names[length] = 'a';
    }
}

static void export_prints_the_format_that_is_wanted(void **state)
{
    (void)state;
    make_runs();
    assert_int_equal(RUN(command_export_run, duo), EXIT_CODE_DONE);
    assert_says(said, "\"ok_n\": 11000");
    assert_int_equal(RUN(command_export_run, duo, "--format", "csv"), EXIT_CODE_DONE);
    assert_line(said, "cluster2,ok,16769.024,16777.215,60");
    assert_int_equal(RUN(command_export_run, duo, "--format", "openmetrics"), EXIT_CODE_DONE);
    assert_line(said, "# EOF");
    assert_int_equal(RUN(command_export_run, duo, "--format", "hgrm", "--cluster", "cluster2"),
                     EXIT_CODE_DONE);
    assert_line(said, "#[Max     =    16.777215, Total count    =         6000]");
    assert_int_equal(RUN(command_export_run, one, "--format", "hgrm"), EXIT_CODE_DONE);
    assert_line(said, "#[Max     =    16.777215, Total count    =        17000]");
    assert_int_equal(RUN(command_export_run, duo, "--format", "hgrm"), -1);
    assert_says(e.text, "has 2 clusters; say which with --cluster, such as cluster1");
    assert_int_equal(RUN(command_export_run, duo, "--format", "hgrm", "--cluster", "cluster3"), -1);
    assert_says(e.text, "has no cluster 'cluster3'");
    assert_int_equal(RUN(command_export_run, duo, "--format", "xml"), -1);
    assert_int_equal(RUN(command_export_run, "/nowhere/at/all"), -1);
    made_remove(duo, "hist.hlog");
    assert_int_equal(RUN(command_export_run, duo), -1);
}

static void summary_is_of_a_run_or_a_campaign(void **state)
{
    (void)state;
    make_runs();
    assert_int_equal(RUN(command_summary_run, duo), EXIT_CODE_DONE);
    assert_says(said, "good/s");
    make_campaign();
    assert_int_equal(RUN(command_summary_run, folder), EXIT_CODE_DONE);
    assert_int_equal(made_lines(said, "No pair of runs is complete yet."), 1);
    assert_says(said, "No pair of runs is complete yet.");
    assert_says(said, "next: loadgen analysis report");
    made_file(folder, "campaign.json", "{}");
    assert_int_equal(RUN(command_summary_run, folder), -1);
    made_remove(duo, "run.json");
    assert_int_equal(RUN(command_summary_run, duo), -1);
    assert_int_equal(RUN(command_summary_run, duo, duo), -1);
}

static void recompute_writes_into_the_folder_or_another(void **state)
{
    char path[300];
    (void)state;
    make_runs();
    snprintf(folder, sizeof folder, "%s", scratch_path("other"));
    mkdir(folder, 0777);
    assert_int_equal(RUN(command_recompute_run, duo), EXIT_CODE_DONE);
    snprintf(path, sizeof path, "%s/percentiles.csv", duo);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(RUN(command_recompute_run, duo, "--out", folder), EXIT_CODE_DONE);
    snprintf(path, sizeof path, "%s/percentiles.csv", folder);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(RUN(command_recompute_run, duo, "--out", "/dev/null/all"), -1);
    made_remove(duo, "hist.hlog");
    assert_int_equal(RUN(command_recompute_run, duo), -1);
}

static void merge_says_what_the_whole_came_to(void **state)
{
    char a[200], b[200], out[200];
    struct err ignored;
    (void)state;
    snprintf(a, sizeof a, "%s", made_run("a"));
    snprintf(b, sizeof b, "%s", made_run("b"));
    snprintf(out, sizeof out, "%s", scratch_path("merged"));
    made_edit(b, "run.json", "\"t0_realtime_ns\": 1795299004000000000",
              "\"t0_realtime_ns\": 1795299009000000000");
    assert_int_equal(RUN(command_merge_run, a, b), -1);
    assert_says(e.text, "--out is missing");
    assert_int_equal(RUN(command_merge_run, a, b, "--out", out), EXIT_CODE_THRESHOLD);
    assert_says(said, "2 runs merged into ");
    assert_says(said, "  threshold   held: p99 < 250ms; it was ");
    assert_says(said, "  threshold   missed: cluster1.errors < 0.1%; it was 0.253 %\n");
    assert_says(said, "  WARN        time that all generators ran at once: 59.0 %. ");
    assert_says_not(said, "lacks");
    files_remove_tree(out, &ignored);
    for (int i = 0; i < 2; i++)
        made_edit(i == 0 ? a : b, "run.json", "cluster1.errors < 0.1%", "cluster1.errors < 1%");
    made_edit(b, "run.json", "\"t0_realtime_ns\": 1795299009000000000",
              "\"t0_realtime_ns\": 1795299004000000001");
    made_edit(b, "run.json", "\"n\": 7,", "\"n\": 8,");
    assert_int_equal(RUN(command_merge_run, a, b, "--out", out), EXIT_CODE_DONE);
    assert_says_not(said, "missed");
    assert_says_not(said, "ran at once");
    assert_says(said, "lacks 1 values");
    assert_int_equal(RUN(command_merge_run, a, "--out", out), -1);
}

/* Without gnuplot a report has no figures; that is reported and no failure. */
static void without_gnuplot_there_is_a_report(void **state)
{
    char path[300];
    (void)state;
    make_runs();
    setenv("PATH", "/nowhere", 1);
    assert_int_equal(RUN(command_figures_run, duo, "--data"), EXIT_CODE_DONE);
    snprintf(path, sizeof path, "%s/figures/bands.csv", duo);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(RUN(command_figures_run, duo, "--formats", "svg"), -1);
    assert_says(e.text, "gnuplot");
    assert_int_equal(RUN(command_figures_run, duo, "--formats", "gif"), -1);
    assert_int_equal(RUN(command_figures_run, "/nowhere/at/all"), -1);
    assert_int_equal(RUN(command_report_run, duo), EXIT_CODE_DONE);
    assert_says(said, "/report.html\n");
    snprintf(path, sizeof path, "%s/report.html", duo);
    char *page = scratch_read(path, NULL);
    assert_says(page, "m4 failed 0.254 % of its requests, t2");
    free(page);
    snprintf(path, sizeof path, "%s/percentiles.csv", duo);
    assert_int_equal(access(path, F_OK), 0); /* computed, since the run has none */
    make_campaign();
    assert_int_equal(RUN(command_report_run, folder), EXIT_CODE_DONE);
    snprintf(path, sizeof path, "%s/report.tex", folder);
    assert_int_equal(access(path, F_OK), 0);
    made_remove(duo, "hist.hlog");
    assert_int_equal(RUN(command_report_run, duo), -1);
    assert_int_equal(RUN(command_report_run, "/nowhere/at/all"), -1);
    made_file(folder, "campaign.json", "{}");
    assert_int_equal(RUN(command_report_run, folder), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(compare_takes_a_run_a_pair_or_a_campaign, forget),
        cmocka_unit_test_teardown(compare_refuses_what_it_cannot_pair, forget),
        cmocka_unit_test_teardown(export_prints_the_format_that_is_wanted, forget),
        cmocka_unit_test_teardown(summary_is_of_a_run_or_a_campaign, forget),
        cmocka_unit_test_teardown(recompute_writes_into_the_folder_or_another, forget),
        cmocka_unit_test_teardown(merge_says_what_the_whole_came_to, forget),
        cmocka_unit_test_teardown(without_gnuplot_there_is_a_report, forget),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
