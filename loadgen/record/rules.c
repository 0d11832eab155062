#include "rules.h"

#include "err.h"
#include "rule.h"
#include "rule_limits.h"

#include <stdio.h>
#include <stdlib.h>

/* R14, R18 and R19 need the provider's metrics or several runs; the analysis applies them. */
static const struct rule rules[] = {
    { "R1", RULE_OPEN_STREAM, 0, R1_WARN_PCT, R1_INVALID_PCT, false, "%",
      "achieved rate differs from the intended one", rule_measure_rate,
      "The load was not the one that was planned. Lower the rate, or give the stream more connections or "
      "threads." },
#define R2_ADVICE                                                                                            \
    "Part of these times was spent in the generator, not at the target. Use more threads or machines, "      \
    "fewer "                                                                                                 \
    "connections, or a lower rate. In a closed loop at full speed the requests per second still stand, as "  \
    "what "                                                                                                  \
    "generator and target reach together; the times do not."
    { "R2", RULE_STREAM, 500000, R2_WARN_PCT, R2_INVALID_PCT, false, "%", "the generator's share of p50",
      rule_measure_share, R2_ADVICE },
    { "R2", RULE_STREAM, 900000, R2_WARN_PCT, R2_INVALID_PCT, false, "%", "the generator's share of p90",
      rule_measure_share, R2_ADVICE },
    { "R2", RULE_STREAM, 990000, R2_WARN_PCT, R2_INVALID_PCT, false, "%", "the generator's share of p99",
      rule_measure_share, R2_ADVICE },
    { "R2", RULE_STREAM, 999000, R2_WARN_PCT, R2_INVALID_PCT, false, "%", "the generator's share of p99.9",
      rule_measure_share, R2_ADVICE },
    { "R3", RULE_OPEN_STREAM, 0, R3_WARN_PCT, R3_INVALID_PCT, false, "%",
      "requests sent late by more than a mean gap and 1 ms", rule_measure_late,
      "The generator could not keep its schedule. Use more threads, a quieter machine, or a lower rate." },
    { "R4", RULE_RUN, 0, R4_WARN_PCT, R4_INVALID_PCT, false, "%", "the busiest second of a thread",
      rule_measure_busy_open,
      "A thread this busy makes requests wait for each other inside the generator. Use more threads or "
      "machines, or a "
      "lower rate." },
    { "R4", RULE_RUN, 0, R4_CLOSED_WARN_PCT, NAN, false, "%", "the busiest second of a thread",
      rule_measure_busy_closed,
      "The generator ran at full speed, so the requests per second may be its limit and not the target's; "
      "rule R2 "
      "tells what that did to the times. Add threads to see whether the rate rises." },
    { "R5", RULE_OPEN_STREAM, 0, R5_WARN_PCT, R5_INVALID_PCT, false, "%", "due requests that were dropped",
      rule_measure_dropped,
      "Requests that were never sent have no time, and they would have been the slowest: the percentiles "
      "look better "
      "than they are. The target is over its limit, or the stream needs more connections." },
    { "R6", RULE_RUN, 0, R6_WARN_MS, NAN, false, "ms",
      "the longest time a thread did not look at its sockets", rule_measure_iteration,
      "The slowest requests may have waited for the generator. Use a quieter machine or more threads." },
    { "R7", RULE_STREAM, 0, R7_WARN_N, NAN, false, "values", "times above the histogram's range of one hour",
      rule_measure_overflow, "The highest percentiles are cut off. Set a timeout below one hour." },
    { "R8", RULE_STREAM, 0, R8_WARN_PCT, NAN, false, "%", "requests that failed", rule_measure_errors,
      "Failed requests are faster or slower than good ones: compare times only where the shares of errors "
      "agree." },
    { "R8", RULE_STREAM, 0, R8_PORTS_WARN_PCT, R8_PORTS_INVALID_PCT, false, "%",
      "requests that failed for want of local ports, descriptors or memory", rule_measure_ports,
      "This machine was at its limit, not the target. Keep connections alive, use --bind with several "
      "addresses, or "
      "raise the limit of open files." },
    { "R9", RULE_THRESHOLD, 0, R9_WARN_N, NAN, true, "samples",
      "samples beyond a percentile that a threshold judges", rule_measure_beyond,
      "The threshold hangs on a few requests. Run longer, or judge a lower percentile." },
    { "R10", RULE_STREAM, 0, R10_WARN_PCT, NAN, false, "%", "requests still open when the run ended",
      rule_measure_censored,
      "The slowest requests are missing from the percentiles. Let the run end by itself, with a timeout that "
      "it waits "
      "for." },
    { "R11", RULE_STREAM, 0, R11_WARN_PCT, NAN, false, "%", "change of the median's level during a phase",
      rule_measure_drift,
      "The target did not stay the same during the phase: warm-up, a spent allowance of CPU credits, or a "
      "neighbour. "
      "Look at the percentiles over time before quoting one number." },
    { "R12", RULE_RUN, 0, R12_AGAIN_WARN_PCT, NAN, false, "%", "TCP segments of this machine sent again",
      rule_measure_again,
      "Segments were lost, and each loss costs 200 ms and more: the highest percentiles speak of the "
      "network, or of a "
      "target that takes no more connections." },
    { "R12", RULE_RUN, 0, R12_STEAL_WARN_PCT, R12_STEAL_INVALID_PCT, false, "%",
      "CPU time taken by the hypervisor", rule_measure_steal,
      "The generator's machine was stopped now and then. Use one that does not share its CPUs." },
    { "R13", RULE_RUN, 0, 100.0, NAN, true, "%", "of the addresses that the name resolved to were used",
      rule_measure_addresses,
      "A load balancer has several nodes, and this run saw only some. Use more connections than there are "
      "addresses." },
    { "R13", RULE_RUN, 0, R13_SHARE_WARN, NAN, false, "times",
      "connections of the busiest address, against an even share", rule_measure_balance,
      "One node of the load balancer got more than its share. Look at remotes.csv." },
    { "R15", RULE_RUN, 0, R15_WARN_MS, NAN, false, "ms", "step of the wall clock against the monotonic one",
      rule_measure_step,
      "Durations are not touched, but dates are: figures that set this run beside the provider's metrics are "
      "off." },
    { "R15", RULE_RUN, 0, NAN, 0.0, false, "changes", "of the kernel's clock source",
      rule_measure_clocksource,
      "The kernel stopped trusting its clock during the run. Durations cannot be trusted either." },
    { "R16", RULE_OPEN_STREAM, 0, R16_WARN, NAN, false, "share",
      "largest distance between due and sent requests over time", rule_measure_arrivals,
      "Requests did not reach the target when they were due: see rule R3 for the generator's part and "
      "connection wait for "
      "the target's." },
    { "R17", RULE_STREAM, 0, R17_WARN_PCT, R17_INVALID_PCT, false, "%",
      "requests whose end is not accounted for", rule_measure_unexplained,
      "The counts contradict each other. This is a fault of loadgen; please report it." },
};

static bool is_beyond(const struct rule *rule, double value, double limit)
{
    return rule->is_least ? value < limit : value > limit; /* never, when the limit is NAN */
}

/* Six digits, so that a number read back from run.json is the number that was judged. */
static double rounded(double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.6g", value);
    return strtod(text, NULL);
}

static void apply(const struct rule *rule, const struct rule_case *c, const char *scope, struct judgement *j)
{
    struct check *check = &j->checks[j->n_checks];
    *check = (struct check){ .rule = rule->name,
                             .warn = rule->warn,
                             .invalid = rule->invalid,
                             .unit = rule->unit,
                             .what = rule->what,
                             .advice = "" };
    snprintf(check->scope, sizeof check->scope, "%s", scope);
    if (!rule->measure(c, check))
        return;
    check->value = rounded(check->value);
    check->warn = rounded(check->warn);
    check->invalid = rounded(check->invalid);
    check->level = is_beyond(rule, check->value, check->invalid) ? CHECK_INVALID
                   : is_beyond(rule, check->value, check->warn)  ? CHECK_WARN
                                                                 : CHECK_OK;
    if (check->level != CHECK_OK)
        check->advice = rule->advice;
    if (check->level > j->verdict)
        j->verdict = check->level;
    j->n_checks++;
    if (rule->measure == rule_measure_share && rule->p_ppm <= 990000 &&
        (rule->p_ppm > j->share.p_ppm || check->value > j->share.pct))
        j->share = (struct check_share){ true, rule->p_ppm, check->value };
}

static void apply_to_all(const struct rule *rule, const struct evidence *ev, struct judgement *j)
{
    struct rule_case c = { .ev = ev, .p_ppm = rule->p_ppm };
    switch (rule->scope) {
    case RULE_RUN:
        apply(rule, &c, "run", j);
        break;
    case RULE_STREAM:
    case RULE_OPEN_STREAM:
        for (c.stream = 0; c.stream < ev->plan->n_streams; c.stream++)
            if (rule->scope == RULE_STREAM || ev->plan->streams[c.stream].model == PLAN_OPEN)
                apply(rule, &c, ev->plan->streams[c.stream].name, j);
        break;
    case RULE_THRESHOLD:
        for (size_t i = 0; i < ev->plan->n_thresholds; i++) {
            c.threshold = &ev->plan->thresholds[i];
            apply(rule, &c, *c.threshold->scope ? c.threshold->scope : "all", j);
        }
        break;
    }
}

int rules_judge(const struct evidence *ev, struct judgement *j, struct err *e)
{
    const size_t n_rules = sizeof rules / sizeof *rules;
    const size_t n_scopes = ev->plan->n_streams + ev->plan->n_thresholds + 1;
    j->checks = calloc(n_rules * n_scopes, sizeof *j->checks);
    if (!j->checks)
        return err_set(e, ERR_FAILED, "out of memory while judging the run");
    for (size_t i = 0; i < n_rules; i++)
        apply_to_all(&rules[i], ev, j);
    return 0;
}
