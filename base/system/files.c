#include "files.h"

#include "err.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_all(FILE *f, const char *path, size_t most_bytes, char **data, size_t *length_bytes,
                    struct err *e)
{
    size_t capacity = 65536;
    size_t used = 0;
    char *text = malloc(capacity + 1);

    while (text) {
        used += fread(text + used, 1, capacity - used, f);
        if (used < capacity)
            break;
        if (used > most_bytes)
            break;
        capacity *= 2;
        char *larger = realloc(text, capacity + 1);
        if (!larger)
            free(text);
        text = larger;
    }
    if (!text)
        return err_set(e, ERR_FAILED, "out of memory while reading %s", path);
    if (ferror(f) || used > most_bytes) {
        free(text);
        if (used > most_bytes)
            return err_set(e, ERR_INPUT, "%s is larger than the %zu KiB that such a file may have", path,
                           most_bytes / 1024);
        return err_errno(e, ERR_INPUT, "cannot read %s", path);
    }
    text[used] = '\0';
    *data = text;
    *length_bytes = used;
    return 0;
}

int files_read(const char *path, size_t most_bytes, char **data, size_t *length_bytes, struct err *e)
{
    struct stat about;
    FILE *f = fopen(path, "rbe");
    if (!f)
        return err_errno(e, ERR_INPUT, "cannot open %s", path);
    int status = -1;
    if (fstat(fileno(f), &about) == 0 && S_ISDIR(about.st_mode))
        err_set(e, ERR_INPUT, "cannot read %s: it is a folder", path);
    else
        status = read_all(f, path, most_bytes, data, length_bytes, e);
    fclose(f);
    return status;
}

int files_close(FILE *f, const char *path, struct err *e)
{
    errno = 0;
    const int failed_before = ferror(f);
    const int failed_now = fflush(f);
    const int cause = errno;
    const int failed_close = fclose(f);
    if (!failed_before && !failed_now && !failed_close)
        return 0;
    errno = cause ? cause : errno ? errno : EIO;
    return err_errno(e, ERR_FAILED, "cannot write %s", path);
}

static int sync_file(FILE *f)
{
    return fflush(f) || (TEMP_FAILURE_RETRY(fsync(fileno(f))) < 0 && errno != EINVAL && errno != EROFS) ? -1
                                                                                                        : 0;
}

/* Writes and closes the temporary file; -1 and errno. */
static int fill_file(int fd, mode_t mode, bool syncs, files_fill_fn *fill, const void *payload)
{
    FILE *f = fdopen(fd, "w");
    const int status =
        f && fill(f, payload) == 0 && (syncs ? sync_file(f) : fflush(f)) == 0 ? fchmod(fd, mode) : -1;
    const int cause = errno;
    const int closed = f ? fclose(f) : close(fd);
    if (status)
        errno = cause;
    return status || (closed && errno != EINTR) ? -1 : 0; /* on Linux an interrupted close() has closed */
}

static int replace(const char *path, mode_t mode, bool syncs, files_fill_fn *fill, const void *payload,
                   struct err *e)
{
    char temporary[PATH_MAX];
    if ((size_t)snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= sizeof temporary)
        return err_set(e, ERR_FAILED, "cannot write %s: the path is too long", path);
    const int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return err_errno(e, ERR_FAILED, "cannot write %s", path);
    if (fill_file(fd, mode, syncs, fill, payload) == 0 && rename(temporary, path) == 0)
        return 0;
    err_errno(e, ERR_FAILED, "cannot write %s", path);
    unlink(temporary);
    return -1;
}

int files_fill(const char *path, mode_t mode, files_fill_fn *fill, const void *payload, struct err *e)
{
    return replace(path, mode, true, fill, payload, e);
}

int files_fill_unsynced(const char *path, mode_t mode, files_fill_fn *fill, const void *payload,
                        struct err *e)
{
    return replace(path, mode, false, fill, payload, e);
}

struct bytes {
    const char *data;
    size_t length;
};

static int write_bytes(FILE *out, const void *payload)
{
    const struct bytes *bytes = payload;
    return fwrite(bytes->data, 1, bytes->length, out) == bytes->length ? 0 : -1;
}

int files_write(const char *path, const char *data, size_t length_bytes, mode_t mode, struct err *e)
{
    return files_fill(path, mode, write_bytes, &(struct bytes){ data, length_bytes }, e);
}

int files_want_regular(const char *path, struct err *e)
{
    struct stat about;
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode))
        return err_set(e, ERR_INPUT, "%s is no regular file", path);
    return 0;
}

static bool leads_elsewhere(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0 && (S_ISLNK(about.st_mode) || S_ISFIFO(about.st_mode) ||
                                        (S_ISREG(about.st_mode) && about.st_nlink > 1));
}

int files_open(const char *path)
{
    if (leads_elsewhere(path) && unlink(path) < 0)
        return -1;
    return (int)TEMP_FAILURE_RETRY(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666));
}

FILE *files_create(const char *path, struct err *e)
{
    const int fd = files_open(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (!file)
        err_errno(e, ERR_FAILED, "cannot create %s", path);
    if (!file && fd >= 0)
        close(fd);
    return file;
}

int files_make_folder(const char *path, struct err *e)
{
    struct stat about;
    if (mkdir(path, 0777) == 0)
        return 0;
    if (errno != EEXIST)
        return err_errno(e, ERR_FAILED, "cannot make the folder %s", path);
    if (lstat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return 0;
    return err_set(e, ERR_FAILED, "cannot make the folder %s: a file or a link of that name is there", path);
}

int files_make_folders(const char *path, struct err *e)
{
    char partial[PATH_MAX];
    const size_t length = strlen(path);
    if (length == 0 || length >= sizeof partial)
        return err_set(e, ERR_FAILED, "cannot make the folder '%s': the path is empty or too long", path);
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(partial, path, i);
        partial[i] = '\0';
        if (mkdir(partial, 0777) < 0 && errno != EEXIST)
            return err_errno(e, ERR_FAILED, "cannot make the folder %s", partial);
    }
    struct stat about;
    if (stat(path, &about) < 0)
        return err_errno(e, ERR_FAILED, "cannot make the folder %s", path);
    if (!S_ISDIR(about.st_mode))
        return err_set(e, ERR_FAILED, "cannot make the folder %s: a file of that name is there", path);
    return 0;
}

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about;
    (void)kind;
    (void)walk;
    return remove(path) < 0 && errno != ENOENT ? -1 : 0;
}

int files_remove_tree(const char *path, struct err *e)
{
    if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT)
        return 0;
    return err_errno(e, ERR_FAILED, "cannot remove %s", path);
}
