#include "comparison.h"
#include "csv.h"
#include "err.h"

#include <math.h>

enum { PATH_BYTES = 4096 };

static const char compare_columns[] =
    "metric,p_ppm,n_pairs,ratio,lo,hi,a,b,unit,diff_us,method,p_raw,p_holm,a12,margin,decision,pairs_more_n";
static const char pairs_columns[] =
    "pair,kind,order,role,cluster,label,run,p50_us,p90_us,p99_us,p999_us,ok_per_s,ok_n,err_n,verdict";

static const char *metric_text(const struct comparison *c, enum sample_value value, char *out,
                               size_t out_bytes)
{
    static const char *const endings[] = {
        [SAMPLE_OF_ALL] = "", [SAMPLE_LESS_GENERATOR] = "_less_g", [SAMPLE_PER_INSTANCE] = "_typical_instance"
    };
    const struct comparison_pair *pair = comparison_first(c);
    if (value == SAMPLE_RATE)
        return "rate";
    snprintf(out, out_bytes, "%s%s", metric_name(pair ? pair->a.headline : METRIC_SERVICE),
             endings[sample_value_of(value)]);
    return out;
}

/* How the interval was made; none if there is none. */
static const char *method_of(const struct comparison *c, enum sample_value value)
{
    if (!c->within_run)
        return decide_method_name(c->results[value].method);
    return comparison_has_within(value) && !*c->within[value].why ? "seconds_within_run" : "none_within_run";
}

static void write_result(struct csv_writer *csv, const struct comparison *c, enum sample_value value)
{
    char metric[64];
    const struct decide_result *r = &c->results[value];
    const struct decide_interval ratio = comparison_ratio(c, value);
    const bool is_rate = value == SAMPLE_RATE;
    const double unit = is_rate ? 1 : 1000;
    csv_text(csv, metric_text(c, value, metric, sizeof metric));
    if (is_rate)
        csv_empty(csv);
    else
        csv_u64(csv, sample_value_ppm(value));
    csv_u64(csv, r->n_pairs);
    csv_fixed(csv, ratio.value, 6);
    csv_fixed(csv, ratio.lo, 6);
    csv_fixed(csv, ratio.hi, 6);
    csv_fixed(csv, r->typical_a.value / unit, 3);
    csv_fixed(csv, r->typical_b.value / unit, 3);
    csv_text(csv, is_rate ? "per_s" : "us");
    csv_fixed(csv, is_rate ? NAN : r->difference.value / 1000, 3);
    csv_text(csv, method_of(c, value));
    csv_real(csv, r->p);
    csv_real(csv, r->p_holm);
    csv_fixed(csv, r->n_pairs > 1 ? r->a12 : NAN, 4);
    csv_fixed(csv, c->margin, 4);
    csv_text(csv, decide_outcome_name(r->outcome));
    csv_u64(csv, r->n_more);
    csv_end_row(csv);
}

static void write_sample(struct csv_writer *csv, const struct comparison_pair *pair, const char *role,
                         const struct sample *s)
{
    csv_u64(csv, pair->number);
    csv_text(csv, pair->is_control ? "aa" : "ab");
    csv_text(csv, pair->order);
    csv_text(csv, role);
    csv_text(csv, s->cluster);
    csv_text(csv, s->label);
    csv_text(csv, s->run_id);
    for (int i = SAMPLE_P50; i <= SAMPLE_P999; i++)
        csv_fixed(csv, s->value[i] / 1000, 3);
    csv_fixed(csv, s->value[SAMPLE_RATE], 3);
    csv_u64(csv, s->ok_n);
    if (s->err_known)
        csv_u64(csv, s->err_n);
    else
        csv_empty(csv);
    csv_text(csv, s->verdict);
    csv_end_row(csv);
}

int comparison_write(const struct comparison *c, const char *folder, struct err *e)
{
    char path[PATH_BYTES];
    struct csv_writer csv;
    snprintf(path, sizeof path, "%s/compare.csv", folder);
    if (csv_create(&csv, path, compare_columns, e))
        return -1;
    for (int i = 0; i < N_SAMPLE_VALUES; i++)
        write_result(&csv, c, (enum sample_value)i);
    if (csv_close(&csv, e))
        return -1;
    snprintf(path, sizeof path, "%s/pairs.csv", folder);
    if (csv_create(&csv, path, pairs_columns, e))
        return -1;
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        write_sample(&csv, &c->pairs[i], "a", &c->pairs[i].a);
        write_sample(&csv, &c->pairs[i], "b", &c->pairs[i].b);
    }
    return csv_close(&csv, e);
}
