/* Histograms by tag: what the lines of hist.hlog add up to, whether they are merged while a run goes on or
 * read from its log. Rows keep their numbers, in order of first use, so that a caller may keep columns beside
 * them. */
#ifndef BASE_TAG_SET_H
#define BASE_TAG_SET_H

#include "tags.h"

#include <stddef.h>
#include <stdint.h>

struct err;
struct hist;

struct tag_row {
    struct tag tag;
    struct hist *hist; /* owned; compact */
};

struct tag_set {
    struct tag_row *rows; /* owned */
    size_t n;
    size_t capacity;
    uint32_t *slots; /* open addressing: number of a row + 1, 0 empty; twice the capacity, a power of two */
};

#define TAG_SET_NONE SIZE_MAX

/* A zeroed set is empty. */
void tag_set_fini(struct tag_set *set);

/* Number of the row of a tag, added with an empty histogram if it is new. TAG_SET_NONE and a sentence when
 * the text is no tag or memory is short. Adding a row moves the rows, not the histograms. */
size_t tag_set_row(struct tag_set *set, const char *text, struct err *e);

/* Number of the row of a tag; TAG_SET_NONE when there is none. */
size_t tag_set_find(const struct tag_set *set, const struct tag *tag);

/* Adds `from` to the histogram of a tag. */
int tag_set_merge(struct tag_set *set, const char *text, const struct hist *from, struct err *e);

/* Adds all histograms of a log; a last line cut short, as a killed run leaves it, is left out and
 * `*truncated` set. */
int tag_set_read(struct tag_set *set, const char *path, bool *truncated, struct err *e);

#endif
