/* The generator's health over time: late wake-ups, load, bursts of sends, and how long answers waited to
 * be read. Red lines are limits of rules. */
#include "caption.h"
#include "dataset.h"
#include "err.h"
#include "figure_axis.h"
#include "figure_set.h"
#include "health.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

static const char columns[] = FIGURE_AXIS_COLUMNS ",panel,metric,value";
enum { N_OWN_COLUMNS = 3 };

/* The lines: panel, metric and factor. */
static const struct {
    const char *panel, *name;
    enum health_metric metric;
    double factor;
} lines[] = {
    { "lag", "p50", HEALTH_LAG_P50, 1 },     { "lag", "p99", HEALTH_LAG_P99, 1 },
    { "lag", "max", HEALTH_LAG_MAX, 1 },     { "load", "event loop", HEALTH_UTILISATION, 100 },
    { "load", "CPU", HEALTH_CPU_USER, 100 }, { "sends", "p99", HEALTH_SENDS_P99, 1 },
    { "sends", "max", HEALTH_SENDS_MAX, 1 }, { "age", "p50", HEALTH_RX_AGE_P50, 1 },
    { "age", "p99", HEALTH_RX_AGE_P99, 1 },  { "age", "max", HEALTH_RX_AGE_MAX, 1 },
};

static double value_of(const struct dataset *data, const struct health *health, size_t line, size_t step)
{
    double value = health_value(health, lines[line].metric, step);
    if (lines[line].metric == HEALTH_CPU_USER)
        value = (value + health_value(health, HEALTH_CPU_SYS, step)) / data->axis.step_s;
    return value * lines[line].factor;
}

static void write_row(struct csv_writer *csv, const struct dataset *data, const char *kind, double from_s,
                      double to_s, const char *panel, const char *metric, double value)
{
    figure_axis_cells(csv, data, kind, data->n_arms, from_s, to_s, "");
    csv_text(csv, panel);
    csv_text(csv, metric);
    csv_fixed(csv, value, 4);
    csv_end_row(csv);
}

static void write_line(struct csv_writer *csv, const struct dataset *data, const struct health *health,
                       size_t line)
{
    const bool has_any = isfinite(health_worst(health, lines[line].metric));
    for (size_t step = 0; has_any && step < data->axis.n_steps; step++) {
        const double begin_s = (double)step * data->axis.step_s;
        const double value = value_of(data, health, line, step);
        const double shown =
            time_axis_step_is_cut(&data->axis, step) ? NAN : value; /* an empty cell breaks the line */
        write_row(csv, data, "value", begin_s, fmin(begin_s + data->axis.step_s, data->run.duration_s),
                  lines[line].panel, lines[line].name, shown);
    }
}

/* A thread that is busier than this, in per cent, has hardly time to spare (rule R4). */
#define BUSY_PCT 90

static void write_limit(struct csv_writer *csv, const struct dataset *data)
{
    write_row(csv, data, "limit", 0, data->run.duration_s, "load", "busy", BUSY_PCT);
}

static bool has_lag(const struct health *health)
{
    return isfinite(health_worst(health, HEALTH_LAG_MAX));
}

static void write_caption(struct figure_file *out, const struct dataset *data, const struct health *health)
{
    figure_title(out, "The generator's own health");
    fprintf(out->caption, "Per step of %u s, the worst second of the worst thread. ", data->axis.step_s);
    fputs(has_lag(health)
              ? "Schedule lag: how much later than due a request was picked up, the generator's own fault. "
              : "Schedule lag is undefined in a closed model and left out. ",
          out->caption);
    fputs("Load in %: how busy an event loop was, and processor time of all threads together, 100 % being "
          "one core; red: 90 %, beyond which a thread has hardly time to spare. Requests per wake-up: above "
          "one, requests leave in bursts. "
          "Receive age: how long answers lay in the kernel before the generator read them. ",
          out->caption);
    caption_end_own(out->caption);
    caption_run(out->caption, data);
}

enum figure_result figure_health(const struct dataset *data, struct figure_file *out, struct err *e)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/health.csv", data->folder);
    if (access(path, F_OK))
        return figure_leave_out(out, "there is no health.csv");
    if (whole_lacks(data, "health.csv"))
        return figure_leave_out(out, "%s", whole_lacks(data, "health.csv"));
    struct health health;
    enum figure_result result = FIGURE_FAILED;
    if (health_read(&health, data->folder, data->run.whole_s, &data->axis, e))
        goto done;
    if (health.n_rows == 0) {
        result = figure_leave_out(out, "health.csv has no rows");
        goto done;
    }
    if (figure_begin(out, columns, e))
        goto done;
    figure_axis_rows(&out->csv, data, N_OWN_COLUMNS);
    for (size_t line = 0; line < sizeof lines / sizeof *lines; line++)
        write_line(&out->csv, data, &health, line);
    write_limit(&out->csv, data);
    write_caption(out, data, &health);
    result = FIGURE_DRAWN;
done:
    health_fini(&health);
    return result;
}
