/* A block of lines on a terminal that is rewritten in place. Most terminals wrap what stands there when they
 * are made narrower, so the block may take more rows than it has lines: those are counted before it is
 * written over. */
#ifndef BASE_LIVE_BLOCK_H
#define BASE_LIVE_BLOCK_H

#include <stdio.h>

struct live_block {
    FILE *out;   /* borrowed */
    char *shown; /* owned; what stands on the screen, NULL for nothing */
};

/* Writes `text`, whole lines of fewer than `width` columns, over what stands there. One write, so that
 * nothing flickers. */
void live_block_show(struct live_block *b, const char *text, int width);
/* Takes the block off the screen. */
void live_block_clear(struct live_block *b, int width);
/* Leaves it there for good; the next one comes below. */
void live_block_leave(struct live_block *b);

#endif
