/* Memory that is freed as a whole. An importer makes thousands of small texts that all live until the
 * scenario is written. Functions return NULL, with the sentence, when memory is short. */
#ifndef IMPORT_ARENA_H
#define IMPORT_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct err;

/* Zeroed is empty. */
struct arena {
    struct arena_chunk *newest;
};

void arena_fini(struct arena *a);
/* Zeroed bytes. */
void *arena_take(struct arena *a, size_t bytes, struct err *e);
/* A copy with a NUL behind it. */
char *arena_copy(struct arena *a, const char *text, size_t length_bytes, struct err *e);
char *arena_text(struct arena *a, const char *text, struct err *e);
char *arena_format(struct arena *a, struct err *e, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Room for one more item behind the `n` of an array that only this function made; `*items` may move. Returns
 * the new item, zeroed; the caller counts it. */
void *arena_more(struct arena *a, void *items, size_t n, size_t item_bytes, struct err *e);

#endif
