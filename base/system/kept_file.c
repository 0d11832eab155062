#include "kept_file.h"

#include "files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_BYTES = 4096 };

struct kept_file {
    int fd;
    char *waiting; /* owned; not in the file yet */
    size_t n_waiting, capacity;
    int cause;        /* errno of the failed write; 0: nothing waits */
    bool drops_lines; /* until there is room again, and then to the end of the line */
    int lost_cause;   /* why some were dropped; 0: none was */
};

/* Writes as much as the disk takes; returns how much. */
static size_t write_most(struct kept_file *k, const char *data, size_t length)
{
    size_t n_written = 0;
    k->cause = 0;
    while (n_written < length) {
        const ssize_t n = write(k->fd, data + n_written, length - n_written);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            k->cause = errno;
            break;
        }
        n_written += (size_t)n;
    }
    return n_written;
}

static void write_waiting(struct kept_file *k)
{
    if (k->n_waiting == 0)
        return;
    const size_t n = write_most(k, k->waiting, k->n_waiting);
    k->n_waiting -= n;
    memmove(k->waiting, k->waiting + n, k->n_waiting);
}

static int make_room(struct kept_file *k, size_t length)
{
    size_t capacity = k->capacity ? k->capacity : FIRST_BYTES;
    while (capacity < k->n_waiting + length)
        capacity *= 2;
    if (capacity > KEPT_FILE_MOST_BYTES)
        return -1;
    if (capacity == k->capacity)
        return 0;
    char *larger = realloc(k->waiting, capacity);
    if (!larger)
        return -1;
    k->waiting = larger;
    k->capacity = capacity;
    return 0;
}

/* Truncates what waits to whole lines, if it has one. */
static void begin_to_drop(struct kept_file *k)
{
    const char *end = k->n_waiting ? memrchr(k->waiting, '\n', k->n_waiting) : NULL;
    if (end)
        k->n_waiting = (size_t)(end - k->waiting) + 1;
    k->drops_lines = true;
    k->lost_cause = k->cause;
}

static void keep(struct kept_file *k, const char *data, size_t length)
{
    if (make_room(k, length)) {
        begin_to_drop(k);
        return;
    }
    memcpy(k->waiting + k->n_waiting, data, length);
    k->n_waiting += length;
}

/* Never fails, so that the stream forgets nothing. */
static ssize_t on_write(void *cookie, const char *data, size_t length)
{
    struct kept_file *k = cookie;
    size_t from = 0;
    write_waiting(k);
    if (k->n_waiting == 0 && k->drops_lines) {
        const char *end = memchr(data, '\n', length);
        from = end ? (size_t)(end - data) + 1 : length;
        k->drops_lines = !end;
    }
    if (k->n_waiting == 0 && from < length)
        from += write_most(k, data + from, length - from);
    if (from < length && !k->drops_lines)
        keep(k, data + from, length - from);
    return (ssize_t)length;
}

static int on_close(void *cookie)
{
    struct kept_file *k = cookie;
    write_waiting(k);
    int cause = kept_file_cause(k);
    if (close(k->fd) && !cause)
        cause = errno;
    free(k->waiting);
    free(k);
    errno = cause;
    return cause ? -1 : 0;
}

FILE *kept_file_create(const char *path, struct kept_file **kept)
{
    struct kept_file *k = calloc(1, sizeof *k);
    if (!k)
        return NULL;
    k->fd = files_open(path);
    FILE *stream = k->fd < 0
                       ? NULL
                       : fopencookie(k, "w", (cookie_io_functions_t){ .write = on_write, .close = on_close });
    if (stream) {
        *kept = k;
        return stream;
    }
    const int cause = errno;
    if (k->fd >= 0)
        close(k->fd);
    free(k);
    errno = cause;
    return NULL;
}

int kept_file_cause(const struct kept_file *kept)
{
    return kept->n_waiting > 0 ? kept->cause : kept->lost_cause;
}

bool kept_file_is_removed(const struct kept_file *kept)
{
    struct stat about;
    return fstat(kept->fd, &about) == 0 && about.st_nlink == 0;
}
