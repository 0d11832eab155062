#include "run_object.h"

#include "claims.h"
#include "claims_json.h"
#include "derived.h"
#include "err.h"
#include "hist.h"
#include "json_member.h"
#include "json_tree.h"
#include "run_row_json.h"
#include "threshold.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char SCHEMA[] = "loadgen-run/1";

/* The member, shared; null where there is none. */
static json_t *member(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    return value ? json_incref(value) : json_null();
}

static void copy(json_t **into, const json_t *from, const char *const *keys)
{
    for (; *keys; keys++)
        json_tree_set(into, *keys, member(from, *keys));
}

/* The row of run.json that has that name under the key. */
static const json_t *find(const json_t *list, const char *key, const char *name)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_member_text(json_array_get(list, i), key), name) == 0)
            return json_array_get(list, i);
    return NULL;
}

/* The options in effect: without those that are not set. */
static json_t *options_json(const json_t *settings)
{
    json_t *options = json_object(), *value;
    const char *name;
    json_object_foreach((json_t *)settings, name, value)
    {
        const char *text = json_string_value(value);
        if (json_is_array(value) || (text && strcmp(text, "false") != 0))
            json_tree_set(&options, name, json_incref(value));
    }
    return options;
}

static json_t *settings_json(const json_t *run)
{
    static const char *const copied[] = { "threads", "seed", "pacing", NULL };
    const json_t *streams = json_object_get(run, "streams");
    json_int_t n_connections = 0;
    for (size_t i = 0; i < json_array_size(streams); i++)
        n_connections += json_integer_value(json_object_get(json_array_get(streams, i), "connections"));
    json_t *settings = json_object();
    json_tree_set(&settings, "scenario", member(json_object_get(run, "scenario"), "file"));
    json_tree_set(&settings, "connections", json_integer(n_connections));
    copy(&settings, run, copied);
    json_tree_set(&settings, "options", options_json(json_object_get(run, "settings")));
    return settings;
}

static json_t *cluster_json(const struct run_object *o, const struct claim_row *row)
{
    static const char *const copied[] = { "label", "path", "instance_type", "zone", "instances", NULL };
    json_t *cluster = json_object();
    json_tree_set(&cluster, "name", json_tree_text(row->cluster));
    copy(&cluster, find(json_object_get(o->run, "clusters"), "name", row->cluster), copied);
    run_row_json_set(&cluster, o->derived, row);
    return cluster;
}

/* The rows of a session stream. */
static json_t *steps_json(const struct run_object *o, const struct claim_row *stream)
{
    json_t *list = json_array();
    for (size_t i = 0; i < o->claims->n_steps; i++) {
        const struct claim_row *row = &o->claims->steps[i];
        if (strcmp(row->stream, stream->stream) != 0)
            continue;
        json_t *step = json_object();
        json_tree_set(&step, "name", json_tree_text(row->step));
        run_row_json_set(&step, o->derived, row);
        json_tree_append(&list, step);
    }
    return list;
}

static json_t *stream_json(const struct run_object *o, const struct claim_row *row)
{
    static const char *const copied[] = { "target",    "http",          "model",
                                          "users",     "connections",   "streams_per_connection",
                                          "arrivals",  "method",        "path",
                                          "timeout_s", "round_trip_us", NULL };
    const json_t *totals = find(json_object_get(o->run, "stream_totals"), "stream", row->stream);
    json_t *stream = json_object();
    json_tree_set(&stream, "name", json_tree_text(row->stream));
    json_tree_set(&stream, "cluster", json_tree_text(row->cluster));
    copy(&stream, find(json_object_get(o->run, "streams"), "name", row->stream), copied);
    json_tree_set(&stream, "sent_again", member(totals, "sent_again"));
    json_tree_set(&stream, "http2", member(totals, "http2"));
    run_row_json_set(&stream, o->derived, row);
    json_t *rows = steps_json(o, row);
    if (json_array_size(rows) > 0)
        json_tree_set(&stream, "rows", rows);
    else
        json_decref(rows);
    return stream;
}

static json_t *rows_json(const struct run_object *o, bool is_stream)
{
    json_t *list = json_array();
    for (size_t i = 0; i < o->claims->n_rows; i++) {
        const struct claim_row *row = &o->claims->rows[i];
        if ((row->stream != NULL) == is_stream)
            json_tree_append(&list, is_stream ? stream_json(o, row) : cluster_json(o, row));
    }
    return list;
}

static const char *metric_of(const struct threshold *t, char *out)
{
    static const char *const names[] = { [THRESHOLD_MEAN] = "mean",
                                         [THRESHOLD_MAX] = "max",
                                         [THRESHOLD_ERRORS] = "errors",
                                         [THRESHOLD_RATE] = "rate" };
    return t->metric == THRESHOLD_PERCENTILE ? hist_percentile_name(t->p_ppm, out) : names[t->metric];
}

/* A row of run.json with what its text says, and how far the number that it rests on can be quoted. */
static json_t *limited_json(const struct claims *claims, const json_t *judged)
{
    struct threshold t = { 0 };
    struct err ignored;
    char metric[HIST_PERCENTILE_BYTES];
    json_t *row = json_copy((json_t *)judged);
    const bool is_read = threshold_parse(&t, json_member_text(judged, "text"), &ignored) == 0;
    const struct claim *claim =
        is_read ? claims_threshold(claims, &t, json_is_true(json_object_get(judged, "held"))) : NULL;
    json_tree_set(&row, "metric", is_read ? json_string(metric_of(&t, metric)) : json_null());
    json_tree_set(&row, "compare",
                  is_read ? json_sprintf("%s%s", t.at_most ? "<" : ">", t.or_equal ? "=" : "") : json_null());
    json_tree_set(&row, "limit", is_read ? json_tree_real(t.limit) : json_null());
    json_tree_set(&row, "level", claim ? json_string(claim_level_name(claim->level)) : json_null());
    free(t.text);
    return row;
}

static json_t *thresholds_json(const struct run_object *o)
{
    const json_t *judged = json_object_get(o->run, "thresholds");
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(judged); i++)
        json_tree_append(&list, limited_json(o->claims, json_array_get(judged, i)));
    return list;
}

json_t *run_object_json(const struct run_object *o)
{
    static const char *const head[] = { "tool", "name", NULL };
    static const char *const time[] = { "started_utc", "duration_s",  "end",
                                        "deployment",  "round_trips", "shard",
                                        "shards",      "merged_from", NULL };
    json_t *root = json_object();
    json_tree_set(&root, "schema", json_string(SCHEMA));
    copy(&root, o->run, head);
    json_tree_set(&root, "run_id", json_tree_text_or_null(json_member_text(o->run, "run_id")));
    json_tree_set(&root, "folder", json_tree_text_or_null(o->folder));
    json_tree_set(&root, "url", member(json_object_get(o->run, "target"), "url"));
    copy(&root, o->run, time);
    json_tree_set(&root, "settings", settings_json(o->run));
    json_tree_set(&root, "level", json_string(claim_level_name(claims_worst(o->claims))));
    json_tree_set(&root, "clusters", rows_json(o, false));
    json_tree_set(&root, "streams", rows_json(o, true));
    json_tree_set(&root, "thresholds", thresholds_json(o));
    json_tree_set(&root, "claims", claims_json(o->claims));
    json_tree_set(&root, "checks", member(o->run, "checks"));
    return root;
}
