/* Times against load, from the steps of a sweep: where the curve bends, the cluster is at its limit. Over all
 * attempts of a step: too many failures leave it without a time. */
#include "caption.h"
#include "dataset.h"
#include "err.h"
#include "figure_set.h"
#include "sweep.h"

#include <math.h>
#include <stdbool.h>

static const char columns[] = "cluster,series,style,offered_per_s,achieved_per_s,p_ppm,value_ms,"
                              "sustains_per_s,result,state,level,mark,failed_n,n,run";

static void write_time(struct csv_writer *csv, const struct sweep_step *step, const struct sweep_time *time)
{
    csv_text(csv, attempt_state_name(time->state));
    csv_text(csv, claim_level_name(time->level));
    csv_text(csv, claim_mark(time->level));
    csv_u64(csv, step->n_failed);
    csv_u64(csv, step->n);
    csv_text(csv, step->run);
    csv_end_row(csv);
}

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
        csv_fixed(csv, cluster->sustains_per_s, 3);
        csv_text(csv, sweep_result_name(step->result));
        write_time(csv, step, &step->times[i]);
    }
}

static void describe_lines(FILE *out, const struct sweep *s)
{
    bool any_sustained = false, any_beyond = false;
    for (size_t i = 0; i < s->n_clusters; i++)
        any_sustained |= isfinite(s->clusters[i].sustains_per_s);
    for (size_t i = 0; i < s->n_steps; i++)
        any_beyond |= s->steps[i].result != SWEEP_HELD && s->steps[i].result != SWEEP_GENERATOR;
    fputs("Response time (due to complete) within which 50 % (thin) and 99 % (thick) of all attempts got a "
          "good "
          "answer, by the good answers per second of a step, without intervals. ",
          out);
    if (any_sustained) {
        fputs("Vertical lines: the highest rate that a cluster sustained", out);
        for (size_t i = 0; i < s->first.n_thresholds; i++)
            fprintf(out, "%s%s", i == 0 ? " with " : " and ", s->first.thresholds[i].text);
        fputs(". ", out);
    }
    if (any_beyond)
        fputs("Hollow: more than the cluster sustains. ", out);
}

/* What only some curves have. */
static void describe_marks(FILE *out, const struct sweep *s)
{
    size_t n_without = 0, n_at_fault = 0, n_marked = 0;
    for (size_t i = 0; i < s->n_steps; i++) {
        n_without += s->steps[i].times[SWEEP_P99].state == ATTEMPT_FAILED;
        n_at_fault += s->steps[i].result == SWEEP_GENERATOR;
        n_marked += *claim_mark(s->steps[i].times[SWEEP_P99].level) != '\0';
    }
    if (n_without > 0)
        fputs("Cross at the top: too many failed for a p99. ", out);
    if (n_at_fault > 0)
        fputs("Grey crosses: loadgen was the limit. ", out);
    if (n_marked > 0)
        fputs("Marks: ~ p99 is rough, ! do not quote it, ? not judged. ", out);
}

static void describe_steps(FILE *out, const struct sweep *s)
{
    uint64_t n = 0, n_failed = 0;
    for (size_t i = 0; i < s->n_steps; i++) {
        n += s->steps[i].n;
        n_failed += s->steps[i].n_failed;
    }
    fprintf(out, "%zu step%s of one run each; failed attempts: ", s->n_steps, s->n_steps == 1 ? "" : "s");
    caption_failed(out, n_failed, n);
    fputs(". ", out);
    if (s->first.root) {
        fputs("First run: ", out);
        caption_period(out, s->first.t0_realtime_ns, s->first.t0_realtime_ns);
        fputs(s->first.emulated ? ", emulated instances. " : ". ", out);
    }
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
    describe_lines(out->caption, s);
    describe_marks(out->caption, s);
    describe_steps(out->caption, s);
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
