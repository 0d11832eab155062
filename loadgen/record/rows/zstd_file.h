/* A stream for writing whose bytes end up in a file compressed by zstd. */
#ifndef RECORD_ZSTD_FILE_H
#define RECORD_ZSTD_FILE_H

#include <stdio.h>

/* Creates `path`. NULL, with errno set, when that fails. fclose ends the compressed frame; its result counts.
 */
FILE *zstd_file_create(const char *path);

#endif
