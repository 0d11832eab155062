#include "progress.h"

#include "term.h"
#include "text_out.h"

#include <stdlib.h>

enum { PLAIN_EVERY_S = 10 };

void progress_init(struct progress *p, enum progress_mode wanted, FILE *out)
{
    *p = (struct progress){ .mode = wanted, .block.out = out, .next_line_s = PLAIN_EVERY_S };
    if (wanted == PROGRESS_LIVE && !term_look(out).live)
        p->mode = PROGRESS_PLAIN;
}

bool progress_is_due(const struct progress *p, uint64_t elapsed_s)
{
    return p->mode == PROGRESS_LIVE || (p->mode == PROGRESS_PLAIN && elapsed_s >= p->next_line_s);
}

static void show_live(struct progress *p, const struct progress_view *view)
{
    const struct term term = term_look(p->block.out);
    struct text_out block;
    if (text_out_begin(&block))
        progress_view_block(view, term.width - 1, term.height - 1, term.colour, block.file);
    char *text = text_out_end(&block);
    if (text)
        live_block_show(&p->block, text, term.width);
    free(text);
}

void progress_show(struct progress *p, const struct progress_view *view)
{
    if (p->mode == PROGRESS_LIVE)
        show_live(p, view);
    if (p->mode == PROGRESS_PLAIN) {
        progress_view_line(view, p->block.out);
        fflush(p->block.out);
        p->next_line_s = (view->elapsed_s / PLAIN_EVERY_S + 1) * PLAIN_EVERY_S;
    }
}

void progress_end(struct progress *p)
{
    if (p->block.out)
        live_block_clear(&p->block, term_look(p->block.out).width);
}
