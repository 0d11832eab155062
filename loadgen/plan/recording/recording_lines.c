#include "recording_lines.h"

#include "recording_line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    BUFFER_BYTES = 512 * 1024,
    PIECE_BYTES = 32 * 1024,   /* read in a few microseconds */
    AHEAD_BYTES = 192 * 1024,  /* wanted in the buffer */
    ASKED_BYTES = 1024 * 1024, /* asked of the kernel when a piece is not in memory */
};
_Static_assert(AHEAD_BYTES + PIECE_BYTES + RECORDING_LINE_BYTES_MOST < BUFFER_BYTES, "a line fits behind");

int recording_lines_open(struct recording_lines *l, const char *path, uint64_t from_bytes)
{
    struct stat about;
    *l = (struct recording_lines){ .fd = open(path, O_RDONLY | O_CLOEXEC), .read_bytes = from_bytes };
    l->buffer = malloc(BUFFER_BYTES);
    if (l->fd < 0 || !l->buffer || fstat(l->fd, &about))
        return -1;
    if (!S_ISREG(about.st_mode)) {
        errno = ESPIPE;
        return -1;
    }
    posix_fadvise(l->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return 0;
}

void recording_lines_close(struct recording_lines *l)
{
    if (l->fd >= 0)
        close(l->fd);
    free(l->buffer);
    *l = (struct recording_lines){ .fd = -1 };
}

static void make_room(struct recording_lines *l)
{
    if (l->begin < BUFFER_BYTES / 2)
        return;
    memmove(l->buffer, l->buffer + l->begin, l->end - l->begin);
    l->ask_at = l->ask_at > l->begin ? l->ask_at - l->begin : 0;
    l->end -= l->begin;
    l->begin = 0;
}

/* Bytes that were read; 0: none now, or the end. */
static size_t read_piece(struct recording_lines *l, int flags)
{
    make_room(l);
    const size_t room = BUFFER_BYTES - l->end;
    const struct iovec piece = { l->buffer + l->end, room < PIECE_BYTES ? room : PIECE_BYTES };
    const ssize_t n = TEMP_FAILURE_RETRY(preadv2(l->fd, &piece, 1, (off_t)l->read_bytes, flags));
    if (n < 0)
        return 0;
    l->has_ended = n == 0;
    l->end += (size_t)n;
    l->read_bytes += (uint64_t)n;
    return (size_t)n;
}

void recording_lines_read_ahead(struct recording_lines *l)
{
    if (l->begin < l->ask_at || l->end - l->begin >= AHEAD_BYTES || l->has_ended || l->error)
        return;
    if (read_piece(l, l->must_wait ? 0 : RWF_NOWAIT) > 0 || l->has_ended)
        return;
    l->must_wait = l->must_wait || errno != EAGAIN;
    l->ask_at = l->begin + PIECE_BYTES / 4;
    posix_fadvise(l->fd, (off_t)l->read_bytes, ASKED_BYTES, POSIX_FADV_WILLNEED);
}

/* Reads until the buffer holds a line's end; NULL when there is none. */
static char *find_end(struct recording_lines *l)
{
    size_t looked_at = 0; /* of the bytes from `begin` on */
    for (;;) {
        char *const from = l->buffer + l->begin;
        char *end = memchr(from + looked_at, '\n', l->end - l->begin - looked_at);
        looked_at = l->end - l->begin;
        if (end || l->has_ended || l->error)
            return end;
        if (looked_at > RECORDING_LINE_BYTES_MOST)
            l->error = E2BIG;
        else if (read_piece(l, 0) == 0 && !l->has_ended)
            l->error = errno;
    }
}

char *recording_lines_next(struct recording_lines *l, size_t *length_bytes)
{
    const char *end = find_end(l);
    char *line = l->buffer + l->begin;
    const size_t left = l->end - l->begin;
    if (l->error || (!end && left == 0))
        return NULL;
    *length_bytes = end ? (size_t)(end - line) : left;
    l->begin += *length_bytes + (end != NULL);
    if (*length_bytes > RECORDING_LINE_BYTES_MOST) {
        l->error = E2BIG;
        return NULL;
    }
    *length_bytes -= *length_bytes > 0 && line[*length_bytes - 1] == '\r';
    return line;
}

bool recording_lines_skip(struct recording_lines *l, uint64_t n)
{
    size_t length;
    while (n > 0 && recording_lines_next(l, &length))
        n--;
    return n == 0;
}
