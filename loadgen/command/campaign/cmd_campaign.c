/* `loadgen campaign`: plans it, makes the runs, compares them. */
#include "campaign.h"
#include "campaign_compare.h"
#include "campaign_course.h"
#include "campaign_line.h"
#include "campaign_lock.h"
#include "campaign_metrics.h"
#include "campaign_options.h"
#include "clock.h"
#include "err.h"
#include "exit_code.h"
#include "fnv.h"
#include "given_words.h"
#include "loadgen_commands.h"
#include "plan.h"
#include "results_folder.h"
#include "run_member.h"
#include "run_watch.h"
#include "stop.h"
#include "term.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int choose_arms(struct campaign *c, const struct campaign_options *o, const struct plan *plan,
                       struct err *e)
{
    if (!o->arms || o->run.n_arms > 0) {
        if (plan->n_clusters != 2)
            return err_set(e, ERR_INPUT,
                           "the scenario %s has %zu cluster%s; name the two to compare with --arms A,B",
                           plan->name, plan->n_clusters, plan->n_clusters == 1 ? "" : "s");
        memcpy(c->arms[0], plan->clusters[0].name, PLAN_NAME_BYTES);
        memcpy(c->arms[1], plan->clusters[1].name, PLAN_NAME_BYTES);
        return 0;
    }
    if (campaign_options_split_arms(o, c->arms, e))
        return -1;
    for (int i = 0; i < 2; i++)
        if (plan_find_cluster(plan, c->arms[i]) == plan->n_clusters)
            return err_set(e, ERR_INPUT, "--arms names '%s', which is no cluster of the scenario %s",
                           c->arms[i], plan->name);
    return 0;
}

/* --- a new campaign --- */

static uint32_t scenario_fnv(const struct plan *plan)
{
    if (!plan->scenario_text)
        return 0;
    return fnv_hash(plan->scenario_text, strlen(plan->scenario_text));
}

static uint32_t n_generators_of(const struct run_options *o)
{
    return o->maker ? o->maker->n_generators : 1;
}

static int draw(struct campaign *c, const struct campaign_options *o, const struct plan *plan, struct err *e)
{
    c->n_subjects = o->run.n_arms > 0 ? 2 : 1;
    for (size_t i = 0; i < c->n_subjects; i++)
        c->subjects[i] = strdup(o->run.n_arms > 0 ? o->run.arms[i].url : o->run.scenario);
    c->scenario_fnv = scenario_fnv(plan);
    c->margin = o->margin_pct / 100;
    c->is_side_by_side = o->is_side_by_side;
    c->n_generators = n_generators_of(&o->run);
    c->seed = o->run.has_seed ? o->run.seed : plan_draw_seed();
    snprintf(c->primary, sizeof c->primary, "%s", campaign_primaries[o->primary]);
    if (choose_arms(c, o, plan, e))
        return -1;
    if (!c->subjects[0] || !c->subjects[c->n_subjects - 1] ||
        campaign_draw(c, (uint32_t)o->n_pairs, (uint32_t)o->n_aa))
        return err_set(e, ERR_FAILED, "out of memory for the campaign");
    return 0;
}

static int begin(struct campaign *c, const struct campaign_options *o, char plan_name[static PLAN_NAME_BYTES],
                 struct err *e)
{
    struct plan plan;
    const int status = plan_from_options(&plan, &o->run, e) || draw(c, o, &plan, e) ? -1 : 0;
    memcpy(plan_name, plan.name, PLAN_NAME_BYTES);
    plan_fini(&plan);
    return status;
}

/* --- a resumed campaign --- */

static int check_scenario(const struct campaign *c, const struct campaign_options *o, struct err *e)
{
    struct plan plan;
    int status = plan_from_options(&plan, &o->run, e);
    if (status == 0 && scenario_fnv(&plan) != c->scenario_fnv)
        status = err_set(e, ERR_INPUT,
                         "the scenario %s has changed since the campaign began: its runs would not compare",
                         c->subjects[0]);
    plan_fini(&plan);
    return status;
}

static int check_generators(const struct campaign *c, const struct run_options *o, struct err *e)
{
    const uint32_t n = n_generators_of(o);
    if (n == c->n_generators)
        return 0;
    return err_set(
        e, ERR_INPUT,
        "the campaign began with %u generator%s and cannot go on with %u: its runs would not compare",
        c->n_generators, c->n_generators == 1 ? "" : "s", n);
}

/* Takes the campaign's folder and reads its plan. The descriptor holds the folder, or is -1. */
static int resume(struct campaign *c, struct campaign_line *line, char folder[static PATH_MAX], int argc,
                  char *const argv[], struct err *e)
{
    if ((size_t)snprintf(folder, PATH_MAX, "%s", line->options.resume) >= PATH_MAX)
        return err_set(e, ERR_INPUT, "the path given with --resume is too long");
    if (campaign_options_check_resume(line->begin->parsed, &line->given, e))
        return -1;
    const int lock = campaign_lock(folder, e);
    if (lock >= 0 && (campaign_load(c, folder, e) || check_generators(c, line->begin, e) ||
                      campaign_line_parse_again(line, c, argc, argv, e))) {
        close(lock);
        return -1;
    }
    return lock;
}

/* --- doing it --- */

/* "   HTTP/2, 8 connections of 16 streams": the arms have as many requests at once, not as many connections.
 */
static void announce_version(const struct campaign_course *x, size_t arm)
{
    const struct run_options *o = &x->o->run;
    const bool is_http2 = o->arms[arm].http != PLAN_HTTP_1;
    const uint64_t n = x->n_connections[arm];
    fprintf(stderr, "   HTTP/%s, %llu connection%s", is_http2 ? "2" : "1.1", (unsigned long long)n,
            n == 1 ? "" : "s");
    if (is_http2 && o->streams_per_connection > 1)
        fprintf(stderr, " of %llu streams", (unsigned long long)o->streams_per_connection);
}

static void announce(const struct campaign_course *x)
{
    const struct campaign *c = x->c;
    const size_t n_ab = campaign_count(c, CAMPAIGN_AB);
    const size_t n_aa = campaign_count(c, CAMPAIGN_AA);
    const int width =
        (int)(strlen(c->arms[0]) > strlen(c->arms[1]) ? strlen(c->arms[0]) : strlen(c->arms[1]));
    fprintf(stderr, "campaign  %s against %s%s\n", c->arms[0], c->arms[1],
            c->is_side_by_side ? " side by side" : "");
    if (*x->folder) {
        fputs("  ", stderr);
        term_name(stderr, x->folder);
        fputs("\n", stderr);
    }
    for (size_t i = 0; i < c->n_subjects && c->n_subjects > 1; i++) {
        fprintf(stderr, "  %-*s  ", width, c->arms[i]);
        term_name(stderr, c->subjects[i]);
        if (x->o->run.arms[i].has_http)
            announce_version(x, i);
        fputs("\n", stderr);
    }
    fprintf(stderr, "  %zu pair%s and %zu control pair%s, seed %llu%s\n", n_ab, n_ab == 1 ? "" : "s", n_aa,
            n_aa == 1 ? "" : "s", (unsigned long long)c->seed, *x->folder ? "" : "; a dry run");
    campaign_time_print(stderr, &x->time, c);
    if (c->width > 0)
        fprintf(stderr, "  then more pairs, %llu in all at most, until the interval is %s wide\n",
                (unsigned long long)x->o->n_most, x->o->until_width);
    if (n_ab < CAMPAIGN_PAIRS_LEAST)
        fprintf(stderr, "  fewer than %d pairs: the result will be a description, not a decision\n",
                CAMPAIGN_PAIRS_LEAST);
    if (n_aa >= CAMPAIGN_CONTROLS_LEAST)
        fprintf(stderr, "  control pairs run %s twice: what differs there is noise\n", c->arms[0]);
    else
        fprintf(stderr, "  fewer than %d control pairs: what differs besides the arms will not show\n",
                CAMPAIGN_CONTROLS_LEAST);
}

/* What may be secret is not in campaign.json and must be given again. */
static void report_interrupted(const struct campaign_course *x)
{
    fprintf(stderr, "interrupted; `%s --resume ", x->o->run.parsed->name);
    term_word(stderr, x->folder);
    for (char *const *word = x->c->words; *word; word++) {
        const char *secret = strstr(*word, "=(given)");
        if (secret && strncmp(*word, "--", 2) == 0)
            fprintf(stderr, " %.*s=...", (int)(secret - *word), *word);
    }
    fputs("` continues\n", stderr);
}

/* The exit code of the comparison, or that of --strict. */
static int compare(const struct campaign_course *x, struct err *e)
{
    size_t n_invalid;
    const int code = campaign_compare_print(x->folder, x->o->run.json, e);
    if (code != EXIT_CODE_DONE || !x->o->run.strict)
        return code;
    if (campaign_course_count_invalid(x, &n_invalid, e))
        return -1;
    if (n_invalid > 0)
        fprintf(stderr, "  --strict: %zu run%s a number that may be loadgen's own doing\n", n_invalid,
                n_invalid == 1 ? " has" : "s have");
    return n_invalid > 0 ? EXIT_CODE_INVALID : EXIT_CODE_DONE;
}

static int make(struct campaign_course *x, struct err *e)
{
    const uint64_t start_ns = clock_monotonic_ns();
    int code = campaign_course_make(x, 0, e);
    if (code == EXIT_CODE_DONE && x->c->width > 0)
        code = campaign_course_narrow(x, start_ns, e);
    if (code == EXIT_CODE_DONE) {
        campaign_metrics_fetch(x->c, x->folder);
        code = stop_is_asked() ? EXIT_CODE_INTERRUPTED : compare(x, e);
    }
    if (code == EXIT_CODE_INTERRUPTED)
        report_interrupted(x);
    if (!x->o->run.json && (code == EXIT_CODE_DONE || code == EXIT_CODE_INVALID)) {
        fputs("  results      ", stdout);
        term_next(stdout, x->folder, "loadgen analysis report");
    }
    return code;
}

static int make_folder(const struct campaign_options *o, const char *plan_name, char folder[static PATH_MAX],
                       struct err *e)
{
    char name[PLAN_NAME_BYTES + 16];
    snprintf(name, sizeof name, "campaign-%s", plan_name);
    if (results_folder_of(o->run.out_folder, name, folder, PATH_MAX, e))
        return -1;
    return campaign_lock(folder, e);
}

/* Everything but the runs: nothing is sent or created before all of it has been checked. */
static int prepare(struct campaign *c, struct campaign_line *line, char plan_name[static PLAN_NAME_BYTES],
                   struct err *e)
{
    struct campaign_options *o = &line->options;
    if (campaign_options_check(o, &line->given, e) ||
        given_words_init(&line->words, o->run.parsed, o, &line->given, e) ||
        (o->resume ? check_scenario(c, o, e) : begin(c, o, plan_name, e)))
        return -1;
    c->words = line->words.words;
    c->width = o->width;
    return 0;
}

static int carry_out(struct campaign *c, struct campaign_line *line, int argc, char *const argv[],
                     struct err *e)
{
    char folder[PATH_MAX] = "", plan_name[PLAN_NAME_BYTES];
    struct campaign_course x = { .c = c, .o = &line->options, .folder = folder };
    const bool is_resumed = line->options.resume != NULL;
    int lock = is_resumed ? resume(c, line, folder, argc, argv, e) : -1;
    int code = is_resumed && lock < 0 ? -1 : prepare(c, line, plan_name, e);
    if (code == 0)
        code = campaign_course_init(&x, e);
    if (code == 0 && !line->options.is_dry_run)
        code = run_watch_open(&line->options.run, e);
    if (code == 0 && !is_resumed && !line->options.is_dry_run)
        code = (lock = make_folder(&line->options, plan_name, folder, e)) < 0 ? -1 : 0;
    if (code == 0)
        announce(&x);
    if (code == 0 && !line->options.is_dry_run)
        code = campaign_save(c, folder, e) ? -1 : make(&x, e);
    if (code < 0)
        bill_add(&x.bill, e);
    else if (!line->options.is_dry_run)
        bill_print(&x.bill, stderr);
    run_watch_close(&line->options.run);
    if (lock >= 0)
        close(lock);
    return code;
}

int cmd_campaign_from(const struct run_options *begin, int argc, char *const argv[], struct err *e)
{
    struct campaign_line line = { .begin = begin };
    struct campaign c = { 0 };
    stop_catch();
    const int code = campaign_line_parse(&line, argc, argv, e) ? -1 : carry_out(&c, &line, argc, argv, e);
    campaign_line_fini(&line);
    campaign_fini(&c);
    return code;
}

int cmd_campaign(int argc, char *const argv[], struct err *e)
{
    /* The settings that runs record are those of `loadgen run`. */
    const struct run_options begin = { .command = &run_command, .parsed = &campaign_command };
    return cmd_campaign_from(&begin, argc, argv, e);
}
