#include "killed_run.h"

#include "again_json.h"
#include "csv.h"
#include "err.h"
#include "hist.h"
#include "hlog.h"
#include "http2_json.h"
#include "json_member.h"
#include "json_tree.h"
#include "killed_seconds.h"
#include "metric.h"
#include "run_file.h"
#include "tag_set.h"
#include "units.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A phase that was not over when run.json was written ends there, to the nanosecond. */
#define PHASE_TOLERANCE_S 1e-6

#define SESSION_ROW "session" /* counts passes, which are no requests */

typedef uint64_t outcomes[N_OUTCOMES];

struct killed {
    json_t *root; /* borrowed */
    const char *folder;
    struct killed_seconds seconds;
    struct tag_set tags;
    double written_s;  /* when run.json was */
    json_t *phases;    /* of `root` */
    outcomes *counted; /* owned; by phase, in the whole seconds */
    outcomes *by_row;  /* owned; [phase * n_rows + row], the same of session streams */
    size_t n_rows;     /* of the stream that has most */
};

/* Counts only grow. Where run.json knows more, the file has lost something, which is noticed elsewhere. */
static void raise_to(json_t *object, const char *key, uint64_t n)
{
    if (n > json_member_count(object, key) && !json_is_null(json_object_get(object, key)))
        json_object_set_new(object, key, json_tree_count(n));
}

static int read_log(struct killed *k, struct err *e)
{
    char path[PATH_MAX];
    struct hlog_reader log = { 0 };
    struct hlog_line line;
    int more = 0;
    if (k->seconds.n == 0) /* perhaps there is none yet */
        return 0;
    if (run_file_path(k->folder, "hist.hlog", path, e) || hlog_open(&log, path, e))
        return -1;
    log.end_ns = k->seconds.n * NS_PER_S;
    while ((more = hlog_next(&log, &line, e)) > 0) {
        const size_t row = tag_set_row(&k->tags, line.tag, e);
        if (row == TAG_SET_NONE || hlog_decode(&log, k->tags.rows[row].hist, e)) {
            more = err_prefix(e, "%s:%llu", path, (unsigned long long)log.line_number);
            break;
        }
    }
    hlog_reader_fini(&log);
    return more;
}

/* The phase's place; the number of phases when there is none of that name. */
static size_t phase_at(const struct killed *k, const char *stream, const char *phase)
{
    const size_t n = json_array_size(k->phases);
    size_t i = 0;
    while (i < n && (strcmp(json_member_text(json_array_get(k->phases, i), "stream"), stream) != 0 ||
                     strcmp(json_member_text(json_array_get(k->phases, i), "phase"), phase) != 0))
        i++;
    return i;
}

/* Stream's headline metric; "" when there is no such stream. */
static const char *headline_of(const struct killed *k, const char *stream)
{
    const json_t *streams = json_object_get(k->root, "streams");
    for (size_t i = 0; i < json_array_size(streams); i++)
        if (strcmp(json_member_text(json_array_get(streams, i), "name"), stream) == 0)
            return json_member_text(json_array_get(streams, i), "headline");
    return "";
}

/* Adds to the phase, unless passes are counted, and to the row of a session stream. */
static void count(struct killed *k, size_t phase, const char *step, enum outcome outcome, uint64_t n)
{
    const json_t *rows = json_object_get(json_array_get(k->phases, phase), "rows");
    size_t i = 0;
    while (i < json_array_size(rows) && strcmp(json_member_text(json_array_get(rows, i), "row"), step) != 0)
        i++;
    if (i < json_array_size(rows))
        k->by_row[phase * k->n_rows + i][outcome] += n;
    if (strcmp(step, SESSION_ROW) != 0)
        k->counted[phase][outcome] += n;
}

static void count_good(struct killed *k)
{
    for (size_t i = 0; i < k->tags.n; i++) {
        const struct tag *tag = &k->tags.rows[i].tag;
        const size_t phase = phase_at(k, tag->stream, tag->phase);
        const enum metric headline =
            strcmp(tag->step, SESSION_ROW) == 0 ? METRIC_BUSY : metric_find(headline_of(k, tag->stream));
        if (phase < json_array_size(k->phases) && tag->outcome == OUTCOME_OK && tag_is_all_instances(tag) &&
            tag->metric == headline)
            count(k, phase, tag->step, OUTCOME_OK, k->tags.rows[i].hist->n);
    }
}

enum { STREAM, PHASE, CLASS, COUNT, N_COLUMNS };

static int count_failed(struct killed *k, struct err *e)
{
    static const char *const names[N_COLUMNS] = { "stream", "phase", "class", "count_n" };
    int columns[N_COLUMNS], more = 1;
    struct csv_reader csv;
    if (run_file_open(&csv, k->folder, "errors.csv", e))
        return -1;
    run_file_end_at(&csv, k->seconds.n);
    const int step_column = run_file_step_column(&csv);
    if (run_file_columns(&csv, names, N_COLUMNS, columns, e))
        more = -1;
    while (more > 0 && (more = csv_next(&csv, e)) > 0) {
        uint64_t n;
        const size_t phase = phase_at(k, csv.fields[columns[STREAM]], csv.fields[columns[PHASE]]);
        const enum outcome outcome = outcome_find(csv.fields[columns[CLASS]]);
        const char *step = run_file_step(&csv, step_column);
        if (csv_get_u64(&csv, columns[COUNT], 0, &n, e))
            more = -1;
        else if (phase < json_array_size(k->phases) && outcome != N_OUTCOMES && outcome != OUTCOME_OK)
            count(k, phase, step, outcome, n);
    }
    csv_reader_fini(&csv);
    return more;
}

/* Ends the phase with the last whole second; one that began later never began. */
static void end_phase(const struct killed *k, json_t *phase)
{
    const double end_s = k->seconds.end_s;
    if (json_member_real(phase, "start_s") >= end_s) {
        json_object_set_new(phase, "start_s", json_null());
        json_object_set_new(phase, "end_s", json_null());
    } else if (json_member_real(phase, "end_s") >= fmin(end_s, k->written_s - PHASE_TOLERANCE_S)) {
        json_object_set_new(phase, "end_s", json_real(end_s));
    }
}

/* Of a phase, or of a row of one. Good answers that came after the phase was over are late. */
static void bring_counts_up(json_t *phase, bool is_over, const uint64_t *counted)
{
    const uint64_t n_ok_known = json_member_count(phase, "ok_n");
    json_t *errors = json_object_get(phase, "errors");
    uint64_t n_failed = 0;
    raise_to(phase, "ok_n", counted[OUTCOME_OK]);
    for (int o = OUTCOME_OK + 1; o < N_OUTCOMES; o++) {
        raise_to(errors, outcome_name((enum outcome)o), counted[o]);
        if (outcome_is_failure((enum outcome)o))
            n_failed += json_member_count(errors, outcome_name((enum outcome)o));
    }
    raise_to(phase, "done_n", json_member_count(phase, "ok_n") + n_failed);
    if (is_over)
        raise_to(phase, "ok_late_n",
                 json_member_count(phase, "ok_late_n") + json_member_count(phase, "ok_n") - n_ok_known);
    if (json_object_get(phase, "censored_n"))
        raise_to(phase, "censored_n", counted[OUTCOME_CENSORED]);
}

static void bring_phase_up(const struct killed *k, size_t at)
{
    json_t *phase = json_array_get(k->phases, at), *rows = json_object_get(phase, "rows"), *row;
    const bool is_over = json_member_real(phase, "end_s") < k->written_s - PHASE_TOLERANCE_S;
    size_t i;
    bring_counts_up(phase, is_over, k->counted[at]);
    json_array_foreach(rows, i, row)
    {
        const bool has_late = strcmp(json_member_text(row, "row"), SESSION_ROW) != 0; /* passes never are */
        bring_counts_up(row, is_over && has_late, k->by_row[at * k->n_rows + i]);
    }
    end_phase(k, phase);
}

static void bring_totals_up(json_t *totals, const struct killed_stream *s)
{
    json_t *errors = json_object_get(totals, "errors");
    struct again_counts again = again_json_read(json_object_get(totals, "sent_again"));
    again_counts_raise(&again, &s->again);
    json_object_set_new(totals, "sent_again", again_json(&again));
    raise_to(totals, "intended_n", s->n_intended);
    raise_to(totals, "sent_n", s->n_sent);
    raise_to(totals, "done_n", s->n_done);
    raise_to(totals, "ok_n", s->n_ok);
    raise_to(totals, "err_n", s->n_err);
    for (int o = OUTCOME_OK + 1; o < N_OUTCOMES; o++)
        raise_to(errors, outcome_name((enum outcome)o), s->n_outcomes[o]);
}

/* Of a member of a row, or of its errors. */
static uint64_t sum_of_phases(const struct killed *k, const char *stream, size_t row, bool is_error,
                              const char *key)
{
    const json_t *phase;
    uint64_t n = 0;
    size_t i;
    json_array_foreach(k->phases, i, phase)
    {
        const json_t *part = json_array_get(json_object_get(phase, "rows"), row);
        if (part && strcmp(json_member_text(phase, "stream"), stream) == 0)
            n += json_member_count(is_error ? json_object_get(part, "errors") : part, key);
    }
    return n;
}

/* The rows of a session stream are the sums of those of its phases. Every pass that ended had begun. */
static void bring_rows_up(const struct killed *k, const json_t *totals, const char *stream)
{
    static const char *const keys[] = { "done_n", "ok_n", "ok_late_n", "censored_n" };
    json_t *sessions = json_object_get(totals, "sessions");
    json_t *row;
    size_t i;
    json_array_foreach(json_object_get(totals, "rows"), i, row)
    {
        for (size_t c = 0; c < sizeof keys / sizeof *keys; c++)
            raise_to(row, keys[c], sum_of_phases(k, stream, i, false, keys[c]));
        for (int o = OUTCOME_OK + 1; o < N_OUTCOMES; o++)
            raise_to(json_object_get(row, "errors"), outcome_name((enum outcome)o),
                     sum_of_phases(k, stream, i, true, outcome_name((enum outcome)o)));
        if (strcmp(json_member_text(row, "row"), SESSION_ROW) == 0) {
            const uint64_t n_ended = json_member_count(row, "done_n") + json_member_count(row, "censored_n");
            raise_to(sessions, "begun_n", n_ended);
            raise_to(sessions, "due_n", n_ended);
        }
    }
}

/* Codes of resets, limits and the most in use stay as run.json has them. */
static void bring_http2_up(json_t *totals, const struct http2_counts *counted)
{
    const json_t *known = json_object_get(totals, "http2");
    if (!known)
        return;
    struct http2_counts http2 = http2_json_read(known);
    http2_counts_raise(&http2, counted);
    json_object_set_new(totals, "http2", http2_json(&http2));
}

static void bring_stream_up(json_t *totals, const struct killed_stream *s)
{
    const uint64_t n_known = json_member_count(totals, "done_n");
    bring_totals_up(totals, s);
    raise_to(totals, "bytes_rx", s->measured_rx_bytes);
    raise_to(totals, "bytes_tx", s->measured_tx_bytes);
    bring_http2_up(totals, &s->http2);
    if (json_member_count(totals, "done_n") > n_known)
        json_object_set_new(totals, "statuses", json_object());
}

static void bring_all_totals_up(const struct killed *k)
{
    json_t *list = json_object_get(k->root, "stream_totals"), *totals = json_object_get(k->root, "totals");
    struct killed_stream all = { .name = "" };
    for (size_t i = 0; i < k->seconds.n_streams; i++) {
        const struct killed_stream *s = &k->seconds.streams[i];
        killed_stream_add(&all, s);
        bring_stream_up(json_array_get(list, i), s);
        bring_rows_up(k, json_array_get(list, i), s->name);
    }
    bring_totals_up(totals, &all);
    raise_to(totals, "bytes_rx", all.rx_bytes);
    raise_to(totals, "bytes_tx", all.tx_bytes);
}

static json_t *exact_json(const char *tag, const struct hist *h)
{
    json_t *row = json_object();
    json_tree_set(&row, "tag", json_string(tag));
    json_tree_set(&row, "n", json_tree_count(h->n));
    json_tree_set(&row, "min_ns", json_tree_count(h->min_ns));
    json_tree_set(&row, "max_ns", json_tree_count(h->max_ns));
    json_tree_set(&row, "sum_ns", json_tree_count(h->sum_ns));
    json_tree_set(&row, "overflow_n", json_tree_count(h->n_overflow));
    return row;
}

/* Only what was known when run.json was written is exact; the bins have the rest. */
static int bring_exact_up(const struct killed *k, struct err *e)
{
    json_t *by_tag = json_object(), *exact = json_object_get(k->root, "exact"), *row;
    size_t i;
    json_array_foreach(exact, i, row)
        json_object_set_new(by_tag, json_member_text(row, "tag"), json_integer((json_int_t)i));
    for (size_t t = 0; t < k->tags.n && by_tag; t++) {
        char tag[TAGS_TEXT_BYTES];
        const struct hist *h = k->tags.rows[t].hist;
        const json_t *place = json_object_get(by_tag, tags_format(&k->tags.rows[t].tag, tag));
        const size_t at = place ? (size_t)json_integer_value(place) : json_array_size(exact);
        if (!place)
            json_array_append_new(exact, exact_json(tag, h));
        else if (h->n > json_member_count(json_array_get(exact, at), "n"))
            json_array_set_new(exact, at, exact_json(tag, h));
    }
    json_decref(by_tag);
    return by_tag ? 0 : err_set(e, ERR_FAILED, "out of memory while reading %s", k->folder);
}

static int bring_up(struct killed *k, struct err *e)
{
    const size_t n_phases = json_array_size(k->phases);
    for (size_t i = 0; i < n_phases; i++) {
        const size_t n = json_array_size(json_object_get(json_array_get(k->phases, i), "rows"));
        k->n_rows = n > k->n_rows ? n : k->n_rows;
    }
    k->counted = calloc(n_phases + 1, sizeof *k->counted);
    k->by_row = calloc(n_phases * k->n_rows + 1, sizeof *k->by_row);
    if (!k->counted || !k->by_row)
        return err_set(e, ERR_FAILED, "out of memory while reading %s", k->folder);
    if (killed_seconds_read(&k->seconds, json_object_get(k->root, "streams"), k->folder, e) ||
        read_log(k, e) || count_failed(k, e))
        return -1;
    count_good(k);
    for (size_t i = 0; i < json_array_size(k->phases); i++)
        bring_phase_up(k, i);
    bring_all_totals_up(k);
    json_object_set_new(k->root, "duration_s", json_real(k->seconds.end_s));
    return bring_exact_up(k, e);
}

int killed_run_bring_up(json_t *root, const char *folder, uint64_t *whole_s, struct err *e)
{
    struct killed k = { .root = root,
                        .folder = folder,
                        .written_s = json_member_real(root, "duration_s"),
                        .phases = json_object_get(root, "phases") };
    const int status = bring_up(&k, e);
    *whole_s = k.seconds.n;
    free(k.counted);
    free(k.by_row);
    killed_seconds_fini(&k.seconds);
    tag_set_fini(&k.tags);
    return status;
}
