/* The times of HAR files: ISO 8601 with a fraction and a zone. */
#ifndef IMPORT_HAR_TIME_H
#define IMPORT_HAR_TIME_H

#include <stdint.h>

/* Nanoseconds since the epoch; 0 for what is no time. */
uint64_t har_time_ns(const char *text);

#endif
