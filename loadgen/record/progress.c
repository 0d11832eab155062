#include "progress.h"

#include <stdlib.h>

enum { PLAIN_EVERY_S = 10 };

void progress_init(struct progress *p, enum progress_mode wanted, FILE *out)
{
    *p = (struct progress){ .mode = wanted, .out = out, .next_line_s = PLAIN_EVERY_S };
    if (wanted == PROGRESS_LIVE && !term_look(out).live)
        p->mode = PROGRESS_PLAIN;
}

bool progress_is_due(const struct progress *p, uint64_t elapsed_s)
{
    return p->mode == PROGRESS_LIVE || (p->mode == PROGRESS_PLAIN && elapsed_s >= p->next_line_s);
}

/* Over the old lines: each is overwritten and its rest erased, then what is left below. One write, so that
 * nothing flickers. */
static void rewrite(struct progress *p, const char *block)
{
    if (p->n_lines > 0)
        fprintf(p->out, "\033[%dA", p->n_lines);
    putc('\r', p->out);
    for (; *block; block++) {
        if (*block == '\n')
            fputs("\033[K", p->out);
        putc(*block, p->out);
    }
    fputs("\033[J", p->out);
    fflush(p->out);
}

static void show_live(struct progress *p, const struct progress_view *view)
{
    const struct term term = term_look(p->out);
    char *block = NULL;
    size_t length;
    FILE *text = open_memstream(&block, &length);
    if (!text)
        return;
    const int n_lines = progress_view_block(view, term.width - 1, term.height - 1, term.colour, text);
    if (fclose(text) == 0)
        rewrite(p, block);
    p->n_lines = n_lines;
    free(block);
}

void progress_show(struct progress *p, const struct progress_view *view)
{
    if (p->mode == PROGRESS_LIVE)
        show_live(p, view);
    if (p->mode == PROGRESS_PLAIN) {
        progress_view_line(view, p->out);
        fflush(p->out);
        p->next_line_s = (view->elapsed_s / PLAIN_EVERY_S + 1) * PLAIN_EVERY_S;
    }
}

void progress_end(struct progress *p)
{
    if (p->mode == PROGRESS_LIVE && p->n_lines > 0)
        rewrite(p, "");
    p->n_lines = 0;
}
