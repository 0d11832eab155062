#include "run_json.h"

#include "again_json.h"
#include "err.h"
#include "http2_json.h"
#include "json_want.h"
#include "killed_run.h"
#include "run_file.h"
#include "run_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RUN_JSON_MOST_BYTES = 256 << 20 };

static void read_cluster(struct json_want *w, struct json_place at, void *row)
{
    struct run_cluster *cluster = row;
    cluster->name = json_want_text(w, at, "name");
    cluster->label = json_want_text_or_null(w, at, "label");
    cluster->instance_type = json_want_text_or_null(w, at, "instance_type");
    cluster->zone = json_want_text_or_null(w, at, "zone");
    const json_t *instances = json_want_array(w, at, "instances");
    const size_t n = json_array_size(instances);
    cluster->instances = n ? calloc(n, sizeof *cluster->instances) : NULL;
    for (; cluster->instances && cluster->n_instances < n; cluster->n_instances++) {
        const char *id = json_string_value(json_array_get(instances, cluster->n_instances));
        if (!id && !w->failed) {
            err_set(w->e, ERR_INPUT, "%s: '%s.instances' must hold texts only", w->file, at.name);
            w->failed = true;
        }
        cluster->instances[cluster->n_instances] = id ? id : "";
    }
}

static void read_row(struct json_want *w, struct json_place at, void *row)
{
    struct derived_row *r = row;
    r->name = json_want_text(w, at, "name");
    r->is_session = strcmp(json_want_text(w, at, "kind"), "session") == 0;
}

static void read_stream(struct json_want *w, struct json_place at, void *row)
{
    struct run_stream *stream = row;
    stream->name = json_want_text(w, at, "name");
    stream->cluster = json_want_text(w, at, "cluster");
    stream->open = strcmp(json_want_text(w, at, "model"), "open") == 0;
    stream->headline = json_want_text(w, at, "headline");
    stream->arrivals = json_want_text_or_null(w, at, "arrivals");
    stream->target = json_want_text_or_null(w, at, "target");
    stream->http = json_want_text_or_null(w, at, "http");
    stream->streams_per_connection = json_want_real_or_null(w, at, "streams_per_connection");
    stream->captures_instance = json_want_flag(w, at, "captures_instance");
    stream->users = json_want_real_or_null(w, at, "users");
    stream->connections = json_want_real_or_null(w, at, "connections");
    stream->timeout_s = json_want_real_or_null(w, at, "timeout_s");
    stream->round_trip_us = json_want_real_or_null(w, at, "round_trip_us");
    if (json_object_get(at.object, "rows"))
        stream->rows = json_want_rows(w, at, "rows", sizeof *stream->rows, read_row, &stream->n_rows);
}

static void read_sessions(struct json_want *w, struct json_place at, struct run_sessions *s)
{
    s->due_n = json_want_count(w, at, "due_n");
    s->begun_n = json_want_count(w, at, "begun_n");
    s->late_paces_n = json_want_count(w, at, "late_paces_n");
    s->renewed_n = json_want_count(w, at, "renewed_n");
    s->pool_full_n = json_want_count(w, at, "pool_full_n");
    s->cookies_dropped_n = json_want_count(w, at, "cookies_dropped_n");
}

static void read_total(struct json_want *w, struct json_place at, void *row)
{
    struct run_total *total = row;
    const struct json_place statuses = { json_want_object_or_null(w, at, "statuses"), at.name };
    const char *status;
    json_t *n;
    total->stream = json_want_text(w, at, "stream");
    total->bytes_rx = json_want_count_or(w, at, "bytes_rx", 0);
    total->bytes_tx = json_want_count_or(w, at, "bytes_tx", 0);
    json_object_foreach((json_t *)statuses.object, status, n) status_counts_add(
        &total->statuses, (unsigned)strtoul(status, NULL, 10), json_want_count(w, statuses, status));
    const json_t *again = json_want_object_or_null(w, at, "sent_again");
    total->has_again = again != NULL;
    total->again = again_json_read(again);
    const struct json_place sessions = { json_want_object_or_null(w, at, "sessions"), at.name };
    total->has_sessions = sessions.object != NULL;
    if (sessions.object)
        read_sessions(w, sessions, &total->sessions);
    const json_t *http2 = json_want_object_or_null(w, at, "http2");
    total->has_http2 = http2 != NULL;
    if (http2)
        total->http2 = http2_json_read(http2);
}

/* The classes that occurred; the others have no member. */
static void read_outcomes(struct json_want *w, struct json_place at, uint64_t n_outcomes[N_OUTCOMES])
{
    const struct json_place errors = { json_want_object_or_null(w, at, "errors"), at.name };
    n_outcomes[OUTCOME_OK] = json_want_count(w, at, "ok_n");
    for (int o = OUTCOME_OK + 1; o < N_OUTCOMES; o++)
        n_outcomes[o] = json_want_count_or(w, errors, outcome_name((enum outcome)o), 0);
}

static void read_cell(struct json_want *w, struct json_place at, void *row)
{
    struct derived_cell *cell = row;
    cell->n_late = json_want_count(w, at, "ok_late_n");
    read_outcomes(w, at, cell->n_outcomes);
}

static void read_phase(struct json_want *w, struct json_place at, void *row)
{
    struct run_phase *phase = row;
    phase->stream = json_want_text(w, at, "stream");
    phase->cluster = json_want_text(w, at, "cluster");
    phase->phase = json_want_text(w, at, "phase");
    phase->kind = json_want_text(w, at, "kind");
    phase->warmup = json_want_flag(w, at, "warmup");
    phase->requests_n = json_want_real_or_null(w, at, "requests_n");
    phase->rate_per_s = json_want_real_or_null(w, at, "rate_per_s");
    phase->rate_end_per_s = json_want_real_or_null(w, at, "rate_end_per_s");
    phase->start_s = json_want_seconds_or_null(w, at, "start_s");
    phase->end_s = json_want_seconds_or_null(w, at, "end_s");
    phase->done_n = json_want_count(w, at, "done_n");
    phase->ok_n = json_want_count(w, at, "ok_n");
    phase->n_late = json_want_count(w, at, "ok_late_n");
    read_outcomes(w, at, phase->n_outcomes);
    if (json_object_get(at.object, "rows"))
        phase->cells = json_want_rows(w, at, "rows", sizeof *phase->cells, read_cell, &phase->n_cells);
}

static void read_exact(struct json_want *w, struct json_place at, void *row)
{
    struct run_exact *exact = row;
    exact->tag = json_want_text(w, at, "tag");
    exact->n = json_want_count(w, at, "n");
    exact->min_ns = json_want_count_or(w, at, "min_ns", 0);
    exact->max_ns = json_want_count_or(w, at, "max_ns", 0);
    exact->sum_ns = json_want_count_or(w, at, "sum_ns", 0);
}

static void read_check(struct json_want *w, struct json_place at, void *row)
{
    struct derived_check *check = row;
    check->rule = json_want_text(w, at, "rule");
    check->scope = json_want_text(w, at, "scope");
    check->level = json_want_text(w, at, "level");
    check->unit = json_want_text(w, at, "unit");
    check->what = json_want_text(w, at, "what");
    check->advice = json_want_text(w, at, "advice");
    check->value = json_want_real_or_null(w, at, "value");
    check->warn = json_want_real_or_null(w, at, "warn");
    check->invalid = json_want_real_or_null(w, at, "invalid");
}

static void read_threshold(struct json_want *w, struct json_place at, void *row)
{
    struct threshold_result *threshold = row;
    threshold->text = json_want_text(w, at, "text");
    threshold->scope = json_want_text_or_null(w, at, "scope");
    threshold->unit = json_want_text_or_null(w, at, "unit");
    threshold->value = json_want_real_or_null(w, at, "value");
    threshold->at_least = json_want_real_or_null(w, at, "at_least");
    const char *state = json_want_text_or_null(w, at, "state");
    threshold->state = attempt_state_find(state ? state : "");
    threshold->held = THRESHOLD_UNDECIDED;
    if (!json_is_null(json_object_get(at.object, "held")))
        threshold->held = json_want_flag(w, at, "held") ? THRESHOLD_HELD : THRESHOLD_MISSED;
}

/* Checked first, since another version may have other members. */
static int check_version(struct run_json *run, struct json_want *w)
{
    if (!json_is_object(run->root))
        return err_set(w->e, ERR_INPUT, "%s: the document must be an object", run->file);
    const uint64_t version = json_want_count(w, (struct json_place){ run->root, "" }, "schema_version");
    if (w->failed)
        return -1;
    if (version != RUN_JSON_SCHEMA_VERSION)
        return err_set(w->e, ERR_INPUT,
                       "%s: schema version %llu is unknown to this program, which reads version %d; use the "
                       "loadgen that wrote it",
                       run->file, (unsigned long long)version, RUN_JSON_SCHEMA_VERSION);
    return 0;
}

static void read_scalars(struct run_json *run, struct json_want *w, struct json_place top)
{
    run->run_id = json_want_text(w, top, "run_id");
    run->name = json_want_text(w, top, "name");
    run->started_utc = json_want_text(w, top, "started_utc");
    run->end = json_want_text(w, top, "end");
    run->t0_realtime_ns = json_want_count(w, top, "t0_realtime_ns");
    run->seed = json_want_count_or(w, top, "seed", 0);
    run->threads = json_want_count_or(w, top, "threads", 0);
    run->duration_s = json_want_seconds(w, top, "duration_s");
    const json_t *tool = json_want_object_or_null(w, top, "tool");
    run->tool_version = tool ? json_want_text(w, (struct json_place){ tool, "tool" }, "version") : NULL;
    const json_t *target = json_want_object_or_null(w, top, "target");
    run->target_url = target ? json_want_text(w, (struct json_place){ target, "target" }, "url") : NULL;
    const struct json_place deployment = { json_want_object_or_null(w, top, "deployment"), "deployment" };
    if (deployment.object)
        run->emulated = json_want_flag(w, deployment, "emulated");
    const struct json_place scenario = { json_want_object_or_null(w, top, "scenario"), "scenario" };
    run->scenario = scenario.object ? json_want_text_or_null(w, scenario, "file") : NULL;
    const struct json_place totals = { json_want_object_or_null(w, top, "totals"), "totals" };
    run->done_n = json_want_count(w, totals, "done_n");
    const struct json_place shard = { json_want_object_or_null(w, top, "shard"), "shard" };
    if (shard.object) {
        run->share = json_want_count(w, shard, "index");
        run->n_shares = json_want_count(w, shard, "count");
    }
    const struct json_place log = { json_want_object_or_null(w, top, "request_log"), "request_log" };
    if (log.object) {
        run->log_rows_n = json_want_count_or(w, log, "rows_n", 0);
        run->log_dropped_n = json_want_count_or(w, log, "dropped_n", 0);
        run->log_unwritten_n = json_want_count_or(w, log, "unwritten_n", 0);
    }
}

/* The rows of a phase are those of its stream. */
static int check_rows(const struct run_json *run, struct err *e)
{
    for (size_t i = 0; i < run->n_phases; i++) {
        const struct run_phase *phase = &run->phases[i];
        const struct run_stream *stream = run_json_stream(run, phase->stream);
        if (stream && phase->n_cells != stream->n_rows)
            return err_set(e, ERR_INPUT, "%s: phase '%s' has %zu rows, and its stream '%s' %zu", run->file,
                           phase->phase, phase->n_cells, stream->name, stream->n_rows);
    }
    return 0;
}

static int bring_up(struct run_json *run, const char *folder, struct err *e)
{
    const char *end = json_string_value(json_object_get(run->root, "end"));
    run->whole_s = RUN_FILE_WHOLE;
    return end && strcmp(end, "running") == 0 ? killed_run_bring_up(run->root, folder, &run->whole_s, e) : 0;
}

int run_json_read(struct run_json *run, const char *folder, struct err *e)
{
    *run = (struct run_json){ 0 };
    if (asprintf(&run->file, "%s/run.json", folder) < 0)
        return err_set(e, ERR_FAILED, "out of memory while reading %s", folder);
    if (access(run->file, F_OK) && run_path_is_campaign(folder))
        return err_set(
            e, ERR_INPUT,
            "%s is the folder of a campaign, not of a run: `loadgen analysis compare %s` tells what its "
            "runs say together; each of them is a folder in it",
            folder, folder);
    if (access(run->file, F_OK) && run_path_is_sweep(folder))
        return err_set(
            e, ERR_INPUT,
            "%s is the folder of a sweep, not of a run: `loadgen analysis figures %s` draws its curve; "
            "each step is a folder in it",
            folder, folder);
    run->root = json_want_file(run->file, RUN_JSON_MOST_BYTES, e);
    if (!run->root)
        return -1;
    struct json_want w = { .file = run->file, .e = e };
    const struct json_place top = { run->root, "" };
    if (check_version(run, &w) || bring_up(run, folder, e))
        return -1;
    read_scalars(run, &w, top);
    run->clusters =
        json_want_rows(&w, top, "clusters", sizeof *run->clusters, read_cluster, &run->n_clusters);
    run->streams = json_want_rows(&w, top, "streams", sizeof *run->streams, read_stream, &run->n_streams);
    if (json_object_get(run->root, "stream_totals"))
        run->totals =
            json_want_rows(&w, top, "stream_totals", sizeof *run->totals, read_total, &run->n_totals);
    run->phases = json_want_rows(&w, top, "phases", sizeof *run->phases, read_phase, &run->n_phases);
    run->exact = json_want_rows(&w, top, "exact", sizeof *run->exact, read_exact, &run->n_exact);
    run->checks = json_want_rows(&w, top, "checks", sizeof *run->checks, read_check, &run->n_checks);
    run->thresholds =
        json_want_rows(&w, top, "thresholds", sizeof *run->thresholds, read_threshold, &run->n_thresholds);
    return w.failed || check_rows(run, e) ? -1 : 0;
}

void run_json_fini(struct run_json *run)
{
    for (size_t i = 0; i < run->n_clusters; i++)
        free(run->clusters[i].instances);
    for (size_t i = 0; i < run->n_streams; i++)
        free(run->streams[i].rows);
    for (size_t i = 0; i < run->n_phases; i++)
        free(run->phases[i].cells);
    free(run->clusters);
    free(run->streams);
    free(run->phases);
    free(run->totals);
    free(run->exact);
    free(run->checks);
    free(run->thresholds);
    json_decref(run->root);
    free(run->file);
    *run = (struct run_json){ 0 };
}

const struct run_cluster *run_json_cluster(const struct run_json *run, const char *name)
{
    for (size_t i = 0; i < run->n_clusters; i++)
        if (strcmp(run->clusters[i].name, name) == 0)
            return &run->clusters[i];
    return NULL;
}

const struct run_stream *run_json_stream(const struct run_json *run, const char *name)
{
    for (size_t i = 0; i < run->n_streams; i++)
        if (strcmp(run->streams[i].name, name) == 0)
            return &run->streams[i];
    return NULL;
}

const struct run_total *run_json_total(const struct run_json *run, const char *stream)
{
    for (size_t i = 0; i < run->n_totals; i++)
        if (strcmp(run->totals[i].stream, stream) == 0)
            return &run->totals[i];
    return NULL;
}
