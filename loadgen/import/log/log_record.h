/* An entry as bytes, for sorting and for temporary files: a head and its texts. */
#ifndef IMPORT_LOG_RECORD_H
#define IMPORT_LOG_RECORD_H

#include "log_entry.h"

enum { LOG_TEXTS = 5 }; /* method, path, origin, agent, referer */

struct log_record {
    uint64_t due_ns;
    uint64_t order; /* in which the lines were read: requests due at once keep it */
    uint64_t took_ns;
    uint32_t text_bytes; /* that follow the head, NULs included */
    uint16_t status;
    bool is_http2;
};
enum { LOG_RECORD_BYTES_MOST = (int)sizeof(struct log_record) + LOG_ENTRY_BYTES_MOST + LOG_TEXTS };

/* False when its texts are too long. */
bool log_record_fits(const struct log_entry *entry);
/* Writes an entry that fits; returns its length, rounded up so that the next one is aligned. */
size_t log_record_put(char *to, const struct log_entry *entry, uint64_t order);
/* The entry whose texts lie behind the head. */
void log_record_get(struct log_entry *out, const struct log_record *record);

static inline size_t log_record_bytes(const struct log_record *r)
{
    return (sizeof *r + r->text_bytes + 7) / 8 * 8;
}

/* By due time, then by order. */
static inline bool log_record_is_before(const struct log_record *a, const struct log_record *b)
{
    return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->order < b->order;
}

#endif
