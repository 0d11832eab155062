/* Writes to a client: at once what the kernel accepts, later the rest. */
#ifndef HTTPD_WRITE_H
#define HTTPD_WRITE_H

#include <uv.h>

#include <stddef.h>

/* Called when a rest was written, or with a status below 0 when it could not be. */
typedef void httpd_written_fn(uv_stream_t *stream, int status);

/* Keeps a copy of what must wait. -1 when nothing can be written any more: the caller closes the stream. */
int httpd_write(uv_stream_t *stream, const char *data, size_t length, httpd_written_fn *written);

#endif
