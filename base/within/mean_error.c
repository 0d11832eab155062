#include "mean_error.h"

#include "lag1.h"
#include "mean.h"

#include <math.h>

enum { N_COSINES = 4 };
static const double T_OF_4 = 2.776445; /* 97.5 % quantile of Student's t */
static const double PHI_MOST = .97, PHI_U_MOST = .98;

/* The sum of squared cosine transforms of e_t = z_t - phi_u z_{t-1}, divided by their number. */
static double cosine_variance(const double *x, size_t m, double mean, double phi_u)
{
    const size_t n = m - 1;
    double e_mean = 0, variance = 0;
    for (size_t t = 1; t < m; t++)
        e_mean += ((x[t] - mean) - phi_u * (x[t - 1] - mean)) / (double)n;
    for (int k = 1; k <= N_COSINES; k++) {
        double sum = 0;
        for (size_t i = 1; i <= n; i++) {
            const double e = (x[i] - mean) - phi_u * (x[i - 1] - mean) - e_mean;
            sum += e * cos(M_PI * k * ((double)i - .5) / (double)n);
        }
        variance += 2 / (double)n * sum * sum / N_COSINES;
    }
    return variance;
}

struct mean_error mean_error_of(const double *x, size_t m, double r_other)
{
    const double mean = mean_of(x, m), size = (double)m;
    struct mean_error error = { .r = fmax(lag1_of(x, m, mean), r_other) };
    error.phi = fmin(PHI_MOST, fmax(0, (error.r + 1 / size) / (1 - 3 / size)));
    error.phi_u = fmin(PHI_U_MOST, error.phi + 3 * sqrt((1 - error.phi * error.phi) / size));
    error.variance = cosine_variance(x, m, mean, error.phi_u) / ((1 - error.phi_u) * (1 - error.phi_u));
    error.half_width = T_OF_4 * sqrt(error.variance / size);
    return error;
}
