#include "sweep_options.h"

#include "err.h"
#include "exit_code.h"
#include "foreign_options.h"
#include "loadgen_commands.h"
#include "manual.h"
#include "plan.h"
#include "units.h"
#include "url_given.h"
#include "utf8.h"

#include <math.h>

/* With a URL somebody waits for the answer; a scenario is swept for the curve. */
#define DURATION_NS     (10 * NS_PER_S)
#define URL_DURATION_NS (5 * NS_PER_S)
#define WARMUP_NS       (2 * NS_PER_S)
#define URL_WARMUP_NS   (1 * NS_PER_S)
#define FROM_PER_S      100.0
#define FACTOR          1.5
#define URL_FACTOR      2.0

static const char group_search[] = "Search";

const struct option_row sweep_rows[] = {
    { OPTION("threshold", OPTION_LIST, struct sweep_options, run.thresholds), .value_name = "TEXT",
      .group = group_search,
      .help = "what must hold, such as 'p99 < 250ms', beside the scenario's thresholds" },
    { OPTION("from", OPTION_RATE, struct sweep_options, from_per_s), .value_name = "RATE",
      .help = "rate of the first step, in total for the cluster (default 100/s, and below it where that is "
              "too much)" },
    { OPTION("to", OPTION_RATE, struct sweep_options, to_per_s), .value_name = "RATE", .fallback = "100k/s",
      .help = "go no further than this rate" },
    { OPTION("factor", OPTION_REAL, struct sweep_options, factor), .value_name = "F",
      .help = "each step's rate is this many times the last one's (default 1.5, or 2 with a URL)" },
    { OPTION("refine", OPTION_COUNT, struct sweep_options, n_refine), .value_name = "N", .fallback = "3",
      .least = 0, .most = 20,
      .help = "halve the interval between the last good and the first bad rate this many times" },
    { OPTION("duration", OPTION_DURATION, struct sweep_options, duration_ns), .letter = 'd',
      .value_name = "TIME", .least = NS_PER_S, .most = UINT64_C(24) * 3600 * NS_PER_S,
      .help = "how long each step is measured (default 10s, or 5s with a URL)" },
    { OPTION("warmup", OPTION_DURATION, struct sweep_options, warmup_ns), .value_name = "TIME", .least = 0,
      .most = 3600 * NS_PER_S,
      .help = "how long each step runs before it is measured (default 2s, or 1s with a URL)" },
    { OPTION("gap", OPTION_DURATION, struct sweep_options, gap_ns), .value_name = "TIME", .fallback = "1s",
      .help = "pause between two steps" },
    { OPTION("json", OPTION_FLAG, struct sweep_options, run.json),
      .help = "print the result as one JSON object, and nothing else on stdout" },
    { OPTION("only", OPTION_TEXT, struct sweep_options, run.only), .value_name = "CLUSTER",
      .help = "sweep this cluster of the scenario alone" },
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
    "loadgen sweep http://127.0.0.1:8080/ --threshold 'p99 < 50ms'",
    "loadgen sweep http://127.0.0.1:8080/ --from 1k/s --to 20k/s -d 30s -c 512",
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
    .synopsis = "SCENARIO | URL [OPTION...]",
    .summary = "Find the highest rate that a URL, or each cluster, sustains, and how latency grows with load",
    .rows = sweep_rows,
    .shared = { run_url_rows, run_network_rows, run_shared_rows },
    .elsewhere = foreign_options,
    .details =
        "Steps the rate of the URL, or of the cluster's open streams, until a threshold is missed, fewer\n"
        "than 99 % of the requests that were due get an expected response, their queue grows throughout\n"
        "the step, or loadgen itself is the limit. In that last case the step says nothing about the\n"
        "target, and the sweep ends with 4. Each step is a run of its own; loadcurve.csv holds the curve.",
    .exits = exits,
    .examples = examples,
    .files = files,
    .environment = manual_environment,
    .pages = manual_pages,
};

static void set_defaults(struct sweep_options *o)
{
    const struct command *command = o->run.parsed;
    const struct options_result *given = &o->run.result;
    const bool is_url = !o->run.scenario;
    o->may_go_down = !options_given(command, given, "from");
    if (o->may_go_down)
        o->from_per_s = fmin(FROM_PER_S, o->to_per_s);
    if (!options_given(command, given, "factor"))
        o->factor = is_url ? URL_FACTOR : FACTOR;
    if (!options_given(command, given, "duration"))
        o->duration_ns = is_url ? URL_DURATION_NS : DURATION_NS;
    if (!options_given(command, given, "warmup"))
        o->warmup_ns = is_url ? URL_WARMUP_NS : WARMUP_NS;
}

static int check(struct sweep_options *o, struct err *e)
{
    const struct options_result *given = &o->run.result;
    char shown[URL_GIVEN_SHOWN_BYTES];
    if (given->n_positional > 1)
        return err_set(e, ERR_INPUT, "give one scenario or one URL: '%s' is one too many",
                       url_given_shown(given->positional[1], shown));
    if (given->n_positional == 0 && !o->run.target_url)
        return err_set(
            e, ERR_INPUT,
            "give a URL, or a scenario, such as `loadgen sweep http://127.0.0.1:8080/` or `loadgen "
            "sweep open`");
    if (given->n_positional == 1 && run_options_take_word(&o->run, given->positional[0], e))
        return -1;
    if (run_options_check_repeatable(&o->run, e))
        return -1;
    set_defaults(o);
    if (o->factor < 1.01 || o->factor > 100)
        return err_set(e, ERR_INPUT, "--factor must be from 1.01 to 100");
    if (o->from_per_s > o->to_per_s)
        return err_set(e, ERR_INPUT, "--from must not be above --to");
    return 0;
}

int sweep_options_parse(struct sweep_options *o, const struct run_options *begin, int argc,
                        char *const argv[], struct err *e)
{
    *o = (struct sweep_options){ .run = *begin, .argv = argv, .argc = argc };
    if (options_parse(begin->parsed, o, argc, argv, &o->run.result, e))
        return -1;
    o->run.has_seed = options_given(begin->parsed, &o->run.result, "seed");
    return check(o, e);
}

void sweep_options_fini(struct sweep_options *o)
{
    options_fini(o->run.parsed, o, &o->run.result);
}

/* As far as the search goes up and is not disturbed. */
static double steps_most(const struct sweep_options *o)
{
    return ceil(log(o->to_per_s / o->from_per_s) / log(o->factor) - 1e-9) + 1 + (double)o->n_refine;
}

static void write_conditions(FILE *out, const struct plan *plan)
{
    fputs("  must hold: ", out);
    for (size_t i = 0; i < plan->n_thresholds; i++) {
        utf8_print(out, plan->thresholds[i].text);
        fputs(", ", out);
    }
    fputs("99 % good answers, no growing queue\n", out);
}

/* "   HTTP/2, 2 connections of 8 streams"; nothing over HTTP/1.1. */
static void write_version(FILE *out, const struct plan *plan)
{
    size_t n = 0;
    for (size_t i = 0; i < plan->n_streams; i++)
        n += plan_is_http2(plan, &plan->streams[i]);
    if (n > 0)
        fprintf(out, "   %sHTTP/2", n < plan->n_streams ? "HTTP/1.1 and " : "");
    if (n > 0 && plan->n_streams == 1) {
        const struct plan_stream *s = &plan->streams[0];
        fprintf(out, ", %llu connection%s of %u stream%s", (unsigned long long)s->n_connections,
                s->n_connections == 1 ? "" : "s", s->in_flight_most, s->in_flight_most == 1 ? "" : "s");
    }
}

void sweep_options_announce(FILE *out, const struct sweep_options *o, const struct plan *plan)
{
    char targets[PLAN_TARGETS_TEXT_BYTES], from[UNITS_TEXT_BYTES], to[UNITS_TEXT_BYTES],
        each[UNITS_TEXT_BYTES], most[UNITS_TEXT_BYTES];
    const double step_ns = (double)(o->warmup_ns + o->duration_ns + o->gap_ns);
    fputs("sweep  ", out);
    utf8_print(out, plan_targets_text(plan, targets));
    write_version(out, plan);
    fprintf(out, "\n  rates from %s/s to %s/s, each %g times the last\n",
            units_number_text(o->from_per_s, from), units_number_text(o->to_per_s, to), o->factor);
    write_conditions(out, plan);
    if (plan->n_thresholds == 0)
        fputs("  --threshold 'p99 < 250ms' would add a limit on times\n", out);
    fprintf(out, "  %s a step, up to %.0f steps%s: about %s\n", units_duration_text((uint64_t)step_ns, each),
            steps_most(o), plan->n_clusters > 1 && !o->run.only ? " for each cluster" : "",
            units_duration_text((uint64_t)(step_ns * steps_most(o)), most));
}
