#include "bill.h"
#include "clock.h"
#include "err.h"
#include "exit_code.h"
#include "files.h"
#include "given_words.h"
#include "loadcurve.h"
#include "loadgen_commands.h"
#include "plan.h"
#include "results_folder.h"
#include "run_once.h"
#include "run_options.h"
#include "run_watch.h"
#include "stop.h"
#include "sweep_json.h"
#include "sweep_options.h"
#include "sweep_plan.h"
#include "sweep_step.h"
#include "term.h"
#include "units.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { STEPS_MOST = 200, RUN_NAME_BYTES = 64 };
#define RATE_LEAST_PER_S 1.0 /* the search goes no further down */

/* A sweep in progress. */
struct sweep {
    const struct sweep_options *options;
    const struct given_words *given;
    const char *folder;
    struct csv_writer curve;
    struct sweep_json json;
    FILE *out; /* for people; stdout belongs to --json */
    size_t n_runs;
    bool is_invalid; /* loadgen ended the search on a cluster, or, with --strict, made any number invalid */
};

/* The search on one cluster: the highest rate that held and the lowest that did not. */
struct search {
    const char *cluster;
    const char *name; /* for people: the cluster, or the URL */
    const char *target;
    double good, bad;
    bool has_answered;       /* so that a later step without an answer says only that the rate is too high */
    bool is_generator_limit; /* the lowest that did not failed because of the generator */
    enum sweep_result limit; /* why the lowest did not hold */
};

/* Runs a cluster at one rate into its folder within the sweep's. Returns run_once's code. */
static int run_step(struct sweep *w, const char *cluster, double rate_per_s, const char *name, struct err *e)
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", w->folder, name) >= sizeof path)
        return err_set(e, ERR_INPUT, "the path of the sweep is too long");
    const struct sweep_step step = { .cluster = cluster, .rate_per_s = rate_per_s };
    const int code = sweep_step_make(w->options, &step, w->given->words, path, e);
    w->n_runs += code >= 0;
    return code;
}

static void print_step(FILE *out, const struct loadcurve_point *point)
{
    char offered[UNITS_TEXT_BYTES], answered[UNITS_TEXT_BYTES], p99[UNITS_TEXT_BYTES];
    const struct step_judged *step = &point->step;
    fprintf(out, "  %-12s  %7s/s   good %7s/s   p99 %9s%s   %s\n", point->cluster,
            units_number_text(point->offered_per_s, offered), units_number_text(step->rate_per_s, answered),
            attempt_time_text(point->p99, p99), claim_mark(step->levels[CLAIM_P99]),
            step->n_ok > 0 ? sweep_result_words(step->result) : "no request succeeded");
    fflush(out);
}

/* Runs one step. -1 failed, EXIT_CODE_INTERRUPTED stopped, else 0 and how it ended. */
static int make_step(struct sweep *w, struct search *s, double rate_per_s, bool is_again,
                     enum sweep_result *result, struct err *e)
{
    char name[RUN_NAME_BYTES];
    struct loadcurve_point point = { .cluster = s->cluster, .offered_per_s = rate_per_s };

    if (stop_is_asked())
        return EXIT_CODE_INTERRUPTED;
    snprintf(name, sizeof name, "%.32s-%.10g%s", s->cluster, rate_per_s, is_again ? "-again" : "");
    const int code = run_step(w, s->cluster, rate_per_s, name, e);
    if (code < 0 || code == EXIT_CODE_INTERRUPTED)
        return code;
    w->is_invalid |= w->options->run.strict && code == EXIT_CODE_INVALID;
    if (loadcurve_add(&w->curve, w->folder, name, &point, e))
        return -1;
    s->has_answered |= point.step.n_ok > 0;
    if (!s->has_answered)
        return err_set(e, ERR_FAILED, "no request of the run %s/%s succeeded: its errors.csv says why",
                       w->folder, name);
    print_step(w->out, &point);
    sweep_json_step(&w->json, &point, name);
    *result = point.step.result;
    run_rest(&w->options->run, w->options->gap_ns);
    return EXIT_CODE_DONE;
}

/* --- all steps of a cluster --- */

/* A step that says nothing about the target, perhaps because of a passing disturbance, is made once more. */
static int try_rate(struct sweep *w, struct search *s, double rate_per_s, struct err *e)
{
    enum sweep_result result = SWEEP_GENERATOR;
    int code = EXIT_CODE_DONE;
    for (int i = 0; i < 2 && result == SWEEP_GENERATOR && code == EXIT_CODE_DONE; i++)
        code = make_step(w, s, rate_per_s, i > 0, &result, e);
    if (code != EXIT_CODE_DONE)
        return code;
    *(result == SWEEP_HELD ? &s->good : &s->bad) = rate_per_s;
    if (result != SWEEP_HELD) {
        s->is_generator_limit = result == SWEEP_GENERATOR;
        s->limit = result;
    }
    return EXIT_CODE_DONE;
}

static void print_found(FILE *out, const struct search *s)
{
    char good[UNITS_TEXT_BYTES];
    char bad[UNITS_TEXT_BYTES];
    units_number_text(s->good, good);
    units_number_text(s->bad, bad);
    if (s->bad > 0 && s->is_generator_limit && s->good == 0)
        fprintf(out, "nothing is known of %s: loadgen was the limit at the first rate, %s/s\n", s->name, bad);
    else if (s->bad > 0 && s->is_generator_limit)
        fprintf(out, "%s sustains at least %s/s; at %s/s loadgen was the limit\n", s->name, good, bad);
    else if (s->good == 0)
        fprintf(out, "%s does not sustain %s/s\n", s->name, bad);
    else if (s->bad == 0)
        fprintf(out, "%s sustains at least %s/s; --to ended the search\n", s->name, good);
    else
        fprintf(out, "%s sustains %s/s, but not %s/s\n", s->name, good, bad);
}

/* Up from the first rate until one does not hold; --to is tried, too. */
static int go_up(struct sweep *w, struct search *s, struct err *e)
{
    const struct sweep_options *o = w->options;
    double rate = o->from_per_s;
    int code = EXIT_CODE_DONE;
    for (int i = 0;
         i < STEPS_MOST && s->bad == 0 && rate <= o->to_per_s * (1 + 1e-9) && code == EXIT_CODE_DONE; i++) {
        code = try_rate(w, s, rate, e);
        rate = rate < o->to_per_s ? fmin(rate * o->factor, o->to_per_s) : rate * o->factor;
    }
    return code;
}

/* Down from the first rate, if that did not hold, until one does. */
static int go_down(struct sweep *w, struct search *s, struct err *e)
{
    int code = EXIT_CODE_DONE;
    while (s->good == 0 && !s->is_generator_limit && s->bad / w->options->factor >= RATE_LEAST_PER_S &&
           code == EXIT_CODE_DONE)
        code = try_rate(w, s, s->bad / w->options->factor, e);
    return code;
}

static int sweep_cluster(struct sweep *w, const struct search *which, struct err *e)
{
    const struct sweep_options *o = w->options;
    struct search s = *which;
    int code = go_up(w, &s, e);
    if (code == EXIT_CODE_DONE && o->may_go_down)
        code = go_down(w, &s, e);
    for (uint64_t i = 0; i < o->n_refine && s.good > 0 && s.bad > 0 && code == EXIT_CODE_DONE; i++)
        code = try_rate(w, &s, (s.good + s.bad) / 2, e);
    if (code == EXIT_CODE_DONE)
        print_found(w->out, &s);
    sweep_json_cluster(&w->json,
                       &(struct sweep_found){ .cluster = s.cluster,
                                              .target = s.target,
                                              .good = s.good,
                                              .bad = s.bad,
                                              .limit = s.bad > 0 ? sweep_result_name(s.limit) : NULL });
    w->is_invalid |= s.bad > 0 && s.is_generator_limit;
    return code;
}

/* Where the cluster's streams go; NULL: they differ. */
static const char *target_of(const struct plan *plan, const char *cluster)
{
    const char *target = NULL;
    for (size_t i = 0; i < plan->n_streams; i++) {
        const char *url = plan_target_of(plan, &plan->streams[i])->url;
        if (!url || strcmp(plan->streams[i].cluster, cluster) != 0)
            continue;
        if (target && strcmp(target, url) != 0)
            return NULL;
        target = url;
    }
    return target;
}

static int sweep_all(struct sweep *w, const struct plan *plan, struct err *e)
{
    const char *only = w->options->run.only;
    const bool has_names = w->options->run.scenario != NULL;
    struct err closing;
    int code = EXIT_CODE_DONE;
    if (loadcurve_create(&w->curve, w->folder, e))
        return -1;
    for (size_t i = 0; i < plan->n_clusters && code == EXIT_CODE_DONE; i++)
        if (!only || strcmp(only, plan->clusters[i].name) == 0) {
            const char *cluster = plan->clusters[i].name, *target = target_of(plan, cluster);
            code = sweep_cluster(w,
                                 &(struct search){ .cluster = cluster,
                                                   .name = has_names ? cluster : target,
                                                   .target = target },
                                 e);
        }
    if (csv_close(&w->curve, &closing) && code >= 0) {
        *e = closing;
        code = -1;
    }
    if (code < 0 && w->n_runs == 0)
        files_remove_tree(w->folder, &closing); /* it could not begin */
    if (code >= 0 && w->options->run.json) {
        if (sweep_json_print(&w->json, w->options, w->folder, code == EXIT_CODE_DONE, e))
            code = -1;
    } else if (code >= 0) {
        fputs("results  ", stdout);
        term_next(stdout, w->folder, "loadgen analysis report");
    }
    return code == EXIT_CODE_DONE && w->is_invalid ? EXIT_CODE_INVALID : code;
}

/* At least one step of each cluster. */
static struct plan_length least_length(const struct sweep_options *o, const struct plan *plan)
{
    return (struct plan_length){ .ns = plan->n_clusters * (o->warmup_ns + o->duration_ns + o->gap_ns),
                                 .is_least = true };
}

static int carry_out(const struct sweep_options *o, const struct given_words *given, struct err *e)
{
    char folder[PATH_MAX];
    char name[PLAN_NAME_BYTES + 8];
    struct sweep sweep = {
        .options = o, .given = given, .folder = folder, .out = o->run.json ? stderr : stdout
    };
    struct plan plan;
    struct bill bill;
    int code = sweep_plan_check(&plan, o, e);

    bill_init(&bill, &plan);
    if (code == 0)
        code = bill_check(&bill, "the sweep", least_length(o, &plan), clock_realtime_ns(), e);
    snprintf(name, sizeof name, "sweep-%s", plan.name);
    if (code == 0)
        code = results_folder_of(o->run.out_folder, name, folder, sizeof folder, e);
    if (code == 0) {
        sweep_options_announce(stderr, o, &plan);
        sweep_json_init(&sweep.json);
        code = sweep_all(&sweep, &plan, e);
        sweep_json_fini(&sweep.json);
    }
    if (code < 0)
        bill_add(&bill, e);
    else
        bill_print(&bill, stderr);
    plan_fini(&plan);
    return code;
}

int cmd_sweep_from(const struct run_options *begin, int argc, char *const argv[], struct err *e)
{
    struct sweep_options o;
    struct given_words words = { 0 };
    int code = -1;

    stop_catch();
    if (sweep_options_parse(&o, begin, argc, argv, e) == 0 &&
        given_words_init(&words, begin->parsed, &o, &o.run.result, e) == 0 && run_watch_open(&o.run, e) == 0)
        code = carry_out(&o, &words, e);
    run_watch_close(&o.run);
    given_words_fini(&words);
    sweep_options_fini(&o);
    return code;
}

int cmd_sweep(int argc, char *const argv[], struct err *e)
{
    /* The settings that runs record are those of `loadgen run`. */
    const struct run_options begin = { .command = &run_command, .parsed = &sweep_command };
    return cmd_sweep_from(&begin, argc, argv, e);
}
