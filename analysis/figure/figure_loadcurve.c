/* Times against load, from the steps of a sweep: where the curve bends, the cluster is at its limit. */
#include "dataset.h"
#include "err.h"
#include "figure_set.h"
#include "sweep.h"

static const char columns[] = "cluster,series,style,offered_per_s,achieved_per_s,p_ppm,value_ms,lo_ms,hi_ms,"
                              "bears_per_s,result,level,run";

static void write_step(struct csv_writer *csv, const struct sweep *s, const struct sweep_step *step)
{
    static const uint64_t p_ppm[N_SWEEP_TIMES] = { [SWEEP_P50] = 500000, [SWEEP_P99] = 990000 };
    const struct sweep_cluster *cluster = &s->clusters[step->cluster];
    for (int i = 0; i < N_SWEEP_TIMES; i++) {
        csv_text(csv, cluster->name);
        csv_text(csv, cluster->series);
        csv_i64(csv, cluster->style);
        csv_fixed(csv, step->offered_per_s, 3);
        csv_fixed(csv, step->achieved_per_s, 3);
        csv_u64(csv, p_ppm[i]);
        csv_fixed(csv, step->times[i].value_ms, 6);
        csv_fixed(csv, step->times[i].lo_ms, 6);
        csv_fixed(csv, step->times[i].hi_ms, 6);
        csv_fixed(csv, cluster->bears_per_s, 3);
        csv_text(csv, sweep_result_name(step->result));
        csv_text(csv, claim_level_name(step->times[i].level));
        csv_text(csv, step->run);
        csv_end_row(csv);
    }
}

static void write_caption(FILE *out, const struct sweep *s)
{
    size_t n_invalid = 0, n_without = 0;
    for (size_t i = 0; i < s->n_steps; i++) {
        n_invalid += s->steps[i].times[SWEEP_P99].level == CLAIM_INVALID;
        n_without += s->steps[i].times[SWEEP_P99].state != ATTEMPT_EXACT;
    }
    fputs("Median (thin) and 99th percentile (thick) of response times over all requests (due to complete; a "
          "failure ranks above every success) at the rate of good answers, with 95 % intervals of sampling "
          "alone. Vertical lines: the highest rate that a cluster sustained",
          out);
    for (size_t i = 0; i < s->first.n_thresholds; i++)
        fprintf(out, "%s%s", i == 0 ? " with " : " and ", s->first.thresholds[i].text);
    fprintf(
        out,
        ". Hollow: more than the cluster sustains. Grey crosses: loadgen was the limit. n = %zu runs, one "
        "per step. ",
        s->n_steps);
    if (n_without > 0)
        fprintf(out, "%zu step%s no p99, because too many requests failed. ", n_without,
                n_without == 1 ? " has" : "s have");
    if (s->first.emulated)
        fputs("Instances are emulated. ", out);
    if (n_invalid > 0)
        fprintf(out, "In %zu step%s too much of p99 is loadgen's own to quote it.", n_invalid,
                n_invalid == 1 ? "" : "s");
}

static enum figure_result draw(const struct sweep *s, struct figure_file *out, struct err *e)
{
    size_t n_answered = 0;
    for (size_t i = 0; i < s->n_steps; i++)
        n_answered += s->steps[i].achieved_per_s > 0;
    if (n_answered == 0)
        return figure_leave_out(out, "no step of the sweep was answered");
    if (figure_begin(out, columns, e))
        return FIGURE_FAILED;
    for (size_t i = 0; i < s->n_steps; i++)
        write_step(&out->csv, s, &s->steps[i]);
    figure_title(out, "Response time against load");
    write_caption(out->caption, s);
    return FIGURE_DRAWN;
}

enum figure_result figure_loadcurve(const struct dataset *data, struct figure_file *out, struct err *e)
{
    struct sweep sweep;
    const enum figure_result result =
        sweep_open(&sweep, data->folder, e) ? FIGURE_FAILED : draw(&sweep, out, e);
    sweep_fini(&sweep);
    return result;
}
