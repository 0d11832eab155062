#include "comparison.h"
#include "csv.h"
#include "err.h"

#include <math.h>

enum { PATH_BYTES = 4096 };

static const char compare_columns[] = "metric,p_ppm,n_pairs,ratio,lo,hi,beyond,a,a_state,a_least,b,b_state,b_"
                                      "least,unit,diff_us,method,p_raw,p_holm,"
                                      "equivalent_lo,equivalent_hi,p_equivalence,rank_ratio,rank_lo,rank_hi,"
                                      "p_rank,sd_log,lag1,a12,detectable_ratio,"
                                      "apart_n,control_n,control_ratio,control_lo,control_hi,control_left,"
                                      "failed_a,failed_b,margin,decision,reason,"
                                      "pairs_more_n";
static const char pairs_columns[] = "pair,kind,order,role,cluster,label,run,p50_us,p90_us,p99_us,p999_us,ok_"
                                    "per_s,attempts_n,ok_n,failed_n,state,level,"
                                    "generator_share";

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

static void write_interval(struct csv_writer *csv, const struct decide_interval *i)
{
    csv_fixed(csv, i->value, 6);
    csv_fixed(csv, i->lo, 6);
    csv_fixed(csv, i->hi, 6);
}

static void write_typical(struct csv_writer *csv, const struct decide_time *t, double unit)
{
    const bool is_bound = t->state == ATTEMPT_AT_LEAST || t->state == ATTEMPT_FAILED;
    csv_fixed(csv, t->state == ATTEMPT_EXACT ? t->value / unit : NAN, 3);
    csv_text(csv, attempt_state_name(t->state));
    csv_fixed(csv, is_bound && t->at_least > 0 ? t->at_least / unit : NAN, 3);
}

/* What is shown beside the decision, and the controls. */
static void write_evidence(struct csv_writer *csv, const struct decide_result *r)
{
    csv_fixed(csv, r->equivalence.lo, 6);
    csv_fixed(csv, r->equivalence.hi, 6);
    csv_real(csv, r->p_equivalence);
    write_interval(csv, &r->ratio_rank);
    csv_real(csv, r->p_rank);
    csv_fixed(csv, r->sd_log, 6);
    csv_fixed(csv, r->lag1, 4);
    csv_fixed(csv, r->n_pairs > 1 ? r->a12 : NAN, 4);
    csv_fixed(csv, r->detectable_ratio, 4);
    csv_u64(csv, r->n_apart);
    csv_u64(csv, r->control.n);
    if (r->control.n > 0) {
        write_interval(csv, &r->control.ratio);
        csv_fixed(csv, r->control.is_shifted ? r->control.left.value : NAN, 6);
    } else {
        for (int i = 0; i < 4; i++)
            csv_empty(csv);
    }
    csv_fixed(csv, r->failures.n > 0 ? r->failures.a : NAN, 6);
    csv_fixed(csv, r->failures.n > 0 ? r->failures.b : NAN, 6);
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
    write_interval(csv, &ratio);
    csv_fixed(csv, r->method == DECIDE_SIGN_TEST ? r->signs.beyond : NAN, 6);
    write_typical(csv, &r->typical_a, unit);
    write_typical(csv, &r->typical_b, unit);
    csv_text(csv, is_rate ? "per_s" : "us");
    csv_fixed(csv, is_rate ? NAN : r->difference.value / 1000, 3);
    csv_text(csv, method_of(c, value));
    csv_real(csv, r->p);
    csv_real(csv, r->p_holm);
    write_evidence(csv, r);
    csv_fixed(csv, c->margin, 4);
    csv_text(csv, decide_outcome_name(r->outcome));
    csv_text(csv, decide_reason_name(r->reason));
    csv_u64(csv, r->n_more);
    csv_end_row(csv);
}

static void write_sample(struct csv_writer *csv, const struct comparison *c,
                         const struct comparison_pair *pair, const char *role, const struct sample *s)
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
    csv_u64(csv, s->attempts_n);
    csv_u64(csv, s->ok_n);
    csv_u64(csv, s->failed_n);
    csv_text(csv, attempt_state_name(s->state[c->primary]));
    csv_text(csv, claim_level_name(s->level[c->primary]));
    csv_fixed(csv, s->generator_share[c->primary], 4);
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
        write_sample(&csv, c, &c->pairs[i], "a", &c->pairs[i].a);
        write_sample(&csv, c, &c->pairs[i], "b", &c->pairs[i].b);
    }
    return csv_close(&csv, e);
}
