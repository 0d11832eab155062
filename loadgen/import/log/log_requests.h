/* The file of recorded requests that is made of a log (docs/replay.md). */
#ifndef IMPORT_LOG_REQUESTS_H
#define IMPORT_LOG_REQUESTS_H

#include "log_entry.h"
#include "log_summary.h"

#include <stdbool.h>
#include <stdio.h>

struct log_requests {
    FILE *file;                        /* borrowed */
    const struct log_summary *summary; /* borrowed */
    bool has_hosts;                    /* each request names its host */
};

void log_requests_begin(const struct log_requests *r);
/* Entries come in the order in which they are due. Write errors stay in the stream. */
void log_requests_put(const struct log_requests *r, const struct log_entry *entry);

#endif
