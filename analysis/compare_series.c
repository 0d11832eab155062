#include "compare_series.h"

#include "err.h"
#include "run_json.h"
#include "run_path.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_run(const char *folder)
{
    char path[PATH_MAX];
    return (size_t)snprintf(path, sizeof path, "%s/run.json", folder) < sizeof path &&
           access(path, F_OK) == 0;
}

/* A run within a folder; links, such as results/latest, lead to runs that are there under their own name. */
static bool is_run_within(const char *folder, const struct dirent *entry, char path[PATH_MAX])
{
    const bool may_be = entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
    return may_be && run_path_is_name(entry->d_name) &&
           snprintf(path, PATH_MAX, "%s/%s", folder, entry->d_name) < PATH_MAX && is_run(path);
}

bool compare_series_is(const char *folder)
{
    char path[PATH_MAX];
    bool has_run = false;
    if (is_run(folder) || run_path_is_campaign(folder) || run_path_is_sweep(folder))
        return false;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && !has_run && (entry = readdir(dir));)
        has_run = is_run_within(folder, entry, path);
    if (dir)
        closedir(dir);
    return has_run;
}

static int add_run(struct compare_series *s, const char *folder, struct err *e)
{
    struct run_json run = { 0 };
    struct compare_series_run *runs = realloc(s->runs, (s->n + 1) * sizeof *runs);
    if (!runs)
        return err_set(e, ERR_FAILED, "out of memory for %zu runs", s->n + 1);
    s->runs = runs;
    int status = run_json_read(&run, folder, e);
    if (!status) {
        s->runs[s->n] = (struct compare_series_run){ .folder = strdup(folder),
                                                     .run_id = strdup(run.run_id),
                                                     .started_ns = run.t0_realtime_ns };
        s->n++;
        if (!s->runs[s->n - 1].folder || !s->runs[s->n - 1].run_id)
            status = err_set(e, ERR_FAILED, "out of memory for %zu runs", s->n);
    }
    run_json_fini(&run);
    return status;
}

static int by_start(const void *a, const void *b)
{
    const struct compare_series_run *x = a, *y = b;
    if (x->started_ns != y->started_ns)
        return x->started_ns < y->started_ns ? -1 : 1;
    return strcmp(x->folder, y->folder);
}

static int add_runs_within(struct compare_series *s, const char *folder, struct err *e)
{
    char path[PATH_MAX];
    const size_t first = s->n;
    int status = 0;
    DIR *dir = opendir(folder);
    if (!dir)
        return err_errno(e, ERR_INPUT, "cannot open run folder %s", folder);
    for (struct dirent *entry; !status && (entry = readdir(dir));)
        if (is_run_within(folder, entry, path))
            status = add_run(s, path, e);
    closedir(dir);
    if (status)
        return -1;
    if (s->n == first)
        return err_set(e, ERR_INPUT,
                       "%s is neither a run nor a series of runs: `loadgen run URL -o %s/1` would begin one",
                       folder, folder);
    qsort(s->runs + first, s->n - first, sizeof *s->runs, by_start);
    return 0;
}

int compare_series_add(struct compare_series *s, const char *folder, struct err *e)
{
    if (is_run(folder))
        return add_run(s, folder, e);
    if (run_path_is_campaign(folder))
        return err_set(e, ERR_INPUT, "%s is a campaign, which holds both arms: compare it alone", folder);
    if (run_path_is_sweep(folder))
        return err_set(e, ERR_INPUT, "%s is a sweep, whose runs had different loads", folder);
    return add_runs_within(s, folder, e);
}

void compare_series_fini(struct compare_series *s)
{
    for (size_t i = 0; i < s->n; i++) {
        free(s->runs[i].folder);
        free(s->runs[i].run_id);
    }
    free(s->runs);
    *s = (struct compare_series){ 0 };
}

static bool are_one(const struct compare_series_run *x, const struct compare_series_run *y)
{
    return x->started_ns == y->started_ns && strcmp(x->run_id, y->run_id) == 0;
}

int compare_series_check(const struct compare_series *s, struct err *e)
{
    for (size_t i = 0; i < s->n; i++)
        for (size_t k = 0; k < i; k++) {
            const char *folder = s->runs[k].folder, *again = s->runs[i].folder;
            if (!are_one(&s->runs[i], &s->runs[k]))
                continue;
            if (strcmp(folder, again) == 0)
                return err_set(e, ERR_INPUT, "%s is given twice for the same arm; a run counts once", again);
            return err_set(e, ERR_INPUT, "%s and %s are the same run (%s); a run counts once", folder, again,
                           s->runs[i].run_id);
        }
    return 0;
}

int compare_series_check_apart(const struct compare_series *a, const struct compare_series *b, struct err *e)
{
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++)
            if (are_one(&a->runs[i], &b->runs[k]))
                return err_set(e, ERR_INPUT,
                               "%s and %s are the same run (%s); a run cannot be compared with itself, but "
                               "two of its clusters can, with --clusters A,B",
                               a->runs[i].folder, b->runs[k].folder, a->runs[i].run_id);
    return 0;
}

const char **compare_series_folders(const struct compare_series *s, struct err *e)
{
    const char **folders = malloc((s->n + 1) * sizeof *folders);
    if (!folders) {
        err_set(e, ERR_FAILED, "out of memory for %zu runs", s->n);
        return NULL;
    }
    for (size_t i = 0; i < s->n; i++)
        folders[i] = s->runs[i].folder;
    return folders;
}
