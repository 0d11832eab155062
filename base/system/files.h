/* Whole files and folders: read with a size cap, write so that a reader sees the old or the new file, never
 * half of one, and close so that a full disk is an error and not a surprise. */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

struct err;

/* Returns owned, NUL-terminated contents in `*data` (free with free()) and their length. A file above
 * `most_bytes` is refused. */
int files_read(const char *path, size_t most_bytes, char **data, size_t *length_bytes, struct err *e);

/* Refuses pipes and devices, for results from elsewhere: a pipe would block the reader, and a device may
 * never end. A missing file and a folder are left to the call that opens them. */
int files_want_regular(const char *path, struct err *e);

/* Replaces `path` atomically: a temporary file beside it, fsync, rename. `mode` is the new file's mode. */
int files_write(const char *path, const char *data, size_t length_bytes, mode_t mode, struct err *e);

/* The same with what `fill` writes; it returns -1, and leaves errno, when it could not. */
typedef int files_fill_fn(FILE *out, const void *payload);
int files_fill(const char *path, mode_t mode, files_fill_fn *fill, const void *payload, struct err *e);
/* The same without fsync, which may take seconds while the disk is busy: the file survives the death of the
 * program, but not that of the machine. */
int files_fill_unsynced(const char *path, mode_t mode, files_fill_fn *fill, const void *payload,
                        struct err *e);

/* Opens a file for writing, new or emptied (mode 0666 less umask). First removes what would redirect or block
 * the writing: a symbolic link, a hard link or a pipe of that name. The first returns a descriptor, or -1 and
 * errno; the second NULL and a sentence. */
int files_open(const char *path);
FILE *files_create(const char *path, struct err *e);

/* Makes one folder (mode 0777 less umask); one that exists already is fine, a link to one is refused. */
int files_make_folder(const char *path, struct err *e);

/* Makes a folder and its parents (mode 0777 less umask); one that exists already is fine. */
int files_make_folders(const char *path, struct err *e);

/* Removes a file, or a folder with all that is in it, without following links; one that is missing is fine.
 */
int files_remove_tree(const char *path, struct err *e);

/* Flushes and closes `f`; an error at any earlier write counts as this call's. `path` names the file in the
 * sentence. */
int files_close(FILE *f, const char *path, struct err *e);

#endif
