/* Multiple testing: adjusts p-values so that the chance of any false claim in the family stays below the
 * level. S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
 * Statistics 6, 1979. */
#ifndef STATISTICS_HOLM_H
#define STATISTICS_HOLM_H

#include <stddef.h>

/* Writes the adjusted p[i], at most 1, to adjusted[i]: reject where it is at most the level. A NAN p (no
 * test) stays NAN and does not count as a member of the family. */
void holm_adjust(const double *p, size_t n, double *adjusted);

#endif
