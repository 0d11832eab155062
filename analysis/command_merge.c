/* `loadgen analysis merge`: makes one run folder from those of several generators. */
#include "analysis_commands.h"
#include "analysis_manual.h"
#include "err.h"
#include "exit_code.h"
#include "merge.h"
#include "merge_checks.h"
#include "options.h"
#include "run_json.h"
#include "term.h"
#include "threshold.h"
#include "units.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct settings {
    const char *out;
    uint64_t allow_missing;
};

static const struct option_row rows[] = {
    { OPTION("out", OPTION_TEXT, struct settings, out), .letter = 'o', .value_name = "DIR",
      .help = "the new run folder; it must not exist yet" },
    { OPTION("allow-missing", OPTION_COUNT, struct settings, allow_missing), .value_name = "N",
      .fallback = "0", .help = "accept the result although up to N shares are missing or ended early" },
    { 0 },
};

static const struct command_exit exits[] = {
    { EXIT_CODE_THRESHOLD, "a threshold was missed" },
    { EXIT_CODE_INVALID, "a threshold rests on what the generators did, or shares are missing" },
    { 0 },
};
static const char *const examples[] = {
    "loadgen analysis merge host-a/run host-b/run --out results/both",
    "loadgen analysis merge shares/* --out results/fleet --allow-missing 1",
    NULL,
};

const struct command command_merge = {
    .name = "loadgen analysis merge",
    .synopsis = "RUN RUN... --out DIR",
    .summary = "Add the folders of several generators of the same run to one, exactly",
    .rows = rows,
    .details =
        "Shares of one run (`loadgen run --shard I/N`) become the result of the whole: they must have the\n"
        "same scenario, input files and seed. One that is missing, failed, was killed or ended early is\n"
        "named, and makes the result invalid unless --allow-missing accepts it; what a killed one had\n"
        "written counts up to its last whole second.\n"
        "Other generators must have run the same scenario against the same target at the same time,\n"
        "with clocks that agree (NTP), and add up: give each its own --seed, or all send the same\n"
        "schedule. Thresholds are judged again, on all requests together.",
    .exits = exits,
    .examples = examples,
    .files = analysis_manual_files,
    .environment = analysis_manual_environment,
    .pages = analysis_manual_pages,
};

static int print_thresholds(const struct run_json *run)
{
    int code = EXIT_CODE_DONE;
    for (size_t i = 0; i < run->n_thresholds; i++) {
        char was[UNITS_TEXT_BYTES];
        const struct threshold_result *t = &run->thresholds[i];
        printf("  threshold   %s: %s; %s\n", threshold_held_words(t->held), t->text,
               threshold_was_text(t, was));
        code = t->held == THRESHOLD_MISSED ? EXIT_CODE_THRESHOLD : code;
    }
    return code;
}

static void print_overlap(const struct run_json *run)
{
    char number[UNITS_TEXT_BYTES];
    for (size_t i = 0; i < run->n_checks; i++) {
        const struct derived_check *check = &run->checks[i];
        if (strcmp(check->rule, MERGE_RULE) == 0 && strcmp(check->level, "OK") != 0)
            printf("  %-10s  %s: %s %s. %s\n", check->level, check->what,
                   units_number_text(check->value, number), check->unit, check->advice);
    }
}

/* Prints thresholds and overlap from the merged run.json; EXIT_CODE_THRESHOLD when a threshold was missed. */
static int print_judgement(const char *folder, struct err *e)
{
    struct run_json run;
    int code = run_json_read(&run, folder, e);
    if (code == 0) {
        code = print_thresholds(&run);
        print_overlap(&run);
    }
    run_json_fini(&run);
    return code;
}

/* Which shares are lacking, and what follows. */
static void print_shares(const struct merge_outcome *outcome)
{
    if (*outcome->shares)
        printf("  %-10s  %s\n", outcome->is_invalid ? "INVALID" : "WARN", outcome->shares);
}

static int merge(const struct settings *settings, const struct options_result *given, struct err *e)
{
    char number[UNITS_TEXT_BYTES];
    struct merge_outcome outcome;
    const struct merge_request request = { .folders = given->positional,
                                           .n_folders = given->n_positional,
                                           .out = settings->out,
                                           .n_allowed = settings->allow_missing };
    if (!settings->out)
        return err_set(e, ERR_INPUT, "--out is missing: the new folder for the merged run");
    if (merge_folders(&request, &outcome, e))
        return -1;
    printf("%zu run%s merged into %s\n", given->n_positional, given->n_positional == 1 ? "" : "s",
           settings->out);
    print_shares(&outcome);
    if (outcome.lost_n > 0)
        printf("  files       hist.hlog lacks %s values that run.json counted: a log was cut short\n",
               units_count_text(outcome.lost_n, number));
    const int code = print_judgement(settings->out, e);
    if (outcome.rests_on_invalid && !outcome.is_invalid)
        puts("  INVALID     a threshold rests on what the generators did themselves");
    printf("  %-10s  ", "results");
    term_next(stdout, settings->out, "loadgen analysis summary");
    return code >= 0 && (outcome.rests_on_invalid || outcome.is_invalid) ? EXIT_CODE_INVALID : code;
}

int command_merge_run(int argc, char *const argv[], struct err *e)
{
    struct settings settings = { 0 };
    struct options_result given = { 0 };
    int code = -1;
    if (!options_parse(&command_merge, &settings, argc, argv, &given, e))
        code = merge(&settings, &given, e);
    options_fini(&command_merge, &settings, &given);
    return code;
}
