#include "campaign.h"
#include "campaign_compare.h"
#include "campaign_metrics.h"
#include "campaign_options.h"
#include "campaign_time.h"
#include "clock.h"
#include "err.h"
#include "exit_code.h"
#include "files.h"
#include "given_words.h"
#include "loadgen_commands.h"
#include "results_folder.h"
#include "run_complete.h"
#include "run_once.h"
#include "stop.h"
#include "term.h"
#include "units.h"
#include "utf8.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

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
    c->seed = o->run.has_seed ? o->run.seed : plan_draw_seed();
    snprintf(c->primary, sizeof c->primary, "%s", campaign_primaries[o->primary]);
    if (status == 0)
        status = choose_arms(c, o, &plan, e);
    snprintf(name, sizeof name, "campaign-%s", plan.name);
    plan_fini(&plan);
    if (status == 0 && (!c->scenario || campaign_draw(c, (uint32_t)o->n_pairs, (uint32_t)o->n_aa)))
        status = err_set(e, ERR_FAILED, "out of memory for the campaign");
    if (status == 0)
        status = results_folder_of(o->run.out_folder, name, folder, folder_bytes, e);
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

/* A campaign in progress. */
struct course {
    struct campaign *c;
    const struct campaign_options *o;
    const struct given_words *given;
    const char *folder;
    struct campaign_time time;
};

static int run_path(const struct course *x, const struct campaign_pair *pair, bool is_b, char *path,
                    struct err *e)
{
    char name[CAMPAIGN_NAME_BYTES];
    campaign_run_name(x->c, pair, is_b, name);
    if ((size_t)snprintf(path, PATH_MAX, "%s/%s", x->folder, name) >= PATH_MAX)
        return err_set(e, ERR_INPUT, "the path of the campaign is too long");
    return 0;
}

static const char *only_of(const struct campaign *c, const struct campaign_pair *pair, bool is_b)
{
    const bool is_ab = pair->kind == CAMPAIGN_AB;
    return c->is_side_by_side && is_ab ? NULL : c->arms[is_b && is_ab];
}

static void report_run(const struct course *x, const struct campaign_pair *pair, bool is_b, bool is_done)
{
    char name[CAMPAIGN_NAME_BYTES], left[UNITS_TEXT_BYTES];
    const char *only = only_of(x->c, pair, is_b);
    const uint64_t left_ns = campaign_time_left_ns(&x->time);
    campaign_run_name(x->c, pair, is_b, name);
    fprintf(stderr, "  %-10s  %-12s  %s", name, only ? only : "both", is_done ? "done" : "not done");
    if (is_done && left_ns > 0)
        fprintf(stderr, "   about %s to go", units_duration_text(left_ns, left));
    fputs("\n", stderr);
}

static int run_now(const struct course *x, const struct campaign_pair *pair, bool is_b,
                   char path[static PATH_MAX], struct err *e)
{
    struct plan plan;
    struct run_options run = x->o->run;
    run.only = only_of(x->c, pair, is_b);
    run.has_seed = true;
    run.seed = campaign_pair_seed(x->c, pair);
    run.quiet = true;
    run.allow_invalid = run.allow_missed = true;
    const int code =
        plan_from_options(&plan, &run, e) == 0 ? run_once(&run, x->given->words, &plan, path, e) : -1;
    plan_fini(&plan);
    if (code == EXIT_CODE_FAILED)
        return err_set(e, ERR_FAILED, "no request of the run %s succeeded: its errors.csv says why", path);
    return code == EXIT_CODE_THRESHOLD ? EXIT_CODE_DONE : code;
}

static void report_again(const char *path, const struct err *why)
{
    fputs("  ", stderr);
    utf8_print(stderr, path);
    fputs(" is run again: ", stderr);
    utf8_print(stderr, why->text);
    fputs("\n", stderr);
}

/* One run of a pair: 0 done now or before, 130 stopped, -1 failed. An incomplete folder of an earlier attempt
 * is replaced. */
static int make_run(struct course *x, const struct campaign_pair *pair, bool is_b, struct err *e)
{
    char path[PATH_MAX];
    struct err why;
    if (run_path(x, pair, is_b, path, e))
        return -1;
    if (run_complete(path, &why))
        return EXIT_CODE_DONE;
    if (why.kind != ERR_NONE)
        report_again(path, &why);
    if (files_remove_tree(path, e))
        return -1;
    if (x->time.n_made > 0)
        stop_rest(x->o->gap_ns);
    if (stop_is_asked())
        return EXIT_CODE_INTERRUPTED;
    const uint64_t start_ns = clock_monotonic_ns();
    const int code = run_now(x, pair, is_b, path, e);
    x->time.made_ns += clock_monotonic_ns() - start_ns + x->o->gap_ns;
    x->time.n_made++;
    x->time.n_done += code == EXIT_CODE_DONE;
    report_run(x, pair, is_b, code == EXIT_CODE_DONE);
    return code;
}

static int make_pair(struct course *x, const struct campaign_pair *pair, struct err *e)
{
    const bool is_one_run = x->c->is_side_by_side && pair->kind == CAMPAIGN_AB;
    int code = make_run(x, pair, pair->b_is_first && !is_one_run, e);
    if (code == EXIT_CODE_DONE && !is_one_run && !stop_is_asked())
        code = make_run(x, pair, !pair->b_is_first, e);
    return stop_is_asked() ? EXIT_CODE_INTERRUPTED : code;
}

static int make_all(struct course *x, size_t from, struct err *e)
{
    x->time.n_runs = campaign_time_runs(x->c);
    for (size_t i = from; i < x->c->n_pairs; i++) {
        const int code = make_pair(x, &x->c->pairs[i], e);
        if (code != EXIT_CODE_DONE)
            return code;
    }
    return EXIT_CODE_DONE;
}

static void report_width(const struct campaign_compare_width *width, size_t n_pairs, double wanted)
{
    if (width->is_known)
        fprintf(stderr, "  the interval is %.1f %% wide after %zu pairs, wider than the %.1f %% asked for\n",
                100 * width->relative, n_pairs, 100 * wanted);
    else
        fprintf(stderr, "  there is no interval after %zu pairs: make the runs longer, or more of them\n",
                n_pairs);
}

/* Adds pairs, an AB and a BA at a time, until the interval is narrow enough or the budget is spent. */
static int narrow_down(struct course *x, uint64_t start_ns, struct err *e)
{
    struct campaign *c = x->c;
    const struct campaign_options *o = x->o;
    struct campaign_compare_width width;
    while (campaign_compare_read_width(x->folder, c->primary, &width, e) == 0) {
        const size_t n = campaign_count(c, CAMPAIGN_AB);
        if (n >= CAMPAIGN_WIDTH_PAIRS_LEAST && width.is_known && width.relative <= o->width)
            return EXIT_CODE_DONE;
        if (n + 2 > o->n_most || (o->budget_ns > 0 && clock_monotonic_ns() - start_ns >= o->budget_ns)) {
            report_width(&width, n, o->width);
            return EXIT_CODE_DONE;
        }
        const size_t from = c->n_pairs;
        if (campaign_draw(c, 2, 0))
            return err_set(e, ERR_FAILED, "out of memory for the campaign");
        if (campaign_save(c, x->folder, e))
            return -1;
        const int code = make_all(x, from, e);
        if (code != EXIT_CODE_DONE)
            return code;
    }
    return -1;
}

static int find_lengths(struct course *x, struct err *e)
{
    for (int i = 0; i < 2; i++) {
        struct plan plan;
        struct run_options run = x->o->run;
        run.only = x->c->is_side_by_side ? NULL : x->c->arms[i];
        const int status = plan_from_options(&plan, &run, e);
        if (status == 0)
            x->time.arms[i] = plan_length(&plan);
        plan_fini(&plan);
        if (status)
            return -1;
    }
    return 0;
}

static int count_done(struct course *x, struct err *e)
{
    x->time.n_runs = campaign_time_runs(x->c);
    for (size_t i = 0; i < x->c->n_pairs; i++)
        for (int is_b = 0; is_b < (only_of(x->c, &x->c->pairs[i], false) ? 2 : 1); is_b++) {
            char path[PATH_MAX];
            struct err why;
            if (run_path(x, &x->c->pairs[i], is_b, path, e))
                return -1;
            x->time.n_done += run_complete(path, &why);
        }
    return 0;
}

static void announce(const struct course *x)
{
    const struct campaign *c = x->c;
    const size_t n_ab = campaign_count(c, CAMPAIGN_AB);
    const size_t n_aa = campaign_count(c, CAMPAIGN_AA);
    fputs("campaign  ", stderr);
    term_name(stderr, x->folder);
    fprintf(stderr, "  %s against %s  %zu pair%s and %zu control pair%s  seed %llu\n", c->arms[0], c->arms[1],
            n_ab, n_ab == 1 ? "" : "s", n_aa, n_aa == 1 ? "" : "s", (unsigned long long)c->seed);
    campaign_time_print(stderr, &x->time, c);
    if (x->o->width > 0)
        fprintf(stderr, "  then more pairs, %llu in all at most, until the interval is %s wide\n",
                (unsigned long long)x->o->n_most, x->o->until_width);
}

static int carry_out(struct campaign *c, struct campaign_options *o, const struct given_words *given,
                     struct err *e)
{
    char folder[PATH_MAX];
    const uint64_t start_ns = clock_monotonic_ns();
    struct course x = { .c = c, .o = o, .given = given, .folder = folder, .time.gap_ns = o->gap_ns };

    if ((o->resume ? go_on(c, o, folder, sizeof folder, e) : begin(c, o, folder, sizeof folder, e)) ||
        find_lengths(&x, e) || count_done(&x, e))
        return -1;
    announce(&x);
    int code = make_all(&x, 0, e);
    if (code == EXIT_CODE_DONE && o->width > 0)
        code = narrow_down(&x, start_ns, e);
    if (code == EXIT_CODE_DONE) {
        campaign_metrics_fetch(c, folder);
        code = stop_is_asked() ? EXIT_CODE_INTERRUPTED : campaign_compare_print(folder, e);
    }
    if (code == EXIT_CODE_INTERRUPTED) {
        fputs("interrupted; `loadgen campaign --resume ", stderr);
        term_word(stderr, folder);
        fputs("` goes on\n", stderr);
    }
    if (code == EXIT_CODE_DONE) {
        fputs("  results      ", stdout);
        term_next(stdout, folder, "loadgen analysis report");
    }
    return code;
}

int cmd_campaign(int argc, char *const argv[], struct err *e)
{
    /* The settings that runs record are those of `loadgen run`. */
    struct campaign_options o = { .run = { .command = &run_command } };
    struct options_result given;
    struct given_words words = { 0 };
    struct campaign c = { 0 };
    int code = -1;

    stop_catch();
    if (options_parse(&campaign_command, &o, argc, argv, &given, e) == 0 &&
        campaign_options_check(&o, &given, e) == 0 &&
        given_words_init(&words, &campaign_command, &o, &given, e) == 0)
        code = carry_out(&c, &o, &words, e);
    campaign_fini(&c);
    given_words_fini(&words);
    options_fini(&campaign_command, &o, &given);
    return code;
}
