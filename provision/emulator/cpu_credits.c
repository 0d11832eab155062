#include "cpu_credits.h"

#define NS_PER_MINUTE 60e9
#define NS_PER_HOUR   3600e9

void cpu_credits_init(struct cpu_credits *c, const struct cpu_credits_terms *terms, double balance,
                      uint64_t now_ns)
{
    *c = (struct cpu_credits){ .terms = *terms, .balance = balance, .at_ns = now_ns };
}

static double balance_at(const struct cpu_credits *c, uint64_t now_ns)
{
    if (now_ns <= c->at_ns)
        return c->balance;
    const double earned =
        (double)(now_ns - c->at_ns) / NS_PER_HOUR * c->terms.earned_per_hour * c->terms.clock_factor;
    /* Launch credits may exceed the maximum: they are kept, but nothing is added to them. */
    if (c->balance + earned <= c->terms.most)
        return c->balance + earned;
    return c->balance > c->terms.most ? c->balance : c->terms.most;
}

double cpu_credits_spend(struct cpu_credits *c, uint64_t start_ns, uint64_t cpu_ns)
{
    if (!c->terms.limited)
        return 1;
    const double price = (double)cpu_ns / NS_PER_MINUTE * c->terms.clock_factor;
    c->balance = balance_at(c, start_ns);
    if (start_ns > c->at_ns)
        c->at_ns = start_ns;
    const double speed = c->balance >= price ? 1 : c->terms.baseline_ratio;
    c->balance -= price;
    c->spent += price;
    return speed;
}

double cpu_credits_balance(const struct cpu_credits *c, uint64_t now_ns)
{
    const double balance = balance_at(c, now_ns);
    return c->terms.limited && balance > 0 ? balance : 0;
}
