/* A value with its interval. */
#ifndef STATISTICS_DECIDE_INTERVAL_H
#define STATISTICS_DECIDE_INTERVAL_H

struct decide_interval {
    double value, lo, hi; /* NAN: unknown */
};

#endif
