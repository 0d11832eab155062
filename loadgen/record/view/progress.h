/* Shows progress: rewritten in place once a second on a terminal, else a plain line every ten seconds. It
 * neither hides the cursor nor changes a mode, so the terminal stays intact however the program ends. */
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

/* PROGRESS_LIVE becomes PROGRESS_PLAIN unless `out` is a capable terminal. */
void progress_init(struct progress *p, enum progress_mode wanted, FILE *out);
/* True if progress_show would print at that time. */
bool progress_is_due(const struct progress *p, uint64_t elapsed_s);
void progress_show(struct progress *p, const struct progress_view *view);
/* Removes the live display from the screen. Harmless on a zeroed one. */
void progress_end(struct progress *p);

#endif
