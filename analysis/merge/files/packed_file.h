/* A stream that reads what a zstd file holds, such as a compressed request log. */
#ifndef PACKED_FILE_H
#define PACKED_FILE_H

#include <stdbool.h>
#include <stdio.h>

/* Opens `path`; fclose ends it. `may_be_cut`: a file without its end, as a killed process leaves it, is read
 * as far as it goes; otherwise reading fails there. NULL with errno set on failure. */
FILE *packed_file_open(const char *path, bool may_be_cut);

#endif
