/* Times against load, from the steps of a sweep: where the curve bends, a cluster has no more to give. */
#include "arms.h"
#include "dataset.h"
#include "err.h"
#include "figures.h"
#include "run_json.h"

#include <math.h>
#include <string.h>

static const char columns[] =
    "cluster,series,style,offered_per_s,achieved_per_s,p_ppm,value_ms,lo_ms,hi_ms,held,saturated,verdict";
enum { PATH_BYTES = 4096, CLUSTERS_MOST = 6 };
#define SATURATED_BELOW 0.99 /* achieved in parts of offered */

struct curve {
    struct run_json first; /* the first step's, for the names of clusters */
    size_t n_rows, n_steps, n_invalid;
    bool is_read;
    char seen[CLUSTERS_MOST][40];
    size_t n_seen;
};

/* Names and styles of the clusters, from the first run; a sweep whose runs are gone is drawn with plain
 * names. */
static void read_first(struct curve *curve, const char *folder, const char *run)
{
    char path[PATH_BYTES];
    struct err ignored;
    if (curve->is_read)
        return;
    snprintf(path, sizeof path, "%s/%s", folder, run);
    if (run_json_read(&curve->first, path, &ignored))
        run_json_fini(&curve->first);
    curve->is_read = true;
}

static const struct run_cluster *cluster_of(const struct curve *curve, const char *name)
{
    for (size_t i = 0; i < curve->first.n_clusters; i++)
        if (strcmp(curve->first.clusters[i].name, name) == 0)
            return &curve->first.clusters[i];
    return NULL;
}

/* Number of the cluster, from 1, in the order of the file. */
static int number_of(struct curve *curve, const char *cluster)
{
    size_t i = 0;
    while (i < curve->n_seen && strcmp(curve->seen[i], cluster) != 0)
        i++;
    if (i == curve->n_seen && i < CLUSTERS_MOST)
        snprintf(curve->seen[curve->n_seen++], sizeof curve->seen[0], "%s", cluster);
    return (int)i + 1;
}

static void write_series(struct csv_writer *csv, struct curve *curve, const char *cluster)
{
    char series[96];
    const struct run_cluster *known = cluster_of(curve, cluster);
    const char *label = known && known->label ? known->label : NULL;
    snprintf(series, sizeof series, label ? "%s (%s)" : "%s%s", label ? label : cluster,
             label ? cluster : "");
    csv_text(csv, cluster);
    csv_text(csv, series);
    csv_i64(csv, arms_style(label ? label : cluster, number_of(curve, cluster)));
}

static int write_rows(struct csv_writer *csv, struct curve *curve, const char *folder, struct csv_reader *in,
                      struct err *e)
{
    static const char *const names[] = { "cluster", "run",      "verdict", "offered_per_s", "achieved_per_s",
                                         "p_ppm",   "value_us", "lo_us",   "hi_us",         "held" };
    enum { CLUSTER, RUN, VERDICT, N_TEXTS, N_NAMES = 10 };
    int column[N_NAMES], more;
    for (int i = 0; i < N_NAMES; i++)
        if ((column[i] = csv_column(in, names[i], e)) < 0)
            return -1;
    while ((more = csv_next(in, e)) > 0) {
        double value[N_NAMES - N_TEXTS];
        for (int i = 0; i < N_NAMES - N_TEXTS; i++)
            if (csv_get_real(in, column[N_TEXTS + i], NAN, &value[i], e))
                return -1;
        read_first(curve, folder, in->fields[column[RUN]]);
        write_series(csv, curve, in->fields[column[CLUSTER]]);
        csv_fixed(csv, value[0], 3);
        csv_fixed(csv, value[1], 3);
        csv_fixed(csv, value[2], 0);
        csv_fixed(csv, value[3] / 1000, 6);
        csv_fixed(csv, value[4] / 1000, 6);
        csv_fixed(csv, value[5] / 1000, 6);
        csv_fixed(csv, value[6], 0);
        csv_u64(csv, value[1] < SATURATED_BELOW * value[0]);
        csv_text(csv, in->fields[column[VERDICT]]);
        csv_end_row(csv);
        curve->n_rows++;
        curve->n_invalid += value[2] == 990000 && strcmp(in->fields[column[VERDICT]], "INVALID") == 0;
        curve->n_steps += value[2] == 990000;
    }
    return more;
}

static enum figure_result draw(const char *folder, struct csv_reader *in, struct figure_file *out,
                               struct curve *curve, struct err *e)
{
    if (figure_begin(out, columns, e) || write_rows(&out->csv, curve, folder, in, e))
        return FIGURE_FAILED;
    if (curve->n_rows == 0)
        return figure_leave_out(out, "loadcurve.csv has no rows");
    figure_title(out, "Response time against load");
    fputs("Median and 99th percentile of response times (due to complete, successful requests) at the rate "
          "that was achieved, with 95 % "
          "intervals of sampling alone. Vertical line: the first rate of which less than 99 % was achieved. "
          "Hollow points missed a "
          "threshold. ",
          out->caption);
    fprintf(out->caption, "n = %zu runs, one per rate. ", curve->n_steps);
    if (curve->first.emulated)
        fputs("Instances are emulated. ", out->caption);
    if (curve->n_invalid > 0)
        fprintf(out->caption, "%zu of the runs are INVALID: the generator cannot be excluded as the cause.",
                curve->n_invalid);
    else
        fputs("Verdict on the generator: no run is INVALID.", out->caption);
    return FIGURE_DRAWN;
}

enum figure_result figure_loadcurve(const struct dataset *data, struct figure_file *out, struct err *e)
{
    char path[PATH_BYTES];
    struct csv_reader in;
    struct curve curve = { 0 };
    snprintf(path, sizeof path, "%s/loadcurve.csv", data->folder);
    if (csv_open(&in, path, e))
        return FIGURE_FAILED;
    const enum figure_result result = draw(data->folder, &in, out, &curve, e);
    csv_reader_fini(&in);
    run_json_fini(&curve.first);
    return result;
}
