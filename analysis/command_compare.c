/* `loadgen analysis compare`: which of two arms is faster, by how much, how sure. */
#include "analysis_commands.h"
#include "comparison.h"
#include "comparison_gate.h"
#include "dataset.h"
#include "err.h"
#include "exit_code.h"
#include "files.h"
#include "manual.h"
#include "options.h"
#include "run_path.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct settings {
    struct option_list a, b;
    const char *clusters, *out, *fail_if;
};

static const struct option_row rows[] = {
    { OPTION("a", OPTION_LIST, struct settings, a), .value_name = "RUN",
      .help = "a run of the first arm; repeat it, and --b as often, for a set of pairs" },
    { OPTION("b", OPTION_LIST, struct settings, b), .value_name = "RUN", .help = "a run of the second arm" },
    { OPTION("clusters", OPTION_TEXT, struct settings, clusters), .value_name = "A,B",
      .help = "which cluster to take from the runs of either arm, where they have several" },
    { OPTION("out", OPTION_TEXT, struct settings, out), .letter = 'o', .value_name = "DIR",
      .help = "folder for compare.csv and pairs.csv; that of the run or campaign if it is one, else none" },
    { OPTION("fail-if", OPTION_TEXT, struct settings, fail_if), .value_name = "CHANGE",
      .help = "end with 3 if the comparison proves it: 'p99 > +10%' or 'rate < -5%'" },
    { 0 },
};

static const struct command_exit exits[] = {
    { EXIT_CODE_DONE, "done; --fail-if, if given, did not find what it looks for" },
    { EXIT_CODE_THRESHOLD, "--fail-if found what it looks for" },
    { EXIT_CODE_INVALID, "what is decided on rests on what loadgen itself did" },
    { 0 },
};
static const char *const examples[] = {
    "loadgen analysis compare",
    "loadgen analysis compare results/m4-against-t2",
    "loadgen analysis compare old new --fail-if 'p99 > +10%'",
    NULL,
};

const struct command command_compare = {
    .name = "loadgen analysis compare",
    .synopsis = "[CAMPAIGN | RUN | RUN RUN] [OPTIONS]",
    .summary = "Say which of two clusters is faster, by how much, and how sure that is",
    .rows = rows,
    .details = "A campaign folder is compared over its pairs of runs; one run folder (results/latest if none "
               "is given) between its two\n"
               "clusters, which describes that run and proves nothing; two run folders with each other. "
               "--fail-if is a\n"
               "gate for scripts: what is not proven passes, and proof takes six pairs.",
    .exits = exits,
    .examples = examples,
    .files = manual_files,
    .environment = manual_environment,
    .pages = manual_pages,
};

/* Splits "A,B"; both are NULL when it is not given. */
static int split_clusters(const char *text, char *buffer, size_t buffer_bytes, const char **a, const char **b,
                          struct err *e)
{
    *a = *b = NULL;
    if (!text)
        return 0;
    snprintf(buffer, buffer_bytes, "%s", text);
    char *comma = strchr(buffer, ',');
    if (!comma || comma == buffer || !comma[1] || strlen(text) >= buffer_bytes)
        return err_set(e, ERR_INPUT, "--clusters wants two names such as cluster1,cluster2, not '%s'", text);
    *comma = '\0';
    *a = buffer;
    *b = comma + 1;
    return 0;
}

/* A run counts once per arm: repeating it would make pairs that agree by themselves. */
static int check_once(const struct option_list *runs, struct err *e)
{
    struct stat of_one, of_other;
    for (size_t i = 0; i < runs->n; i++)
        for (size_t k = 0; k < i; k++)
            if (stat(runs->items[i], &of_one) == 0 && stat(runs->items[k], &of_other) == 0 &&
                of_one.st_dev == of_other.st_dev && of_one.st_ino == of_other.st_ino)
                return err_set(e, ERR_INPUT, "%s is given twice for the same arm; a run counts once",
                               runs->items[i]);
    return 0;
}

static int compare_sets(struct comparison *c, const struct settings *settings,
                        const struct options_result *given, struct err *e)
{
    char buffer[128];
    const char *cluster_a, *cluster_b;
    const bool two = given->n_positional == 2;
    if (split_clusters(settings->clusters, buffer, sizeof buffer, &cluster_a, &cluster_b, e))
        return -1;
    if (two)
        return comparison_of_runs(c, &given->positional[0], &given->positional[1], 1, cluster_a, cluster_b,
                                  e);
    if (settings->a.n != settings->b.n)
        return err_set(e, ERR_INPUT,
                       "there are %zu runs with --a and %zu with --b; they are compared in pairs",
                       settings->a.n, settings->b.n);
    if (check_once(&settings->a, e) || check_once(&settings->b, e))
        return -1;
    return comparison_of_runs(c, settings->a.items, settings->b.items, settings->a.n, cluster_a, cluster_b,
                              e);
}

static int compare_one(struct comparison *c, const char *folder, struct err *e)
{
    struct dataset data = { 0 };
    if (run_path_is_campaign(folder))
        return comparison_of_campaign(c, folder, e);
    const int status =
        dataset_open(&data, folder, e) || whole_times(&data, e) ? -1 : comparison_of_run(c, &data, e);
    dataset_fini(&data);
    return status;
}

static int compare(struct comparison *c, const struct settings *settings, const struct options_result *given,
                   struct err *e)
{
    const bool has_lists = settings->a.n + settings->b.n > 0;
    const bool is_set = given->n_positional == 2 || has_lists;
    if (has_lists && given->n_positional > 0)
        return err_set(e, ERR_INPUT, "give runs with --a and --b, or without them, not both");
    const char *folder = is_set ? NULL : run_path_one(given, e);
    if (!is_set && !folder)
        return -1;
    if (is_set ? compare_sets(c, settings, given, e) : compare_one(c, folder, e))
        return -1;
    if (settings->out && files_make_folders(settings->out, e))
        return -1;
    const char *out = settings->out ? settings->out : folder;
    return out ? comparison_write(c, out, e) : 0;
}

static int exit_code_of(const struct comparison *c, const struct comparison_gate *gate)
{
    const bool is_gate_invalid = gate && c->results[gate->value].rests_on_invalid;
    if (!c->within_run && (comparison_rests_on_invalid(c) || is_gate_invalid))
        return EXIT_CODE_INVALID;
    return gate && comparison_gate_fails(gate, c) ? EXIT_CODE_THRESHOLD : EXIT_CODE_DONE;
}

/* Prints the comparison, and whether it passes the gate; NULL: there is none. Returns the exit code. */
static int print(const struct comparison *c, const struct comparison_gate *gate, struct err *e)
{
    if (comparison_print(stdout, c))
        return err_set(e, ERR_FAILED, "out of memory");
    if (gate)
        comparison_gate_print(stdout, gate, c);
    return exit_code_of(c, gate);
}

int command_compare_run(int argc, char *const argv[], struct err *e)
{
    struct settings settings = { 0 };
    struct options_result given = { 0 };
    struct comparison c = { 0 };
    struct comparison_gate gate;
    int code = -1;
    if (!options_parse(&command_compare, &settings, argc, argv, &given, e) &&
        (!settings.fail_if || !comparison_gate_parse(&gate, settings.fail_if, e)) &&
        !compare(&c, &settings, &given, e))
        code = print(&c, settings.fail_if ? &gate : NULL, e);
    comparison_fini(&c);
    options_fini(&command_compare, &settings, &given);
    return code;
}
