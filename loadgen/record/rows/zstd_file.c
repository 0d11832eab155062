#include "zstd_file.h"

#include <errno.h>
#include <stdlib.h>

#include <zstd.h>

enum { LEVEL = 1, OUT_BYTES = 128 * 1024 };

struct zstd_file {
    FILE *file;
    ZSTD_CCtx *context;
    char out[OUT_BYTES];
};

static int compress(struct zstd_file *z, ZSTD_inBuffer *in, ZSTD_EndDirective directive)
{
    for (;;) {
        ZSTD_outBuffer out = { .dst = z->out, .size = sizeof z->out };
        const size_t left = ZSTD_compressStream2(z->context, &out, in, directive);
        if (ZSTD_isError(left)) {
            errno = EIO;
            return -1;
        }
        if (fwrite(z->out, 1, out.pos, z->file) != out.pos)
            return -1;
        if (left == 0)
            return 0;
    }
}

static ssize_t on_write(void *cookie, const char *data, size_t length)
{
    struct zstd_file *z = cookie;
    ZSTD_inBuffer in = { .src = data, .size = length };
    return compress(z, &in, ZSTD_e_flush) || fflush(z->file) ? 0 : (ssize_t)length;
}

static int on_close(void *cookie)
{
    struct zstd_file *z = cookie;
    ZSTD_inBuffer none = { 0 };
    int status = compress(z, &none, ZSTD_e_end);
    const int cause = errno;
    ZSTD_freeCCtx(z->context);
    if (fclose(z->file))
        status = -1;
    else if (status)
        errno = cause;
    free(z);
    return status;
}

FILE *zstd_file_create(const char *path)
{
    struct zstd_file *z = calloc(1, sizeof *z);
    if (!z)
        return NULL;
    z->context = ZSTD_createCCtx();
    if (z->context) {
        ZSTD_CCtx_setParameter(z->context, ZSTD_c_compressionLevel, LEVEL);
        ZSTD_CCtx_setParameter(z->context, ZSTD_c_checksumFlag, 1);
        z->file = fopen(path, "we");
    }
    FILE *stream =
        z->file ? fopencookie(z, "w", (cookie_io_functions_t){ .write = on_write, .close = on_close }) : NULL;
    if (stream)
        return stream;
    const int cause = errno;
    if (z->file)
        fclose(z->file);
    ZSTD_freeCCtx(z->context);
    free(z);
    errno = cause;
    return NULL;
}
