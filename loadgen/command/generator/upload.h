/* What a run on the generator takes along: a folder that holds, below `files`, links to the local files at
 * their own absolute paths, so that every relative path between them stays right there. */
#ifndef COMMAND_UPLOAD_H
#define COMMAND_UPLOAD_H

#include <limits.h>
#include <stdio.h>

struct err;

#define UPLOAD_FILES "files"

struct upload {
    char folder[PATH_MAX];  /* temporary; "": none */
    char current[PATH_MAX]; /* the current folder, where the run will be started there, too */
};

/* Makes the folder, with the current folder's place in it. Call upload_fini in every case. */
int upload_init(struct upload *u, struct err *e);
/* Removes the folder. */
void upload_fini(struct upload *u);

/* Adds a file, given by a path as this program would open it. One that is there already is fine. */
int upload_add(struct upload *u, const char *path, struct err *e);
/* Adds a copy of what can be read from `from` as `path`. */
int upload_copy(struct upload *u, FILE *from, const char *path, struct err *e);
/* Makes the folders above a path that the run there will write. */
int upload_make_parents(struct upload *u, const char *path, struct err *e);

/* A path below the folder, "files/home/a/results" for "/home/a/results" or, in /home/a, for "results". */
int upload_place(const struct upload *u, const char *path, char out[static PATH_MAX], struct err *e);

#endif
