/* The load on an arm in words without names, so that equal loads have equal words. */
#ifndef LOAD_H
#define LOAD_H

#include <stddef.h>

struct dataset;

enum { LOAD_TEXT_BYTES = 600 };

/* "closed, 2 users, 2 connections: 1 000 requests" or "poisson, 256 connections: warm-up at 500/s, 2 000/s";
 * streams are separated by "; ". Without durations, which are only known as measured. `out` holds
 * LOAD_TEXT_BYTES; returns it. */
const char *load_words(const struct dataset *data, size_t arm, char *out);
/* The same without connections, which carry a load over HTTP/1.1 and HTTP/2 in different numbers. */
const char *load_without_connections(const struct dataset *data, size_t arm, char *out);
/* "HTTP/1.1", "HTTP/2", "HTTP/1.1 and HTTP/2". Constant. */
const char *load_protocol(const struct dataset *data, size_t arm);
/* Total duration of its measured phases with a rate or duration, in seconds; 0 when all are numbers of
 * requests. */
double load_timed_s(const struct dataset *data, size_t arm);

#endif
