#include "log_record.h"

#include <string.h>

static size_t texts_of(const struct log_entry *e, const char *texts[static LOG_TEXTS])
{
    size_t sum = 0;
    texts[0] = e->method;
    texts[1] = e->path;
    texts[2] = e->origin;
    texts[3] = e->agent;
    texts[4] = e->referer;
    for (size_t i = 0; i < LOG_TEXTS; i++)
        sum += strlen(texts[i]) + 1;
    return sum;
}

bool log_record_fits(const struct log_entry *entry)
{
    const char *texts[LOG_TEXTS];
    return texts_of(entry, texts) <= LOG_ENTRY_BYTES_MOST;
}

size_t log_record_put(char *to, const struct log_entry *entry, uint64_t order)
{
    const char *texts[LOG_TEXTS];
    struct log_record head;
    memset(&head, 0, sizeof head); /* the bytes between its members, too: it goes to files */
    head.due_ns = entry->due_ns;
    head.order = order;
    head.took_ns = entry->took_ns;
    head.status = (uint16_t)entry->status;
    head.is_http2 = entry->is_http2;
    head.text_bytes = (uint32_t)texts_of(entry, texts);
    memcpy(to, &head, sizeof head);
    char *at = to + sizeof head;
    for (size_t i = 0; i < LOG_TEXTS; i++) {
        const size_t n = strlen(texts[i]) + 1;
        memcpy(at, texts[i], n);
        at += n;
    }
    memset(at, 0, log_record_bytes(&head) - (size_t)(at - to));
    return log_record_bytes(&head);
}

void log_record_get(struct log_entry *out, const struct log_record *record)
{
    const char *text = (const char *)(record + 1);
    const char **const texts[LOG_TEXTS] = { &out->method, &out->path, &out->origin, &out->agent,
                                            &out->referer };
    out->due_ns = record->due_ns;
    out->took_ns = record->took_ns;
    out->status = record->status;
    out->is_http2 = record->is_http2;
    for (size_t i = 0; i < LOG_TEXTS; i++) {
        *texts[i] = text;
        text += strlen(text) + 1;
    }
}
