/* Requests answered by each instance, against an even share and the band that chance allows. */
#include "arms.h"
#include "caption.h"
#include "dataset.h"
#include "err.h"
#include "figure_set.h"
#include "instances.h"

#include <math.h>
#include <unistd.h>

static const char columns[] =
    "kind,slot,cluster,series,style,instance,requests_n,err_n,expected_n,band_lo_n,band_hi_n,residual,note";

static void write_bar(struct csv_writer *csv, const struct arm *arm, const struct instance_row *row,
                      size_t slot)
{
    csv_text(csv, "bar");
    csv_u64(csv, slot);
    csv_text(csv, arm->cluster);
    csv_text(csv, arm->series);
    csv_i64(csv, arm->style);
    csv_text(csv, *row->instance ? row->instance : "unnamed");
    csv_u64(csv, row->requests_n);
    csv_u64(csv, row->err_n);
    csv_fixed(csv, row->expected_n, 3);
    csv_fixed(csv, row->band_lo_n, 3);
    csv_fixed(csv, row->band_hi_n, 3);
    csv_fixed(csv, row->residual, 4);
    csv_empty(csv);
    csv_end_row(csv);
}

/* Writes a cluster's note: where its bars are, and the result of the evenness test. */
static void write_note(struct csv_writer *csv, const struct arm *arm, const struct instance_row *row,
                       double middle_slot)
{
    char text[160];
    if (isnan(row->chi2))
        return;
    snprintf(text, sizeof text, "%s (chi² %.3g with %.0f df)", instances_words(row), row->chi2, row->df);
    csv_text(csv, "note");
    csv_fixed(csv, middle_slot, 2);
    csv_text(csv, arm->cluster);
    csv_text(csv, arm->series);
    csv_i64(csv, arm->style);
    for (int i = 0; i < 7; i++)
        csv_empty(csv);
    csv_text(csv, text);
    csv_end_row(csv);
}

static void write_arm(struct csv_writer *csv, const struct dataset *data, const struct instances *instances,
                      size_t arm, size_t *slot)
{
    const size_t first = *slot + 1;
    const struct instance_row *any = NULL;
    for (size_t i = 0; i < instances->n; i++) {
        if (instances->rows[i].arm != arm)
            continue;
        any = &instances->rows[i];
        write_bar(csv, &data->arms[arm], any, ++*slot);
    }
    if (any)
        write_note(csv, &data->arms[arm], any, ((double)first + (double)(*slot)++) / 2);
}

static enum figure_result draw(const struct dataset *data, const struct instances *instances,
                               struct figure_file *out, struct err *e)
{
    if (instances->n == 0)
        return figure_leave_out(out, "the run has no instances");
    if (figure_begin(out, columns, e))
        return FIGURE_FAILED;
    size_t slot = 0;
    for (size_t arm = 0; arm < data->n_arms; arm++)
        write_arm(&out->csv, data, instances, arm, &slot);
    figure_title(out, "Requests answered by each instance");
    fputs("Every answer, warm-up and errors included. Line: an even share of the cluster's answers; band: "
          "where all of a cluster's instances lie with 95 % if each request had gone to one of them by "
          "chance (Bonferroni). \"As even as round robin\": chance makes the counts so even in fewer than "
          "one run in "
          "a thousand. Below: the last characters of the instance's id. ",
          out->caption);
    caption_end_own(out->caption);
    caption_run(out->caption, data);
    return FIGURE_DRAWN;
}

enum figure_result figure_instances(const struct dataset *data, struct figure_file *out, struct err *e)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/instances.csv", data->folder);
    if (access(path, F_OK))
        return figure_leave_out(out, "there is no instances.csv; `loadgen analysis recompute` writes it");
    if (whole_lacks(data, "instances.csv"))
        return figure_leave_out(out, "%s", whole_lacks(data, "instances.csv"));
    struct instances instances;
    enum figure_result result = FIGURE_FAILED;
    if (!instances_read(&instances, data->folder, data->arms, data->n_arms, e))
        result = draw(data, &instances, out, e);
    instances_fini(&instances);
    return result;
}
