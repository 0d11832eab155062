/* What the requests of a log are, found while they are read: their groups, hosts, statuses and times. */
#ifndef IMPORT_LOG_SUMMARY_H
#define IMPORT_LOG_SUMMARY_H

#include "log_entry.h"
#include "log_groups.h"
#include "log_origins.h"

enum { LOG_STATUSES = 600 };

struct log_summary {
    struct log_groups groups;
    struct log_origins origins;
    uint64_t n, n_http2, first_ns, last_ns;
    uint64_t n_by_status[LOG_STATUSES];
    bool has_agents, has_referers, has_times;
};

int log_summary_count(struct log_summary *s, const struct log_entry *entry, struct err *e);

#endif
