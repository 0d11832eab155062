/* The INI dialect of ~/.aws/credentials and ~/.aws/config, read as botocore reads it: `#` and `;` start
 * comment lines only, a value goes from the first `=` to the end of the line less blanks, quotes are part of
 * it, and lines that are indented further belong to the key above. More forgiving in one point: a byte-order
 * mark is skipped. Sentences name file and line but never quote a line, which may hold a secret. */
#ifndef PROVISION_AWS_PROFILE_FILE_H
#define PROVISION_AWS_PROFILE_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* A stretch of the text that is read; not NUL-terminated. */
struct profile_span {
    const char *text;
    size_t length_bytes;
};

struct profile_entry {
    struct profile_span section; /* "default", "profile lab": without brackets, blanks at the ends and quotes
                                    around the name */
    struct profile_span parent;  /* the key above an indented line; empty for ordinary lines */
    struct profile_span key;
    struct profile_span value;
    bool goes_on; /* no key: the line is more of the value of `parent`, which has begun in a line above */
    unsigned line;
};

/* Called for each section's head (`key` empty) and each entry. Returns 0 to go on, -1 with `e` filled to
 * stop. */
typedef int profile_visit_fn(void *payload, const struct profile_entry *entry, struct err *e);

/* Reads `length_bytes` at `text`; `path` names the file in sentences. A section that appears twice, a key
 * that appears twice in one, an entry before any section and a line that is neither entry nor section are
 * refused, as every other tool that reads these files does. */
int profile_file_read(const char *text, size_t length_bytes, const char *path, profile_visit_fn *visit,
                      void *payload, struct err *e);

/* Whether the span is this text; keys are compared without regard to case by profile_span_is_key. */
bool profile_span_is(struct profile_span span, const char *text);
bool profile_span_is_key(struct profile_span span, const char *key);

#endif
