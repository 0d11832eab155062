/* Reading a JSON document whose form is known: each call wants a member of a certain type and returns its
 * value. The first thing that is not as wanted becomes the sentence in `e`, naming file and key; after that
 * every call returns a neutral value, so that a reader is a flat list of wishes and asks once at the end
 * whether they were granted. */
#ifndef JSON_WANT_H
#define JSON_WANT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

struct json_want {
    const char *file; /* borrowed, for the sentences */
    struct err *e;
    bool failed;
};

/* A place in the document: the object and what to call it in a sentence ("clusters[1]", or "" for the
 * document itself). */
struct json_place {
    const json_t *object;
    const char *name;
};

/* Parses the file; the result is owned (json_decref). NULL names the file and, for broken JSON, line and
 * column. A repeated key is an error. */
json_t *json_want_file(const char *path, size_t most_bytes, struct err *e);

/* Texts are borrowed from the document. The `_or_null` forms take null and a missing member for "unknown":
 * NULL or NAN. */
const char *json_want_text(struct json_want *w, struct json_place at, const char *key);
const char *json_want_text_or_null(struct json_want *w, struct json_place at, const char *key);
double json_want_real(struct json_want *w, struct json_place at, const char *key);
double json_want_real_or_null(struct json_want *w, struct json_place at, const char *key);
/* Seconds within a run, from 0 to JSON_WANT_SECONDS_MOST, 31 years: what counts them needs memory for each.
 */
#define JSON_WANT_SECONDS_MOST 1e9
double json_want_seconds(struct json_want *w, struct json_place at, const char *key);
double json_want_seconds_or_null(struct json_want *w, struct json_place at, const char *key);
/* A whole number, at least 0. */
uint64_t json_want_count(struct json_want *w, struct json_place at, const char *key);
uint64_t json_want_count_or(struct json_want *w, struct json_place at, const char *key, uint64_t if_null);
bool json_want_flag(struct json_want *w, struct json_place at, const char *key);
/* An array; where it is not one, a value whose size is 0 for jansson. */
const json_t *json_want_array(struct json_want *w, struct json_place at, const char *key);
/* One element of an array: `row` is where it is stored, `at` what it is called in sentences. */
typedef void json_want_row_fn(struct json_want *w, struct json_place at, void *row);
/* Reads each element of the array `key` into a zeroed row; returns them owned, NULL when there are none or
 * memory is short. */
void *json_want_rows(struct json_want *w, struct json_place at, const char *key, size_t row_bytes,
                     json_want_row_fn *read, size_t *n);
/* An object, or NULL where it is null or missing. */
const json_t *json_want_object_or_null(struct json_want *w, struct json_place at, const char *key);

#endif
