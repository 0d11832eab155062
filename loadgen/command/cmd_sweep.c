#include "cmd_sweep.h"

#include "err.h"
#include "exit_code.h"
#include "files.h"
#include "loadcurve.h"
#include "phase.h"
#include "plan.h"
#include "run_once.h"
#include "run_options.h"
#include "stream.h"
#include "units.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STEPS_MOST = 200, RUN_NAME_BYTES = 64 };
#define ACHIEVED_LEAST 0.99 /* below that share of the offered rate the target is saturated */

static const char *const progress_choices[] = { "auto", "plain", "none", NULL };

struct sweep_options {
    struct run_options run;
    double from_per_s, to_per_s, factor;
    uint64_t duration_ns, warmup_ns, gap_ns, n_refine;
};

#define AT(member) offsetof(struct sweep_options, member)

static const struct option_row rows[] = {
    { .name = "from",
      .kind = OPTION_RATE,
      .offset = AT(from_per_s),
      .value_name = "RATE",
      .fallback = "100/s",
      .help = "rate of the first step, in total for the cluster" },
    { .name = "to",
      .kind = OPTION_RATE,
      .offset = AT(to_per_s),
      .value_name = "RATE",
      .fallback = "100k/s",
      .help = "go no further than this rate" },
    { .name = "factor",
      .kind = OPTION_REAL,
      .offset = AT(factor),
      .value_name = "F",
      .fallback = "1.5",
      .help = "each step's rate is so many times the last one's" },
    { .name = "refine",
      .kind = OPTION_COUNT,
      .offset = AT(n_refine),
      .value_name = "N",
      .fallback = "3",
      .least = 0,
      .most = 20,
      .help = "halve the interval between the last good and the first bad rate so often" },
    { .name = "duration",
      .letter = 'd',
      .kind = OPTION_DURATION,
      .offset = AT(duration_ns),
      .value_name = "TIME",
      .fallback = "10s",
      .least = NS_PER_S,
      .most = 24 * 3600 * NS_PER_S,
      .help = "how long each step is measured" },
    { .name = "warmup",
      .kind = OPTION_DURATION,
      .offset = AT(warmup_ns),
      .value_name = "TIME",
      .fallback = "2s",
      .least = NS_PER_MS,
      .most = 3600 * NS_PER_S,
      .help = "how long each step runs before it is measured" },
    { .name = "gap",
      .kind = OPTION_DURATION,
      .offset = AT(gap_ns),
      .value_name = "TIME",
      .fallback = "1s",
      .help = "rest between two steps" },
    { .name = "threshold",
      .kind = OPTION_LIST,
      .offset = AT(run.thresholds),
      .value_name = "TEXT",
      .help = "what must hold, such as 'p99 < 250ms', beside the scenario's thresholds" },
    { .name = "only",
      .kind = OPTION_TEXT,
      .offset = AT(run.only),
      .value_name = "CLUSTER",
      .help = "sweep this cluster alone" },
    { .name = "target",
      .kind = OPTION_TEXT,
      .offset = AT(run.target_url),
      .value_name = "URL",
      .help = "send to this URL instead of the scenario's target" },
    { .name = "deployment",
      .kind = OPTION_TEXT,
      .offset = AT(run.deployment_file),
      .value_name = "FILE",
      .help = "send to the deployment that this file describes" },
    { .name = "out",
      .letter = 'o',
      .kind = OPTION_TEXT,
      .offset = AT(run.out_folder),
      .value_name = "DIR",
      .help = "the sweep's folder instead of results/<time>-sweep-<name>" },
    { .name = "threads",
      .letter = 't',
      .kind = OPTION_COUNT,
      .offset = AT(run.n_threads),
      .value_name = "N",
      .least = 1,
      .most = 256,
      .help = "event loops, each in a thread of its own" },
    { .name = "seed",
      .kind = OPTION_COUNT,
      .offset = AT(run.seed),
      .value_name = "N",
      .least = 0,
      .most = UINT64_C(1) << 53,
      .help = "seed of the schedules" },
    { .name = "progress",
      .kind = OPTION_CHOICE,
      .offset = AT(run.progress),
      .value_name = "HOW",
      .fallback = "auto",
      .choices = progress_choices,
      .help = "what to show while a step goes on" },
    { .name = "pin",
      .kind = OPTION_FLAG,
      .offset = AT(run.pin),
      .help = "pin each thread to a processor of its own" },
    { .name = "spin",
      .kind = OPTION_DURATION,
      .offset = AT(run.spin_ns),
      .value_name = "TIME",
      .least = 0,
      .most = 10 * NS_PER_MS,
      .help = "wake that much before a request is due and spin until then" },
    { 0 },
};

const struct command sweep_command = {
    .name = "loadgen sweep",
    .synopsis = "SCENARIO [OPTION...]",
    .summary = "Find the highest rate that each cluster bears, and how latency grows with load",
    .rows = rows,
    .details = "Steps the rate of the cluster's open streams until a threshold is missed, fewer than 99 % of "
               "the offered requests are\n"
               "answered well, or the generator itself is the limit. Each step is a run of its own; "
               "loadcurve.csv holds the curve.",
};

/* --- one step --- */

static double stream_rate(const struct plan_stream *s)
{
    double most = 0;
    for (size_t k = 0; k < s->n_phases; k++)
        most = fmax(most, s->phases[k].rate_per_s);
    return most;
}

/* Replaces a stream's phases by a warm-up and a measured phase at one rate. */
static int set_rate(struct plan_stream *s, double rate_per_s, const struct sweep_options *o, struct err *e)
{
    const char *key;
    struct plan_phase *phases = calloc(2, sizeof *phases);
    if (!phases)
        return err_set(e, ERR_FAILED, "out of memory for the sweep");
    snprintf(phases[0].name, sizeof phases[0].name, "warmup");
    snprintf(phases[1].name, sizeof phases[1].name, "load");
    phases[0].warmup = true;
    const struct phase_given warmup = { .duration_ns = o->warmup_ns, .rate_per_s = rate_per_s };
    const struct phase_given load = { .duration_ns = o->duration_ns, .rate_per_s = rate_per_s };
    free(s->phases);
    s->phases = phases;
    s->n_phases = 2;
    return phase_make(&phases[0], s->model, s->arrivals, &warmup, &key, e) ||
                   phase_make(&phases[1], s->model, s->arrivals, &load, &key, e)
               ? -1
               : 0;
}

/* The cluster's streams keep their share of the rate. */
static int plan_step(struct plan *plan, const struct sweep_options *o, const struct run_options *run,
                     double rate_per_s, struct err *e)
{
    double sum = 0;
    if (plan_from_options(plan, run, e))
        return -1;
    for (size_t i = 0; i < plan->n_streams; i++) {
        if (plan->streams[i].model != PLAN_OPEN)
            return err_set(
                e, ERR_INPUT,
                "a sweep needs streams with arrivals and a rate; stream '%s' of cluster '%s' has users",
                plan->streams[i].name, plan->streams[i].cluster);
        sum += stream_rate(&plan->streams[i]);
    }
    for (size_t i = 0; i < plan->n_streams; i++)
        if (set_rate(&plan->streams[i], rate_per_s * stream_rate(&plan->streams[i]) / sum, o, e))
            return -1;
    stream_number_phases(plan);
    return 0;
}

enum step_end {
    STEP_MISSED, /* by the target */
    STEP_HELD,
    STEP_DISTURBED, /* says nothing about the target: the generator was at fault */
};

/* Runs one step. -1 failed, EXIT_CODE_INTERRUPTED stopped, else 0 and how it ended. */
static int make_step(const struct sweep_options *o, const char *cluster, double rate_per_s, bool is_again,
                     const char *folder, struct csv_writer *curve, enum step_end *end, struct err *e)
{
    char name[RUN_NAME_BYTES];
    char path[PATH_MAX];
    char text[UNITS_TEXT_BYTES];
    struct plan plan;
    struct run_options run = o->run;
    struct loadcurve_point point = { .cluster = cluster, .offered_per_s = rate_per_s };

    run.only = cluster;
    run.quiet = true;
    snprintf(name, sizeof name, "%.32s-%.0f%s", cluster, rate_per_s, is_again ? "-again" : "");
    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path)
        return err_set(e, ERR_INPUT, "the path of the sweep is too long");
    int code = plan_step(&plan, o, &run, rate_per_s, e);
    if (code == 0)
        code = run_once(&run, "sweep", &plan, path, e);
    plan_fini(&plan);
    if (code < 0 || code == EXIT_CODE_INTERRUPTED)
        return code;
    point.is_held = code == EXIT_CODE_DONE;
    if (loadcurve_add(curve, folder, name, o->duration_ns, &point, e))
        return -1;
    const bool is_reached = point.is_held && point.achieved_per_s >= ACHIEVED_LEAST * rate_per_s;
    printf("  %-12s %9s/s  achieved %9.0f/s  p99 %8.2f ms  %s\n", cluster,
           units_number_text(rate_per_s, text), point.achieved_per_s, 1e3 * point.p99_s,
           point.is_disturbed            ? "the generator is the limit"
           : code == EXIT_CODE_THRESHOLD ? "a threshold was missed"
           : !is_reached                 ? "saturated"
                                         : "held");
    fflush(stdout);
    const struct timespec gap = { .tv_sec = (time_t)(o->gap_ns / NS_PER_S),
                                  .tv_nsec = (long)(o->gap_ns % NS_PER_S) };
    nanosleep(&gap, NULL);
    *end = point.is_disturbed ? STEP_DISTURBED : is_reached ? STEP_HELD : STEP_MISSED;
    return EXIT_CODE_DONE;
}

/* --- all steps of a cluster --- */

/* The search on one cluster: the highest rate that held and the lowest that did not. */
struct search {
    const char *cluster, *folder;
    struct csv_writer *curve;
    double good, bad;
    bool is_generator_limit; /* the lowest that did not: because of the generator */
};

/* A step that says nothing about the target, perhaps because of a passing disturbance, is made once more. */
static int try_rate(const struct sweep_options *o, struct search *s, double rate_per_s, struct err *e)
{
    enum step_end end = STEP_DISTURBED;
    int code = EXIT_CODE_DONE;
    for (int i = 0; i < 2 && end == STEP_DISTURBED && code == EXIT_CODE_DONE; i++)
        code = make_step(o, s->cluster, rate_per_s, i > 0, s->folder, s->curve, &end, e);
    if (code != EXIT_CODE_DONE)
        return code;
    *(end == STEP_HELD ? &s->good : &s->bad) = rate_per_s;
    if (end != STEP_HELD)
        s->is_generator_limit = end == STEP_DISTURBED;
    return EXIT_CODE_DONE;
}

static void print_found(const struct sweep_options *o, const struct search *s)
{
    char good[UNITS_TEXT_BYTES];
    char bad[UNITS_TEXT_BYTES];
    units_number_text(s->good, good);
    units_number_text(s->good > 0 ? s->bad : o->from_per_s, bad);
    if (s->bad > 0 && s->is_generator_limit && s->good == 0)
        printf("nothing is known of %s: at the first rate, %s/s, the generator is the limit\n", s->cluster,
               bad);
    else if (s->bad > 0 && s->is_generator_limit)
        printf("%s bears %s/s at least; at %s/s the generator is the limit\n", s->cluster, good, bad);
    else if (s->good == 0)
        printf("%s does not bear even the first rate, %s/s\n", s->cluster, bad);
    else
        printf("%s bears %s/s%s\n", s->cluster, good,
               s->bad == 0 ? " and perhaps more: --to ended the search" : "");
}

static int sweep_cluster(const struct sweep_options *o, const char *cluster, const char *folder,
                         struct csv_writer *curve, struct err *e)
{
    struct search s = { .cluster = cluster, .folder = folder, .curve = curve };
    double rate = o->from_per_s;
    int code = EXIT_CODE_DONE;
    for (int i = 0; i < STEPS_MOST && s.bad == 0 && rate <= o->to_per_s * (1 + 1e-9); i++) {
        code = try_rate(o, &s, rate, e);
        if (code != EXIT_CODE_DONE)
            return code;
        rate *= o->factor;
    }
    for (uint64_t i = 0; i < o->n_refine && s.good > 0 && s.bad > 0 && code == EXIT_CODE_DONE; i++)
        code = try_rate(o, &s, (s.good + s.bad) / 2, e);
    if (code == EXIT_CODE_DONE)
        print_found(o, &s);
    return code;
}

static int sweep_all(const struct sweep_options *o, const struct plan *plan, const char *folder,
                     struct err *e)
{
    struct csv_writer curve;
    struct err closing;
    int code = EXIT_CODE_DONE;
    if (files_make_folders(folder, e) || loadcurve_create(&curve, folder, e))
        return -1;
    for (size_t i = 0; i < plan->n_clusters && code == EXIT_CODE_DONE; i++)
        if (!o->run.only || strcmp(o->run.only, plan->clusters[i].name) == 0)
            code = sweep_cluster(o, plan->clusters[i].name, folder, &curve, e);
    if (csv_close(&curve, &closing) && code >= 0) {
        *e = closing;
        code = -1;
    }
    if (code >= 0)
        printf("results  %s    next: loadgen analysis figures %s\n", folder, folder);
    return code;
}

static int check_options(struct sweep_options *o, struct err *e)
{
    const struct options_result *result = &o->run.result;
    if (result->n_positional != 1)
        return err_set(e, ERR_INPUT, "give one scenario, such as `loadgen sweep open`");
    if (o->factor < 1.01 || o->factor > 100)
        return err_set(e, ERR_INPUT, "--factor must be from 1.01 to 100");
    if (o->from_per_s > o->to_per_s)
        return err_set(e, ERR_INPUT, "--from must not be above --to");
    o->run.scenario = result->positional[0];
    o->run.has_seed = options_given(&sweep_command, result, "seed");
    return 0;
}

static int carry_out(const struct sweep_options *o, struct err *e)
{
    char folder[PATH_MAX];
    char name[PLAN_NAME_BYTES + 8];
    struct plan plan;
    int code = plan_from_options(&plan, &o->run, e);

    snprintf(name, sizeof name, "sweep-%s", plan.name);
    if (code == 0)
        code = run_once_folder(&o->run, name, folder, sizeof folder, e);
    if (code == 0)
        code = sweep_all(o, &plan, folder, e);
    plan_fini(&plan);
    return code;
}

int cmd_sweep(int argc, char *const argv[], struct err *e)
{
    struct sweep_options o = { 0 };
    int code = -1;

    run_once_catch_signals();
    if (options_parse(&sweep_command, &o, argc, argv, &o.run.result, e) == 0 && check_options(&o, e) == 0) {
        /* What runs show of their settings is in the words of `loadgen run`, of which nothing was given. */
        const struct options_result result = o.run.result;
        o.run.result = (struct options_result){ 0 };
        o.run.command = &run_command;
        code = carry_out(&o, e);
        o.run.result = result;
    }
    options_fini(&sweep_command, &o, &o.run.result);
    return code;
}
