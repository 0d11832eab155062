/* A histogram as bytes: its bins in use, and its exact minimum, maximum and sum. */
#ifndef FLEET_HIST_CODEC_H
#define FLEET_HIST_CODEC_H

#include "hist.h"
#include "pack.h"

/* Appends the histogram. A count above UINT32_MAX cannot be read back: no second has one. */
void hist_encode(const struct hist *h, struct pack *out);

/* Reads one: a compact histogram whose list is `bins`, room for HIST_N_COUNTS, borrowed; for hist_merge only.
 * Empty when the bytes are bad. */
struct hist hist_decode(struct unpack *in, struct hist_bin *bins);

#endif
