/* Where the ranks of a run keep the folders of their shares until the result is whole: one folder per run,
 * with the same path on each machine, and in it share-1 to share-N. It may lie on a disk that ranks share. */
#ifndef FLEET_SHARE_FOLDER_H
#define FLEET_SHARE_FOLDER_H

#include <limits.h>
#include <stdint.h>

struct err;

/* "<local>/loadgen-<UTC time>-<name>-<random>", a path that is not in use, in `out`; `local` NULL: $TMPDIR,
 * or /tmp. It is absolute. Makes nothing. */
int share_folder_name(const char *local, const char *name, char out[static PATH_MAX], struct err *e);

/* Makes that folder, for this user alone, and its parents; another rank may have made it. */
int share_folder_make(const char *all, struct err *e);

/* "<all>/share-3" of rank 2; returns `out`. */
const char *share_folder_of(const char *all, uint32_t rank, char out[static PATH_MAX]);

/* Removes the share's folder, and the folder of all once it is empty. */
void share_folder_remove(const char *all, uint32_t rank);

#endif
