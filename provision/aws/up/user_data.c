#include "user_data.h"

#include "base64.h"
#include "ec2_instances.h"
#include "err.h"
#include "files.h"
#include "paths.h"
#include "text_out.h"

#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_MARK   "@PATH@"
#define APP_MARK    "@APP@"
#define EXPIRY_MARK "@EXPIRY@"

enum { SHIPPED_BYTES_MOST = 64 * 1024 };

/* Writes the line with `value` in place of each `mark`. */
static void write_line(FILE *out, const char *line, size_t length, const char *mark, const char *value)
{
    while (length > 0) {
        const char *at = memmem(line, length, mark, strlen(mark));
        const size_t before = at ? (size_t)(at - line) : length;
        fwrite(line, 1, before, out);
        if (at) {
            fputs(value, out);
            line = at + strlen(mark);
            length -= before + strlen(mark);
        } else {
            length = 0;
        }
    }
    putc('\n', out);
}

/* Leaves the line out when there is no expiry. */
static void write_expiry(FILE *out, const char *line, size_t length, uint64_t expires_unix_s)
{
    char seconds[24];
    snprintf(seconds, sizeof seconds, "%" PRIu64, expires_unix_s);
    if (expires_unix_s)
        write_line(out, line, length, EXPIRY_MARK, seconds);
}

/* An empty line stays empty, as in YAML's block scalars. */
static void write_app(FILE *out, const char *app, size_t indent)
{
    for (const char *at = app; *at;) {
        const size_t length = strcspn(at, "\n");
        if (length > 0)
            fprintf(out, "%*s%.*s", (int)indent, "", (int)length, at);
        putc('\n', out);
        at += length + (at[length] == '\n');
    }
}

int user_data_fill(const char *template, const char *app, const char *path, uint64_t expires_unix_s,
                   char **text, struct err *e)
{
    struct text_out out;
    const bool has_memory = text_out_begin(&out);
    for (const char *at = template; has_memory && *at;) {
        const size_t length = strcspn(at, "\n");
        const size_t indent = strspn(at, " ");
        if (length == indent + strlen(APP_MARK) && strncmp(at + indent, APP_MARK, strlen(APP_MARK)) == 0)
            write_app(out.file, app, indent);
        else if (memmem(at, length, EXPIRY_MARK, strlen(EXPIRY_MARK)))
            write_expiry(out.file, at, length, expires_unix_s);
        else
            write_line(out.file, at, length, PATH_MARK, path);
        at += length + (at[length] == '\n');
    }
    *text = text_out_end(&out);
    return *text ? 0 : err_set(e, ERR_FAILED, "out of memory");
}

static int read_shipped(const char *name, char **text, struct err *e)
{
    char path[PATH_MAX];
    size_t length;
    if (paths_data(name, path, sizeof path) < 0)
        return err_set(e, ERR_FAILED, "the installation is incomplete: %s is missing", name);
    return files_read(path, SHIPPED_BYTES_MOST, text, &length, e);
}

static int encode(const char *text, char **encoded, struct err *e)
{
    const size_t length = strlen(text);
    if (length > EC2_USER_DATA_BYTES_MOST)
        return err_set(e, ERR_FAILED,
                       "the user data has %zu bytes and EC2 takes %d: make provision/app/app.py shorter",
                       length, EC2_USER_DATA_BYTES_MOST);
    *encoded = calloc(base64_text_bytes(length) + 1, 1);
    if (!*encoded)
        return err_set(e, ERR_FAILED, "out of memory");
    base64_encode((const uint8_t *)text, length, *encoded);
    return 0;
}

int user_data_render(const char *path, uint64_t expires_unix_s, char **encoded, struct err *e)
{
    char *template = NULL;
    char *app = NULL;
    char *text = NULL;
    int status = read_shipped("provision/app/user-data.yaml", &template, e);
    if (status == 0)
        status = read_shipped("provision/app/app.py", &app, e);
    if (status == 0)
        status = user_data_fill(template, app, path, expires_unix_s, &text, e);
    if (status == 0)
        status = encode(text, encoded, e);
    free(template);
    free(app);
    free(text);
    return status;
}

int user_data_render_generator(uint64_t expires_unix_s, char **encoded, struct err *e)
{
    char *template = NULL;
    char *text = NULL;
    int status = read_shipped("provision/app/generator.yaml", &template, e);
    if (status == 0)
        status = user_data_fill(template, "", "", expires_unix_s, &text, e);
    if (status == 0)
        status = encode(text, encoded, e);
    free(template);
    free(text);
    return status;
}
