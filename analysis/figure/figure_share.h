/* How much of an arm's attempts has no time, in the few words that fit beside a line. */
#ifndef FIGURE_SHARE_H
#define FIGURE_SHARE_H

struct attempts;

enum { FIGURE_SHARE_BYTES = 64 };

/* "8.3 % failed", "8.3 % timed out after 1.00 s", "3.1 % failed, 0.2 % cut off", "". Returns `out`, which has
 * FIGURE_SHARE_BYTES. */
const char *figure_share_words(const struct attempts *a, char *out);

#endif
