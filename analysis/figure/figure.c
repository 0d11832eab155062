#include "figure.h"

#include "err.h"
#include "files.h"
#include "utf8.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, FIGURE_MOST_BYTES = 64 << 20 };

static void path_of(const struct figure_file *out, const char *ending, char *path)
{
    snprintf(path, PATH_BYTES, "%s/%s%s", out->folder, out->name, ending);
}

int figure_begin(struct figure_file *out, const char *columns, struct err *e)
{
    char path[PATH_BYTES];
    path_of(out, ".csv.new", path);
    return csv_create(&out->csv, path, columns, e);
}

void figure_title(struct figure_file *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out->title, sizeof out->title, format, arguments);
    utf8_trim(out->title);
    va_end(arguments);
}

enum figure_result figure_leave_out(struct figure_file *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out->left_out, sizeof out->left_out, format, arguments);
    va_end(arguments);
    return FIGURE_LEFT_OUT;
}

/* Whether this space is within a quantity, such as "12 500", "95 %" or "40.0 s,". */
static bool is_glue(const char *text, size_t at)
{
    enum { UNIT_BYTES = 3 };
    const char *next = &text[at + 1];
    return at > 0 && text[at] == ' ' && isdigit((unsigned char)text[at - 1]) &&
           (isdigit((unsigned char)*next) || strcspn(next, " ") <= UNIT_BYTES);
}

/* Bytes of the text up to the next space, at most `most` characters. `*width` is the number of characters:
 * captions hold UTF-8 such as "±". */
static size_t word(const char *text, size_t most, size_t *width)
{
    size_t n = 0;
    for (*width = 0; *width < most && text[n] && text[n] != '\n' && (text[n] != ' ' || is_glue(text, n));
         ++*width)
        do
            n++;
        while (((unsigned char)text[n] & 0xC0) == 0x80);
    return n;
}

/* Breaks lines at spaces, and inside words longer than a line; a line end begins a paragraph. */
static void write_wrapped(FILE *file, const char *text)
{
    size_t column = 0, width;
    bool is_next = false; /* a space precedes the word */
    while (*text) {
        const size_t n = word(text, FIGURE_CAPTION_COLUMNS, &width);
        if (column > 0 && column + is_next + width > FIGURE_CAPTION_COLUMNS) {
            putc('\n', file);
            column = 0;
        } else if (column > 0 && is_next) {
            putc(' ', file);
            column++;
        }
        fwrite(text, 1, n, file);
        column += width;
        text += n;
        is_next = *text == ' ';
        text += is_next;
        if (*text == '\n') {
            fputs("\n\n", file);
            column = 0;
            is_next = false;
            text++;
        }
    }
    putc('\n', file);
}

static int write_text(const struct figure_file *out, struct err *e)
{
    char path[PATH_BYTES];
    path_of(out, ".txt.new", path);
    FILE *file = files_create(path, e);
    if (!file)
        return -1;
    fprintf(file, "%s\n", out->title);
    write_wrapped(file, out->caption_text);
    return files_close(file, path, e);
}

/* Moves the new file over the old one, unless they are equal: then the old one keeps its date. */
static int replace_if_changed(const struct figure_file *out, const char *ending, struct err *e)
{
    char path[PATH_BYTES], fresh[PATH_BYTES], fresh_ending[16];
    snprintf(fresh_ending, sizeof fresh_ending, "%s.new", ending);
    path_of(out, ending, path);
    path_of(out, fresh_ending, fresh);
    char *old_data = NULL, *new_data = NULL;
    size_t old_bytes = 0, new_bytes = 0;
    struct err ignored;
    const bool same = access(path, F_OK) == 0 &&
                      !files_read(path, FIGURE_MOST_BYTES, &old_data, &old_bytes, &ignored) &&
                      !files_read(fresh, FIGURE_MOST_BYTES, &new_data, &new_bytes, &ignored) &&
                      old_bytes == new_bytes && memcmp(old_data, new_data, new_bytes) == 0;
    free(old_data);
    free(new_data);
    if (same)
        unlink(fresh);
    else if (rename(fresh, path))
        return err_errno(e, ERR_FAILED, "cannot replace %s", path);
    return 0;
}

static void remove_files(const struct figure_file *out, const char *const *endings)
{
    for (; *endings; endings++) {
        char path[PATH_BYTES];
        path_of(out, *endings, path);
        unlink(path);
    }
}

static int finish(struct figure_file *out, struct err *e)
{
    if (fclose(out->caption)) {
        out->caption = NULL;
        return err_set(e, ERR_FAILED, "out of memory for a caption");
    }
    out->caption = NULL;
    if (csv_close(&out->csv, e) || write_text(out, e))
        return -1;
    return replace_if_changed(out, ".csv", e) || replace_if_changed(out, ".txt", e) ? -1 : 0;
}

enum figure_result figure_make(const struct figure *figure, const struct dataset *data, const char *folder,
                               char *left_out, struct err *e)
{
    static const char *const unfinished[] = { ".csv.new", ".txt.new", NULL };
    static const char *const drawn[] = { ".csv", ".txt",       ".svg",       ".web.svg", ".png",
                                         ".pdf", "-latex.tex", "-latex.pdf", NULL };
    struct figure_file out = { .name = figure->name, .folder = folder };
    out.caption = open_memstream(&out.caption_text, &out.caption_bytes);
    if (!out.caption) {
        err_set(e, ERR_FAILED, "out of memory for a caption");
        return FIGURE_FAILED;
    }
    enum figure_result result = figure->write(data, &out, e);
    if (result == FIGURE_DRAWN && finish(&out, e))
        result = FIGURE_FAILED;
    if (out.caption)
        fclose(out.caption);
    struct err ignored;
    csv_close(&out.csv, &ignored);
    if (result != FIGURE_DRAWN) {
        remove_files(&out, unfinished);
        remove_files(&out, drawn);
    }
    snprintf(left_out, FIGURE_REASON_BYTES, "%s", out.left_out);
    free(out.caption_text);
    return result;
}
