/* The limits of the rules, in the unit of the check: beyond the first a rule warns, beyond the second it is
 * INVALID. They are proposals, repeated in run.json and checks.csv; those with a precedent name it. */
#ifndef RECORD_RULE_LIMITS_H
#define RECORD_RULE_LIMITS_H

#include "units.h"

#define R1_WARN_PCT    1.0 /* sent in time against the schedule; Lancet accepts 10 % */
#define R1_INVALID_PCT 5.0

#define R3_WARN_PCT    1.0 /* late sends; Fortio warns at 5 % late sleeps */
#define R3_INVALID_PCT 5.0
#define R3_LATE_NS     NS_PER_MS /* late: by more than a mean gap, and at least this */
#define R3_LATE_LEAST  10        /* fewer late sends mean nothing */

#define RULE_BUSY_PCT 90.0 /* a thread this busy has hardly any time to spare */
#define R4_WARN_PCT   10.0 /* seconds in which a thread was */

#define R5_WARN_PCT    0.0 /* dropped arrivals */
#define R5_INVALID_PCT 0.1

#define R6_WARN_MS       10.0 /* longest time a thread did not poll its sockets */
#define R6_SHARE_OF_TIME 0.10 /* and this share of the longest time (WARN) or of p99 (INVALID) */
#define R6_SHARE_OF_RUN  0.01 /* INVALID: long enough to affect one request in a hundred */

#define R7_WARN_N          0.0 /* values above the histogram's range */
#define R7_SHARE_OF_BEYOND 0.1 /* INVALID: of the samples beyond a quoted percentile */

#define R8_WARN_PCT          0.1 /* failed requests are a result, so they never make a run INVALID, */
#define R8_PORTS_WARN_PCT    0.1 /* unless this machine had no port, descriptor or memory left */
#define R8_PORTS_INVALID_PCT 1.0

#define R9_WARN_N 10.0 /* samples beyond a threshold's percentile, at least */

#define R11_WARN_PCT 5.0 /* change of the median within a phase of steady load, as level.h finds it */

#define R12_AGAIN_WARN_PCT    0.1 /* TCP retransmissions */
#define R12_AGAIN_LEAST       10
#define R12_STEAL_WARN_PCT    1.0 /* CPU time taken by the hypervisor */
#define R12_STEAL_INVALID_PCT 5.0
#define R12_TICKS_LEAST       100 /* of fewer clock ticks, a single one exceeds 1 % */

#define R15_WARN_MS 1.0 /* step between the clocks */

#define R16_WARN     0.02 /* distance between the curves of due and sent requests, each from 0 to 1, */
#define R16_CRITICAL 1.63 /* above this / sqrt(n): Smirnov's critical value at level 0.01 */

#define R17_WARN_PCT    0.0 /* requests not accounted for */
#define R17_INVALID_PCT 0.01

#define R20_WARN_N 0.0 /* responses in no instance */

#define R21_WARN_PCT 2.5 /* time in which the threads had work and did not run */
#define R23_WARN_PCT 5.0 /* processor time of other programs, if loadgen was delayed */
#define R24_WARN_PCT 1.0 /* periods in which the CPU quota was used up */

#define R25_WARN_PCT 50.0      /* of a median that is the round trip to the target, */
#define R25_LEAST_NS NS_PER_MS /* which is never far if it is shorter than this */

#define R26_INVALID_N 0.0 /* packets beyond what the instance type allows */

/* A share against the other generators. */
#define R27_START_WARN_MS    50.0
#define R27_START_INVALID_MS 1000.0 /* a second of the whole load is not what was asked for */
#define R27_DRIFT_WARN_MS    50.0

#define R28_WARN_PCT 10.0 /* sessions that were cut off: their times are known only as lower bounds */
#define R29_WARN_N   0.0  /* answers that found no room in the pool of bodies */
#define R30_WARN_PCT 1.0  /* sessions that took longer than their pace */

/* HTTP/2 */
#define R31_WARN_PCT 100.0 /* of the streams asked for per connection, those that the peer allowed */
#define R32_WARN_N   0.0   /* GOAWAY frames with an error */
#define R33_WARN_PCT 0.1   /* requests that were refused at first */
#define R34_WARN_N   0.0   /* streams reset with ENHANCE_YOUR_CALM */
#define R35_WARN_PCT 5.0   /* of the connections' time, in which request bodies waited for a window */

/* A percentile is quoted if at least this many samples lie beyond it; rules use quoted ones only. */
#define QUOTED_BEYOND_LEAST 10

#endif
