#include "run_folder.h"

#include "error_rows.h"
#include "files.h"
#include "health_rows.h"
#include "interval_rows.h"
#include "plan.h"
#include "sample_rows.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *run_folder_file(const struct run_folder *f, const char *name, char *out)
{
    snprintf(out, PATH_MAX, "%.*s/%s", PATH_MAX - 64, f->path, name);
    return out;
}

void run_folder_note(struct run_folder *f, const struct err *e)
{
    if (f->failure.kind == ERR_NONE)
        f->failure = *e;
}

/* The folder's parent, "." for a bare name. */
static void parent_of(const char *path, char *out)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        snprintf(out, PATH_MAX, ".");
    else if (slash == path)
        snprintf(out, PATH_MAX, "/");
    else
        snprintf(out, PATH_MAX, "%.*s", (int)(slash - path), path);
}

static int make_folder(struct run_folder *f, const char *path, struct err *e)
{
    const size_t length = strlen(path);
    if (length == 0 || length >= PATH_MAX - 64)
        return err_set(e, ERR_FAILED, "cannot make the run folder '%.80s': the path is empty or too long",
                       path);
    memcpy(f->path, path, length + 1);
    for (size_t i = length - 1; i > 0 && f->path[i] == '/'; i--)
        f->path[i] = '\0';
    return files_make_folders(f->path, e);
}

static int copy_deployment(const struct run_folder *f, const struct plan *plan, struct err *e)
{
    char path[PATH_MAX];
    const char *json = plan->deployment.json;
    if (!plan->deployment.present || !json)
        return 0;
    return files_write(run_folder_file(f, "deployment.json", path), json, strlen(json), 0644, e);
}

int run_folder_make(struct run_folder *f, const char *path, const struct plan *plan, struct err *e)
{
    char file[PATH_MAX];
    *f = (struct run_folder){ 0 };
    if (make_folder(f, path, e))
        return -1;
    if (copy_deployment(f, plan, e) == 0 &&
        csv_create(&f->intervals, run_folder_file(f, "intervals.csv", file), INTERVAL_ROWS_HEADER, e) == 0 &&
        csv_create(&f->errors, run_folder_file(f, "errors.csv", file), ERROR_ROWS_HEADER, e) == 0 &&
        csv_create(&f->health, run_folder_file(f, "health.csv", file), HEALTH_ROWS_HEADER, e) == 0 &&
        csv_create(&f->samples, run_folder_file(f, "samples.csv", file), SAMPLE_ROWS_HEADER, e) == 0)
        return 0;
    run_folder_close(f);
    return -1;
}

void run_folder_start(struct run_folder *f, uint64_t t0_realtime_ns)
{
    char file[PATH_MAX];
    struct err e;
    if (hlog_create(&f->hist, run_folder_file(f, "hist.hlog", file), t0_realtime_ns, &e))
        run_folder_note(f, &e);
}

void run_folder_flush(struct run_folder *f)
{
    struct err e;
    csv_flush(&f->intervals);
    csv_flush(&f->errors);
    csv_flush(&f->health);
    csv_flush(&f->samples);
    if (f->hist.file && hlog_flush(&f->hist, &e))
        run_folder_note(f, &e);
}

void run_folder_close(struct run_folder *f)
{
    struct err e;
    struct csv_writer *const writers[] = { &f->intervals, &f->errors, &f->health, &f->samples };
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        if (csv_close(writers[i], &e))
            run_folder_note(f, &e);
    if (hlog_close(&f->hist, &e))
        run_folder_note(f, &e);
}

static bool is_results(const char *path)
{
    const char *slash = strrchr(path, '/');
    return strcmp(slash ? slash + 1 : path, "results") == 0;
}

void run_folder_point_latest(struct run_folder *f)
{
    char parent[PATH_MAX], link[PATH_MAX], temporary[PATH_MAX];
    struct err e;
    const char *slash = strrchr(f->path, '/');
    const char *target = slash ? slash + 1 : f->path;
    parent_of(f->path, parent);
    if (!is_results(parent))
        return;
    snprintf(link, sizeof link, "%.*s/latest", PATH_MAX - 64, parent);
    snprintf(temporary, sizeof temporary, "%.*s/.latest.%ld", PATH_MAX - 64, parent, (long)getpid());
    unlink(temporary);
    if (symlink(target, temporary) == 0 && rename(temporary, link) == 0)
        return;
    err_errno(&e, ERR_FAILED, "cannot point %s at %s", link, target);
    unlink(temporary);
    run_folder_note(f, &e);
}
