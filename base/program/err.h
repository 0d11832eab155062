/* An error is a sentence that a person reads. Functions that can fail take a `struct err *` last, return 0 or
 * -1, and fill it; each layer on the way up may put one prefix in front. Only `main` prints it and turns its
 * kind into the exit code. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum { ERR_TEXT_BYTES = 2048 };

enum err_kind {
    ERR_NONE,
    ERR_INPUT,  /* bad usage or a bad input file: exit 2 */
    ERR_FAILED, /* the work itself failed: exit 1 */
};

struct err {
    enum err_kind kind;
    char text[ERR_TEXT_BYTES]; /* one sentence, or a sentence and the lines that show where; no newline at the
                                  end */
};

/* Fills `e` and returns -1, for `return err_set(e, ...)`. A text that is too long is truncated, and what a
 * terminal would take for more than a character is replaced (utf8_text): names come from outside. */
int err_set(struct err *e, enum err_kind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same with ": <strerror(errno)>" at the end; `errno` is read first. With ENOMEM the kind is always
 * ERR_FAILED: short memory is not bad input. */
int err_errno(struct err *e, enum err_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "<prefix>: " in front of the text. Returns -1. */
int err_prefix(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts a further line under the text, which is cut if both are too long. Returns -1. */
int err_append(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The analyzer sees one file at a time and cannot know that they return -1. */
#ifdef __clang_analyzer__
#define err_set(...)    ((err_set)(__VA_ARGS__), -1)
#define err_errno(...)  ((err_errno)(__VA_ARGS__), -1)
#define err_prefix(...) ((err_prefix)(__VA_ARGS__), -1)
#define err_append(...) ((err_append)(__VA_ARGS__), -1)
#endif

#endif
