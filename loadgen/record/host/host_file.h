/* A small file of the kernel's, read in one piece and without memory of its own. */
#ifndef RECORD_HOST_FILE_H
#define RECORD_HOST_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* The first `out_bytes` - 1 bytes of the file, or all, as text. False, and "", when it cannot be read. */
bool host_file_read(const char *path, char *out, size_t out_bytes);

#endif
