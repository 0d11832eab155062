#include "merge_claims.h"

#include "claims.h"
#include "metric.h"

#include <math.h>

static json_t *real_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *us_or_null(bool is_known, uint64_t ns)
{
    return is_known ? json_real((double)ns / 1e3) : json_null();
}

static json_t *quantity(const struct claim_row *row, enum claim_what what)
{
    const struct claim *claim = &row->claims[what];
    const struct attempt_time *time = &claim->time;
    const char *state = attempt_state_name(time->state);
    if (what == CLAIM_RATE)
        return json_pack("{s:o}", "value_per_s", real_or_null(claim->rate_per_s));
    return json_pack("{s:s, s:I, s:o, s:o, s:s?, s:o}", "metric",
                     metric_name(row->is_open ? METRIC_RESPONSE : METRIC_SERVICE), "p_ppm",
                     (json_int_t)claim_ppm(what), "value_us",
                     us_or_null(time->state == ATTEMPT_EXACT, time->value_ns), "at_least_us",
                     us_or_null(time->state == ATTEMPT_AT_LEAST || time->at_least_ns > 0, time->at_least_ns),
                     "state", *state ? state : NULL, "generator_share", real_or_null(claim->generator_share));
}

/* NULL when memory is short. */
static json_t *claim_json(const struct claim_row *row, enum claim_what what)
{
    const struct claim *claim = &row->claims[what];
    json_t *json =
        json_pack("{s:s, s:s?, s:s}", "scope", row->cluster, "stream", row->stream, "what", claim_name(what));
    json_t *level = json_pack("{s:s, s:s}", "level", claim_level_name(claim->level), "why", claim->why);
    int status = json_object_update_new(json, quantity(row, what));
    status |= json_object_update_new(json, level);
    if (status == 0)
        return json;
    json_decref(json);
    return NULL;
}

json_t *merge_claims(const struct claims *claims)
{
    json_t *list = json_array();
    int status = 0;
    for (size_t i = 0; i < claims->n_rows; i++)
        for (int what = 0; what < N_CLAIMS; what++)
            status |= json_array_append_new(list, claim_json(&claims->rows[i], (enum claim_what)what));
    if (status == 0)
        return list;
    json_decref(list);
    return NULL;
}
