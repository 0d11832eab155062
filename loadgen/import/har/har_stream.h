/* The entries of a HAR file, one at a time, in bounded memory: files have hundreds of megabytes, most of them
 * in response bodies that are of no use here. A string above HAR_STRING_BYTES_MOST reads as null. */
#ifndef IMPORT_HAR_STREAM_H
#define IMPORT_HAR_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct err;

enum { HAR_STRING_BYTES_MOST = 1024 * 1024, HAR_ENTRY_BYTES_MOST = 16 * 1024 * 1024 };

struct har_stream {
    FILE *in;         /* borrowed */
    const char *name; /* of the file, borrowed */
    char *entry;      /* the JSON text of the entry that was read; not NUL-terminated */
    size_t length_bytes;
    uint64_t n_too_large; /* entries that were left out */
    /* private */
    size_t capacity;
    unsigned depth;
    bool is_in_entries;
};

void har_stream_begin(struct har_stream *s, FILE *in, const char *name);
/* 1: there is another entry; 0: the end; -1: the file is cut, or no HAR. */
int har_stream_next(struct har_stream *s, struct err *e);
void har_stream_fini(struct har_stream *s);

#endif
