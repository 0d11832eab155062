#include "json_out.h"

#include "err.h"
#include "files.h"
#include "utf8.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { INDENT = 2, DIGITS_MOST = DBL_DECIMAL_DIG, PLAIN_LEAST = -5, PLAIN_MOST = 14 };

static void write_value(FILE *out, const json_t *value, int depth);

const char *json_out_real(double value, char *text)
{
    int digits = 0;
    if (!isfinite(value))
        return memcpy(text, "null", sizeof "null");
    do
        snprintf(text, JSON_OUT_REAL_BYTES, "%.*e", digits++, value);
    while (digits < DIGITS_MOST && strtod(text, NULL) != value);
    const int exponent = atoi(strchr(text, 'e') + 1);
    const int decimals = digits - 1 - exponent;
    if (exponent >= PLAIN_LEAST && exponent <= PLAIN_MOST)
        snprintf(text, JSON_OUT_REAL_BYTES, "%.*f", decimals > 0 ? decimals : 0, value);
    return text;
}

/* Returns the bytes of the character. NUL and bytes that are not UTF-8, which jansson keeps out by default,
 * are replaced. */
static size_t write_character(FILE *out, const char *at)
{
    uint32_t code = 0;
    const size_t n = utf8_decode(at, &code);
    if (n == 0)
        fputs("\\ufffd", out);
    else if (code == '\n')
        fputs("\\n", out);
    else if (code == '\t')
        fputs("\\t", out);
    else if (code == '"' || code == '\\')
        fprintf(out, "\\%c", *at);
    else if (utf8_is_harmful(code))
        fprintf(out, "\\u%04x", (unsigned)code); /* none of these needs a surrogate */
    else
        fwrite(at, 1, n, out);
    return n > 0 ? n : 1;
}

static void write_string(FILE *out, const char *text, size_t length_bytes)
{
    putc('"', out);
    for (size_t i = 0; i < length_bytes;)
        i += write_character(out, text + i);
    putc('"', out);
}

static void new_line(FILE *out, int depth)
{
    fprintf(out, "\n%*s", INDENT * depth, "");
}

static void write_object(FILE *out, const json_t *object, int depth)
{
    json_t *o = (json_t *)object; /* to iterate changes nothing */
    int n = 0;
    putc('{', out);
    for (void *at = json_object_iter(o); at; at = json_object_iter_next(o, at)) {
        const char *key = json_object_iter_key(at);
        fputs(n++ ? "," : "", out);
        new_line(out, depth + 1);
        write_string(out, key, strlen(key));
        fputs(": ", out);
        write_value(out, json_object_iter_value(at), depth + 1);
    }
    if (n)
        new_line(out, depth);
    putc('}', out);
}

static void write_array(FILE *out, const json_t *array, int depth)
{
    const size_t n = json_array_size(array);
    putc('[', out);
    for (size_t i = 0; i < n; i++) {
        fputs(i ? "," : "", out);
        new_line(out, depth + 1);
        write_value(out, json_array_get(array, i), depth + 1);
    }
    if (n)
        new_line(out, depth);
    putc(']', out);
}

static void write_value(FILE *out, const json_t *value, int depth)
{
    char number[JSON_OUT_REAL_BYTES];
    if (json_is_object(value))
        write_object(out, value, depth);
    else if (json_is_array(value))
        write_array(out, value, depth);
    else if (json_is_string(value))
        write_string(out, json_string_value(value), json_string_length(value));
    else if (json_is_integer(value))
        fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        fputs(json_out_real(json_real_value(value), number), out);
    else
        fputs(json_is_true(value) ? "true" : json_is_false(value) ? "false" : "null", out);
}

int json_out_write(FILE *out, const json_t *tree)
{
    if (!tree)
        return -1;
    write_value(out, tree, 0);
    putc('\n', out);
    return ferror(out) ? -1 : 0;
}

static int fill(FILE *out, const void *tree)
{
    return json_out_write(out, tree);
}

static int out_of_memory(const char *path, struct err *e)
{
    return err_set(e, ERR_FAILED, "out of memory while writing %s", path);
}

int json_out_file(const char *path, mode_t mode, const json_t *tree, struct err *e)
{
    return tree ? files_fill(path, mode, fill, tree, e) : out_of_memory(path, e);
}

int json_out_file_unsynced(const char *path, mode_t mode, const json_t *tree, struct err *e)
{
    return tree ? files_fill_unsynced(path, mode, fill, tree, e) : out_of_memory(path, e);
}
