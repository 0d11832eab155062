#include "log_summary.h"

int log_summary_count(struct log_summary *s, const struct log_entry *entry, struct err *e)
{
    if (s->n++ == 0)
        s->first_ns = s->last_ns = entry->due_ns;
    s->first_ns = entry->due_ns < s->first_ns ? entry->due_ns : s->first_ns;
    s->last_ns = entry->due_ns > s->last_ns ? entry->due_ns : s->last_ns;
    s->n_http2 += entry->is_http2;
    s->n_by_status[entry->status < LOG_STATUSES ? entry->status : 0]++;
    s->has_agents = s->has_agents || *entry->agent;
    s->has_referers = s->has_referers || *entry->referer;
    s->has_times = s->has_times || entry->took_ns != LOG_UNKNOWN;
    log_origins_count(&s->origins, entry->origin);
    return log_groups_count(&s->groups, entry->method, entry->path, e);
}
