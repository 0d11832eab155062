/* CPU credits of a burstable instance, as a token bucket shared by its vCPUs: one credit is one vCPU at full
 * speed for one minute. Work that the balance covers runs at full speed; other work runs at the baseline.
 * Credits are earned all the time: an instance without a balance settles at the baseline when all vCPUs are
 * busy, and above it when some are idle. Source: Amazon EC2 User Guide, "Key concepts and definitions for
 * burstable performance instances". Pure: time is a parameter. */
#ifndef PROVISION_CPU_CREDITS_H
#define PROVISION_CPU_CREDITS_H

#include <stdbool.h>
#include <stdint.h>

struct cpu_credits_terms {
    bool limited; /* false: no credits, always full speed */
    double earned_per_hour;
    double most;           /* what can be saved */
    double baseline_ratio; /* speed of a vCPU without credits: 0.3 */
    double clock_factor;   /* spending and earning are this many times faster than the clock */
};

struct cpu_credits {
    struct cpu_credits_terms terms;
    double balance; /* at `at_ns`; below 0 while work done at the baseline is paid off */
    double spent;   /* since the start */
    uint64_t at_ns;
};

void cpu_credits_init(struct cpu_credits *c, const struct cpu_credits_terms *terms, double balance,
                      uint64_t now_ns);
/* Pays for `cpu_ns` of work that starts at `start_ns` and returns its speed, 1 or the baseline. A start
 * before the previous one counts as that one. */
double cpu_credits_spend(struct cpu_credits *c, uint64_t start_ns, uint64_t cpu_ns);
/* The balance at `now_ns`, never below 0. */
double cpu_credits_balance(const struct cpu_credits *c, uint64_t now_ns);

#endif
