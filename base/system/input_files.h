/* The files that a run is made of, kept as bytes under the names by which its readers ask for them. One
 * process reads them from disk; a generator on another machine gets the bytes, has no such files, and makes
 * the same plan of them. Every function takes NULL for plain files on disk. Used by one thread. */
#ifndef BASE_INPUT_FILES_H
#define BASE_INPUT_FILES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct err;

struct input_file {
    char *path;  /* relative or absolute, as it was opened */
    char *word;  /* the name of a shipped file, such as tp1, that led to `path`; NULL: none */
    char *bytes; /* followed by a NUL that `length_bytes` does not count */
    size_t length_bytes;
    int fd; /* the bytes in memory for input_files_path; -1 until then */
};

struct input_files {
    struct input_file *list;
    size_t n;
    bool is_complete; /* there are no others: the disk is not looked at */
};

void input_files_fini(struct input_files *in);

/* Adds a file to the list. Takes ownership of `bytes`, even on failure. */
int input_files_add(struct input_files *in, const char *path, char *bytes, size_t length_bytes,
                    struct err *e);

/* Reads a file that is needed later only, into the list. */
int input_files_keep(struct input_files *in, const char *path, size_t most_bytes, struct err *e);

/* As files_read: owned, NUL-terminated bytes. A file on disk is read once and is then in the list. */
int input_files_read(struct input_files *in, const char *path, size_t most_bytes, char **data,
                     size_t *length_bytes, struct err *e);

/* Opens the file for reading, as fopen(path, "r"). The stream borrows the list's bytes. NULL and a sentence
 * on failure. */
FILE *input_files_open(struct input_files *in, const char *path, size_t most_bytes, struct err *e);

/* The path by which a library can open the file: of a file in the list that of its bytes in memory, valid
 * until input_files_fini. Messages name the file by its own path. */
int input_files_path(struct input_files *in, const char *path, char out[static PATH_MAX], struct err *e);

/* Whether a file, or a folder, of this path is there. */
bool input_files_has(const struct input_files *in, const char *path);

/* As paths_shipped. */
int input_files_shipped(struct input_files *in, const char *what, const char *folder, const char *given,
                        char out[static PATH_MAX], struct err *e);

#endif
