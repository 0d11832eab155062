/* The INI dialect of ~/.aws/credentials and ~/.aws/config, read as botocore does: `#` and `;` start comment
 * lines only, a value goes from the first `=` to the end of the line without surrounding blanks, quotes are
 * part of it, and lines that are indented further belong to the key above. Unlike botocore, it skips a
 * byte-order mark. Messages name file and line but never quote a line, which may hold a secret. */
#ifndef PROVISION_AWS_PROFILE_FILE_H
#define PROVISION_AWS_PROFILE_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* A part of the text; not NUL-terminated. */
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
    bool goes_on; /* no key: the line continues the value of `parent` */
    unsigned line;
};

/* Called for each section (`key` empty) and each entry. Returns 0 to continue, -1 with `e` filled to stop. */
typedef int profile_visit_fn(void *payload, const struct profile_entry *entry, struct err *e);

/* Reads `length_bytes` at `text`; `path` names the file in messages. As in botocore these are errors: a
 * section that appears twice, a key that appears twice in a section, an entry before any section, and a line
 * that is neither. */
int profile_file_read(const char *text, size_t length_bytes, const char *path, profile_visit_fn *visit,
                      void *payload, struct err *e);

/* Whether the span is this text; profile_span_is_key ignores case. */
bool profile_span_is(struct profile_span span, const char *text);
bool profile_span_is_key(struct profile_span span, const char *key);

#endif
