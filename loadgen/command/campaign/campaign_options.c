#include "campaign_options.h"

#include "arm_names.h"
#include "campaign.h"
#include "err.h"
#include "exit_code.h"
#include "fields.h"
#include "foreign_options.h"
#include "loadgen_commands.h"
#include "manual.h"
#include "units.h"
#include "url_given.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const campaign_primaries[] = { "p99", "p50", "p90", "p99.9", NULL };

const struct option_row campaign_rows[] = {
    { OPTION("pairs", OPTION_COUNT, struct campaign_options, n_pairs), .value_name = "N", .fallback = "8",
      .group = "Comparison", .least = 1, .most = CAMPAIGN_PAIRS_MOST / 2,
      .help =
          "pairs of runs, one of each arm; fewer than 6 only describe, with 8 one broken run does no harm" },
    { OPTION("aa", OPTION_COUNT, struct campaign_options, n_aa), .value_name = "N", .fallback = "4",
      .least = 0, .most = CAMPAIGN_PAIRS_MOST / 4, .help = "control pairs: the first arm against itself" },
    { OPTION("arms", OPTION_TEXT, struct campaign_options, arms), .value_name = "A,B",
      .help = "the scenario's two clusters to compare (default: its first two), or names for two URLs or "
              "versions" },
    { OPTION("side-by-side", OPTION_FLAG, struct campaign_options, is_side_by_side),
      .help = "run both arms at once; cancels drift, but they share the balancer and the generator" },
    { OPTION("primary", OPTION_CHOICE, struct campaign_options, primary), .value_name = "METRIC",
      .fallback = "p99", .choices = campaign_primaries,
      .help = "the metric that decides, declared in advance" },
    { OPTION("margin", OPTION_REAL, struct campaign_options, margin_pct), .value_name = "PERCENT",
      .fallback = "5", .help = "differences up to this count as equivalent" },
    { OPTION("until-width", OPTION_TEXT, struct campaign_options, until_width), .value_name = "PERCENT",
      .help = "add pairs until the interval of the primary metric's ratio is this narrow, such as 5% "
              "(default: no more than --pairs)" },
    { OPTION("most", OPTION_COUNT, struct campaign_options, n_most), .value_name = "N", .fallback = "40",
      .least = 1, .most = CAMPAIGN_PAIRS_MOST / 2,
      .help = "with --until-width: give up after this many pairs" },
    { OPTION("budget", OPTION_DURATION, struct campaign_options, budget_ns), .value_name = "TIME",
      .help = "with --until-width: give up after this long (default: no limit)" },
    { OPTION("gap", OPTION_DURATION, struct campaign_options, gap_ns), .value_name = "TIME", .fallback = "2s",
      .help = "pause between two runs; use 60s with an AWS load balancer" },
    { OPTION("resume", OPTION_TEXT, struct campaign_options, resume), .value_name = "FOLDER",
      .help = "continue an interrupted campaign with the options it began with" },
    { OPTION("json", OPTION_FLAG, struct campaign_options, run.json),
      .help = "print the comparison as one JSON object, and nothing else on stdout" },
    { OPTION("dry-run", OPTION_FLAG, struct campaign_options, is_dry_run),
      .help = "show what would be run and how long it takes; send and create nothing" },
    { 0 },
};

static const struct command_exit exits[] = {
    { EXIT_CODE_DONE, "done: the comparison was printed, whatever it found" },
    { EXIT_CODE_INVALID, "what the campaign decides on rests on what loadgen itself did" },
    { EXIT_CODE_INTERRUPTED, "interrupted; --resume continues" },
    { 0 },
};
static const char *const examples[] = {
    "loadgen campaign http://127.0.0.1:8080/ http://127.0.0.1:8081/ -c 8 -d 5s",
    "loadgen campaign http://old:8080/ http://new:8080/ --rate 500/s --dry-run",
    "loadgen campaign https://127.0.0.1:8443/ --http1.1 --http2 -c 8 --streams 16",
    "loadgen campaign tp1 --dry-run",
    "loadgen campaign tp1 --out results/m4-against-t2",
    "loadgen campaign --resume results/m4-against-t2",
    "loadgen campaign demo --until-width 5% --budget 1h",
    NULL,
};
static const struct command_note files[] = {
    { "results/<time>-campaign-<name>/", "the campaign's folder, unless `--out` names another" },
    { "campaign.json", "in it: what is run, in which order" },
    { "compare.csv, pairs.csv", "in it: what is decided, and every pair" },
    { 0 },
};

const struct command campaign_command = {
    .name = "loadgen campaign",
    .synopsis = "SCENARIO | URL URL | URL --http1.1 --http2 [OPTION...]",
    .summary = "Compare two URLs, clusters or versions of HTTP by randomised, interleaved pairs of runs",
    .rows = campaign_rows,
    .shared = { run_url_rows, run_load_rows, run_network_rows, run_shared_rows },
    .elsewhere = foreign_options,
    .details =
        "With two URLs each gets the same load; they are named by what differs between them: host, port\n"
        "or path. With one URL and two versions of HTTP, these are compared, with as many requests at\n"
        "once: HTTP/2 has `-c` connections of `--streams` each, HTTP/1.1 a connection for each of these.\n"
        "With a scenario, two of its clusters are compared.\n\n"
        "Each pair is one run per arm with the same schedule, in random order. The order is written to\n"
        "campaign.json before the first run; --resume FOLDER continues an interrupted campaign. At the\n"
        "end the comparison is printed, as `loadgen analysis compare FOLDER` does at any time; for a\n"
        "deployment on AWS, `loadgen provision metrics` is run for every run before that.\n\n"
        "Control pairs run the first arm against itself, made like the other pairs (side by side: both at\n"
        "once in one run). If they differ, something other than the arms makes a difference, and only what\n"
        "goes beyond it counts. Where the method shifts pairs and controls by 10 %, equal arms are called\n"
        "different in 49 % of campaigns with 2 controls, 17 % with 4, and 2 % with 8.",
    .exits = exits,
    .examples = examples,
    .files = files,
    .environment = manual_environment,
    .pages = manual_pages,
};

static int check_width(struct campaign_options *o, const struct options_result *given, struct err *e)
{
    static const char *const need_width[] = { "most", "budget" };
    char number[32];
    for (size_t i = 0; !o->until_width && i < sizeof need_width / sizeof *need_width; i++)
        if (options_given(o->run.parsed, given, need_width[i]))
            return err_set(e, ERR_INPUT,
                           "--%s limits how many pairs --until-width adds; without that, --pairs says how "
                           "many there are",
                           need_width[i]);
    if (!o->until_width)
        return 0;
    const size_t length = strcspn(o->until_width, "%");
    snprintf(number, sizeof number, "%.*s", length < 31 ? (int)length : 31, o->until_width);
    if (units_parse_real(number, &o->width) || o->width <= 0 || o->width >= 100)
        return err_set(e, ERR_INPUT, "--until-width must be a percentage such as 5%%, not '%s'",
                       o->until_width);
    o->width /= 100;
    if (o->n_pairs < CAMPAIGN_WIDTH_PAIRS_LEAST)
        return err_set(e, ERR_INPUT,
                       "--until-width needs at least %d pairs to begin with, not %llu: looking sooner "
                       "stops too often at an interval that is narrow by chance",
                       CAMPAIGN_WIDTH_PAIRS_LEAST, (unsigned long long)o->n_pairs);
    return 0;
}

/* The versions of HTTP that are given. */
static size_t versions_of(const struct campaign_options *o, enum plan_http versions[3])
{
    const struct target_options *t = &o->run.target;
    size_t n = 0;
    if (t->http1)
        versions[n++] = PLAN_HTTP_1;
    if (t->http2)
        versions[n++] = PLAN_HTTP_2;
    if (t->http2_prior)
        versions[n++] = PLAN_HTTP_2_PRIOR;
    return n;
}

static int set_arms(struct campaign_options *o, const char *const urls[2], char names[2][PLAN_NAME_BYTES],
                    struct err *e)
{
    if (o->arms && campaign_options_split_arms(o, names, e))
        return -1;
    if (o->run.target_url || o->run.deployment_file)
        return err_set(e, ERR_INPUT, "--%s needs a scenario: a URL that is given is the target",
                       o->run.target_url ? "target" : "deployment");
    for (int i = 0; i < 2; i++) {
        o->run.arms[i].url = urls[i];
        memcpy(o->run.arms[i].name, names[i], PLAN_NAME_BYTES);
    }
    o->run.n_arms = 2;
    return 0;
}

/* HTTP/1.1 against HTTP/2 at one URL. */
static int take_versions(struct campaign_options *o, const char *url, const enum plan_http versions[2],
                         struct err *e)
{
    static const char *const names[] = {
        [PLAN_HTTP_1] = "http1", [PLAN_HTTP_2] = "http2", [PLAN_HTTP_2_PRIOR] = "http2"
    };
    char own[2][PLAN_NAME_BYTES];
    if (versions[0] != PLAN_HTTP_1)
        return err_set(e, ERR_INPUT, "--http2 and --http2-prior-knowledge exclude each other");
    for (int i = 0; i < 2; i++) {
        snprintf(own[i], PLAN_NAME_BYTES, "%s", names[versions[i]]);
        o->run.arms[i].has_http = true;
        o->run.arms[i].http = versions[i];
    }
    return set_arms(o, (const char *const[]){ url, url }, own, e);
}

/* Names the arms after the URLs' differences, unless --arms does. */
static int take_urls(struct campaign_options *o, const char *const urls[2], struct err *e)
{
    enum plan_http versions[3];
    char names[2][PLAN_NAME_BYTES];
    char *whole[2] = { url_given_whole(urls[0]), url_given_whole(urls[1]) };
    const bool has_memory = whole[0] && whole[1];
    const bool is_one = has_memory && !arm_names((const char *const *)whole, names);
    free(whole[0]);
    free(whole[1]);
    if (!has_memory)
        return err_set(e, ERR_FAILED, "out of memory for the campaign");
    if (!is_one)
        return set_arms(o, urls, names, e);
    if (versions_of(o, versions) == 2) /* as --resume has them */
        return take_versions(o, urls[0], versions, e);
    return err_set(e, ERR_INPUT, "both URLs are the same; the control pairs compare the first with itself");
}

static int take_url(struct campaign_options *o, const char *url, struct err *e)
{
    enum plan_http versions[3];
    char shown[URL_GIVEN_SHOWN_BYTES];
    if (versions_of(o, versions) == 2)
        return take_versions(o, url, versions, e);
    return err_set(e, ERR_INPUT,
                   "a campaign compares: give a second URL, or --http1.1 and --http2 for two versions; "
                   "`loadgen run %s` loads one",
                   url_given_shown(url, shown));
}

/* One scenario, two URLs, or one with two versions of HTTP. */
static int take_subjects(struct campaign_options *o, const struct options_result *given, struct err *e)
{
    const char *const *words = given->positional;
    char shown[URL_GIVEN_SHOWN_BYTES];
    if (given->n_positional > 2)
        return err_set(e, ERR_INPUT, "give one scenario or two URLs: '%s' is one too many",
                       url_given_shown(words[2], shown));
    if (given->n_positional == 0 && !o->resume)
        return err_set(e, ERR_INPUT,
                       "give two URLs, or a scenario, such as `loadgen campaign http://127.0.0.1:8080/ "
                       "http://127.0.0.1:8081/` or `loadgen campaign tp1`; or --resume FOLDER");
    if (given->n_positional == 1 && url_given_is(o->run.inputs, words[0]))
        return take_url(o, words[0], e);
    for (size_t i = 0; i < 2 && given->n_positional == 2; i++)
        if (!url_given_is(o->run.inputs, words[i]))
            return err_set(
                e, ERR_INPUT,
                "'%.64s' is no URL: give two URLs, or one scenario, two clusters of which are compared",
                words[i]);
    if (given->n_positional == 2)
        return take_urls(o, words, e);
    o->run.scenario = given->n_positional ? words[0] : NULL;
    return 0;
}

int campaign_options_check(struct campaign_options *o, const struct options_result *given, struct err *e)
{
    o->run.result = *given;
    o->run.has_seed = options_given(o->run.parsed, given, "seed");
    if (take_subjects(o, given, e) || run_options_check_repeatable(&o->run, e))
        return -1;
    if (o->margin_pct <= 0 || o->margin_pct >= 100)
        return err_set(e, ERR_INPUT, "--margin must be a percentage above 0 and below 100");
    return check_width(o, given, e);
}

int campaign_options_split_arms(const struct campaign_options *o, char names[2][PLAN_NAME_BYTES],
                                struct err *e)
{
    char first[PLAN_NAME_BYTES] = "";
    const char *comma = strchr(o->arms, ',');
    if (comma && comma - o->arms < PLAN_NAME_BYTES)
        memcpy(first, o->arms, (size_t)(comma - o->arms));
    if (!comma || fields_copy_name(first, names[0]) || fields_copy_name(comma + 1, names[1]) ||
        strcmp(names[0], names[1]) == 0)
        return err_set(e, ERR_INPUT,
                       "--arms must be two different names of " FIELDS_NAME_FORM
                       ", such as old,new, not '%.80s'",
                       o->arms);
    return 0;
}

/* What does not change the runs. Secret values are not kept, so they are given again. */
static bool may_be_given(const struct option_row *row)
{
    static const char *const free_rows[] = { "resume", "dry-run",    "gap",        "until-width",  "most",
                                             "budget", "progress",   "keep-going", "strict",       "json",
                                             "target", "deployment", "local",      "allow-missing" };
    bool may = row->secret;
    for (size_t i = 0; i < sizeof free_rows / sizeof *free_rows; i++)
        may = may || strcmp(row->name, free_rows[i]) == 0;
    return may;
}

int campaign_options_check_resume(const struct command *command, const struct options_result *given,
                                  struct err *e)
{
    const struct option_row *row;
    for (size_t i = 0; (row = options_row(command, i)) != NULL; i++)
        if (given->given[i] && !may_be_given(row))
            return err_set(e, ERR_INPUT,
                           "--%s is settled when a campaign begins and cannot be given with --resume",
                           row->name);
    return 0;
}
