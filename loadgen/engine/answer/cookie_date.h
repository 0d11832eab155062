/* The dates of cookies (RFC 6265 section 5.1.1): any order of day, month, year and time is understood. */
#ifndef ENGINE_COOKIE_DATE_H
#define ENGINE_COOKIE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Seconds since the epoch; false when it is no date. */
bool cookie_date_parse(const char *text, size_t n_bytes, int64_t *seconds);

#endif
