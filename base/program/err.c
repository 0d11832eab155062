#include "err.h"

#include "utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Sentences quote names from outside, and are shown on terminals. */
static int make_plain(struct err *e)
{
    utf8_trim(e->text);
    utf8_text(e->text);
    return -1;
}

int(err_set)(struct err *e, enum err_kind kind, const char *format, ...)
{
    va_list args;

    e->kind = kind;
    va_start(args, format);
    vsnprintf(e->text, sizeof e->text, format, args);
    va_end(args);
    return make_plain(e);
}

int(err_errno)(struct err *e, enum err_kind kind, const char *format, ...)
{
    const int cause = errno;
    va_list args;

    e->kind = cause == ENOMEM ? ERR_FAILED : kind;
    va_start(args, format);
    vsnprintf(e->text, sizeof e->text, format, args);
    va_end(args);
    const size_t length = strlen(e->text);
    snprintf(e->text + length, sizeof e->text - length, ": %s",
             cause == ENOMEM ? "out of memory" : strerror(cause));
    return make_plain(e);
}

int(err_prefix)(struct err *e, const char *format, ...)
{
    char before[ERR_TEXT_BYTES];
    va_list args;

    va_start(args, format);
    vsnprintf(before, sizeof before, format, args);
    va_end(args);

    const size_t length = strlen(before);
    const size_t room = sizeof e->text - 1;
    const size_t shift = length + 2 < room ? length + 2 : room;
    memmove(e->text + shift, e->text, room - shift);
    memcpy(e->text, before, length < shift ? length : shift);
    if (shift == length + 2)
        memcpy(e->text + length, ": ", 2);
    e->text[room] = '\0';
    return make_plain(e);
}

int(err_append)(struct err *e, const char *format, ...)
{
    char line[ERR_TEXT_BYTES / 2];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);

    const size_t room = sizeof e->text - strlen(line) - 2;
    const size_t kept = strnlen(e->text, room);
    snprintf(e->text + kept, sizeof e->text - kept, "\n%s", line);
    return make_plain(e);
}
