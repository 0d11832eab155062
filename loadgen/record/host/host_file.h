/* A small file of the kernel, read in one piece and without allocating. Whoever reads the machine's files
 * takes the folder they are under: "" for this machine, a folder of made files in tests. */
#ifndef RECORD_HOST_FILE_H
#define RECORD_HOST_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* The first `out_bytes` - 1 bytes of the file `path` under `root`, or all, as text. False, and "", when it is
 * empty or cannot be read. */
bool host_file_read(const char *root, const char *path, char *out, size_t out_bytes);

#endif
