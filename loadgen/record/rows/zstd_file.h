/* A stream that compresses what is written to it into a zstd file. */
#ifndef RECORD_ZSTD_FILE_H
#define RECORD_ZSTD_FILE_H

#include <stdio.h>

/* Creates `path`. NULL with errno set on failure. What fflush has written can be read from the file even if
 * the program is killed then; fclose ends the compressed frame: check its result. Compresses worse the
 * smaller the stream's buffer is. */
FILE *zstd_file_create(const char *path);

#endif
