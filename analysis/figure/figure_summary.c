/* Overview: percentiles of every cluster, over time, answers per instance, and the main numbers. */
#include "arms.h"
#include "caption.h"
#include "dataset.h"
#include "err.h"
#include "facts.h"
#include "figure_axis.h"
#include "figure_set.h"
#include "instances.h"
#include "text_out.h"
#include "units.h"
#include "within.h"

#include <math.h>
#include <stdlib.h>

static const char columns[] = FIGURE_AXIS_COLUMNS ",value,lo,hi,place";
enum { N_OWN_COLUMNS = 4, NOTE_BYTES = 200 };

static void write_row(struct csv_writer *csv, const struct dataset *data, const char *kind, size_t arm,
                      const char *note, double place, double value, double lo, double hi)
{
    figure_axis_cells(csv, data, kind, arm, NAN, NAN, note);
    csv_fixed(csv, value, 6);
    csv_fixed(csv, lo, 6);
    csv_fixed(csv, hi, 6);
    csv_fixed(csv, place, 3);
    csv_end_row(csv);
}

static void write_percentiles(struct csv_writer *csv, const struct dataset *data, size_t arm)
{
    static const struct {
        const char *name;
        uint32_t p_ppm;
    } shown[] = { { "p50", 500000 }, { "p90", 900000 }, { "p99", 990000 }, { "p99.9", 999000 } };
    const struct hist *h = data->latency[arm];
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        if (h->n == 0 || hist_n_beyond(h->n, shown[i].p_ppm) < 1)
            continue;
        const struct run_interval interval = within_percentile(data, arm, shown[i].p_ppm);
        write_row(csv, data, "percentile", arm, shown[i].name, (double)i,
                  (double)hist_value_at_ppm(h, shown[i].p_ppm) / 1e6, interval.lo / 1e6, interval.hi / 1e6);
    }
}

static void write_steps(struct csv_writer *csv, const struct dataset *data, size_t arm)
{
    for (size_t step = 0; step < data->axis.n_steps; step++) {
        const struct hist *h = dataset_step(data, arm, step);
        figure_axis_step(csv, data, arm, step);
        csv_fixed(csv, h ? (double)hist_value_at_ppm(h, 500000) / 1e6 : NAN, 6);
        csv_empty(csv);
        csv_fixed(csv, h ? (double)hist_value_at_ppm(h, 990000) / 1e6 : NAN, 6);
        csv_u64(csv, step);
        csv_end_row(csv);
    }
}

/* Answers of each instance, with the band that chance allows. */
static void write_instances(struct csv_writer *csv, const struct dataset *data)
{
    struct instances instances;
    struct err ignored;
    if (!instances_read(&instances, data->folder, data->arms, data->n_arms, &ignored)) {
        double place = 0;
        for (size_t i = 0; i < instances.n; i++) {
            const struct instance_row *row = &instances.rows[i];
            place += i > 0 && instances.rows[i - 1].arm != row->arm ? 2 : 1;
            write_row(csv, data, "instance", row->arm, row->instance, place, (double)row->requests_n,
                      row->band_lo_n, row->band_hi_n);
        }
    }
    instances_fini(&instances);
}

static void write_facts(struct csv_writer *csv, const struct dataset *data, size_t arm)
{
    char note[NOTE_BYTES], a[UNITS_TEXT_BYTES], b[UNITS_TEXT_BYTES], c[UNITS_TEXT_BYTES];
    const struct facts facts = facts_of_arm(data, arm);
    const struct facts_unit unit = facts_unit(data);
    const struct hist *h = data->latency[arm];
    snprintf(note, sizeof note, "%s requests  %s errors  %s/s", units_count_text(facts.ok_n + facts.err_n, a),
             facts.err_known ? units_count_text(facts.err_n, b) : "?", units_number_text(facts.per_s, c));
    write_row(csv, data, "fact", arm, note, 0, NAN, NAN, NAN);
    if (h->n == 0)
        return;
    snprintf(note, sizeof note, "p50 %s  p90 %s  p99 %s %s",
             units_number_text((double)hist_value_at_ppm(h, 500000) / unit.ns, a),
             units_number_text((double)hist_value_at_ppm(h, 900000) / unit.ns, b),
             units_number_text((double)hist_value_at_ppm(h, 990000) / unit.ns, c), unit.name);
    write_row(csv, data, "fact", arm, note, 1, NAN, NAN, NAN);
}

enum figure_result figure_summary(const struct dataset *data, struct figure_file *out, struct err *e)
{
    if (dataset_latency_n(data) == 0)
        return figure_leave_out(out, "no request outside of warm-up succeeded");
    if (figure_begin(out, columns, e))
        return FIGURE_FAILED;
    figure_axis_rows(&out->csv, data, N_OWN_COLUMNS);
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        write_percentiles(&out->csv, data, arm);
        write_steps(&out->csv, data, arm);
        write_facts(&out->csv, data, arm);
    }
    write_instances(&out->csv, data);
    write_row(&out->csv, data, "verdict", data->n_arms, data->run.verdict, 0, NAN, NAN, NAN);
    struct text_out text;
    if (text_out_begin(&text))
        facts_sentence(text.file, data);
    char *sentence = text_out_end(&text);
    figure_title(out, "%s", sentence ? sentence : "");
    free(sentence);
    fputs("Percentiles with 95 % intervals of sampling alone; medians and 99th percentiles over time; "
          "answers of each instance with the band that chance allows. ",
          out->caption);
    caption_latency(out->caption, data);
    caption_load(out->caption, data);
    caption_run(out->caption, data);
    return FIGURE_DRAWN;
}
