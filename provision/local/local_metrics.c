#include "balancer_events.h"
#include "balancer_log.h"
#include "control.h"
#include "csv.h"
#include "deployment.h"
#include "err.h"
#include "hist.h"
#include "instance_type.h"
#include "lab_grid.h"
#include "local.h"
#include "local_state.h"
#include "metrics_file.h"
#include "provider.h"
#include "run_window.h"
#include "settings.h"
#include "topology.h"
#include "units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct output {
    struct metrics_file file;
    struct lab_grid grid;
};

static struct metrics_point point_at(const struct output *o, const char *namespace, size_t period)
{
    return (struct metrics_point){ .namespace = namespace,
                                   .cluster = "",
                                   .instance = "",
                                   .unix_s = o->grid.first_s + period * o->grid.period_s,
                                   .period_s = o->grid.period_s };
}

/* Like CloudWatch, publishes no point for a count of 0. */
static void write_count(struct output *o, struct metrics_point p, const char *metric, uint64_t count)
{
    p.metric = metric;
    p.statistic = "Sum";
    p.unit = "Count";
    if (count > 0)
        metrics_file_write(&o->file, &p, (double)count);
}

static void write_times(struct output *o, struct metrics_point p, const struct balancer_tally *t)
{
    static const struct {
        const char *statistic;
        uint32_t p_ppm;
    } percentiles[] = { { "p50", 500000 }, { "p95", 950000 }, { "p99", 990000 } };
    if (t->timed_n == 0)
        return;
    p.metric = "TargetResponseTime";
    p.unit = "Seconds";
    p.statistic = "Average";
    metrics_file_write(&o->file, &p, (double)t->time_sum_ns / (double)t->timed_n / 1e9);
    for (size_t i = 0; i < sizeof percentiles / sizeof percentiles[0]; i++) {
        p.statistic = percentiles[i].statistic;
        metrics_file_write(&o->file, &p, (double)hist_value_at_ppm(t->times, percentiles[i].p_ppm) / 1e9);
    }
}

/* What AWS publishes per target group and for the load balancer alike. */
static void write_tally(struct output *o, struct metrics_point p, const struct balancer_tally *t)
{
    p.metric = "RequestCount";
    p.statistic = "Sum";
    p.unit = "Count";
    metrics_file_write(&o->file, &p, (double)t->requests_n);
    write_times(o, p, t);
    write_count(o, p, "HTTPCode_Target_2XX_Count", t->target_n[2]);
    write_count(o, p, "HTTPCode_Target_3XX_Count", t->target_n[3]);
    write_count(o, p, "HTTPCode_Target_4XX_Count", t->target_n[4]);
    write_count(o, p, "HTTPCode_Target_5XX_Count", t->target_n[5]);
    write_count(o, p, "TargetConnectionErrorCount", t->connection_errors_n);
}

static int write_balancer(struct output *o, const struct balancer_log *log, const struct deployment *d)
{
    for (size_t period = 0; period < o->grid.n; period++) {
        struct balancer_tally all = { 0 };
        struct metrics_point p = point_at(o, "AWS/ApplicationELB", period);
        int status = 0;
        for (size_t k = 0; k <= d->n_clusters && status == 0; k++)
            status = balancer_tally_add(&all, balancer_log_at(log, period, k));
        if (status == 0) {
            write_tally(o, p, &all);
            write_count(o, p, "HTTPCode_ELB_4XX_Count", all.balancer_n[4]);
            write_count(o, p, "HTTPCode_ELB_5XX_Count", all.balancer_n[5]);
            p.metric = "ProcessedBytes";
            p.statistic = "Sum";
            p.unit = "Bytes";
            metrics_file_write(&o->file, &p, (double)all.bytes);
        }
        balancer_tally_fini(&all);
        if (status)
            return -1;
        for (size_t k = 0; k < d->n_clusters; k++) {
            p.cluster = d->clusters[k].is.name;
            write_tally(o, p, balancer_log_at(log, period, k));
        }
    }
    return 0;
}

static void write_health(struct output *o, const struct balancer_health *health, const struct deployment *d)
{
    for (size_t i = 0; i < o->grid.n * d->n_clusters; i++) {
        const struct topology_cluster *c = &d->clusters[i % d->n_clusters].is;
        struct metrics_point p = point_at(o, "AWS/ApplicationELB", i / d->n_clusters);
        p.cluster = c->name;
        p.unit = "Count";
        p.metric = "HealthyHostCount";
        p.statistic = "Average";
        metrics_file_write(&o->file, &p, health[i].mean);
        p.statistic = "Minimum";
        metrics_file_write(&o->file, &p, health[i].least);
        p.metric = "UnHealthyHostCount";
        p.statistic = "Average";
        metrics_file_write(&o->file, &p, c->count - health[i].mean);
        p.statistic = "Maximum";
        metrics_file_write(&o->file, &p, c->count - health[i].least);
    }
}

/* What an instance did within a period, added up over its seconds. */
struct usage {
    unsigned seconds; /* with data */
    uint64_t cpu_ns, rx_bytes, tx_bytes;
    double credits_spent;
    double credit_balance; /* the last known; NaN: none */
};

static void write_usage(struct output *o, struct metrics_point p, const struct usage *u, unsigned vcpus,
                        bool burstable)
{
    if (u->seconds == 0)
        return; /* it did not run, or too long ago */
    p.metric = "CPUUtilization";
    p.statistic = "Average";
    p.unit = "Percent";
    metrics_file_write(&o->file, &p, 100.0 * (double)u->cpu_ns / (double)(u->seconds * NS_PER_S) / vcpus);
    p.metric = "NetworkIn";
    p.statistic = "Sum";
    p.unit = "Bytes";
    metrics_file_write(&o->file, &p, (double)u->rx_bytes);
    p.metric = "NetworkOut";
    metrics_file_write(&o->file, &p, (double)u->tx_bytes);
    if (!burstable)
        return;
    p.metric = "CPUCreditUsage";
    p.unit = "Count";
    metrics_file_write(&o->file, &p, u->credits_spent);
    p.metric = "CPUCreditBalance";
    p.statistic = "Average";
    metrics_file_write(&o->file, &p, u->credit_balance);
}

static int read_usage(struct csv_reader *r, const struct lab_grid *grid, struct usage *usage, struct err *e)
{
    static const char *const names[] = { "unix_s",   "cpu_ns",        "rx_bytes",
                                         "tx_bytes", "credits_spent", "credit_balance" };
    int columns[6];
    uint64_t numbers[4];
    double credits[2];
    int more;
    for (size_t i = 0; i < 6; i++)
        if ((columns[i] = csv_column(r, names[i], e)) < 0)
            return -1;
    while ((more = csv_next(r, e)) == 1) {
        for (size_t i = 0; i < 4; i++)
            if (csv_get_u64(r, columns[i], 0, &numbers[i], e))
                return -1;
        for (size_t i = 0; i < 2; i++)
            if (csv_get_real(r, columns[4 + i], NAN, &credits[i], e))
                return -1;
        const size_t period = lab_grid_of(grid, numbers[0]);
        if (period == grid->n)
            continue;
        usage[period].seconds++;
        usage[period].cpu_ns += numbers[1];
        usage[period].rx_bytes += numbers[2];
        usage[period].tx_bytes += numbers[3];
        usage[period].credits_spent += credits[0];
        if (isfinite(credits[1]))
            usage[period].credit_balance = credits[1];
    }
    return more;
}

/* A dead instance or the Flask app has no metrics: its points are missing. */
static int write_instance(struct output *o, const struct deployment *d, const struct deployment_instance *n,
                          struct err *e)
{
    char path[LOCAL_PATH_BYTES];
    struct csv_reader r;
    const struct deployment_cluster *c = deployment_find_cluster(d, n->cluster);
    if (!d->emulated || !local_is_alive(d, "instance", n->id))
        return 0;
    if (control_ask(local_control_path(d, n->id, path), "", &r, e))
        return -1;
    struct usage *usage = calloc(o->grid.n, sizeof *usage);
    int status = usage ? 0 : err_set(e, ERR_FAILED, "out of memory");
    for (size_t i = 0; usage && i < o->grid.n; i++)
        usage[i].credit_balance = NAN;
    if (status == 0)
        status = read_usage(&r, &o->grid, usage, e);
    for (size_t i = 0; status == 0 && i < o->grid.n; i++) {
        struct metrics_point p = point_at(o, "AWS/EC2", i);
        p.cluster = n->cluster;
        p.instance = n->id;
        write_usage(o, p, &usage[i], c ? c->vcpus : 1, instance_type_is_burstable(n->instance_type));
    }
    free(usage);
    csv_reader_fini(&r);
    return status;
}

static int write_all(struct output *o, const struct provider_context *c, const struct balancer_log *log,
                     struct err *e)
{
    const struct deployment *d = c->deployment;
    char path[LOCAL_PATH_BYTES];
    struct balancer_health *health = calloc(o->grid.n * d->n_clusters, sizeof *health);
    int status = health ? balancer_events_read(local_path(d, LOCAL_EVENT_LOG, path), d, &o->grid, health, e)
                        : err_set(e, ERR_FAILED, "out of memory");
    if (status == 0 && write_balancer(o, log, d))
        status = err_set(e, ERR_FAILED, "out of memory");
    if (status == 0)
        write_health(o, health, d);
    for (size_t i = 0; i < d->n_instances && status == 0; i++)
        status = write_instance(o, d, &d->instances[i], e);
    free(health);
    return status;
}

static void print_comparison(const struct balancer_log *log, const struct run_window *window,
                             const struct output *o, const char *run)
{
    uint64_t total = 0;
    for (size_t i = 0; i < log->grid.n * (log->n_clusters + 1); i++)
        total += log->tallies[i].requests_n;
    run_window_print(window, "load balancer", total);
    printf("metrics       %zu points of %u s in %s/cloudwatch.csv\n", o->file.n_points, o->grid.period_s,
           run);
}

static int write_file(const struct provider_context *c, const struct run_window *window,
                      const struct balancer_log *log, struct err *e)
{
    struct output o = { .grid = log->grid };
    struct err second;
    if (metrics_file_create(&o.file, c->settings->run, "local", e))
        return -1;
    const int status = write_all(&o, c, log, e);
    if (metrics_file_close(&o.file, status ? &second : e) || status)
        return -1;
    print_comparison(log, window, &o, c->settings->run);
    return 0;
}

int local_metrics(struct provider_context *c, struct err *e)
{
    char path[LOCAL_PATH_BYTES];
    struct run_window window;
    struct lab_grid grid;
    struct balancer_log log = { 0 };
    if (run_window_read(c->settings->run, c->deployment->run_id, &window, e))
        return -1;
    lab_grid_init(&grid, window.start_ns, window.end_ns);
    int status =
        balancer_log_read(&log, local_path(c->deployment, LOCAL_ACCESS_LOG, path), c->deployment, &grid, e);
    if (status == 0)
        status = write_file(c, &window, &log, e);
    balancer_log_fini(&log);
    return status;
}
