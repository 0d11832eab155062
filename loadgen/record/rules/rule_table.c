#include "address_use.h"
#include "rule.h"
#include "rule_limits.h"

#include <math.h>

/* What to do, short enough for the summary's one line; docs/marks.md has more. The summary shows a rule that
 * was missed with its value and this; without advice it shows nothing, since the table or a claim has the
 * number already. */
static const char on_waiting[] = "Lower the rate, or raise -c.";
static const char on_dropped[] = "Lower the rate, or raise -c.";
static const char on_stopped[] = "Look for a debugger, a signal or the hypervisor.";
static const char on_quota[] = "Raise the CPU quota of its container.";
static const char on_overflow[] = "Set a timeout below one hour.";
static const char on_ports[] = "Keep connections alive, or --bind several addresses.";
static const char on_beyond[] = "Run longer, or judge a lower percentile.";
static const char on_drift[] = "Look at the times over time before quoting one.";
static const char on_again[] = "Losses cost 200 ms each: open fewer connections.";
static const char on_steal[] = "Use dedicated processors.";
static const char on_credits[] = "`loadgen provision metrics` fetches them.";
static const char on_step[] = "Durations are right, dates are not.";
static const char on_start[] = "Until then the target bore less than the whole load.";
static const char on_clock_drift[] =
    "Durations are right, dates are not: run an NTP client on every generator.";
static const char on_clocksource[] = "Run again, on another machine if need be.";
static const char on_unexplained[] = "This is a bug in loadgen; please report it.";
static const char on_cut[] = "Run longer, or raise `finish`.";
static const char on_pool[] = "Look at fewer bodies at once: fewer users, or a lower body_most.";
static const char on_pace[] = "The load is lower than planned: more users, or a longer pace.";
static const char on_refused[] = "They were sent again; ask for fewer streams per connection.";
static const char on_calm[] = "The peer takes this load for an attack: raise its limit, or lower the load.";
static const char on_held_up[] = "Uploads wait for the peer's window rather than for the network.";
static const char on_unkept[] = "Only 4096 ids are kept: narrow what {instance} captures.";

#define ROW(row_name, row_scope, row_warn, row_invalid, row_unit, row_what)                                  \
    .name = (row_name), .scope = (row_scope), .warn = (row_warn), .invalid = (row_invalid),                  \
    .unit = (row_unit), .what = (row_what)

/* The generator's share of the times (once R2) and requests cut off by the end (once R10) are judged by
 * claims; R18 and R19 are about several runs. */
const struct rule rule_table[] = {
    { ROW("R1", RULE_OPEN_STREAM, R1_WARN_PCT, R1_INVALID_PCT, "%",
          "achieved rate differs from the intended one"),
      .measure = rule_measure_rate, .advice = on_waiting, .own_advice = "" },
    { ROW("R3", RULE_DUE_STREAM, R3_WARN_PCT, R3_INVALID_PCT, "%",
          "requests sent late by more than a mean gap and 1 ms"),
      .measure = rule_measure_late, .advice = "" },
    { ROW("R5", RULE_OPEN_STREAM, R5_WARN_PCT, R5_INVALID_PCT, "%", "due requests that were dropped"),
      .measure = rule_measure_dropped, .advice = on_dropped, .own_advice = "" },
    { ROW("R6", RULE_RUN, R6_WARN_MS, NAN, "ms", "the longest time a thread did not look at its sockets"),
      .measure = rule_measure_iteration, .advice = on_stopped, .is_symptom = true },
    { ROW("R7", RULE_STREAM, R7_WARN_N, NAN, "values", "times above the histogram's range of one hour"),
      .measure = rule_measure_overflow, .advice = on_overflow },
    { ROW("R8", RULE_STREAM, R8_WARN_PCT, NAN, "%", "requests that failed"), .measure = rule_measure_errors,
      .advice = "" },
    { ROW("R8", RULE_STREAM, R8_PORTS_WARN_PCT, R8_PORTS_INVALID_PCT, "%",
          "requests that failed for lack of local ports, descriptors or memory"),
      .measure = rule_measure_ports, .advice = on_ports },
    { ROW("R9", RULE_THRESHOLD, R9_WARN_N, NAN, "samples",
          "samples beyond a percentile that a threshold judges"),
      .is_least = true, .measure = rule_measure_beyond, .advice = on_beyond },
    { ROW("R11", RULE_STREAM, R11_WARN_PCT, NAN, "%", "change of the median's level during a phase"),
      .measure = rule_measure_drift, .advice = on_drift },
    { ROW("R12", RULE_RUN, R12_AGAIN_WARN_PCT, NAN, "%", "TCP segments of this machine sent again"),
      .measure = rule_measure_again, .advice = on_again },
    { ROW("R13", RULE_RUN, ADDRESS_USE_PART_WARN, NAN, ADDRESS_USE_PART_UNIT, ADDRESS_USE_PART_WHAT),
      .is_least = true, .measure = rule_measure_addresses, .advice = ADDRESS_USE_PART_ADVICE },
    { ROW("R13", RULE_RUN, ADDRESS_USE_SHARE_WARN, NAN, ADDRESS_USE_SHARE_UNIT, ADDRESS_USE_SHARE_WHAT),
      .measure = rule_measure_balance, .advice = ADDRESS_USE_SHARE_ADVICE },
    { ROW("R14", RULE_CLUSTER, NAN, NAN, "credits", "the lowest balance of CPU credits"),
      .measure = rule_measure_credits, .advice = on_credits },
    { ROW("R15", RULE_RUN, R15_WARN_MS, NAN, "ms", "step of the wall clock against the monotonic one"),
      .measure = rule_measure_step, .advice = on_step },
    { ROW("R15", RULE_RUN, NAN, 0.0, "changes", "of the kernel's clock source"),
      .measure = rule_measure_clocksource, .advice = on_clocksource },
    { ROW("R16", RULE_OPEN_STREAM, R16_WARN, NAN, "share",
          "largest distance between due and sent requests over time"),
      .measure = rule_measure_arrivals, .advice = on_waiting, .own_advice = "" },
    { ROW("R17", RULE_STREAM, R17_WARN_PCT, R17_INVALID_PCT, "%", "requests whose end is not accounted for"),
      .measure = rule_measure_unexplained, .advice = on_unexplained },
    { ROW("R20", RULE_STREAM, R20_WARN_N, NAN, "answers",
          "ok answers without an instance: there were more ids than are kept"),
      .measure = rule_measure_unkept, .advice = on_unkept },
    { ROW("R21", RULE_RUN, R21_WARN_PCT, NAN, "%", "time in which loadgen had work and did not run"),
      .measure = rule_measure_stopped, .advice = on_stopped, .is_symptom = true },
    { ROW("R22", RULE_STREAM, NAN, NAN, "%", "messages too large for the kernel's buffers"),
      .measure = rule_measure_large, .advice = "" },
    { ROW("R25", RULE_STREAM, R25_WARN_PCT, NAN, "%", "of the median is the round trip to the target"),
      .measure = rule_measure_round_trip, .advice = "" },

    { ROW("R28", RULE_SESSION_STREAM, R28_WARN_PCT, NAN, "%", "sessions that were cut off"),
      .measure = rule_measure_cut, .advice = on_cut },
    { ROW("R29", RULE_SESSION_STREAM, R29_WARN_N, NAN, "answers",
          "failed because the memory for bodies was full"),
      .measure = rule_measure_pool, .advice = on_pool },
    { ROW("R30", RULE_SESSION_STREAM, R30_WARN_PCT, NAN, "%", "sessions that took longer than their pace"),
      .measure = rule_measure_paces, .advice = on_pace },

    { ROW("R31", RULE_HTTP2_STREAM, R31_WARN_PCT, NAN, "%", "concurrency allowed, of that asked for"),
      .is_least = true, .measure = rule_measure_allowed, .advice = "" },
    { ROW("R32", RULE_HTTP2_STREAM, R32_WARN_N, NAN, "connections",
          "ended by the peer with an error (GOAWAY)"),
      .measure = rule_measure_goaway_errors, .advice = "" },
    { ROW("R33", RULE_HTTP2_STREAM, R33_WARN_PCT, NAN, "%", "requests refused at first (REFUSED_STREAM)"),
      .measure = rule_measure_refused, .advice = on_refused },
    { ROW("R34", RULE_HTTP2_STREAM, R34_WARN_N, NAN, "requests", "reset with ENHANCE_YOUR_CALM"),
      .measure = rule_measure_calm, .advice = on_calm },
    { ROW("R35", RULE_HTTP2_STREAM, R35_WARN_PCT, NAN, "%",
          "connections' time in which request bodies waited for a window"),
      .measure = rule_measure_held_up, .advice = on_held_up },

    /* Who delayed the generator. */
    { ROW("R4", RULE_RUN, R4_WARN_PCT, NAN, "%", "seconds in which a thread was more than 90 % busy"),
      .measure = rule_measure_busy, .advice = "" },
    { ROW("R12", RULE_RUN, R12_STEAL_WARN_PCT, R12_STEAL_INVALID_PCT, "%",
          "processor time taken by the hypervisor"),
      .measure = rule_measure_steal, .advice = on_steal },
    { ROW("R26", RULE_RUN, NAN, R26_INVALID_N, "packets",
          "held back or dropped by AWS: beyond what the instance type allows"),
      .measure = rule_measure_allowances, .advice = "" },
    { ROW("R27", RULE_RUN, R27_START_WARN_MS, R27_START_INVALID_MS, "ms",
          "after the common start the first request could be sent"),
      .measure = rule_measure_start, .advice = on_start },
    { ROW("R27", RULE_RUN, R27_DRIFT_WARN_MS, NAN, "ms",
          "drift of the wall clock from the first generator's"),
      .measure = rule_measure_clock_drift, .advice = on_clock_drift },
    { ROW("R23", RULE_RUN, R23_WARN_PCT, NAN, "%", "other programs' CPU time"),
      .measure = rule_measure_others, .advice = "" },
    { ROW("R24", RULE_RUN, R24_WARN_PCT, NAN, "%", "periods in which the CPU quota was used up"),
      .measure = rule_measure_quota, .advice = on_quota },
};

const size_t rule_table_n = sizeof rule_table / sizeof *rule_table;
