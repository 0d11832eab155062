#include "run_folder.h"

#include "clock.h"
#include "deployment_copy.h"
#include "error_rows.h"
#include "files.h"
#include "health_rows.h"
#include "interval_rows.h"
#include "kept_file.h"
#include "plan.h"
#include "sample_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROOM_BYTES = 12 * 1024, ROOM_PHASE_BYTES = 4 * 1024 };

bool run_folder_is_kept(const struct run_folder *f)
{
    return f->path[0] != '\0';
}

const char *run_folder_file(const struct run_folder *f, const char *name, char *out)
{
    if (!run_folder_is_kept(f))
        return "/dev/null";
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
    if (!plan->deployment.present || !plan->deployment.json)
        return 0;
    return deployment_copy_write(&plan->deployment, run_folder_file(f, "deployment.json", path), e);
}

static bool is_full(int cause)
{
    return cause == ENOSPC || cause == EDQUOT;
}

static int cannot(const char *folder, uint64_t n_bytes, int cause, struct err *e)
{
    errno = cause;
    return err_errno(e, ERR_FAILED, "cannot set aside %" PRIu64 " KiB for the results in %s",
                     (n_bytes + 1023) / 1024, folder);
}

/* Reserves disk space in a file without a name, which vanishes however the program ends. Where the file
 * system cannot reserve any, none is held, without an error. */
static int room_take(struct run_folder_room *room, const char *folder, uint64_t n_bytes, struct err *e)
{
    char path[PATH_MAX];
    *room = (struct run_folder_room){ 0 };
    snprintf(path, sizeof path, "%.*s/.room.XXXXXX", PATH_MAX - 64, folder);
    const int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        return cannot(folder, n_bytes, errno, e);
    unlink(path);
    int cause;
    while ((cause = posix_fallocate(fd, 0, (off_t)n_bytes)) == EINTR)
        continue;
    if (cause == 0) {
        *room = (struct run_folder_room){ .is_taken = true, .fd = fd };
        return 0;
    }
    close(fd);
    return is_full(cause) ? cannot(folder, n_bytes, cause, e) : 0;
}

static void room_give(struct run_folder_room *room)
{
    if (room->is_taken)
        close(room->fd);
    *room = (struct run_folder_room){ 0 };
}

/* run.json holds the scenario and a few lines per phase and outcome; the rows still in memory at the end take
 * less. The derived tables can be computed again. */
static int take_room(struct run_folder *f, const struct plan *plan, struct err *e)
{
    const uint64_t n_bytes = ROOM_BYTES + ROOM_PHASE_BYTES * plan->n_phases;
    const char *text = plan->scenario_text ? plan->scenario_text : "";
    return room_take(&f->json_room, f->path, n_bytes + 2 * strlen(text), e) ||
                   room_take(&f->rest_room, f->path, n_bytes, e)
               ? -1
               : 0;
}

/* Identifies the folder, so that its removal or replacement is noticed. */
static int identify(struct run_folder *f, struct err *e)
{
    struct stat about;
    if (stat(f->path, &about))
        return err_errno(e, ERR_FAILED, "cannot use the run folder %s", f->path);
    f->device = about.st_dev;
    f->inode = about.st_ino;
    return 0;
}

/* With what does not change during the run. */
static int prepare(struct run_folder *f, const char *path, const struct plan *plan, struct err *e)
{
    if (!path)
        return 0;
    return make_folder(f, path, e) || identify(f, e) || take_room(f, plan, e) || copy_deployment(f, plan, e)
               ? -1
               : 0;
}

int run_folder_make(struct run_folder *f, const char *path, const struct plan *plan, struct err *e)
{
    char file[PATH_MAX];
    *f = (struct run_folder){ 0 };
    if (prepare(f, path, plan, e) == 0 &&
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
    if (run_folder_is_kept(f) &&
        hlog_create(&f->hist, run_folder_file(f, "hist.hlog", file), t0_realtime_ns, &e))
        run_folder_note(f, &e);
}

static bool is_removed(const struct run_folder *f)
{
    struct stat about;
    return stat(f->path, &about) || about.st_dev != f->device || about.st_ino != f->inode;
}

/* Writes to a removed file succeed but are lost. */
static void note_removed(struct run_folder *f)
{
    const struct {
        const struct kept_file *kept;
        const char *path;
    } files[] = { { f->intervals.kept, f->intervals.path },
                  { f->errors.kept, f->errors.path },
                  { f->health.kept, f->health.path },
                  { f->samples.kept, f->samples.path },
                  { f->hist.kept, f->hist.path } };
    if (!run_folder_is_kept(f))
        return;
    const bool is_all = is_removed(f);
    struct err e;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (!files[i].kept || !(is_all || kept_file_is_removed(files[i].kept)))
            continue;
        err_set(&e, ERR_FAILED, "%s was removed%s while the run wrote to it",
                is_all ? f->path : files[i].path, is_all ? " or renamed" : "");
        run_folder_note(f, &e);
    }
}

static void flush(struct run_folder *f, struct csv_writer *writer)
{
    struct err e;
    if (csv_flush(writer, &e))
        run_folder_note(f, &e);
}

void run_folder_flush_but_intervals(struct run_folder *f)
{
    struct err e;
    flush(f, &f->errors);
    flush(f, &f->health);
    flush(f, &f->samples);
    if (f->hist.file && hlog_flush(&f->hist, &e))
        run_folder_note(f, &e);
}

void run_folder_flush(struct run_folder *f)
{
    run_folder_flush_but_intervals(f);
    flush(f, &f->intervals);
    note_removed(f);
}

void run_folder_end(struct run_folder *f)
{
    room_give(&f->rest_room);
    run_folder_flush(f);
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
    room_give(&f->rest_room);
    room_give(&f->json_room);
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
    if (!run_folder_is_kept(f) || !is_results(parent))
        return;
    snprintf(link, sizeof link, "%.*s/latest", PATH_MAX - 64, parent);
    /* Containers that share the folder may share the process id, too. */
    snprintf(temporary, sizeof temporary, "%.*s/.latest.%ld.%llu", PATH_MAX - 64, parent, (long)getpid(),
             (unsigned long long)clock_realtime_ns());
    if (symlink(target, temporary) == 0 && rename(temporary, link) == 0)
        return;
    err_errno(&e, ERR_FAILED, "cannot point %s at %s", link, target);
    unlink(temporary);
    run_folder_note(f, &e);
}
