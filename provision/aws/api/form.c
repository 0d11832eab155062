#include "form.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(struct form *f, size_t more_bytes)
{
    if (f->failed)
        return false;
    const size_t wanted = f->length_bytes + more_bytes + 1;
    if (wanted <= f->capacity_bytes)
        return true;
    const size_t capacity = wanted * 2;
    char *larger = realloc(f->text, capacity);
    if (!larger) {
        f->failed = true;
        return false;
    }
    f->text = larger;
    f->capacity_bytes = capacity;
    return true;
}

static void append(struct form *f, const char *text, size_t length_bytes)
{
    if (!reserve(f, length_bytes))
        return;
    memcpy(f->text + f->length_bytes, text, length_bytes);
    f->length_bytes += length_bytes;
    f->text[f->length_bytes] = '\0';
}

static bool is_unreserved(unsigned char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (c && strchr("-_.~", c));
}

static void append_encoded(struct form *f, const char *value)
{
    static const char hex[] = "0123456789ABCDEF";
    const size_t length = strlen(value);
    if (!reserve(f, 3 * length))
        return;
    char *at = f->text + f->length_bytes;
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)value[i];
        if (is_unreserved(c)) {
            *at++ = (char)c;
        } else if (c == ' ') {
            *at++ = '+';
        } else {
            *at++ = '%';
            *at++ = hex[c >> 4];
            *at++ = hex[c & 15];
        }
    }
    *at = '\0';
    f->length_bytes = (size_t)(at - f->text);
}

void form_start(struct form *f, const char *action, const char *version)
{
    form_add(f, "Action", action);
    form_add(f, "Version", version);
}

void form_add(struct form *f, const char *key, const char *value)
{
    if (f->length_bytes > 0)
        append(f, "&", 1);
    append(f, key, strlen(key));
    append(f, "=", 1);
    append_encoded(f, value);
}

void form_add_number(struct form *f, const char *key, unsigned long value)
{
    char text[24];
    snprintf(text, sizeof text, "%lu", value);
    form_add(f, key, text);
}

void form_addf(struct form *f, const char *value, const char *key_format, ...)
{
    char key[256];
    va_list args;
    va_start(args, key_format);
    const int length = vsnprintf(key, sizeof key, key_format, args);
    va_end(args);
    if (length < 0 || (size_t)length >= sizeof key)
        f->failed = true;
    else
        form_add(f, key, value);
}

void form_cut(struct form *f, size_t length_bytes)
{
    f->length_bytes = length_bytes;
    if (f->text)
        f->text[length_bytes] = '\0';
}

void form_fini(struct form *f)
{
    free(f->text);
    *f = (struct form){ 0 };
}
