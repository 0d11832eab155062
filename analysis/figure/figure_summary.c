/* Overview: percentiles of every cluster over all attempts, over time, answers per instance, and the main
 * numbers. */
#include "arms.h"
#include "caption.h"
#include "caption_claims.h"
#include "caption_result.h"
#include "claims.h"
#include "dataset.h"
#include "err.h"
#include "figure_axis.h"
#include "figure_set.h"
#include "figure_step.h"
#include "instances.h"
#include "text_out.h"
#include "units.h"
#include "within.h"

#include <math.h>
#include <stdlib.h>

static const char columns[] = FIGURE_AXIS_COLUMNS ",mark,value,lo,hi,place";
enum { N_OWN_COLUMNS = 5, NOTE_BYTES = 200 };

/* A row without a place on the time axis. */
struct row {
    const char *kind, *note, *mark;
    size_t arm;
    double place, value, lo, hi;
};

static void write_row(struct csv_writer *csv, const struct dataset *data, const struct row *row)
{
    figure_axis_cells(csv, data, row->kind, row->arm, NAN, NAN, row->note);
    csv_text(csv, row->mark);
    csv_fixed(csv, row->value, 6);
    csv_fixed(csv, row->lo, 6);
    csv_fixed(csv, row->hi, 6);
    csv_fixed(csv, row->place, 3);
    csv_end_row(csv);
}

/* The times, or what stands in their place: "> 1.00 s", "none". Percentiles with fewer
 * than ten attempts beyond are left out. */
static void write_percentiles(struct csv_writer *csv, const struct dataset *data, size_t arm)
{
    const struct claim_row *claims = claims_cluster(data->claims, data->arms[arm].cluster);
    for (int what = CLAIM_P50; claims && what <= CLAIM_P999; what++) {
        const struct claim *claim = &claims->claims[what];
        const bool is_exact = claim->time.state == ATTEMPT_EXACT;
        char text[UNITS_TEXT_BYTES];
        if (claim->is_few || claim->time.state == ATTEMPT_NONE)
            continue;
        const struct run_interval interval = within_percentile(data, arm, claim_ppm((enum claim_what)what));
        const struct row row = {
            .kind = is_exact ? "percentile" : "none",
            .arm = arm,
            .note = is_exact ? claim_name((enum claim_what)what) : attempt_time_text(claim->time, text),
            .mark = claim_mark(claim->level),
            .place = what - CLAIM_P50,
            .value = is_exact ? (double)claim->time.value_ns / 1e6 : NAN,
            .lo = is_exact ? interval.lo / 1e6 : NAN,
            .hi = is_exact ? interval.hi / 1e6 : NAN,
        };
        write_row(csv, data, &row);
    }
}

static void write_steps(struct csv_writer *csv, const struct dataset *data, size_t arm)
{
    for (size_t step = 0; step < data->axis.n_steps; step++) {
        const struct attempts a = figure_step_attempts(data, arm, step);
        figure_axis_step(csv, data, arm, step);
        csv_empty(csv);
        csv_fixed(csv, figure_step_ms(&a, 500000), 6);
        csv_empty(csv);
        csv_fixed(csv, figure_step_ms(&a, 990000), 6);
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
            const struct row bar = { .kind = "instance",
                                     .arm = row->arm,
                                     .note = row->instance,
                                     .mark = "",
                                     .place = place,
                                     .value = (double)row->requests_n,
                                     .lo = row->band_lo_n,
                                     .hi = row->band_hi_n };
            write_row(csv, data, &bar);
        }
    }
    instances_fini(&instances);
}

static void write_fact(struct csv_writer *csv, const struct dataset *data, size_t arm, int place,
                       const char *note)
{
    const struct row row = { .kind = "fact",
                             .arm = arm,
                             .note = note,
                             .mark = "",
                             .place = place,
                             .value = NAN,
                             .lo = NAN,
                             .hi = NAN };
    write_row(csv, data, &row);
}

static const char *quoted(const struct claim *claim, char *out)
{
    char text[UNITS_TEXT_BYTES];
    snprintf(out, NOTE_BYTES, "%s%s", attempt_time_text(claim->time, text), claim_mark(claim->level));
    return out;
}

static void write_facts(struct csv_writer *csv, const struct dataset *data, size_t arm)
{
    char note[NOTE_BYTES], a[NOTE_BYTES], b[NOTE_BYTES], c[NOTE_BYTES];
    const struct claim_row *row = claims_cluster(data->claims, data->arms[arm].cluster);
    if (!row)
        return;
    const struct claim *rate = &row->claims[CLAIM_RATE];
    snprintf(note, sizeof note, "%s attempts, %s failed, %s%s good/s", units_count_text(row->n, a),
             row->n_failed > 0 ? units_count_text(row->n_failed, b) : "none",
             isfinite(rate->rate_per_s) ? units_number_text(rate->rate_per_s, c) : "-",
             claim_mark(rate->level));
    write_fact(csv, data, arm, 0, note);
    snprintf(note, sizeof note, "p50 %.60s  p90 %.60s  p99 %.60s", quoted(&row->claims[CLAIM_P50], a),
             quoted(&row->claims[CLAIM_P90], b), quoted(&row->claims[CLAIM_P99], c));
    write_fact(csv, data, arm, 1, note);
}

static void write_title(struct figure_file *out, const struct dataset *data)
{
    struct text_out text;
    if (text_out_begin(&text))
        caption_result(text.file, data);
    char *sentence = text_out_end(&text);
    figure_title(out, "%s", sentence ? sentence : "");
    free(sentence);
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
    write_title(out, data);
    fputs("Percentiles over all attempts, with 95 % intervals where the run has enough seconds; medians and "
          "99th "
          "percentiles over "
          "time; answers of each instance, with the band expected by chance. ",
          out->caption);
    caption_claims_of_times(out->caption, data);
    caption_claims_of_rates(out->caption, data);
    caption_end_own(out->caption);
    caption_latency(out->caption, data);
    caption_load(out->caption, data);
    caption_run(out->caption, data);
    return FIGURE_DRAWN;
}
