/* The load that an arm of a run was put under, in words without names, so that two arms under the same load
 * have the same words. */
#ifndef LOAD_H
#define LOAD_H

#include <stddef.h>

struct dataset;

enum { LOAD_TEXT_BYTES = 600 };

/* "closed, 2 users: 1 000 requests" or "poisson, 256 connections: warm-up at 500/s, 2 000/s", streams
 * separated by "; ". Durations are left out, since they are known as measured only. `out` has
 * LOAD_TEXT_BYTES; returns it. */
const char *load_words(const struct dataset *data, size_t arm, char *out);
/* How long its measured phases at a rate or for a duration took together, in seconds; 0 when all of them are
 * numbers of requests. */
double load_timed_s(const struct dataset *data, size_t arm);

#endif
