/* The quantile shift function: by how much each percentile of B lies above that of A. It shows whether a
 * cluster is slower throughout or only in the tail. (K. Doksum, Annals of Statistics 2, 1974.) */
#ifndef STATISTICS_SHIFT_H
#define STATISTICS_SHIFT_H

#include <stddef.h>
#include <stdint.h>

struct hist;

/* Writes Q_B(p) - Q_A(p) in nanoseconds for each percentile, by nearest rank. Both histograms must hold
 * something. */
void shift_function(const struct hist *a, const struct hist *b, const uint32_t *p_ppm, size_t n,
                    int64_t *shift_ns);

#endif
