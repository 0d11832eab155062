#include "density.h"

#include "hist.h"

#include <math.h>

static double log_middle(uint32_t index)
{
    return log(fmax(0.5 * ((double)hist_lowest_ns(index) + (double)hist_highest_ns(index)), 0.5));
}

static double bandwidth(const struct hist *h)
{
    double sum = 0, sum_squares = 0;
    for (uint32_t i = hist_first(h), last = hist_last(h); i <= last; i++) {
        const double x = hist_count(h, i) ? log_middle(i) : 0;
        sum += (double)hist_count(h, i) * x;
        sum_squares += (double)hist_count(h, i) * x * x;
    }
    const double n = (double)h->n;
    const double sd = sqrt(fmax(sum_squares / n - (sum / n) * (sum / n), 0));
    const double iqr =
        log((double)hist_value_at_ppm(h, 750000) + 1) - log((double)hist_value_at_ppm(h, 250000) + 1);
    const double spread = iqr > 0 ? fmin(sd, iqr / 1.34) : sd;
    return fmax(0.9 * spread * pow(n, -0.2), 1.0 / 1024);
}

void density_of_hist(const struct hist *h, double lo_ns, double hi_ns, size_t n, double *value_ns,
                     double *density)
{
    const double width = bandwidth(h);
    const double scale = 1 / ((double)h->n * width * sqrt(2 * acos(-1)));
    for (size_t i = 0; i < n; i++) {
        const double at = log(lo_ns) + log(hi_ns / lo_ns) * (double)i / (double)(n - 1);
        value_ns[i] = exp(at);
        density[i] = 0;
        for (uint32_t k = hist_first(h), last = hist_last(h); k <= last; k++) {
            const double z = hist_count(h, k) ? (log_middle(k) - at) / width : INFINITY;
            if (fabs(z) < 5)
                density[i] += (double)hist_count(h, k) * exp(-0.5 * z * z) * scale;
        }
    }
}
