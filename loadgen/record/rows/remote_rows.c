#include "remote_rows.h"

#include "csv.h"
#include "names.h"
#include "run_clusters.h"
#include "stats.h"

static struct stats_remote sum_over_streams(const struct stats *run, const struct run_cluster *cluster,
                                            uint32_t remote, struct hist *service)
{
    struct stats_remote sum = { .service = service };
    hist_clear(service);
    for (uint32_t s = 0; s < run->n_streams; s++) {
        const struct stats_remote row = stats_remote_known(run, s, remote);
        if (!(cluster->streams >> s & 1))
            continue;
        sum.n_connections += row.n_connections;
        sum.n_done += row.n_done;
        sum.n_err += row.n_err;
        if (row.service)
            hist_merge(service, row.service);
    }
    return sum;
}

static void write_row(struct csv_writer *w, const char *cluster, const char *address,
                      const struct stats_remote *sum)
{
    csv_text(w, cluster);
    csv_text(w, address);
    csv_u64(w, sum->n_connections);
    csv_u64(w, sum->n_done);
    csv_u64(w, sum->n_err);
    csv_us_if(w, sum->service->n > 0, hist_value_at_ppm(sum->service, 500000));
    csv_us_if(w, sum->service->n > 0, hist_value_at_ppm(sum->service, 990000));
    csv_end_row(w);
}

int remote_rows_write(const char *path, const struct plan *plan, const struct stats *run,
                      const struct names *remotes, struct hist *scratch, struct err *e)
{
    struct csv_writer w;
    struct run_cluster clusters[RUN_CLUSTERS_MOST];
    const size_t n_clusters = run_clusters(plan, clusters);
    if (csv_create(&w, path, "cluster,address,connections_n,requests_n,err_n,p50_us,p99_us", e))
        return -1;
    for (size_t c = 0; c < n_clusters; c++)
        for (uint32_t i = 0; i < run->n_remotes; i++) {
            const struct stats_remote sum = sum_over_streams(run, &clusters[c], i, scratch);
            if (sum.n_connections + sum.n_done + sum.n_err > 0)
                write_row(&w, clusters[c].name, names_text(remotes, i), &sum);
        }
    return csv_close(&w, e);
}
