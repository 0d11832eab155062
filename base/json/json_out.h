/* JSON as text: two blanks of indentation, keys in the order in which they were set, and each number with as
 * few digits as give the same double again. Characters that a terminal would act upon are escaped. */
#ifndef JSON_OUT_H
#define JSON_OUT_H

#include <jansson.h>
#include <stdio.h>
#include <sys/types.h>

struct err;

enum { JSON_OUT_REAL_BYTES = 32 };

/* Writes the tree and a line end. -1 for NULL, or when `out` cannot be written. */
int json_out_write(FILE *out, const json_t *tree);

/* Replaces the file atomically. -1 and a sentence when it cannot be written, or for NULL, which means that
 * there was no memory for the tree. */
int json_out_file(const char *path, mode_t mode, const json_t *tree, struct err *e);
/* The same by files_fill_unsynced. */
int json_out_file_unsynced(const char *path, mode_t mode, const json_t *tree, struct err *e);

/* The number with 1 to 17 significant digits, without an exponent where that is readable; "null" when it is
 * not finite, which JSON cannot express. Returns `text`, which has JSON_OUT_REAL_BYTES. */
const char *json_out_real(double value, char *text);

#endif
