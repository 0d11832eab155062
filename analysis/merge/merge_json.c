#include "merge_json.h"

#include "err.h"
#include "json_out.h"
#include "merge_checks.h"
#include "merge_run.h"
#include "merge_sum.h"
#include "run_file.h"
#include "utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Start and end of a phase over all generators, from t0. */
static void set_span(json_t *phase, const struct merge *m, size_t index)
{
    double start_s = INFINITY;
    double end_s = -INFINITY;
    for (size_t i = 0; i < m->n_runs; i++) {
        const struct run_phase *p = &m->runs[i].run.phases[index];
        const double shift_s = (double)m->runs[i].shift_ns / 1e9;
        start_s = fmin(start_s, p->start_s + shift_s); /* fmin and fmax ignore NAN: never began */
        end_s = fmax(end_s, p->end_s + shift_s);
    }
    json_object_set_new(phase, "start_s", isfinite(start_s) ? json_real(start_s) : json_null());
    json_object_set_new(phase, "end_s", isfinite(end_s) ? json_real(end_s) : json_null());
}

static void set_phases(json_t *root, const struct merge *m)
{
    static const char *const added[] = { "requests_n", "rate_per_s", "rate_end_per_s", "done_n",
                                         "ok_n",       "ok_late_n",  "errors" };
    json_t *phases = json_object_get(root, "phases");
    for (size_t k = 0; k < json_array_size(phases); k++) {
        json_t *phase = json_array_get(phases, k);
        for (size_t i = 1; i < m->n_runs; i++)
            merge_sum_members(phase, json_array_get(json_object_get(m->runs[i].run.root, "phases"), k), added,
                              sizeof added / sizeof *added);
        set_span(phase, m, k);
    }
}

/* Of generators at different places, the longest. */
static void set_round_trip(json_t *stream, const struct merge *m, size_t index)
{
    double most_us = NAN;
    for (size_t i = 0; i < m->n_runs; i++)
        most_us = fmax(most_us, m->runs[i].run.streams[index].round_trip_us); /* ignores NAN: not measured */
    json_object_set_new(stream, "round_trip_us", isfinite(most_us) ? json_real(most_us) : json_null());
}

static void set_round_trips(json_t *root, const struct merge *m)
{
    json_t *list = json_array();
    for (size_t i = 0; i < m->n_runs; i++)
        json_array_extend(list, json_object_get(m->runs[i].run.root, "round_trips"));
    json_object_set_new(root, "round_trips", list);
}

static void set_streams(json_t *root, const struct merge *m)
{
    static const char *const added[] = { "users", "connections" };
    json_t *streams = json_object_get(root, "streams");
    for (size_t k = 0; k < json_array_size(streams); k++) {
        json_t *stream = json_array_get(streams, k);
        for (size_t i = 1; i < m->n_runs; i++)
            merge_sum_members(stream, json_array_get(json_object_get(m->runs[i].run.root, "streams"), k),
                              added, sizeof added / sizeof *added);
        set_round_trip(stream, m, k);
    }
    set_round_trips(root, m);
}

static void set_counts(json_t *root, const struct merge *m)
{
    static const char *const added[] = { "threads", "totals", "stream_totals", "request_log" };
    for (size_t i = 1; i < m->n_runs; i++) {
        merge_sum_members(root, m->runs[i].run.root, added, sizeof added / sizeof *added);
        merge_sum_exact(json_object_get(root, "exact"), json_object_get(m->runs[i].run.root, "exact"));
    }
}

/* JSON is UTF-8; a folder's name may hold any bytes. */
static json_t *text_json(const char *text, size_t length)
{
    char *valid = utf8_valid(text, length);
    json_t *string = valid ? json_string(valid) : NULL;
    free(valid);
    return string;
}

/* The end of the least complete run. */
static const char *end_of_all(const struct merge *m)
{
    static const char *const ends[] = { "running", "failed", "aborted", "interrupted" };
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++)
        for (size_t i = 0; i < m->n_runs; i++)
            if (strcmp(m->runs[i].run.end, ends[k]) == 0)
                return ends[k];
    return m->runs[0].run.end;
}

static void set_ending(json_t *root, const struct merge *m)
{
    double duration_s = 0;
    for (size_t i = 0; i < m->n_runs; i++)
        duration_s = fmax(duration_s, (double)m->runs[i].shift_ns / 1e9 + m->runs[i].run.duration_s);
    json_object_set_new(root, "duration_s", json_real(duration_s));
    json_object_set_new(root, "end", json_string(end_of_all(m)));
}

static json_t *sources_json(const struct merge *m)
{
    json_t *list = json_array();
    int is_short = 0;
    for (size_t i = 0; i < m->n_runs; i++) {
        const struct run_json *run = &m->runs[i].run;
        const json_t *host = json_object_get(json_object_get(run->root, "host"), "name");
        is_short |= json_array_append_new(
            list, json_pack("{s:s, s:o, s:s*, s:I, s:I, s:f, s:s}", "run_id", run->run_id, "folder",
                            text_json(m->runs[i].folder, strlen(m->runs[i].folder)), "host",
                            json_string_value(host), "seed", (json_int_t)run->seed, "threads",
                            (json_int_t)run->threads, "shift_s", (double)m->runs[i].shift_ns / 1e9, "end",
                            run->end));
    }
    if (!is_short)
        return list;
    json_decref(list);
    return NULL;
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

static json_t *merged(const struct merge *m, json_t *judged)
{
    json_t *root = json_deep_copy(m->runs[0].run.root);
    if (!root)
        return NULL;
    set_counts(root, m);
    set_streams(root, m);
    set_phases(root, m);
    set_ending(root, m);
    merge_checks(root, m);
    json_object_set_new(root, "thresholds", json_array());
    json_object_set_new(root, "claims", json_array());
    if (judged)
        json_object_update(root, judged);
    if (json_object_set_new(root, "run_id", name_json(m->out)) == 0 &&
        json_object_set_new(root, "merged_from", sources_json(m)) == 0)
        return root;
    json_decref(root);
    return NULL;
}

int merge_json(const struct merge *m, json_t *judged, struct err *e)
{
    char path[PATH_MAX];
    if (run_file_path(m->out, "run.json", path, e))
        return -1;
    json_t *root = merged(m, judged);
    const int status = json_out_file(path, 0644, root, e);
    json_decref(root);
    return status;
}
