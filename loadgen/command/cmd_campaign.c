#include "cmd_campaign.h"

#include "campaign.h"
#include "clock.h"
#include "comparison.h"
#include "err.h"
#include "exit_code.h"
#include "files.h"
#include "run_complete.h"
#include "run_once.h"
#include "run_options.h"
#include "units.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static const char *const primary_choices[] = { "p99", "p50", "p90", "p99.9", NULL };

struct campaign_options {
    struct run_options run;
    uint64_t n_pairs, n_aa, n_most;
    uint64_t gap_ns;
    uint64_t budget_ns;
    const char *arms;
    const char *resume;
    const char *until_width;
    double width; /* 0: not asked for */
    int primary;
    double margin_pct;
    bool is_side_by_side;
};

#define AT(member) offsetof(struct campaign_options, member)

static const struct option_row rows[] = {
    { .name = "pairs",
      .kind = OPTION_COUNT,
      .offset = AT(n_pairs),
      .value_name = "N",
      .fallback = "8",
      .least = 1,
      .most = CAMPAIGN_PAIRS_MOST / 2,
      .help = "pairs of runs, one of each arm; fewer than 6 cannot prove anything" },
    { .name = "aa",
      .kind = OPTION_COUNT,
      .offset = AT(n_aa),
      .value_name = "N",
      .fallback = "2",
      .least = 0,
      .most = CAMPAIGN_PAIRS_MOST / 4,
      .help = "control pairs: the first arm twice, which shows the noise" },
    { .name = "arms",
      .kind = OPTION_TEXT,
      .offset = AT(arms),
      .value_name = "A,B",
      .help = "the two clusters to compare; the scenario's first two by default" },
    { .name = "side-by-side",
      .kind = OPTION_FLAG,
      .offset = AT(is_side_by_side),
      .help = "run both arms at once; cancels drift, but they share the balancer and the generator" },
    { .name = "primary",
      .kind = OPTION_CHOICE,
      .offset = AT(primary),
      .value_name = "METRIC",
      .fallback = "p99",
      .choices = primary_choices,
      .help = "the metric that decides, declared in advance" },
    { .name = "margin",
      .kind = OPTION_REAL,
      .offset = AT(margin_pct),
      .value_name = "PERCENT",
      .fallback = "5",
      .help = "differences up to this count as equivalent" },
    { .name = "until-width",
      .kind = OPTION_TEXT,
      .offset = AT(until_width),
      .value_name = "PERCENT",
      .help = "add pairs until the interval of the primary metric's ratio is this narrow, such as 5%" },
    { .name = "most",
      .kind = OPTION_COUNT,
      .offset = AT(n_most),
      .value_name = "N",
      .fallback = "40",
      .least = 1,
      .most = CAMPAIGN_PAIRS_MOST / 2,
      .help = "with --until-width: give up after so many pairs" },
    { .name = "budget",
      .kind = OPTION_DURATION,
      .offset = AT(budget_ns),
      .value_name = "TIME",
      .help = "with --until-width: give up after that long" },
    { .name = "gap",
      .kind = OPTION_DURATION,
      .offset = AT(gap_ns),
      .value_name = "TIME",
      .fallback = "2s",
      .help = "rest between two runs; in front of an AWS load balancer take 60s" },
    { .name = "resume",
      .kind = OPTION_TEXT,
      .offset = AT(resume),
      .value_name = "FOLDER",
      .help = "go on with an interrupted campaign" },
    { 0 },
};

const struct command campaign_command = {
    .name = "loadgen campaign",
    .synopsis = "SCENARIO [OPTION...]",
    .summary = "Compare two clusters by randomised, interleaved pairs of runs",
    .rows = rows,
    .shared = run_shared_rows,
    .details =
        "Each pair is one run per arm with the same schedule, in random order. The order is written to "
        "campaign.json before the\n"
        "first run; an interrupted campaign goes on with --resume FOLDER. At the end, and at any time with\n"
        "`loadgen analysis compare FOLDER`, stands the comparison.",
};

/* --- what will be done --- */

static int choose_arms(struct campaign *c, const struct campaign_options *o, const struct plan *plan,
                       struct err *e)
{
    char text[2 * PLAN_NAME_BYTES + 2];
    if (!o->arms) {
        if (plan->n_clusters != 2)
            return err_set(e, ERR_INPUT,
                           "the scenario %s has %zu cluster%s; name the two to compare with --arms A,B",
                           plan->name, plan->n_clusters, plan->n_clusters == 1 ? "" : "s");
        memcpy(c->arms[0], plan->clusters[0].name, PLAN_NAME_BYTES);
        memcpy(c->arms[1], plan->clusters[1].name, PLAN_NAME_BYTES);
        return 0;
    }
    const char *comma = strchr(o->arms, ',');
    if (!comma || strlen(o->arms) >= sizeof text || comma == o->arms ||
        (size_t)(comma - o->arms) >= PLAN_NAME_BYTES || strlen(comma + 1) >= PLAN_NAME_BYTES)
        return err_set(e, ERR_INPUT, "--arms must be two clusters such as cluster1,cluster2, not '%s'",
                       o->arms);
    memcpy(c->arms[0], o->arms, (size_t)(comma - o->arms));
    memcpy(c->arms[1], comma + 1, strlen(comma + 1));
    for (int i = 0; i < 2; i++)
        if (plan_find_cluster(plan, c->arms[i]) == plan->n_clusters)
            return err_set(e, ERR_INPUT, "--arms names '%s', which is no cluster of the scenario %s",
                           c->arms[i], plan->name);
    return 0;
}

static int begin(struct campaign *c, struct campaign_options *o, char *folder, size_t folder_bytes,
                 struct err *e)
{
    struct plan plan;
    char name[PLAN_NAME_BYTES + 16];
    int status = plan_from_options(&plan, &o->run, e);

    *c = (struct campaign){ .scenario = strdup(o->run.scenario),
                            .margin = o->margin_pct / 100,
                            .is_side_by_side = o->is_side_by_side };
    c->seed = o->run.has_seed ? o->run.seed : clock_realtime_ns() >> 11;
    snprintf(c->primary, sizeof c->primary, "%s", primary_choices[o->primary]);
    if (status == 0)
        status = choose_arms(c, o, &plan, e);
    snprintf(name, sizeof name, "campaign-%s", plan.name);
    plan_fini(&plan);
    if (status == 0 && (!c->scenario || campaign_draw(c, (uint32_t)o->n_pairs, (uint32_t)o->n_aa)))
        status = err_set(e, ERR_FAILED, "out of memory for the campaign");
    if (status == 0)
        status = run_once_folder(&o->run, name, folder, folder_bytes, e);
    if (status == 0)
        status = files_make_folders(folder, e);
    return status ? -1 : campaign_save(c, folder, e);
}

static int go_on(struct campaign *c, struct campaign_options *o, char *folder, size_t folder_bytes,
                 struct err *e)
{
    if ((size_t)snprintf(folder, folder_bytes, "%s", o->resume) >= folder_bytes)
        return err_set(e, ERR_INPUT, "the path given with --resume is too long");
    if (campaign_load(c, folder, e))
        return -1;
    if (o->run.scenario && strcmp(o->run.scenario, c->scenario) != 0)
        return err_set(e, ERR_INPUT, "the campaign in %s is of the scenario %s, not %s", folder, c->scenario,
                       o->run.scenario);
    o->run.scenario = c->scenario;
    return 0;
}

/* --- doing it --- */

/* One run of a pair: 0 done now or before, 130 stopped, -1 failed. An incomplete folder of an earlier try is
 * made again. */
static int make_run(const struct campaign *c, const struct campaign_options *o,
                    const struct campaign_pair *pair, bool is_b, const char *folder, struct err *e)
{
    char name[CAMPAIGN_NAME_BYTES];
    char path[PATH_MAX];
    struct plan plan;
    struct run_options run = o->run;

    campaign_run_name(c, pair, is_b, name);
    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path)
        return err_set(e, ERR_INPUT, "the path of the campaign is too long");
    if (run_complete(path))
        return EXIT_CODE_DONE;
    if (files_remove_tree(path, e))
        return -1;
    run.only =
        c->is_side_by_side && pair->kind == CAMPAIGN_AB ? NULL : c->arms[is_b && pair->kind == CAMPAIGN_AB];
    run.has_seed = true;
    run.seed = campaign_pair_seed(c, pair);
    run.quiet = true;
    run.allow_invalid = true;
    int code = -1;
    if (plan_from_options(&plan, &run, e) == 0)
        code = run_once(&run, "campaign", &plan, path, e);
    plan_fini(&plan);
    if (code == EXIT_CODE_FAILED)
        code = err_set(e, ERR_FAILED, "no request of the run %s succeeded: its errors.csv says why", path);
    fprintf(stderr, "  %-10s  %-12s  %s\n", name, run.only ? run.only : "both",
            code == 0 || code == EXIT_CODE_THRESHOLD ? "done" : "not done");
    if (code >= 0)
        run_once_rest(o->gap_ns);
    return code == EXIT_CODE_THRESHOLD ? EXIT_CODE_DONE : code;
}

static int make_pair(const struct campaign *c, const struct campaign_options *o,
                     const struct campaign_pair *pair, const char *folder, struct err *e)
{
    const bool is_one_run = c->is_side_by_side && pair->kind == CAMPAIGN_AB;
    int code = make_run(c, o, pair, pair->b_is_first && !is_one_run, folder, e);
    if (code == EXIT_CODE_DONE && !is_one_run && !run_once_is_stopped())
        code = make_run(c, o, pair, !pair->b_is_first, folder, e);
    return run_once_is_stopped() ? EXIT_CODE_INTERRUPTED : code;
}

static int make_all(const struct campaign *c, const struct campaign_options *o, size_t from,
                    const char *folder, struct err *e)
{
    for (size_t i = from; i < c->n_pairs; i++) {
        const int code = make_pair(c, o, &c->pairs[i], folder, e);
        if (code != EXIT_CODE_DONE)
            return code;
    }
    return EXIT_CODE_DONE;
}

/* Adds pairs, an AB and a BA at a time, until the interval is narrow enough or the budget is spent. */
static int narrow_down(struct campaign *c, const struct campaign_options *o, uint64_t start_ns,
                       const char *folder, struct err *e)
{
    struct comparison_width width;
    while (comparison_read_width(folder, c->primary, &width, e) == 0) {
        const size_t n = campaign_count(c, CAMPAIGN_AB);
        if (width.is_known && width.relative <= o->width)
            return EXIT_CODE_DONE;
        if (n + 2 > o->n_most || (o->budget_ns > 0 && clock_monotonic_ns() - start_ns >= o->budget_ns)) {
            fprintf(stderr,
                    "  the interval is %.1f %% wide after %zu pairs, wider than the %.1f %% asked for\n",
                    100 * width.relative, n, 100 * o->width);
            return EXIT_CODE_DONE;
        }
        const size_t from = c->n_pairs;
        if (campaign_draw(c, 2, 0))
            return err_set(e, ERR_FAILED, "out of memory for the campaign");
        if (campaign_save(c, folder, e))
            return -1;
        const int code = make_all(c, o, from, folder, e);
        if (code != EXIT_CODE_DONE)
            return code;
    }
    return -1;
}

static int carry_out(struct campaign *c, struct campaign_options *o, struct err *e)
{
    char folder[PATH_MAX];
    const uint64_t start_ns = clock_monotonic_ns();

    if (o->resume ? go_on(c, o, folder, sizeof folder, e) : begin(c, o, folder, sizeof folder, e))
        return -1;
    fprintf(stderr, "campaign  %s  %s against %s  %zu pairs and %zu control pairs  seed %llu\n", folder,
            c->arms[0], c->arms[1], campaign_count(c, CAMPAIGN_AB), campaign_count(c, CAMPAIGN_AA),
            (unsigned long long)c->seed);
    int code = make_all(c, o, 0, folder, e);
    if (code == EXIT_CODE_DONE && o->width > 0)
        code = narrow_down(c, o, start_ns, folder, e);
    if (code == EXIT_CODE_INTERRUPTED)
        fprintf(stderr, "interrupted; `loadgen campaign --resume %s` goes on\n", folder);
    if (code != EXIT_CODE_DONE)
        return code;
    return comparison_print(folder, e);
}

static int check_options(struct campaign_options *o, const struct options_result *given, struct err *e)
{
    if (given->n_positional > 1 || (given->n_positional == 0 && !o->resume))
        return err_set(e, ERR_INPUT, "give one scenario, such as `loadgen campaign tp1`, or --resume FOLDER");
    o->run.scenario = given->n_positional ? given->positional[0] : NULL;
    o->run.has_seed = options_given(&campaign_command, given, "seed");
    if (o->margin_pct <= 0 || o->margin_pct >= 100)
        return err_set(e, ERR_INPUT, "--margin must be a percentage above 0 and below 100");
    if (o->until_width) {
        char number[32];
        const size_t length = strcspn(o->until_width, "%");
        snprintf(number, sizeof number, "%.*s", length < 31 ? (int)length : 31, o->until_width);
        if (units_parse_real(number, &o->width) || o->width <= 0 || o->width >= 100)
            return err_set(e, ERR_INPUT, "--until-width must be a percentage such as 5%%, not '%s'",
                           o->until_width);
        o->width /= 100;
    }
    return 0;
}

int cmd_campaign(int argc, char *const argv[], struct err *e)
{
    /* What runs show of their settings is in the words of `loadgen run`, of which nothing was given. */
    struct campaign_options o = { .run = { .command = &run_command } };
    struct options_result given;
    struct campaign c = { 0 };
    int code = -1;

    run_once_catch_signals();
    if (options_parse(&campaign_command, &o, argc, argv, &given, e) == 0 && check_options(&o, &given, e) == 0)
        code = carry_out(&c, &o, e);
    campaign_fini(&c);
    options_fini(&campaign_command, &o, &given);
    return code;
}
