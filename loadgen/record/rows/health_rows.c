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
    csv_us_if(w, h->n > 0, hist_value_at_ppm(h, 500000));
    csv_us_if(w, h->n > 0, hist_value_at_ppm(h, 990000));
    csv_us_if(w, h->n > 0, h->max_ns);
}

void health_rows_write(struct csv_writer *w, uint64_t second, uint32_t thread, const struct second_thread *t,
                       const struct health_host *host)
{
    const struct stats_health *health = &t->health;
    const struct hist *sends = health->sends_per_wakeup;
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
    csv_u64_if(w, sends->n > 0, hist_value_at_ppm(sends, 990000));
    csv_u64_if(w, sends->n > 0, sends->max_ns);
    times(w, t->lag);
    times(w, t->rx_age);
    csv_u64(w, health->n_switches_involuntary);
    csv_fixed(w, host->steal_pct, 2);
    csv_u64_if(w, host->has_retransmits, host->n_retransmits);
    csv_u64_if(w, host->rss_bytes > 0, host->rss_bytes);
    csv_end_row(w);
}
