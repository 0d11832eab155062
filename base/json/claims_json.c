#include "claims_json.h"

#include "claims.h"
#include "json_tree.h"
#include "metric.h"

#include <math.h>

static json_t *us_json(uint64_t ns)
{
    return json_real((double)ns / 1e3);
}

static void set_rate(json_t **row, const struct claim *claim)
{
    json_tree_set(row, "value_per_s", json_tree_real(claim->rate_per_s));
}

static void set_time(json_t **row, const struct claim_row *about, enum claim_what what)
{
    const struct claim *claim = &about->claims[what];
    const struct attempt_time *time = &claim->time;
    json_tree_set(row, "metric", json_string(metric_name(about->headline)));
    json_tree_set(row, "p_ppm", json_integer(claim_ppm(what)));
    json_tree_set(row, "value_us", time->state == ATTEMPT_EXACT ? us_json(time->value_ns) : json_null());
    json_tree_set(row, "at_least_us",
                  time->state == ATTEMPT_AT_LEAST || time->at_least_ns > 0 ? us_json(time->at_least_ns)
                                                                           : json_null());
    json_tree_set(row, "state", json_tree_text_or_null(attempt_state_name(time->state)));
    json_tree_set(row, "generator_share", json_tree_real(claim->generator_share));
}

static json_t *claim_json(const struct claim_row *about, enum claim_what what)
{
    const struct claim *claim = &about->claims[what];
    json_t *row = json_object();
    json_tree_set(&row, "scope", json_string(about->cluster));
    json_tree_set(&row, "stream", about->stream ? json_string(about->stream) : json_null());
    if (about->step)
        json_tree_set(&row, "row", json_string(about->step));
    json_tree_set(&row, "what", json_string(claim_name(what)));
    if (what == CLAIM_RATE)
        set_rate(&row, claim);
    else
        set_time(&row, about, what);
    json_tree_set(&row, "level", json_string(claim_level_name(claim->level)));
    json_tree_set(&row, "why", json_string(claim->why));
    return row;
}

static void add_rows(json_t **list, const struct claim_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (int what = 0; what < N_CLAIMS; what++)
            json_tree_append(list, claim_json(&rows[i], (enum claim_what)what));
}

json_t *claims_json(const struct claims *claims)
{
    json_t *list = json_array();
    if (claims) {
        add_rows(&list, claims->rows, claims->n_rows);
        add_rows(&list, claims->steps, claims->n_steps);
    }
    return list;
}
