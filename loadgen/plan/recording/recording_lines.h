/* Lines of a file, read ahead into a buffer. While requests are sent, the file is read in small pieces that
 * the kernel has in memory already, and asked for early, so that a slow disk delays nothing as long as the
 * buffer lasts. For one thread. */
#ifndef PLAN_RECORDING_LINES_H
#define PLAN_RECORDING_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct recording_lines {
    int fd;       /* -1: closed */
    char *buffer; /* owned */
    size_t begin, end;
    size_t ask_at;       /* reads ahead again when `begin` is here */
    uint64_t read_bytes; /* place in the file of `end` */
    bool has_ended;      /* the file has */
    bool must_wait;      /* the file system cannot read without waiting */
    int error;           /* errno of a failed read; 0 */
};

/* Opens a regular file at a place. -1 with errno; recording_lines_close accepts that, and a zeroed one with
 * fd -1. */
int recording_lines_open(struct recording_lines *l, const char *path, uint64_t from_bytes);
void recording_lines_close(struct recording_lines *l);

/* The next line without its end, which the caller may change; valid until the next call. NULL at the end of
 * the file, when it cannot be read (`error`), or when a line is too long (E2BIG). Waits for the disk if it
 * must. */
char *recording_lines_next(struct recording_lines *l, size_t *length_bytes);
/* Leaves out `n` lines; false when there are not so many. */
bool recording_lines_skip(struct recording_lines *l, uint64_t n);
/* Reads a piece if there is room and it is in memory. Never waits where the file system allows that. */
void recording_lines_read_ahead(struct recording_lines *l);

/* Where the next line begins in the file. */
static inline uint64_t recording_lines_place(const struct recording_lines *l)
{
    return l->read_bytes - (l->end - l->begin);
}

#endif
