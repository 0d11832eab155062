#include "merge.h"

#include "claims.h"
#include "claims_json.h"
#include "dataset.h"
#include "dataset_derived.h"
#include "err.h"
#include "files.h"
#include "merge_compatible.h"
#include "merge_json.h"
#include "merge_rows.h"
#include "merge_seconds.h"
#include "merge_shares.h"
#include "merge_state.h"
#include "run_file.h"
#include "threshold.h"
#include "threshold_json.h"
#include "threshold_recount.h"

#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY_MOST_BYTES = 64 << 20 };

static int by_start(const void *a, const void *b)
{
    const struct merge_run *x = a, *y = b;
    if (x->t0_realtime_ns != y->t0_realtime_ns)
        return x->t0_realtime_ns < y->t0_realtime_ns ? -1 : 1;
    if ((x->whole_s == 0) != (y->whole_s == 0))
        return x->whole_s == 0 ? 1 : -1;
    return (x->share.index > y->share.index) - (x->share.index < y->share.index);
}

/* A share that was killed before its first second may not have known the common start. */
static void start_together(struct merge *m)
{
    uint64_t t0_realtime_ns = UINT64_MAX;
    for (size_t i = 0; i < m->n_runs; i++)
        if (m->runs[i].whole_s > 0 && m->runs[i].t0_realtime_ns < t0_realtime_ns)
            t0_realtime_ns = m->runs[i].t0_realtime_ns;
    for (size_t i = 0; merge_is_of_shares(m) && t0_realtime_ns != UINT64_MAX && i < m->n_runs; i++)
        if (m->runs[i].whole_s == 0)
            m->runs[i].t0_realtime_ns = t0_realtime_ns;
}

static void line_up(struct merge *m)
{
    uint64_t n_threads = 0;
    start_together(m);
    qsort(m->runs, m->n_runs, sizeof *m->runs, by_start);
    for (size_t i = 0; i < m->n_runs; i++) {
        struct merge_run *run = &m->runs[i];
        run->shift_ns = run->t0_realtime_ns - m->runs[0].t0_realtime_ns;
        run->shift_s = (run->shift_ns + 500000000) / 1000000000;
        run->first_thread = n_threads;
        n_threads += run->threads;
    }
}

/* One after the other, so that a single run.json is in memory at a time. */
static int look_at_runs(struct merge *m, const struct merge_request *request, struct err *e)
{
    m->runs = calloc(request->n_folders, sizeof *m->runs);
    if (!m->runs)
        return err_set(e, ERR_FAILED, "out of memory for %zu runs", request->n_folders);
    for (int status = 0; status == 0 && m->n_runs < request->n_folders; m->n_runs++) {
        struct run_json json;
        const char *folder = request->folders[m->n_runs];
        status =
            run_json_read(&json, folder, e) || merge_run_init(&m->runs[m->n_runs], folder, &json, e) ? -1 : 0;
        run_json_fini(&json);
        if (status) {
            m->n_runs++; /* it is half made */
            return -1;
        }
    }
    line_up(m);
    return 0;
}

static int add_run(struct merge *m, size_t i, struct err *e)
{
    struct run_json json;
    const int status = run_json_read(&json, m->runs[i].folder, e) || merge_compatible(m, i, &json, e) ||
                               merge_json_add(m, i, &json, e)
                           ? -1
                           : 0;
    run_json_fini(&json);
    return status;
}

static int add_runs(struct merge *m, struct err *e)
{
    if (merge_compatible_runs(m, e) || run_json_read(&m->first, m->runs[0].folder, e) ||
        merge_json_begin(m, e) || merge_json_add(m, 0, &m->first, e))
        return -1;
    for (size_t i = 1; i < m->n_runs; i++)
        if (add_run(m, i, e))
            return -1;
    return 0;
}

/* All generators had the same target, so one copy is enough: that of the earliest run that has the file. */
static int copy_first(const struct merge *m, const char *name, struct err *e)
{
    char from[PATH_MAX], to[PATH_MAX];
    char *text;
    size_t length_bytes, i = 0;
    struct stat about;
    for (; i < m->n_runs; i++) {
        if (run_file_path(m->runs[i].folder, name, from, e))
            return -1;
        if (access(from, F_OK) == 0)
            break;
    }
    if (i == m->n_runs)
        return 0;
    if (run_file_path(m->out, name, to, e) || files_read(from, COPY_MOST_BYTES, &text, &length_bytes, e))
        return -1;
    const bool is_private = stat(from, &about) == 0 && !(about.st_mode & S_IROTH);
    const int status = files_write(to, text, length_bytes, is_private ? 0600 : 0644, e);
    free(text);
    return status;
}

static json_t *judge(struct merge *m, const struct dataset *data, const char *text, struct err *e)
{
    struct threshold t = { 0 };
    struct threshold_result result;
    if (threshold_parse(&t, text, e))
        return NULL;
    json_t *json = threshold_recount(data, &t, &result, e) ? NULL : threshold_json(&result);
    const struct claim *claim =
        json ? claims_threshold(data->claims, &t, result.held == THRESHOLD_HELD) : NULL;
    m->rests_on_invalid |= claim && claim->level == CLAIM_INVALID;
    free(t.text);
    return json;
}

/* The scenario's thresholds judged on the requests of all generators together: the owned array for the merged
 * run.json. NULL on failure. */
static json_t *judge_thresholds(struct merge *m, const struct dataset *data, struct err *e)
{
    const struct run_json *run = &m->first;
    json_t *list = json_array();
    for (size_t i = 0; i < run->n_thresholds; i++) {
        json_t *judged = judge(m, data, run->thresholds[i].text, e);
        if (!judged) {
            json_decref(list);
            return NULL;
        }
        json_array_append_new(list, judged);
    }
    return list;
}

static json_t *judge_all(struct merge *m, const struct dataset *data, struct err *e)
{
    json_t *thresholds = judge_thresholds(m, data, e);
    json_t *claims = thresholds ? claims_json(data->claims) : NULL;
    if (thresholds && !claims)
        err_set(e, ERR_FAILED, "out of memory while judging %s", m->out);
    return json_pack("{s:o, s:o}", "thresholds", thresholds, "claims", claims);
}

/* Adds what is computed from the merged files: derived CSV files, thresholds and claims. Opening the folder
 * also checks the merged log against the merged counts. */
static int derive(struct merge *m, struct err *e)
{
    struct dataset data = { 0 };
    json_t *judged = NULL;
    if (!dataset_open(&data, m->out, e) && !dataset_derived_write(&data, m->out, e))
        judged = judge_all(m, &data, e);
    m->lost_n = data.lost_n;
    dataset_fini(&data);
    const bool is_judged = judged && json_object_update(m->root, judged) == 0;
    json_decref(judged);
    return is_judged ? merge_json_write(m, e) : -1;
}

/* Beside the other files, in a thread of its own. */
struct rows_job {
    const struct merge *m;
    int status;
    struct err e;
};

static void *merge_rows_there(void *payload)
{
    struct rows_job *job = payload;
    job->status = merge_rows(job->m, &job->e);
    return NULL;
}

/* The seconds and the rows, which are about as much work, at the same time. */
static int merge_files(const struct merge *m, struct err *e)
{
    pthread_t thread;
    struct rows_job job = { .m = m };
    const bool is_started = pthread_create(&thread, NULL, merge_rows_there, &job) == 0;
    const int status = merge_seconds(m, e);
    if (is_started)
        pthread_join(thread, NULL);
    else
        merge_rows_there(&job);
    if (status == 0 && job.status)
        *e = job.e;
    return status || job.status ? -1 : 0;
}

static int write_all(struct merge *m, struct err *e)
{
    struct err removing;
    if (mkdir(m->out, 0777))
        return err_errno(e, ERR_INPUT, "cannot make the folder %s for the merged run", m->out);
    if (!merge_files(m, e) && !copy_first(m, "deployment.json", e) && !copy_first(m, "cloudwatch.csv", e) &&
        !merge_json_end(m, e) && !merge_json_write(m, e) && !derive(m, e))
        return 0;
    files_remove_tree(m->out, &removing);
    return -1;
}

static void fini(struct merge *m)
{
    for (size_t i = 0; i < m->n_runs; i++)
        merge_run_fini(&m->runs[i]);
    free(m->runs);
    run_json_fini(&m->first);
    json_decref(m->root);
}

/* A single share is merged, too: the others are missing. */
static int check_number(const struct merge *m, const struct merge_request *request, struct err *e)
{
    if (request->n_folders >= 2 || (request->n_folders == 1 && merge_is_of_shares(m)))
        return 0;
    return err_set(e, ERR_INPUT, "at least two run folders are merged; %zu %s given", request->n_folders,
                   request->n_folders == 1 ? "was" : "were");
}

int merge_folders(const struct merge_request *request, struct merge_outcome *outcome, struct err *e)
{
    struct merge m = { .out = request->out, .n_allowed = request->n_allowed };
    int status = -1;
    *outcome = (struct merge_outcome){ 0 };
    if ((request->n_folders == 0 || !look_at_runs(&m, request, e)) && !check_number(&m, request, e) &&
        !add_runs(&m, e))
        status = write_all(&m, e);
    outcome->lost_n = m.lost_n;
    outcome->rests_on_invalid = m.rests_on_invalid;
    if (status == 0) {
        outcome->is_invalid = merge_shares_are_invalid(&m);
        merge_shares_sentence(&m, outcome->shares, sizeof outcome->shares);
    }
    fini(&m);
    return status;
}
