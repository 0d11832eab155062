/* What an instance did in each of the last 7200 seconds, in a ring: stands in for CloudWatch's metrics of
 * EC2. */
#ifndef PROVISION_SERIES_H
#define PROVISION_SERIES_H

#include <stdint.h>
#include <stdio.h>

enum { SERIES_SECONDS = 7200 };

struct series_second {
    uint64_t unix_s; /* 0: unused */
    uint64_t requests_n;
    uint64_t cpu_ns; /* CPU time used by all vCPUs together */
    uint64_t rx_bytes;
    uint64_t tx_bytes;
    double credits_spent;
    double credit_balance; /* at the last look within the second; NaN: none */
};

struct series {
    struct series_second ring[SERIES_SECONDS];
};

/* The slot of the second, cleared if it held an older one; NULL if it already holds a newer one. */
struct series_second *series_at(struct series *s, uint64_t unix_s);
/* Spreads CPU time evenly over the seconds from start to end, in ns since the epoch. */
void series_add_cpu(struct series *s, uint64_t start_ns, uint64_t end_ns, uint64_t cpu_ns);

/* The columns of series_write. */
#define SERIES_HEADER "unix_s,requests_n,cpu_ns,rx_bytes,tx_bytes,credits_spent,credit_balance"
/* Writes the header and one row per second up to `now_s`, in order. */
void series_write(const struct series *s, uint64_t now_s, FILE *out);

#endif
