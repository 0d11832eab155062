/* A stream to a file on a disk that may be full for a while. What cannot be written is kept in memory and
 * retried with the next write, in order, so that lines stay whole and none is lost if there is room in time.
 * Beyond KEPT_FILE_MOST_BYTES whole lines are dropped, which is an error of the file. */
#ifndef BASE_KEPT_FILE_H
#define BASE_KEPT_FILE_H

#include <stdbool.h>
#include <stdio.h>

enum { KEPT_FILE_MOST_BYTES = 4 * 1024 * 1024 };

struct kept_file; /* opaque: the file and what waits; lives until the stream is closed */

/* Creates or empties `path`. NULL, with errno, when that fails. Ends with fclose, which tries once more; -1,
 * with errno, when something is not in the file. */
FILE *kept_file_create(const char *path, struct kept_file **kept);

/* After fflush of the stream: 0 when everything is in the file, else the errno of the failed write. */
int kept_file_cause(const struct kept_file *kept);

/* Whether the file was removed and has no name any more. */
bool kept_file_is_removed(const struct kept_file *kept);

#endif
