/* A block of lines on a terminal that is rewritten in place. Most terminals rewrap their contents when they
 * become narrower, so a block may take more rows than it has lines: the rows are counted before it is
 * overwritten. */
#ifndef BASE_LIVE_BLOCK_H
#define BASE_LIVE_BLOCK_H

#include <stdio.h>

struct live_block {
    FILE *out;   /* borrowed */
    char *shown; /* owned; what is on the screen, NULL for nothing */
};

/* Writes `text`, whole lines of fewer than `width` columns, over the block on the screen. One write, so that
 * nothing flickers. */
void live_block_show(struct live_block *b, const char *text, int width);
/* Erases the block. */
void live_block_clear(struct live_block *b, int width);
/* Leaves the block on the screen for good; the next one goes below it. */
void live_block_leave(struct live_block *b);

#endif
