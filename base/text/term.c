#include "term.h"

#include "utf8.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void term_name(FILE *out, const char *name)
{
    if (!isatty(fileno(out))) {
        fputs(name, out);
        return;
    }
    char *shown = strdup(name);
    if (shown)
        utf8_line(shown);
    fputs(shown ? shown : "?", out);
    free(shown);
}

void term_word(FILE *out, const char *name)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/:@%+=,-";
    if (*name == '-')
        fputs("./", out);
    if (*name && strspn(name, plain) == strlen(name)) {
        fputs(name, out);
        return;
    }
    putc('\'', out);
    for (const char *quote; (quote = strchr(name, '\'')); name = quote + 1) {
        char *part = strndup(name, (size_t)(quote - name));
        term_name(out, part ? part : "?");
        fputs("'\\''", out);
        free(part);
    }
    term_name(out, name);
    putc('\'', out);
}

void term_next(FILE *out, const char *folder, const char *command)
{
    enum { LABEL_COLUMNS = 15, NEXT_COLUMNS = 12 };
    const struct term t = term_look(out);
    const size_t columns = LABEL_COLUMNS + 2 * strlen(folder) + NEXT_COLUMNS + strlen(command);
    term_name(out, folder);
    fprintf(out, "%snext: %s ", t.live && columns > (size_t)t.width ? "\n  " : "     ", command);
    term_word(out, folder);
    putc('\n', out);
}

/* The terminal elsewhere in which the stream ends, "80x24"; false when none is known. */
static bool is_elsewhere(int fd, struct term *t)
{
    char name[32];
    snprintf(name, sizeof name, TERM_ELSEWHERE_VARIABLE "%d", fd);
    const char *size = getenv(name);
    int width, height;
    if (!size || sscanf(size, "%dx%d", &width, &height) != 2 || width < 1 || height < 1)
        return false;
    t->width = width;
    t->height = height;
    return true;
}

struct term term_look(FILE *stream)
{
    struct term t = { .width = 80, .height = 24 };
    struct winsize size;
    const char *kind = getenv("TERM");
    const char *no_color = getenv("NO_COLOR");

    t.live =
        (isatty(fileno(stream)) || is_elsewhere(fileno(stream), &t)) && kind && strcmp(kind, "dumb") != 0;
    t.colour = t.live && !(no_color && *no_color);
    if (t.live && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
        t.width = size.ws_col;
        t.height = size.ws_row;
    }
    return t;
}

const char *term_begin(const struct term *t, enum term_style style)
{
    static const char *const begin[] = {
        [TERM_BOLD] = "\033[1m",
        [TERM_RED] = "\033[31m",
        [TERM_YELLOW] = "\033[33m",
        [TERM_GREEN] = "\033[32m",
    };
    return t->colour ? begin[style] : "";
}

const char *term_end(const struct term *t)
{
    return t->colour ? "\033[0m" : "";
}
