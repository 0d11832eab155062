/* A folder of plain files as messages of at most a mebibyte: the name of each file, its bytes, and at the end
 * whether all could be read. */
#ifndef FLEET_FOLDER_PIECES_H
#define FLEET_FOLDER_PIECES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct err;
struct wire;

/* Sends the folder. What cannot be read is said in the last piece; waits while many bytes are under way, for
 * a while at most. */
void folder_pieces_send(const char *folder, struct wire *w, uint32_t to, uint32_t tag);

/* The other end. */
struct folder_taking {
    char folder[PATH_MAX], path[PATH_MAX]; /* the folder; the file that is written */
    FILE *file;                            /* NULL: none */
};

/* Makes the folder, which must not exist. */
int folder_taking_init(struct folder_taking *t, const char *folder, struct err *e);
/* Whether a piece ends the folder, or there are none. */
bool folder_pieces_is_last(const unsigned char *bytes, size_t n_bytes);
/* 1: more is to come; 0: the folder is whole; -1 and a sentence: it cannot be written, was not readable
 * there, or the piece is none. Names that would lead out of the folder are refused. */
int folder_taking_piece(struct folder_taking *t, const unsigned char *bytes, size_t n_bytes, struct err *e);
void folder_taking_fini(struct folder_taking *t);

#endif
