#include "whole.h"

#include "arms.h"
#include "csv.h"
#include "dataset.h"
#include "err.h"
#include "run_file.h"
#include "units.h"
#include "utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((format(printf, 3, 4))) static void note(struct whole *whole, const char *file,
                                                       const char *format, ...)
{
    va_list values;
    if (whole->n == WHOLE_NOTES_MOST)
        return;
    struct whole_note *row = &whole->notes[whole->n++];
    row->file = file;
    va_start(values, format);
    vsnprintf(row->text, sizeof row->text, format, values);
    va_end(values);
}

static void look_at_times(struct whole *whole, const struct dataset *data)
{
    char lost[UNITS_TEXT_BYTES];
    if (data->lost_n > 0)
        note(whole, "hist.hlog", "hist.hlog lacks %s values that run.json counted%s",
             units_count_text(data->lost_n, lost),
             data->hists_truncated ? "; its last line is cut short" : "");
    else if (data->hists_truncated)
        note(whole, "hist.hlog", "the last line of hist.hlog is cut short");
}

/* The rows of a table: their number, and sum and last value of one column. Events that failed no request,
 * class ok in errors.csv, do not count, nor do passes of sessions. */
struct table {
    uint64_t n_rows;
    double sum, last;
};

/* -1 when the file is cut short. `is_there` when it was read to its end: a missing file, or one that is no
 * such table, is reported where its numbers are needed. */
static int read_table(const struct dataset *data, const char *file, const char *column, struct table *t,
                      bool *is_there, struct err *e)
{
    char path[PATH_MAX];
    struct csv_reader csv = { 0 };
    *t = (struct table){ .last = NAN };
    *is_there = false;
    if (run_file_path(data->folder, file, path, e) || access(path, F_OK))
        return 0;
    if (csv_open_results(&csv, path, e)) /* empty */
        return -1;
    run_file_end_at(&csv, data->run.whole_s);
    struct err ignored;
    const int class = csv_column(&csv, "class", &ignored);
    const int step = run_file_step_column(&csv);
    const int wanted = column ? csv_column(&csv, column, e) : 0;
    int more = wanted < 0 ? -1 : 1;
    while (more > 0 && (more = csv_next(&csv, e)) > 0) {
        if (class >= 0 && (strcmp(csv.fields[class], "ok") == 0 || run_file_is_of_passes(&csv, step)))
            continue;
        t->n_rows++;
        if (column && csv_get_real(&csv, wanted, 0, &t->last, e))
            more = -1;
        t->sum += fmax(t->last, 0); /* fmax(NAN, 0) is 0 */
    }
    *is_there = more == 0;
    const bool is_cut = more < 0 && csv.is_cut;
    csv_reader_fini(&csv);
    return is_cut ? -1 : 0;
}

/* Notes a table that is cut short; true when its rows can be counted. */
static bool can_count(struct whole *whole, const struct dataset *data, const char *file, const char *column,
                      struct table *t)
{
    struct err e;
    bool is_there;
    if (read_table(data, file, column, t, &is_there, &e) == 0)
        return is_there;
    note(whole, file, "%.380s", e.text);
    return false;
}

/* `column` holds numbers; a table without it is not the expected one. */
static void look_at_rows(struct whole *whole, const struct dataset *data, const char *file,
                         const char *column, uint64_t n_wanted)
{
    struct table t;
    if (can_count(whole, data, file, column, &t) && t.n_rows < n_wanted)
        note(whole, file, "%s lacks %" PRIu64 " of its %" PRIu64 " rows", file, n_wanted - t.n_rows,
             n_wanted);
}

static uint64_t errors_counted(const struct dataset *data)
{
    uint64_t n = 0;
    const char *name;
    json_t *value;
    json_t *errors = json_object_get(json_object_get(data->run.root, "totals"), "errors");
    json_object_foreach(errors, name, value) n +=
        json_integer_value(value) > 0 ? (uint64_t)json_integer_value(value) : 0;
    return n;
}

static void look_at_errors(struct whole *whole, const struct dataset *data)
{
    struct table t;
    const uint64_t n_counted = errors_counted(data);
    if (can_count(whole, data, "errors.csv", "count_n", &t) && t.sum < (double)n_counted)
        note(whole, "errors.csv",
             "errors.csv lacks %" PRIu64 " of the %" PRIu64 " errors that run.json counted",
             n_counted - (uint64_t)t.sum, n_counted);
}

/* Every second has rows, and the last one covers more than a fraction. */
static void look_at_health(struct whole *whole, const struct dataset *data)
{
    struct table t;
    const double last_s = data->counts.cells ? data->counts.last_s : 0;
    if (can_count(whole, data, "health.csv", "t_s", &t) && last_s > 0 && !(t.last >= last_s))
        note(whole, "health.csv", "health.csv ends with second %.0f of %.0f", isnan(t.last) ? 0 : t.last + 1,
             last_s + 1);
}

/* Every instance of the deployment has a row, even without an answer. */
static void look_at_instances(struct whole *whole, const struct dataset *data)
{
    struct table t;
    uint64_t n_named = 0;
    for (size_t i = 0; i < data->n_arms; i++)
        n_named += data->arms[i].def ? data->arms[i].def->n_instances : 0;
    if (can_count(whole, data, "instances.csv", "requests_n", &t) && t.n_rows < n_named)
        note(whole, "instances.csv", "instances.csv lacks %" PRIu64 " of its %" PRIu64 " rows",
             n_named - t.n_rows, n_named);
}

/* Files without a count in run.json must at least end with a whole line. */
static void look_at_the_end(struct whole *whole, const struct dataset *data, const char *file)
{
    struct table t;
    can_count(whole, data, file, NULL, &t);
}

void whole_look(struct whole *whole, const struct dataset *data)
{
    static const char *const others[] = { "percentiles.csv", "samples.csv", "remotes.csv", "dns.csv",
                                          "cloudwatch.csv" };
    const bool is_running = strcmp(data->run.end, "running") == 0;
    const bool is_merged = json_object_get(data->run.root, "merged_from") != NULL;
    *whole = (struct whole){ 0 };
    look_at_times(whole, data);
    if (*data->no_counts)
        note(whole, "intervals.csv", "%.380s", data->no_counts);
    if (!is_running) {
        look_at_rows(whole, data, "phases.csv", "start_s", data->run.n_phases);
        look_at_rows(whole, data, "checks.csv", "value", data->run.n_checks);
        look_at_instances(whole, data);
    }
    look_at_errors(whole, data);
    if (!is_merged)
        look_at_health(whole, data);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        look_at_the_end(whole, data, others[i]);
}

const char *whole_lacks(const struct dataset *data, const char *file)
{
    for (size_t i = 0; i < data->whole.n; i++)
        if (strcmp(data->whole.notes[i].file, file) == 0)
            return data->whole.notes[i].text;
    return NULL;
}

int whole_times(const struct dataset *data, struct err *e)
{
    const char *lacks = whole_lacks(data, "hist.hlog");
    return lacks ? err_set(e, ERR_FAILED, "%s: %s: its numbers would not be those of the run", data->folder,
                           lacks)
                 : 0;
}

void whole_print(FILE *out, const struct dataset *data)
{
    for (size_t i = 0; i < data->whole.n; i++) {
        fputs("loadgen analysis: ", out);
        utf8_print(out, data->folder);
        fputs(": ", out);
        utf8_print(out, data->whole.notes[i].text);
        fputs("\n", out);
    }
}
