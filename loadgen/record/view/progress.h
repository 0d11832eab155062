/* Shows the live display: rewritten in place once a second on a terminal, else a plain line every ten
 * seconds. The cursor is never hidden and no mode of the terminal is changed, so that whatever ends the
 * program leaves it whole. */
#ifndef RECORD_PROGRESS_H
#define RECORD_PROGRESS_H

#include "live_block.h"
#include "progress_view.h"

enum progress_mode { PROGRESS_NONE, PROGRESS_PLAIN, PROGRESS_LIVE };

struct progress {
    enum progress_mode mode;
    struct live_block block; /* live */
    uint64_t next_line_s;    /* plain: when the next line is due */
};

/* Rewrites in place only if `out` is a terminal that can. */
void progress_init(struct progress *p, enum progress_mode wanted, FILE *out);
/* True when progress_show would show something at that time. */
bool progress_is_due(const struct progress *p, uint64_t elapsed_s);
void progress_show(struct progress *p, const struct progress_view *view);
/* Takes the live display off the screen; a zeroed display was never there. */
void progress_end(struct progress *p);

#endif
