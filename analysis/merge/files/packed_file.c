#include "packed_file.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include <zstd.h>

enum { IN_BYTES = 16 * 1024 };

struct packed_file {
    FILE *file;
    ZSTD_DCtx *context;
    ZSTD_inBuffer in;
    size_t wanted; /* what zstd still expects of the frame; 0: it is complete */
    bool may_be_cut;
    char bytes[IN_BYTES];
};

/* Reads more of the file: 1, or 0 at its end, or -1. */
static int fill(struct packed_file *p)
{
    p->in = (ZSTD_inBuffer){ .src = p->bytes, .size = fread(p->bytes, 1, sizeof p->bytes, p->file) };
    if (p->in.size > 0)
        return 1;
    if (!ferror(p->file) && (p->wanted == 0 || p->may_be_cut))
        return 0;
    errno = EIO;
    return -1;
}

static ssize_t on_read(void *cookie, char *data, size_t length)
{
    struct packed_file *p = cookie;
    ZSTD_outBuffer out = { .dst = data, .size = length };
    while (out.pos == 0) {
        const int more = p->in.pos < p->in.size ? 1 : fill(p);
        if (more <= 0)
            return more;
        p->wanted = ZSTD_decompressStream(p->context, &out, &p->in);
        if (ZSTD_isError(p->wanted)) {
            errno = EIO;
            return -1;
        }
    }
    return (ssize_t)out.pos;
}

static int on_close(void *cookie)
{
    struct packed_file *p = cookie;
    ZSTD_freeDCtx(p->context);
    const int status = fclose(p->file);
    free(p);
    return status;
}

FILE *packed_file_open(const char *path, bool may_be_cut)
{
    struct packed_file *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->may_be_cut = may_be_cut;
    p->context = ZSTD_createDCtx();
    p->file = p->context ? fopen(path, "re") : NULL;
    FILE *stream =
        p->file ? fopencookie(p, "r", (cookie_io_functions_t){ .read = on_read, .close = on_close }) : NULL;
    if (stream)
        return stream;
    const int cause = errno;
    if (p->file)
        fclose(p->file);
    ZSTD_freeDCtx(p->context);
    free(p);
    errno = cause;
    return NULL;
}
