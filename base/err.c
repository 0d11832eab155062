#include "err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *e, enum err_kind kind, const char *format, ...)
{
    va_list args;

    e->kind = kind;
    va_start(args, format);
    vsnprintf(e->text, sizeof e->text, format, args);
    va_end(args);
    return -1;
}

int err_errno(struct err *e, enum err_kind kind, const char *format, ...)
{
    const int cause = errno;
    va_list args;

    e->kind = kind;
    va_start(args, format);
    vsnprintf(e->text, sizeof e->text, format, args);
    va_end(args);
    const size_t length = strlen(e->text);
    snprintf(e->text + length, sizeof e->text - length, ": %s", strerror(cause));
    return -1;
}

int err_prefix(struct err *e, const char *format, ...)
{
    char before[ERR_TEXT_BYTES];
    va_list args;

    va_start(args, format);
    vsnprintf(before, sizeof before, format, args);
    va_end(args);

    char rest[ERR_TEXT_BYTES];
    memcpy(rest, e->text, sizeof rest);
    const int n = snprintf(e->text, sizeof e->text, "%s: ", before);
    if (n > 0 && (size_t)n < sizeof e->text)
        snprintf(e->text + n, sizeof e->text - (size_t)n, "%s", rest);
    return -1;
}
