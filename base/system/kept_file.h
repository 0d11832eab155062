/* A stream into a file on a disk that may be full for a while. What cannot be written is kept in memory and
 * tried again with the next write, in order, so that lines are whole and none is lost when there is room in
 * time. Beyond KEPT_FILE_MOST_BYTES whole lines are dropped, and that is an error of the file. */
#ifndef BASE_KEPT_FILE_H
#define BASE_KEPT_FILE_H

#include <stdbool.h>
#include <stdio.h>

enum { KEPT_FILE_MOST_BYTES = 4 * 1024 * 1024 };

struct kept_file; /* opaque: the file and what waits; lives until the stream is closed */

/* Creates or empties `path`. NULL, with errno, when that fails. Ends with fclose, which tries once more; -1,
 * with errno, when something is not in the file. */
FILE *kept_file_create(const char *path, struct kept_file **kept);

/* After a fflush of the stream: 0 when all that was written is in the file, else errno of what stood in the
 * way. */
int kept_file_cause(const struct kept_file *kept);

/* Whether the file has no name any more: somebody removed it. */
bool kept_file_is_removed(const struct kept_file *kept);

#endif
