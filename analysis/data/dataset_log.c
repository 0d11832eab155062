#include "dataset_log.h"

#include "arms.h"
#include "dataset.h"
#include "err.h"
#include "hlog.h"
#include "json_want.h"
#include "run_file.h"
#include "units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define APART_MOST_S 1 /* between the starts of run and log, which are the same moment */

static const struct run_phase *find_phase(const struct run_json *run, const char *stream, const char *name)
{
    for (size_t i = 0; i < run->n_phases; i++)
        if (strcmp(run->phases[i].stream, stream) == 0 && strcmp(run->phases[i].phase, name) == 0)
            return &run->phases[i];
    return NULL;
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
    role->stream = run_json_stream(&data->run, tag->stream);
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

/* The role of a row, determined when its tag is new; NULL on failure. */
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

/* Needed only while the log is read. */
struct scratch {
    struct hist *second; /* of the current line */
    bool *busy;          /* per step: something was recorded */
    uint64_t start_ns;   /* of the second whose answers are being counted */
};

/* Adds the current line to its step, whose histogram is made when first needed. */
static int add_to_step(const struct dataset *data, struct hist **by_step, size_t arm, double t_s,
                       const struct hist *second, struct err *e)
{
    struct hist **slot = &by_step[arm * data->axis.n_steps + time_axis_step(&data->axis, t_s)];
    if (!*slot && !(*slot = hist_new()))
        return err_set(e, ERR_FAILED, "out of memory for the histograms over time");
    hist_merge(*slot, second);
    return 0;
}

/* Adds the answers of an instance in a whole second. */
static int add_answers(struct dataset *data, const struct hlog_line *line, const struct tag *tag,
                       struct scratch *scratch, struct err *e)
{
    if (tag_is_all_instances(tag) || !answer_seconds_is_whole(line->length_ns))
        return 0;
    if (line->start_ns != scratch->start_ns)
        answer_seconds_end(&data->answers);
    scratch->start_ns = line->start_ns;
    return answer_seconds_add(&data->answers, tag->cluster, tag->instance, scratch->second->n, e);
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
    if (add_answers(data, line, &data->tags.rows[row].tag, scratch, e))
        return -1;
    scratch->busy[time_axis_step(&data->axis, middle_s)] = true;
    struct hist **by_step = role->is_latency ? data->by_step : role->is_less_g ? data->less_g_by_step : NULL;
    return by_step ? add_to_step(data, by_step, role->arm, middle_s, scratch->second, e) : 0;
}

/* The log of a run begins with the run. */
static int check_start(const struct dataset *data, const struct hlog_reader *log, struct err *e)
{
    const double apart_s = ((double)log->start_realtime_ns - (double)data->run.t0_realtime_ns) / 1e9;
    if (log->start_realtime_ns == 0 || fabs(apart_s) < APART_MOST_S)
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
    answer_seconds_end(&data->answers);
    data->hists_truncated = log->truncated;
    return more;
}

static int read_log(struct dataset *data, struct scratch *scratch, struct err *e)
{
    char path[PATH_MAX];
    struct hlog_reader log = { 0 };
    if (data->run.whole_s == 0) /* killed before there was one, perhaps */
        return 0;
    int status = run_file_path(data->folder, "hist.hlog", path, e) || hlog_open(&log, path, e) ? -1 : 0;
    if (status == 0 && data->run.whole_s != RUN_FILE_WHOLE)
        log.end_ns = data->run.whole_s * NS_PER_S;
    if (status == 0)
        status = read_lines(data, &log, scratch, e);
    hlog_reader_fini(&log);
    return status;
}

/* Instances that the deployment names count even if they are silent. */
static int declare_instances(struct dataset *data, struct err *e)
{
    for (size_t c = 0; c < data->run.n_clusters; c++)
        for (size_t i = 0; i < data->run.clusters[c].n_instances; i++)
            if (answer_seconds_declare(&data->answers, data->run.clusters[c].name,
                                       data->run.clusters[c].instances[i], e))
                return -1;
    return 0;
}

int dataset_log_read(struct dataset *data, struct err *e)
{
    struct scratch scratch = { .second = hist_new(),
                               .busy = calloc(data->axis.n_steps, sizeof *scratch.busy) };
    int status = -1;
    if (!scratch.second || !scratch.busy)
        err_set(e, ERR_FAILED, "out of memory while reading %s", data->folder);
    else if (!declare_instances(data, e) && !read_log(data, &scratch, e))
        status = time_axis_cut_idle(&data->axis, scratch.busy, e);
    hist_free(scratch.second);
    free(scratch.busy);
    return status;
}
