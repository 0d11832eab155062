#include "merge_json.h"

#include "err.h"
#include "json_member.h"
#include "json_out.h"
#include "json_tree.h"
#include "merge_checks.h"
#include "merge_shares.h"
#include "merge_state.h"
#include "merge_sum.h"
#include "run_file.h"
#include "utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* From the first start to the last end, from t0; null: it never began. */
static void add_span(json_t *phase, const struct run_phase *more, double shift_s)
{
    const double start_s =
        fmin(json_member_real(phase, "start_s"), more->start_s + shift_s);              /* fmin and fmax */
    const double end_s = fmax(json_member_real(phase, "end_s"), more->end_s + shift_s); /* ignore NAN */
    json_object_set_new(phase, "start_s", json_tree_real(start_s));
    json_object_set_new(phase, "end_s", json_tree_real(end_s));
}

static void add_phases(struct merge *m, const struct run_json *run, double shift_s)
{
    static const char *const counted[] = { "done_n", "ok_n", "ok_late_n", "errors", "rows" };
    static const char *const planned[] = { "requests_n", "rate_per_s", "rate_end_per_s" };
    json_t *phases = json_object_get(m->root, "phases");
    for (size_t k = 0; k < json_array_size(phases); k++) {
        json_t *phase = json_array_get(phases, k);
        const json_t *more = json_array_get(json_object_get(run->root, "phases"), k);
        merge_sum_members(phase, more, counted, sizeof counted / sizeof *counted);
        if (!merge_is_of_shares(m))
            merge_sum_members(phase, more, planned, sizeof planned / sizeof *planned);
        add_span(phase, &run->phases[k], shift_s);
    }
}

static void add_streams(struct merge *m, const struct run_json *run)
{
    static const char *const planned[] = { "users", "connections" };
    json_t *streams = json_object_get(m->root, "streams");
    for (size_t k = 0; k < json_array_size(streams); k++) {
        json_t *stream = json_array_get(streams, k);
        const json_t *more = json_array_get(json_object_get(run->root, "streams"), k);
        if (!merge_is_of_shares(m))
            merge_sum_members(stream, more, planned, sizeof planned / sizeof *planned);
        /* Of generators at different places, the longest. */
        const double round_trip_us =
            fmax(json_member_real(stream, "round_trip_us"), json_member_real(more, "round_trip_us"));
        json_object_set_new(stream, "round_trip_us", json_tree_real(round_trip_us));
    }
}

static bool is_same_address(const json_t *a, const json_t *b)
{
    return json_equal(json_object_get(a, "host"), json_object_get(b, "host")) &&
           json_equal(json_object_get(a, "port"), json_object_get(b, "port")) &&
           json_equal(json_object_get(a, "address"), json_object_get(b, "address"));
}

/* Of each address, the round trip of the generator that is farthest away. */
static void add_round_trip(json_t *list, json_t *row)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *have = json_array_get(list, i);
        if (!is_same_address(have, row))
            continue;
        if (json_member_real(row, "min_us") > json_member_real(have, "min_us"))
            json_array_set(list, i, row);
        return;
    }
    json_array_append(list, row);
}

static void add_round_trips(struct merge *m, const struct run_json *run)
{
    json_t *list = json_object_get(m->root, "round_trips");
    const json_t *more = json_object_get(run->root, "round_trips");
    if (!list)
        json_object_set_new(m->root, "round_trips", list = json_array());
    for (size_t i = 0; i < json_array_size(more); i++)
        add_round_trip(list, json_array_get(more, i));
}

static uint64_t total_of(const struct run_json *run, const char *key)
{
    const json_int_t n = json_integer_value(json_object_get(json_object_get(run->root, "totals"), key));
    return n > 0 ? (uint64_t)n : 0;
}

/* Streams of which a share sends nothing do not wait for it. */
static uint64_t streams_sent(const struct run_json *run)
{
    const json_t *totals = json_object_get(run->root, "stream_totals");
    uint64_t streams = UINT64_MAX;
    for (size_t i = 0; i < json_array_size(totals) && i < 64; i++)
        if (json_integer_value(json_object_get(json_array_get(totals, i), "sent_n")) == 0)
            streams &= ~(UINT64_C(1) << i);
    return streams;
}

int merge_json_begin(struct merge *m, struct err *e)
{
    m->root = json_deep_copy(m->first.root);
    json_t *checks = json_array();
    if (!m->root || json_object_set_new(m->root, "checks", checks))
        return err_set(e, ERR_FAILED, "out of memory for the merged run.json");
    json_object_del(m->root, "shard");
    json_object_del(m->root, "generator");
    json_object_set_new(m->root, "thresholds", json_array());
    json_object_set_new(m->root, "claims", json_array());
    return 0;
}

int merge_json_add(struct merge *m, size_t i, const struct run_json *run, struct err *e)
{
    static const char *const counted[] = { "threads", "totals", "stream_totals", "request_log" };
    struct merge_run *about = &m->runs[i];
    about->sent_n = total_of(run, "sent_n");
    about->done_n = total_of(run, "done_n");
    about->err_n = total_of(run, "err_n");
    about->cpu_pct = json_member_real(json_object_get(run->root, "generator"), "cpu_pct");
    about->lag_p99_us = json_member_real(json_object_get(run->root, "generator"), "lag_p99_us");
    about->streams = merge_is_of_shares(m) ? streams_sent(run) : UINT64_MAX;
    merge_checks_add(json_object_get(m->root, "checks"), json_object_get(run->root, "checks"), about);
    if (i == 0)
        return 0; /* the sum began with it */
    merge_sum_members(m->root, run->root, counted, sizeof counted / sizeof *counted);
    merge_sum_exact(json_object_get(m->root, "exact"), json_object_get(run->root, "exact"));
    add_streams(m, run);
    add_round_trips(m, run);
    add_phases(m, run, (double)about->shift_ns / 1e9);
    return json_object_get(m->root, "totals")
               ? 0
               : err_set(e, ERR_FAILED, "out of memory while adding %s", about->folder);
}

/* JSON is UTF-8; a folder's name may hold any bytes. */
static json_t *text_json(const char *text, size_t length)
{
    char *valid = utf8_valid(text, length);
    json_t *string = valid ? json_string(valid) : NULL;
    free(valid);
    return string;
}

/* How the least complete run ended. One that was killed failed as a part of the whole; whether too many of
 * the shares are incomplete is for their rule to say. */
static const char *end_of_all(const struct merge *m)
{
    static const char *const ends[] = { "running", "failed", "aborted", "interrupted" };
    const bool are_shares = merge_is_of_shares(m);
    const bool is_accepted = are_shares && !merge_shares_are_invalid(m);
    for (size_t k = is_accepted ? 2 : 0; k < sizeof ends / sizeof *ends; k++)
        for (size_t i = 0; i < m->n_runs; i++)
            if (strcmp(m->runs[i].end, ends[k]) == 0)
                return are_shares && k == 0 ? "failed" : ends[k];
    return "done";
}

static void set_ending(json_t *root, const struct merge *m)
{
    double duration_s = 0;
    for (size_t i = 0; i < m->n_runs; i++)
        duration_s = fmax(duration_s, (double)m->runs[i].shift_ns / 1e9 + m->runs[i].duration_s);
    json_object_set_new(root, "duration_s", json_real(duration_s));
    json_object_set_new(root, "end", json_string(end_of_all(m)));
}

static void set_share(json_t **source, const struct merge_run *run)
{
    const struct merge_share *share = &run->share;
    if (share->count == 0)
        return;
    json_tree_set(source, "shard", json_integer(share->index));
    json_tree_set(source, "clock_offset_us", json_tree_real(share->clock_offset_us));
    json_tree_set(source, "clock_error_us", json_tree_real(share->clock_error_us));
    json_tree_set(source, "clock_drift_us", json_tree_real(share->clock_drift_us));
    json_tree_set(source, "clock_max_error_us", json_tree_real(share->clock_max_error_us));
    json_tree_set(source, "start_late_us", json_tree_real(share->start_late_us));
}

static json_t *source_json(const struct merge_run *run)
{
    json_t *source = json_object();
    json_tree_set(&source, "run_id", json_tree_text(run->run_id));
    json_tree_set(&source, "folder", text_json(run->folder, strlen(run->folder)));
    json_tree_set(&source, "host", json_tree_text_or_null(run->host));
    json_tree_set(&source, "seed", json_tree_count(run->seed));
    json_tree_set(&source, "threads", json_tree_count(run->threads));
    json_tree_set(&source, "version", json_tree_text(run->version));
    json_tree_set(&source, "shift_s", json_real((double)run->shift_ns / 1e9));
    json_tree_set(&source, "duration_s", json_real(run->duration_s));
    json_tree_set(&source, "end", json_tree_text(run->end));
    json_tree_set(&source, "sent_n", json_tree_count(run->sent_n));
    json_tree_set(&source, "done_n", json_tree_count(run->done_n));
    json_tree_set(&source, "err_n", json_tree_count(run->err_n));
    json_tree_set(&source, "cpu_pct", json_tree_real(run->cpu_pct));
    json_tree_set(&source, "lag_p99_us", json_tree_real(run->lag_p99_us));
    json_tree_set(&source, "level", json_string(run->level));
    set_share(&source, run);
    return source;
}

static json_t *sources_json(const struct merge *m)
{
    json_t *list = json_array();
    for (size_t i = 0; i < m->n_runs; i++)
        json_tree_append(&list, source_json(&m->runs[i]));
    return list;
}

/* The last part of a folder's path. */
static json_t *name_json(const char *folder)
{
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    size_t start = length;
    while (start > 0 && folder[start - 1] != '/')
        start--;
    return text_json(folder + start, length - start);
}

int merge_json_end(struct merge *m, struct err *e)
{
    set_ending(m->root, m);
    if (merge_checks_end(json_object_get(m->root, "checks"), m, e))
        return -1;
    if (json_object_set_new(m->root, "run_id", name_json(m->out)) == 0 &&
        json_object_set_new(m->root, "merged_from", sources_json(m)) == 0 &&
        (!merge_is_of_shares(m) || json_object_set_new(m->root, "shards", merge_shares_json(m)) == 0))
        return 0;
    return err_set(e, ERR_FAILED, "out of memory for the merged run.json");
}

int merge_json_write(const struct merge *m, struct err *e)
{
    char path[PATH_MAX];
    return run_file_path(m->out, "run.json", path, e) || json_out_file(path, 0644, m->root, e) ? -1 : 0;
}
