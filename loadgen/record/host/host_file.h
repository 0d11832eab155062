/* Reads a small file of the kernel at once, without allocating. Readers of such files take `root`, the folder
 * that holds them: "" for this machine, a folder of prepared files in tests. */
#ifndef RECORD_HOST_FILE_H
#define RECORD_HOST_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* The first `out_bytes` - 1 bytes of the file `path` under `root`, or all, as text. False, and "", when it is
 * empty or cannot be read. */
bool host_file_read(const char *root, const char *path, char *out, size_t out_bytes);
/* Its first line alone, tabs as blanks, without blanks at the end. */
bool host_file_line(const char *root, const char *path, char *out, size_t out_bytes);

#endif
