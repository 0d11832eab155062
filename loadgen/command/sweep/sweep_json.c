#include "sweep_json.h"

#include "err.h"
#include "hist.h"
#include "json_out.h"
#include "json_tree.h"
#include "loadcurve.h"
#include "sweep_options.h"

#include <math.h>

static const char SCHEMA[] = "loadgen-sweep/1";

void sweep_json_init(struct sweep_json *j)
{
    *j = (struct sweep_json){ json_array(), json_array() };
}

void sweep_json_fini(struct sweep_json *j)
{
    json_decref(j->clusters);
    json_decref(j->steps);
}

static json_t *us_json(double us)
{
    return us < 0 ? json_null() : json_tree_real(us);
}

static json_t *percentiles_json(const struct loadcurve_point *point)
{
    char name[HIST_PERCENTILE_BYTES];
    json_t *all = json_object();
    for (size_t i = 0; i < point->n_times; i++) {
        const struct loadcurve_time *t = &point->times[i];
        const enum claim_level level = point->step.levels[claim_what_at((uint32_t)t->p_ppm)];
        json_t *one = json_object();
        json_tree_set(&one, "value_us", us_json(t->value_us));
        json_tree_set(&one, "at_least_us", us_json(t->at_least_us));
        json_tree_set(&one, "low_us", us_json(t->lo_us));
        json_tree_set(&one, "high_us", us_json(t->hi_us));
        json_tree_set(&one, "state", json_tree_text_or_null(attempt_state_name(t->state)));
        json_tree_set(&one, "level", json_string(claim_level_name(level)));
        json_tree_set(&all, hist_percentile_name((uint32_t)t->p_ppm, name), one);
    }
    return all;
}

void sweep_json_step(struct sweep_json *j, const struct loadcurve_point *point, const char *run)
{
    const struct step_judged *s = &point->step;
    json_t *step = json_object();
    json_tree_set(&step, "offered_per_s", json_tree_real(point->offered_per_s));
    json_tree_set(&step, "good_per_s", json_tree_real(s->rate_per_s));
    json_tree_set(&step, "good_per_s_level", json_string(claim_level_name(s->levels[CLAIM_RATE])));
    json_tree_set(&step, "held", json_boolean(s->result == SWEEP_HELD));
    json_tree_set(&step, "result", json_string(sweep_result_name(s->result)));
    json_tree_set(&step, "ok_n", json_tree_count(s->n_ok));
    json_tree_set(&step, "failed_n", json_tree_count(s->n_failed));
    json_tree_set(&step, "censored_n", json_tree_count(s->n_censored));
    json_tree_set(&step, "percentiles", percentiles_json(point));
    json_tree_set(&step, "run", json_tree_text(run));
    json_tree_append(&j->steps, step);
}

static json_t *rate_or_null(double per_s)
{
    return per_s > 0 ? json_tree_real(per_s) : json_null();
}

void sweep_json_cluster(struct sweep_json *j, const struct sweep_found *found)
{
    json_t *cluster = json_object();
    json_tree_set(&cluster, "name", json_tree_text(found->cluster));
    json_tree_set(&cluster, "target", json_tree_text_or_null(found->target));
    json_tree_set(&cluster, "sustained_per_s", rate_or_null(found->good));
    json_tree_set(&cluster, "first_failed_per_s", rate_or_null(found->bad));
    json_tree_set(&cluster, "limit", json_tree_text_or_null(found->limit));
    json_tree_set(&cluster, "steps", j->steps);
    json_tree_append(&j->clusters, cluster);
    j->steps = json_array();
}

static json_t *settings_json(const struct sweep_options *o)
{
    json_t *settings = json_object(), *thresholds = json_array();
    for (size_t i = 0; i < o->run.thresholds.n; i++)
        json_tree_append(&thresholds, json_tree_text(o->run.thresholds.items[i]));
    json_tree_set(&settings, "scenario", json_tree_text_or_null(o->run.scenario));
    json_tree_set(&settings, "from_per_s", json_tree_real(o->from_per_s));
    json_tree_set(&settings, "to_per_s", json_tree_real(o->to_per_s));
    json_tree_set(&settings, "factor", json_tree_real(o->factor));
    json_tree_set(&settings, "refine_n", json_tree_count(o->n_refine));
    json_tree_set(&settings, "duration_s", json_tree_real((double)o->duration_ns / 1e9));
    json_tree_set(&settings, "warmup_s", json_tree_real((double)o->warmup_ns / 1e9));
    json_tree_set(&settings, "gap_s", json_tree_real((double)o->gap_ns / 1e9));
    json_tree_set(&settings, "thresholds", thresholds);
    return settings;
}

int sweep_json_print(const struct sweep_json *j, const struct sweep_options *o, const char *folder,
                     bool is_whole, struct err *e)
{
    json_t *root = json_object();
    json_tree_set(&root, "schema", json_string(SCHEMA));
    json_tree_set(&root, "folder", json_tree_text(folder));
    json_tree_set(&root, "end", json_string(is_whole ? "done" : "interrupted"));
    json_tree_set(&root, "settings", settings_json(o));
    json_tree_set(&root, "clusters", json_incref(j->clusters));
    const int status = root ? 0 : err_set(e, ERR_FAILED, "out of memory for the JSON");
    json_out_write(stdout, root);
    json_decref(root);
    return status;
}
