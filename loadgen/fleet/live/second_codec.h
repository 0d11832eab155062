/* One second's statistics as bytes: what the live view and the thresholds of a fleet need, which is the
 * counts of streams and phases, and the histograms of the headline metric of good and censored attempts. Only
 * what was used is written, a histogram bin by bin, so the size follows the number of distinct times.
 * Instances, addresses, causes and samples stay in the run folders. */
#ifndef FLEET_SECOND_CODEC_H
#define FLEET_SECOND_CODEC_H

#include "hist.h"
#include "pack.h"

#include <stddef.h>
#include <stdint.h>

struct plan;
struct stats;

enum { SECOND_CODEC_VERSION = 3 };

/* Appends the statistics. `more_metrics`, bit by bit, are written in addition to the headline. */
void second_encode(const struct plan *plan, const struct stats *stats, uint32_t more_metrics,
                   struct pack *out);

/* For decoding histograms. */
struct second_scratch {
    struct hist_bin bins[HIST_N_COUNTS];
};

/* Adds encoded statistics, of the same plan, to `into`; values that find no memory are counted there as lost.
 * -1 when the bytes are not such statistics: then nothing was added. */
int second_decode(const uint8_t *bytes, size_t n_bytes, const struct plan *plan,
                  struct second_scratch *scratch, struct stats *into);

#endif
