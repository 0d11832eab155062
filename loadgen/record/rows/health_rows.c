#include "health_rows.h"

#include "csv.h"
#include "seconds.h"

double health_utilisation(const struct second_thread *t)
{
    const double share = t->span_ns > 0 ? (double)t->health.busy_ns / (double)t->span_ns : 0;
    return share < 1 ? share : 1;
}

static void times(struct csv_writer *w, const struct hist *h)
{
    if (h->n == 0) {
        csv_empty(w);
        csv_empty(w);
        csv_empty(w);
        return;
    }
    csv_us(w, hist_value_at_ppm(h, 500000));
    csv_us(w, hist_value_at_ppm(h, 990000));
    csv_us(w, h->max_ns);
}

static void sends_per_wakeup(struct csv_writer *w, const struct hist *h)
{
    if (h->n == 0) {
        csv_empty(w);
        csv_empty(w);
        return;
    }
    csv_u64(w, hist_value_at_ppm(h, 990000));
    csv_u64(w, h->max_ns);
}

void health_rows_write(struct csv_writer *w, uint64_t second, uint32_t thread, const struct second_thread *t,
                       const struct health_host *host)
{
    const struct stats_health *health = &t->health;
    if (t->span_ns == 0)
        return;
    csv_u64(w, second);
    csv_u64(w, thread);
    csv_s(w, health->cpu_user_ns);
    csv_s(w, health->cpu_sys_ns);
    csv_fixed(w, health_utilisation(t), 4);
    csv_us(w, health->iteration_max_ns);
    csv_u64(w, health->n_wakeups);
    csv_u64(w, health->n_sends);
    sends_per_wakeup(w, health->sends_per_wakeup);
    times(w, t->lag);
    times(w, t->rx_age);
    csv_u64(w, health->n_switches_involuntary);
    csv_fixed(w, host->steal_pct, 2);
    if (host->has_retransmits)
        csv_u64(w, host->n_retransmits);
    else
        csv_empty(w);
    if (host->rss_bytes > 0)
        csv_u64(w, host->rss_bytes);
    else
        csv_empty(w);
    csv_end_row(w);
}
