#include "curl_data.h"

#include "encoded.h"
#include "err.h"
#include "files.h"
#include "plan.h"
#include "text_out.h"
#include "words.h"
#include "yaml_out.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES_MOST = 64 * 1024 * 1024 };

/* Owned. */
static int read_file(const struct curl_command *c, const char *path, char **bytes, size_t *length,
                     struct err *e)
{
    if (strcmp(path, "-") == 0)
        return err_set(e, ERR_INPUT, "%s: @- reads a pipe: put what comes from it into a file", c->place);
    if (files_read(path, FILE_BYTES_MOST, bytes, length, e))
        return err_prefix(e, "%s", c->place);
    return 0;
}

/* -d takes line ends and NUL out of a file. */
static size_t strip_lines(char *bytes, size_t length)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != '\r' && bytes[i] != '\n' && bytes[i] != '\0')
            bytes[n++] = bytes[i];
    bytes[n] = '\0';
    return n;
}

static int join(struct curl_command *c, const char *piece, const char *between, struct err *e)
{
    if (c->bytes)
        return draft_note(c->draft, e, "%s: data beside that of a binary file", c->place);
    c->data = c->data ? arena_format(&c->draft->arena, e, "%s%s%s", c->data, between, piece) : piece;
    return c->data ? 0 : -1;
}

static int join_file(struct curl_command *c, const char *path, bool is_binary, const char *between,
                     struct err *e)
{
    char *bytes;
    size_t length;
    if (read_file(c, path, &bytes, &length, e))
        return -1;
    if (!is_binary)
        length = strip_lines(bytes, length);
    int status = 0;
    if (yaml_out_holds(bytes, length)) {
        const char *piece = words_literal(&c->draft->arena, bytes, length, e);
        status = piece ? join(c, piece, between, e) : -1;
    } else if (c->data)
        status = draft_note(c->draft, e, "%s: the binary file %.80s beside other data", c->place, path);
    else {
        c->bytes = arena_copy(&c->draft->arena, bytes, length, e);
        c->n_bytes = length;
        status = c->bytes ? 0 : -1;
    }
    free(bytes);
    return status;
}

static const char *encode(struct curl_command *c, const char *before, size_t n_before, const char *template,
                          struct err *e)
{
    struct text_out made;
    if (!text_out_begin(&made)) {
        plan_out_of_memory(e);
        return NULL;
    }
    if (n_before > 0)
        fprintf(made.file, "%.*s=", (int)n_before, before);
    encoded_put_form(made.file, template);
    char *text = text_out_end(&made);
    if (!text)
        plan_out_of_memory(e);
    const char *copy = text ? arena_text(&c->draft->arena, text, e) : NULL;
    free(text);
    return copy;
}

const char *curl_data_encoded(struct curl_command *c, const char *value, struct err *e)
{
    const size_t n = strcspn(value, "=@");
    char *bytes;
    size_t length;
    if (words_has(value) && n > 0 && value[0] == '{')
        return encode(c, "", 0, value, e);
    if (value[n] != '@')
        return encode(c, value, value[n] ? n : 0, value[n] ? value + n + 1 : value, e);
    if (read_file(c, value + n + 1, &bytes, &length, e))
        return NULL;
    const char *piece = words_literal(&c->draft->arena, bytes, strlen(bytes), e);
    free(bytes);
    return piece ? encode(c, value, n, piece, e) : NULL;
}

static int join_encoded(struct curl_command *c, const char *value, struct err *e)
{
    const char *piece = curl_data_encoded(c, value, e);
    return piece ? join(c, piece, "&", e) : -1;
}

int curl_data_apply(struct curl_command *c, enum curl_option option, const char *value, struct err *e)
{
    const bool is_file = *value == '@';
    switch (option) {
    case CURL_DATA:
        return is_file ? join_file(c, value + 1, false, "&", e) : join(c, value, "&", e);
    case CURL_DATA_BINARY:
        return is_file ? join_file(c, value + 1, true, "&", e) : join(c, value, "&", e);
    case CURL_DATA_RAW:
        return join(c, value, "&", e);
    case CURL_DATA_URLENCODE:
        return join_encoded(c, value, e);
    case CURL_JSON:
        c->is_json = true;
        return is_file ? join_file(c, value + 1, true, "", e) : join(c, value, "", e);
    default:
        return 1;
    }
}
