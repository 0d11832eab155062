#include "rule.h"
#include "rule_limits.h"

/* Why each rule matters and what to do. */
static const char on_rate[] =
    "Requests waited for a free connection: the target did not take the rate. Lower it, or give the "
    "stream more connections.";
static const char on_rate_own[] =
    "The generator was at its limit (rules R3 and R4) and did not send the rate; this says nothing "
    "about the target. Use more threads or machines, a quieter machine, or a lower rate.";
static const char on_share[] =
    "Part of these times was spent in the generator, not at the target. Use more threads or machines,"
    " fewer connections, or a lower rate. In a closed loop at full speed the requests per second "
    "still count, as what generator and target reach together; the times do not.";
static const char on_late[] =
    "The generator could not keep its schedule. Use more threads, --pin, a quieter machine, or a lower rate.";
static const char on_busy_open[] =
    "A thread this busy makes requests wait for each other inside the generator. Use more threads or "
    "machines, or a lower rate.";
static const char on_busy_closed[] =
    "The generator ran at full speed, so the requests per second may be its limit and not the "
    "target's; rule R2 shows what that did to the times. Add threads to see whether the rate rises.";
static const char on_dropped[] =
    "Requests that were never sent have no time, and they would have been the slowest: the "
    "percentiles look better than they are. Lower the rate, or give the stream more connections or a "
    "longer queue.";
static const char on_dropped_own[] =
    "Requests that were never sent have no time. The generator was at its limit (rules R3 and R4), which "
    "alone can fill the queue: use more threads or machines, a quieter machine, or a lower rate.";
static const char on_iteration[] =
    "The slowest requests may have waited for the generator. Use --pin, a quieter machine, or more threads.";
static const char on_quota[] =
    "The kernel stopped loadgen now and then because the CPU quota of its container or control group "
    "was used up (nr_throttled in cpu.stat). Raise the quota (docker --cpus, limits.cpu in "
    "Kubernetes), or use fewer threads than it has CPUs.";
static const char on_overflow[] = "The highest percentiles are cut off. Set a timeout below one hour.";
static const char on_errors[] =
    "Fix the failures first (errors.csv lists their causes): a failed request is not timed like a "
    "good one. Compare times only where equal shares failed.";
static const char on_ports[] =
    "This machine was at its limit, not the target. Keep connections alive, use --bind with several "
    "addresses, or raise the limit of open files.";
static const char on_beyond[] =
    "The threshold rests on a few requests. Run longer, or judge a lower percentile.";
static const char on_censored[] =
    "The slowest requests are missing from the percentiles. Let the run end by itself, with a timeout"
    " that it waits for.";
static const char on_drift[] =
    "The target changed during the phase: warm-up, CPU credits that ran out, or a neighbour. Look at "
    "the percentiles over time before quoting one number.";
static const char on_again[] =
    "Segments were lost, and each loss costs 200 ms or more: the highest percentiles describe the "
    "network, or a target that accepts no more connections. Open fewer of them, or send from a closer"
    " machine.";
static const char on_steal[] =
    "The generator's machine was stopped now and then. Use one that does not share its CPUs.";
static const char on_addresses[] =
    "The load balancer has several nodes, and this run saw only some. Use more connections than there"
    " are addresses.";
static const char on_balance[] =
    "One node of the load balancer got more than its share: see remotes.csv. Use many more connections than "
    "there are addresses.";
static const char on_credits[] =
    "The provider reports CPU credits only after the run: fetch them with `loadgen provision "
    "metrics`, and `loadgen analysis compare` says whether they lasted.";
static const char on_step[] =
    "Durations are right, but dates are not: figures that set this run beside the provider's metrics "
    "are off. Run again when the clock is synchronised.";
static const char on_clocksource[] =
    "The kernel stopped trusting its clock during the run, so durations cannot be trusted either. Run"
    " again, on another machine if need be.";
static const char on_arrivals[] =
    "Requests did not reach the target when they were due: they waited for connections. Give the "
    "stream more connections, or lower the rate.";
static const char on_arrivals_own[] =
    "Requests did not reach the target when they were due: the generator was at its limit (rules R3 and R4). "
    "Use more threads or machines, a quieter machine, or a lower rate.";
static const char on_unexplained[] =
    "The counts contradict each other. This is a bug in loadgen; please report it.";
static const char on_unkept[] =
    "Only the first 4096 ids are kept, so counts and times per instance cover only those, and "
    "evenness is not judged. If {instance} captures something other than an instance, such as a "
    "request id, narrow the expected body.";

/* R18 and R19 speak of several runs: `loadgen analysis compare` says what they say. */
const struct rule rule_table[] = {
    { .name = "R1",
      .scope = RULE_OPEN_STREAM,
      .warn = R1_WARN_PCT,
      .invalid = R1_INVALID_PCT,
      .unit = "%",
      .what = "achieved rate differs from the intended one",
      .measure = rule_measure_rate,
      .advice = on_rate,
      .own_advice = on_rate_own },
    { .name = "R2",
      .scope = RULE_STREAM,
      .p_ppm = 500000,
      .warn = R2_WARN_PCT,
      .invalid = R2_INVALID_PCT,
      .unit = "%",
      .what = "the generator's share of p50",
      .measure = rule_measure_share,
      .advice = on_share,
      .quota_advice = on_quota },
    { .name = "R2",
      .scope = RULE_STREAM,
      .p_ppm = 900000,
      .warn = R2_WARN_PCT,
      .invalid = R2_INVALID_PCT,
      .unit = "%",
      .what = "the generator's share of p90",
      .measure = rule_measure_share,
      .advice = on_share,
      .quota_advice = on_quota },
    { .name = "R2",
      .scope = RULE_STREAM,
      .p_ppm = 990000,
      .warn = R2_WARN_PCT,
      .invalid = R2_INVALID_PCT,
      .unit = "%",
      .what = "the generator's share of p99",
      .measure = rule_measure_share,
      .advice = on_share,
      .quota_advice = on_quota },
    { .name = "R2",
      .scope = RULE_STREAM,
      .p_ppm = 999000,
      .warn = R2_WARN_PCT,
      .invalid = R2_INVALID_PCT,
      .unit = "%",
      .what = "the generator's share of p99.9",
      .measure = rule_measure_share,
      .advice = on_share,
      .quota_advice = on_quota },
    { .name = "R3",
      .scope = RULE_OPEN_STREAM,
      .warn = R3_WARN_PCT,
      .invalid = R3_INVALID_PCT,
      .unit = "%",
      .what = "requests sent late by more than a mean gap and 1 ms",
      .measure = rule_measure_late,
      .advice = on_late,
      .quota_advice = on_quota },
    { .name = "R4",
      .scope = RULE_RUN,
      .warn = R4_WARN_PCT,
      .invalid = R4_INVALID_PCT,
      .unit = "%",
      .what = "the busiest second of a thread",
      .measure = rule_measure_busy_open,
      .advice = on_busy_open,
      .quota_advice = on_quota },
    { .name = "R4",
      .scope = RULE_RUN,
      .warn = R4_CLOSED_WARN_PCT,
      .invalid = NAN,
      .unit = "%",
      .what = "the busiest second of a thread",
      .measure = rule_measure_busy_closed,
      .advice = on_busy_closed,
      .quota_advice = on_quota },
    { .name = "R5",
      .scope = RULE_OPEN_STREAM,
      .warn = R5_WARN_PCT,
      .invalid = R5_INVALID_PCT,
      .unit = "%",
      .what = "due requests that were dropped",
      .measure = rule_measure_dropped,
      .advice = on_dropped,
      .own_advice = on_dropped_own },
    { .name = "R6",
      .scope = RULE_RUN,
      .warn = R6_WARN_MS,
      .invalid = NAN,
      .unit = "ms",
      .what = "the longest time a thread did not look at its sockets",
      .measure = rule_measure_iteration,
      .advice = on_iteration,
      .quota_advice = on_quota },
    { .name = "R7",
      .scope = RULE_STREAM,
      .warn = R7_WARN_N,
      .invalid = NAN,
      .unit = "values",
      .what = "times above the histogram's range of one hour",
      .measure = rule_measure_overflow,
      .advice = on_overflow },
    { .name = "R8",
      .scope = RULE_STREAM,
      .warn = R8_WARN_PCT,
      .invalid = NAN,
      .unit = "%",
      .what = "requests that failed",
      .measure = rule_measure_errors,
      .advice = on_errors },
    { .name = "R8",
      .scope = RULE_STREAM,
      .warn = R8_PORTS_WARN_PCT,
      .invalid = R8_PORTS_INVALID_PCT,
      .unit = "%",
      .what = "requests that failed for want of local ports, descriptors or memory",
      .measure = rule_measure_ports,
      .advice = on_ports },
    { .name = "R9",
      .scope = RULE_THRESHOLD,
      .warn = R9_WARN_N,
      .invalid = NAN,
      .is_least = true,
      .unit = "samples",
      .what = "samples beyond a percentile that a threshold judges",
      .measure = rule_measure_beyond,
      .advice = on_beyond },
    { .name = "R10",
      .scope = RULE_STREAM,
      .warn = R10_WARN_PCT,
      .invalid = NAN,
      .unit = "%",
      .what = "requests still open when the run ended",
      .measure = rule_measure_censored,
      .advice = on_censored },
    { .name = "R11",
      .scope = RULE_STREAM,
      .warn = R11_WARN_PCT,
      .invalid = NAN,
      .unit = "%",
      .what = "change of the median's level during a phase",
      .measure = rule_measure_drift,
      .advice = on_drift },
    { .name = "R12",
      .scope = RULE_RUN,
      .warn = R12_AGAIN_WARN_PCT,
      .invalid = NAN,
      .unit = "%",
      .what = "TCP segments of this machine sent again",
      .measure = rule_measure_again,
      .advice = on_again },
    { .name = "R12",
      .scope = RULE_RUN,
      .warn = R12_STEAL_WARN_PCT,
      .invalid = R12_STEAL_INVALID_PCT,
      .unit = "%",
      .what = "CPU time taken by the hypervisor",
      .measure = rule_measure_steal,
      .advice = on_steal },
    { .name = "R13",
      .scope = RULE_RUN,
      .warn = 100.0,
      .invalid = NAN,
      .is_least = true,
      .unit = "%",
      .what = "of the addresses that the name resolved to were used",
      .measure = rule_measure_addresses,
      .advice = on_addresses },
    { .name = "R13",
      .scope = RULE_RUN,
      .warn = R13_SHARE_WARN,
      .invalid = NAN,
      .unit = "times",
      .what = "connections of the busiest address, against an even share",
      .measure = rule_measure_balance,
      .advice = on_balance },
    { .name = "R14",
      .scope = RULE_CLUSTER,
      .warn = NAN,
      .invalid = NAN,
      .unit = "credits",
      .what = "the lowest balance of CPU credits",
      .measure = rule_measure_credits,
      .advice = on_credits },
    { .name = "R15",
      .scope = RULE_RUN,
      .warn = R15_WARN_MS,
      .invalid = NAN,
      .unit = "ms",
      .what = "step of the wall clock against the monotonic one",
      .measure = rule_measure_step,
      .advice = on_step },
    { .name = "R15",
      .scope = RULE_RUN,
      .warn = NAN,
      .invalid = 0.0,
      .unit = "changes",
      .what = "of the kernel's clock source",
      .measure = rule_measure_clocksource,
      .advice = on_clocksource },
    { .name = "R16",
      .scope = RULE_OPEN_STREAM,
      .warn = R16_WARN,
      .invalid = NAN,
      .unit = "share",
      .what = "largest distance between due and sent requests over time",
      .measure = rule_measure_arrivals,
      .advice = on_arrivals,
      .own_advice = on_arrivals_own },
    { .name = "R17",
      .scope = RULE_STREAM,
      .warn = R17_WARN_PCT,
      .invalid = R17_INVALID_PCT,
      .unit = "%",
      .what = "requests whose end is not accounted for",
      .measure = rule_measure_unexplained,
      .advice = on_unexplained },
    { .name = "R20",
      .scope = RULE_STREAM,
      .warn = R20_WARN_N,
      .invalid = NAN,
      .unit = "answers",
      .what = "ok answers in no instance, for there are more ids than are kept",
      .measure = rule_measure_unkept,
      .advice = on_unkept },
};

const size_t rule_table_n = sizeof rule_table / sizeof *rule_table;
