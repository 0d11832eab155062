#include "stats_merge.h"

#include "names.h"

static void merge_hist(struct stats *into, struct hist **slot, const struct hist *from)
{
    if (!from || from->n + from->n_lost == 0)
        return;
    struct hist *h = stats_make_hist(into, slot);
    if (!h)
        return;
    hist_merge(h, from);
    into->n_lost += h->n_lost;
    h->n_lost = 0;
}

static void merge_times(struct stats_times *into, const struct stats_times *from, struct names_map *instances)
{
    for (int m = 0; m < N_METRICS; m++)
        merge_hist(into->stats, &into->metrics[m], from->metrics[m]);
    for (uint32_t i = 0; i < from->n_instances; i++) {
        if (!from->instances[i])
            continue;
        const uint32_t number = instances ? names_map_get(instances, i) : i;
        struct hist **slot = number == NAMES_NONE ? NULL : stats_make_instance(into, number);
        if (slot)
            merge_hist(into->stats, slot, from->instances[i]);
    }
}

static void merge_cell(struct stats *into, const struct stats *from, uint32_t index,
                       struct names_map *instances)
{
    const struct stats_cell *cell = &from->cells[index];
    into->cells[index].n_late += cell->n_late;
    for (int o = 0; o < N_OUTCOMES; o++) {
        into->cells[index].n_outcomes[o] += cell->n_outcomes[o];
        struct stats_times *times = cell->times[o] ? stats_times(into, index, (enum outcome)o) : NULL;
        if (times)
            merge_times(times, cell->times[o], instances);
    }
}

static void merge_sessions(struct stats_sessions *into, const struct stats_sessions *from)
{
    into->n_due += from->n_due;
    into->n_begun += from->n_begun;
    into->n_late_paces += from->n_late_paces;
    into->n_renewed += from->n_renewed;
    into->n_pool_full += from->n_pool_full;
    into->n_cookies_dropped += from->n_cookies_dropped;
}

static void merge_stream(struct stats_stream *into, const struct stats_stream *from, bool is_later)
{
    into->n_intended += from->n_intended;
    into->n_backlog_most += from->n_backlog_most;
    into->n_sent += from->n_sent;
    again_counts_merge(&into->again, &from->again);
    into->n_large += from->n_large;
    into->n_conn_new += from->n_conn_new;
    for (int warmup = 0; warmup < 2; warmup++) {
        into->bytes[warmup].rx += from->bytes[warmup].rx;
        into->bytes[warmup].tx += from->bytes[warmup].tx;
    }
    status_counts_merge(&into->statuses, &from->statuses);
    merge_sessions(&into->sessions, &from->sessions);
    if (is_later)
        http2_counts_follow(&into->http2, &from->http2);
    else
        http2_counts_merge(&into->http2, &from->http2);
}

static void merge(struct stats *into, const struct stats *from, struct names_map *instances, bool is_later)
{
    for (uint32_t i = 0; i < from->n_streams; i++)
        merge_stream(&into->streams[i], &from->streams[i], is_later);
    for (uint32_t i = 0; i < from->n_cells; i++)
        merge_cell(into, from, i, instances);
    for (uint32_t i = 0; i < from->n_causes; i++)
        stats_add_cause(into, &from->causes[i]);
    if (into->end_ns == 0 || from->start_ns < into->start_ns)
        into->start_ns = from->start_ns;
    if (from->end_ns > into->end_ns)
        into->end_ns = from->end_ns;
    into->n_lost += from->n_lost;
}

void stats_merge(struct stats *into, const struct stats *from, struct names_map *instances)
{
    merge(into, from, instances, false);
}

void stats_add_second(struct stats *run, const struct stats *second)
{
    merge(run, second, NULL, true);
}

void stats_merge_remotes(struct stats *into, const struct stats *from, struct names_map *remotes)
{
    for (uint32_t i = 0; i < from->n_remotes; i++) {
        const uint32_t number = names_map_get(remotes, i);
        if (number == NAMES_NONE)
            continue;
        if (number >= into->n_remotes)
            into->n_remotes = number + 1;
        for (uint32_t s = 0; s < from->n_streams; s++) {
            const struct stats_remote row = stats_remote_known(from, s, i);
            struct stats_remote *sum = stats_remote(into, s, number);
            if (!sum)
                return;
            sum->n_connections += row.n_connections;
            sum->n_done += row.n_done;
            sum->n_err += row.n_err;
            sum->rtt_ns = stats_shorter_ns(sum->rtt_ns, row.rtt_ns);
            merge_hist(into, &sum->service, row.service);
        }
    }
}
