#include "hist_moments.h"

#include <math.h>

double hist_mean_ns(const struct hist *h)
{
    return h->n > 0 ? (double)h->sum_ns / (double)h->n : NAN;
}

static double middle_ns(uint32_t index)
{
    return 0.5 * ((double)hist_lowest_ns(index) + (double)hist_highest_ns(index));
}

/* Twice over the bins, since the mean of their middles is not the exact one. */
double hist_stdev_ns(const struct hist *h)
{
    double sum = 0, squares = 0;
    for (uint32_t i = hist_first(h), last = hist_last(h); i <= last; i++)
        sum += (double)hist_count(h, i) * middle_ns(i);
    const double mean = sum / (double)h->n;
    for (uint32_t i = hist_first(h), last = hist_last(h); i <= last; i++)
        squares += (double)hist_count(h, i) * (middle_ns(i) - mean) * (middle_ns(i) - mean);
    return h->n > 0 ? sqrt(squares / (double)h->n) : NAN;
}
