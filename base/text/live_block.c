#include "live_block.h"

#include <stdlib.h>
#include <string.h>

/* Columns of the line at `text`: characters of UTF-8, without colours. */
static int columns_of(const char *text)
{
    int n = 0;
    for (; *text && *text != '\n'; text++) {
        if (*text == '\033') /* a colour is ESC [ ... m */
            while (text[1] && *text != 'm')
                text++;
        else
            n += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return n;
}

static int rows_of(const char *text, int width)
{
    int n = 0;
    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) {
        const int columns = columns_of(text);
        n += columns > width ? (columns + width - 1) / width : 1;
    }
    return n;
}

/* Each line is overwritten and its rest erased, then what is left below. */
void live_block_show(struct live_block *b, const char *text, int width)
{
    const int n_rows = b->shown ? rows_of(b->shown, width > 0 ? width : 1) : 0;
    if (n_rows > 0)
        fprintf(b->out, "\033[%dA", n_rows);
    putc('\r', b->out);
    for (const char *c = text; *c; c++) {
        if (*c == '\n')
            fputs("\033[K", b->out);
        putc(*c, b->out);
    }
    fputs("\033[J", b->out);
    fflush(b->out);
    free(b->shown);
    b->shown = strdup(text);
}

void live_block_clear(struct live_block *b, int width)
{
    if (b->shown)
        live_block_show(b, "", width);
    live_block_leave(b);
}

void live_block_leave(struct live_block *b)
{
    free(b->shown);
    b->shown = NULL;
}
