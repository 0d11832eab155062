/* Quantities as people write them (`1h30m`, `5k`, `64KiB`, `2k/s`) to plain numbers and back. Inside the
 * programs only nanoseconds, bytes, counts and events per second exist; text is converted here and nowhere
 * else. */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include <stdint.h>

#define NS_PER_US UINT64_C(1000)
#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S  UINT64_C(1000000000)

enum { UNITS_TEXT_BYTES = 32 };

/* Each parser reads the whole text, returns 0 and stores the number, or returns -1 and stores nothing: empty
 * text, an unknown unit, a sign, trailing characters and overflow are all refused. The matching UNITS_*_FORM
 * describes what is valid. */

/* `500ms`, `10s`, `1h30m`, `1.5s`, `250us`, `100ns`, `0`; a number without unit is refused unless it is 0. */
int units_parse_duration_ns(const char *text, uint64_t *ns);
/* `500`, `5k`, `2M`, `1.5k`, `1e6`; the result must be whole. */
int units_parse_count(const char *text, uint64_t *count);
/* `4096`, `64KiB`, `1MiB`, `10kB`, `2MB`, `1GiB`. */
int units_parse_size_bytes(const char *text, uint64_t *bytes);
/* `500/s`, `2k/s`, `100/ms`, `6000/m`, `36000/h`, or a bare number, which means per second. Above 0. */
int units_parse_rate_per_s(const char *text, double *per_s);
/* The same, and 0, where a ramp begins or ends. */
int units_parse_rate_or_0_per_s(const char *text, double *per_s);
/* A decimal number in C notation, finite. */
int units_parse_real(const char *text, double *value);

#define UNITS_DURATION_FORM "a duration such as 500ms, 10s or 1h30m"
#define UNITS_COUNT_FORM    "a whole number such as 500, 5k or 2M"
#define UNITS_SIZE_FORM     "a size such as 4096, 64KiB or 1MB"
#define UNITS_RATE_FORM     "a rate such as 500/s, 2k/s or 6000/m"

/* For people: three significant digits; returns `out`, which has UNITS_TEXT_BYTES. */
const char *units_duration_text(uint64_t ns, char *out);  /* "2.31 ms", "41 s", "1 min 30 s" */
const char *units_duration_exact(uint64_t ns, char *out); /* "10s", "1500ms": as it is parsed */
const char *units_time_text(uint64_t ns, char *out);      /* the same in one unit, for columns: "90.0 s" */
const char *units_number_text(double value, char *out);   /* "2.31", "14.7", "398", "12 500" */
const char *units_limit_text(double value, char *out);    /* a limit as it was set: "2.5", "10", "12 500" */
const char *units_count_text(uint64_t count, char *out);  /* "12 500", a thin grouping by spaces */
const char *units_bytes_text(uint64_t bytes, char *out);  /* "64.0 KiB" */
const char *units_bytes_per_s_text(double per_s, char *out); /* "23.6 MB/s", powers of 1000 */

#endif
