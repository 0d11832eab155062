#include "dataset.h"

#include "arms.h"
#include "dataset_running.h"
#include "err.h"
#include "hlog.h"
#include "json_want.h"
#include "timeline.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define APART_MOST_S 1 /* between the two starts, which are of one moment */

static const struct run_stream *find_stream(const struct run_json *run, const char *name)
{
    for (size_t i = 0; i < run->n_streams; i++)
        if (strcmp(run->streams[i].name, name) == 0)
            return &run->streams[i];
    return NULL;
}

static const struct run_phase *find_phase(const struct run_json *run, const char *stream, const char *name)
{
    for (size_t i = 0; i < run->n_phases; i++)
        if (strcmp(run->phases[i].stream, stream) == 0 && strcmp(run->phases[i].phase, name) == 0)
            return &run->phases[i];
    return NULL;
}

static bool arm_has_open_stream(const struct dataset *data, size_t arm)
{
    for (size_t i = 0; i < data->run.n_streams; i++)
        if (data->run.streams[i].open && strcmp(data->run.streams[i].cluster, data->arms[arm].cluster) == 0)
            return true;
    return false;
}

/* Response time only where every arm has it: a comparison must not mix the two. */
static enum metric choose_headline(const struct dataset *data)
{
    for (size_t arm = 0; arm < data->n_arms; arm++)
        if (!arm_has_open_stream(data, arm))
            return METRIC_SERVICE;
    return METRIC_RESPONSE;
}

static bool stream_has_headline(const struct run_stream *stream, const struct dataset *data)
{
    return strcmp(stream->headline, metric_name(data->headline)) == 0;
}

bool dataset_stream_counts(const struct dataset *data, const struct run_stream *stream)
{
    if (stream_has_headline(stream, data))
        return true;
    for (size_t i = 0; i < data->run.n_streams; i++)
        if (strcmp(data->run.streams[i].cluster, stream->cluster) == 0 &&
            stream_has_headline(&data->run.streams[i], data))
            return false;
    return data->headline == METRIC_SERVICE;
}

static int look_up(const struct dataset *data, const struct tag *tag, struct dataset_tag *role, struct err *e)
{
    *role = (struct dataset_tag){ .arm = arms_index(data->arms, data->n_arms, tag->cluster) };
    role->stream = find_stream(&data->run, tag->stream);
    role->phase = find_phase(&data->run, tag->stream, tag->phase);
    if (!role->stream || !role->phase || strcmp(role->stream->cluster, tag->cluster) != 0)
        return err_set(e, ERR_INPUT, "run.json has no stream '%s' of cluster '%s' with a phase '%s'",
                       tag->stream, tag->cluster, tag->phase);
    const bool counts =
        tag->outcome == OUTCOME_OK && tag_is_all_instances(tag) && dataset_stream_counts(data, role->stream);
    role->is_latency = counts && tag->metric == data->headline;
    role->is_less_g = counts && tag->metric == (data->headline == METRIC_RESPONSE ? METRIC_RESPONSE_LESS_G
                                                                                  : METRIC_SERVICE_LESS_G);
    return 0;
}

/* The role of a row, found out when its tag is new; NULL on failure. */
static const struct dataset_tag *role_of(struct dataset *data, size_t row, struct err *e)
{
    if (row < data->n_roles)
        return &data->roles[row];
    struct dataset_tag *larger = realloc(data->roles, data->tags.capacity * sizeof *larger);
    if (!larger) {
        err_set(e, ERR_FAILED, "out of memory for %zu tags", data->tags.n);
        return NULL;
    }
    data->roles = larger;
    if (look_up(data, &data->tags.rows[row].tag, &data->roles[row], e))
        return NULL;
    return &data->roles[data->n_roles++];
}

/* What is needed only while the log is read. */
struct scratch {
    struct hist *second; /* the current line's */
    bool *busy;          /* per step: something was recorded */
    uint32_t *unit;      /* per arm and second: its number among the seconds with headline times, from 1 */
    size_t n_seconds;
    uint32_t *n_units; /* per arm */
};

/* The histogram of a step, made when it is first needed. */
static struct hist *step_hist(struct dataset *data, size_t arm, double t_s)
{
    struct hist **slot = &data->by_step[arm * data->axis.n_steps + time_axis_step(&data->axis, t_s)];
    if (!*slot)
        *slot = hist_new();
    return *slot;
}

/* Seconds with requests, numbered without gaps: a pause must not be drawn by a method that resamples seconds.
 */
static uint32_t unit_of(struct scratch *scratch, size_t arm, double t_s)
{
    const size_t second = t_s < (double)scratch->n_seconds ? (size_t)t_s : scratch->n_seconds - 1;
    uint32_t *unit = &scratch->unit[arm * scratch->n_seconds + second];
    if (!*unit)
        *unit = ++scratch->n_units[arm];
    return *unit - 1;
}

static int add_latency(struct dataset *data, const struct dataset_tag *role, double middle_s,
                       struct scratch *scratch, struct err *e)
{
    struct hist *step = step_hist(data, role->arm, middle_s);
    if (!step)
        return err_set(e, ERR_FAILED, "out of memory for the histograms over time");
    hist_merge(step, scratch->second);
    if (role->phase->warmup)
        return 0;
    return timeline_add(data->seconds[role->arm], unit_of(scratch, role->arm, middle_s), scratch->second, e);
}

static int add_line(struct dataset *data, struct hlog_reader *log, const struct hlog_line *line,
                    struct scratch *scratch, struct err *e)
{
    hist_clear(scratch->second);
    if (hlog_decode(log, scratch->second, e))
        return -1;
    const size_t row = tag_set_row(&data->tags, line->tag, e);
    const struct dataset_tag *role = row == TAG_SET_NONE ? NULL : role_of(data, row, e);
    if (!role)
        return err_prefix(e, "%s/hist.hlog:%llu", data->folder, (unsigned long long)log->line_number);
    const double middle_s = ((double)line->start_ns + (double)line->length_ns / 2) / 1e9;
    hist_merge(data->tags.rows[row].hist, scratch->second);
    scratch->busy[time_axis_step(&data->axis, middle_s)] = true;
    if (role->is_less_g && !role->phase->warmup)
        return timeline_add(data->seconds_less_g[role->arm], unit_of(scratch, role->arm, middle_s),
                            scratch->second, e);
    return role->is_latency ? add_latency(data, role, middle_s, scratch, e) : 0;
}

/* A log of the same run began when the run did. */
static int check_start(const struct dataset *data, const struct hlog_reader *log, struct err *e)
{
    const double apart_s = ((double)log->start_realtime_ns - (double)data->run.t0_realtime_ns) / 1e9;
    if (data->is_running || log->start_realtime_ns == 0 || fabs(apart_s) < APART_MOST_S)
        return 0;
    return err_set(e, ERR_INPUT, "%s/hist.hlog began %.3f s %s than run.json says: they are not of one run",
                   data->folder, fabs(apart_s), apart_s < 0 ? "earlier" : "later");
}

static int read_lines(struct dataset *data, struct hlog_reader *log, struct scratch *scratch, struct err *e)
{
    struct hlog_line line;
    int more;
    if (check_start(data, log, e))
        return -1;
    while ((more = hlog_next(log, &line, e)) > 0)
        if (add_line(data, log, &line, scratch, e))
            return -1;
    data->hists_truncated = log->truncated;
    return more;
}

static int read_log(struct dataset *data, struct scratch *scratch, struct err *e)
{
    char *path;
    if (asprintf(&path, "%s/hist.hlog", data->folder) < 0)
        return err_set(e, ERR_FAILED, "out of memory while reading %s", data->folder);
    struct hlog_reader log = { 0 };
    const int status = hlog_open(&log, path, e) ? -1 : read_lines(data, &log, scratch, e);
    hlog_reader_fini(&log);
    free(path);
    return status;
}

static void free_timelines(struct timeline **timelines, size_t n)
{
    for (size_t i = 0; timelines && i < n; i++)
        timeline_free(timelines[i]);
    free(timelines);
}

/* An owned timeline per arm. */
static struct timeline **make_timelines(const struct dataset *data, struct err *e)
{
    struct timeline **timelines = calloc(data->n_arms + 1, sizeof *timelines);
    if (!timelines) {
        err_set(e, ERR_FAILED, "out of memory while reading %s", data->folder);
        return NULL;
    }
    for (size_t arm = 0; arm < data->n_arms; arm++)
        if (!(timelines[arm] = timeline_new(e))) {
            free_timelines(timelines, arm);
            return NULL;
        }
    return timelines;
}

static int read_hists(struct dataset *data, struct err *e)
{
    struct scratch scratch = { .second = hist_new(), .n_seconds = (size_t)data->axis.duration_s + 2 };
    scratch.busy = calloc(data->axis.n_steps, sizeof *scratch.busy);
    scratch.unit = calloc(data->n_arms * scratch.n_seconds + 1, sizeof *scratch.unit);
    scratch.n_units = calloc(data->n_arms + 1, sizeof *scratch.n_units);
    data->by_step = calloc(data->n_arms * data->axis.n_steps + 1, sizeof *data->by_step);
    int status = -1;
    if (!scratch.second || !scratch.busy || !scratch.unit || !scratch.n_units || !data->by_step)
        err_set(e, ERR_FAILED, "out of memory while reading %s", data->folder);
    else if ((data->seconds = make_timelines(data, e)) && (data->seconds_less_g = make_timelines(data, e)) &&
             !read_log(data, &scratch, e))
        status = time_axis_cut_idle(&data->axis, scratch.busy, e);
    hist_free(scratch.second);
    free(scratch.busy);
    free(scratch.unit);
    free(scratch.n_units);
    return status;
}

/* Holds the log against what run.json counted. A log that was cut short is still worth reading, so that is
 * noted; one with more than was counted belongs to another run. */
static int check_exact(struct dataset *data, struct err *e)
{
    for (size_t i = 0; i < data->run.n_exact; i++) {
        const struct run_exact *exact = &data->run.exact[i];
        struct tag tag;
        if (tags_parse(exact->tag, &tag, e))
            return err_prefix(e, "%s: exact[%zu]", data->run.file, i);
        const size_t row = tag_set_find(&data->tags, &tag);
        const uint64_t n = row == TAG_SET_NONE ? 0 : data->tags.rows[row].hist->n;
        if (n > exact->n && data->is_running)
            continue; /* counted some seconds before */
        if (n > exact->n)
            return err_set(
                e, ERR_INPUT,
                "%s/hist.hlog holds %llu values of %s where run.json counted %llu: they are not of one run",
                data->folder, (unsigned long long)n, exact->tag, (unsigned long long)exact->n);
        data->lost_n += exact->n - n;
        if (row == TAG_SET_NONE)
            continue;
        struct hist *h = data->tags.rows[row].hist;
        data->roles[row].exact_max_ns = exact->max_ns;
        if (exact->max_ns < h->max_ns && hist_index(exact->max_ns) == hist_last(h))
            h->max_ns = exact->max_ns; /* a log knows only the bin that it is in */
    }
    return 0;
}

static int merge_latency(struct dataset *data, struct err *e)
{
    data->latency = calloc(data->n_arms + 1, sizeof *data->latency);
    for (size_t arm = 0; data->latency && arm < data->n_arms; arm++) {
        data->latency[arm] = hist_new();
        if (!data->latency[arm])
            return err_set(e, ERR_FAILED, "out of memory for merged histograms");
    }
    for (size_t i = 0; data->latency && i < data->tags.n; i++) {
        const struct dataset_tag *role = &data->roles[i];
        if (role->is_latency && !role->phase->warmup)
            hist_merge(data->latency[role->arm], data->tags.rows[i].hist);
    }
    return data->latency ? 0 : err_set(e, ERR_FAILED, "out of memory for merged histograms");
}

/* Each second up to the last one has a row per stream; of merged runs the seconds are rounded. */
static int check_seconds(const struct dataset *data, struct err *e)
{
    const double n_seconds =
        data->counts.n_rows ? fmin(fmax(data->counts.last_s + 1, 0), JSON_WANT_SECONDS_MOST) : 0;
    const uint64_t n_wanted = (uint64_t)n_seconds * data->run.n_streams;
    if (data->counts.n_rows >= n_wanted || json_object_get(data->run.root, "merged_from"))
        return 0;
    return err_set(e, ERR_INPUT, "intervals.csv lacks %llu of its %llu rows: it was cut short",
                   (unsigned long long)(n_wanted - data->counts.n_rows), (unsigned long long)n_wanted);
}

/* Holds intervals.csv against what run.json counted. */
static int check_counts(const struct dataset *data, struct err *e)
{
    const uint64_t n = data->counts.all.done_n, n_counted = data->run.done_n;
    if (data->is_running)
        return 0;
    if (n > n_counted)
        return err_set(
            e, ERR_INPUT,
            "intervals.csv holds %llu requests where run.json counted %llu: they are not of one run",
            (unsigned long long)n, (unsigned long long)n_counted);
    if (n < n_counted)
        return err_set(e, ERR_INPUT,
                       "intervals.csv holds %" PRIu64 " of the %" PRIu64
                       " requests that run.json counted: it was cut short",
                       n, n_counted);
    return check_seconds(data, e);
}

static void read_counts(struct dataset *data)
{
    struct err e = { ERR_NONE, "" };
    if (!counts_read(&data->counts, data->folder, data->arms, data->n_arms, &data->axis, &e) &&
        !check_counts(data, &e))
        return;
    counts_fini(&data->counts);
    snprintf(data->no_counts, sizeof data->no_counts, "%.390s", e.text);
}

int dataset_open(struct dataset *data, const char *folder, struct err *e)
{
    *data = (struct dataset){ .folder = strdup(folder) };
    if (!data->folder)
        return err_set(e, ERR_FAILED, "out of memory while reading %s", folder);
    if (run_json_read(&data->run, folder, e) || arms_of_run(&data->run, &data->arms, &data->n_arms, e))
        return -1;
    data->headline = choose_headline(data);
    data->is_running = strcmp(data->run.end, "running") == 0;
    if (data->is_running && dataset_running_extend(&data->run, folder, e))
        return -1;
    time_axis_init(&data->axis, data->run.duration_s);
    if (read_hists(data, e) || check_exact(data, e) || merge_latency(data, e))
        return -1;
    read_counts(data);
    whole_look(&data->whole, data);
    return 0;
}

void dataset_fini(struct dataset *data)
{
    for (size_t i = 0; data->by_step && i < data->n_arms * data->axis.n_steps; i++)
        hist_free(data->by_step[i]);
    for (size_t i = 0; data->latency && i < data->n_arms; i++)
        hist_free(data->latency[i]);
    free_timelines(data->seconds, data->n_arms);
    free_timelines(data->seconds_less_g, data->n_arms);
    free(data->by_step);
    free(data->latency);
    counts_fini(&data->counts);
    time_axis_fini(&data->axis);
    tag_set_fini(&data->tags);
    free(data->roles);
    arms_free(data->arms, data->n_arms);
    run_json_fini(&data->run);
    free(data->folder);
    *data = (struct dataset){ 0 };
}

const struct counts_cell *dataset_cell(const struct dataset *data, size_t arm, size_t step)
{
    return &data->counts.cells[arm * data->counts.n_steps + step];
}

const struct hist *dataset_step(const struct dataset *data, size_t arm, size_t step)
{
    return data->by_step[arm * data->axis.n_steps + step];
}

uint64_t dataset_latency_n(const struct dataset *data)
{
    uint64_t n = 0;
    for (size_t arm = 0; arm < data->n_arms; arm++)
        n += data->latency[arm]->n;
    return n;
}

double dataset_time_unit_s(const struct dataset *data)
{
    return data->run.duration_s > 4 * 3600 ? 3600 : data->run.duration_s > 600 ? 60 : 1;
}
