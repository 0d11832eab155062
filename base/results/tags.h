/* The tag of a histogram in hist.hlog: `metric.stream.cluster.phase.class.instance`, as results/README.md has
 * it. The row of a session stream stands behind its stream: `stream/step`. */
#ifndef BASE_TAGS_H
#define BASE_TAGS_H

#include "metric.h"
#include "outcome.h"

#include <stdbool.h>
#include <stddef.h>

struct err;

enum {
    TAGS_NAME_BYTES = 33,                  /* of a stream, cluster or phase: 1 to 32 of A-Z a-z 0-9 _ - */
    TAGS_STEP_BYTES = TAGS_NAME_BYTES + 9, /* a step's name and "_redirect" */
    TAGS_STREAM_BYTES = TAGS_NAME_BYTES + TAGS_STEP_BYTES,
    TAGS_INSTANCE_BYTES = 128, /* 1 to 127 printable ASCII characters other than comma, quote and blank */
    TAGS_TEXT_BYTES = 320,     /* room for the longest tag */
    TAGS_INSTANCES_MOST =
        4096, /* distinct instance ids that a run keeps; answers of others are in `all` alone */
};

enum { TAGS_SUFFIX_BYTES = 9 };

#define TAGS_ALL "all" /* as instance: all of them together */

struct tag {
    enum metric metric;
    enum outcome outcome; /* the tag's class */
    char stream[TAGS_NAME_BYTES];
    char step[TAGS_STEP_BYTES]; /* the row of a session stream; "" for other streams */
    char cluster[TAGS_NAME_BYTES];
    char phase[TAGS_NAME_BYTES];
    char instance[TAGS_INSTANCE_BYTES];
};

/* Whether it may be the name of a stream, cluster or phase. */
bool tags_is_name(const char *text);

/* Splits "stream/step" or "stream", whose step is "". False when it is neither. */
bool tags_split_stream(const char *text, char stream[TAGS_NAME_BYTES], char step[TAGS_STEP_BYTES]);
/* Whether `text` is that stream and step; `step` may be NULL or "". */
bool tags_is_stream(const char *text, const char *stream, const char *step);

/* -1 and a sentence that quotes the tag when it is malformed or names an unknown metric or class. */
int tags_parse(const char *text, struct tag *tag, struct err *e);

/* Writes the tag to `out`, which has TAGS_TEXT_BYTES; returns it. */
const char *tags_format(const struct tag *tag, char *out);

/* Writes to `out` an instance's id, as received, in the form that tags and files use; returns its length. An
 * id of A-Z a-z 0-9 . _ : / @ + - stays as it is. Any other character becomes '_', and so does a leading @ +
 * or -, which spreadsheets run; such an id, one that is too long, and `all` get '~' and eight hex digits of
 * the whole id's hash at the end, so that different ids stay different and none is the tag's `all`. */
size_t tags_instance(const char *id, size_t length, char out[TAGS_INSTANCE_BYTES]);

/* Whether tags_instance changed it: only what it changed has the '~' there. */
static inline bool tags_instance_is_changed(const char *text, size_t length)
{
    return length > TAGS_SUFFIX_BYTES && text[length - TAGS_SUFFIX_BYTES] == '~';
}

/* Whether it is the histogram of all instances together, rather than of one. */
bool tag_is_all_instances(const struct tag *tag);

#endif
