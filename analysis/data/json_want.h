/* Reads a JSON document of known form: each call asks for a member of a type and returns its value. The
 * first mismatch sets `e`, with file and key; after it every call returns a neutral value. So a reader is
 * a flat list of calls and checks `failed` once at the end. */
#ifndef JSON_WANT_H
#define JSON_WANT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

struct json_want {
    const char *file; /* borrowed, for messages */
    struct err *e;
    bool failed;
};

/* A place in the document: an object and its name in messages ("clusters[1]", or "" for the document
 * itself). */
struct json_place {
    const json_t *object;
    const char *name;
};

/* Parses the file; the result is owned (json_decref). NULL on failure; for broken JSON the message has
 * line and column. Repeated keys are an error. */
json_t *json_want_file(const char *path, size_t most_bytes, struct err *e);

/* Texts are borrowed from the document. The `_or_null` forms return NULL or NAN for null and missing
 * members. */
const char *json_want_text(struct json_want *w, struct json_place at, const char *key);
const char *json_want_text_or_null(struct json_want *w, struct json_place at, const char *key);
double json_want_real(struct json_want *w, struct json_place at, const char *key);
double json_want_real_or_null(struct json_want *w, struct json_place at, const char *key);
/* Seconds within a run, at most JSON_WANT_SECONDS_MOST (31 years): memory is allocated for each. */
#define JSON_WANT_SECONDS_MOST 1e9
double json_want_seconds(struct json_want *w, struct json_place at, const char *key);
double json_want_seconds_or_null(struct json_want *w, struct json_place at, const char *key);
/* A whole number from 0. */
uint64_t json_want_count(struct json_want *w, struct json_place at, const char *key);
uint64_t json_want_count_or(struct json_want *w, struct json_place at, const char *key, uint64_t if_null);
bool json_want_flag(struct json_want *w, struct json_place at, const char *key);
/* An array; on a mismatch, a value that jansson takes for an empty one. */
const json_t *json_want_array(struct json_want *w, struct json_place at, const char *key);
/* Reads one element of an array into `row`; `at` is its place. */
typedef void json_want_row_fn(struct json_want *w, struct json_place at, void *row);
/* Reads each element of the array `key` into a zeroed row. Returns them owned; NULL when there are none or
 * out of memory. */
void *json_want_rows(struct json_want *w, struct json_place at, const char *key, size_t row_bytes,
                     json_want_row_fn *read, size_t *n);
/* An object, or NULL for null or missing. */
const json_t *json_want_object_or_null(struct json_want *w, struct json_place at, const char *key);

#endif
