/* `loadgen analysis compare`: which of two arms is faster, by how much, how sure; and the gate on it. */
#include "analysis_commands.h"
#include "analysis_manual.h"
#include "arms.h"
#include "compare_series.h"
#include "comparison.h"
#include "comparison_output.h"
#include "dataset.h"
#include "err.h"
#include "exit_code.h"
#include "files.h"
#include "gate.h"
#include "options.h"
#include "run_path.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CLUSTERS_BYTES = 128, GATES_MOST = 32 };
enum format { FORMAT_TEXT, FORMAT_MARKDOWN, FORMAT_JSON, FORMAT_JUNIT };
static const char *const formats[] = { "text", "markdown", "json", "junit", NULL };

struct settings {
    struct option_list a, b, fail_if;
    const char *clusters, *out, *junit, *markdown;
    int format;
    bool json, fails_undecided;
};

static const struct option_row rows[] = {
    { OPTION("a", OPTION_LIST, struct settings, a), .value_name = "RUN",
      .help = "a run, or a folder of runs, of the first arm, paired with --b in order",
      .group = "What is compared" },
    { OPTION("b", OPTION_LIST, struct settings, b), .value_name = "RUN",
      .help = "the same of the second arm" },
    { OPTION("clusters", OPTION_TEXT, struct settings, clusters), .value_name = "A,B",
      .help = "which cluster to take from the runs of either arm, where they have several" },
    { OPTION("fail-if", OPTION_LIST, struct settings, fail_if), .value_name = "CHANGE",
      .help = "end with 3 if the comparison proves it: 'p99 > +10%', 'rate < -5%', 'failed > +0.1%' "
              "(points)",
      .group = "Gates" },
    { OPTION("fail-undecided", OPTION_FLAG, struct settings, fails_undecided),
      .help = "end with 3 also if it is neither proven nor refuted" },
    { OPTION("format", OPTION_CHOICE, struct settings, format), .value_name = "FORMAT", .fallback = "text",
      .choices = formats, .help = "form of the output on stdout", .group = "Output" },
    { OPTION("json", OPTION_FLAG, struct settings, json), .help = "the same as --format json" },
    { OPTION("junit", OPTION_TEXT, struct settings, junit), .value_name = "FILE",
      .help = "write the gates as JUnit XML as well" },
    { OPTION("markdown", OPTION_TEXT, struct settings, markdown), .value_name = "FILE",
      .help = "write the comparison as Markdown as well" },
    { OPTION("out", OPTION_TEXT, struct settings, out), .letter = 'o', .value_name = "DIR",
      .help = "folder for compare.csv and pairs.csv, made if need be; by default that of the run or "
              "campaign, none for BASE NEW" },
    { 0 },
};

static const struct command_exit exits[] = {
    { EXIT_CODE_DONE, "compared; each gate was refuted or, without --fail-undecided, could not be decided" },
    { EXIT_CODE_THRESHOLD, "a --fail-if is proven, or with --fail-undecided could not be decided" },
    { EXIT_CODE_INVALID, "what a gate judges, or without gates the primary number, may be loadgen's own "
                         "doing in half of an arm's "
                         "runs or more" },
    { 0, NULL },
};

static const char *const examples[] = {
    "loadgen analysis compare",
    "loadgen analysis compare results/m4-against-t2",
    "loadgen analysis compare base new --fail-if 'p99 > +10%'",
    "loadgen analysis compare base new --fail-if 'rate < -5%' --junit gate.xml",
    NULL,
};

const struct command command_compare = {
    .name = "loadgen analysis compare",
    .synopsis = "[CAMPAIGN | RUN | BASE NEW] [OPTIONS]",
    .summary = "Say which of two arms is faster, by how much, and how sure that is",
    .rows = rows,
    .details =
        "BASE and NEW are runs or series: folders whose folders are runs, paired in the order in which "
        "they began.\n"
        "A campaign folder is compared over its pairs of runs. One run folder (results/latest if none "
        "is given)\n"
        "is compared between its two clusters, which describes that run and proves nothing: proof takes "
        "six pairs.\n"
        "A series is made by runs in turns: `loadgen run OLD -o base/1`, `loadgen run NEW -o new/1`, "
        "`... -o base/2`.\n"
        "docs/ci.md has recipes for CI servers.",
    .exits = exits,
    .examples = examples,
    .files = analysis_manual_files,
    .environment = analysis_manual_environment,
    .pages = analysis_manual_pages,
};

/* The two names of --clusters; NULL when it is not given. */
struct clusters {
    char text[CLUSTERS_BYTES];
    const char *a, *b;
};

static int split_clusters(const char *text, struct clusters *out, struct err *e)
{
    *out = (struct clusters){ .a = NULL };
    if (!text)
        return 0;
    snprintf(out->text, sizeof out->text, "%s", text);
    char *comma = strchr(out->text, ',');
    if (!comma || comma == out->text || !comma[1] || strlen(text) >= sizeof out->text)
        return err_set(e, ERR_INPUT, "--clusters wants two names such as cluster1,cluster2, not '%s'", text);
    *comma = '\0';
    out->a = out->text;
    out->b = comma + 1;
    return 0;
}

/* Pairs the runs of two series in their order; what one has more is left out. */
static int compare_series(struct comparison *c, const struct compare_series *a,
                          const struct compare_series *b, const struct clusters *clusters, struct err *e)
{
    const bool is_apart = !clusters->a || strcmp(clusters->a, clusters->b) == 0;
    const size_t n = a->n < b->n ? a->n : b->n;
    if (compare_series_check(a, e) || compare_series_check(b, e) ||
        (is_apart && compare_series_check_apart(a, b, e)))
        return -1;
    const char **of_a = compare_series_folders(a, e), **of_b = compare_series_folders(b, e);
    const int status = of_a && of_b ? comparison_of_runs(c, of_a, of_b, n, clusters->a, clusters->b, e) : -1;
    c->n_unpaired_a = a->n - n;
    c->n_unpaired_b = b->n - n;
    free(of_a);
    free(of_b);
    return status;
}

static int add_all(struct compare_series *s, const struct option_list *folders, struct err *e)
{
    for (size_t i = 0; i < folders->n; i++)
        if (compare_series_add(s, folders->items[i], e))
            return -1;
    return 0;
}

static int check_equal(const struct compare_series *a, const struct compare_series *b, struct err *e)
{
    return a->n == b->n ? 0
                        : err_set(e, ERR_INPUT,
                                  "there are %zu runs with --a and %zu with --b; they are compared in pairs",
                                  a->n, b->n);
}

/* Compares runs and series: those of `of_a` with those of `of_b`. */
static int compare_lists(struct comparison *c, const struct option_list *of_a, const struct option_list *of_b,
                         bool is_equal_wanted, const struct clusters *clusters, struct err *e)
{
    struct compare_series a = { 0 }, b = { 0 };
    const bool is_one_each = of_a->n == 1 && of_b->n == 1;
    const int status = add_all(&a, of_a, e) || add_all(&b, of_b, e) ||
                               (is_equal_wanted && check_equal(&a, &b, e)) ||
                               compare_series(c, &a, &b, clusters, e)
                           ? -1
                           : 0;
    if (!status && is_one_each && !clusters->a && a.n + b.n > 2)
        comparison_name_folders(c, of_a->items[0], of_b->items[0]);
    compare_series_fini(&a);
    compare_series_fini(&b);
    return status;
}

static int find_arm(const struct dataset *data, const char *cluster, size_t *arm, struct err *e)
{
    *arm = arms_index(data->arms, data->n_arms, cluster);
    return *arm < data->n_arms
               ? 0
               : err_set(e, ERR_INPUT, "%s sent nothing to cluster '%s'", data->folder, cluster);
}

static int compare_clusters(struct comparison *c, const struct dataset *data, const struct clusters *clusters,
                            struct err *e)
{
    size_t a = 0, b = 1;
    if (clusters->a && (find_arm(data, clusters->a, &a, e) || find_arm(data, clusters->b, &b, e)))
        return -1;
    if (clusters->a && a == b)
        return err_set(e, ERR_INPUT, "--clusters wants two clusters of %s, not one twice", data->folder);
    if (!clusters->a && data->n_arms > 2)
        return err_set(e, ERR_INPUT, "%s has %zu clusters; choose two of them, such as --clusters %s,%s",
                       data->folder, data->n_arms, data->arms[0].cluster, data->arms[1].cluster);
    return clusters->a ? comparison_of_arms(c, data, a, b, e) : comparison_of_run(c, data, e);
}

static int compare_one(struct comparison *c, const char *folder, const struct clusters *clusters,
                       struct err *e)
{
    struct dataset data = { 0 };
    const struct option_list one = { .items = &folder, .n = 1 };
    if (run_path_is_campaign(folder))
        return clusters->a ? err_set(e, ERR_INPUT,
                                     "--clusters is for runs; %s is a campaign, whose arms are fixed", folder)
                           : comparison_of_campaign(c, folder, e);
    if (compare_series_is(folder))
        return clusters->a ? compare_lists(c, &one, &one, false, clusters, e)
                           : err_set(e, ERR_INPUT,
                                     "%s is a series of runs: name the series to compare it with, or two "
                                     "clusters of its runs with --clusters A,B",
                                     folder);
    const int status = dataset_open(&data, folder, e) || whole_times(&data, e)
                           ? -1
                           : compare_clusters(c, &data, clusters, e);
    dataset_fini(&data);
    return status;
}

/* Compares what the command line names; `*folder` is where the result belongs, NULL: nowhere. */
static int compare_given(struct comparison *c, const struct settings *settings,
                         const struct options_result *given, const char **folder, struct err *e)
{
    struct clusters clusters;
    const bool has_lists = settings->a.n + settings->b.n > 0, is_two = given->n_positional == 2;
    *folder = NULL;
    if (split_clusters(settings->clusters, &clusters, e))
        return -1;
    if (has_lists && given->n_positional > 0)
        return err_set(e, ERR_INPUT, "give runs with --a and --b, or without them, not both");
    if (has_lists)
        return compare_lists(c, &settings->a, &settings->b, true, &clusters, e);
    if (is_two) {
        const struct option_list a = { .items = &given->positional[0], .n = 1 },
                                 b = { .items = &given->positional[1], .n = 1 };
        return compare_lists(c, &a, &b, false, &clusters, e);
    }
    *folder = run_path_one(given, e);
    if (!*folder || compare_one(c, *folder, &clusters, e))
        return -1;
    if (compare_series_is(*folder))
        *folder = NULL;
    return 0;
}

static int parse_gates(const struct settings *settings, struct gate *gates, struct err *e)
{
    if (settings->fail_if.n > GATES_MOST)
        return err_set(e, ERR_INPUT, "--fail-if can be given %d times", GATES_MOST);
    if (settings->fails_undecided && settings->fail_if.n == 0)
        return err_set(e, ERR_INPUT, "--fail-undecided is about --fail-if, which is not given");
    for (size_t i = 0; i < settings->fail_if.n; i++)
        if (gate_parse(&gates[i], settings->fail_if.items[i], e))
            return -1;
    return 0;
}

/* The first percentile with a gate is the number declared in advance, unless a campaign declared one. */
static int declare(struct comparison *c, const struct gates *gates, struct err *e)
{
    for (size_t i = 0; !c->is_campaign && i < gates->n; i++)
        if (!gates->rows[i].is_of_failed && gates->rows[i].value != SAMPLE_RATE)
            return comparison_set_primary(c, gates->rows[i].value, e);
    return 0;
}

static int print_text(const struct comparison *c, const struct gates *gates, struct err *e)
{
    char line[GATE_LINE_BYTES], note[GATE_LINE_BYTES + 64];
    const bool is_terminal = isatty(STDOUT_FILENO);
    if (comparison_print(stdout, c, is_terminal))
        return err_set(e, ERR_FAILED, "out of memory");
    for (size_t i = 0; i < gates->n; i++) {
        snprintf(note, sizeof note, "%.60s: %s", gates->rows[i].text, gate_line(gates, i, c, line));
        comparison_print_note(stdout, i == 0 ? "fail-if" : "", note, is_terminal);
    }
    return 0;
}

static int print(const struct comparison *c, const struct gates *gates, enum format format, struct err *e)
{
    switch (format) {
    case FORMAT_MARKDOWN:
        return comparison_markdown(stdout, c, gates, e);
    case FORMAT_JSON:
        return comparison_json(stdout, c, gates, e);
    case FORMAT_JUNIT:
        return comparison_junit(stdout, c, gates, e);
    case FORMAT_TEXT:
        break;
    }
    return print_text(c, gates, e);
}

typedef int form_fn(FILE *out, const struct comparison *c, const struct gates *gates, struct err *e);

/* NULL: no file is wanted. */
static int write_file(const char *path, form_fn *form, const struct comparison *c, const struct gates *gates,
                      struct err *e)
{
    FILE *f = path ? files_create(path, e) : NULL;
    if (!path || !f)
        return path ? -1 : 0;
    const int status = form(f, c, gates, e);
    if (status) {
        fclose(f);
        return -1;
    }
    return files_close(f, path, e);
}

/* What is not on stdout is on stderr, so that a log shows why the step failed. */
static void print_failed(const struct comparison *c, const struct gates *gates)
{
    char line[GATE_LINE_BYTES];
    for (size_t i = 0; i < gates->n; i++)
        if (gates->rows[i].word != GATE_PASSED)
            fprintf(stderr, "loadgen analysis compare: %s: %s\n", gates->rows[i].text,
                    gate_line(gates, i, c, line));
}

int command_compare_run(int argc, char *const argv[], struct err *e)
{
    struct settings settings = { 0 };
    struct options_result given = { 0 };
    struct comparison c = { 0 };
    struct gate rows_of_gates[GATES_MOST];
    struct gates gates = { .rows = rows_of_gates };
    const char *folder;
    int code = -1;
    if (options_parse(&command_compare, &settings, argc, argv, &given, e) ||
        parse_gates(&settings, rows_of_gates, e))
        goto end;
    gates.n = settings.fail_if.n;
    gates.fails_undecided = settings.fails_undecided;
    const enum format format = settings.json ? FORMAT_JSON : (enum format)settings.format;
    if (compare_given(&c, &settings, &given, &folder, e) || declare(&c, &gates, e) ||
        gate_judge(&gates, &c, e) || (settings.out && files_make_folders(settings.out, e)))
        goto end;
    const char *out = settings.out ? settings.out : folder;
    if ((out && comparison_write(&c, out, e)) ||
        write_file(settings.junit, comparison_junit, &c, &gates, e) ||
        write_file(settings.markdown, comparison_markdown, &c, &gates, e) || print(&c, &gates, format, e))
        goto end;
    if (format != FORMAT_TEXT)
        print_failed(&c, &gates);
    code = gate_exit_code(&gates, &c);
end:
    comparison_fini(&c);
    options_fini(&command_compare, &settings, &given);
    return code;
}
