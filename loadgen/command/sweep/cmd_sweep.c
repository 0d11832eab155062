#include "err.h"
#include "exit_code.h"
#include "files.h"
#include "given_words.h"
#include "loadcurve.h"
#include "loadgen_commands.h"
#include "manual.h"
#include "phase.h"
#include "plan.h"
#include "results_folder.h"
#include "run_once.h"
#include "run_options.h"
#include "run_watch.h"
#include "stop.h"
#include "stream.h"
#include "term.h"
#include "units.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_MOST = 200, RUN_NAME_BYTES = 64 };

struct sweep_options {
    struct run_options run;
    double from_per_s, to_per_s, factor;
    uint64_t duration_ns, warmup_ns, gap_ns, n_refine;
};

static const struct option_row rows[] = {
    { OPTION("from", OPTION_RATE, struct sweep_options, from_per_s), .value_name = "RATE",
      .fallback = "100/s", .help = "rate of the first step, in total for the cluster" },
    { OPTION("to", OPTION_RATE, struct sweep_options, to_per_s), .value_name = "RATE", .fallback = "100k/s",
      .help = "go no further than this rate" },
    { OPTION("factor", OPTION_REAL, struct sweep_options, factor), .value_name = "F", .fallback = "1.5",
      .help = "each step's rate is this many times the last one's" },
    { OPTION("refine", OPTION_COUNT, struct sweep_options, n_refine), .value_name = "N", .fallback = "3",
      .least = 0, .most = 20,
      .help = "halve the interval between the last good and the first bad rate this many times" },
    { OPTION("duration", OPTION_DURATION, struct sweep_options, duration_ns), .letter = 'd',
      .value_name = "TIME", .fallback = "10s", .least = NS_PER_S, .most = UINT64_C(24) * 3600 * NS_PER_S,
      .help = "how long each step is measured" },
    { OPTION("warmup", OPTION_DURATION, struct sweep_options, warmup_ns), .value_name = "TIME",
      .fallback = "2s", .least = 0, .most = 3600 * NS_PER_S,
      .help = "how long each step runs before it is measured" },
    { OPTION("gap", OPTION_DURATION, struct sweep_options, gap_ns), .value_name = "TIME", .fallback = "1s",
      .help = "pause between two steps" },
    { OPTION("threshold", OPTION_LIST, struct sweep_options, run.thresholds), .value_name = "TEXT",
      .help = "what must hold, such as 'p99 < 250ms', in addition to the scenario's thresholds" },
    { OPTION("only", OPTION_TEXT, struct sweep_options, run.only), .value_name = "CLUSTER",
      .help = "sweep this cluster alone" },
    { 0 },
};

static const struct command_exit exits[] = {
    { EXIT_CODE_DONE, "done: the limit of every cluster was found, or --to ended the search" },
    { EXIT_CODE_FAILED, "failed; or no request of a cluster's first step succeeded" },
    { EXIT_CODE_INVALID, "loadgen itself was the limit" },
    { EXIT_CODE_INTERRUPTED, "interrupted; the steps so far are written" },
    { 0 },
};
static const char *const examples[] = {
    "loadgen sweep open --threshold 'p99 < 250ms'",
    "loadgen sweep open --only cluster1 --from 100/s --to 2k/s -d 30s",
    NULL,
};
static const struct command_note files[] = {
    { "results/<time>-sweep-<name>/", "the sweep's folder, unless `--out` names another" },
    { "loadcurve.csv", "in it: latency against load" },
    { 0 },
};

const struct command sweep_command = {
    .name = "loadgen sweep",
    .synopsis = "SCENARIO [OPTION...]",
    .summary = "Find the highest rate that each cluster sustains, and how latency grows with load",
    .rows = rows,
    .shared = { run_shared_rows },
    .details =
        "Steps the rate of the cluster's open streams until a threshold is missed, fewer than 99 % of the\n"
        "requests that were due get an expected response, their queue grows throughout the step, or loadgen\n"
        "itself is the limit. In that last case the step says nothing about the target, and the sweep ends\n"
        "with 4. Each step is a run of its own; loadcurve.csv holds the curve.",
    .exits = exits,
    .examples = examples,
    .files = files,
    .environment = manual_environment,
    .pages = manual_pages,
};

/* --- one step --- */

static double stream_rate(const struct plan_stream *s)
{
    double most = 0;
    for (size_t k = 0; k < s->n_phases; k++)
        most = fmax(most, fmax(s->phases[k].rate_per_s, s->phases[k].rate_end_per_s));
    return most;
}

static int add_phase(struct plan_stream *s, const char *name, uint64_t duration_ns, double rate_per_s,
                     struct err *e)
{
    const char *key;
    const struct phase_given given = { .duration_ns = duration_ns, .rate_per_s = rate_per_s };
    struct plan_phase *phase = &s->phases[s->n_phases++];
    snprintf(phase->name, sizeof phase->name, "%s", name);
    return phase_make(phase, s->model, s->arrivals, &given, &key, e);
}

/* Replaces a stream's phases by a warm-up and a measured phase at one rate. */
static int set_rate(struct plan_stream *s, double rate_per_s, const struct sweep_options *o, struct err *e)
{
    free(s->phases);
    s->n_phases = 0;
    s->phases = calloc(2, sizeof *s->phases);
    if (!s->phases)
        return err_set(e, ERR_FAILED, "out of memory for the sweep");
    s->phases[0].warmup = o->warmup_ns > 0;
    if (o->warmup_ns > 0 && add_phase(s, "warmup", o->warmup_ns, rate_per_s, e))
        return -1;
    return add_phase(s, "load", o->duration_ns, rate_per_s, e);
}

/* Refuses streams that cannot be stepped, before anything is sent. */
static int check_streams(const struct plan *plan, struct err *e)
{
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct plan_stream *s = &plan->streams[i];
        if (s->model != PLAN_OPEN)
            return err_set(
                e, ERR_INPUT,
                "a sweep needs streams with arrivals and a rate; stream '%s' of cluster '%s' has users",
                s->name, s->cluster);
        if (stream_rate(s) == 0)
            return err_set(
                e, ERR_INPUT,
                "a sweep needs a rate to start from; no phase of stream '%s' of cluster '%s' has one",
                s->name, s->cluster);
    }
    return 0;
}

/* The cluster's streams keep their share of the rate. */
static int plan_step(struct plan *plan, const struct sweep_options *o, const struct run_options *run,
                     double rate_per_s, struct err *e)
{
    double sum = 0;
    if (plan_from_options(plan, run, e))
        return -1;
    for (size_t i = 0; i < plan->n_streams; i++)
        sum += stream_rate(&plan->streams[i]);
    for (size_t i = 0; i < plan->n_streams; i++)
        if (set_rate(&plan->streams[i], rate_per_s * stream_rate(&plan->streams[i]) / sum, o, e))
            return -1;
    stream_number_phases(plan);
    return 0;
}

/* A sweep in progress. */
struct sweep {
    const struct sweep_options *options;
    const struct given_words *given;
    const char *folder;
    struct csv_writer curve;
    size_t n_runs;
    bool is_invalid; /* loadgen ended the search on a cluster, or, with --strict, made any number invalid */
};

/* The search on one cluster: the highest rate that held and the lowest that did not. */
struct search {
    const char *cluster;
    double good, bad;
    bool is_generator_limit; /* the lowest that did not failed because of the generator */
};

/* Runs a cluster at one rate into its folder within the sweep's. Returns run_once's code. */
static int run_step(struct sweep *w, const char *cluster, double rate_per_s, const char *name, struct err *e)
{
    char path[PATH_MAX];
    struct plan plan;
    struct run_options run = w->options->run;

    run.only = cluster;
    run.quiet = true;
    if ((size_t)snprintf(path, sizeof path, "%s/%s", w->folder, name) >= sizeof path)
        return err_set(e, ERR_INPUT, "the path of the sweep is too long");
    int code = plan_step(&plan, w->options, &run, rate_per_s, e);
    if (code == 0)
        code = run_once(&run, w->given->words, &plan, path, e);
    plan_fini(&plan);
    w->n_runs += code >= 0;
    return code;
}

static void print_step(const struct loadcurve_point *point)
{
    char offered[UNITS_TEXT_BYTES], answered[UNITS_TEXT_BYTES], p99[UNITS_TEXT_BYTES];
    const struct step_judged *step = &point->step;
    printf("  %-12s  %7s/s   good answers %7s/s   p99 %9s%s   %s\n", point->cluster,
           units_number_text(point->offered_per_s, offered), units_number_text(step->rate_per_s, answered),
           attempt_time_text(point->p99, p99), claim_mark(step->levels[CLAIM_P99]),
           step->n_ok > 0 ? sweep_result_words(step->result) : "no request succeeded");
    fflush(stdout);
}

/* Runs one step. -1 failed, EXIT_CODE_INTERRUPTED stopped, else 0 and how it ended. */
static int make_step(struct sweep *w, const struct search *s, double rate_per_s, bool is_again,
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
    if (point.step.n_ok == 0 && s->good == 0)
        return err_set(e, ERR_FAILED, "no request of the run %s/%s succeeded: its errors.csv says why",
                       w->folder, name);
    print_step(&point);
    *result = point.step.result;
    stop_rest(w->options->gap_ns);
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
    if (result != SWEEP_HELD)
        s->is_generator_limit = result == SWEEP_GENERATOR;
    return EXIT_CODE_DONE;
}

static void print_found(const struct sweep_options *o, const struct search *s)
{
    char good[UNITS_TEXT_BYTES];
    char bad[UNITS_TEXT_BYTES];
    units_number_text(s->good, good);
    units_number_text(s->good > 0 ? s->bad : o->from_per_s, bad);
    if (s->bad > 0 && s->is_generator_limit && s->good == 0)
        printf("nothing is known of %s: loadgen was the limit at the first rate, %s/s\n", s->cluster, bad);
    else if (s->bad > 0 && s->is_generator_limit)
        printf("%s sustains at least %s/s; at %s/s loadgen was the limit\n", s->cluster, good, bad);
    else if (s->good == 0)
        printf("%s does not sustain the first rate, %s/s\n", s->cluster, bad);
    else if (s->bad == 0)
        printf("%s sustains at least %s/s; --to ended the search\n", s->cluster, good);
    else
        printf("%s sustains %s/s, but not %s/s\n", s->cluster, good, bad);
}

static int sweep_cluster(struct sweep *w, const char *cluster, struct err *e)
{
    const struct sweep_options *o = w->options;
    struct search s = { .cluster = cluster };
    double rate = o->from_per_s;
    int code = EXIT_CODE_DONE;
    for (int i = 0; i < STEPS_MOST && s.bad == 0 && rate <= o->to_per_s * (1 + 1e-9); i++) {
        code = try_rate(w, &s, rate, e);
        if (code != EXIT_CODE_DONE)
            return code;
        rate *= o->factor;
    }
    for (uint64_t i = 0; i < o->n_refine && s.good > 0 && s.bad > 0 && code == EXIT_CODE_DONE; i++)
        code = try_rate(w, &s, (s.good + s.bad) / 2, e);
    if (code == EXIT_CODE_DONE)
        print_found(o, &s);
    w->is_invalid |= s.bad > 0 && s.is_generator_limit;
    return code;
}

static int sweep_all(struct sweep *w, const struct plan *plan, struct err *e)
{
    const char *only = w->options->run.only;
    struct err closing;
    int code = EXIT_CODE_DONE;
    if (loadcurve_create(&w->curve, w->folder, e))
        return -1;
    for (size_t i = 0; i < plan->n_clusters && code == EXIT_CODE_DONE; i++)
        if (!only || strcmp(only, plan->clusters[i].name) == 0)
            code = sweep_cluster(w, plan->clusters[i].name, e);
    if (csv_close(&w->curve, &closing) && code >= 0) {
        *e = closing;
        code = -1;
    }
    if (code < 0 && w->n_runs == 0)
        files_remove_tree(w->folder, &closing); /* it could not begin */
    if (code >= 0) {
        fputs("results  ", stdout);
        term_next(stdout, w->folder, "loadgen analysis report");
    }
    return code == EXIT_CODE_DONE && w->is_invalid ? EXIT_CODE_INVALID : code;
}

static int check_options(struct sweep_options *o, const struct options_result *given, struct err *e)
{
    if (given->n_positional != 1)
        return err_set(e, ERR_INPUT, "give one scenario, such as `loadgen sweep open`");
    if (o->factor < 1.01 || o->factor > 100)
        return err_set(e, ERR_INPUT, "--factor must be from 1.01 to 100");
    if (o->from_per_s > o->to_per_s)
        return err_set(e, ERR_INPUT, "--from must not be above --to");
    o->run.scenario = given->positional[0];
    o->run.has_seed = options_given(&sweep_command, given, "seed");
    return 0;
}

static int carry_out(const struct sweep_options *o, const struct given_words *given, struct err *e)
{
    char folder[PATH_MAX];
    char name[PLAN_NAME_BYTES + 8];
    struct sweep sweep = { .options = o, .given = given, .folder = folder };
    struct plan plan;
    int code = plan_from_options(&plan, &o->run, e) ? -1 : check_streams(&plan, e);

    snprintf(name, sizeof name, "sweep-%s", plan.name);
    if (code == 0)
        code = results_folder_of(o->run.out_folder, name, folder, sizeof folder, e);
    if (code == 0)
        code = sweep_all(&sweep, &plan, e);
    plan_fini(&plan);
    return code;
}

int cmd_sweep(int argc, char *const argv[], struct err *e)
{
    /* The settings that runs record are those of `loadgen run`. */
    struct sweep_options o = { .run = { .command = &run_command, .parsed = &sweep_command } };
    struct options_result given;
    struct given_words words = { 0 };
    int code = -1;

    stop_catch();
    if (options_parse(&sweep_command, &o, argc, argv, &given, e) == 0 && check_options(&o, &given, e) == 0 &&
        given_words_init(&words, &sweep_command, &o, &given, e) == 0 && run_watch_open(&o.run, e) == 0)
        code = carry_out(&o, &words, e);
    run_watch_close(&o.run);
    given_words_fini(&words);
    options_fini(&sweep_command, &o, &given);
    return code;
}
