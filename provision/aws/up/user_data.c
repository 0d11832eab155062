#include "user_data.h"

#include "base64.h"
#include "ec2_instances.h"
#include "err.h"
#include "files.h"
#include "paths.h"
#include "text_out.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_MARK "@PATH@"
#define APP_MARK  "@APP@"

enum { SHIPPED_BYTES_MOST = 64 * 1024 };

static void write_line(FILE *out, const char *line, size_t length, const char *path)
{
    while (length > 0) {
        const char *mark = memmem(line, length, PATH_MARK, strlen(PATH_MARK));
        const size_t before = mark ? (size_t)(mark - line) : length;
        fwrite(line, 1, before, out);
        if (mark) {
            fputs(path, out);
            line = mark + strlen(PATH_MARK);
            length -= before + strlen(PATH_MARK);
        } else {
            length = 0;
        }
    }
    putc('\n', out);
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

int user_data_fill(const char *template, const char *app, const char *path, char **text, struct err *e)
{
    struct text_out out;
    const bool has_memory = text_out_begin(&out);
    for (const char *at = template; has_memory && *at;) {
        const size_t length = strcspn(at, "\n");
        const size_t indent = strspn(at, " ");
        if (length == indent + strlen(APP_MARK) && strncmp(at + indent, APP_MARK, strlen(APP_MARK)) == 0)
            write_app(out.file, app, indent);
        else
            write_line(out.file, at, length, path);
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

int user_data_render(const char *path, char **encoded, struct err *e)
{
    char *template = NULL;
    char *app = NULL;
    char *text = NULL;
    int status = read_shipped("provision/app/user-data.yaml", &template, e);
    if (status == 0)
        status = read_shipped("provision/app/app.py", &app, e);
    if (status == 0)
        status = user_data_fill(template, app, path, &text, e);
    if (status == 0)
        status = encode(text, encoded, e);
    free(template);
    free(app);
    free(text);
    return status;
}
