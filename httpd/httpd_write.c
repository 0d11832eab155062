#include "httpd_write.h"

#include <stdlib.h>
#include <string.h>

/* The part of a write that the kernel did not accept at once. */
struct late_write {
    uv_write_t write;
    httpd_written_fn *written;
    char data[];
};

static void on_late_written(uv_write_t *write, int status)
{
    struct late_write *late = (struct late_write *)write->data;
    uv_stream_t *stream = write->handle;
    httpd_written_fn *written = late->written;
    free(late);
    written(stream, status);
}

int httpd_write(uv_stream_t *stream, const char *data, size_t length, httpd_written_fn *written)
{
    uv_buf_t buffer = uv_buf_init((char *)(uintptr_t)data, (unsigned)length);
    const int sent = uv_try_write(stream, &buffer, 1);
    const size_t n = sent > 0 ? (size_t)sent : 0;
    if (n == length)
        return 0;
    struct late_write *late = sent < 0 && sent != UV_EAGAIN ? NULL : malloc(sizeof *late + length - n);
    if (!late)
        return -1;
    memcpy(late->data, data + n, length - n);
    late->written = written;
    late->write.data = late;
    buffer = uv_buf_init(late->data, (unsigned)(length - n));
    if (uv_write(&late->write, stream, &buffer, 1, on_late_written) == 0)
        return 0;
    free(late);
    return -1;
}
